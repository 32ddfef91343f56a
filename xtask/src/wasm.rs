//! The library that runs in the browser.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::build::Kind;
use crate::{command, progress, site, toolchain, workspace};

/// The library and the script that loads it.
pub(crate) struct Library {
    /// The glue between the page and the library.
    pub(crate) script: Vec<u8>,
    /// The library itself.
    pub(crate) wasm: Vec<u8>,
}

/// Compiles the crate `app` for the browser and makes the script that loads it.
pub(crate) fn build(kind: Kind) -> Result<Library> {
    let profile = match kind {
        Kind::Development => "wasm-dev",
        Kind::Release => "wasm-release",
    };
    progress::step("Compiling what runs in the browser", || {
        let mut cargo = workspace::cargo();
        cargo
            .args(["build", "--package", "app", "--lib"])
            .args(["--no-default-features", "--features", "hydrate"])
            .args(["--target", toolchain::TARGET, "--profile", profile]);
        if kind == Kind::Release {
            cargo.args(["--config", &without_paths()?]);
        }
        command::run(&mut cargo)
    })?;
    let compiled = workspace::target()?.join(toolchain::TARGET).join(profile).join("app.wasm");
    bind(&compiled, kind)
}

/// Has the compiler leave out where the dependencies lie on this machine: nobody who downloads the library needs that.
fn without_paths() -> Result<String> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo"))).context("There is no home folder.")?;
    let flag = format!("--remap-path-prefix={}=", home.join("registry/src").display());
    Ok(format!("target.{}.rustflags=[{flag:?}]", toolchain::TARGET))
}

/// Runs wasm-bindgen over the compiled library, or takes the last result if nothing changed.
fn bind(compiled: &Path, kind: Kind) -> Result<Library> {
    let input = fs::read(compiled).with_context(|| format!("cargo should have written {}.", compiled.display()))?;
    let memory = workspace::memory().join(match kind {
        Kind::Development => "library",
        Kind::Release => "library-release",
    });
    let [script_path, wasm_path, key_path] = ["script.js", "library.wasm", "made-from"].map(|name| memory.join(name));

    // The lockfile stands for the version of wasm-bindgen.
    let key = site::hash(&[&input, &fs::read("Cargo.lock")?]);
    if fs::read_to_string(&key_path).is_ok_and(|made_from| made_from == key)
        && let (Ok(script), Ok(wasm)) = (fs::read(&script_path), fs::read(&wasm_path))
    {
        return Ok(Library { script, wasm });
    }

    let library =
        progress::step("Connecting the library to the page (wasm-bindgen)", || generate(input, kind == Kind::Release))?;
    fs::create_dir_all(&memory)?;
    fs::write(script_path, &library.script)?;
    fs::write(wasm_path, &library.wasm)?;
    fs::write(key_path, key)?;
    Ok(library)
}

fn generate(input: Vec<u8>, nameless: bool) -> Result<Library> {
    let mut output = Bindgen::new()
        .input_bytes("app", input)
        .web(true)?
        .typescript(false)
        .remove_name_section(nameless)
        .remove_producers_section(nameless)
        .generate_output()?;
    if output.snippets().values().any(|files| !files.is_empty()) || !output.local_modules().is_empty() {
        bail!(
            "A dependency of `app` brings its own JavaScript file, which the site does not carry. \
             Find it with `cargo tree -p app` and switch that feature off."
        );
    }
    Ok(Library { script: output.js().as_bytes().to_vec(), wasm: output.wasm_mut().emit_wasm() })
}

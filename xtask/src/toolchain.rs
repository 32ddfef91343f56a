//! Rust's standard library for WebAssembly, which the browser's half is built with.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};

use crate::{command, progress, workspace};

/// The target that browsers understand.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// The Debian suite that carries the source of the compiler in rust-toolchain.toml.
const SUITE: &str = "trixie-backports";
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// Makes sure that this compiler can build for the browser.
///
/// The ordinary way is `rustup`. A machine that reaches package mirrors but not Rust's own server
/// builds the same library from the compiler's source, as Debian packages it.
pub(crate) fn ensure_wasm() -> Result<()> {
    let sysroot = sysroot()?;
    if has_library(&sysroot.join("lib/rustlib").join(TARGET).join("lib")) {
        return Ok(());
    }
    progress::step("Adding Rust's WebAssembly library, for the part that runs in the browser (once)", || {
        let Err(refusal) = add_with_rustup(&sysroot) else {
            return Ok(());
        };
        println!("  `rustup` cannot fetch it; building it from Debian's source instead, about a minute");
        build_from_source(&sysroot).map_err(|error| {
            anyhow!(
                "Rust's WebAssembly library could not be added.\n\
                 Run `rustup target add {TARGET}` on a machine that reaches static.rust-lang.org, \
                 or install your system's package of it, and try again.\n\
                 rustup: {refusal:#}\nfrom source: {error:#}"
            )
        })
    })
}

fn sysroot() -> Result<PathBuf> {
    let path = command::capture(Command::new("rustc").args(["--print", "sysroot"]))
        .context("Rust is needed: see https://rustup.rs")?;
    Ok(PathBuf::from(path.trim()))
}

fn has_library(folder: &Path) -> bool {
    libraries(folder).is_ok_and(|files| {
        files.iter().any(|file| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("libstd-")))
    })
}

fn libraries(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rlib") {
            found.push(path);
        }
    }
    Ok(found)
}

fn add_with_rustup(sysroot: &Path) -> Result<()> {
    command::capture(Command::new("rustup").args(["target", "add", TARGET]))?;
    if !has_library(&sysroot.join("lib/rustlib").join(TARGET).join("lib")) {
        bail!("`rustup target add` changed another compiler than the one in use.");
    }
    Ok(())
}

/// Builds the library with the compiler itself and puts it where `rustup` would have.
fn build_from_source(sysroot: &Path) -> Result<()> {
    let work = tempfile::tempdir()?;
    let rustlib = sysroot.join("lib/rustlib");

    let source = rustlib.join("src/rust");
    if !source.join("library/std").is_dir() {
        let unpacked = fetch_source(work.path())?;
        fs::create_dir_all(&source)?;
        for part in ["library", "src"] {
            copy(&unpacked.join(part), &source)?;
        }
    }

    let built = compile_library(work.path())?;
    // Filled beside its place and then renamed, so that an interruption leaves nothing half.
    let target = rustlib.join(TARGET);
    let unfinished = rustlib.join(format!("{TARGET}.unfinished"));
    fs::create_dir_all(unfinished.join("lib"))?;
    for library in libraries(&built)? {
        copy(&library, &unfinished.join("lib"))?;
    }
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    fs::rename(&unfinished, &target)?;
    Ok(())
}

/// Fetches the compiler's source from the Debian mirror that this machine already uses.
///
/// `apt-get` gets its own lists and cache, so that nothing about the machine changes and no special
/// right is needed. The signature is checked against Debian's own key.
fn fetch_source(work: &Path) -> Result<PathBuf> {
    let version = compiler_version()?;
    let mirrors = command::capture(Command::new("apt-get").args(["indextargets", "--format", "$(REPO_URI)"]))?;
    let mut mirrors: Vec<&str> = mirrors.lines().collect();
    mirrors.sort_unstable();
    mirrors.dedup();

    let mut refusals = vec![format!("no package mirror has rust-src {version}")];
    for mirror in mirrors {
        match download_source(work, mirror, &version) {
            Ok(package) => {
                let unpacked = work.join("source");
                command::capture(Command::new("dpkg-deb").arg("-x").args([&package, &unpacked]))?;
                return Ok(unpacked.join(format!("usr/src/rustc-{version}")));
            }
            Err(refusal) => refusals.push(format!("{refusal:#}")),
        }
    }
    bail!(refusals.join("\n"))
}

fn compiler_version() -> Result<String> {
    let version = command::capture(Command::new("rustc").arg("--version"))?;
    let number = version.split_whitespace().nth(1);
    Ok(number.context("`rustc --version` gave no version.")?.to_owned())
}

fn download_source(work: &Path, mirror: &str, version: &str) -> Result<PathBuf> {
    let sources = work.join("sources.list");
    fs::write(&sources, format!("deb [signed-by={KEYRING}] {mirror} {SUITE} main\n"))?;
    for folder in ["lists/partial", "cache/archives/partial"] {
        fs::create_dir_all(work.join(folder))?;
    }
    let apt_get = || {
        let mut command = Command::new("apt-get");
        command
            .current_dir(work)
            .arg(format!("-oDir::Etc::sourcelist={}", sources.display()))
            .arg("-oDir::Etc::sourceparts=-")
            .arg(format!("-oDir::State::lists={}", work.join("lists").display()))
            .arg(format!("-oDir::Cache={}", work.join("cache").display()))
            .args(["-oAPT::Sandbox::User=root", "-oAcquire::Languages=none", "-q"]);
        command
    };
    command::capture(apt_get().arg("update"))?;
    command::capture(apt_get().args(["download", &format!("rust-src={version}*")]))?;
    for entry in fs::read_dir(work)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "deb") {
            return Ok(path);
        }
    }
    bail!("`apt-get download` fetched nothing.")
}

/// Compiles the standard library by building an empty crate that depends on it.
fn compile_library(work: &Path) -> Result<PathBuf> {
    let empty = work.join("empty");
    fs::create_dir_all(empty.join("src"))?;
    fs::write(empty.join("src/lib.rs"), "")?;
    fs::write(
        empty.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nedition = \"2024\"\n\n[lib]\ncrate-type = [\"cdylib\"]\n",
    )?;
    let target = work.join("target");
    command::capture(
        workspace::cargo()
            .current_dir(&empty)
            // Building the standard library is not a stable feature; this compiler is the one it belongs to.
            .env("RUSTC_BOOTSTRAP", "1")
            .args(["build", "--release", "-Zbuild-std=std,panic_abort,panic_unwind"])
            .args(["--target", TARGET, "--target-dir"])
            .arg(&target),
    )?;
    Ok(target.join(TARGET).join("release/deps"))
}

fn copy(from: &Path, into: &Path) -> Result<()> {
    command::capture(Command::new("cp").arg("-a").args([from, into]))?;
    Ok(())
}

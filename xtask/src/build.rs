//! `cargo xtask build`.

use std::fs::{self, File};
use std::path::PathBuf;

use anyhow::Result;

use crate::{command, npm, progress, site, toolchain, wasm, workspace};

/// How much care goes into what is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Quick to build, for trying and testing.
    Development,
    /// Small and fast, for use.
    Release,
}

/// What a person may choose.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Small and fast, for use; it takes some minutes more
    #[arg(long)]
    release: bool,
}

/// Builds the program and tells where it is and how large the browser's half became.
pub(crate) fn build(options: &Options) -> Result<()> {
    let kind = if options.release { Kind::Release } else { Kind::Development };
    let (program, (raw, small)) = everything(kind)?;
    let size = fs::metadata(&program)?.len();
    println!("{} ({}, nothing else is needed)", program.display(), progress::size(size));
    println!("What runs in the browser: {}, {} over the network (brotli)", progress::size(raw), progress::size(small));
    Ok(())
}

/// Does all set-up, builds the browser's half and then the server that carries it.
/// Returns the program, and the size of the library raw and with brotli.
pub(crate) fn everything(kind: Kind) -> Result<(PathBuf, (u64, u64))> {
    let _alone = wait_for_others()?;
    toolchain::ensure_wasm()?;
    npm::ensure(npm::APP)?;
    let sizes = site::assemble(wasm::build(kind)?, kind)?;
    let program = progress::step("Compiling the server", || {
        let mut cargo = workspace::cargo();
        cargo.args(["build", "--package", "server"]);
        if kind == Kind::Release {
            cargo.arg("--release");
        }
        command::run(&mut cargo)?;
        let folder = match kind {
            Kind::Development => "debug",
            Kind::Release => "release",
        };
        Ok(workspace::target()?.join(folder).join("samlop"))
    })?;
    Ok((program, sizes))
}

/// Waits until no other xtask builds, since both would write the same site. Ends when dropped.
fn wait_for_others() -> Result<File> {
    let memory = workspace::memory();
    fs::create_dir_all(&memory)?;
    let file = File::create(memory.join("lock"))?;
    if file.try_lock().is_err() {
        println!("Another `cargo xtask` is building; waiting for it");
        file.lock()?;
    }
    Ok(file)
}

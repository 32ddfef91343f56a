//! Installing what the tests need where Debian's or Ubuntu's packages are used.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{command, progress};

/// Installs one package, if this user may do that without being asked for a password.
pub(crate) fn install(package: &str, why: &str) -> Result<()> {
    let Some(apt_get) = apt_get() else {
        bail!("The package `{package}` cannot be installed from here.");
    };
    progress::step(&format!("Installing the package {package}: {why}"), || {
        command::capture(apt_get().args(["-q", "update"]))?;
        command::capture(
            apt_get()
                .args(["-q", "install", "-y", "--no-install-recommends", package])
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )?;
        Ok(())
    })
}

/// How to start `apt-get` with the right to install, where there is such a way.
fn apt_get() -> Option<fn() -> Command> {
    command::find("apt-get")?;
    if command::is_root() {
        return Some(|| Command::new("apt-get"));
    }
    let mut sudo = Command::new("sudo");
    command::capture(sudo.args(["-n", "true"])).ok()?;
    Some(|| {
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "apt-get"]);
        sudo
    })
}

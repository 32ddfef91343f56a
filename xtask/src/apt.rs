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

/// The same, but only if no other package would have to go: a machine has one mail server at a time, and it may be
/// somebody's.
pub(crate) fn install_beside(package: &str, why: &str) -> Result<()> {
    if let Some(apt_get) = apt_get() {
        command::capture(apt_get().args(["-q", "update"]))?;
        let plan = command::capture(apt_get().args(["-q", "-s", "install", "--no-install-recommends", package]))?;
        if let Some(removal) = plan.lines().find(|line| line.starts_with("Remv ")) {
            bail!("The package `{package}` would replace another one ({removal}), so it is not installed.");
        }
    }
    install(package, why)
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

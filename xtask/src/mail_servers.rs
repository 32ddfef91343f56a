//! The real mail servers with which some tests talk: Exim takes mails, Dovecot keeps the mailbox of answers.

use anyhow::{Result, bail};

use crate::{apt, command};

/// What each is for, its package, and its programs' names.
const SERVERS: [(&str, &str, &[&str]); 2] = [
    ("tests send mails through it", "exim4-daemon-light", &["exim4", "exim"]),
    ("tests fetch answers from it", "dovecot-imapd", &["dovecot"]),
];

/// Finds both, or installs them where that is possible and takes nothing else away.
pub(crate) fn ensure() -> Result<()> {
    let missing: Vec<_> = SERVERS.iter().filter(|(.., names)| !is_there(names)).collect();
    for (why, package, names) in &missing {
        let refusal = apt::install_beside(package, why).err().map(|refusal| format!("{refusal:#}"));
        if !is_there(names) {
            bail!("Install the package `{package}` and try again: {why}.\n{}", refusal.unwrap_or_default());
        }
    }
    Ok(())
}

/// Servers are often where only an administrator looks for programs.
fn is_there(names: &[&str]) -> bool {
    names.iter().any(|name| {
        command::find(name).is_some()
            || ["/usr/sbin", "/sbin"].iter().any(|folder| std::path::Path::new(folder).join(name).is_file())
    })
}

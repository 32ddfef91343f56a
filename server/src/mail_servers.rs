//! What the addresses of mail servers have in common, whether mails go to them or come from them.

use std::fs;
use std::net::IpAddr;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use url::{Host, Url};

/// The host that an address names, without the brackets of IPv6; `help` says what the address must look like.
pub(crate) fn host_of(url: &Url, help: &str) -> anyhow::Result<String> {
    match url.host() {
        // Of schemes that it does not know, `url` reads an IP address as a name.
        Some(Host::Domain(name)) if !name.is_empty() => Ok(name.to_owned()),
        Some(Host::Ipv4(address)) => Ok(address.to_string()),
        Some(Host::Ipv6(address)) => Ok(address.to_string()),
        _ => bail!("{help} It names no host."),
    }
}

/// Whether what is sent to this host stays on this machine, where nobody need encrypt it.
pub(crate) fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The certificates in a file that a setting names, to be trusted beside those of the operating system.
pub(crate) fn authorities(file: &Path, setting: &str) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let reason = || format!("{setting} must name a file of certificates in PEM, but see {}.", file.display());
    let pem = fs::read(file).with_context(reason)?;
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(&pem).collect::<Result<_, _>>().with_context(reason)?;
    ensure!(!certificates.is_empty(), "{} There is none in it.", reason());
    Ok(certificates)
}

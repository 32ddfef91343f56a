//! The address of a mailbox, as it stands in `IMAP_URL`.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use percent_encoding::percent_decode_str;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};
use url::Url;

use super::DONE;
use crate::mail_servers::{authorities as authorities_in, host_of, is_this_machine};

/// What the address must look like.
const HELP: &str = "IMAP_URL (or --imap-url) must look like imaps://USER:PASSWORD@HOST/INBOX or imap://USER:PASSWORD@HOST/INBOX?tls=required.";

/// What names the file of further certificates to trust.
const SETTING: &str = "IMAP_CA_FILE (or --imap-ca-file)";

/// Where a mailbox is, and how to come in.
pub(super) struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) way: Way,
    pub(super) user: String,
    pub(super) password: String,
    /// In which folder mails come in.
    pub(super) folder: String,
}

/// How the connection is encrypted.
pub(super) enum Way {
    /// From the start.
    Encrypted(Tls),
    /// After the server has been asked to (STARTTLS).
    Upgraded(Tls),
    /// Not at all; only to this machine.
    Plain,
}

/// Whom to believe, and by which name.
pub(super) struct Tls {
    pub(super) connector: TlsConnector,
    pub(super) name: ServerName<'static>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

impl Server {
    /// Reads an address. What is wrong is told without the address, which holds a password.
    pub(super) fn parse(url: &str, authorities: Option<&Path>) -> anyhow::Result<Self> {
        let url = Url::parse(url.trim()).context(HELP)?;
        let host = host_of(&url, HELP)?;
        let choice: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let wants_upgrade = match choice.as_slice() {
            [] => false,
            [(key, value)] if key == "tls" && value == "required" => true,
            _ => bail!("{HELP} The only setting after `?` is `tls=required`."),
        };
        let tls = || Tls::new(&host, authorities);
        let (port, way) = match (url.scheme(), wants_upgrade) {
            ("imaps", false) => (993, Way::Encrypted(tls()?)),
            ("imap", true) => (143, Way::Upgraded(tls()?)),
            ("imap", false) => (143, Way::Plain),
            _ => bail!("{HELP}"),
        };
        ensure!(
            !matches!(way, Way::Plain) || is_this_machine(&host),
            "IMAP_URL would send the password unencrypted. Write imaps://… or imap://…?tls=required."
        );
        let decoded = |text| {
            let decoded = percent_decode_str(text).decode_utf8();
            decoded.map(Cow::into_owned).context("IMAP_URL has a user, password or folder that is not UTF-8.")
        };
        let (user, password) = (decoded(url.username())?, decoded(url.password().unwrap_or_default())?);
        ensure!(!user.is_empty() && !password.is_empty(), "{HELP} It lacks a user or a password.");
        let folder = match decoded(url.path().trim_matches('/'))? {
            folder if folder.is_empty() => "INBOX".to_owned(),
            folder => folder,
        };
        let is_plain = folder.chars().all(|c| c.is_ascii_graphic() || c == ' ') && !folder.contains(['"', '\\', '&']);
        ensure!(is_plain, "IMAP_URL names a folder with letters that IMAP can't take as they are.");
        ensure!(!folder.eq_ignore_ascii_case(DONE), "IMAP_URL names the folder for mails that are done with.");
        Ok(Self { port: url.port().unwrap_or(port), host, way, user, password, folder })
    }
}

impl Tls {
    fn new(host: &str, authorities: Option<&Path>) -> anyhow::Result<Self> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if let Some(file) = authorities {
            for certificate in authorities_in(file, SETTING)? {
                roots.add(certificate).with_context(|| format!("{SETTING}: see {}.", file.display()))?;
            }
        }
        let config = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from(host.to_owned()).context(HELP)?;
        Ok(Self { connector: TlsConnector::from(Arc::new(config)), name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> anyhow::Result<Server> {
        Server::parse(url, None)
    }

    #[test]
    fn addresses_of_mailboxes_are_read() {
        for (url, host, port, folder) in [
            ("imaps://u:p@mail.example.no", "mail.example.no", 993, "INBOX"),
            ("imaps://u:p@mail.example.no/INBOX", "mail.example.no", 993, "INBOX"),
            ("imap://u:p@mail.example.no/Svar%20her?tls=required", "mail.example.no", 143, "Svar her"),
            ("imap://u:p@127.0.0.1:1143/INBOX/", "127.0.0.1", 1143, "INBOX"),
            ("imap://u:p@[::1]:1143", "::1", 1143, "INBOX"),
            (" imaps://u:p@mail.example.no:1993/INBOX\n", "mail.example.no", 1993, "INBOX"),
        ] {
            let server = read(url).unwrap();
            assert_eq!((server.host.as_str(), server.port, server.folder.as_str()), (host, port, folder), "{url}");
        }
        let server = read("imaps://samlop%40example.no:p%2Fq%C3%B8@mail.example.no").unwrap();
        assert_eq!((server.user.as_str(), server.password.as_str()), ("samlop@example.no", "p/qø"));
    }

    #[test]
    fn a_password_never_goes_unencrypted_to_another_machine() {
        assert!(read("imap://u:p@mail.example.no").unwrap_err().to_string().contains("unencrypted"));
    }

    #[test]
    fn what_is_no_address_of_a_mailbox_is_told_without_its_password() {
        for url in [
            "mail.example.no",
            "smtps://u:hemmelig@mail.example.no",
            "imaps://",
            "imaps://mail.example.no",
            "imaps://u@mail.example.no",
            "imaps://:hemmelig@mail.example.no",
            "imaps://u:hemmelig@mail.example.no/Samlop",
            "imaps://u:hemmelig@mail.example.no/S%C3%B8ppel",
            "imaps://u:hemmelig@mail.example.no/a%0d%0aA1",
            "imaps://u:hemmelig@mail.example.no?tls=required",
            "imap://u:hemmelig@mail.example.no?tls=perhaps",
            "imaps://u:hemmelig@mail.example.no:port",
        ] {
            let error = read(url).unwrap_err();
            let told = format!("{error:#} {error:?}");
            assert!(told.contains("IMAP_URL") && !told.contains("hemmelig"), "{url}: {told}");
        }
    }

    #[test]
    fn a_server_is_shown_without_its_password() {
        assert!(!format!("{:?}", read("imaps://u:hemmelig@mail.example.no").unwrap()).contains("hemmelig"));
    }
}

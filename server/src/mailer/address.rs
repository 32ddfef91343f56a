//! The address of a mail server, as it stands in `SMTP_URL`.

use std::path::Path;

use anyhow::{Context, bail, ensure};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::Tls;
use percent_encoding::percent_decode_str;
use url::Url;

use super::trust::encryption;
use crate::mail_servers::{host_of, is_this_machine};

/// What the address must look like.
const HELP: &str = "SMTP_URL (or --smtp-url) must look like smtps://USER:PASSWORD@HOST, smtp://USER:PASSWORD@HOST?tls=required or smtp://HOST.";

/// Where a mail server is, and how to come in.
pub(super) struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: Tls,
    pub(super) login: Option<Credentials>,
}

impl Server {
    /// Reads an address. What is wrong is told without the address, which holds a password. `authorities` is
    /// the file of certificates to trust beside those of the operating system.
    pub(super) fn parse(url: &str, authorities: Option<&Path>) -> anyhow::Result<Self> {
        let url = Url::parse(url.trim()).context(HELP)?;
        let host = host_of(&url, HELP)?;
        ensure!(matches!(url.path(), "" | "/"), "{HELP} It has a path.");
        let choice: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let choice = match choice.as_slice() {
            [] => None,
            [(key, value)] if key == "tls" => Some(value.as_str()),
            _ => bail!("{HELP} The only setting after `?` is `tls`."),
        };
        let encryption = || encryption(&host, authorities);
        let (port, tls) = match (url.scheme(), choice) {
            ("smtps", None) => (465, Tls::Wrapper(encryption()?)),
            ("smtp", Some("required")) => (587, Tls::Required(encryption()?)),
            ("smtp", Some("opportunistic")) => (587, Tls::Opportunistic(encryption()?)),
            ("smtp", None) => (25, Tls::None),
            _ => bail!("{HELP}"),
        };
        let login = login(&url)?;
        let is_safe = matches!(tls, Tls::Wrapper(_) | Tls::Required(_)) || is_this_machine(&host);
        ensure!(
            login.is_none() || is_safe,
            "SMTP_URL would send the password unencrypted. Write smtps://… or smtp://…?tls=required."
        );
        Ok(Self { port: url.port().unwrap_or(port), host, tls, login })
    }
}

/// User and password, if the address has them.
fn login(url: &Url) -> anyhow::Result<Option<Credentials>> {
    if url.username().is_empty() && url.password().is_none() {
        return Ok(None);
    }
    let decode =
        |text| percent_decode_str(text).decode_utf8().context("SMTP_URL has a user or password that is not UTF-8.");
    let password = url.password().context("SMTP_URL has a user but no password.")?;
    Ok(Some(Credentials::new(decode(url.username())?.into_owned(), decode(password)?.into_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> anyhow::Result<Server> {
        Server::parse(url, None)
    }

    #[test]
    fn addresses_of_mail_servers_are_read() {
        for (url, host, port, has_login) in [
            ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, false),
            ("smtp://relay.example.no", "relay.example.no", 25, false),
            ("smtp://[::1]:2525", "::1", 2525, false),
            ("smtp://samlop:hemmelig@localhost", "localhost", 25, true),
            ("smtp://relay.example.no?tls=opportunistic", "relay.example.no", 587, false),
            ("smtp://samlop%40example.no:p%2Fq@relay.example.no/?tls=required", "relay.example.no", 587, true),
            (" smtps://samlop:hemmelig@relay.example.no\n", "relay.example.no", 465, true),
        ] {
            let server = read(url).unwrap();
            assert_eq!((server.host.as_str(), server.port, server.login.is_some()), (host, port, has_login), "{url}");
        }
        let login = read("smtps://samlop%40example.no:p%2Fq%C3%B8@relay.example.no").unwrap().login;
        assert_eq!(login, Some(Credentials::new("samlop@example.no".into(), "p/qø".into())));
    }

    #[test]
    fn a_password_never_goes_unencrypted_to_another_machine() {
        for url in ["smtp://u:p@relay.example.no", "smtp://u:p@relay.example.no?tls=opportunistic"] {
            assert!(read(url).err().unwrap().to_string().contains("unencrypted"), "{url}");
        }
    }

    #[test]
    fn what_is_no_address_of_a_mail_server_is_told_without_its_password() {
        for url in [
            "relay.example.no",
            "http://u:hemmelig@relay.example.no",
            "smtp://",
            "smtp://relay.example.no/tls=required",
            "smtp://u:hemmelig@relay.example.no?tls=perhaps",
            "smtp://u:hemmelig@relay.example.no?tsl=required",
            "smtps://u@relay.example.no",
            "smtps://u:hemmelig@relay.example.no:port",
        ] {
            let error = format!("{:#}", read(url).err().unwrap());
            assert!(error.contains("SMTP_URL") && !error.contains("hemmelig"), "{url}: {error}");
        }
    }
}

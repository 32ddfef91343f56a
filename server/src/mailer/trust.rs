//! Whom we believe that a mail server is who it says.

use std::path::Path;

use anyhow::Context;
use lettre::transport::smtp::client::{Certificate, TlsParameters};

use crate::mail_servers;

/// What names the file.
const SETTING: &str = "SMTP_CA_FILE (or --smtp-ca-file)";

/// How to encrypt the way to a mail server of this name. Its certificate must come from an authority that
/// the operating system trusts, or from one in the file.
pub(super) fn encryption(host: &str, authorities: Option<&Path>) -> anyhow::Result<TlsParameters> {
    let mut encryption = TlsParameters::builder(host.to_owned());
    if let Some(file) = authorities {
        for certificate in mail_servers::authorities(file, SETTING)? {
            encryption = encryption.add_root_certificate(Certificate::from_der(certificate.to_vec())?);
        }
        return encryption.build().with_context(|| format!("{SETTING}: see {}.", file.display()));
    }
    encryption.build().context("The mail server's certificate can't be checked.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn read(pem: &str) -> anyhow::Result<TlsParameters> {
        let mut file = tempfile::NamedTempFile::new()?;
        file.write_all(pem.as_bytes())?;
        encryption("mx.example.no", Some(file.path()))
    }

    #[test]
    fn a_file_with_several_authorities_is_read() {
        let pem = || rcgen::generate_simple_self_signed(["authority.example.no".to_owned()]).unwrap().cert.pem();
        assert!(read(&format!("# Ours\n{}\n{}", pem(), pem())).is_ok());
    }

    #[test]
    fn a_file_that_holds_no_certificate_is_told_at_the_start() {
        let nonsense = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for pem in ["", "Samløp", "-----BEGIN CERTIFICATE-----\n", nonsense] {
            let error = read(pem).err().unwrap();
            assert!(error.to_string().contains("SMTP_CA_FILE"), "{pem}: {error}");
        }
    }

    #[test]
    fn a_file_that_is_missing_is_named_at_the_start() {
        let place = tempfile::tempdir().unwrap();
        let error = encryption("mx.example.no", Some(&place.path().join("ca.pem"))).err().unwrap();
        assert!(error.to_string().contains("ca.pem"), "{error}");
    }
}

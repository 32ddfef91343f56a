//! Signing mails (DKIM, RFC 6376), so that receivers believe that they come from the sender's domain.
//!
//! A mail server in front of Samløp usually signs. This is for one that does not.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, bail, ensure};
use clap::Args;
use lettre::Message;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, MIME_VERSION_1_0};
use lettre::message::{
    Body, DkimCanonicalization, DkimCanonicalizationType, DkimConfig, DkimSigningAlgorithm, DkimSigningKey, Mailbox,
    MessageBuilder, MultiPart,
};
use rustls::pki_types::PrivatePkcs1KeyDer;
use rustls::pki_types::pem::PemObject;
use url::Host;

/// What the signature covers, beside the content. A header that is missing is covered too: nobody can add it.
/// Unsubscribing with one click needs both headers for it here (RFC 8058, section 4).
const COVERED: [&str; 13] = [
    "From",
    "Reply-To",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "MIME-Version",
    "Content-Type",
    "Auto-Submitted",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];

/// Every RSA key of 1024 bits or more is at least this long; receivers ignore shorter ones (RFC 8301, section 3.2).
const SHORTEST_RSA_KEY: usize = 600;

/// With which key mails are signed.
#[derive(Debug, Clone, Args)]
pub(crate) struct DkimArgs {
    /// A file with the private key that signs mails (DKIM): RSA in PEM as `openssl genrsa -traditional 2048` writes it,
    /// or the 32 bytes of an Ed25519 key in base64. Without it, mails are not signed here.
    #[arg(long, env = "DKIM_KEY_FILE", value_name = "FILE")]
    pub(crate) dkim_key: Option<PathBuf>,
    /// The name under which the public key stands in the DNS: SELECTOR._domainkey, then the sender's domain.
    #[arg(long, env = "DKIM_SELECTOR", value_name = "SELECTOR", default_value = "samlop", value_parser = selector)]
    pub(crate) dkim_selector: String,
}

fn selector(text: &str) -> Result<String, &'static str> {
    let is_label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if text.split('.').all(is_label) { Ok(text.to_owned()) } else { Err("write it as in the DNS, such as samlop") }
}

/// Signs mails.
pub(crate) struct Dkim(DkimConfig);

impl std::fmt::Debug for Dkim {
    /// Says nothing, since it holds the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dkim").finish_non_exhaustive()
    }
}

impl Dkim {
    /// Reads the key, if there is one. What is wrong with it is told without any of it.
    pub(crate) fn new(args: &DkimArgs, from: &Mailbox) -> anyhow::Result<Option<Self>> {
        let Some(file) = &args.dkim_key else { return Ok(None) };
        let reason = || format!("Mails can't be signed with DKIM_KEY_FILE (or --dkim-key), {}.", file.display());
        let key = fs::read_to_string(file).with_context(reason).and_then(|text| read(&text).with_context(reason))?;
        let Ok(Host::Domain(domain)) = Host::parse(from.email.domain()) else {
            bail!("{} MAIL_FROM has no domain whose mails could be signed.", reason());
        };
        let covered = COVERED.map(HeaderName::new_from_ascii_str).to_vec();
        // The only ones that survive what mail servers do to blanks on the way.
        let canonicalization =
            DkimCanonicalization { header: DkimCanonicalizationType::Relaxed, body: DkimCanonicalizationType::Relaxed };
        Ok(Some(Self(DkimConfig::new(args.dkim_selector.clone(), domain, key, covered, canonicalization))))
    }

    /// Signs a mail as it is now. If it has parts, it must come from [`assemble`].
    pub(crate) fn sign(&self, mail: &mut Message) {
        mail.sign(&self.0);
    }
}

/// Completes a mail with its parts, so that it can be signed. lettre's own `multipart` keeps the mail's
/// `Content-Type` where its `sign` does not see it; the signature would then say that there is none.
pub(crate) fn assemble(mail: MessageBuilder, parts: &MultiPart) -> anyhow::Result<Message> {
    const END_OF_HEADERS: &[u8] = b"\r\n\r\n";
    let kind: ContentType = parts.headers().get().context("The parts of a mail have no type.")?;
    let mut source = parts.formatted();
    let end = source.windows(END_OF_HEADERS.len()).position(|bytes| bytes == END_OF_HEADERS);
    let body = source.split_off(end.context("The parts of a mail have no headers.")? + END_OF_HEADERS.len());
    ensure!(body.is_ascii(), "The parts of a mail are not encoded.");
    let body = Body::dangerous_pre_encoded(body, ContentTransferEncoding::SevenBit);
    Ok(mail.header(MIME_VERSION_1_0).header(kind).body(body)?)
}

/// Reads a key. lettre's own words about one that it can't read are left out: they hold a piece of it.
fn read(text: &str) -> anyhow::Result<DkimSigningKey> {
    let text = text.trim();
    if !text.starts_with("-----BEGIN") {
        let key = DkimSigningKey::new(text, DkimSigningAlgorithm::Ed25519).ok();
        return key.context("It is neither a PEM file nor the 32 bytes of an Ed25519 key in base64.");
    }
    let Ok(key) = PrivatePkcs1KeyDer::from_pem_slice(text.as_bytes()) else {
        bail!("It holds no `RSA PRIVATE KEY`. Turn a `PRIVATE KEY` into one with `openssl rsa -traditional -in FILE`.");
    };
    ensure!(key.secret_pkcs1_der().len() >= SHORTEST_RSA_KEY, "It is shorter than 1024 bits; 2048 are usual.");
    DkimSigningKey::new(text, DkimSigningAlgorithm::Rsa).ok().context("Its RSA key is broken.")
}

#[cfg(test)]
mod tests;

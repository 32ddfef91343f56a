//! Sending through a real mail server, Exim, with certificates of our own.
//!
//! Exim takes the connections that the test accepts, as it does from `inetd`. So it runs as whoever runs the
//! tests, needs no port of its own, and is gone with its connection. What it takes stays in its queue, in a
//! folder that goes with the test.

use std::fs;
use std::net::TcpListener as Port;
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use lettre::Message;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair,
    date_time_ymd,
};
use shared::outbox::{Cause, Delivery, StepKind, Verdict};
use tempfile::TempDir;
use tokio::net::TcpListener;
use url::Host;

use super::Patience;
use super::smtp::{Smtp, Way};

/// Exim's program: Debian's name for it, and everybody else's.
const PROGRAMS: [&str; 2] = ["exim4", "exim"];
const ADDRESS: &str = "127.0.0.1";
const TEXT: &str = "Det er skrevet et nytt notat.";

/// A mail server with a certificate, or without one and therefore without encryption.
struct Exim {
    program: PathBuf,
    listener: TcpListener,
    folder: TempDir,
}

impl Exim {
    async fn start(identity: Option<&Identity>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path();
        if let Some(identity) = identity {
            fs::write(place.join("certificate.pem"), identity.certificate.pem()).unwrap();
            fs::write(place.join("key.pem"), identity.key.serialize_pem()).unwrap();
        }
        fs::write(place.join("exim.conf"), settings(place, identity.is_some())).unwrap();
        Self { program: program(), listener: TcpListener::bind((ADDRESS, 0)).await.unwrap(), folder }
    }

    /// Where it is, for a user with this password.
    fn address(&self, password: &str) -> String {
        let port = self.listener.local_addr().unwrap().port();
        format!("smtp://samlop:{password}@{ADDRESS}:{port}?tls=required")
    }

    /// Sends a mail to it, and waits until it is through with the connection.
    async fn receive(&self, url: &str, authority: Option<&Authority>) -> Delivery {
        let authorities = authority.map(|authority| {
            let file = self.folder.path().join("authorities.pem");
            fs::write(&file, authority.pem()).unwrap();
            file
        });
        let own_name = Host::parse("samlop.example.no").unwrap();
        let smtp = Smtp::new(url, authorities.as_deref(), &own_name, Patience::USUAL).unwrap();
        let send = async {
            let delivery = smtp.send(&mail(), Way::Fresh).await;
            smtp.rest().await;
            delivery
        };
        tokio::join!(send, self.serve(url.starts_with("smtps:"))).0
    }

    /// Serves the next connection.
    async fn serve(&self, is_encrypted_from_the_start: bool) {
        let (stream, _) = self.listener.accept().await.unwrap();
        let stream = stream.into_std().unwrap();
        stream.set_nonblocking(false).unwrap();
        let input = OwnedFd::from(stream);
        let output = input.try_clone().unwrap();
        let mut exim = Command::new(&self.program);
        exim.args(["-bs", "-C"]).arg(self.folder.path().join("exim.conf"));
        if is_encrypted_from_the_start {
            exim.arg("-tls-on-connect");
        }
        // It complains that it runs without its privileges, as it shall.
        let mut exim =
            exim.stdin(Stdio::from(input)).stdout(Stdio::from(output)).stderr(Stdio::null()).spawn().unwrap();
        tokio::task::spawn_blocking(move || exim.wait()).await.unwrap().unwrap();
    }

    /// What it has taken, each mail with its envelope and its headers.
    fn queue(&self) -> Vec<String> {
        let Ok(files) = fs::read_dir(self.folder.path().join("spool/input")) else { return Vec::new() };
        let files = files.map(|file| file.unwrap().path());
        let heads = files.filter(|file| file.to_str().unwrap().ends_with("-H"));
        heads.map(|head| fs::read_to_string(&head).unwrap() + &fs::read_to_string(body_of(&head)).unwrap()).collect()
    }
}

fn body_of(head: &Path) -> String {
    format!("{}-D", head.to_str().unwrap().trim_end_matches("-H"))
}

fn program() -> PathBuf {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    // Where Debian keeps it, which is not on everybody's search path.
    let folders = std::env::split_paths(&folders).chain([PathBuf::from("/usr/sbin")]);
    folders.flat_map(|folder| PROGRAMS.map(|program| folder.join(program))).find(|program| program.is_file()).expect(
        "These tests need the mail server Exim. `cargo xtask test` installs it; so does `apt-get install exim4-daemon-light`.",
    )
}

fn settings(place: &Path, has_encryption: bool) -> String {
    let owner = fs::metadata(place).unwrap();
    let (user, group, place) = (owner.uid(), owner.gid(), place.display());
    let encryption = if has_encryption {
        format!("tls_advertise_hosts = *\ntls_certificate = {place}/certificate.pem\ntls_privatekey = {place}/key.pem")
    } else {
        "tls_advertise_hosts =".to_owned()
    };
    format!(
        r"
exim_user = {user}
exim_group = {group}
spool_directory = {place}/spool
log_file_path = {place}/%slog
primary_hostname = mx.example.no
keep_environment =
host_lookup =
rfc1413_query_timeout = 0s
queue_only = true
acl_smtp_rcpt = recipient
auth_advertise_hosts = ${{if eq{{$tls_in_cipher}}{{}}{{}}{{*}}}}
{encryption}

begin acl
recipient:
  accept authenticated = *
  deny

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_condition = ${{if and{{{{eq{{$auth2}}{{samlop}}}}{{eq{{$auth3}}{{hemmelig}}}}}}}}
  server_set_id = $auth2
"
    )
}

/// A certificate with its key.
struct Identity {
    certificate: Certificate,
    key: KeyPair,
}

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    CertifiedIssuer::self_signed(authority_of("Samling kommune"), KeyPair::generate().unwrap()).unwrap()
}

fn authority_of(name: &str) -> CertificateParams {
    let mut wish = CertificateParams::new([ADDRESS.to_owned()]).unwrap();
    wish.distinguished_name = DistinguishedName::new();
    wish.distinguished_name.push(DnType::CommonName, name);
    wish.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    wish
}

/// A certificate from the authority for a server of this name, with a change to it.
fn issue(authority: &Authority, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Identity {
    let mut wish = CertificateParams::new([name.to_owned()]).unwrap();
    change(&mut wish);
    let key = KeyPair::generate().unwrap();
    Identity { certificate: wish.signed_by(&key, authority).unwrap(), key }
}

fn mail() -> Message {
    let (from, to) = ("samlop@example.no".parse().unwrap(), "nav@example.no".parse().unwrap());
    Message::builder().from(from).to(to).subject("Nytt notat").body(TEXT.to_owned()).unwrap()
}

#[tokio::test]
async fn with_the_right_password_and_a_trusted_certificate_the_mail_lies_in_the_servers_queue() {
    let authority = authority();
    let exim = Exim::start(Some(&issue(&authority, ADDRESS, |_| {}))).await;
    let delivery = exim.receive(&exim.address("hemmelig"), Some(&authority)).await;
    assert_eq!((delivery.verdict, delivery.cause), (Verdict::Sent, None), "{delivery:?}");
    let kinds: Vec<StepKind> = delivery.steps.iter().filter(|step| step.is_done).map(|step| step.kind).collect();
    let all = [
        StepKind::Connect,
        StepKind::Encrypt,
        StepKind::LogIn,
        StepKind::Sender,
        StepKind::Recipient,
        StepKind::Content,
    ];
    assert_eq!(kinds, all);
    let queue = exim.queue();
    assert_eq!(queue.len(), 1);
    for part in ["nav@example.no", "Subject: Nytt notat", "for nav@example.no", "esmtpsa", TEXT] {
        assert!(queue[0].contains(part), "{part} is missing in\n{}", queue[0]);
    }
}

#[tokio::test]
async fn a_connection_that_is_encrypted_from_the_start_works_too() {
    let authority = authority();
    let exim = Exim::start(Some(&issue(&authority, ADDRESS, |_| {}))).await;
    let url = exim.address("hemmelig").replace("smtp:", "smtps:").replace("?tls=required", "");
    let delivery = exim.receive(&url, Some(&authority)).await;
    assert_eq!(delivery.verdict, Verdict::Sent, "{delivery:?}");
    assert_eq!(exim.queue().len(), 1);
    let untrusted = exim.receive(&url, None).await;
    assert_eq!(untrusted.cause, Some(Cause::CertificateUntrusted), "{untrusted:?}");
}

#[tokio::test]
async fn a_wrong_password_is_told_in_the_servers_words() {
    let authority = authority();
    let exim = Exim::start(Some(&issue(&authority, ADDRESS, |_| {}))).await;
    let delivery = exim.receive(&exim.address("feil"), Some(&authority)).await;
    fails(&exim, &delivery, StepKind::LogIn, Cause::Login);
    assert!(delivery.answer.starts_with("535 "), "{}", delivery.answer);
}

#[tokio::test]
async fn a_certificate_that_is_too_old_or_too_new_is_told() {
    let authority = authority();
    let expired = issue(&authority, ADDRESS, |wish| wish.not_after = date_time_ymd(2020, 1, 1));
    let premature = issue(&authority, ADDRESS, |wish| wish.not_before = date_time_ymd(4000, 1, 1));
    for identity in [expired, premature] {
        let exim = Exim::start(Some(&identity)).await;
        let delivery = exim.receive(&exim.address("hemmelig"), Some(&authority)).await;
        fails(&exim, &delivery, StepKind::Encrypt, Cause::CertificateExpired);
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_is_told() {
    let authority = authority();
    let exim = Exim::start(Some(&issue(&authority, "mx.example.no", |_| {}))).await;
    let delivery = exim.receive(&exim.address("hemmelig"), Some(&authority)).await;
    fails(&exim, &delivery, StepKind::Encrypt, Cause::CertificateName);
    assert!(delivery.answer.starts_with("invalid peer certificate: "), "{}", delivery.answer);
}

#[tokio::test]
async fn a_certificate_from_an_unknown_authority_is_told() {
    let identity = issue(&authority(), ADDRESS, |_| {});
    let exim = Exim::start(Some(&identity)).await;
    for trusted in [None, Some(authority())] {
        let delivery = exim.receive(&exim.address("hemmelig"), trusted.as_ref()).await;
        fails(&exim, &delivery, StepKind::Encrypt, Cause::CertificateUntrusted);
    }
}

#[tokio::test]
async fn a_certificate_that_the_server_has_made_itself_is_not_trusted() {
    let key = KeyPair::generate().unwrap();
    let plain = CertificateParams::new([ADDRESS.to_owned()]).unwrap();
    // As `openssl req -x509` makes it: an authority too.
    for wish in [plain, authority_of("mx.example.no")] {
        let identity = Identity {
            certificate: wish.self_signed(&key).unwrap(),
            key: KeyPair::from_pem(&key.serialize_pem()).unwrap(),
        };
        let exim = Exim::start(Some(&identity)).await;
        let delivery = exim.receive(&exim.address("hemmelig"), None).await;
        fails(&exim, &delivery, StepKind::Encrypt, Cause::CertificateUntrusted);
    }
}

#[tokio::test]
async fn a_server_without_encryption_gets_no_password() {
    let exim = Exim::start(None).await;
    let delivery = exim.receive(&exim.address("hemmelig"), None).await;
    fails(&exim, &delivery, StepKind::Encrypt, Cause::NoEncryption);
}

#[tokio::test]
async fn a_server_that_wants_a_login_before_it_takes_a_mail_says_so() {
    let exim = Exim::start(None).await;
    let url = exim.address("hemmelig").replace("samlop:hemmelig@", "").replace("?tls=required", "");
    let delivery = exim.receive(&url, None).await;
    assert_eq!((delivery.verdict, delivery.cause), (Verdict::Refused, Some(Cause::Recipient)), "{delivery:?}");
}

#[tokio::test]
async fn where_no_server_is_it_is_unreachable() {
    let port = Port::bind((ADDRESS, 0)).unwrap().local_addr().unwrap().port();
    let url = format!("smtp://samlop:hemmelig@{ADDRESS}:{port}?tls=required");
    let own_name = Host::parse("samlop.example.no").unwrap();
    let delivery = Smtp::new(&url, None, &own_name, Patience::USUAL).unwrap().send(&mail(), Way::Fresh).await;
    assert_eq!((delivery.verdict, delivery.cause), (Verdict::Retry, Some(Cause::Unreachable)), "{delivery:?}");
}

fn fails(exim: &Exim, delivery: &Delivery, step: StepKind, cause: Cause) {
    assert_eq!((delivery.verdict, delivery.cause), (Verdict::Retry, Some(cause)), "{delivery:?}");
    assert_eq!(delivery.steps.last().map(|step| (step.kind, step.is_done)), Some((step, false)), "{delivery:?}");
    assert_eq!(exim.queue(), [""; 0]);
}

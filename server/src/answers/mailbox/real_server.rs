//! A real server, Dovecot, with certificates of our own.
//!
//! It runs as whoever runs the tests, keeps all it writes in a folder that goes with the test, and ends with
//! it. Where Dovecot is not installed, `--skip real_server` leaves these tests out.

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use shared::outbox::AnswerProblem;
use tempfile::TempDir;

use super::*;

const HOST: &str = "127.0.0.1";
const PROGRAMS: [&str; 2] = ["/usr/sbin/dovecot", "dovecot"];

struct Dovecot {
    process: Child,
    folder: TempDir,
    port: u16,
    encrypted_port: u16,
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // Its children end when they lose their master.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Dovecot {
    async fn start(mails: &[Vec<u8>]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path();
        let [port, encrypted_port] = free_ports();
        certify(place);
        let inbox = place.join("mail/new");
        for part in ["cur", "new", "tmp"] {
            fs::create_dir_all(place.join("mail").join(part)).unwrap();
        }
        for (number, mail) in mails.iter().enumerate() {
            fs::write(inbox.join(format!("170000000{number}.{number}.test")), mail).unwrap();
        }
        fs::write(place.join("users"), "samlop:{PLAIN}hemmelig ø:::::\n").unwrap();
        fs::write(place.join("dovecot.conf"), settings(place, port, encrypted_port)).unwrap();
        let program = PROGRAMS.iter().find(|program| Path::new(program).exists()).unwrap_or(&PROGRAMS[1]);
        let process = Command::new(program)
            .args(["-F", "-c"])
            .arg(place.join("dovecot.conf"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("Dovecot is installed");
        let server = Self { process, folder, port, encrypted_port };
        for _ in 0..200 {
            if tokio::net::TcpStream::connect((HOST, server.port)).await.is_ok() {
                return server;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("Dovecot does not start:\n{}", server.log());
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn authority(&self) -> std::path::PathBuf {
        self.folder.path().join("authority.pem")
    }
}

/// Ports that were free a moment ago.
fn free_ports() -> [u16; 2] {
    let listeners = [(); 2].map(|()| TcpListener::bind((HOST, 0)).unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}

fn certify(place: &Path) {
    let mut wish = CertificateParams::new(Vec::new()).unwrap();
    wish.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(wish, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new([HOST.to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    fs::write(place.join("authority.pem"), authority.pem()).unwrap();
    fs::write(place.join("certificate.pem"), certificate.pem()).unwrap();
    fs::write(place.join("key.pem"), key.serialize_pem()).unwrap();
}

/// Dovecot keeps no mailbox of root's, so that for root it must be somebody else's.
const NOBODY: u32 = 65_534;

fn settings(place: &Path, port: u16, encrypted_port: u16) -> String {
    let who = fs::metadata(place).unwrap();
    let (mut uid, mut gid, mut users) = (who.uid(), who.gid(), String::new());
    if uid == 0 {
        (uid, gid) = (NOBODY, NOBODY);
        fs::set_permissions(place, Permissions::from_mode(0o755)).unwrap();
        for part in ["mail", "mail/cur", "mail/new", "mail/tmp"] {
            chown(place.join(part), Some(uid), Some(gid)).unwrap();
        }
    } else {
        let name = |what: &str| {
            let name = Command::new("id").arg(what).output().unwrap().stdout;
            String::from_utf8(name).unwrap().trim().to_owned()
        };
        let (user, group) = (name("-un"), name("-gn"));
        users =
            format!("default_login_user = {user}\ndefault_internal_user = {user}\ndefault_internal_group = {group}\n");
    }
    let place = place.display();
    format!(
        "protocols = imap
        listen = {HOST}
        base_dir = {place}/run
        state_dir = {place}/run
        log_path = {place}/log
        ssl = yes
        ssl_cert = <{place}/certificate.pem
        ssl_key = <{place}/key.pem
        ssl_dh =
        {users}
        mail_location = maildir:{place}/mail
        first_valid_uid = 1
        passdb {{
          driver = passwd-file
          args = {place}/users
        }}
        userdb {{
          driver = static
          args = uid={uid} gid={gid} home={place}/mail
        }}
        service imap-login {{
          chroot =
          inet_listener imap {{
            port = {port}
          }}
          inet_listener imaps {{
            port = {encrypted_port}
            ssl = yes
          }}
        }}
        service anvil {{
          chroot =
        }}
        service stats {{
          chroot =
        }}
        "
    )
}

#[tokio::test]
async fn mails_are_fetched_and_moved_over_each_way_in() {
    let small = |from: &str| format!("From: {from}\r\nTo: samlop+x@example.no\r\n\r\nHei fra {from}.\r\n").into_bytes();
    let mut large = small("large@example.no");
    large.extend("x\r\n".repeat(MAIL_MAX).bytes());
    let mails: Vec<_> = [small("a@example.no"), large, small("b@example.no")].into();
    for way in 0..3 {
        let server = Dovecot::start(&mails).await;
        let login = "samlop:hemmelig%20%C3%B8";
        let url = match way {
            0 => format!("imap://{login}@{HOST}:{}", server.port),
            1 => format!("imap://{login}@{HOST}:{}?tls=required", server.port),
            _ => format!("imaps://{login}@{HOST}:{}/INBOX", server.encrypted_port),
        };
        let mailbox = Mailbox::new(&url, Some(&server.authority())).unwrap();
        let mut texts = Vec::new();
        let count = mailbox
            .fetch(async |incoming| {
                let Incoming::Answer(answer) = incoming else { panic!("{incoming:?}") };
                texts.push(answer.text);
                true
            })
            .await
            .unwrap_or_else(|error| panic!("{error:#}\n{}", server.log()));
        assert_eq!(count, 3);
        let words = |from: &str| Ok(format!("Hei fra {from}."));
        assert_eq!(texts, [words("a@example.no"), Err(AnswerProblem::TooLarge), words("b@example.no")]);
        assert_eq!(mailbox.fetch(async |_| panic!("again")).await.unwrap(), 0);
        let moved: Vec<_> = fs::read_dir(server.folder.path().join("mail/.Samlop/cur")).unwrap().collect();
        assert_eq!(moved.len(), 3);
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_certificate_are_told() {
    let server = Dovecot::start(&[]).await;
    let url = format!("imaps://samlop:feil@{HOST}:{}", server.encrypted_port);
    let told = async |authority: Option<&Path>| {
        format!("{:#}", Mailbox::new(&url, authority).unwrap().fetch(async |_| true).await.unwrap_err())
    };
    let words = told(Some(&server.authority())).await;
    assert!(words.contains("does not take the user and password"), "{words}");
    assert!(!words.contains("feil"), "{words}");
    let words = told(None).await;
    assert!(words.contains("invalid peer certificate"), "{words}");
}

//! Mails as files, for trying Samløp out without a mail server.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use lettre::Message;
use shared::id::MailId;
use shared::outbox::{Cause, Delivery, StepKind};

use super::steps::Steps;

/// A folder of mails.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Makes the folder if it is missing.
    pub(super) fn new(path: PathBuf) -> anyhow::Result<Self> {
        fs::create_dir_all(&path).with_context(|| {
            format!(
                "The folder {} for mails could not be made. Choose another with MAIL_DIR (or --mail-dir), or name a mail server with SMTP_URL.",
                path.display()
            )
        })?;
        Ok(Self(path))
    }

    /// Writes a mail. A second try lands in the same file.
    pub(super) async fn send(&self, id: MailId, mail: &Message) -> Delivery {
        let folder = self.0.clone();
        let source = mail.formatted();
        let name = format!("{id}.eml");
        let target = name.clone();
        let mut steps = Steps::default();
        steps.begin(StepKind::File);
        let written = tokio::task::spawn_blocking(move || write(&folder, &target, &source)).await;
        match written.unwrap_or_else(|fault| Err(io::Error::other(fault))) {
            Ok(()) => {
                steps.done(&name);
                Delivery { steps: steps.all_done(), ..Delivery::sent(name) }
            }
            Err(error) => {
                let answer = super::kept(&format!("{name}: {error}"));
                Delivery { steps: steps.failed(&answer), ..Delivery::retry(Cause::Folder, answer) }
            }
        }
    }
}

/// All of it or nothing: whoever looks into the folder never sees half a mail.
fn write(folder: &Path, name: &str, source: &[u8]) -> io::Result<()> {
    let draft = folder.join(format!(".{name}.part"));
    let mut file = File::create(&draft)?;
    file.write_all(source)?;
    file.sync_all()?;
    fs::rename(draft, folder.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::outbox::Verdict;

    fn mail(text: &str) -> Message {
        let address: lettre::message::Mailbox = "a@example.no".parse().unwrap();
        Message::builder().from(address.clone()).to(address).body(text.to_owned()).unwrap()
    }

    fn id() -> MailId {
        MailId("019ab5c0-0000-7000-8000-000000000003".parse().unwrap())
    }

    #[tokio::test]
    async fn a_second_try_replaces_the_file_of_the_first() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path().join("data/mail")).unwrap();
        for text in ["first", "second"] {
            let delivery = folder.send(id(), &mail(text)).await;
            assert_eq!((delivery.verdict, delivery.answer), (Verdict::Sent, format!("{}.eml", id())));
            assert!(matches!(delivery.steps.as_slice(), [step] if step.is_done && step.kind == StepKind::File));
        }
        let files: Vec<_> = fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(files, [folder.0.join(format!("{}.eml", id()))]);
        assert!(fs::read_to_string(&files[0]).unwrap().ends_with("second"));
    }

    #[tokio::test]
    async fn a_folder_that_is_gone_is_tried_again() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path().join("mail")).unwrap();
        fs::remove_dir(&folder.0).unwrap();
        let delivery = folder.send(id(), &mail("text")).await;
        assert_eq!((delivery.verdict, delivery.cause), (Verdict::Retry, Some(Cause::Folder)));
        assert!(matches!(delivery.steps.as_slice(), [step] if !step.is_done && step.answer == delivery.answer));
    }

    #[test]
    fn a_folder_that_can_not_be_made_is_told_at_the_start() {
        let place = tempfile::NamedTempFile::new().unwrap();
        let error = Folder::new(place.path().join("mail")).unwrap_err();
        assert!(error.to_string().contains("MAIL_DIR"), "{error}");
    }
}

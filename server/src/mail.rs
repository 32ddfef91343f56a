//! A letter as the mail that is sent.
//!
//! Mail is read on the way and by whoever looks over a shoulder. Therefore it says that something
//! happened, the reference and a link that needs login: no name, no phase and no word of a note.

mod page;

use anyhow::Context;
use app::texts::Texts;
use chrono::{DateTime, Utc};
use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use shared::alerts::{AlertKind, Letter, LetterContent, Subject};
use shared::email::EmailAddress;
use shared::id::ParticipantId;
use url::{Host, Url};

/// What all mails have in common: the sender, and the address to which links lead.
#[derive(Debug)]
pub(crate) struct Letterhead {
    from: Mailbox,
    /// The address of Samløp without a slash at the end.
    base: String,
    host: Host,
}

impl Letterhead {
    /// Checks the address to which links shall lead.
    pub(crate) fn new(from: Mailbox, public_url: &str) -> anyhow::Result<Self> {
        let reason = || {
            format!(
                "PUBLIC_URL (or --public-url) must be the address at which people open Samløp, such as https://samlop.example.no, and not {public_url:?}."
            )
        };
        let url = Url::parse(public_url).with_context(reason)?;
        let host = url.host().map(|host| host.to_owned()).with_context(reason)?;
        let is_plain = matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none();
        anyhow::ensure!(is_plain, reason());
        Ok(Self { from, base: url.as_str().trim_end_matches('/').to_owned(), host })
    }

    /// The name of this machine's site, with which it also introduces itself to the mail server.
    pub(crate) fn host(&self) -> &Host {
        &self.host
    }

    /// Writes the mail. Written again, it has the same Message-ID, so that a receiver can drop a double.
    pub(crate) fn write(&self, letter: &Letter, now: DateTime<Utc>) -> anyhow::Result<Message> {
        let to = mailbox(&letter.to).context("No mail can be sent to this address.")?;
        let Words { subject, text, link } = self.words(letter);
        let page = page::page(letter.locale, &subject, &text, &link);
        let mut mail = Message::builder()
            .from(self.from.clone())
            .to(to)
            .date(now.into())
            .message_id(Some(format!("<{}@{}>", letter.id, self.host)))
            .subject(subject)
            // No answers by machines, please (RFC 3834, section 5).
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ));
        if let LetterContent::Alert { participant, .. } = &letter.content {
            // Nothing has this id. That all refer to it is what makes them one thread in the mail program.
            let thread = format!("<participant-{participant}@{}>", self.host);
            mail = mail.in_reply_to(thread.clone()).references(thread);
        }
        Ok(mail.multipart(MultiPart::alternative_plain_html(text, page))?)
    }

    fn words(&self, letter: &Letter) -> Words {
        let texts = Texts::from(letter.locale);
        match &letter.content {
            LetterContent::Alert { kind, reference, participant, subject } => {
                let link = self.link(*participant, *subject);
                let (subject, text) = match kind {
                    AlertKind::NoteWritten => {
                        (texts.mail_note_subject(reference), texts.mail_note_body(reference, &link))
                    }
                    AlertKind::TaskAssigned => {
                        (texts.mail_task_subject(reference), texts.mail_task_body(reference, &link))
                    }
                };
                Words { subject, text, link }
            }
            LetterContent::Test => Words {
                subject: texts.mail_test_subject().to_owned(),
                text: texts.mail_test_body(&self.base),
                link: self.base.clone(),
            },
        }
    }

    fn link(&self, participant: ParticipantId, subject: Subject) -> String {
        let place = match subject {
            Subject::Note(note) => format!("note-{note}"),
            Subject::Task(task) => format!("task-{task}"),
        };
        format!("{}/participants/{participant}?at={place}", self.base)
    }
}

/// What a mail says, and the link that stands in its text.
struct Words {
    subject: String,
    text: String,
    link: String,
}

/// The address as mail servers know it: a domain with letters such as `ø` has another spelling there (RFC 5891).
fn mailbox(address: &EmailAddress) -> anyhow::Result<Mailbox> {
    let (user, domain) = address.as_str().rsplit_once('@').context("It has no @.")?;
    let domain = Host::parse(domain)?.to_string();
    Ok(Mailbox::new(None, lettre::Address::new(user, domain)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use mail_parser::MessageParser;
    use shared::id::{MailId, NoteId, TaskId};
    use shared::locale::Locale;

    const PARTICIPANT: &str = "019ab5c0-0000-7000-8000-000000000001";
    const SUBJECT: &str = "019ab5c0-0000-7000-8000-000000000002";
    const MAIL: &str = "019ab5c0-0000-7000-8000-000000000003";

    fn letterhead(public_url: &str) -> Letterhead {
        Letterhead::new("Samløp <samlop@example.no>".parse().unwrap(), public_url).unwrap()
    }

    fn letter(locale: Locale, kind: AlertKind) -> Letter {
        let subject = match kind {
            AlertKind::NoteWritten => Subject::Note(NoteId(SUBJECT.parse().unwrap())),
            AlertKind::TaskAssigned => Subject::Task(TaskId(SUBJECT.parse().unwrap())),
        };
        let participant = PARTICIPANT.parse().unwrap();
        let content = LetterContent::Alert { kind, reference: "D-4821".into(), participant, subject };
        let id = MailId(MAIL.parse().unwrap());
        Letter { id, to: EmailAddress::parse("nav@example.no").unwrap(), locale, content, attempts: 0 }
    }

    fn source(letter: &Letter) -> String {
        let now = Utc.with_ymd_and_hms(2026, 11, 24, 8, 0, 0).unwrap();
        let mail = letterhead("https://samlop.example.no/").write(letter, now).unwrap();
        String::from_utf8(mail.formatted()).unwrap()
    }

    /// The subject and the body as a mail program shows them.
    fn shown(source: &str) -> (String, String) {
        let mail = MessageParser::default().parse(source).unwrap();
        (mail.subject().unwrap().to_owned(), mail.body_text(0).unwrap().replace("\r\n", "\n"))
    }

    #[test]
    fn a_note_is_told_in_each_language_with_reference_and_link_alone() {
        let link = format!("https://samlop.example.no/participants/{PARTICIPANT}?at=note-{SUBJECT}");
        for (locale, title, first, last) in [
            (Locale::Nb, "Nytt notat", "Det er skrevet et nytt notat om deltaker D-4821.", "svar på denne e-posten."),
            (Locale::Nn, "Nytt notat", "Det er skrive eit nytt notat om deltakar D-4821.", "svar på denne e-posten."),
            (Locale::En, "New note", "There is a new note about participant D-4821.", "replies to this e-mail."),
        ] {
            let (subject, body) = shown(&source(&letter(locale, AlertKind::NoteWritten)));
            assert_eq!(subject, format!("[Samløp D-4821] {title}"));
            assert_eq!(body.lines().next(), Some(first));
            assert!(body.lines().any(|line| line == link), "{body}");
            assert!(body.trim_end().ends_with(last), "{body}");
        }
    }

    #[test]
    fn a_task_is_told_in_each_language_with_reference_and_link_alone() {
        let link = format!("https://samlop.example.no/participants/{PARTICIPANT}?at=task-{SUBJECT}");
        for (locale, title, first) in [
            (Locale::Nb, "Ny oppgave til deg", "Du har fått en oppgave om deltaker D-4821."),
            (Locale::Nn, "Ny oppgåve til deg", "Du har fått ei oppgåve om deltakar D-4821."),
            (Locale::En, "New task for you", "You have been given a task about participant D-4821."),
        ] {
            let (subject, body) = shown(&source(&letter(locale, AlertKind::TaskAssigned)));
            assert_eq!(subject, format!("[Samløp D-4821] {title}"));
            assert_eq!(body.lines().next(), Some(first));
            assert!(body.lines().any(|line| line == link), "{body}");
        }
    }

    #[test]
    fn the_headers_name_sender_recipient_time_and_thread() {
        let source = source(&letter(Locale::Nb, AlertKind::NoteWritten));
        let thread = format!("<participant-{PARTICIPANT}@samlop.example.no>");
        for line in [
            format!("Message-ID: <{MAIL}@samlop.example.no>"),
            format!("In-Reply-To: {thread}"),
            format!("References: {thread}"),
            "Auto-Submitted: auto-generated".to_owned(),
            "Date: Tue, 24 Nov 2026 08:00:00 +0000".to_owned(),
            "To: nav@example.no".to_owned(),
            "MIME-Version: 1.0".to_owned(),
            "Content-Type: text/plain; charset=utf-8".to_owned(),
            "Content-Type: text/html; charset=utf-8".to_owned(),
        ] {
            assert!(source.lines().any(|found| found == line), "{line} is missing in\n{source}");
        }
        let mail = MessageParser::default().parse(&source).unwrap();
        let from = mail.from().and_then(|from| from.first()).unwrap();
        assert_eq!((from.name(), from.address()), (Some("Samløp"), Some("samlop@example.no")));
    }

    #[test]
    fn the_page_says_what_the_text_says_and_fetches_nothing() {
        for locale in Locale::ALL {
            for kind in AlertKind::ALL {
                let source = source(&letter(locale, kind));
                let (subject, text) = shown(&source);
                let mail = MessageParser::default().parse(&source).unwrap();
                let page = mail.body_html(0).unwrap();
                assert_eq!((mail.html_body_count(), mail.text_body_count(), mail.attachment_count()), (1, 1, 0));
                assert!(page.contains(&format!("<html lang=\"{}\">", locale.tag())), "{page}");
                assert!(page.contains(&format!("<title>{subject}</title>")), "{page}");
                let is_link = |line: &&str| line.starts_with("https://");
                for line in text.lines().filter(|line| !is_link(line)) {
                    assert!(page.contains(line.trim_end_matches(':')), "{line} is missing in\n{page}");
                }
                let links: Vec<&str> = text.lines().filter(is_link).collect();
                assert_eq!(links.len(), 1);
                assert!(page.contains(&format!("<a href=\"{}\">", links[0])), "{page}");
                assert_eq!(page.matches("//").count(), 1, "the link is all that leads anywhere:\n{page}");
                assert!(
                    ["src", "url(", "@import", "<link", "<script"].iter().all(|word| !page.contains(word)),
                    "{page}"
                );
            }
        }
    }

    #[test]
    fn any_server_can_carry_it() {
        for locale in Locale::ALL {
            for kind in AlertKind::ALL {
                let source = source(&letter(locale, kind));
                assert!(source.is_ascii(), "{source}");
                assert!(source.split("\r\n").all(|line| line.len() <= 998 && !line.contains(['\r', '\n'])), "{source}");
            }
        }
    }

    #[test]
    fn a_test_mail_says_where_links_lead_and_belongs_to_no_thread() {
        for locale in Locale::ALL {
            let letter = Letter { content: LetterContent::Test, ..letter(locale, AlertKind::NoteWritten) };
            let source = source(&letter);
            assert!(shown(&source).1.lines().any(|line| line == "https://samlop.example.no"), "{source}");
            assert!(!source.contains("References") && !source.contains("In-Reply-To"), "{source}");
        }
    }

    #[test]
    fn a_domain_with_norwegian_letters_is_spelled_as_mail_servers_know_it() {
        let to = |text: &str| mailbox(&EmailAddress::parse(text).unwrap()).unwrap().email.to_string();
        assert_eq!(to("bjorn@blåbær.no"), "bjorn@xn--blbr-roah.no");
        assert_eq!(to("o'hara+x@example.no"), "o'hara+x@example.no");
    }

    #[test]
    fn links_keep_port_and_path_of_the_public_address() {
        for (address, base, host) in [
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000", "127.0.0.1"),
            ("https://kommune.example.no/samlop/", "https://kommune.example.no/samlop", "kommune.example.no"),
            ("http://[::1]:3000/", "http://[::1]:3000", "[::1]"),
        ] {
            let letterhead = letterhead(address);
            assert_eq!((letterhead.base.as_str(), letterhead.host().to_string().as_str()), (base, host));
        }
    }

    #[test]
    fn what_is_no_public_address_is_refused_with_an_example() {
        for address in ["", "samlop.example.no", "ftp://example.no", "https://example.no/?x=1", "mailto:a@example.no"] {
            let error = Letterhead::new("a@example.no".parse().unwrap(), address).unwrap_err();
            assert!(error.to_string().contains("such as https://samlop.example.no"), "{address}: {error}");
        }
    }
}

//! A letter as the mail that is sent.
//!
//! Mail is read on the way and by whoever looks over a shoulder. Therefore it says that something
//! happened, the reference and a link that needs login: no name, no phase and no word of a note, unless an
//! administrator has decided otherwise for her organisation. Headers never hold anything that a person wrote.

mod page;
mod text;
mod words;

use anyhow::Context;
use chrono::{DateTime, Utc};
use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use shared::email::EmailAddress;
use shared::outbox::{Letter, LetterContent};
use url::{Host, Url};

use crate::mailer::dkim;

/// What all mails have in common: the sender, and the address to which links lead.
#[derive(Debug)]
pub(crate) struct Letterhead {
    from: Mailbox,
    /// Where answers go, if they are read.
    answers_to: Option<lettre::Address>,
    /// The address of Samløp without a slash at the end.
    base: String,
    host: Host,
}

impl Letterhead {
    /// Checks the address to which links shall lead.
    pub(crate) fn new(from: Mailbox, answers_to: Option<lettre::Address>, public_url: &str) -> anyhow::Result<Self> {
        let reason = || {
            format!(
                "PUBLIC_URL (or --public-url) must be the address at which people open Samløp, such as https://samlop.example.no, and not {public_url:?}."
            )
        };
        let url = Url::parse(public_url).with_context(reason)?;
        let host = url.host().map(|host| host.to_owned()).with_context(reason)?;
        let is_plain = matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none();
        anyhow::ensure!(is_plain, reason());
        Ok(Self { from, answers_to, base: url.as_str().trim_end_matches('/').to_owned(), host })
    }

    /// The name of this machine's site, with which it also introduces itself to the mail server.
    pub(crate) fn host(&self) -> &Host {
        &self.host
    }

    /// Writes the mail. Written again, it has the same Message-ID, so that a receiver can drop a double.
    pub(crate) fn write(&self, letter: &Letter, now: DateTime<Utc>) -> anyhow::Result<Message> {
        let to = mailbox(&letter.to).context("No mail can be sent to this address.")?;
        let words = self.words(letter);
        let mut mail = Message::builder()
            .from(self.from.clone())
            .to(to)
            .date(now.into())
            .message_id(Some(self.message_id(letter)))
            .subject(words.subject.clone())
            // No answers by machines, please (RFC 3834, section 5); older ones know only the second header.
            .raw_header(header("Auto-Submitted", "auto-generated".into()))
            .raw_header(header("Precedence", "bulk".into()));
        if let LetterContent::Alerts(alerts) = &letter.content {
            // Nothing has this id. That all refer to it is what makes them one thread in the mail program.
            let thread = format!("<participant-{}@{}>", alerts.participant, self.host);
            mail = mail.in_reply_to(thread.clone()).references(thread);
        }
        if let Some(token) = &letter.unsubscribe {
            // RFC 8058: the mail program's own button, with one press.
            mail = mail
                .raw_header(header("List-Unsubscribe", format!("<{}>", self.unsubscribe(token))))
                .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into()));
        }
        if let Some(answers_to) = self.answer_to(letter) {
            mail = mail.reply_to(Mailbox::new(None, answers_to));
        }
        dkim::assemble(mail, &MultiPart::alternative_plain_html(text::text(&words), page::page(letter.locale, &words)))
    }

    /// The mail's own name, by which a returned mail is known again.
    fn message_id(&self, letter: &Letter) -> String {
        format!("<{}@{}>", letter.id, self.host)
    }

    /// The address that makes an answer a note (RFC 5233: what follows the `+` does not change the mailbox).
    fn answer_to(&self, letter: &Letter) -> Option<lettre::Address> {
        let (address, token) = (self.answers_to.as_ref()?, letter.answer.as_ref()?);
        lettre::Address::new(format!("{}+{token}", address.user()), address.domain()).ok()
    }
}

fn header(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

/// The address as mail servers know it: a domain with letters such as `ø` has another spelling there (RFC 5891).
fn mailbox(address: &EmailAddress) -> anyhow::Result<Mailbox> {
    let (user, domain) = address.as_str().rsplit_once('@').context("It has no @.")?;
    let domain = Host::parse(domain)?.to_string();
    Ok(Mailbox::new(None, lettre::Address::new(user, domain)?))
}

#[cfg(test)]
mod tests;

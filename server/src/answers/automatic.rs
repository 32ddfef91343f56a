//! Mails that no person wrote.

use super::headers::Headers;

/// Names of mailboxes from which machines write.
const MACHINES: [&str; 12] = [
    "mailer-daemon",
    "no-reply",
    "noreply",
    "no_reply",
    "no.reply",
    "do-not-reply",
    "donotreply",
    "do_not_reply",
    "ikke-svar",
    "ikkesvar",
    "ikkje-svar",
    "svar-ikke",
];

/// With these words, and nothing or a sign after them, begin subjects of automatic answers. A person who
/// answers such a mail has `SV:` or `Re:` before them.
const SUBJECTS: [&str; 12] = [
    "automatisk svar",
    "autosvar",
    "automatic reply",
    "automatic response",
    "auto reply",
    "auto-reply",
    "autoreply",
    "out of office",
    "out of the office",
    "fraværsmelding",
    "fråværsmelding",
    "borte fra kontoret",
];

/// Whether a machine wrote the mail. Such a mail never becomes a note and is never answered.
///
/// `X-Auto-Response-Suppress` says nothing about that: it is a wish about answers to the mail that carries
/// it, and servers add it to mails of people too.
pub(super) fn is_automatic(headers: &Headers<'_>, from: &str) -> bool {
    let is_reply_by_machine = headers.word("Auto-Submitted").is_some_and(|word| !word.is_empty() && word != "no");
    let precedence = headers.word("Precedence");
    let is_mass_mail = precedence.is_some_and(|word| ["bulk", "junk", "list", "auto_reply"].contains(&word.as_str()));
    let carries = |name: &'static str| headers.first(name).is_some();
    let autoreply = headers.word("X-Autoreply").is_some_and(|word| word != "no");
    is_reply_by_machine
        || is_mass_mail
        || autoreply
        || ["X-Autorespond", "X-Autoresponder", "List-Id"].into_iter().any(carries)
        || has_empty_return_path(headers)
        || is_machine(from)
        || is_report(headers)
        || is_automatic_subject(headers.subject())
}

/// Whether nobody wants to hear what becomes of the mail (RFC 5321, section 4.5.5).
pub(super) fn has_empty_return_path(headers: &Headers<'_>) -> bool {
    headers.first("Return-Path").is_some_and(|path| path.replace(' ', "") == "<>")
}

fn is_machine(from: &str) -> bool {
    let name = from.split('@').next().unwrap_or_default().to_lowercase();
    MACHINES.contains(&name.split('+').next().unwrap_or_default())
}

/// Whether it reports on a mail, for example that it was opened.
fn is_report(headers: &Headers<'_>) -> bool {
    headers.content_type().is_some_and(|kind| {
        kind.ctype().eq_ignore_ascii_case("multipart")
            && kind.subtype().is_some_and(|subtype| subtype.eq_ignore_ascii_case("report"))
    })
}

fn is_automatic_subject(subject: &str) -> bool {
    let subject = subject.trim_start_matches(['[', ' ']).to_lowercase();
    SUBJECTS.iter().any(|beginning| {
        subject.strip_prefix(beginning).is_some_and(|rest| {
            let rest = rest.trim_start();
            rest.is_empty() || rest.starts_with([':', '-', '–', ']', '!', '.', '('])
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(source: &str) -> bool {
        is_automatic(&Headers::read(source.as_bytes()), "kari@example.no")
    }

    #[test]
    fn signs_of_a_machine_are_known() {
        for header in [
            "Auto-Submitted: auto-replied",
            "Auto-Submitted: auto-generated (vacation)",
            "auto-submitted: Auto-Replied; owner-email=\"kari@example.no\"",
            "Precedence: bulk",
            "Precedence: Auto_Reply",
            "X-Autoreply: yes",
            "X-Autorespond: Fravær",
            "List-Id: Nytt <nytt.example.no>",
            "Return-Path: <>",
            "Content-Type: multipart/report; report-type=disposition-notification; boundary=x",
            "Subject: Automatisk svar: [=?utf-8?q?Saml=C3=B8p?= D-4821] Nytt notat",
            "Subject: =?utf-8?q?Frav=C3=A6rsmelding?=",
            "Subject: Out of Office - Kari Nordmann",
            "Subject: Autosvar",
        ] {
            assert!(is(&format!("From: kari@example.no\r\n{header}\r\n\r\nBorte.")), "{header}");
        }
    }

    #[test]
    fn what_people_write_is_not_taken_for_a_machines() {
        for header in [
            "Auto-Submitted: no",
            "Precedence: normal",
            "Return-Path: <kari@example.no>",
            "X-Auto-Response-Suppress: DR, OOF, AutoReply",
            "X-Auto-Response-Suppress: All",
            "X-Autoreply: no",
            "Subject: SV: Automatisk svar: Nytt notat",
            "Subject: Out of office space is what we need",
            "Subject: =?utf-8?q?Frav=C3=A6r?=",
            "Subject: =?utf-8?q?Frav=C3=A6r_p=C3=A5_mandag?=",
        ] {
            assert!(!is(&format!("From: kari@example.no\r\n{header}\r\n\r\nHei.")), "{header}");
        }
    }

    #[test]
    fn mailboxes_of_machines_are_known() {
        for from in ["MAILER-DAEMON@example.no", "no-reply@example.no", "noreply+4711@example.no"] {
            assert!(is_machine(from), "{from}");
        }
        assert!(!is_machine("kari.noreply@example.no"));
    }
}

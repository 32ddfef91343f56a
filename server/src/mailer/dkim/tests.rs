//! Signed mails, checked by what RFC 6376 says and not by what signed them.

use std::collections::HashMap;
use std::io::Write;

use clap::Parser;
use mail_parser::decoders::base64::base64_decode;
use ring::digest::{SHA256, digest};
use ring::signature::{
    ED25519, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey,
};
use tempfile::NamedTempFile;

use super::*;

/// For these tests only.
const RSA: &str = "-----BEGIN RSA PRIVATE KEY-----
MIIEogIBAAKCAQEApgWiWS/zgPlv8pzV1r3ZlgOPqjLMQqqeJeJ5IRg03y6eoNug
eGNwI7lRVH9zFXEhLzedr408kk5FzuSnpXk6CXn39JlgEQ4k4KZvSe5HNYRZQXXO
xz92xJq2r5bzrcEu8vES3r2sL5rp5H/PsXX/Y6U3A/mkliDSTp867+1Cu5WQDvIX
C7Xjqj3fcA603EujaAV9LNr/6zZ6/OAHd7vcb1L6cRDqYUJXjaSgF2a1UpOK5eGt
2MMbrKYn4s/7+XEXMvVtYozUFj+nOTrCLkxUfzDiH7+blVc3r2TkDwHFRHg0sEG2
nNocKPKZsWa24NpdK7J1ke40xDU1RxVzQURXtQIDAQABAoIBAAclS29Mx82Hjuix
lOec/MI+7X5NGOsOpmdph76jqNTpUAUK5u1/lCpJdeVt5eFooN3EJkqRyOdgLJOC
1m9iGBwjzocN2etqAS7VIwma0qBMTb4qSKfdRKqiIRZOKDdUjwWAWEhTgBd9cq81
zBXuhvs+N2+5nTqj94FQS6xbeSmTLMP4zhp1LAngG/GKhItJfFEJLAiRuE4cB9p7
lsKJSv7Vk0RKb+GZGK/gKXZw94ueVzu6nin7vaGogVAebZkGIq/8SlAlpEUkMMfw
Vfm4B+wubWvwNj15IP9c/jEXbna1P3OHK4BivCmfSDUsm6GXWXSEjV1GTr1RK/HT
Euj4gFECgYEA6HM6FNpayeb2GrGC8sS7gUkD1ChJpU4eeGqGeYbTO1gyRuvE2ReP
PNQqCdaUZgLsjtLewWji8DyT1sO3JK6jCcJCRjYBrKuM0gxeHq4vbRMcjD5NSPpc
wCPTvgFDorfqPxMj+NNK3tMt0ig/SBuYJyKUl1r+YmIGXsIeBnKWtnECgYEAtteL
E9f7SQrZyedd8Pw4VxNG/dSDHd40FGdtbkF+yD1xa2eOWWPuHYSPIpkWjz2xY8G1
IflPxDZFMDBAL85s4QbhXblbCcJfWB/ZuDXlh62S0TrxS/xwhUADc2pe53oW0+VB
lllLqthZUSvUBdx4o0XDgiiJT8Y6EWXQFW2N/4UCgYA1r2caqdOODemJALZdm1Iy
6coYlbVsmD4xUWj9aEYgzp3OA2XTPb23LskGvKhJZyN7WPhZcv/2vAbo8wq5ThwZ
hOQJky+P0Y8UdAbIzzHk3yUYvsrar/f76Epe96vHSPKw3prQPPxtuhg7EVCMNtNN
No9a5Yka78jI2cxVcOGeAQKBgDSg9jdQA9SSev3SyweCkfT+Z4DImrUOMI9u9eC2
mXept+vicuboDLISZeDfj87LQzQjna+Zw4wG0wN73/3ivRRIlrYTlFDK0gbbpB+R
4++Z1pjDDpGAqCKyukuOYqLeUZPMeYR9T3ptq8fhhbXqMA9PFWdxo5SCylQXqj2A
u07BAoGAe6yoZIlbThYoZkYMGG3AHGXPBFDiuN4VNb+Yro9PdwHD3vxeF0hFibIs
UJhMngkIknlp5/bdZASTF3wREKR/DhoRyB0cdoG2aTDpiJjgaMQ6HuFSmU2mT6MB
yGaDCuxwurj0AxRcAetGtJ9QHxHdYYWpbHjejXF0NfcCJUKP41c=
-----END RSA PRIVATE KEY-----";
const ED25519_SEED: &str = "9ZEzn5ZtLlyGb2x5hTKn5DmB6vWZf0QyAIRQZhd3Yrs=";

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    dkim: DkimArgs,
}

fn dkim(key: &str, more: &[&str]) -> anyhow::Result<Option<Dkim>> {
    let mut file = NamedTempFile::new()?;
    file.write_all(key.as_bytes())?;
    let path = file.path().to_str().unwrap();
    let arguments = ["samlop", "--dkim-key", path].into_iter().chain(more.iter().copied());
    Dkim::new(&Cli::try_parse_from(arguments)?.dkim, &"Samløp <samlop@blåbær.no>".parse().unwrap())
}

fn mail(subject: &str, text: &str) -> Message {
    let unsubscribe = |name, value: &str| {
        lettre::message::header::HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
    };
    let mail = Message::builder()
        .from("Samløp <samlop@blåbær.no>".parse().unwrap())
        .to("nav@example.no".parse().unwrap())
        .subject(subject)
        .message_id(Some("<019ab5c0@samlop.example.no>".to_owned()))
        .references("<participant-019ab5c0-0000-7000-8000-000000000001@samlop.example.no>".to_owned())
        .raw_header(unsubscribe("List-Unsubscribe", "<https://samlop.example.no/unsubscribe/019ab5c0>"))
        .raw_header(unsubscribe("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
    assemble(mail, &MultiPart::alternative_plain_html(text.to_owned(), format!("<p>{text}</p>"))).unwrap()
}

fn signed(dkim: &Dkim, mut mail: Message) -> String {
    dkim.sign(&mut mail);
    String::from_utf8(mail.formatted()).unwrap()
}

/// A public key, as it would stand in the DNS.
enum Public {
    Rsa(Vec<u8>),
    Ed25519(Vec<u8>),
}

fn rsa() -> Public {
    let key = PrivatePkcs1KeyDer::from_pem_slice(RSA.as_bytes()).unwrap();
    Public::Rsa(RsaKeyPair::from_der(key.secret_pkcs1_der()).unwrap().public_key().as_ref().to_vec())
}

fn ed25519() -> Public {
    let seed = base64_decode(ED25519_SEED.as_bytes()).unwrap();
    Public::Ed25519(Ed25519KeyPair::from_seed_unchecked(&seed).unwrap().public_key().as_ref().to_vec())
}

/// Checks a mail as a receiver does (section 6.1.3), for relaxed canonicalization.
fn verify(source: &str, key: &Public) -> Result<(), &'static str> {
    let (headers, body) = source.split_once("\r\n\r\n").ok_or("no body")?;
    let headers = unfold(headers);
    let (_, signature) = headers.iter().find(|(name, _)| name == "dkim-signature").ok_or("no signature")?;
    let tags: HashMap<&str, &str> = signature
        .split(';')
        .filter_map(|tag| tag.split_once('='))
        .map(|(name, value)| (name.trim(), value.trim()))
        .collect();
    assert_eq!((tags["c"], tags["d"], tags["v"]), ("relaxed/relaxed", "xn--blbr-roah.no", "1"));
    if base64_decode(tags["bh"].as_bytes()) != Some(digest(&SHA256, relaxed(body).as_bytes()).as_ref().to_vec()) {
        return Err("another body");
    }
    let mut covered = String::new();
    let mut left = headers.clone();
    for name in tags["h"].split(':').map(str::trim) {
        // The last one of that name that has not been used, or nothing (section 5.4.2).
        if let Some(place) = left.iter().rposition(|(other, _)| other == name) {
            let (name, value) = left.remove(place);
            covered.extend([&name, ":", &value, "\r\n"]);
        }
    }
    let (unsigned, _) = signature.rsplit_once("b=").ok_or("no signature")?;
    covered.extend(["dkim-signature:", unsigned, "b="]);
    let signature = base64_decode(tags["b"].as_bytes()).ok_or("no base64")?;
    let is_good = match key {
        Public::Rsa(key) => {
            assert_eq!(tags["a"], "rsa-sha256");
            UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key).verify(covered.as_bytes(), &signature)
        }
        Public::Ed25519(key) => {
            assert_eq!(tags["a"], "ed25519-sha256");
            // The hash is what is signed (RFC 8463, section 3).
            UnparsedPublicKey::new(&ED25519, key).verify(digest(&SHA256, covered.as_bytes()).as_ref(), &signature)
        }
    };
    is_good.map_err(|_| "another key or other headers")
}

/// Names in lower case, values in one line with single blanks (section 3.4.2).
fn unfold(headers: &str) -> Vec<(String, String)> {
    let mut lines: Vec<String> = Vec::new();
    for line in headers.split("\r\n") {
        match lines.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) => *last += line,
            _ => lines.push(line.to_owned()),
        }
    }
    let headers = lines.iter().map(|line| line.split_once(':').unwrap());
    headers
        .map(|(name, value)| (name.trim().to_lowercase(), value.split_whitespace().collect::<Vec<_>>().join(" ")))
        .collect()
}

/// Lines with single blanks and none at the end, and no empty lines at the end (section 3.4.4).
fn relaxed(body: &str) -> String {
    let mut lines = Vec::new();
    for line in body.split("\r\n") {
        let indent = if line.starts_with([' ', '\t']) && !line.trim().is_empty() { " " } else { "" };
        lines.push(
            indent.to_owned() + &line.split([' ', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "),
        );
    }
    lines.join("\r\n").trim_end_matches("\r\n").to_owned() + "\r\n"
}

#[test]
fn a_receiver_believes_a_signed_mail() {
    for (key, public) in [(RSA, rsa()), (ED25519_SEED, ed25519())] {
        let dkim = dkim(key, &[]).unwrap().unwrap();
        for (subject, text) in [
            ("[Samløp D-4821] Nytt notat", "Det er skrevet et nytt notat.\n\nhttps://samlop.example.no/\n"),
            ("New note", ""),
            (&"Ny oppgåve til deg ".repeat(20), "  To  blanks \t and a dot\n.\n\n\n"),
        ] {
            let source = signed(&dkim, mail(subject, text));
            assert_eq!(verify(&source, &public), Ok(()), "{source}");
        }
    }
}

#[test]
fn a_signature_covers_every_header_that_matters_and_the_body() {
    let source = signed(&dkim(RSA, &[]).unwrap().unwrap(), mail("New note", "Hei"));
    for (there, other) in [
        ("samlop@bl", "samling@bl"),
        ("To: nav@", "To: nrk@"),
        ("New note", "Old note"),
        ("Message-ID: <0", "Message-ID: <1"),
        ("References: <p", "References: <q"),
        ("Content-Type: multipart/alternative", "Content-Type: multipart/mixed"),
        ("unsubscribe/0", "unsubscribe/1"),
        ("=One-Click", "=Two-Click"),
        ("MIME-Version: 1.0", "MIME-Version: 1.1"),
        ("\r\nTo:", "\r\nAuto-Submitted: no\r\nTo:"),
        ("\r\nTo:", "\r\nReply-To: somebody@example.no\r\nTo:"),
        ("\r\nTo:", "\r\nIn-Reply-To: <x@example.no>\r\nTo:"),
        ("<p>Hei", "<p>Nei"),
    ] {
        assert!(source.contains(there), "{there} is missing in\n{source}");
        assert!(verify(&source.replacen(there, other, 1), &rsa()).is_err(), "{there}");
    }
    assert!(verify(&source, &another_rsa()).is_err());
}

/// Another key of the same kind.
fn another_rsa() -> Public {
    let Public::Rsa(mut key) = rsa() else { unreachable!("it is an RSA key") };
    let middle = key.len() / 2;
    key[middle] ^= 1;
    Public::Rsa(key)
}

#[test]
fn a_mail_is_the_same_for_its_reader_whether_or_not_it_can_be_signed() {
    let parts = || MultiPart::alternative_plain_html("Hei på deg".to_owned(), "<p>Hei på deg</p>".to_owned());
    let builder = || {
        let address: Mailbox = "a@example.no".parse().unwrap();
        Message::builder().from(address.clone()).to(address).subject("Nytt notat")
    };
    let ours = assemble(builder(), &parts()).unwrap().formatted();
    let usual = builder().multipart(parts()).unwrap().formatted();
    let [ours, usual] = [&ours, &usual].map(|source| mail_parser::MessageParser::default().parse(source).unwrap());
    assert_eq!(ours.body_text(0), usual.body_text(0));
    assert_eq!(ours.body_html(0), usual.body_html(0));
    assert_eq!((ours.parts.len(), ours.attachment_count()), (usual.parts.len(), 0));
}

#[test]
fn the_signature_says_where_the_public_key_is() {
    let dkim = dkim(RSA, &["--dkim-selector", "nov2026.samlop"]).unwrap().unwrap();
    let source = signed(&dkim, mail("New note", "Hei"));
    assert!(source.contains("d=xn--blbr-roah.no; s=nov2026.samlop;"), "{source}");
}

#[test]
fn without_a_key_nothing_is_signed() {
    let args = Cli::parse_from(["samlop"]).dkim;
    assert!(Dkim::new(&args, &"samlop@example.no".parse().unwrap()).unwrap().is_none());
}

#[test]
fn a_key_that_can_not_be_used_is_told_at_the_start_without_any_of_it() {
    let in_another_form = RSA.replace("RSA PRIVATE KEY", "PRIVATE KEY");
    let cut_off = RSA.replacen("MII", "MIA", 1);
    for (key, hint) in [
        ("", "neither"),
        ("hemmelig", "neither"),
        (&ED25519_SEED[4..], "neither"),
        (in_another_form.as_str(), "openssl rsa -traditional"),
        (cut_off.as_str(), "broken"),
        ("-----BEGIN RSA PRIVATE KEY-----\naGVtbWVsaWc=\n-----END RSA PRIVATE KEY-----", "1024"),
    ] {
        let error = format!("{:#}", dkim(key, &[]).unwrap_err());
        assert!(error.contains("DKIM_KEY_FILE") && error.contains(hint), "{hint}: {error}");
        assert!(!key.lines().any(|line| !line.is_empty() && !line.starts_with('-') && error.contains(line)), "{error}");
    }
    assert!(!format!("{:?}", dkim(ED25519_SEED, &[]).unwrap()).contains(ED25519_SEED));
}

#[test]
fn a_selector_that_can_not_stand_in_the_dns_is_refused() {
    for selector in ["", "a b", "a;b", "a..b", "blåbær"] {
        assert!(dkim(RSA, &["--dkim-selector", selector]).is_err(), "{selector}");
    }
}

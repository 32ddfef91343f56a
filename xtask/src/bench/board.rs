//! The board's page: how long the server takes for it, and which cards are on it.

use anyhow::{Context, Result};

use super::client::Client;
use super::samlop::WHOLE_BOARD;
use super::table::Sample;

/// How long the server takes for the page.
pub(super) struct Timing {
    /// With brotli, in milliseconds.
    pub(super) compressed: Sample,
    /// Without compression.
    pub(super) raw: Sample,
    /// Bytes with brotli.
    pub(super) compressed_size: u64,
    /// Bytes without.
    pub(super) raw_size: u64,
}

/// Fetches a page again and again, the two encodings in turn so that both meet the same load.
pub(super) fn time(client: &mut Client, page: &str, times: u32) -> Result<Timing> {
    for _ in 0..5 {
        client.page(page, "br")?;
    }
    let (mut compressed, mut raw) = (Vec::new(), Vec::new());
    let (mut compressed_size, mut raw_size) = (0, 0);
    for _ in 0..times {
        let answer = client.page(page, "br")?;
        compressed.push(answer.time.as_secs_f64() * 1e3);
        compressed_size = answer.body.len() as u64;
        let answer = client.page(page, "identity")?;
        raw.push(answer.time.as_secs_f64() * 1e3);
        raw_size = answer.body.len() as u64;
    }
    Ok(Timing { compressed: Sample::new(compressed), raw: Sample::new(raw), compressed_size, raw_size })
}

/// A column where a participant is under way.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) phase: String,
    pub(super) cards: Vec<Card>,
}

/// A card as far as a move must know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Card {
    pub(super) id: String,
    pub(super) participant: String,
    pub(super) name: String,
    pub(super) version: u32,
}

impl Card {
    /// Whether it is one of those that are moved about: about every second one, and the same each time. The others
    /// stay where they are, to be neighbours.
    pub(super) fn is_moved(&self) -> bool {
        self.id.ends_with(['0', '1', '2', '3', '4', '5', '6', '7'])
    }
}

/// Reads the whole board as a browser gets it, apart from the phases that close a track.
pub(super) fn columns(client: &mut Client) -> Result<Vec<Column>> {
    let page = String::from_utf8(client.page(WHOLE_BOARD, "identity")?.body)?;
    parse(&page).context("The board's page has changed its form.")
}

fn parse(page: &str) -> Option<Vec<Column>> {
    let mut columns = Vec::new();
    for section in page.split("<section ").skip(1) {
        let phase = attribute(section, "data-phase")?.to_owned();
        if section.split_once('>')?.0.contains("data-closing") {
            continue;
        }
        let cards = section.split("<li ").skip(1).map(|card| {
            Some(Card {
                id: attribute(card, "id")?.to_owned(),
                participant: card.split_once("/participants/")?.1.get(..36)?.to_owned(),
                name: card.split_once("/participants/")?.1.split(['>', '<']).nth(1)?.to_owned(),
                version: attribute(card, "data-version")?.parse().ok()?,
            })
        });
        columns.push(Column { phase, cards: cards.collect::<Option<_>>()? });
    }
    (!columns.is_empty()).then_some(columns)
}

/// An attribute of a tag whose name and first space have been taken from the text.
fn attribute<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (tag, _) = text.split_once('>')?;
    let value = match tag.strip_prefix(name).and_then(|rest| rest.strip_prefix("=\"")) {
        Some(value) => value,
        None => tag.split_once(&format!(" {name}=\""))?.1,
    };
    value.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_board_is_read_without_its_closing_phases() {
        let participant = "0198b0a0-0000-7000-8000-000000000001";
        let link = format!("<a href=\"/participants/{participant}\">x</a>");
        let page = format!(
            "<main><section class=\"phase\" data-phase=\"a\"><ol><li class=\"card\" id=\"1\" data-version=\"3\">\
             {link}</li><li id=\"2\" data-version=\"1\">{link}</li></ol></section>\
             <section data-phase=\"b\" data-closing=\"\"><li id=\"3\" data-version=\"1\"></li></section></main>"
        );
        let card = |id: &str, version| Card {
            id: id.to_owned(),
            participant: participant.to_owned(),
            name: "x".to_owned(),
            version,
        };
        let expected = Column { phase: "a".to_owned(), cards: vec![card("1", 3), card("2", 1)] };
        assert_eq!(parse(&page), Some(vec![expected]));
        assert_eq!(parse("<main></main>"), None);
    }
}

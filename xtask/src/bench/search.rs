//! Looking for somebody in the field that every page has.

use anyhow::{Context, Result, bail};

use super::board;
use super::client::{Client, encode};
use super::table::Sample;

/// What somebody types, and what it is.
pub(super) struct Question {
    pub(super) what: &'static str,
    pub(super) typed: String,
}

/// What people look for, about somebody who stands on the board.
pub(super) fn questions(reader: &mut Client) -> Result<Vec<Question>> {
    let columns = board::columns(reader)?;
    let name =
        columns.iter().flat_map(|column| &column.cards).next().context("There is nobody on the board.")?.name.clone();
    let mut letters: Vec<char> = name.chars().collect();
    letters.swap(1, 2);
    let misspelt = letters.into_iter().collect();
    let begin = name.chars().take(3).collect();
    Ok([
        ("a whole name", name),
        ("a name with two letters in the wrong order", misspelt),
        ("the beginning of a name", begin),
        ("words of a task", "ring arbeidsgiver".to_owned()),
        ("what nobody has written", "xylofonkvartett".to_owned()),
    ]
    .map(|(what, typed)| Question { what, typed })
    .into())
}

/// Asks so many times; the milliseconds of each, and how many hits there were.
pub(super) fn ask(reader: &mut Client, typed: &str, times: u32) -> Result<(Sample, usize)> {
    let address = format!("/find?q={}", encode(typed));
    let (mut taken, mut hits) = (Vec::new(), 0);
    for _ in 0..times {
        let answer = reader.page(&address, "identity")?;
        if answer.status != 200 {
            bail!("The search was answered with status {}.", answer.status);
        }
        taken.push(answer.time.as_secs_f64() * 1e3);
        hits = count_hits(&String::from_utf8(answer.body).context("The page is no text.")?);
    }
    Ok((Sample::new(taken), hits))
}

fn count_hits(page: &str) -> usize {
    let lists = page.split("class=\"hits\"").skip(1);
    lists.filter_map(|list| list.split("</ul>").next()).map(|list| list.matches("<li>").count()).sum()
}

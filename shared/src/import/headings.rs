//! Finding the headings and what they mean.

use super::columns::{Column, SPELLINGS};
use super::words::{fold, is_close, words};
use super::{Cell, GridRow, Guess, Refusal, Unread};

/// A title and some remarks may stand above the headings, but no more rows than these.
const SEARCHED: usize = 20;

/// The headings of a file and where their columns are.
#[derive(Debug)]
pub(super) struct Headings {
    pub(super) line: usize,
    pub(super) guesses: Vec<Guess>,
    texts: Vec<String>,
    /// The place of each column that was found.
    places: Vec<(Column, usize)>,
}

impl Headings {
    /// The row among the first ones that says most; `None` where all are empty.
    pub(super) fn find(grid: &[GridRow]) -> Option<Self> {
        let filled = grid.iter().take(SEARCHED).filter(|row| row.cells.iter().any(|cell| !cell.is_blank()));
        let spellings = Spelling::all();
        // From below, since `max_by_key` takes the last of equals and the upper one shall win.
        filled
            .rev()
            .map(|row| Self::read(row, &spellings))
            .max_by_key(|headings| (headings.has_name(), headings.places.len(), headings.width()))
    }

    pub(super) fn has_name(&self) -> bool {
        let has = |column| self.place(column).is_some();
        has(Column::Name) || (has(Column::GivenName) && has(Column::FamilyName))
    }

    /// Refuses a file without the columns that a participant cannot do without.
    pub(super) fn demand(&self, empty_phase_is_read: bool) -> Result<(), Refusal> {
        let mut missing = Vec::new();
        if !self.has_name() {
            missing.push(Column::Name);
        }
        if self.place(Column::Phase).is_none() && !empty_phase_is_read {
            missing.push(Column::Phase);
        }
        if self.place(Column::StartedOn).is_none() {
            missing.push(Column::StartedOn);
        }
        if missing.is_empty() {
            return Ok(());
        }
        let found = self.texts.iter().filter(|text| !text.is_empty()).cloned().collect();
        Err(Refusal::MissingColumns { missing, found })
    }

    pub(super) fn place(&self, column: Column) -> Option<usize> {
        self.places.iter().find(|(known, _)| *known == column).map(|(_, place)| *place)
    }

    /// The heading as the file has it.
    pub(super) fn text(&self, column: Column) -> &str {
        self.place(column).and_then(|place| self.texts.get(place)).map_or("", String::as_str)
    }

    /// Columns with values below them that are not read.
    pub(super) fn unread(&self, rows: &[&GridRow]) -> Vec<Unread> {
        let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
        let is_read = |place: usize| {
            self.places
                .iter()
                .any(|(column, known)| *known == place && !(self.has_whole_name() && is_part_of_name(*column)))
        };
        (0..width)
            .filter(|place| !is_read(*place))
            .map(|place| Unread {
                heading: self.texts.get(place).cloned().unwrap_or_default(),
                place: place + 1,
                filled: rows.iter().filter(|row| row.cells.get(place).is_some_and(|cell| !cell.is_blank())).count(),
            })
            .filter(|unread| unread.filled > 0)
            .collect()
    }

    pub(super) fn has_whole_name(&self) -> bool {
        self.place(Column::Name).is_some()
    }

    fn width(&self) -> usize {
        self.texts.iter().filter(|text| !text.is_empty()).count()
    }

    fn read(row: &GridRow, spellings: &[Spelling]) -> Self {
        let texts: Vec<String> = row.cells.iter().map(tidy).collect();
        let meanings: Vec<Option<Meaning>> = texts.iter().map(|text| meaning(text, spellings)).collect();
        let mut headings = Self { line: row.line, guesses: Vec::new(), texts, places: Vec::new() };
        for (column, _) in SPELLINGS {
            let fitting =
                meanings.iter().enumerate().filter(|(_, meaning)| meaning.is_some_and(|m| m.column == column));
            let best = fitting.min_by_key(|(_, meaning)| meaning.map(|m| m.rank));
            let Some((place, Some(meaning))) = best else { continue };
            headings.places.push((column, place));
            if meaning.rank == GUESSED {
                headings.guesses.push(Guess::Heading { heading: headings.texts[place].clone(), column });
            }
        }
        headings
    }
}

fn is_part_of_name(column: Column) -> bool {
    matches!(column, Column::GivenName | Column::FamilyName)
}

fn tidy(cell: &Cell) -> String {
    cell.text().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One way to write a column's heading, made ready to compare.
struct Spelling {
    column: Column,
    /// How good a name it is for the column; 0 is the best.
    rank: usize,
    folded: String,
    words: String,
}

impl Spelling {
    fn all() -> Vec<Self> {
        let of_column = |(column, spellings): (Column, &'static [&'static str])| {
            let ranked = spellings.iter().enumerate();
            ranked.map(move |(rank, text)| Self { column, rank, folded: fold(text), words: words(text) })
        };
        SPELLINGS.into_iter().flat_map(of_column).collect()
    }
}

/// What a heading means and how well it fits.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Meaning {
    column: Column,
    rank: usize,
}

/// The rank of a heading that is only like one of the spellings.
const GUESSED: usize = usize::MAX;

/// What a heading means. One that is like the headings of two columns means none.
fn meaning(heading: &str, spellings: &[Spelling]) -> Option<Meaning> {
    let folded = fold(heading);
    if folded.is_empty() {
        return None;
    }
    if let Some(spelling) = spellings.iter().find(|spelling| spelling.folded == folded) {
        return Some(Meaning { column: spelling.column, rank: spelling.rank });
    }
    let only = |fits: &dyn Fn(&Spelling) -> bool| {
        let mut columns = spellings.iter().filter(|spelling| fits(spelling)).map(|spelling| spelling.column);
        let column = columns.next()?;
        columns.all(|other| other == column).then_some(Meaning { column, rank: GUESSED })
    };
    let padded = format!(" {} ", words(heading));
    let is_inside =
        |spelling: &Spelling| spelling.folded.chars().count() >= 4 && padded.contains(&format!(" {} ", spelling.words));
    only(&|spelling| is_close(&spelling.folded, &folded)).or_else(|| only(&is_inside))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: usize, texts: &[&str]) -> GridRow {
        GridRow { line, cells: texts.iter().map(|text| Cell::Text((*text).to_owned())).collect() }
    }

    fn read(texts: &[&str]) -> Headings {
        Headings::read(&row(1, texts), &Spelling::all())
    }

    #[test]
    fn headings_are_known_in_three_languages_in_any_case() {
        let headings = read(&["NAMN", "phase", "Oppstart", "e-mail", "TLF."]);
        let columns = [Column::Name, Column::Phase, Column::StartedOn, Column::Email, Column::Phone];
        assert_eq!(columns.map(|column| headings.place(column)), [Some(0), Some(1), Some(2), Some(3), Some(4)]);
        assert!(headings.guesses.is_empty());
    }

    #[test]
    fn a_heading_that_is_nearly_right_is_a_guess() {
        let headings = read(&["Deltakerr", "Statrdato", "Nåværende fase"]);
        assert_eq!(headings.guesses.len(), 3);
        assert_eq!(headings.place(Column::Phase), Some(2));
    }

    #[test]
    fn a_heading_that_could_mean_two_columns_means_none() {
        assert_eq!(meaning("NAV-kontakt, telefon", &Spelling::all()), None);
        assert_eq!(meaning("Fødselsdato", &Spelling::all()), None);
    }

    #[test]
    fn the_better_name_of_a_column_wins() {
        assert_eq!(read(&["Navn", "Status", "Fase"]).place(Column::Phase), Some(2));
    }

    #[test]
    fn rows_above_the_headings_are_passed_over() {
        let grid = [row(1, &["Deltakere i introløp"]), row(2, &[]), row(3, &["Deltaker", "Fase", "Startdato"])];
        assert_eq!(Headings::find(&grid).map(|headings| headings.line), Some(3));
    }

    #[test]
    fn a_file_without_names_tells_which_headings_it_has() {
        let headings = read(&["Fase", "Startdato", "Vekt"]);
        let found = vec!["Fase".to_owned(), "Startdato".to_owned(), "Vekt".to_owned()];
        assert_eq!(headings.demand(false), Err(Refusal::MissingColumns { missing: vec![Column::Name], found }));
    }
}

//! Reading CSV as Norwegian Excel writes it (semicolons, Windows-1252) and as other programs do.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use shared::import::{Cell, GridRow};

use super::file::{Kind, Table, Unreadable};

/// What may stand between two cells; the first one wins a tie.
const DELIMITERS: [u8; 3] = [b';', b',', b'\t'];
/// How many lines are looked at to find the delimiter.
const SAMPLE: usize = 20;

/// Reads the whole file.
pub(super) fn read(bytes: &[u8]) -> Result<Table, Unreadable> {
    let (text, encoding) = decode(bytes);
    if !is_text(&text) {
        return Err(Unreadable::NotText);
    }
    let delimiter = delimiter_of(&text);
    let kind = Kind::Csv { encoding: encoding.name(), delimiter: char::from(delimiter) };
    Ok(Table { rows: rows(&text, delimiter)?, kind })
}

/// UTF-8 or UTF-16 where the file says so, UTF-8 where it fits, and else what Excel writes in Norway.
fn decode(bytes: &[u8]) -> (Cow<'_, str>, &'static Encoding) {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return (encoding.decode_without_bom_handling(&bytes[mark..]).0, encoding);
    }
    match str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), UTF_8),
        Err(_) => (WINDOWS_1252.decode_without_bom_handling(bytes).0, WINDOWS_1252),
    }
}

/// Any bytes are text in Windows-1252, but real lists hold hardly any control characters.
fn is_text(text: &str) -> bool {
    let strange = text.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
    strange * 100 <= text.chars().count()
}

/// The delimiter that the first lines have most of, outside quotes.
fn delimiter_of(text: &str) -> u8 {
    let sample: String = text.lines().take(SAMPLE).collect::<Vec<_>>().join("\n");
    let count = |delimiter: &u8| {
        let mut quoted = false;
        let is_outside = |byte: &u8| {
            quoted ^= *byte == b'"';
            byte == delimiter && !quoted
        };
        sample.bytes().filter(is_outside).count()
    };
    DELIMITERS.into_iter().rev().max_by_key(count).unwrap_or(b';')
}

fn rows(text: &str, delimiter: u8) -> Result<Vec<GridRow>, Unreadable> {
    let lines = Lines::of(text);
    let mut rows = Vec::new();
    let mut record = StringRecord::new();
    let mut width = 0;
    let mut start = 0;
    'part: loop {
        let mut reader = reader(&text[start..], delimiter, true);
        loop {
            let begin = start + offset(&reader);
            if !reader.read_record(&mut record).map_err(|error| Unreadable::Broken(error.to_string()))? {
                return Ok(rows);
            }
            let begin = next_filled(text, begin);
            let (line, end) = (lines.number(begin), start + offset(&reader));
            if is_torn(&record, width, delimiter) && lines.number(begin) < lines.number(end.saturating_sub(1)) {
                let first_line = lines.text(text, begin);
                rows.extend(split_plainly(first_line, delimiter).map(|cells| GridRow { line, cells }));
                start = begin + first_line.len();
                continue 'part;
            }
            width = width.max(record.len());
            rows.push(GridRow { line, cells: cells(&record) });
        }
    }
}

/// Whether a quotation mark without its twin has swallowed the lines below. Such a mark must cost no more
/// than its own line.
fn is_torn(record: &StringRecord, width: usize, delimiter: u8) -> bool {
    let is_row = |line: &str| line.bytes().filter(|byte| *byte == delimiter).count() + 1 >= width;
    let holds_row = |cell: &str| cell.lines().nth(1).is_some() && cell.lines().any(is_row);
    let has_break = record.iter().any(|cell| cell.contains(['\n', '\r']));
    width >= 3 && has_break && (record.len() > width || record.iter().any(holds_row))
}

/// One line without regard to quotation marks.
fn split_plainly(line: &str, delimiter: u8) -> Option<Vec<Cell>> {
    let mut record = StringRecord::new();
    let is_record = reader(line, delimiter, false).read_record(&mut record).ok()?;
    is_record.then(|| cells(&record))
}

fn reader(text: &str, delimiter: u8, quoting: bool) -> csv::Reader<&[u8]> {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(delimiter).quoting(quoting).has_headers(false).flexible(true);
    builder.from_reader(text.as_bytes())
}

fn offset(reader: &csv::Reader<&[u8]>) -> usize {
    usize::try_from(reader.position().byte()).unwrap_or(usize::MAX)
}

fn cells(record: &StringRecord) -> Vec<Cell> {
    let cell = |text: &str| if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) };
    record.iter().map(cell).collect()
}

/// Where the file's lines begin, as an editor counts them: also inside quotes, also empty ones.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let ends = |place: &usize| match bytes[*place] {
            b'\n' => true,
            b'\r' => bytes.get(place + 1) != Some(&b'\n'),
            _ => false,
        };
        Self(std::iter::once(0).chain((0..bytes.len()).filter(ends).map(|place| place + 1)).collect())
    }

    /// The number of the line, counted from 1.
    fn number(&self, place: usize) -> usize {
        self.0.partition_point(|start| *start <= place)
    }

    /// The line that begins here, with its end.
    fn text<'t>(&self, text: &'t str, begin: usize) -> &'t str {
        let end = self.0.get(self.number(begin)).copied().unwrap_or(text.len());
        &text[begin..end]
    }
}

/// The first place from here on that does not end a line: the reader skips empty lines silently.
fn next_filled(text: &str, place: usize) -> usize {
    let rest = text.get(place..).unwrap_or_default();
    place + (rest.len() - rest.trim_start_matches(['\n', '\r']).len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(bytes: &[u8]) -> Vec<(usize, Vec<String>)> {
        let rows = read(bytes).map(|table| table.rows).unwrap_or_default();
        rows.into_iter().map(|row| (row.line, row.cells.iter().map(Cell::text).collect())).collect()
    }

    fn row(line: usize, texts: &[&str]) -> (usize, Vec<String>) {
        (line, texts.iter().map(|text| (*text).to_owned()).collect())
    }

    #[test]
    fn a_file_of_norwegian_excel_is_read() {
        let bytes = b"Deltaker;Spr\xe5k\r\n\xd8yvind \x96 pr\xf8ve;nb\r\n";
        assert_eq!(table(bytes), [row(1, &["Deltaker", "Språk"]), row(2, &["Øyvind – prøve", "nb"])]);
        let kind = read(bytes).ok().map(|table| table.kind);
        assert!(matches!(kind, Some(Kind::Csv { encoding: "windows-1252", delimiter: ';' })));
    }

    #[test]
    fn files_of_other_programs_are_read() {
        let expected = [row(1, &["Deltaker", "Mål"]), row(2, &["Prøvestad, Omar", "kurs; språk"])];
        let text = "Deltaker,Mål\n\"Prøvestad, Omar\",kurs; språk\n";
        assert_eq!(table(text.as_bytes()), expected);
        assert_eq!(table(format!("\u{feff}{text}").as_bytes()), expected);
        let utf16: Vec<u8> = format!("\u{feff}{}", text.replace(',', "\t").replace("Prøvestad\t", "Prøvestad,"))
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(table(&utf16), expected);
    }

    #[test]
    fn lines_are_counted_as_an_editor_does() {
        let text = "a;b;c\r\n\r\n1;\"x\r\ny \"\"z\"\"\";3\r\n\r\n4;5;6\r\n7;8;9";
        let expected = [
            row(1, &["a", "b", "c"]),
            row(3, &["1", "x\r\ny \"z\"", "3"]),
            row(6, &["4", "5", "6"]),
            row(7, &["7", "8", "9"]),
        ];
        assert_eq!(table(text.as_bytes()), expected);
    }

    #[test]
    fn a_lost_quotation_mark_costs_no_other_line() {
        let lines = ["a;b;c", "\"1;2;3", "4;5;6", "7;8;\"9", "10;11;12", "\"13\n\";14;15", "16;17;18"];
        let rows = table(lines.join("\n").as_bytes());
        let found: Vec<(usize, &str)> = rows.iter().map(|(line, texts)| (*line, texts[0].as_str())).collect();
        assert_eq!(found, [(1, "a"), (2, "\"1"), (3, "4"), (4, "7"), (5, "10"), (6, "13\n"), (8, "16")]);
    }

    #[test]
    fn rubbish_is_no_text() {
        assert!(matches!(read(b"PK\x03\x04\0\0\x08\0"), Err(Unreadable::NotText)));
        assert!(matches!(read(&[0x89, 0x50, 0x01, 0x02, 0x1a, 0x03]), Err(Unreadable::NotText)));
    }
}

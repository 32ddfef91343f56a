//! Reading a workbook.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};
use shared::import::{COLUMNS_MAX, Cell, GridRow, ROWS_MAX, has_headings};

use super::file::{Kind, Table, Unreadable};

/// Excel's last date, 31.12.9999, as a number.
const LAST_DATE: f64 = 2_958_465.0;

/// Reads the first sheet with headings that Samløp knows; where none has them, the first with something in it.
pub(super) fn read(bytes: &[u8]) -> Result<Table, Unreadable> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let names = workbook.sheet_names();
    let mut first = None;
    for name in &names {
        let rows = match rows(&mut workbook, name) {
            Ok(rows) => rows,
            // A sheet that is only a chart, for example, says nothing about the others.
            Err(XlsxError::NotAWorksheet(_) | XlsxError::WorksheetNotFound(_)) => continue,
            Err(error) => return Err(unreadable(error)),
        };
        if has_headings(&rows) {
            return Ok(table(name, &names, rows));
        }
        if first.is_none() && !rows.is_empty() {
            first = Some((name, rows));
        }
    }
    let (name, rows) = first.ok_or(Unreadable::Empty)?;
    Ok(table(name, &names, rows))
}

fn table(name: &str, names: &[String], rows: Vec<GridRow>) -> Table {
    let others = names.iter().filter(|other| *other != name).cloned().collect();
    Table { rows, kind: Kind::Workbook { sheet: name.to_owned(), others } }
}

/// The rows of a sheet that hold something. A sheet can claim to have millions of cells; no more are kept
/// than are needed to see that there are too many.
fn rows(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Vec<GridRow>, XlsxError> {
    let mut reader = workbook.worksheet_cells_reader(name)?;
    let mut rows: BTreeMap<u32, Vec<Cell>> = BTreeMap::new();
    while let Some(found) = reader.next_cell()? {
        let cell = cell(found.get_value());
        if cell == Cell::Empty {
            continue;
        }
        let (row, column) = found.get_position();
        let cells = rows.entry(row).or_default();
        let column = usize::try_from(column).map_or(COLUMNS_MAX, |column| column.min(COLUMNS_MAX));
        if cells.len() <= column {
            cells.resize(column + 1, Cell::Empty);
        }
        cells[column] = cell;
        if rows.len() > ROWS_MAX + 1 {
            break;
        }
    }
    let numbered = rows.into_iter().map(|(row, cells)| GridRow { line: row as usize + 1, cells });
    Ok(numbered.collect())
}

fn cell(value: &DataRef) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Text(number.to_string()),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::DateTime(date) => day(*date),
        DataRef::SharedString(text) => filled(text),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => filled(text),
        DataRef::Bool(value) => Cell::Text(value.to_string()),
        DataRef::Error(error) => Cell::Text(error.to_string()),
    }
}

fn filled(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
}

/// A date without its time of day. What Excel itself could not show as a date stays a number.
fn day(date: ExcelDateTime) -> Cell {
    let number = date.as_f64();
    let day = (0.0..=LAST_DATE).contains(&number).then(|| date.as_datetime()).flatten();
    day.map_or(Cell::Number(number), |day| Cell::Date(day.date()))
}

fn unreadable(error: XlsxError) -> Unreadable {
    match error {
        XlsxError::Password => Unreadable::Locked,
        error => Unreadable::Broken(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};

    use super::*;

    fn workbook() -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        workbook.add_worksheet().set_name("Om lista")?.write(0, 0, "ikke rør")?;
        let sheet = workbook.add_worksheet().set_name("Deltakere")?;
        sheet.write(0, 0, "Oversikt introløp")?;
        for (column, heading) in (0..).zip(["Deltaker", "Fase", "Startdato", "Telefon"]) {
            sheet.write(2, column, heading)?;
        }
        sheet.write(4, 0, "Lina Testesen")?;
        sheet.write(4, 1, "Bosetting")?;
        let format = Format::new().set_num_format("dd.mm.yyyy");
        sheet.write_with_format(4, 2, &ExcelDateTime::from_ymd(2026, 2, 3)?, &format)?;
        sheet.write(4, 3, 90_000_001)?;
        sheet.write(5, 200, "langt til høyre")?;
        workbook.save_to_buffer()
    }

    #[test]
    fn the_sheet_with_the_headings_is_read_with_its_row_numbers() {
        let table = workbook().ok().and_then(|bytes| read(&bytes).ok());
        let Some(Table { rows, kind: Kind::Workbook { sheet, others } }) = table else { unreachable!("a workbook") };
        assert_eq!((sheet.as_str(), others), ("Deltakere", vec!["Om lista".to_owned()]));
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [1, 3, 5, 6]);
        let date = NaiveDate::from_ymd_opt(2026, 2, 3).unwrap_or_default();
        assert_eq!(rows[2].cells[2..], [Cell::Date(date), Cell::Number(90_000_001.0)]);
        assert_eq!(rows[2].cells[3].text(), "90000001");
        assert_eq!(rows[3].cells.len(), COLUMNS_MAX + 1);
    }

    #[test]
    fn a_broken_workbook_is_refused() {
        let bytes = workbook().unwrap_or_default();
        assert!(matches!(read(b"ikke en arbeidsbok"), Err(Unreadable::Broken(_))));
        assert!(matches!(read(&bytes[..bytes.len() / 2]), Err(Unreadable::Broken(_))));
    }

    #[test]
    fn a_number_that_is_no_date_does_no_harm() {
        let date = |number| day(calamine::ExcelDateTime::new(number, calamine::ExcelDateTimeType::DateTime, false));
        assert_eq!(date(-1e300), Cell::Number(-1e300));
        assert_eq!(date(1e300), Cell::Number(1e300));
    }
}

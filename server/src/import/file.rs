//! From a path to rows and cells.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use shared::import::GridRow;

use super::{csv, xlsx};

/// The largest file that is read, in megabytes.
pub(super) const MEGABYTES_MAX: u64 = 10;

/// A file as rows and cells.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) rows: Vec<GridRow>,
    pub(super) kind: Kind,
}

/// How the file was read.
#[derive(Debug)]
pub(super) enum Kind {
    /// As CSV.
    Csv { encoding: &'static str, delimiter: char },
    /// As a workbook, of which one sheet was read and the others were not.
    Workbook { sheet: String, others: Vec<String> },
}

/// Why a file could not be read.
#[derive(Debug)]
pub(super) enum Unreadable {
    /// There is none.
    NotFound,
    /// The computer says no, for this reason.
    Denied(String),
    /// It is a folder.
    Folder,
    /// It is larger than [`MEGABYTES_MAX`].
    TooLarge,
    /// Its name ends in something else than what is read.
    WrongKind,
    /// There is nothing in it.
    Empty,
    /// It is called CSV but is not text.
    NotText,
    /// It is a workbook with a password.
    Locked,
    /// It can't be taken apart.
    Broken(String),
}

/// Reads a CSV file or a workbook; the ending of its name tells which.
pub(super) fn read(path: &Path) -> Result<Table, Unreadable> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let read = match ending.as_str() {
        _ if path.is_dir() => return Err(Unreadable::Folder),
        "csv" | "txt" | "tsv" => csv::read,
        "xlsx" | "xlsm" => xlsx::read,
        _ => return Err(Unreadable::WrongKind),
    };
    let bytes = bytes(path)?;
    if bytes.is_empty() { Err(Unreadable::Empty) } else { read(&bytes) }
}

fn bytes(path: &Path) -> Result<Vec<u8>, Unreadable> {
    let limit = MEGABYTES_MAX * 1024 * 1024;
    let mut bytes = Vec::new();
    let file = File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes));
    match file {
        Ok(length) if length as u64 > limit => Err(Unreadable::TooLarge),
        Ok(_) => Ok(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(Unreadable::NotFound),
        Err(error) => Err(Unreadable::Denied(error.to_string())),
    }
}

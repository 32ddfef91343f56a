use std::path::{Path, PathBuf};

use clap::Parser;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};
use shared::import::ImportRow;
use shared::tracks::SeenTrackForm;
use store::testing::{Engine, TestStore};

use super::*;

/// What people have written into a list over the years; columns as in [`HEADINGS`].
const ROWS: [[&str; 9]; 12] = [
    [
        "Testesen, Lina",
        "Praksis",
        "03.02.2026",
        "nb",
        "inn@example.no",
        "nav Prøve",
        "",
        "90000001",
        "Kokk; \"B1\"\nnå",
    ],
    ["Øyvind Ærlighetsen", " kart legging ", "04.02.2026", "", "inn Prøve", "nav@example.no", "o@example.org", "", ""],
    ["Amina Kladdeng", "Avsluttet", "05.02.2026", "so", "", "", "", "90000003", ""],
    ["Amina Kladdeng", "Avsluttet", "05.02.2026", "so", "", "", "", "90000003", ""],
    ["Omar Testesen", "Ukjent fase", "06.02.2026", "", "", "", "", "", ""],
    ["Nadia Testesen", "Praksis", "31.02.2026", "", "", "", "", "", ""],
    ["   ", "Praksis", "07.02.2026", "", "", "", "", "", ""],
    ["=HYPERLINK(\"x\")", "Praksis", "07.02.2026", "", "", "", "", "", ""],
    ["<b>Feven</b>", "Praksis", "07.02.2026", "", "", "", "", "", ""],
    ["Karim Skissedal", "", "07.02.2026", "", "", "", "", "", ""],
    ["Iryna Malheim", "Praksis", "08.02.2026", "", "ukjent@example.no", "", "ikke en adresse", "", "fnr 13897240054"],
    ["Lina Testesen", "Praksis", "09.02.2026", "", "", "", "l@example.org", "", ""],
];
const HEADINGS: [&str; 9] =
    ["Deltaker", "Fase", "Startdato", "Språk", "INN-kontakt", "NAV-kontakt", "E-post", "Telefon", "Mål"];

fn as_csv(delimiter: &str, line_end: &str) -> String {
    let cell = |text: &&str| {
        let is_plain = !text.contains(['"', '\n', ';', ',']);
        if is_plain { (*text).to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
    };
    let row = |cells: &[&str; 9]| cells.iter().map(cell).collect::<Vec<_>>().join(delimiter) + line_end;
    std::iter::once(&HEADINGS).chain(&ROWS).map(row).collect()
}

/// With a title above, real dates, numbers as phone numbers, and another sheet.
fn as_workbook() -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("Deltakere")?;
    sheet.write(0, 0, "Oversikt, oppdatert 14.11.")?;
    let date_format = Format::new().set_num_format("yyyy-mm-dd");
    for (row, cells) in (2..).zip(std::iter::once(&HEADINGS).chain(&ROWS)) {
        for (column, text) in (0..).zip(cells) {
            let date: Vec<u8> = text.split(['.']).take(2).filter_map(|part| part.parse().ok()).collect();
            match (column, date.as_slice(), text.parse::<f64>()) {
                (2, [day @ 1..=28, month], _) => {
                    sheet.write_with_format(row, column, &ExcelDateTime::from_ymd(2026, *month, *day)?, &date_format)?
                }
                (7, _, Ok(number)) => sheet.write(row, column, number)?,
                _ => sheet.write(row, column, *text)?,
            };
        }
    }
    workbook.add_worksheet().set_name("Notater")?.write(0, 0, "ikke rør")?;
    workbook.save_to_buffer()
}

/// The same list as three kinds of file.
fn files(folder: &Path) -> Vec<PathBuf> {
    let excel = encoding_rs::WINDOWS_1252.encode(&as_csv(";", "\r\n")).0.into_owned();
    let other = format!("\u{feff}{}", as_csv(",", "\n")).into_bytes();
    let contents = [("excel.csv", excel), ("other.csv", other), ("list.xlsx", as_workbook().unwrap())];
    let write = |(name, content): (&str, Vec<u8>)| {
        let path = folder.join(name);
        std::fs::write(&path, content).unwrap();
        path
    };
    contents.into_iter().map(write).collect()
}

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    args: ImportArgs,
}

/// Runs the command and gives its exit code and what it printed.
async fn samlop_import(test: &TestStore, path: &Path, flags: &[&str]) -> (u8, String) {
    let command = ["import", path.to_str().unwrap(), "--track", "introlop"].into_iter().chain(flags.iter().copied());
    let database = DatabaseArgs { database_url: test.url.clone() };
    let mut out = Vec::new();
    let code = run(&database, Command::parse_from(command).args, &mut out).await.unwrap();
    (code, String::from_utf8(out).unwrap())
}

async fn cards(test: &TestStore) -> usize {
    let board = test.person("inn").await.board("introlop").await.unwrap();
    board.columns.iter().map(|column| column.count).sum()
}

#[tokio::test]
async fn the_same_list_gives_the_same_participants_whatever_kind_of_file() {
    let test = TestStore::new(Engine::Sqlite).await;
    let folder = tempfile::tempdir().unwrap();
    let context = test.store.system("test").import_context("introlop").await.unwrap();
    let judged = files(folder.path()).into_iter().map(|path| {
        let table = file::read(&path).unwrap();
        let report = judge(&table.rows, &context, &Choices::default()).unwrap();
        let without_line = |row: ImportRow| ImportRow { line: 0, ..row };
        let faults: Vec<_> = report.findings.iter().map(|finding| (finding.fault, finding.consequence)).collect();
        (report.rows.into_iter().map(without_line).collect::<Vec<_>>(), faults, report.doubled.len())
    });
    let judged: Vec<_> = judged.collect();
    assert_eq!((judged[0].0.len(), judged[0].2), (4, 1));
    assert_eq!(judged[0], judged[1]);
    assert_eq!(judged[0], judged[2]);
}

#[tokio::test]
async fn nothing_is_written_before_it_is_asked_for_and_nobody_twice() {
    let test = TestStore::new(Engine::Sqlite).await;
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path());
    assert_eq!(samlop_import(&test, &files[0], &[]).await.0, DONE);
    assert_eq!(cards(&test).await, 0);
    assert_eq!(samlop_import(&test, &files[0], &["--write"]).await.0, DONE);
    assert_eq!(cards(&test).await, 4);
    let flags = ["--write", "--closing-reason", "completed", "--closing-outcome", "education", "--phase", "=Praksis"];
    for file in files.iter().chain(&files) {
        assert_eq!(samlop_import(&test, file, &flags).await.0, DONE);
        assert_eq!(cards(&test).await, 6);
    }
}

#[tokio::test]
async fn a_list_for_a_retired_track_is_refused() {
    let test = TestStore::new(Engine::Sqlite).await;
    let folder = tempfile::tempdir().unwrap();
    let retire = SeenTrackForm { track: "introlop".into(), version: 1 };
    test.person("admin").await.retire_track(&retire).await.unwrap();
    let refused = samlop_import(&test, &files(folder.path())[0], &["--write"]).await;
    assert_eq!(refused, (REFUSED, String::new()));
    assert_eq!(cards(&test).await, 0);
}

#[tokio::test]
async fn where_no_database_is_none_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let list = &files(folder.path())[0];
    let database = folder.path().join("none.db");
    let command = ["import", list.to_str().unwrap(), "--track", "introlop"];
    let args = DatabaseArgs { database_url: format!("sqlite:{}", database.display()) };
    let refused = run(&args, Command::parse_from(command).args, &mut Vec::new()).await.unwrap_err();
    assert!(refused.to_string().starts_with("There is no such database"), "{refused}");
    assert!(!database.exists());
}

#[tokio::test]
async fn the_report_names_line_column_and_value_and_hides_identity_numbers() {
    let test = TestStore::new(Engine::Sqlite).await;
    let folder = tempfile::tempdir().unwrap();
    let path = &files(folder.path())[0];
    let (_, report) = samlop_import(&test, path, &[]).await;
    // The first person's goal has a line break in it, so everybody else is one line further down.
    for expected in [
        "Linje 8, Startdato: 31.02.2026",
        "Linje 9, Deltaker: (tomt)",
        "Linje 10, Deltaker: =HYPERLINK(\"x\")",
        "Linje 13, INN-kontakt: ukjent@example.no",
        "Linje 13, Mål: fnr 138972*****",
        "--phase \"Ukjent fase=FASE\"",
        "«kart legging» er lest som «Kartlegging»: linje 4.",
        "Linje 6: Amina Kladdeng, samme person som på linje 5.",
        "Rader: 12. Blir med: 4,",
    ] {
        assert!(report.contains(expected), "{expected} is missing in\n{report}");
    }
    for (language, word) in [("nn", "BLIR IKKJE MED"), ("en", "LEFT OUT")] {
        let (_, report) = samlop_import(&test, path, &["--language", language]).await;
        assert!(report.contains(word) && !report.contains("13897240054"), "{report}");
    }
}

#[tokio::test]
async fn what_is_no_list_is_refused() {
    let test = TestStore::new(Engine::Sqlite).await;
    let folder = tempfile::tempdir().unwrap();
    let large = vec![b'a'; 11 * 1024 * 1024];
    let contents: [(&str, &[u8]); 7] = [
        ("empty.csv", b""),
        ("blank.csv", b"\r\n;;;\r\n"),
        ("rubbish.csv", b"PK\x03\x04\0\0"),
        ("rubbish.xlsx", b"PK\x03\x04\0\0"),
        ("list.pdf", b"%PDF-1.7"),
        ("large.csv", &large),
        ("nameless.csv", b"Fase;Startdato\r\nPraksis;01.02.2026\r\n"),
    ];
    for (name, content) in contents {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        assert_eq!(samlop_import(&test, &path, &["--write"]).await.0, REFUSED, "{name}");
    }
    assert_eq!(samlop_import(&test, folder.path(), &[]).await.0, REFUSED);
    assert_eq!(samlop_import(&test, &folder.path().join("none.csv"), &[]).await.0, REFUSED);
    assert_eq!(cards(&test).await, 0);
}

#[tokio::test]
async fn a_list_without_a_good_line_is_no_success() {
    let test = TestStore::new(Engine::Sqlite).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.csv");
    std::fs::write(&path, "Deltaker;Fase;Startdato\nLina Testesen;Praksis;i morgen\n").unwrap();
    assert_eq!(samlop_import(&test, &path, &["--write"]).await.0, NOTHING_GOOD);
}

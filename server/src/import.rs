//! `samlop import`: the list that an office keeps today becomes participants on a track.

mod csv;
mod file;
mod print;
mod xlsx;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use app::texts::Texts;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use shared::board::{ClosingReason, Outcome};
use shared::error::{AppError, Problem};
use shared::import::{Choices, PhaseChoice, Report, judge};
use shared::locale::Locale;
use shared::text::Line;
use store::StoreError;

use crate::config::DatabaseArgs;

/// Something could be imported, or all are there already.
const DONE: u8 = 0;
/// Nothing could be imported, since no line was good.
const NOTHING_GOOD: u8 = 1;
/// The file or the command was refused as a whole.
const REFUSED: u8 = 2;

/// What `samlop import` takes.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The list: a workbook (.xlsx), or text with semicolons, commas or tabs (.csv).
    file: PathBuf,
    /// The track, as in the address of its board: /tracks/SLUG.
    #[arg(long, value_name = "SLUG")]
    track: String,
    /// Add the participants. Without this the list is only judged.
    #[arg(long)]
    write: bool,
    /// Read a phase in the list as one of the track's: "Praksis=I program", or "=Bosetting" for an empty
    /// one. May be repeated.
    #[arg(long = "phase", value_name = "LISTED=PHASE")]
    phases: Vec<PhaseChoice>,
    /// Why those in a closing phase left the track, where the list does not say it.
    #[arg(long, value_parser = codes(&ClosingReason::ALL, ClosingReason::code))]
    closing_reason: Option<ClosingReason>,
    /// The reason in words, if it is "other".
    #[arg(long, value_name = "TEXT", value_parser = closing_text, required_if_eq("closing_reason", "other"))]
    closing_text: Option<Line<200>>,
    /// Where the track led them, where the list does not say it.
    #[arg(long, value_parser = codes(&Outcome::ALL, Outcome::code))]
    closing_outcome: Option<Outcome>,
    /// The language of the report.
    #[arg(long, default_value = "nb", value_parser = codes(&Locale::ALL, Locale::tag))]
    language: Locale,
}

/// Judges the list and, if asked to, writes what is good.
pub(crate) async fn import(database: &DatabaseArgs, args: ImportArgs) -> anyhow::Result<ExitCode> {
    Ok(ExitCode::from(run(database, args, &mut std::io::stdout()).await?))
}

async fn run(database: &DatabaseArgs, args: ImportArgs, out: &mut impl Write) -> anyhow::Result<u8> {
    let texts = Texts::from(args.language);
    let refuse = |reason: &str| {
        eprintln!("{}", texts.import_refused(reason));
        Ok(REFUSED)
    };
    let table = match file::read(&args.file) {
        Ok(table) => table,
        Err(error) => return refuse(&print::unreadable(texts, &args.file, &error)),
    };
    let store = database.open_existing().await?;
    let system = store.system("import");
    let context = match system.import_context(&args.track).await {
        Ok(context) => context,
        Err(StoreError::Refused(AppError::NotFound)) => {
            return refuse(&texts.import_refusal_no_such_track(&args.track));
        }
        Err(StoreError::Refused(AppError::TrackChanged(_))) => {
            return refuse(&texts.import_refusal_retired_track(&args.track));
        }
        Err(error) => return Err(error.into()),
    };
    let choices = Choices {
        phases: args.phases,
        reason: args.closing_reason,
        reason_text: args.closing_text,
        outcome: args.closing_outcome,
    };
    let report = match judge(&table.rows, &context, &choices) {
        Ok(report) => report,
        Err(refusal) => return refuse(&print::refusal(texts, &args.file, &refusal, &context)),
    };
    write!(out, "{}", print::report(texts, &args.file, &table.kind, &report, &context))?;
    let exit = exit_code(&report);
    let last = if report.rows.is_empty() {
        texts.import_nothing_new().to_owned()
    } else if args.write {
        let count = system.import(&args.track, report.rows).await?;
        texts.import_written(&count.to_string())
    } else {
        texts.import_not_written().to_owned()
    };
    writeln!(out, "{last}")?;
    store.close().await?;
    Ok(exit)
}

/// A run that finds everybody there already has succeeded.
fn exit_code(report: &Report) -> u8 {
    if report.rows.is_empty() && report.already.is_empty() { NOTHING_GOOD } else { DONE }
}

/// One of the values, by its code; `--help` lists them.
fn codes<T: Copy + Send + Sync + 'static>(
    all: &'static [T],
    code: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    let known = PossibleValuesParser::new(all.iter().map(|value| code(*value)));
    known.try_map(move |typed| all.iter().copied().find(|value| code(*value) == typed).ok_or(Problem::UnknownChoice))
}

fn closing_text(typed: &str) -> Result<Line<200>, Problem> {
    Line::parse(typed)
}

#[cfg(test)]
mod tests;

//! Figures, and tables of them in plain text.

use std::fmt;

/// Measurements of one thing, in order of size.
pub(super) struct Sample(Vec<f64>);

impl Sample {
    /// Takes the measurements in whatever order they were made.
    pub(super) fn new(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        Self(values)
    }

    /// The middle one.
    pub(super) fn p50(&self) -> f64 {
        self.percentile(50)
    }

    /// The one that only five of a hundred exceed.
    pub(super) fn p95(&self) -> f64 {
        self.percentile(95)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// By nearest rank: always a value that was measured. Zero where nothing was.
    fn percentile(&self, percent: usize) -> f64 {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).copied().unwrap_or_default()
    }
}

/// What a figure ought to be.
#[derive(Clone, Copy)]
pub(super) enum Aim {
    /// This or less.
    AtMost(f64),
    /// This or more.
    AtLeast(f64),
}

impl Aim {
    /// The aim with its unit, and whether the figure meets it.
    pub(super) fn judge(self, figure: f64, unit: &str) -> String {
        let (sign, aim, met) = match self {
            Self::AtMost(aim) => ("≤", aim, figure <= aim),
            Self::AtLeast(aim) => ("≥", aim, figure >= aim),
        };
        format!("{sign} {aim} {unit} {}", if met { "met" } else { "MISSED" })
    }
}

/// A table whose first column holds words and whose others hold figures.
pub(super) struct Table {
    title: String,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with this title and these words above its columns.
    pub(super) fn new(title: &str, columns: &[&str]) -> Self {
        Self { title: title.to_owned(), rows: vec![columns.iter().map(|&column| column.to_owned()).collect()] }
    }

    /// Adds a row; columns at its end may be left out.
    pub(super) fn row(&mut self, cells: &[&str]) {
        self.rows.push(cells.iter().map(|&cell| cell.to_owned()).collect());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or_default();
        let width =
            |column: usize| self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
        let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or_default()).collect();
        writeln!(f, "{}", self.title)?;
        for row in &self.rows {
            let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| match column {
                0 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            });
            writeln!(f, "  {}", cells.collect::<Vec<_>>().join("   ").trim_end())?;
        }
        Ok(())
    }
}

/// A number with a space after each three digits: `12 345`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// Milliseconds as a person reads them: finer where there are few.
pub(super) fn milliseconds(time: f64) -> String {
    if time < 100.0 { format!("{time:.1} ms") } else { format!("{time:.0} ms") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_measured_values() {
        let sample = Sample::new((1..=20).rev().map(f64::from).collect());
        assert!((sample.p50() - 10.0).abs() < f64::EPSILON);
        assert!((sample.p95() - 19.0).abs() < f64::EPSILON);
        let one = Sample::new(vec![7.0]);
        assert!((one.p50() - 7.0).abs() < f64::EPSILON && (one.p95() - 7.0).abs() < f64::EPSILON);
        assert!(Sample::new(vec![]).p50().abs() < f64::EPSILON);
    }

    #[test]
    fn an_aim_is_judged() {
        assert_eq!(Aim::AtMost(15.0).judge(14.9, "ms"), "≤ 15 ms met");
        assert_eq!(Aim::AtLeast(1000.0).judge(999.0, "/s"), "≥ 1000 /s MISSED");
    }

    #[test]
    fn columns_stand_below_each_other() {
        let mut table = Table::new("Board", &["cards", "p50", "aim"]);
        table.row(&["100", "1.5 ms", "≤ 15"]);
        table.row(&["3 000", "12 ms"]);
        assert_eq!(table.to_string(), "Board\n  cards      p50    aim\n  100     1.5 ms   ≤ 15\n  3 000    12 ms\n");
    }

    #[test]
    fn long_numbers_are_grouped() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(1234), "1 234");
        assert_eq!(grouped(1_234_567), "1 234 567");
    }
}

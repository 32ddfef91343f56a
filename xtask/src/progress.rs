//! Telling a person what is going on.

use std::time::{Duration, Instant};

use anyhow::{Error, Result};

/// Says what is done and why, does it, and says how long it took.
pub(crate) fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("» {what}");
    let start = Instant::now();
    let result = work()?;
    println!("  done in {}", duration(start.elapsed()));
    Ok(result)
}

/// Says what went wrong, and below it why.
pub(crate) fn complain(error: &Error) {
    for cause in error.chain() {
        eprintln!("{cause}");
    }
}

/// A length of time as a person reads it.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

/// A size as a person reads it.
pub(crate) fn size(bytes: u64) -> String {
    if bytes < 1_000_000 {
        format!("{} kB", bytes.div_ceil(1000))
    } else {
        format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_are_readable() {
        assert_eq!(duration(Duration::from_millis(1240)), "1.2 s");
        assert_eq!(duration(Duration::from_secs(187)), "3 min 07 s");
        assert_eq!(size(147_001), "148 kB");
        assert_eq!(size(12_345_678), "12.3 MB");
    }
}

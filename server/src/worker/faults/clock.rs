//! One clock for several processes: the machine's, and how far it has been set forward, which stands in a file.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use store::Clock;

/// The clock that all nodes share and the run sets forward.
pub(super) struct SharedClock {
    file: PathBuf,
    ahead: TimeDelta,
}

impl SharedClock {
    /// Begins at this time.
    pub(super) fn new(folder: &Path, now: DateTime<Utc>) -> Self {
        let clock = Self { file: folder.join("clock"), ahead: now - Utc::now() };
        clock.write();
        clock
    }

    /// Where it stands, for [`read`].
    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// Sets it forward for everybody.
    pub(super) fn advance(&mut self, by: TimeDelta) {
        self.ahead += by;
        self.write();
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        Utc::now() + self.ahead
    }

    /// Whoever reads meanwhile finds the time before or after, never half a number.
    fn write(&self) {
        let next = self.file.with_extension("next");
        fs::write(&next, self.ahead.num_milliseconds().to_string()).unwrap();
        fs::rename(next, &self.file).unwrap();
    }
}

/// The clock that stands in this file.
pub(super) fn read(file: PathBuf) -> Clock {
    Clock::new(move || {
        let ahead = fs::read_to_string(&file).unwrap().parse().unwrap();
        Utc::now() + TimeDelta::milliseconds(ahead)
    })
}

//! How far a run is: counters that the library moves and whoever watches may look at, from any thread and at any time.

use std::sync::atomic::{AtomicU64, Ordering};

/// Some work, and how much of it is done.
#[derive(Debug, Default)]
pub struct Work {
    all: AtomicU64,
    done: AtomicU64,
}

impl Work {
    /// What is done, and how much there is.
    pub fn state(&self) -> (u64, u64) {
        let all = self.all.load(Ordering::Relaxed);
        (self.done.load(Ordering::Relaxed).min(all), all)
    }

    pub(crate) fn expect(&self, more: u64) {
        self.all.fetch_add(more, Ordering::Relaxed);
    }

    pub(crate) fn add(&self, done: u64) {
        self.done.fetch_add(done, Ordering::Relaxed);
    }
}

/// The two long stages of a run.
#[derive(Debug, Default)]
pub struct Progress {
    /// Reading, in bytes of all files.
    pub reading: Work,
    /// Judging, in rows of each rule.
    pub judging: Work,
}

//! Where the time goes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A part of the work, in the order that data passes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Decode, choose the region, resample, describe.
    Read,
    /// Log-mel patch.
    LogMel,
    /// The model's inference.
    Embed,
    /// The FLAC audio sprite.
    AudioSprite,
    /// Spectrogram tiles and their pages.
    Sprite,
    /// Preparation of embeddings, and neighbours.
    Neighbours,
    /// Both projections.
    Project,
    /// Files, checksums, renaming.
    Write,
}

/// Every stage with its name in the report.
pub const STAGES: [(Stage, &str); 8] = [
    (Stage::Read, "read"),
    (Stage::LogMel, "log-mel"),
    (Stage::Embed, "embed"),
    (Stage::AudioSprite, "audio sprite"),
    (Stage::Sprite, "sprite"),
    (Stage::Neighbours, "neighbours"),
    (Stage::Project, "project"),
    (Stage::Write, "write"),
];

/// Seconds by stage, added up over all threads: stages that run side by side may add up to more than the clock.
#[derive(Debug, Default)]
pub struct StageClock {
    nanoseconds: [AtomicU64; STAGES.len()],
}

impl StageClock {
    /// Runs `work` and counts its time to `stage`.
    pub fn time<T>(&self, stage: Stage, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        self.add(stage, start.elapsed());
        result
    }

    /// Counts `spent` to `stage`.
    pub fn add(&self, stage: Stage, spent: Duration) {
        let nanoseconds = u64::try_from(spent.as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds[stage as usize].fetch_add(nanoseconds, Ordering::Relaxed);
    }

    /// Time counted to `stage` so far.
    pub fn spent(&self, stage: Stage) -> Duration {
        Duration::from_nanos(self.nanoseconds[stage as usize].load(Ordering::Relaxed))
    }
}

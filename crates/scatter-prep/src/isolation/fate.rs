//! How a decoder's process ended, in words for the report.

use std::fmt;
use std::process::ExitStatus;
use std::time::Duration;

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Nothing came for so long.
    TooLong(Duration),
    /// It was refused memory: so many bytes at the last.
    Memory {
        /// Bytes.
        asked: String,
    },
    /// A signal ended it.
    Signal(i32),
    /// It ended by itself, or in a way that the system does not tell.
    Ended,
}

impl Fate {
    /// From its exit status and what it said on standard error.
    pub fn of(status: Option<ExitStatus>, said: &str) -> Self {
        // The standard library's words for an allocation that failed.
        let asked = said.split("memory allocation of ").nth(1).and_then(|rest| rest.split(' ').next());
        if let Some(asked) = asked {
            return Self::Memory { asked: asked.to_owned() };
        }
        match status.and_then(signal) {
            Some(signal) => Self::Signal(signal),
            None => Self::Ended,
        }
    }

    /// A sentence for a file whose decoder it was, with the limit on memory in MiB.
    pub fn sentence(&self, memory: u64) -> String {
        match self {
            Self::TooLong(limit) => format!(
                "took longer than {} s to decode and was given up; --timeout-per-file allows more",
                limit.as_secs_f64()
            ),
            Self::Memory { asked } => format!(
                "needs more than {memory} MiB of memory to decode ({asked} bytes more, at the last), and was given \
                 up; --memory-per-file allows more"
            ),
            Self::Signal(_) | Self::Ended => {
                format!("its decoder broke down ({self}) and was given up; please report this file")
            }
        }
    }
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong(limit) => write!(f, "nothing came for {} s", limit.as_secs_f64()),
            Self::Memory { .. } => write!(f, "no memory"),
            Self::Signal(number) => write!(f, "signal {number}"),
            Self::Ended => write!(f, "it ended too early"),
        }
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_status: ExitStatus) -> Option<i32> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    #[test]
    fn an_abort_for_want_of_memory_is_told_from_others() {
        let aborted = ExitStatus::from_raw(6);
        let said = "memory allocation of 8589934592 bytes failed\n";
        let fate = Fate::of(Some(aborted), said);
        assert_eq!(fate, Fate::Memory { asked: "8589934592".to_owned() });
        assert!(fate.sentence(512).contains("needs more than 512 MiB"));
        assert_eq!(Fate::of(Some(aborted), ""), Fate::Signal(6));
        assert_eq!(Fate::of(Some(ExitStatus::from_raw(0)), ""), Fate::Ended);
    }
}

//! How a number of patches is shared out to ONNX Runtime.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// Points a call of the model that are tried.
const BATCHES: [usize; 3] = [4, 16, 64];

/// Sessions side by side, threads of each, and what they do; written `2x1x16`, or `1x2x16-spinning`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Sessions, each in a thread of its own.
    pub sessions: usize,
    /// Threads that a session computes with.
    pub threads: usize,
    /// Points a call of the model.
    pub batch: usize,
    /// Whether a session's threads wait for work in a loop instead of asleep.
    pub spinning: bool,
}

impl Setting {
    /// All that are worth a try with this many cores: a session a core, one session of all, and pairs between.
    pub fn candidates(cores: usize) -> Vec<Self> {
        let mut layouts = vec![(cores, 1, false)];
        if cores > 1 {
            layouts.extend([(1, cores, false), (1, cores, true)]);
        }
        if cores > 3 {
            layouts.push((cores / 2, 2, false));
        }
        let with_batches =
            |(sessions, threads, spinning)| BATCHES.map(|batch| Self { sessions, threads, batch, spinning });
        layouts.into_iter().flat_map(with_batches).collect()
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sessions, threads, batch, spinning } = self;
        write!(f, "{sessions}x{threads}x{batch}{}", if *spinning { "-spinning" } else { "" })
    }
}

impl FromStr for Setting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (numbers, spinning) = match text.strip_suffix("-spinning") {
            Some(numbers) => (numbers, true),
            None => (text, false),
        };
        let parsed: Option<Vec<usize>> =
            numbers.split('x').map(|number| number.parse().ok().filter(|&number| number > 0)).collect();
        match parsed.as_deref() {
            Some(&[sessions, threads, batch]) => Ok(Self { sessions, threads, batch, spinning }),
            _ => Err(format!("{text} is no setting; it looks like 2x1x16 or 1x2x16-spinning")),
        }
    }
}

impl Serialize for Setting {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_read_as_it_is_written_and_nothing_else_is() {
        for cores in [1, 2, 8] {
            let candidates = Setting::candidates(cores);
            assert!(candidates.iter().all(|setting| setting.to_string().parse() == Ok(*setting)));
            assert!(candidates.iter().all(|setting| setting.sessions * setting.threads == cores));
        }
        for text in ["", "2x1", "2x1x0", "2x1x16x1", "2x1x16-", "-spinning"] {
            assert!(text.parse::<Setting>().is_err(), "{text}");
        }
    }
}

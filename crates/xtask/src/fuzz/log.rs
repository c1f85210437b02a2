//! What libFuzzer says.

use std::fmt;

/// The figures of one process.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Inputs run.
    pub executions: u64,
    /// Places in the code that were reached.
    pub coverage: u64,
    /// Features: places, how often each was passed, and comparisons.
    pub features: u64,
}

impl Figures {
    /// Reads them from a log: `#123 NEW    cov: 45 ft: 67 corp: 8/9Kb …`, and `stat::number_of_executed_units: 123`.
    pub fn read(log: &str) -> Self {
        let mut figures = Self::default();
        for line in log.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            if let Some(number) =
                line.strip_prefix('#').and(words.first()).and_then(|word| word[1..].parse().ok())
            {
                figures.executions = figures.executions.max(number);
                let after =
                    |name| words.iter().position(|word| *word == name).and_then(|at| words.get(at + 1));
                let number = |name| after(name).and_then(|word| word.parse().ok());
                figures.coverage = number("cov:").unwrap_or(figures.coverage);
                figures.features = number("ft:").unwrap_or(figures.features);
            } else if let Some(number) = line.strip_prefix("stat::number_of_executed_units:") {
                figures.executions = number.trim().parse().unwrap_or(figures.executions);
            }
        }
        figures
    }
}

/// What a find did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where it panicked, what it could not allocate, or libFuzzer's own word. Two finds with one are one.
    pub what: String,
    /// The panic's message.
    pub message: String,
}

impl Fault {
    /// Reads it from a log.
    pub fn read(log: &str) -> Self {
        let (mut lines, mut own) = (log.lines(), None);
        while let Some(line) = lines.next() {
            if let Some((_, place)) = line.split_once(" panicked at ") {
                let message = lines.next().unwrap_or_default().to_owned();
                return Self { what: format!("panic at {}", place.trim_end_matches(':')), message };
            }
            if line.starts_with("memory allocation of ") {
                return Self { what: line.to_owned(), message: String::new() };
            }
            own = own.or_else(|| line.split_once("ERROR: libFuzzer: ").map(|(_, word)| word.to_owned()));
        }
        Self { what: own.unwrap_or_else(|| "ended without a word".to_owned()), message: String::new() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if self.message.is_empty() { Ok(()) } else { write!(f, ": {}", self.message) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
INFO: Loaded 1 modules   (165015 inline 8-bit counters)
#7\tINITED cov: 1161 ft: 1862 corp: 6/28Kb exec/s: 0 rss: 36Mb
#1900\tNEW    cov: 1249 ft: 4172 corp: 59/224Kb lim: 15699 exec/s: 0 rss: 37Mb L: 3/4 MS: 1 CMP-

thread '<unnamed>' panicked at crates/scatter-audio/src/region.rs:40:9:
index out of bounds
==12== ERROR: libFuzzer: deadly signal
stat::number_of_executed_units: 2000
stat::peak_rss_mb:              37";

    #[test]
    fn figures_are_the_last_that_were_said() {
        let figures = Figures { executions: 2_000, coverage: 1_249, features: 4_172 };
        assert_eq!(Figures::read(LOG), figures);
        // A process that was ended from outside has no statistics.
        let cut: String = LOG.lines().take(3).map(|line| format!("{line}\n")).collect();
        assert_eq!(Figures::read(&cut), Figures { executions: 1_900, ..figures });
        assert_eq!(Figures::read(""), Figures::default());
    }

    #[test]
    fn a_find_is_named_by_the_most_telling_line() {
        let title = |log: &str| Fault::read(log).to_string();
        assert_eq!(title(LOG), "panic at crates/scatter-audio/src/region.rs:40:9: index out of bounds");
        let last = "==3== ERROR: libFuzzer: deadly signal";
        assert_eq!(title(last), "deadly signal");
        assert_eq!(
            title(&format!("memory allocation of 9 bytes failed\n{last}")),
            "memory allocation of 9 bytes failed"
        );
        assert_eq!(title("==9== ERROR: libFuzzer: timeout after 12 seconds"), "timeout after 12 seconds");
    }
}

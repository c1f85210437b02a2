//! The sums of a test run.

use std::{collections::BTreeSet, fmt, time::Instant};

use anyhow::Result;

/// What passed, failed and was skipped so far.
#[derive(Debug, Default)]
pub struct Tally {
    passed: usize,
    failed: usize,
    /// Names of what failed.
    failures: Vec<String>,
    ignored: usize,
    skipped: BTreeSet<String>,
}

impl Tally {
    /// Runs a step that counts as one test.
    pub fn check(&mut self, name: &str, step: impl FnOnce() -> Result<()>) -> bool {
        println!("test: {name}");
        let start = Instant::now();
        match step() {
            Ok(()) => {
                println!("test: {name}: passed ({:.1} s)", start.elapsed().as_secs_f64());
                self.passed += 1;
                true
            }
            Err(error) => {
                self.fail(name, &error);
                false
            }
        }
    }

    /// Counts one failure and says why.
    pub fn fail(&mut self, name: &str, error: &anyhow::Error) {
        println!("test: {name}: FAILED: {error:#}");
        self.failed += 1;
        self.failures.push(name.to_owned());
    }

    /// Notes something that was left out: a line that starts with `skipped: `.
    pub fn skip(&mut self, line: &str) {
        self.skipped.insert(line.to_owned());
    }

    /// Adds the sums of another program's run, and the names of what failed in it.
    pub fn add(&mut self, name: &str, counts: Counts, failures: &[String]) {
        self.passed += counts.passed;
        self.failed += counts.failed;
        self.ignored += counts.ignored;
        if counts.failed > 0 && failures.is_empty() {
            self.failures.push(name.to_owned());
        }
        self.failures.extend(failures.iter().map(|failure| format!("{name}: {failure}")));
    }

    /// Number of failures.
    pub fn failed(&self) -> usize {
        self.failed
    }
}

/// Sums as another program reports them.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
    pub ignored: usize,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f)?;
        for line in &self.skipped {
            writeln!(f, "{line}")?;
        }
        if self.ignored > 0 {
            writeln!(f, "ignored: {} tests", self.ignored)?;
        }
        for name in &self.failures {
            writeln!(f, "failed: {name}")?;
        }
        writeln!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::anyhow;

    #[test]
    fn the_last_line_holds_the_sums() {
        let mut tally = Tally::default();
        assert!(tally.check("one", || Ok(())));
        assert!(!tally.check("two", || Err(anyhow!("broken"))));
        tally.add("three", Counts { passed: 10, failed: 3, ignored: 1 }, &["a".to_owned(), "b".to_owned()]);
        tally.add("four", Counts { passed: 5, ..Counts::default() }, &[]);
        tally.skip("skipped: x: NAME is not set");
        tally.skip("skipped: x: NAME is not set");
        let text = tally.to_string();
        assert_eq!(text.lines().last(), Some("16 passed, 4 failed"));
        assert_eq!(text.matches("skipped: x").count(), 1);
        assert!(text.contains("failed: two\nfailed: three: a\nfailed: three: b\n"), "{text}");
    }
}

//! The Test Anything Protocol, as `node --test` speaks it.

use std::collections::BTreeSet;

use super::tally::Counts;

/// Reads the output of `node --test --test-reporter=tap`.
#[derive(Debug, Default)]
pub struct Reader {
    /// From the closing lines, which count tests and not the suites and files around them.
    closing: Counts,
    is_complete: bool,
    /// Tests that were left out, each as a line that starts with `skipped: `.
    pub skipped: BTreeSet<String>,
    /// Names of the tests that failed.
    pub failures: Vec<String>,
}

impl Reader {
    /// Takes a line in.
    pub fn read(&mut self, line: &str) {
        if let Some((name, reason)) = skipped(line) {
            let reason = reason.strip_prefix("skipped: ").unwrap_or(reason);
            let reason = if reason.is_empty() { "left out" } else { reason };
            self.skipped.insert(format!("skipped: {name}: {reason}"));
        }
        // Tests within tests are indented and named by the one around them.
        if let Some((_, name)) = line.strip_prefix("not ok ").and_then(|rest| rest.split_once(" - ")) {
            self.failures.push(name.to_owned());
        }
        // A message of a test may look like a closing line, but is indented or comes before the real ones, which win.
        match line.strip_prefix("# ").and_then(|rest| rest.split_once(' ')) {
            Some(("pass", count)) => self.set(count, |counts, n| counts.passed = n),
            Some(("fail", count)) => self.set(count, |counts, n| counts.failed = n),
            // A test cancelled, by a time limit or a broken hook, did not pass.
            Some(("cancelled", count)) => self.set(count, |counts, n| counts.failed += n),
            Some(("todo", count)) => self.set(count, |counts, n| counts.ignored = n),
            _ => {}
        }
    }

    /// The sums, if the output came to its end.
    pub fn counts(&self) -> Option<Counts> {
        self.is_complete.then_some(self.closing)
    }

    fn set(&mut self, count: &str, store: impl FnOnce(&mut Counts, usize)) {
        if let Ok(count) = count.parse() {
            store(&mut self.closing, count);
            self.is_complete = true;
        }
    }
}

/// Reads `ok 2 - name # SKIP reason`.
fn skipped(line: &str) -> Option<(&str, &str)> {
    let (test, reason) = line.trim_start().strip_prefix("ok ")?.split_once(" # SKIP")?;
    let (_, name) = test.split_once(" - ")?;
    Some((name, reason.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "\
TAP version 13
# Subtest: the page draws
ok 1 - the page draws
  ---
  duration_ms: 5
  ...
# Subtest: opens the legacy dataset
ok 2 - opens the legacy dataset # SKIP skipped: SCATTER_TEST_LEGACY is not set
not ok 3 - plays
1..3
# tests 5
# suites 0
# pass 2
# fail 1
# cancelled 1
# skipped 1
# todo 0
# duration_ms 64.2";

    #[test]
    fn closing_lines_are_the_sums_and_cancelled_tests_failed() {
        let mut reader = Reader::default();
        OUTPUT.lines().for_each(|line| reader.read(line));
        assert_eq!(reader.counts(), Some(Counts { passed: 2, failed: 2, ignored: 0 }));
        assert_eq!(reader.failures, ["plays"]);
        let skipped: Vec<_> = reader.skipped.into_iter().collect();
        assert_eq!(skipped, ["skipped: opens the legacy dataset: SCATTER_TEST_LEGACY is not set"]);
    }

    #[test]
    fn output_cut_short_has_no_sums() {
        let mut reader = Reader::default();
        OUTPUT.lines().take(9).for_each(|line| reader.read(line));
        assert_eq!(reader.counts(), None);
    }
}

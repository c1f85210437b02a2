//! The native tests, and what their harness prints.

use std::collections::BTreeSet;

use super::{
    cargo,
    tally::{Counts, Tally},
};
use crate::{process, workspace::Workspace};

/// Runs `cargo test` on the workspace.
pub fn run(workspace: &Workspace, tally: &mut Tally) {
    println!("test: cargo test");
    // Only shown output of passing tests tells which of them skipped themselves.
    let mut command =
        cargo(workspace, &["test", "--quiet", "--workspace", "--no-fail-fast", "--", "--show-output"]);
    let mut reader = Reader::default();
    let status = process::stream(&mut command, |line| {
        if reader.read(line) {
            println!("{line}");
        }
    });
    let mut counts = reader.counts();
    match status {
        // A test program that does not build, or crashes, has no line of sums.
        Ok(status) if !status.success() && counts.failed == 0 => counts.failed = 1,
        Ok(_) => {}
        Err(error) => tally.fail("cargo test", &error),
    }
    println!("test: cargo test: {} passed, {} failed", counts.passed, counts.failed);
    tally.add("cargo test", counts, &reader.failures);
    for line in reader.skipped {
        tally.skip(&line);
    }
}

/// Reads the output of test programs line by line.
#[derive(Debug, Default)]
struct Reader {
    sums: Counts,
    skipped: BTreeSet<String>,
    failures: Vec<String>,
    /// Names in the section at hand.
    named: Vec<String>,
    section: Section,
}

/// Where in a test program's output we are.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Section {
    #[default]
    Progress,
    Successes,
    Failures,
}

impl Reader {
    /// Takes a line in; false for what passing tests printed, which nobody needs to see.
    fn read(&mut self, line: &str) -> bool {
        if line.starts_with("skipped: ") {
            self.skipped.insert(line.to_owned());
        }
        match line {
            "successes:" => self.section = Section::Successes,
            // It comes twice: what the tests printed may look like anything, the list of names is the last.
            "failures:" => {
                self.section = Section::Failures;
                self.named.clear();
            }
            _ if line.starts_with("test result: ") || line.starts_with("running ") => {
                self.section = Section::Progress;
                self.failures.append(&mut self.named);
            }
            // Four spaces and a name.
            _ if self.section == Section::Failures => {
                self.named
                    .extend(line.strip_prefix("    ").filter(|name| !name.contains(' ')).map(str::to_owned));
            }
            _ => {}
        }
        if let Some(counts) = result_line(line) {
            self.sums.passed += counts.passed;
            self.sums.failed += counts.failed;
            self.sums.ignored += counts.ignored;
        }
        self.section != Section::Successes
    }

    /// The sums, without the tests that skipped themselves: those passed nothing.
    fn counts(&self) -> Counts {
        Counts { passed: self.sums.passed.saturating_sub(self.skipped.len()), ..self.sums }
    }
}

/// Reads `test result: ok. 3 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.00s`.
fn result_line(line: &str) -> Option<Counts> {
    let (_, parts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let count = |what: &str| {
        let part = parts.split(';').find_map(|part| part.trim().strip_suffix(what))?;
        part.trim().parse().ok()
    };
    Some(Counts { passed: count("passed")?, failed: count("failed")?, ignored: count("ignored")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "\
running 3 tests
...
successes:

---- reads_the_reference stdout ----
skipped: reads_the_reference: SCATTER_TEST_REFERENCE is not set

successes:
    reads_the_reference

test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s

running 3 tests
F.i
successes:

successes:
    fine

failures:

---- broken stdout ----
assertion failed
    0.8

failures:
    broken

test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s";

    #[test]
    fn results_are_summed_and_a_skipped_test_did_not_pass() {
        let mut reader = Reader::default();
        let shown: Vec<&str> = OUTPUT.lines().filter(|line| reader.read(line)).collect();
        assert_eq!(reader.counts(), Counts { passed: 3, failed: 1, ignored: 1 });
        assert_eq!(reader.skipped.len(), 1);
        assert_eq!(reader.failures, ["broken"]);
        assert!(shown.contains(&"assertion failed"), "{shown:?}");
        assert!(!shown.iter().any(|line| line.contains("reads_the_reference")), "{shown:?}");
    }

    #[test]
    fn other_lines_are_no_results() {
        assert_eq!(result_line("test result: unknown"), None);
        assert_eq!(result_line("3 passed; 0 failed"), None);
    }
}

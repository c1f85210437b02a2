//! The tests in a real browser: maps made by scatter-prep, served by scatter-prep, looked at by Chromium.

use std::{
    fs,
    path::PathBuf,
    process::{Command, ExitStatus},
    thread,
};

use anyhow::{Context, Result, bail};

use super::{
    groups::Groups,
    maps,
    server::Server,
    tally::{Counts, Tally},
    tap,
};
use crate::{process, setup, workspace::Workspace};

/// Files that run at a time, at most: WebGL in software takes every core there is.
const MOST_TOGETHER: usize = 2;

/// Makes the maps, serves them and runs the tests against them.
pub fn run(workspace: &Workspace, tally: &mut Tally) {
    println!("test: browser");
    if let Err(error) = make_and_look(workspace, tally) {
        tally.fail("browser tests", &error);
    }
}

fn make_and_look(workspace: &Workspace, tally: &mut Tally) -> Result<()> {
    let maps = maps::make(workspace, tally)?;
    let folder = workspace.browser_tests();
    let groups = Groups::read(&folder)?;
    let Some(browser) = setup::chromium() else {
        bail!("no Chromium on the search path; `cargo xtask setup` installs it, or set CHROMIUM to one");
    };
    let server = Server::start(&maps, &workspace.root().join("web"))?;
    let (data, program) = (fs::canonicalize(&maps.data)?, fs::canonicalize(&maps.program)?);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    for (files, at_a_time) in [(groups.together, cores.min(MOST_TOGETHER)), (groups.alone, 1)] {
        let mut node = Command::new("node");
        node.current_dir(&folder)
            .env("SCATTER_URL", &server.origin)
            .env("SCATTER_DATA", &data)
            .env("SCATTER_PREP", &program)
            .env("CHROMIUM", &browser);
        if let Err(error) = look(node, &files, at_a_time, tally) {
            tally.fail("browser tests", &error);
        }
    }
    Ok(())
}

/// Runs the tests in `files`, so many files at a time, and adds up what they say.
fn look(mut node: Command, files: &[PathBuf], at_a_time: usize, tally: &mut Tally) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    node.args(["--test", "--test-reporter=tap"]).arg(format!("--test-concurrency={at_a_time}")).args(files);
    println!("test: {} files in the browser, {at_a_time} at a time", files.len());
    let mut reader = tap::Reader::default();
    let status = process::stream(&mut node, |line| {
        reader.read(line);
        println!("{line}");
    })?;
    let counts = counts(&reader, status)?;
    for line in &reader.skipped {
        tally.skip(line);
    }
    tally.add("browser tests", counts, &reader.failures);
    Ok(())
}

/// The sums; what ended badly counts as a failure, whatever it says itself.
fn counts(reader: &tap::Reader, status: ExitStatus) -> Result<Counts> {
    let mut counts =
        reader.counts().with_context(|| format!("`node --test` ended without its sums ({status})"))?;
    if !status.success() && counts.failed == 0 {
        counts.failed = 1;
    }
    Ok(counts)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    fn told(text: &str) -> tap::Reader {
        let mut reader = tap::Reader::default();
        text.lines().for_each(|line| reader.read(line));
        reader
    }

    #[test]
    fn tests_that_were_interrupted_did_not_pass() {
        let passed = told("ok 1 - a\n# pass 1\n# fail 0");
        let one = Counts { passed: 1, ..Counts::default() };
        assert_eq!(counts(&passed, ExitStatus::from_raw(0)).unwrap(), one);
        assert_eq!(counts(&passed, ExitStatus::from_raw(9)).unwrap(), Counts { failed: 1, ..one });
        let error = counts(&told("ok 1 - a"), ExitStatus::from_raw(9)).unwrap_err().to_string();
        assert!(error.contains("without its sums (signal: 9"), "{error}");
    }

    /// In place of node: a shell, which says what it is told to and ends so.
    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn each_run_adds_to_the_sums_and_names_what_failed() {
        let mut tally = Tally::default();
        let files = [PathBuf::from("a.test.mjs")];
        look(shell("echo 'ok 1 - a'; echo '# pass 1'; echo '# fail 0'"), &files, 2, &mut tally).unwrap();
        look(shell("echo 'not ok 1 - b'; echo '# pass 3'; echo '# fail 1'; exit 1"), &files, 1, &mut tally)
            .unwrap();
        assert!(look(shell("echo 'ok 1 - c'; kill -9 $$"), &files, 1, &mut tally).is_err());
        look(shell("exit 1"), &[], 1, &mut tally).unwrap();
        assert_eq!(tally.to_string().trim(), "failed: browser tests: b\n4 passed, 1 failed");
    }
}

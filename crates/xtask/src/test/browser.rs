//! The tests in a real browser: maps made by scatter-prep, served by scatter-prep, looked at by Chromium.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use super::{maps, server::Server, tally::Tally, tap};
use crate::{process, setup, workspace::Workspace};

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
    let files = test_files(&folder)?;
    let Some(browser) = setup::chromium() else {
        bail!("no Chromium on the search path; `cargo xtask setup` installs it, or set CHROMIUM to one");
    };
    let server = Server::start(&maps, &workspace.root().join("web"))?;
    let mut node = Command::new("node");
    node.current_dir(&folder)
        // One at a time: WebGL in software takes every core there is.
        .args(["--test", "--test-reporter=tap", "--test-concurrency=1"])
        .args(files)
        .env("SCATTER_URL", &server.origin)
        .env("SCATTER_DATA", fs::canonicalize(&maps.data)?)
        .env("SCATTER_PREP", fs::canonicalize(&maps.program)?)
        .env("CHROMIUM", browser);
    let mut reader = tap::Reader::default();
    let status = process::stream(&mut node, |line| {
        reader.read(line);
        println!("{line}");
    })?;
    let mut counts =
        reader.counts().with_context(|| format!("`node --test` ended without its sums ({status})"))?;
    if !status.success() && counts.failed == 0 {
        counts.failed = 1;
    }
    for line in reader.skipped {
        tally.skip(&line);
    }
    tally.add("browser tests", counts, &reader.failures);
    Ok(())
}

/// The test files below a folder, sorted: `*.test.mjs` or `*.test.js`.
fn test_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let entry = entry?;
            let (name, path) = (entry.file_name().to_string_lossy().into_owned(), entry.path());
            if path.is_dir() && name != "node_modules" {
                folders.push(path);
            } else if name.ends_with(".test.mjs") || name.ends_with(".test.js") {
                found.push(path);
            }
        }
    }
    if found.is_empty() {
        bail!("no *.test.mjs in {}", folder.display());
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_files_are_found_below_but_not_in_packages() {
        let folder = tempfile::tempdir().unwrap();
        assert!(test_files(folder.path()).is_err());
        for name in ["b.test.mjs", "a.mjs", "more/a.test.js", "node_modules/x/x.test.js"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let found = test_files(folder.path()).unwrap();
        assert_eq!(found, [folder.path().join("b.test.mjs"), folder.path().join("more/a.test.js")]);
    }
}

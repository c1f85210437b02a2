//! The browser tests' files, and which of them share the processor with others.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

/// How the first line of a file begins whose tests must have the machine to themselves; the reason follows.
const ALONE: &str = "// Alone: ";

/// The test files, sorted by path in each group.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Groups {
    /// Files that may run while others do.
    pub together: Vec<PathBuf>,
    /// Files whose first line says why they cannot.
    pub alone: Vec<PathBuf>,
}

impl Groups {
    /// The files below a folder named `*.test.mjs` or `*.test.js`; packages are left out.
    ///
    /// # Errors
    /// When the folder or a file cannot be read, when there are none, or when one gives no reason.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut groups = Self::default();
        for file in test_files(folder)? {
            if is_alone(&file)? { &mut groups.alone } else { &mut groups.together }.push(file);
        }
        Ok(groups)
    }
}

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

fn is_alone(file: &Path) -> Result<bool> {
    let mut line = String::new();
    fs::File::open(file)
        .and_then(|open| BufReader::new(open).read_line(&mut line))
        .with_context(|| format!("cannot read {}", file.display()))?;
    match line.trim_end().strip_prefix(ALONE.trim_end()) {
        Some(reason) if reason.trim().is_empty() => {
            bail!("{} does not say why it runs alone: `{ALONE}reason`", file.display())
        }
        found => Ok(found.is_some()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn test_files_are_found_below_but_not_in_packages() {
        assert!(Groups::read(folder(&[("a.mjs", "")]).path()).is_err());
        let files = ["b.test.mjs", "a.mjs", "more/a.test.js", "node_modules/x/x.test.js"];
        let folder = folder(&files.map(|name| (name, "")));
        let found = Groups::read(folder.path()).unwrap();
        assert_eq!(found.together, ["b.test.mjs", "more/a.test.js"].map(|name| folder.path().join(name)));
        assert_eq!(found.alone, Vec::<PathBuf>::new());
    }

    #[test]
    fn a_file_runs_alone_where_its_first_line_says_why() {
        let folder = folder(&[
            ("b.test.mjs", "// Alone: it measures time.\nimport 'x';\n"),
            ("a.test.mjs", "// Alone: it waits for sound."),
            ("c.test.mjs", "import 'x';\n// Alone: too late.\n"),
            ("empty.test.mjs", ""),
        ]);
        let found = Groups::read(folder.path()).unwrap();
        assert_eq!(found.alone, ["a.test.mjs", "b.test.mjs"].map(|name| folder.path().join(name)));
        assert_eq!(found.together, ["c.test.mjs", "empty.test.mjs"].map(|name| folder.path().join(name)));
    }

    #[test]
    fn no_file_runs_alone_without_a_reason() {
        let folder = folder(&[("a.test.mjs", "// Alone: \n")]);
        let error = Groups::read(folder.path()).unwrap_err().to_string();
        assert!(error.contains("a.test.mjs does not say why"), "{error}");
    }
}

//! The folders of inputs that a target begins from.

use std::{
    env,
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::target::{RealFiles, Target};

/// Small real files, where variables name folders of such, cut to the longest input.
///
/// # Errors
/// When a folder that is named cannot be read.
pub fn copy_real_files(target: &Target, to: &Path) -> Result<()> {
    for RealFiles { variable, ending, largest } in target.real_files {
        let Some(root) = env::var_os(variable).filter(|value| !value.is_empty()) else { continue };
        let mut files = Vec::new();
        files_below(Path::new(&root), &mut files)?;
        files.retain(|(path, bytes)| path.to_string_lossy().ends_with(ending) && bytes <= largest);
        for (number, (path, _)) in files.iter().enumerate() {
            let mut bytes = Vec::new();
            let read =
                File::open(path).and_then(|file| file.take(target.longest as u64).read_to_end(&mut bytes));
            read.with_context(|| format!("cannot read {}", path.display()))?;
            let copy = to.join(format!("{variable}-{number}"));
            fs::write(&copy, bytes).with_context(|| format!("cannot write {}", copy.display()))?;
        }
    }
    Ok(())
}

/// All files below a folder with their sizes, sorted by path.
fn files_below(folder: &Path, found: &mut Vec<(PathBuf, u64)>) -> Result<()> {
    let unreadable = || format!("cannot read {}", folder.display());
    let mut entries =
        fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>).with_context(unreadable)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let metadata = entry.metadata().with_context(unreadable)?;
        if metadata.is_dir() {
            files_below(&entry.path(), found)?;
        } else if metadata.is_file() {
            found.push((entry.path(), metadata.len()));
        }
    }
    Ok(())
}

/// Makes a folder where there is none.
pub fn make(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))
}

/// Makes an empty folder.
pub fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    make(folder)
}

/// How many files a folder has.
pub fn count(folder: &Path) -> usize {
    fs::read_dir(folder).map_or(0, Iterator::count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_files_are_found_in_order_and_at_any_depth() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("b")).unwrap();
        for (name, bytes) in [("c", 3), ("b/a", 2), ("a", 1)] {
            fs::write(root.path().join(name), vec![0; bytes]).unwrap();
        }
        let mut found = Vec::new();
        files_below(root.path(), &mut found).unwrap();
        let sizes: Vec<u64> = found.iter().map(|(_, bytes)| *bytes).collect();
        assert_eq!(sizes, [1, 2, 3]);
        assert!(files_below(&root.path().join("none"), &mut found).is_err());
    }
}

//! One run at a time on one dataset, and what a killed run left behind.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context, bail};
use scatter_dataset::DatasetName;

use crate::lock::{FileLock, Taken};

/// The right to write one dataset, until it is dropped: a lock on a file beside the dataset.
#[derive(Debug)]
pub struct Claim {
    _lock: FileLock,
}

impl Claim {
    /// Claims dataset `name` in the data folder `data`, and clears away what killed runs on it left.
    ///
    /// # Errors
    /// When another run has it, or the folder cannot be written.
    pub fn stake(data: &Path, name: &DatasetName) -> anyhow::Result<Self> {
        let taken = FileLock::take(&data.join(format!(".{name}.lock")));
        let lock = match taken.with_context(|| format!("{} cannot be written", data.display()))? {
            Ok(lock) => lock,
            Err(Taken(owner)) => bail!(
                "{} is being made by another scatter-prep (process {owner}): wait for it, or choose another --name",
                data.join(name.as_str()).display(),
            ),
        };
        clear(data, name).with_context(|| {
            format!("what an earlier run left in {} cannot be cleared away", data.display())
        })?;
        Ok(Self { _lock: lock })
    }
}

/// Removes folders in the making that no process works on any more; puts back a dataset that was about to give way.
fn clear(data: &Path, name: &DatasetName) -> io::Result<()> {
    for entry in fs::read_dir(data)? {
        let path = entry?.path();
        let Some(left) = path.file_name().and_then(|file| left_by_run(file.to_str()?, name)) else {
            continue;
        };
        let target = data.join(name.as_str());
        match left {
            Left::Earlier if !target.exists() => fs::rename(&path, &target)?,
            Left::Earlier | Left::Working => fs::remove_dir_all(&path)?,
        }
    }
    Ok(())
}

/// What a folder beside a dataset is.
#[derive(Debug, PartialEq, Eq)]
enum Left {
    /// A dataset in the making.
    Working,
    /// The one before, moved out of the way.
    Earlier,
}

/// Tells `.NAME.PID` and `.NAME.PID.earlier` from all else.
fn left_by_run(file: &str, name: &DatasetName) -> Option<Left> {
    let rest = file.strip_prefix('.')?.strip_prefix(name.as_str())?.strip_prefix('.')?;
    let (number, left) =
        rest.strip_suffix(".earlier").map_or((rest, Left::Working), |number| (number, Left::Earlier));
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> DatasetName {
        DatasetName::new(text).unwrap()
    }

    #[test]
    fn a_dataset_is_claimed_once_at_a_time_and_the_second_is_told_by_whom() {
        let data = tempfile::tempdir().unwrap();
        let first = Claim::stake(data.path(), &name("birds")).unwrap();
        let refused = Claim::stake(data.path(), &name("birds")).unwrap_err().to_string();
        assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");
        let other = Claim::stake(data.path(), &name("frogs")).unwrap();
        drop((first, other));
        assert_eq!(fs::read_dir(data.path()).unwrap().count(), 0, "no lock is left");
        assert!(Claim::stake(data.path(), &name("birds")).is_ok());
    }

    #[test]
    fn what_a_killed_run_left_is_cleared_away_and_nothing_else() {
        let data = tempfile::tempdir().unwrap();
        let folders =
            [".birds.77", ".birds.77.earlier", "birds", ".birds.5.77", ".birds.new", "birds.78", ".frogs.77"];
        for folder in folders {
            fs::create_dir(data.path().join(folder)).unwrap();
        }
        // A killed run's lock is a file that nobody holds.
        fs::write(data.path().join(".birds.lock"), "77").unwrap();
        drop(Claim::stake(data.path(), &name("birds")).unwrap());
        let mut left: Vec<_> = fs::read_dir(data.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        assert_eq!(left, [".birds.5.77", ".birds.new", ".frogs.77", "birds", "birds.78"]);
    }

    #[test]
    fn a_dataset_that_was_about_to_give_way_comes_back() {
        let data = tempfile::tempdir().unwrap();
        fs::create_dir(data.path().join(".birds.77.earlier")).unwrap();
        fs::write(data.path().join(".birds.77.earlier/config.json"), "{}").unwrap();
        drop(Claim::stake(data.path(), &name("birds")).unwrap());
        assert!(data.path().join("birds/config.json").is_file());
    }
}

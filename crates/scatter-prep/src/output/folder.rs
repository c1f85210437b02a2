//! A dataset's folder: written beside its place, moved there when whole.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use scatter_dataset::{
    AUDIO_FILE, CONFIG_FILE, ColumnInfo, Config, DatasetName, FileFacts, POINTS_FILE, PROJECTIONS_FILE,
    PointsTable, ProjectionInfo, Projections, write_points,
};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::claim::Claim;
use crate::interrupt::{self, InTheMaking};

/// A folder in the making. Dropped before [`DatasetFolder::publish`], it is gone without a trace.
#[derive(Debug)]
pub struct DatasetFolder {
    working: PathBuf,
    target: PathBuf,
    published: bool,
    _removed_on_interrupt: InTheMaking,
    /// Given up last, when the folder is gone or in its place.
    _claim: Claim,
}

impl DatasetFolder {
    /// Makes a folder to write in, beside the place of dataset `name` in the data folder `data`. A dataset of that name
    /// gives way if it was made of the same `source` (as `config.json` says), or of any with `replace`.
    ///
    /// # Errors
    /// A sentence when `data` cannot be made or written, another run is making the dataset, or something else stands in
    /// its place.
    pub fn create(data: &Path, name: &DatasetName, source: &str, replace: bool) -> anyhow::Result<Self> {
        fs::create_dir_all(data).with_context(|| format!("{} cannot be used for maps", data.display()))?;
        let claim = Claim::stake(data, name)?;
        let target = data.join(name.as_str());
        if target.exists() && !target.is_dir() {
            anyhow::bail!("{} is a file: choose another --name", target.display());
        }
        if target.is_dir() && !is_replaceable(&target) {
            anyhow::bail!(
                "{} holds other files than a map's: choose another --name or --output",
                target.display()
            );
        }
        if !replace && earlier_source(&target).is_some_and(|earlier| earlier != source) {
            anyhow::bail!(
                "{} is a map of other sounds: choose another --name, or have it replaced with --replace",
                target.display()
            );
        }
        // The leading dot keeps it out of the index and off the server.
        let working = data.join(format!(".{name}.{}", std::process::id()));
        let removed = InTheMaking::new(&working);
        fs::create_dir(&working).with_context(|| format!("{} cannot be written", data.display()))?;
        Ok(Self { working, target, published: false, _removed_on_interrupt: removed, _claim: claim })
    }

    /// The folder while it is in the making.
    pub fn path(&self) -> &Path {
        &self.working
    }

    /// Path of a file to write.
    pub fn file(&self, name: &str) -> PathBuf {
        self.working.join(name)
    }

    /// Writes `value` as JSON.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_json(&self, name: &str, value: &impl Serialize) -> anyhow::Result<()> {
        let write = || -> io::Result<()> {
            // As it comes: the text of a large map is larger than the map.
            let mut writer = BufWriter::with_capacity(1 << 16, File::create(self.file(name))?);
            serde_json::to_writer(&mut writer, value)?;
            writer.flush()
        };
        write().with_context(|| format!("{name} cannot be written"))
    }

    /// Writes the columnar file of `data`, and gives its map for `config.json`.
    ///
    /// # Errors
    /// When it cannot be made or written.
    pub fn write_points(
        &self,
        data: &Projections,
        projections: &[ProjectionInfo],
        columns: &[ColumnInfo],
        shades: &[u8],
    ) -> anyhow::Result<PointsTable> {
        let cannot = || format!("{POINTS_FILE} cannot be written");
        let (file, table) = write_points(data, projections, columns, Some(shades)).with_context(cannot)?;
        fs::write(self.file(POINTS_FILE), file).with_context(cannot)?;
        Ok(table)
    }

    /// Removes what was only needed on the way: files whose name begins with a dot.
    ///
    /// # Errors
    /// When one cannot be removed.
    pub fn discard_scratch(&self) -> anyhow::Result<()> {
        let discard = || -> io::Result<()> {
            for entry in fs::read_dir(&self.working)? {
                let entry = entry?;
                if entry.file_name().as_encoded_bytes().starts_with(b".") {
                    fs::remove_file(entry.path())?;
                }
            }
            Ok(())
        };
        discard().context("the working folder cannot be cleaned")
    }

    /// Size and SHA-256 of a file that was written.
    ///
    /// # Errors
    /// When it cannot be read back.
    pub fn facts(&self, name: &str) -> anyhow::Result<FileFacts> {
        let path = self.file(name);
        let facts = || -> io::Result<FileFacts> {
            let mut file = File::open(&path)?;
            let (mut hash, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 16]);
            loop {
                match file.read(&mut buffer)? {
                    0 => break,
                    n => {
                        hash.update(&buffer[..n]);
                        bytes += n as u64;
                    }
                }
            }
            let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
            Ok(FileFacts { bytes, sha256 })
        };
        facts().with_context(|| format!("{name} cannot be read back"))
    }

    /// Writes `config.json`, and puts the folder in its place; an earlier dataset of the name gives way whole.
    ///
    /// Returns the folder's path.
    ///
    /// # Errors
    /// When a file cannot be written or moved; the earlier dataset then stays.
    pub fn publish(mut self, config: &Config) -> anyhow::Result<PathBuf> {
        // People read this one.
        let json = serde_json::to_vec_pretty(config)?;
        fs::write(self.file(CONFIG_FILE), json)
            .with_context(|| format!("{CONFIG_FILE} cannot be written"))?;
        let earlier = {
            // Nothing may come between the last steps.
            let _held = interrupt::hold();
            let earlier = put_in_place(&self.working, &self.target)?;
            self.published = true;
            earlier
        };
        if let Some(earlier) = earlier {
            fs::remove_dir_all(&earlier)
                .with_context(|| format!("the earlier map in {} cannot be removed", earlier.display()))?;
        }
        Ok(self.target.clone())
    }
}

/// Moves `working` to `target`; gives where a folder is now that stood there.
///
/// # Errors
/// When it cannot be moved; what stood there stays.
pub fn put_in_place(working: &Path, target: &Path) -> anyhow::Result<Option<PathBuf>> {
    let shown = target.display();
    if !target.is_dir() {
        fs::rename(working, target).with_context(|| format!("{shown} cannot be put in place"))?;
        return Ok(None);
    }
    if exchange(working, target) {
        return Ok(Some(working.to_owned()));
    }
    let mut earlier = working.as_os_str().to_owned();
    earlier.push(".earlier");
    let earlier = PathBuf::from(earlier);
    fs::rename(target, &earlier).with_context(|| format!("{shown} cannot be replaced"))?;
    if let Err(error) = fs::rename(working, target) {
        fs::rename(&earlier, target).with_context(|| {
            format!("{shown} could not be put back; it is whole in {}", earlier.display())
        })?;
        return Err(error).with_context(|| format!("{shown} cannot be put in place"));
    }
    Ok(Some(earlier))
}

/// Has two folders change places in one step, where the system and the file system know how.
#[cfg(target_os = "linux")]
fn exchange(a: &Path, b: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn exchange(_a: &Path, _b: &Path) -> bool {
    false
}

impl Drop for DatasetFolder {
    fn drop(&mut self) {
        if !self.published {
            // Nothing more can be done about a folder that cannot be removed.
            let _ = fs::remove_dir_all(&self.working);
        }
    }
}

/// What the dataset in a folder was made of, where it says so.
fn earlier_source(folder: &Path) -> Option<String> {
    Config::from_json(&fs::read(folder.join(CONFIG_FILE)).ok()?).ok()?.created?.source
}

/// Whether a folder holds nothing but what a dataset is made of: anything else is not ours to replace.
fn is_replaceable(folder: &Path) -> bool {
    let ours = |name: &str| {
        let page = name.strip_prefix("sprite").and_then(|rest| rest.strip_suffix(".jpg"));
        matches!(name, CONFIG_FILE | PROJECTIONS_FILE | POINTS_FILE | AUDIO_FILE) || page.is_some()
    };
    fs::read_dir(folder).is_ok_and(|entries| {
        entries.into_iter().all(|entry| entry.is_ok_and(|e| e.file_name().to_str().is_some_and(ours)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name() -> DatasetName {
        DatasetName::new("birds").unwrap()
    }

    #[test]
    fn a_folder_given_up_leaves_nothing_behind() {
        let data = tempfile::tempdir().unwrap();
        let folder = DatasetFolder::create(data.path(), &name(), "a", false).unwrap();
        fs::write(folder.file("audio.flac"), b"x").unwrap();
        drop(folder);
        assert_eq!(fs::read_dir(data.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_folder_of_other_things_is_never_replaced() {
        let data = tempfile::tempdir().unwrap();
        fs::create_dir(data.path().join("birds")).unwrap();
        assert!(DatasetFolder::create(data.path(), &name(), "a", false).is_ok());
        fs::write(data.path().join("birds/config.json"), b"{}").unwrap();
        assert!(DatasetFolder::create(data.path(), &name(), "a", false).is_ok());
        fs::write(data.path().join("birds/thesis.doc"), b"x").unwrap();
        let refused = DatasetFolder::create(data.path(), &name(), "a", false).unwrap_err().to_string();
        assert!(refused.contains("choose another --name"), "{refused}");
    }

    #[test]
    fn the_checksum_is_sha_256() {
        let data = tempfile::tempdir().unwrap();
        let folder = DatasetFolder::create(data.path(), &name(), "a", false).unwrap();
        fs::write(folder.file("a"), b"abc").unwrap();
        let facts = folder.facts("a").unwrap();
        // FIPS 180-4's own example.
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!((facts.bytes, facts.sha256.as_str()), (3, sha256));
    }
}

//! A published folder: written beside its place, moved there when whole, and told from any other by the list it holds.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use walkdir::WalkDir;

use super::plan::Planned;
use super::transfer;
use crate::interrupt::{self, InTheMaking};
use crate::lock::{FileLock, Taken};
use crate::output::folder::put_in_place;

/// Names the files of a published folder, so that the next run knows what is its own to replace.
const LIST: &str = "published.json";
const VERSION: u32 = 1;
/// Bytes of a list that are read at most.
const LARGEST_LIST: u64 = 16 << 20;

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Published {
    format_version: u32,
    by: String,
    files: BTreeSet<String>,
}

/// A folder in the making. Dropped before it is put in place, it is gone without a trace.
#[derive(Debug)]
pub struct Site {
    working: PathBuf,
    target: PathBuf,
    files: BTreeSet<String>,
    placed: bool,
    _removed_on_interrupt: InTheMaking,
    _lock: FileLock,
}

impl Site {
    /// Makes a folder to write in, beside `target`.
    ///
    /// # Errors
    /// When something other than an empty or a published folder stands there, another run publishes to it, or the folder
    /// around it cannot be written.
    pub fn create(target: &Path) -> anyhow::Result<Self> {
        let target = std::path::absolute(target)?;
        let (Some(parent), Some(name)) = (target.parent(), target.file_name().and_then(|name| name.to_str()))
        else {
            bail!("{} is no folder that can be written: name another", target.display());
        };
        let unwritable = || format!("{} cannot be written", parent.display());
        fs::create_dir_all(parent).with_context(unwritable)?;
        let taken = FileLock::take(&parent.join(format!(".{name}.lock"))).with_context(unwritable)?;
        let lock = match taken {
            Ok(lock) => lock,
            Err(Taken(owner)) => bail!(
                "{} is being published by another scatter-prep (process {owner}): wait for it, or name another folder",
                target.display()
            ),
        };
        refuse_foreign(&target)?;
        clear_away(parent, name);
        let working = parent.join(format!(".{name}.{}", std::process::id()));
        let removed = InTheMaking::new(&working);
        fs::create_dir(&working).with_context(unwritable)?;
        Ok(Self {
            working,
            target,
            files: BTreeSet::new(),
            placed: false,
            _removed_on_interrupt: removed,
            _lock: lock,
        })
    }

    /// Writes a file.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn add(&mut self, file: &Planned) -> anyhow::Result<()> {
        let to = self.working.join(&file.to);
        transfer::put(&file.content, &to).with_context(|| format!("{} cannot be published", file.to))?;
        self.files.insert(file.to.clone());
        Ok(())
    }

    /// Writes the list and puts the folder in its place; an earlier one gives way whole.
    ///
    /// # Errors
    /// When it cannot be moved; the earlier one then stays.
    pub fn put_in_place(mut self) -> anyhow::Result<()> {
        let by = format!("scatter-prep {}", env!("CARGO_PKG_VERSION"));
        let mut files = std::mem::take(&mut self.files);
        files.insert(LIST.to_owned());
        let mut json = serde_json::to_vec_pretty(&Published { format_version: VERSION, by, files })?;
        json.push(b'\n');
        fs::write(self.working.join(LIST), json).with_context(|| format!("{LIST} cannot be written"))?;
        let earlier = {
            // Nothing may come between the last steps.
            let _held = interrupt::hold();
            let earlier = put_in_place(&self.working, &self.target)?;
            self.placed = true;
            earlier
        };
        if let Some(earlier) = earlier {
            let cannot = || format!("the earlier {} cannot be removed", earlier.display());
            fs::remove_dir_all(&earlier).with_context(cannot)?;
        }
        Ok(())
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if !self.placed {
            // Nothing more can be done about a folder that cannot be removed.
            let _ = fs::remove_dir_all(&self.working);
        }
    }
}

/// Refuses whatever is not a published folder and nothing else: it would be lost.
fn refuse_foreign(target: &Path) -> anyhow::Result<()> {
    let shown = target.display();
    match fs::symlink_metadata(target) {
        Err(_) => return Ok(()),
        Ok(found) if !found.is_dir() => bail!("{shown} is no folder: name another"),
        Ok(_) => {}
    }
    let list = read_list(target);
    for entry in WalkDir::new(target).min_depth(1) {
        let entry = entry.with_context(|| format!("{shown} cannot be read"))?;
        if entry.file_type().is_dir() {
            continue;
        }
        let below = entry.path().strip_prefix(target).unwrap_or(entry.path());
        let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
        let known = parts.zip(list.as_ref()).is_some_and(|(parts, list)| list.contains(&parts.join("/")));
        if !known {
            bail!(
                "{shown} holds {}, which scatter-prep did not publish and would be lost: name a folder of its own, and copy \
                 from there",
                below.display()
            );
        }
    }
    Ok(())
}

/// The files that an earlier run published to `target`.
fn read_list(target: &Path) -> Option<BTreeSet<String>> {
    let path = target.join(LIST);
    let size = fs::metadata(&path).ok().filter(|found| found.is_file())?.len();
    let json = (size <= LARGEST_LIST).then(|| fs::read(&path).ok())??;
    let list: Published = serde_json::from_slice(&json).ok()?;
    (list.format_version == VERSION).then_some(list.files)
}

/// Removes what killed runs left beside the folder: nobody else has the lock.
fn clear_away(parent: &Path, name: &str) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let found = entry.file_name();
        let rest =
            found.to_str().and_then(|found| found.strip_prefix('.')?.strip_prefix(name)?.strip_prefix('.'));
        if rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit())) {
            // What cannot be removed stays; it is in nobody's way.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::publish::plan::Content;

    fn file(to: &str) -> Planned {
        Planned { to: to.to_owned(), bytes: 1, content: Content::Bytes(Cow::Borrowed(b"x")) }
    }

    fn publish(target: &Path, files: &[&str]) -> anyhow::Result<()> {
        let mut site = Site::create(target)?;
        files.iter().try_for_each(|name| site.add(&file(name)))?;
        site.put_in_place()
    }

    #[test]
    fn a_published_folder_gives_way_to_the_next_and_nothing_else_does() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("deep/site");
        publish(&target, &["index.html", "data/a/config.json"]).unwrap();
        publish(&target, &["index.html"]).unwrap();
        assert!(!target.join("data").exists() && target.join("index.html").is_file());
        for foreign in ["CNAME", "data/thesis.doc", ".git"] {
            fs::create_dir_all(target.join("data")).unwrap();
            fs::write(target.join(foreign), b"x").unwrap();
            let refused = publish(&target, &["index.html"]).unwrap_err().to_string();
            assert!(refused.contains(foreign) && refused.contains("would be lost"), "{refused}");
            fs::remove_file(target.join(foreign)).unwrap();
        }
        publish(&target, &["index.html"]).unwrap();
        assert_eq!(fs::read_dir(place.path().join("deep")).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_folder_given_up_leaves_what_was_there_and_a_killed_run_is_cleared_away() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("site");
        publish(&target, &["index.html"]).unwrap();
        fs::create_dir_all(place.path().join(".site.4242/web")).unwrap();
        fs::create_dir_all(place.path().join(".site.backup")).unwrap();
        let mut site = Site::create(&target).unwrap();
        site.add(&file("web/x.js")).unwrap();
        drop(site);
        assert!(target.join("index.html").is_file() && !place.path().join(".site.4242").exists());
        assert!(place.path().join(".site.backup").exists(), "that is nothing of ours");
    }

    #[test]
    fn a_list_that_is_none_makes_no_folder_ours() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("site");
        fs::create_dir(&target).unwrap();
        for list in ["", "{}", r#"{"formatVersion":2,"by":"x","files":["published.json"]}"#, "[[[["] {
            fs::write(target.join(LIST), list).unwrap();
            assert!(publish(&target, &["index.html"]).is_err(), "{list}");
        }
        fs::remove_file(target.join(LIST)).unwrap();
        publish(&target, &["index.html"]).unwrap();
    }
}

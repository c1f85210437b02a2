//! The list of datasets in a data folder, which the page's selector shows.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use anyhow::Context;
use scatter_dataset::{CONFIG_FILE, Config, DatasetName, INDEX_FILE, Index, IndexEntry, Layout};

/// What lies in the data folder now: our datasets, and the original project's flat ones.
///
/// # Errors
/// When the folder cannot be read.
pub fn scan(data: &Path) -> io::Result<Index> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(data)? {
        let Ok(file_name) = entry?.file_name().into_string() else { continue };
        entries.extend(folder_entry(data, &file_name).or_else(|| flat_entry(data, &file_name)));
    }
    Ok(Index::new(entries))
}

/// Writes `index.json`, whole or not at all.
///
/// # Errors
/// When the folder cannot be read or written.
pub fn refresh(data: &Path) -> anyhow::Result<()> {
    let write = || -> anyhow::Result<()> {
        let mut json = serde_json::to_vec_pretty(&scan(data)?)?;
        json.push(b'\n');
        let working = data.join(format!(".{INDEX_FILE}.{}", std::process::id()));
        fs::write(&working, json)?;
        fs::rename(&working, data.join(INDEX_FILE))?;
        Ok(())
    };
    write().with_context(|| format!("{} cannot be written", data.join(INDEX_FILE).display()))
}

fn folder_entry(data: &Path, file_name: &str) -> Option<IndexEntry> {
    let name = DatasetName::new(file_name).ok()?;
    let json = read_config(&data.join(file_name).join(CONFIG_FILE)).ok()?;
    // A broken dataset is listed too: the page then says what is wrong with it.
    let config = Config::from_json(&json).ok();
    Some(IndexEntry {
        name,
        layout: Layout::Folder,
        kind: config.as_ref().map(|c| c.kind),
        count: config.map(|c| c.count),
    })
}

/// A configuration has a few kilobytes. What is much longer is read in part and shows as broken; a pipe would not end.
fn read_config(path: &Path) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut json = Vec::new();
    fs::File::open(path)?.take(LARGEST_CONFIG).read_to_end(&mut json)?;
    Ok(json)
}

/// Bytes.
const LARGEST_CONFIG: u64 = 16 << 20;

fn flat_entry(data: &Path, file_name: &str) -> Option<IndexEntry> {
    let name = DatasetName::new(file_name.strip_suffix("_config.json")?).ok()?;
    data.join(file_name).is_file().then_some(IndexEntry {
        name,
        layout: Layout::Flat,
        kind: None,
        count: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_listed_once_whatever_its_layout_and_nothing_else() {
        let data = tempfile::tempdir().unwrap();
        for folder in ["whales", ".whales.77", "empty", "not a name"] {
            fs::create_dir(data.path().join(folder)).unwrap();
        }
        for file in [
            "whales/config.json",
            ".whales.77/config.json",
            "fold1_config.json",
            "whales_config.json",
            "README.md",
        ] {
            fs::write(data.path().join(file), "{}").unwrap();
        }
        refresh(data.path()).unwrap();
        let index = Index::from_json(&fs::read(data.path().join("index.json")).unwrap()).unwrap();
        let listed: Vec<_> = index.datasets.iter().map(|e| (e.name.as_str(), e.layout)).collect();
        assert_eq!(listed, [("fold1", Layout::Flat), ("whales", Layout::Folder)]);
    }
}

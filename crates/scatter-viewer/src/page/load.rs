//! Loading a dataset, stage by stage.

use scatter_dataset::{
    AudioLayout, CONFIG_FILE, Config, DatasetName, FlatConfig, INDEX_FILE, Index, Layout, Projections,
};

use super::arriving::{self, Arrived, Rest};
use super::fetch::{Size, fetch};
use super::picture_files::PictureFiles;
use crate::address::{data_address, folder};
use crate::trouble::Trouble;

/// Largest files that are read, in bytes: a configuration has kilobytes, a table of a million points 500 MB.
const MOST_CONFIG: u64 = 16 << 20;
const MOST_TABLE: u64 = 2_000_000_000;

/// A dataset whose table is read, or as much of it as a map needs, before its pictures and its sound.
pub struct Opened {
    pub config: Config,
    layout: Layout,
    /// Mean shade of each point's tile, where the dataset tells.
    pub levels: Option<Vec<u8>>,
    /// What of the table is still to come.
    pub rest: Option<Rest>,
    /// A sentence for each fault that was mended.
    pub notes: Vec<String>,
}

/// The sound file of a dataset.
pub struct SoundPlace {
    /// Its base name.
    pub file: String,
    pub address: String,
    /// Its size, where that is known.
    pub bytes: Option<u64>,
    pub audio: AudioLayout,
}

/// Progress of one stage: bytes so far, and all of them where that is known.
pub type Progress<'a> = &'a mut dyn FnMut(u64, Option<u64>);

/// The list of datasets; an empty one where the data folder has none.
pub async fn index() -> Result<Index, Trouble> {
    match fetch(&data_address(None, INDEX_FILE)?, Size::AtMost(MOST_CONFIG), |_| {}).await {
        Ok(body) => Ok(Index::from_json(&body.bytes())?),
        Err(trouble) if trouble.is_missing() => Ok(Index::new(Vec::new())),
        Err(trouble) => Err(trouble),
    }
}

/// Which dataset to open: the one asked for, or the first of the list.
pub fn choose(index: &Index, asked: Option<DatasetName>) -> Result<(DatasetName, Layout), Trouble> {
    match asked {
        None => {
            let first = index.datasets.first().ok_or(Trouble::NoDatasets)?;
            Ok((first.name.clone(), first.layout))
        }
        Some(name) => match index.find(&name) {
            Some(entry) => Ok((name, entry.layout)),
            // A folder published by hand may have no list.
            None if index.datasets.is_empty() => Ok((name, Layout::Folder)),
            None => Err(Trouble::Unknown(name)),
        },
    }
}

/// Reads the configuration and the projections of `name`.
pub async fn open(
    name: &DatasetName,
    layout: Layout,
    progress: Progress<'_>,
) -> Result<(Opened, Projections), Trouble> {
    let beside = folder(name, layout);
    match layout {
        Layout::Folder => {
            let address = data_address(beside, CONFIG_FILE)?;
            let mut config = match fetch(&address, Size::AtMost(MOST_CONFIG), |_| {}).await {
                Err(trouble) if trouble.is_missing() => return Err(Trouble::Unknown(name.clone())),
                body => Config::from_json(&body?.bytes())?,
            };
            // Where it was found says what it is: a name within it must not lead to another folder.
            config.name = name.clone();
            if let Some(table) = config.points.clone() {
                let address = data_address(beside, &table.file)?;
                let Arrived { config, data, levels, rest } =
                    arriving::open(config, table, &address, progress).await?;
                return Ok((Opened { config, layout, levels, rest, notes: Vec::new() }, data));
            }
            let file = config.projections_file.clone();
            let size = config.files.get(&file).map(|facts| facts.bytes);
            let address = data_address(beside, &file)?;
            let body = fetch(&address, Size::of(size, MOST_TABLE), |n| progress(n, size)).await?;
            let data = Projections::from_json(&body.bytes(), &config)?;
            Ok((Opened { config, layout, levels: None, rest: None, notes: Vec::new() }, data))
        }
        Layout::Flat => {
            let file = FlatConfig::file_name(name);
            let body = fetch(&data_address(beside, &file)?, Size::AtMost(MOST_CONFIG), |_| {}).await?;
            let flat = FlatConfig::from_json(name, &body.bytes())?;
            let address = data_address(beside, flat.projections_file())?;
            let body = fetch(&address, Size::AtMost(MOST_TABLE), |n| progress(n, None)).await?;
            let (config, data, faults) = flat.read(name, &body.bytes())?;
            let notes = faults.iter().map(|fault| format!("This dataset: {fault}.")).collect();
            Ok((Opened { config, layout, levels: None, rest: None, notes }, data))
        }
    }
}

impl Opened {
    /// Where the sprite's pages are to be had.
    pub fn pictures(&self) -> PictureFiles {
        PictureFiles { config: self.config.clone(), layout: self.layout }
    }

    /// Where the sound lies, `None` where the dataset names none.
    pub fn sound(&self) -> Result<Option<SoundPlace>, Trouble> {
        let Some(file) = &self.config.audio_file else { return Ok(None) };
        Ok(Some(SoundPlace {
            file: file.clone(),
            address: data_address(folder(&self.config.name, self.layout), file)?,
            bytes: self.config.files.get(file).map(|facts| facts.bytes),
            audio: self.config.audio.clone(),
        }))
    }
}

//! Loading a dataset, stage by stage.

use js_sys::ArrayBuffer;
use scatter_dataset::{CONFIG_FILE, Config, DatasetName, FlatConfig, INDEX_FILE, Index, Layout, Projections};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ColorSpaceConversion, ImageBitmap, ImageBitmapOptions, PremultiplyAlpha};

use super::fetch::fetch;
use crate::address::{data_address, folder};
use crate::trouble::Trouble;

/// A dataset's table and points, before its pictures and its sound.
pub struct Opened {
    pub config: Config,
    pub data: Projections,
    layout: Layout,
    /// A sentence for each fault that was mended.
    pub notes: Vec<String>,
}

/// Progress of one stage: bytes so far, and all of them where that is known.
pub type Progress<'a> = &'a mut dyn FnMut(u64, Option<u64>);

/// The list of datasets; an empty one where the data folder has none.
pub async fn index() -> Result<Index, Trouble> {
    match fetch(&data_address(None, INDEX_FILE)?, None, |_| {}).await {
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
pub async fn open(name: &DatasetName, layout: Layout, progress: Progress<'_>) -> Result<Opened, Trouble> {
    let beside = folder(name, layout);
    match layout {
        Layout::Folder => {
            let config = match fetch(&data_address(beside, CONFIG_FILE)?, None, |_| {}).await {
                Err(trouble) if trouble.is_missing() => return Err(Trouble::Unknown(name.clone())),
                body => Config::from_json(&body?.bytes())?,
            };
            let file = config.projections_file.clone();
            let size = config.files.get(&file).map(|facts| facts.bytes);
            let body = fetch(&data_address(beside, &file)?, size, |n| progress(n, size)).await?;
            let data = Projections::from_json(&body.bytes(), &config)?;
            Ok(Opened { config, data, layout, notes: Vec::new() })
        }
        Layout::Flat => {
            let file = FlatConfig::file_name(name);
            let body = fetch(&data_address(beside, &file)?, None, |_| {}).await?;
            let flat = FlatConfig::from_json(name, &body.bytes())?;
            let address = data_address(beside, flat.projections_file())?;
            let body = fetch(&address, None, |n| progress(n, None)).await?;
            let (config, data, faults) = flat.read(name, &body.bytes())?;
            let notes = faults.iter().map(|fault| format!("This dataset: {fault}.")).collect();
            Ok(Opened { config, data, layout, notes })
        }
    }
}

impl Opened {
    /// The sprite's pages, none where the dataset names none.
    pub async fn sprites(&self, progress: Progress<'_>) -> Result<Vec<ImageBitmap>, Trouble> {
        let files = &self.config.sprite.pages;
        let size = |file: &String| self.config.files.get(file).map(|facts| facts.bytes);
        let total: Option<u64> = files.iter().map(size).sum();
        let mut before = 0;
        let mut pages = Vec::new();
        for file in files {
            let address = data_address(folder(&self.config.name, self.layout), file)?;
            let body = fetch(&address, size(file), |n| progress(before + n, total)).await?;
            before += body.length;
            let unreadable = || Trouble::Picture { file: file.clone() };
            let blob = body.blob("image/jpeg").map_err(|_| unreadable())?;
            // The pixels are data: no colour management.
            let options = ImageBitmapOptions::new();
            options.set_color_space_conversion(ColorSpaceConversion::None);
            options.set_premultiply_alpha(PremultiplyAlpha::None);
            let window = web_sys::window().ok_or_else(unreadable)?;
            let decoding = window
                .create_image_bitmap_with_blob_and_image_bitmap_options(&blob, &options)
                .map_err(|_| unreadable())?;
            let page = JsFuture::from(decoding).await.and_then(JsCast::dyn_into).map_err(|_| unreadable())?;
            pages.push(page);
        }
        Ok(pages)
    }

    /// The sound file, `None` where the dataset names none.
    pub async fn sound(&self, progress: Progress<'_>) -> Result<Option<ArrayBuffer>, Trouble> {
        let Some(file) = &self.config.audio_file else { return Ok(None) };
        let size = self.config.files.get(file).map(|facts| facts.bytes);
        let address = data_address(folder(&self.config.name, self.layout), file)?;
        let body = fetch(&address, size, |n| progress(n, size)).await?;
        let unreadable = |_| Trouble::Sound { file: file.clone() };
        Ok(Some(body.buffer().await.map_err(unreadable)?))
    }
}

//! Makes a map of any size without a model: for seeing how the page bears it.
//!
//! `scatter-made-map 1000000 data/million` writes what `scatter-prep` would write of a million clips: groups of points, a
//! short tone and a tile for each, which tell of its group and its place in it. The same number gives the same bytes.

mod cloud;
mod sounds;
mod table;
mod tiles;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Parser;
use scatter_dataset::{
    AUDIO_FILE, AudioLayout, CONFIG_FILE, Config, Created, DatasetName, FORMAT_VERSION, FileFacts, Kind,
    PROJECTIONS_FILE, SpriteLayout, WINDOW_SAMPLES, write_points,
};

use cloud::Cloud;

/// Make a map of any number of points
#[derive(Debug, Parser)]
struct Arguments {
    /// Number of points
    #[arg(value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    count: u32,
    /// Folder to write, whose last part is the map's name; what is there is replaced
    folder: PathBuf,
    /// Neither sound nor tiles
    #[arg(long)]
    points_only: bool,
    /// projections.json as well, which the page does not need and which takes 600 bytes a point
    #[arg(long)]
    json: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let folder = &arguments.folder;
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let name = DatasetName::new(name)?;
    if folder.exists() && !folder.join(CONFIG_FILE).exists() {
        bail!("{} is there and is no map: name another folder", folder.display());
    }
    let written = write(&arguments, name);
    written.with_context(|| format!("no map could be made in {}", folder.display()))
}

fn write(arguments: &Arguments, name: DatasetName) -> anyhow::Result<()> {
    let Arguments { count, folder, points_only, json } = arguments;
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    let count = *count as usize;
    let cloud = Cloud::new(count);
    let (data, columns) = table::of(&cloud);
    let projections = vec![table::projection()];
    let mut sprite = SpriteLayout::log_mel(count, 0.0, 1.0);
    let mut files = BTreeMap::new();
    let mut note = |file: &str| -> anyhow::Result<()> {
        let bytes = fs::metadata(folder.join(file))?.len();
        println!("{file}: {:.1} MB", bytes as f64 / 1e6);
        // Nobody checks a made map.
        files.insert(file.to_owned(), FileFacts { bytes, sha256: String::new() });
        Ok(())
    };
    let mut samples = count as u64 * u64::from(WINDOW_SAMPLES);
    if *points_only {
        sprite.pages.clear();
    } else {
        for page in tiles::write(&cloud, &sprite, folder)? {
            note(&page)?;
        }
        samples = sounds::write(&cloud, &folder.join(AUDIO_FILE))?;
        note(AUDIO_FILE)?;
    }
    let (arrow, points) = write_points(&data, &projections, &columns, Some(&cloud.levels()))?;
    write_file(folder, &points.file, &arrow)?;
    note(&points.file)?;
    if *json {
        write_file(folder, PROJECTIONS_FILE, &serde_json::to_vec(&data)?)?;
        note(PROJECTIONS_FILE)?;
    }
    let config = Config {
        format_version: FORMAT_VERSION,
        name,
        kind: Kind::Clips,
        count,
        audio_file: (!points_only).then(|| AUDIO_FILE.to_owned()),
        sprite_file: sprite.pages.first().cloned(),
        projections_file: PROJECTIONS_FILE.to_owned(),
        img_dim: sprite.tile_width,
        audio: AudioLayout::clips(samples),
        sprite,
        model: None,
        projections,
        columns,
        points: Some(points),
        files,
        created: Some(Created {
            tool: env!("CARGO_BIN_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            source: None,
        }),
    };
    write_file(folder, CONFIG_FILE, &serde_json::to_vec_pretty(&config)?)
}

fn write_file(folder: &Path, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    fs::write(folder.join(name), bytes).with_context(|| format!("{name} cannot be written"))
}

//! `config.json` with its `projections.json`, `index.json`, and the original project's flat files.

use scatter_dataset::{Config, DatasetName, FlatConfig, Index, Projected, Projections};

/// Stands between the two files of a dataset in one input; no JSON holds it outside of a text.
pub(crate) const SEPARATOR: u8 = 0x1e;

pub(crate) fn run(bytes: &[u8]) {
    let at = bytes.iter().position(|&byte| byte == SEPARATOR);
    let (first, second) = at.map_or((bytes, &[][..]), |at| (&bytes[..at], &bytes[at + 1..]));
    if let Ok(config) = Config::from_json(first) {
        check_config(&config);
        if let Ok(projections) = Projections::from_json(second, &config) {
            check_projections(&projections, &config);
            written_and_read(&projections, |json| Projections::from_json(json, &config));
        }
        written_and_read(&config, Config::from_json);
    }
    if let Ok(index) = Index::from_json(first) {
        check_index(&index);
    }
    let Ok(name) = DatasetName::new("flat") else { return };
    if let Ok(flat) = FlatConfig::from_json(&name, first) {
        check_file_name(flat.projections_file());
        if let Ok((config, projections, _)) = flat.read(&name, second) {
            assert!(config.count > 0);
            check_config(&config);
            check_projections(&projections, &config);
        }
    }
}

/// What the page makes of a configuration: it asks for the place of each point's sound and tile.
fn check_config(config: &Config) {
    let Config { count, audio, sprite, .. } = config;
    let files = [&config.audio_file, &config.sprite_file].into_iter().flatten();
    files.chain([&config.projections_file]).chain(&sprite.pages).for_each(|file| check_file_name(file));
    check_name(&config.name);
    assert!(!config.projections.is_empty());
    for point in [0, 1, count / 2, count.saturating_sub(1)].into_iter().filter(|point| point < count) {
        let clip = audio.clip(point);
        assert!(clip.start <= clip.end, "{clip:?}");
        assert!(audio.samples.is_none_or(|samples| clip.end <= samples), "{clip:?} of {:?}", audio.samples);
        let seconds = audio.clip_seconds(point);
        assert!(seconds.start >= 0.0 && seconds.end.is_finite(), "{seconds:?}");
        let tile = sprite.tile(point);
        assert!(sprite.pages.is_empty() || tile.page < sprite.pages.len(), "{tile:?}");
        let (width, height) = sprite.page_size(tile.page, *count);
        let within = |at: u32, side: u32, all: u32| u64::from(at) + u64::from(side) <= u64::from(all);
        assert!(within(tile.x, sprite.tile_width, width), "{tile:?} of {width} x {height}");
        assert!(within(tile.y, sprite.tile_height, height), "{tile:?} of {width} x {height}");
    }
}

fn check_projections(projections: &Projections, config: &Config) {
    let Projections { first, further, metadata, neighbours, classes, .. } = projections;
    let shapes = |projected: &Projected| {
        assert_eq!([projected.points.len(), projected.spherical.len()], [config.count; 2]);
        let mut numbers = projected.points.iter().chain(&projected.spherical).flatten();
        assert!(numbers.all(|number| number.is_finite()), "a coordinate is no number");
    };
    shapes(first);
    // Those that the configuration does not name are never shown.
    config.projections.iter().skip(1).filter_map(|info| further.get(&info.name)).for_each(shapes);
    for column in metadata.values() {
        assert_eq!(column.len(), config.count);
        (0..config.count).for_each(|row| drop(column.text(row)));
    }
    assert!(neighbours.iter().flatten().all(|&point| (point as usize) < config.count));
    if let Some(classes) = classes {
        assert_eq!([classes.top.len(), classes.scores.len()], [config.count; 2]);
    }
}

fn check_index(index: &Index) {
    for entry in &index.datasets {
        check_name(&entry.name);
        assert!(index.find(&entry.name).is_some());
    }
    let sorted = Index::new(index.datasets.clone());
    assert!(sorted.datasets.windows(2).all(|pair| pair[0].name < pair[1].name));
    written_and_read(&sorted, Index::from_json);
}

/// A name must not lead out of its folder, whatever the host's system.
fn check_file_name(name: &str) {
    assert!(!name.is_empty() && name != "." && name != "..", "{name:?}");
    assert!(!name.contains(['/', '\\', ':', '?', '#', '%', '\0']), "{name:?}");
}

fn check_name(name: &DatasetName) {
    assert!(DatasetName::new(name.as_str()).is_ok_and(|same| same == *name), "{name}");
}

/// What was accepted must be accepted again, and mean the same, once it was written.
fn written_and_read<T, E>(value: &T, read: impl Fn(&[u8]) -> Result<T, E>)
where
    T: serde::Serialize + PartialEq + std::fmt::Debug,
    E: std::fmt::Debug,
{
    let written = serde_json::to_vec(value);
    assert!(written.is_ok(), "cannot be written: {written:?}");
    let again = read(&written.unwrap_or_default());
    assert!(again.as_ref().is_ok_and(|again| again == value), "{value:?} became {again:?}");
}

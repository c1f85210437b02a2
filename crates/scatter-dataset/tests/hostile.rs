//! Files that lie, are broken, or are something else: a sentence each, never a panic, and what is accepted can be relied
//! on.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise, its helpers too")]

mod mutation;

use proptest::prelude::*;
use scatter_dataset::{Config, DatasetName, FlatConfig, FormatError, Index, Projections, base_name};
use serde_json::{Value, json};

use mutation::{Change, change};

const COUNT: usize = 3;

fn config() -> Value {
    json!({
        "formatVersion": 1, "name": "bells", "kind": "clips", "count": COUNT, "audioFile": "audio.flac",
        "spriteFile": "sprite.jpg", "projectionsFile": "projections.json", "imgDim": 96,
        "audio": {"sampleRate": 16_000, "windowSamples": 15_360, "hopSamples": 15_360, "blockSize": 3_840, "samples": 46_080},
        "sprite": {"tileWidth": 96, "tileHeight": 64, "columns": 2, "rows": 2, "pages": ["sprite.jpg"], "floor": -7.0,
            "ceiling": 2.0, "unit": "ln mel"},
        "model": {"name": "yamnet", "sha256": "00"},
        "projections": [{"name": "umap", "dims": 3, "params": {"seed": 42}}, {"name": "pca", "dims": 3}],
        "columns": [{"name": "labels", "type": "text"}, {"name": "rms", "type": "number", "unit": "dBFS"}],
        "files": {"audio.flac": {"bytes": 7, "sha256": "00"}},
        "created": {"tool": "scatter-prep", "version": "0.1.0"}
    })
}

fn projections() -> Value {
    let points = json!([[0, 1, 2], [3, 4.5, 6], [-7, 8, 9]]);
    json!({
        "idx": [0, 1, 2], "metadata": {"labels": ["a", "b", ""], "rms": [-3, null, -20.5]}, "projections": points,
        "spherical": points, "further": {"pca": {"projections": points, "spherical": points}},
        "neighbours": [[1, 2], [0], []],
        "classes": {"names": {"0": "Speech", "69": "Dog"}, "top": [[0, 69], [69], []], "scores": [[0.9, 0.1], [1], []]}
    })
}

fn flat() -> Value {
    json!({"audioFile": "./data/a.flac", "spriteFile": "", "projectionsFile": "./data/p.json", "imgDim": 150})
}

fn flat_projections() -> Value {
    let points = json!([[0, 1, 2], [3, 4, 5], [6, 7, 8]]);
    json!({
        "idx": [0, 1, 2], "projections": points, "spherical": points,
        "metadata": {"labels": ["1", "2", "1"], "labelnames": ["a", "b", "a"], "s_centroid": [1.5, null, 2]}
    })
}

fn read(config: &str, projections: &str) -> Result<(Config, Projections), FormatError> {
    let config = Config::from_json(config.as_bytes())?;
    let projections = Projections::from_json(projections.as_bytes(), &config)?;
    Ok((config, projections))
}

fn read_flat(config: &str, projections: &str) -> Result<(Config, Projections), FormatError> {
    let name = DatasetName::new("bells").unwrap();
    let (config, projections, _) =
        FlatConfig::from_json(&name, config.as_bytes())?.read(&name, projections.as_bytes())?;
    Ok((config, projections))
}

/// The complaint about the dataset with `value` at JSON pointer `at`; a pointer to what is not there adds it.
fn complaint(at: &str, value: Value) -> String {
    let (mut config, mut projections) = (config(), projections());
    let (file, pointer) = at.split_once('#').unwrap();
    let whole = if file == "config" { &mut config } else { &mut projections };
    match whole.pointer_mut(pointer) {
        Some(place) => *place = value,
        None => {
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            whole.pointer_mut(parent).unwrap()[key] = value;
        }
    }
    match read(&config.to_string(), &projections.to_string()) {
        Ok(_) => format!("accepted: {at}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn each_lie_gets_a_sentence_with_the_file_the_field_and_what_stands_there() {
    read(&config().to_string(), &projections().to_string()).unwrap();
    let whole = "expected a whole number, not negative and not too large";
    let cases: Vec<(&str, Value, &str)> = vec![
        ("config#/count", json!(0), "config.json: count is 0, where 1 to 10000000 points is expected"),
        ("config#/count", json!(1_000_000_000_000u64), "config.json: count is 1000000000000, where 1 to"),
        ("config#/count", json!(-3), whole),
        ("config#/count", json!(1e12), whole),
        ("config#/count", json!(null), "at count (line 1, column"),
        ("config#/count", json!(2), "projections.json: idx holds 3 entries where 2 are expected"),
        ("config#/count", json!(4), "config.json: audio.samples is 46080, where enough for the last"),
        ("config#/kind", json!("<script>"), "unknown variant `<script>`, expected `clips` or `recording`"),
        ("config#/name", json!("../x"), "“../x” is not a dataset name"),
        (
            "config#/formatVersion",
            json!(2),
            "config.json has format version 2, and this page reads version 1",
        ),
        ("config#/imgDim", json!(4_000_000_000u32), "config.json: imgDim is 4000000000"),
        (
            "config#/audio/hopSamples",
            json!(0),
            "config.json: audio.hopSamples is 0, where one sample to an hour",
        ),
        ("config#/audio/windowSamples", json!(0), "config.json: audio.windowSamples is 0"),
        (
            "config#/audio/windowSamples",
            json!(4_294_967_295u32),
            "config.json: audio.windowSamples is 4294967295",
        ),
        ("config#/audio/blockSize", json!(0), "config.json: audio.blockSize is 0, where 16 to 65535 samples"),
        (
            "config#/audio/sampleRate",
            json!(1),
            "config.json: audio.sampleRate is 1, where a rate from 8000 to 96000 Hz",
        ),
        (
            "config#/audio/samples",
            json!(30_720),
            "config.json: audio.samples is 30720, where enough for the last",
        ),
        ("config#/audio/samples", json!(u64::MAX), "config.json: audio.samples is 18446744073709551615"),
        ("config#/sprite/columns", json!(0), "config.json: sprite.tileWidth is 96 times 0"),
        (
            "config#/sprite/columns",
            json!(4_294_967_295u32),
            "config.json: sprite.tileWidth is 96 times 4294967295",
        ),
        (
            "config#/sprite/rows",
            json!(4_294_967_295u32),
            "config.json: sprite.tileHeight is 64 times 4294967295",
        ),
        ("config#/sprite/floor", json!(1e300), "config.json: sprite.floor is inf"),
        (
            "config#/sprite/floor",
            json!(3),
            "config.json: sprite.floor is 3, and its ceiling 2, where a range",
        ),
        ("config#/sprite/pages", json!([]), "config.json: sprite.pages holds 0 entries where 1 are expected"),
        ("config#/sprite/pages", json!(["sprite.jpg", "b.jpg"]), "config.json: sprite.pages holds 2 entries"),
        (
            "config#/sprite/pages/0",
            json!("other.jpg"),
            "config.json: spriteFile is sprite.jpg, where the first of",
        ),
        ("config#/projections", json!([]), "config.json: projections holds 0 entries where 1 are expected"),
        (
            "config#/projections/1/name",
            json!("umap"),
            "config.json: projections[1].name is “umap”, where a name of",
        ),
        ("config#/projections/1/name", json!("<img>"), "projections.json: further.<img> holds 0 entries"),
        ("config#/projections/0/dims", json!(0), "config.json: projections[0].dims is 0"),
        ("config#/columns/1/name", json!("labels"), "config.json: columns[1].name is “labels”"),
        ("config#/columns/1/name", json!("zcr"), "projections.json: metadata.zcr holds 0 entries where 3"),
        (
            "config#/columns/1/type",
            json!("text"),
            "projections.json: metadata.rms is a column of numbers, where text",
        ),
        ("config#/columns/0/type", json!("number"), "projections.json: metadata.labels is a column of text"),
        ("config#/files", json!({"../x": {"bytes": 1, "sha256": ""}}), "config.json names “../x”"),
        ("config#/files/audio.flac/bytes", json!(-1), "at files.audio.flac.bytes (line 1"),
        ("projections#/idx/1", json!(3), "projections.json: idx[1] is 3, where the number of a point"),
        ("projections#/idx/1", json!(-1), whole),
        (
            "projections#/metadata/rms",
            json!([1, 2]),
            "projections.json: metadata.rms holds 2 entries where 3",
        ),
        ("projections#/metadata/rms/1", json!("loud"), "column 273), entry 1 is text in a column of numbers"),
        ("projections#/metadata/labels/1", json!(3), "entry 1 is a number in a column of text"),
        ("projections#/metadata/rms/1", json!({"x": 1}), "at metadata.rms[1] (line 1, column"),
        (
            "projections#/projections",
            json!([[0, 1, 2]]),
            "projections.json: projections holds 1 entries where 3",
        ),
        ("projections#/projections/1", json!([0, 1]), "at projections[1] (line 1, column"),
        ("projections#/projections/1", json!([0, 1, 2, 3]), "at projections[1]"),
        ("projections#/projections/1/2", json!(null), "at projections[1][2] (line 1, column"),
        (
            "projections#/projections/1/2",
            json!(1e300),
            "projections.json: projections[1][2] is inf, where a coordinate",
        ),
        ("projections#/spherical/0/0", json!(-1e10), "projections.json: spherical[0][0] is -10000000000"),
        (
            "projections#/further/pca/spherical",
            json!([]),
            "projections.json: further.pca.spherical holds 0 entries",
        ),
        (
            "projections#/further/more",
            json!({"projections": [], "spherical": []}),
            "further.more.projections holds 0",
        ),
        (
            "projections#/further",
            json!({}),
            "projections.json: further.pca holds 0 entries where 3 are expected",
        ),
        ("projections#/neighbours", json!([[1]]), "projections.json: neighbours holds 1 entries where 3"),
        (
            "projections#/neighbours/2",
            json!([3]),
            "projections.json: neighbours[2] is 3, where the number of a point",
        ),
        (
            "projections#/classes/top/1/0",
            json!(7),
            "projections.json: classes.top[1] is 7, where a class that",
        ),
        (
            "projections#/classes/scores",
            json!([[], [], []]),
            "projections.json: classes.scores[0] holds 0 entries where 2",
        ),
        ("projections#/classes/scores/1/0", json!(1e300), "projections.json: classes.scores[1] is inf"),
        ("projections#/classes/names", json!({"x": "Dog"}), "at classes.names"),
    ];
    for (at, value, wanted) in cases {
        let said = complaint(at, value.clone());
        assert!(said.contains(wanted), "{at} = {value}: {said}");
        assert!(said.contains("config.json") || said.contains("projections.json"), "{said}");
    }
}

#[test]
fn file_names_that_lead_elsewhere_are_refused_wherever_they_stand() {
    let long = "x".repeat(256);
    for bad in [
        "https://example.org/x",
        "//example.org/x",
        "../x",
        "..",
        "a/b",
        "a\\b",
        "%2e%2e",
        "a%2fb",
        "",
        ".hidden",
        "CON",
        "nul.jpg",
        "lpt1",
        "a\nb",
        "a\0",
        "a\u{202e}gpj",
        "javascript:x",
        "data:,x",
        "?x",
        "#x",
        "<b>",
        "a.",
        &long,
    ] {
        for at in ["audioFile", "spriteFile", "projectionsFile", "sprite/pages/0"] {
            let said = complaint(&format!("config#/{at}"), json!(bad));
            assert!(said.contains("which is not a plain file name"), "{at}: {said}");
            assert!(said.chars().count() < 400, "{at}");
        }
        // The original left a name empty where it had no such file.
        if !bad.is_empty() {
            for at in ["audioFile", "spriteFile", "projectionsFile"] {
                let mut config = flat();
                config[at] = json!(bad);
                let said =
                    read_flat(&config.to_string(), &flat_projections().to_string()).unwrap_err().to_string();
                assert!(said.contains("bells_config.json names"), "{said}");
            }
        }
    }
}

#[test]
fn what_is_no_json_at_all_is_called_what_it_is() {
    let mut deep = config().to_string();
    deep = deep.replace("42", &("[".repeat(200) + &"]".repeat(200)));
    let ends = &config().to_string()[..300];
    for (text, wanted) in [
        ("", "config.json cannot be read: it is empty"),
        ("<!DOCTYPE html><title>404</title>", "config.json cannot be read: it is a web page"),
        (ends, "config.json cannot be read: it ends in the middle, at "),
        (&format!("{}]", config()), "config.json cannot be read: at the top (line 1, column "),
        ("[]", "config.json cannot be read: at "),
        ("null", "expected an object"),
        (&deep, "config.json cannot be read: at projections[0].params.seed[0]"),
    ] {
        let said = Config::from_json(text.as_bytes()).unwrap_err().to_string();
        assert!(said.contains(wanted), "{text:.60}: {said}");
    }
    let marked = format!("\u{feff}{}", config());
    assert!(Config::from_json(marked.as_bytes()).is_ok(), "a byte order mark is passed over");
    let said = Config::from_json(b"\xff\xfe{\0}\0").unwrap_err().to_string();
    assert!(said.contains("it is UTF-16"), "{said}");
}

#[test]
fn a_number_that_is_none_is_said_plainly_in_both_formats() {
    for value in ["NaN", "Infinity", "-Infinity"] {
        for (read, config, projections, file) in [
            (read as fn(&str, &str) -> _, config(), projections(), "projections.json"),
            (read_flat, flat(), flat_projections(), "p.json"),
        ] {
            let mut holds = projections;
            holds["projections"][1][2] = json!("HERE");
            let text = holds.to_string().replace("\"HERE\"", value);
            let said = read(&config.to_string(), &text).unwrap_err().to_string();
            assert!(
                said.starts_with(&format!("{file} holds {value} at projections[1][2] (line 1,")),
                "{said}"
            );
            assert!(said.ends_with("the program that wrote it had no number there"), "{said}");
        }
    }
    let text = projections().to_string().replace("-20.5", "NaN");
    let said = read(&config().to_string(), &text).unwrap_err().to_string();
    assert!(said.starts_with("projections.json holds NaN at metadata.rms[2] (line 1,"), "{said}");
}

#[test]
fn a_count_that_is_claimed_is_not_reserved() {
    // Were room made for what a file claims, these would end the process.
    for claimed in [10_000_000u64, u64::from(u32::MAX), u64::MAX] {
        let mut config = config();
        config["count"] = json!(claimed);
        config["files"]["projections.json"] = json!({"bytes": claimed, "sha256": ""});
        assert!(read(&config.to_string(), &projections().to_string()).is_err());
    }
}

#[test]
fn the_flat_format_is_held_to_the_same() {
    read_flat(&flat().to_string(), &flat_projections().to_string()).unwrap();
    for (at, value, wanted) in [
        ("/projections/1/0", json!(1e300), "p.json: projections[1][0] is inf, where a coordinate"),
        ("/projections/1", json!([1, 2]), "p.json cannot be read: at projections[1]"),
        ("/projections", json!([]), "p.json: projections is 0 points, where 1 to 10000000 points"),
        ("/spherical/2/1", json!(1e30), "p.json: spherical[2][1] is "),
        ("/metadata", json!([]), "p.json cannot be read: at metadata"),
    ] {
        let mut projections = flat_projections();
        *projections.pointer_mut(at).unwrap() = value;
        let said = read_flat(&flat().to_string(), &projections.to_string()).unwrap_err().to_string();
        assert!(said.starts_with(wanted), "{at}: {said}");
    }
}

/// What whoever reads a dataset may rely on.
fn is_sound(config: &Config, data: &Projections) {
    let count = config.count;
    assert!((1..=scatter_dataset::MAX_POINTS).contains(&count));
    assert!(data.idx.len() == count && data.idx.iter().all(|k| (*k as usize) < count));
    assert!(data.metadata.values().all(|column| column.len() == count));
    assert!(config.columns.iter().all(|info| data.metadata[&info.name].kind() == info.kind));
    for projected in data.further.values().chain([&data.first]) {
        assert!(projected.points.len() == count && projected.spherical.len() == count);
        assert!(projected.points.iter().chain(&projected.spherical).flatten().all(|x| x.is_finite()));
    }
    assert!(config.projections.iter().skip(1).all(|info| data.further.contains_key(&info.name)));
    assert!(data.neighbours.is_empty() || data.neighbours.len() == count);
    assert!(data.neighbours.iter().flatten().all(|k| (*k as usize) < count));
    if let Some(classes) = &data.classes {
        assert!(classes.top.len() == count && classes.scores.len() == count);
        assert!(classes.top.iter().flatten().all(|class| classes.names.contains_key(class)));
    }
    let files = [&config.audio_file, &config.sprite_file, &Some(config.projections_file.clone())];
    let files = files.into_iter().flatten().chain(&config.sprite.pages).chain(config.files.keys());
    for file in files {
        assert_eq!(base_name("", file).unwrap(), file);
    }
    for k in 0..count {
        let (clip, tile) = (config.audio.clip(k), config.sprite.tile(k));
        assert!(clip.start <= clip.end && config.audio.clip_seconds(k).start.is_finite());
        let (width, height) = config.sprite.page_size(tile.page, count);
        assert!(tile.x + config.sprite.tile_width <= width && tile.y + config.sprite.tile_height <= height);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn any_change_of_any_part_is_refused_or_harmless(
        in_config: bool, changes in proptest::collection::vec(any::<(u16, Change)>(), 1..4),
    ) {
        let (mut first, mut second) = (config().to_string(), projections().to_string());
        let changed = if in_config { change(&config(), &changes) } else { change(&projections(), &changes) };
        *(if in_config { &mut first } else { &mut second }) = changed;
        if let Ok((config, data)) = read(&first, &second) {
            is_sound(&config, &data);
        }
    }

    #[test]
    fn nor_of_the_flat_format(
        in_config: bool, changes in proptest::collection::vec(any::<(u16, Change)>(), 1..4),
    ) {
        let (mut first, mut second) = (flat().to_string(), flat_projections().to_string());
        let changed = if in_config { change(&flat(), &changes) } else { change(&flat_projections(), &changes) };
        *(if in_config { &mut first } else { &mut second }) = changed;
        if let Ok((config, data)) = read_flat(&first, &second) {
            is_sound(&config, &data);
        }
    }

    #[test]
    fn bytes_of_any_kind_are_refused_in_words(bytes: Vec<u8>, at: u16, flips in 0usize..3) {
        // Half of them nearly a dataset, half of them nothing.
        let mut near = config().to_string().into_bytes();
        for flip in 0..flips {
            let place = (at as usize * (flip + 1)) % near.len();
            near[place] ^= bytes.get(flip).copied().unwrap_or(1);
        }
        for bytes in [&bytes, &near] {
            for refusal in [Config::from_json(bytes).err(), Index::from_json(bytes).err()] {
                prop_assert!(refusal.is_none_or(|error| error.to_string().len() > 20));
            }
        }
    }
}

#[test]
fn the_original_projects_own_files_are_still_accepted() {
    let Some(folder) = std::env::var_os("SCATTER_TEST_LEGACY").map(std::path::PathBuf::from) else {
        println!("skipped: the original project's files: SCATTER_TEST_LEGACY is not set");
        return;
    };
    for (name, count) in [("city_sound", 462), ("fold1", 873), ("audio", 2_000)] {
        let text = |end: &str| std::fs::read_to_string(folder.join(format!("{name}_{end}.json"))).unwrap();
        let (config, data) = read_flat(&text("config"), &text("projections")).unwrap();
        assert_eq!(config.count, count, "{name}");
        is_sound(&config, &data);
    }
}

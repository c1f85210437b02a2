//! What lies in a dataset's folder, held against what went in.

use std::fs;

use scatter_audio::{AudioReader, ClipReader};
use scatter_dataset::{Column, Index, Parts, PointsStream, TILE_HEIGHT, TILE_WIDTH};
use scatter_embed::LogMel;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::support::{Dataset, Workspace, report};

/// Decodes a whole file.
fn decode(path: &std::path::Path) -> Vec<f32> {
    let mut reader = AudioReader::open(path).unwrap();
    let mut samples = Vec::new();
    while let Some(block) = reader.next_block().unwrap() {
        samples.extend_from_slice(block);
    }
    samples
}

fn text(dataset: &Dataset, column: &str) -> Vec<String> {
    match &dataset.projections.metadata[column] {
        Column::Text(values) => values.clone(),
        Column::Number(_) => panic!("{column} holds numbers"),
    }
}

/// The same in the order of the files.
fn text_by_file(dataset: &Dataset, column: &str) -> Vec<String> {
    let mut rows: Vec<_> = dataset.projections.idx.iter().zip(text(dataset, column)).collect();
    rows.sort();
    rows.into_iter().map(|(_, text)| text).collect()
}

#[test]
fn a_folder_becomes_a_dataset_and_its_bad_files_rows_in_the_report() {
    let Some(workspace) = Workspace::new("dataset") else { return };
    workspace.tones();
    fs::write(workspace.path().join("sounds/low/broken.flac"), b"fLaC and then nothing").unwrap();
    fs::write(workspace.path().join("sounds/empty.wav"), b"").unwrap();
    fs::write(workspace.path().join("sounds/notes.txt"), b"not audio").unwrap();
    let report = report(&workspace.prepare(&["-d", "sounds", "--labels", "folder", "--json"]));
    assert_eq!((&report["points"], &report["filesRead"]), (&18.into(), &18.into()));
    assert_eq!(report["otherFiles"], 1);
    let skipped: Vec<_> = report["filesSkipped"].as_array().unwrap().iter().map(|s| &s["file"]).collect();
    assert_eq!(skipped, ["empty.wav", "low/broken.flac"]);
    assert!(report["filesSkipped"][0]["reason"].as_str().unwrap().len() > 5);

    let dataset = workspace.dataset("sounds");
    assert_eq!(dataset.config.count, 18);
    let files = text_by_file(&dataset, "filenames");
    assert_eq!((files[0].as_str(), files[17].as_str()), ("high/09.wav", "low/08.wav"));
    let labels = text_by_file(&dataset, "labelnames");
    assert!(labels[..9].iter().all(|l| l == "high") && labels[9..].iter().all(|l| l == "low"));

    // Nothing but the dataset's files, and each is what config.json says.
    let mut names: Vec<_> = fs::read_dir(&dataset.folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["audio.flac", "config.json", "points.arrow", "projections.json", "sprite.jpg"]);
    for (name, facts) in &dataset.config.files {
        let bytes = fs::read(dataset.folder.join(name)).unwrap();
        let sha256: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!((facts.bytes, &facts.sha256), (bytes.len() as u64, &sha256), "{name}");
    }
    let hidden = fs::read_dir(workspace.path().join("data")).unwrap().count();
    assert_eq!(hidden, 2, "the dataset and index.json, no folder in the making");
    let index = Index::from_json(&fs::read(workspace.path().join("data/index.json")).unwrap()).unwrap();
    assert_eq!((index.datasets[0].name.as_str(), index.datasets[0].count), ("sounds", Some(18)));
}

#[test]
fn each_clip_lies_in_the_audio_sprite_sample_by_sample_and_each_tile_in_its_place() {
    let Some(workspace) = Workspace::new("clips and tiles") else { return };
    workspace.tones();
    report(&workspace.prepare(&["-d", "sounds", "--json"]));
    let dataset = workspace.dataset("sounds");
    let sound = decode(&dataset.folder.join("audio.flac"));
    assert_eq!(sound.len(), 18 * 15_360);
    let page = image::open(dataset.folder.join("sprite.jpg")).unwrap().to_luma8();
    let sprite = &dataset.config.sprite;
    let (mut clips, mut log_mel) = (ClipReader::new(), LogMel::new());
    for (k, file) in text(&dataset, "filenames").iter().enumerate() {
        let clip = clips.read(&workspace.path().join("sounds").join(file)).unwrap();
        let range = dataset.config.audio.clip(k);
        let played = &sound[range.start as usize..range.end as usize];
        for (a, b) in played.iter().zip(&clip.samples) {
            assert!((a - b.clamp(-1.0, 1.0)).abs() <= 1.0 / 32_768.0, "clip {k} of {file}: {a} {b}");
        }
        let patch = log_mel.patch(&clip.samples);
        let tile = sprite.tile(k);
        let mut error = 0.0;
        for (x, frame) in patch.chunks(TILE_HEIGHT as usize).enumerate() {
            for (band, energy) in frame.iter().enumerate() {
                let y = TILE_HEIGHT - 1 - band as u32;
                let shade = f32::from(page.get_pixel(tile.x + x as u32, tile.y + y).0[0]) / 255.0;
                let wanted = (energy - sprite.floor) / (sprite.ceiling - sprite.floor);
                error += (shade - wanted.clamp(0.0, 1.0)).abs();
            }
        }
        let mean = error / (TILE_WIDTH * TILE_HEIGHT) as f32;
        assert!(mean < 0.03, "tile {k} differs by {mean} from its patch");
    }
}

#[test]
fn neighbours_on_the_map_follow_each_other_in_the_files() {
    let Some(workspace) = Workspace::new("order") else { return };
    workspace.tones();
    report(&workspace.prepare(&["-d", "sounds", "--json"]));
    let dataset = workspace.dataset("sounds");
    let points = &dataset.projections.first.points;
    let way = |order: &dyn Fn(usize) -> usize| -> f32 {
        let place = |k: usize| points[order(k) % points.len()];
        let step = |k: usize| (0..3).map(|a| (place(k)[a] - place(k + 1)[a]).powi(2)).sum::<f32>().sqrt();
        (0..points.len() - 1).map(step).sum()
    };
    let (along, across) = (way(&|k| k), way(&|k| 7 * k));
    assert!(along < 0.6 * across, "{along} is hardly shorter than {across}");
}

#[test]
fn the_arrow_file_says_what_projections_json_says_and_how_bright_each_tile_is() {
    let Some(workspace) = Workspace::new("arrow") else { return };
    workspace.tones();
    report(&workspace.prepare(&["-d", "sounds", "--labels", "folder", "--reduce", "umap,pca", "--json"]));
    let dataset = workspace.dataset("sounds");
    let table = dataset.config.points.clone().unwrap();
    let (mut stream, mut parts) = (PointsStream::new(table.clone()), Parts::default());
    stream.push(&fs::read(dataset.folder.join(&table.file)).unwrap()).unwrap();
    for (column, values) in stream.take() {
        parts.add(&table.columns[column].part, values).unwrap();
    }
    let page = image::open(dataset.folder.join("sprite.jpg")).unwrap().to_luma8();
    for (k, &shade) in parts.levels.iter().enumerate() {
        let tile = dataset.config.sprite.tile(k);
        let seen = image::imageops::crop_imm(&page, tile.x, tile.y, TILE_WIDTH, TILE_HEIGHT).to_image();
        let mean = seen.pixels().map(|p| f32::from(p.0[0])).sum::<f32>() / (TILE_WIDTH * TILE_HEIGHT) as f32;
        assert!((mean - f32::from(shade)).abs() < 3.0, "tile {k}: {mean} and {shade}");
    }
    assert_eq!(parts.levels.len(), 18);
    assert_eq!(parts.whole(&table, &dataset.config).unwrap(), dataset.projections);
}

#[test]
fn the_same_sounds_give_the_same_bytes_whatever_the_threads() {
    let Some(workspace) = Workspace::new("same bytes") else { return };
    workspace.tones();
    for (output, jobs) in [("one", "1"), ("three", "3")] {
        report(&workspace.prepare(&["-d", "sounds", "-o", output, "--jobs", jobs, "--no-cache", "--json"]));
    }
    for file in ["config.json", "projections.json", "points.arrow", "sprite.jpg", "audio.flac"] {
        let read = |output: &str| fs::read(workspace.path().join(output).join("sounds").join(file)).unwrap();
        assert!(read("one") == read("three"), "{file} differs");
    }
}

#[test]
fn a_recording_is_heard_to_its_end() {
    let Some(workspace) = Workspace::new("recording") else { return };
    // 5.3 s: ten whole windows, 0.02 s of tail which no window covers; then 5.5 s, 0.22 s of tail.
    for (seconds, windows) in [(5.3, 10), (5.5, 11), (0.5, 1)] {
        workspace.tone("dawn.wav", (44_100, 2), 700.0, seconds, 0.0);
        report(&workspace.prepare(&["-f", "dawn.wav", "--json"]));
        let dataset = workspace.dataset("dawn");
        assert_eq!(dataset.config.count, windows, "{seconds} s");
        let samples = (seconds * 16_000.0) as u64;
        assert_eq!(dataset.config.audio.samples, Some(samples));
        assert_eq!(decode(&dataset.folder.join("audio.flac")).len() as u64, samples);
        let last = dataset.config.audio.clip(windows - 1);
        assert!(samples - last.end < 1_536, "the last window leaves no more than a tenth uncovered");
        assert_eq!(text(&dataset, "labelnames")[0], "0:00.00");
    }
}

#[test]
fn projections_are_those_asked_for_the_first_in_front() {
    let Some(workspace) = Workspace::new("projections") else { return };
    workspace.tones();
    let made = |arguments: &[&str]| {
        report(&workspace.prepare(&[&["-d", "sounds", "--json"], arguments].concat()));
        workspace.dataset("sounds")
    };
    // Each run has an order of its own, along its first projection.
    let by_file = |d: &Dataset, points: &[[f32; 3]]| {
        let mut rows: Vec<_> = d.projections.idx.iter().copied().zip(points.to_vec()).collect();
        rows.sort_by_key(|(index, _)| *index);
        rows
    };
    let names = |d: &Dataset| d.config.projections.iter().map(|p| p.name.clone()).collect::<Vec<_>>();
    let usual = made(&["--neighbors", "5", "--min-dist", "0.3", "--seed", "7"]);
    assert_eq!(names(&usual), ["umap", "pca"]);
    let params = &usual.config.projections[0].params;
    assert_eq!(
        (&params["neighbors"], &params["minDist"], &params["seed"]),
        (&5.into(), &0.3.into(), &7.into())
    );
    assert!(usual.projections.neighbours.iter().all(|row| row.len() == 15));
    let both =
        made(&["--reduce", "pca,umap,tsne", "--dims", "2,3", "--metric", "cosine", "--prepare", "none"]);
    assert_eq!(names(&both), ["pca-2d", "pca", "umap-2d", "umap", "tsne-2d", "tsne"]);
    assert_eq!(both.config.projections.iter().map(|p| p.dims).collect::<Vec<_>>(), [2, 3, 2, 3, 2, 3]);
    assert_eq!(both.config.projections[3].params["metric"], "cosine");
    // PCA does not depend on the preparation, and its axes not on how many are asked for.
    let [pca, same] = [&both, &usual].map(|d| by_file(d, &d.projections.further["pca"].points));
    assert_eq!(pca, same);
    for (flat, deep) in both.projections.first.points.iter().zip(&both.projections.further["pca"].points) {
        assert_eq!(*flat, [deep[0], deep[1], 0.0]);
    }
    let umap = by_file(&both, &both.projections.further["umap"].points);
    assert_ne!(umap, by_file(&usual, &usual.projections.first.points));
    for projected in both.projections.further.values().chain([&both.projections.first]) {
        for point in &projected.spherical {
            let radius = point.iter().map(|x| x * x).sum::<f32>().sqrt();
            assert!((radius - 10.0).abs() < 1e-3, "{radius}");
        }
    }
    assert_eq!(names(&made(&["--reduce", "pca"])), ["pca"]);
}

#[test]
fn a_copy_is_marked_and_counted_by_either_metric() {
    let Some(workspace) = Workspace::new("duplicates") else { return };
    workspace.tones();
    fs::copy(workspace.path().join("sounds/low/03.wav"), workspace.path().join("sounds/copy.wav")).unwrap();
    for metric in ["euclidean", "cosine"] {
        let report = report(&workspace.prepare(&["-d", "sounds", "--metric", metric, "--json"]));
        let dataset = workspace.dataset("sounds");
        let (files, kinds) = (text(&dataset, "filenames"), text(&dataset, "duplicate"));
        let Column::Number(groups) = &dataset.projections.metadata["duplicate_group"] else {
            panic!("groups")
        };
        let at = |file: &str| files.iter().position(|f| f == file).unwrap();
        let (copy, original) = (at("copy.wav"), at("low/03.wav"));
        assert_eq!((kinds[copy].as_str(), kinds[original].as_str()), ("exact", "exact"), "{metric}");
        assert!(groups[copy].is_some() && groups[copy] == groups[original]);
        assert_eq!(report["duplicates"]["exact"], kinds.iter().filter(|kind| *kind == "exact").count());
        assert_eq!(report["duplicates"]["near"], kinds.iter().filter(|kind| *kind == "near").count());
    }
}

#[test]
fn a_table_gives_labels_and_further_columns() {
    let Some(workspace) = Workspace::new("table") else { return };
    workspace.tones();
    let table = "filename,label,category,take,start\nhigh/09.wav,1,whistle,4,noon\n10.wav,1,whistle,5,dusk\n";
    fs::write(workspace.path().join("meta.csv"), table).unwrap();
    let report = report(&workspace.prepare(&["-d", "sounds", "--labels", "csv:meta.csv", "--json"]));
    assert_eq!(report["unlabelled"], 16);
    let dataset = workspace.dataset("sounds");
    assert_eq!(text_by_file(&dataset, "labelnames")[..3], ["whistle", "whistle", ""]);
    assert_eq!(text_by_file(&dataset, "csv_start")[..3], ["noon", "dusk", ""]);
    let Column::Number(take) = &dataset.projections.metadata["take"] else { panic!("take is a number") };
    let mut take: Vec<_> = dataset.projections.idx.iter().zip(take).collect();
    take.sort_by_key(|(index, _)| **index);
    assert!(take.iter().map(|(_, take)| **take).take(3).eq([Some(4.0), Some(5.0), None]));
}

#[test]
fn what_is_heard_labels_a_folder_or_a_recording_and_its_start_stays_a_column() {
    let Some(workspace) = Workspace::new("audioset labels") else { return };
    workspace.tones();
    workspace.tone("dawn.wav", (44_100, 2), 700.0, 5.3, 0.0);
    for (input, name) in [(["-d", "sounds"], "sounds"), (["-f", "dawn.wav"], "dawn")] {
        let report = report(&workspace.prepare(&[&input[..], &["--labels", "audioset", "--json"]].concat()));
        let dataset = workspace.dataset(name);
        let classes = dataset.projections.classes.as_ref().unwrap();
        assert!(classes.attribution.contains("CC BY 4.0"));
        let (ids, names) = (text(&dataset, "labels"), text(&dataset, "labelnames"));
        for (k, (id, name)) in ids.iter().zip(&names).enumerate() {
            let best: Vec<(usize, f32)> = classes.top[k]
                .iter()
                .zip(&classes.scores[k])
                .map(|(&c, &score)| (c as usize, score))
                .collect();
            let class = scatter_embed::naming_class(&best);
            let wanted = class.map(|class| scatter_embed::class_name(class).unwrap());
            assert_eq!((name.as_str(), id.is_empty()), (wanted.unwrap_or_default(), wanted.is_none()));
        }
        assert_eq!(report["unlabelled"], ids.iter().filter(|id| id.is_empty()).count());
        let Column::Number(start) = &dataset.projections.metadata["start"] else {
            panic!("start is a number")
        };
        assert!(name == "sounds" || start[1] == Some(0.48));
    }
}

#[test]
fn a_collection_of_one_clip_is_a_map_of_one_point() {
    let Some(workspace) = Workspace::new("one clip") else { return };
    workspace.tone("sounds/only.wav", (22_050, 1), 440.0, 1.0, 0.1);
    report(&workspace.prepare(&["-d", "sounds", "--json"]));
    let dataset = workspace.dataset("sounds");
    assert_eq!(dataset.projections.first.points, [[0.0; 3]]);
}

/// The shape of a JSON value: each key with the type of what it holds, arrays by their first entry.
fn shape(value: &Value) -> Value {
    match value {
        Value::Null => "null".into(),
        Value::Bool(_) => "bool".into(),
        Value::Number(_) => "number".into(),
        Value::String(_) => "text".into(),
        Value::Array(values) => Value::Array(values.first().map(shape).into_iter().collect()),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), shape(value))).collect(),
    }
}

#[test]
fn the_format_is_the_one_in_the_snapshot() {
    let Some(workspace) = Workspace::new("snapshot") else { return };
    workspace.tones();
    report(&workspace.prepare(&["-d", "sounds", "--json"]));
    let read = |file: &str| -> Value {
        serde_json::from_slice(&fs::read(workspace.path().join("data/sounds").join(file)).unwrap()).unwrap()
    };
    let config = read("config.json");
    assert_eq!((&config["formatVersion"], &config["kind"]), (&1.into(), &"clips".into()));
    assert_eq!(config["imgDim"], 96);
    assert_eq!(config["audio"]["blockSize"], 3_840);
    assert_eq!(config["audio"]["hopSamples"], 15_360);
    let mut projections = shape(&read("projections.json"));
    let mut config = shape(&config);
    config["points"]["classes"] = Value::Object(serde_json::Map::new());
    // Which classes occur depends on the model.
    projections["classes"]["names"] = Value::Object(serde_json::Map::new());
    let found = serde_json::json!({"config.json": config, "projections.json": projections});
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/format-1.json");
    let wanted: Value = serde_json::from_slice(&fs::read(&path).unwrap_or_default()).unwrap_or_default();
    assert_eq!(found, wanted, "a new shape needs a new formatVersion, or a snapshot:\n{found:#}");
}

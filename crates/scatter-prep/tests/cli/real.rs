//! Real recordings through the real model, where both are at hand.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use ndarray::Array2;
use scatter_audio::AudioReader;
use scatter_dataset::{Column, Kind};
use scatter_map::quality::knn_accuracy;

use crate::support::{Dataset, Workspace, folder_from, report};

/// Audio, and a workspace where YAMNet is found by itself.
fn real(test: &str) -> Option<(Workspace, PathBuf)> {
    let audio = folder_from("SCATTER_TEST_AUDIO", test)?;
    folder_from("SCATTER_MODELS", test)?;
    Some((Workspace::new(test)?, audio))
}

fn labels(dataset: &Dataset) -> Vec<String> {
    let Column::Text(names) = &dataset.projections.metadata["labelnames"] else { panic!("labels are text") };
    names.clone()
}

fn run(workspace: &Workspace, arguments: &[&str]) -> Output {
    workspace.run(&[arguments, &["--json"]].concat())
}

#[test]
fn esc10_becomes_a_map_where_each_class_is_a_neighbourhood() {
    let Some((workspace, audio)) = real("esc10") else { return };
    let folder = audio.join("esc10");
    let report = report(&run(&workspace, &["-d", folder.to_str().unwrap(), "--labels", "folder"]));
    assert_eq!((&report["points"], &report["model"]), (&400.into(), &"yamnet".into()));
    assert_eq!(report["filesSkipped"], serde_json::json!([]));
    let dataset = workspace.dataset("esc10");
    let points = &dataset.projections.first.points;
    let flat: Vec<f32> = points.iter().flatten().copied().collect();
    let points = Array2::from_shape_vec((400, 3), flat).unwrap();
    let accuracy = knn_accuracy(points.view(), &labels(&dataset), 15).unwrap();
    println!("esc10: 15-NN label accuracy on the map {accuracy:.3}");
    // The original's map of the same clips reaches 0.915 with umap-learn.
    assert!(accuracy > 0.9, "{accuracy}");
    let neighbours = &dataset.projections.neighbours;
    assert!(neighbours.iter().enumerate().all(|(k, row)| row.len() == 15 && !row.contains(&(k as u32))));

    // What YAMNet hears names the class.
    let classes = dataset.projections.classes.as_ref().unwrap();
    let heard = |label: &str, wanted: &[&str]| {
        let of_label: Vec<_> =
            labels(&dataset).iter().enumerate().filter(|(_, l)| *l == label).map(|(k, _)| k).collect();
        let hits = of_label
            .iter()
            .filter(|&&k| classes.top[k].iter().any(|class| wanted.contains(&classes.names[class].as_str())));
        hits.count() as f64 / of_label.len() as f64
    };
    assert!(heard("001 - Dog bark", &["Dog", "Bark"]) > 0.8);
    assert!(heard("009 - Rooster", &["Fowl", "Chicken, rooster"]) > 0.8);
}

#[test]
fn unlabelled_clips_are_named_by_what_is_heard() {
    let Some((workspace, audio)) = real("audioset") else { return };
    let folder = audio.join("esc10");
    let report = report(&run(&workspace, &["-d", folder.to_str().unwrap(), "--labels", "audioset"]));
    let dataset = workspace.dataset("esc10");
    let Column::Text(files) = &dataset.projections.metadata["filenames"] else { panic!("files are text") };
    let Column::Text(mids) = &dataset.projections.metadata["labels"] else { panic!("labels are text") };
    let mut by_label: BTreeMap<String, BTreeMap<&str, usize>> = BTreeMap::new();
    for (name, file) in labels(&dataset).into_iter().zip(files).filter(|(name, _)| !name.is_empty()) {
        let class = file.split('/').next().unwrap();
        *by_label.entry(name).or_default().entry(class).or_default() += 1;
    }
    let named: usize = by_label.values().flat_map(BTreeMap::values).sum();
    let pure: usize = by_label.values().map(|classes| classes.values().max().unwrap()).sum();
    let purity = pure as f64 / named as f64;
    println!("esc10: {named} of 400 clips named in {} ways, purity {purity:.3}", by_label.len());
    assert_eq!(report["unlabelled"], 400 - named);
    assert!(named > 360 && purity > 0.85, "{named} named, purity {purity}");
    let dogs = ["Dog", "Bark", "Bow-wow", "Yip", "Animal", "Domestic animals, pets"].map(|name| {
        by_label.get(name).and_then(|classes| classes.get("001 - Dog bark")).copied().unwrap_or(0)
    });
    println!("esc10: dogs are named Dog, Bark, Bow-wow, Yip, Animal, Domestic animals: {dogs:?} of 40");
    assert!(dogs.iter().sum::<usize>() >= 36, "{dogs:?}");
    assert!(mids.iter().all(|mid| mid.is_empty() || mid.starts_with("/m/") || mid.starts_with("/t/")));
}

#[test]
fn a_sound_saved_again_is_found_and_other_sounds_of_its_class_are_not_taken_for_it() {
    let Some((workspace, audio)) = real("duplicates") else { return };
    let folder = workspace.path().join("sounds");
    fs::create_dir(&folder).unwrap();
    let mut copies = Vec::new();
    for (class, letter) in [("001 - Dog bark", 'd'), ("002 - Rain", 'r'), ("009 - Rooster", 'c')] {
        let mut files: Vec<PathBuf> =
            fs::read_dir(audio.join("esc10").join(class)).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        for (k, file) in files.iter().enumerate() {
            fs::copy(file, folder.join(format!("{letter}{k:02}.ogg"))).unwrap();
            // One in four again, as a wav of 16 bits.
            if k % 4 == 0 {
                let copy = format!("{letter}{k:02}.wav");
                save_as_wav(file, &folder.join(&copy));
                copies.push(copy);
            }
        }
    }
    let report = report(&run(&workspace, &["-d", "sounds"]));
    let dataset = workspace.dataset("sounds");
    let Column::Text(files) = &dataset.projections.metadata["filenames"] else { panic!("files are text") };
    let Column::Number(groups) = &dataset.projections.metadata["duplicate_group"] else { panic!("groups") };
    let group = |file: &str| groups[files.iter().position(|f| f == file).unwrap()];
    for copy in &copies {
        assert!(group(copy).is_some() && group(copy) == group(&copy.replace(".wav", ".ogg")), "{copy}");
    }
    let marked = groups.iter().flatten().count();
    println!("duplicates: {marked} points marked, {} expected: {}", 2 * copies.len(), report["duplicates"]);
    // Some takes are cut from one source, so a few more are right.
    assert!(marked <= 2 * copies.len() + 6, "{marked}");
}

fn save_as_wav(from: &Path, to: &Path) {
    let mut reader = AudioReader::open(from).unwrap();
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: reader.sample_rate(),
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(to, spec).unwrap();
    while let Some(block) = reader.next_block().unwrap() {
        block.iter().for_each(|x| writer.write_sample((x * 32_767.0) as i16).unwrap());
    }
    writer.finalize().unwrap();
}

#[test]
fn the_city_recording_is_kept_sample_by_sample() {
    let Some((workspace, audio)) = real("city_sound") else { return };
    let file = audio.join("long/city_sound.flac");
    report(&run(&workspace, &["-f", file.to_str().unwrap()]));
    let dataset = workspace.dataset("city_sound");
    // 3,561,848 samples: 462 whole windows, and a last one for the 0.37 s of tail.
    assert_eq!((dataset.config.kind, dataset.config.count), (Kind::Recording, 463));
    assert_eq!((labels(&dataset)[1].as_str(), labels(&dataset)[462].as_str()), ("0:00.48", "3:41.76"));
    // The source is 16 kHz mono 16 bit already: what comes out is what went in.
    let decode = |path: PathBuf| {
        let mut reader = AudioReader::open(&path).unwrap();
        let mut samples = Vec::new();
        while let Some(block) = reader.next_block().unwrap() {
            samples.extend(block.iter().map(|x| (x * 32_768.0) as i32));
        }
        samples
    };
    let (kept, source) = (decode(dataset.folder.join("audio.flac")), decode(file));
    assert!(kept == source, "{} samples of {}", kept.len(), source.len());

    // Descriptors of the same windows by librosa, from the original project's dataset of this recording.
    let Some(legacy) = folder_from("SCATTER_TEST_LEGACY", "city_sound against the original") else { return };
    let json = fs::read(legacy.join("city_sound_projections.json")).unwrap();
    let original: serde_json::Value = serde_json::from_slice(&json).unwrap();
    for column in ["s_centroid", "s_rolloff", "s_bandwidth"] {
        let Column::Number(ours) = &dataset.projections.metadata[column] else { panic!("{column}") };
        let theirs = original["metadata"][column].as_array().unwrap();
        let mut ratios: Vec<f64> =
            ours.iter().zip(theirs).map(|(a, b)| (a.unwrap() / b.as_f64().unwrap() - 1.0).abs()).collect();
        ratios.sort_by(f64::total_cmp);
        let median = ratios[ratios.len() / 2];
        println!("city_sound: {column} differs by {:.3} % from the original's, median", 100.0 * median);
        assert!(median < 0.02, "{column}: {median}");
    }
}

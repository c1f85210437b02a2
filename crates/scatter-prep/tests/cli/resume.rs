//! What was heard is not heard again, however the run before ended.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Output, Stdio};
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;

use crate::support::{Workspace, complaint, events, report};

const FILES: [&str; 5] = ["config.json", "projections.json", "points.arrow", "sprite.jpg", "audio.flac"];

/// The files of a dataset.
fn bytes(data: &Path, name: &str) -> Vec<Vec<u8>> {
    FILES.iter().map(|file| fs::read(data.join(name).join(file)).unwrap()).collect()
}

/// Names in the events of a kind.
fn files(output: &Output, event: &str) -> BTreeSet<String> {
    let events = events(output).into_iter().filter(|e| e["event"] == event);
    events.map(|e| e["file"].as_str().unwrap().to_owned()).collect()
}

/// A store's bytes on disk.
fn kept(workspace: &Workspace) -> u64 {
    let entries = fs::read_dir(workspace.path().join("kept")).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
}

/// Waits until `done`, or the run ends by itself.
fn wait_until(run: &mut Child, done: impl Fn() -> bool) {
    let began = Instant::now();
    while !done() && run.try_wait().unwrap().is_none() && began.elapsed() < Duration::from_secs(120) {
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Kills the command again and again, each time a little later on its way, until it ends by itself. Gives how often it
/// was killed, and points of the first run that was let go.
fn kill_until_done(workspace: &Workspace, arguments: &[&str], step: u64) -> (usize, Value) {
    for kills in 0..100 {
        let before = kept(workspace);
        let mut run =
            workspace.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        wait_until(&mut run, || kept(workspace) > before + step);
        if run.try_wait().unwrap().is_none() {
            run.kill().unwrap();
            run.wait().unwrap();
            // Nothing that was kept is lost.
            assert!(kept(workspace) > before, "killed run {kills} kept nothing");
            continue;
        }
        return (kills, report(&run.wait_with_output().unwrap()));
    }
    panic!("a hundred runs were not enough");
}

#[test]
fn a_folder_killed_again_and_again_gives_the_very_bytes_of_one_run() {
    let Some(workspace) = Workspace::new("killed folder") else { return };
    for k in 0..150_u32 {
        let hertz = 150.0 * 1.02_f64.powi(k as i32);
        workspace.tone(&format!("sounds/{k:03}.wav"), (16_000, 1), hertz, 1.2, 0.01 * f64::from(k % 30));
    }
    fs::write(workspace.path().join("sounds/077-broken.wav"), b"RIFF").unwrap();
    report(&workspace.prepare(&["-d", "sounds", "--no-cache", "-o", "whole", "--json"]));
    let (kills, report) = kill_until_done(&workspace, &["-d", "sounds", "--json"], 600_000);
    println!("{kills} kills; {} points were kept for the last run", report["pointsKept"]);
    assert!(kills >= 3, "{kills}");
    assert_eq!(report["points"], 150);
    assert!(report["pointsKept"].as_u64().unwrap() > 0);
    let [whole, pieces] = ["whole", "data"].map(|data| bytes(&workspace.path().join(data), "sounds"));
    for (file, (whole, pieces)) in FILES.iter().zip(whole.iter().zip(&pieces)) {
        assert!(whole == pieces, "{file} differs");
    }
    let left: BTreeSet<_> = fs::read_dir(workspace.path().join("data"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(left, BTreeSet::from(["index.json".to_owned(), "sounds".to_owned()]));
}

#[test]
fn a_recording_killed_again_and_again_gives_the_very_bytes_of_one_run() {
    let Some(workspace) = Workspace::new("killed recording") else { return };
    workspace.tone("dawn.wav", (22_050, 2), 440.0, 90.3, 3.0);
    for hop in ["0.48", "1.7"] {
        let arguments = ["-f", "dawn.wav", "--hop", hop, "--json"];
        report(&workspace.prepare(&[&arguments[..], &["--no-cache", "-o", "whole"]].concat()));
        fs::remove_dir_all(workspace.path().join("kept")).ok();
        let (kills, last) = kill_until_done(&workspace, &arguments, 400_000);
        println!("hop {hop}: {kills} kills; {} windows were kept for the last run", last["pointsKept"]);
        assert!(kills >= 2, "{kills}");
        let [whole, pieces] = ["whole", "data"].map(|data| bytes(&workspace.path().join(data), "dawn"));
        assert!(whole == pieces, "hop {hop}");
        // All of it is kept now, to the recording's end.
        let again = report(&workspace.prepare(&arguments));
        assert_eq!(again["pointsKept"], again["points"]);
        assert!(bytes(&workspace.path().join("data"), "dawn") == whole);
    }
}

#[test]
fn only_what_is_new_or_changed_is_heard_and_the_map_is_that_of_a_fresh_run() {
    let Some(workspace) = Workspace::new("incremental") else { return };
    workspace.tones();
    let run = || workspace.prepare(&["-d", "sounds", "--json"]);
    let first = run();
    assert_eq!((files(&first, "file").len(), &report(&first)["pointsKept"]), (18, &0.into()));
    let second = run();
    assert_eq!((files(&second, "file").len(), &report(&second)["pointsKept"]), (0, &18.into()));
    assert!(complaint(&second).is_empty());

    // One is added, one is gone, one changes in length, one in time alone, one is bad.
    workspace.tone("sounds/new.wav", (16_000, 1), 500.0, 1.0, 0.0);
    fs::remove_file(workspace.path().join("sounds/low/03.wav")).unwrap();
    workspace.tone("sounds/low/04.wav", (16_000, 1), 333.0, 3.0, 0.0);
    let later = File::options().write(true).open(workspace.path().join("sounds/high/10.wav")).unwrap();
    later.set_modified(SystemTime::now() + Duration::from_secs(5)).unwrap();
    fs::write(workspace.path().join("sounds/bad.flac"), b"fLaC").unwrap();
    let third = run();
    let heard: Vec<_> = files(&third, "file").into_iter().collect();
    assert_eq!(heard, ["high/10.wav", "low/04.wav", "new.wav"]);
    assert_eq!(files(&third, "skipped").into_iter().collect::<Vec<_>>(), ["bad.flac"]);
    assert_eq!((&report(&third)["points"], &report(&third)["pointsKept"]), (&18.into(), &15.into()));
    report(&workspace.prepare(&["-d", "sounds", "--no-cache", "-o", "fresh", "--json"]));
    let [grown, fresh] = ["data", "fresh"].map(|data| bytes(&workspace.path().join(data), "sounds"));
    assert!(grown == fresh);

    let forced = workspace.prepare(&["-d", "sounds", "--force", "--json"]);
    assert_eq!((files(&forced, "file").len(), &report(&forced)["pointsKept"]), (18, &0.into()));
    assert!(bytes(&workspace.path().join("data"), "sounds") == fresh);
}

#[test]
fn another_projection_name_or_label_hears_nothing_and_another_model_or_length_everything() {
    let Some(workspace) = Workspace::new("projection alone") else { return };
    workspace.tones();
    let heard = |further: &[&str]| {
        let output = workspace.prepare(&[&["-d", "sounds", "--json"], further].concat());
        report(&output);
        files(&output, "file").len()
    };
    assert_eq!(heard(&[]), 18);
    for further in [
        &["--reduce", "pca"][..],
        &["--neighbors", "5"],
        &["--seed", "7"],
        &["--name", "other", "-o", "elsewhere"],
        &["--labels", "folder"],
        &["--timeout-per-file", "100", "--jobs", "1"],
    ] {
        assert_eq!(heard(further), 0, "{further:?}");
    }
    assert_eq!(heard(&["--max-duration", "0.5"]), 18);
    let other = workspace.path().join("other.onnx");
    fs::write(&other, scatter_embed::onnx::projection_model(2)).unwrap();
    let output = workspace.run(&["-d", "sounds", "--json", "--model", "other.onnx"]);
    report(&output);
    assert_eq!(files(&output, "file").len(), 18);
}

#[test]
fn what_is_kept_can_be_seen_and_removed() {
    let Some(workspace) = Workspace::new("cache") else { return };
    workspace.tones();
    let kept = report(&workspace.prepare(&["-d", "sounds", "--json"]))["keptBytes"].as_u64().unwrap();
    let on_disk: Vec<_> = fs::read_dir(workspace.path().join("kept")).unwrap().flatten().collect();
    assert_eq!(on_disk.len(), 1, "no lock is left");
    assert_eq!(on_disk[0].metadata().unwrap().len(), kept);
    let cache = |command: &str| {
        let output = workspace.run(&["cache", command, "--cache", "kept"]);
        assert!(output.status.success(), "{}", complaint(&output));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(cache("list").contains("sounds-"), "{}", cache("list"));
    assert!(cache("clear").contains("removed 1 of 1"));
    assert_eq!(fs::read_dir(workspace.path().join("kept")).unwrap().count(), 0);
    assert!(!workspace.path().join("data/sounds/.heard").exists());
    let none = report(&workspace.prepare(&["-d", "sounds", "--no-cache", "--json"]));
    assert_eq!(
        (&none["keptBytes"], fs::read_dir(workspace.path().join("kept")).unwrap().count()),
        (&0.into(), 0)
    );
}

#[test]
fn a_store_that_was_damaged_on_disk_costs_what_was_damaged() {
    let Some(workspace) = Workspace::new("damaged store") else { return };
    workspace.tones();
    report(&workspace.prepare(&["-d", "sounds", "--json"]));
    let whole = bytes(&workspace.path().join("data"), "sounds");
    let store = fs::read_dir(workspace.path().join("kept")).unwrap().next().unwrap().unwrap().path();
    let mut damaged = fs::read(&store).unwrap();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0x40;
    fs::write(&store, damaged).unwrap();
    let again = workspace.prepare(&["-d", "sounds", "--json"]);
    let heard = files(&again, "file").len();
    assert!((1..18).contains(&heard), "{heard}");
    assert!(bytes(&workspace.path().join("data"), "sounds") == whole);
}

#[test]
fn a_run_killed_at_any_moment_leaves_the_earlier_map_or_the_new_one_whole() {
    let Some(workspace) = Workspace::new("killed at any moment") else { return };
    for k in 0..60_u32 {
        workspace.tone(&format!("sounds/{k:02}.wav"), (16_000, 1), 150.0 + 40.0 * f64::from(k), 1.0, 0.0);
    }
    let data = workspace.path().join("data");
    report(&workspace.prepare(&["-d", "sounds", "--seed", "1", "--json"]));
    let earlier = bytes(&data, "sounds");
    let began = Instant::now();
    report(&workspace.prepare(&["-d", "sounds", "--seed", "2", "-o", "other", "--json"]));
    let (took, new) = (began.elapsed(), bytes(&workspace.path().join("other"), "sounds"));
    assert!(earlier != new);
    let (mut before, mut after) = (0, 0);
    for k in 0..24 {
        let mut run = workspace.command(&["-d", "sounds", "--seed", "2", "--force"]).spawn().unwrap();
        std::thread::sleep(took.mul_f64(f64::from(k) / 20.0));
        run.kill().unwrap();
        run.wait().unwrap();
        let found = bytes(&data, "sounds");
        assert!(found == earlier || found == new, "killed after {k} twentieths of a run");
        if found == new {
            after += 1;
        } else {
            before += 1;
        }
        report(&workspace.prepare(&["-d", "sounds", "--seed", "1", "--json"]));
        assert!(bytes(&data, "sounds") == earlier);
    }
    println!("{} kills: the earlier map stood after {before}, the new one after {after}", before + after);
    assert!(before > 0);
}

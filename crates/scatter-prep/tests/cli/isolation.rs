//! What a file does to its decoder costs that file alone.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Workspace, complaint, events, report};

fn reason<'a>(report: &'a Value, file: &str) -> &'a str {
    let skipped = report["filesSkipped"].as_array().unwrap();
    let row = skipped.iter().find(|row| row["file"] == file);
    row.unwrap_or_else(|| panic!("{file} is not in {skipped:?}"))["reason"].as_str().unwrap()
}

#[test]
fn a_file_that_takes_too_long_is_given_up_and_the_others_go_on() {
    let Some(workspace) = Workspace::new("time") else { return };
    workspace.tones();
    // A day of silence, of which the disk holds a header: the file is a hole of 16 GB.
    workspace.tone("sounds/long.wav", (44_100, 2), 440.0, 0.1, 0.0);
    let path = workspace.path().join("sounds/long.wav");
    let mut bytes = fs::read(&path).unwrap();
    let data = bytes.windows(4).position(|four| four == b"data").unwrap() + 4;
    for length in [4, data] {
        bytes[length..length + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    }
    fs::write(&path, bytes).unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_len(16 << 30).unwrap();
    let arguments = ["-d", "sounds", "--timeout-per-file", "2", "--json"];
    let limited = report(&workspace.prepare(&arguments));
    assert!(reason(&limited, "long.wav").contains("took longer than 2 s"), "{limited}");
    assert!(reason(&limited, "long.wav").contains("--timeout-per-file"), "{limited}");
    assert_eq!(limited["points"], 18);
    // A part of it is soon read.
    let arguments = ["-d", "sounds", "--max-duration", "60", "--json"];
    let partial = report(&workspace.prepare(&arguments));
    assert_eq!((&partial["points"], &partial["filesPartial"]), (&19.into(), &1.into()), "{partial}");
    assert!(partial["notes"][0]["note"].as_str().unwrap().starts_with("partial: "), "{partial}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_takes_too_much_memory_is_given_up_and_the_others_go_on() {
    let Some(workspace) = Workspace::new("memory") else { return };
    workspace.tones();
    // The loudest region of a bat recorder's file, and its surroundings, are tens of megabytes at this rate.
    workspace.tone("sounds/bats.wav", (768_000, 1), 40_000.0, 4.0, 1.0);
    let report = report(&workspace.prepare(&["-d", "sounds", "--memory-per-file", "16", "--json"]));
    let reason = reason(&report, "bats.wav");
    assert!(
        reason.contains("more than 16 MiB of memory") && reason.contains("--memory-per-file"),
        "{reason}"
    );
    assert_eq!(report["points"], 18);
}

/// Processes that decode for the process `parent`.
#[cfg(target_os = "linux")]
fn decoders(parent: u32) -> Vec<u32> {
    let numbers =
        fs::read_dir("/proc").unwrap().flatten().filter_map(|e| e.file_name().to_str()?.parse().ok());
    let is_child = |process: &u32| {
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        status.lines().any(|line| line == format!("PPid:\t{parent}"))
    };
    numbers.filter(is_child).collect()
}

fn kill(process: u32) {
    // One that has just ended by itself is no surprise.
    Command::new("kill").args(["-KILL", &process.to_string()]).stderr(Stdio::null()).status().unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn decoders_that_die_cost_the_files_they_had_and_are_replaced() {
    let Some(workspace) = Workspace::new("dying decoders") else { return };
    for k in 0..120_u32 {
        workspace.tone(&format!("sounds/{k:03}.wav"), (48_000, 2), 300.0 + f64::from(k), 4.0, 0.0);
    }
    let mut run = workspace.command(&["-d", "sounds", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut killed = 0;
    while run.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(150));
        for decoder in decoders(run.id()) {
            kill(decoder);
            killed += 1;
        }
    }
    let output = run.wait_with_output().unwrap();
    let report = report(&output);
    let (points, skipped) = (report["points"].as_u64().unwrap(), report["filesSkipped"].as_array().unwrap());
    println!("{killed} decoders were killed, {} files lost", skipped.len());
    assert!(killed > 0 && skipped.len() <= killed);
    assert_eq!(points + skipped.len() as u64, 120);
    for row in skipped {
        assert!(row["reason"].as_str().unwrap().contains("broke down (signal 9)"), "{row}");
    }
    // And the next run hears them.
    let report = crate::support::report(&workspace.prepare(&["-d", "sounds", "--json"]));
    assert_eq!(report["points"], 120);
}

#[cfg(target_os = "linux")]
#[test]
fn a_recordings_decoder_that_dies_ends_it_there_and_no_decoder_outlives_its_run() {
    let Some(workspace) = Workspace::new("recording's decoder") else { return };
    workspace.tone("dawn.wav", (96_000, 2), 440.0, 200.0, 0.0);
    let arguments = ["-f", "dawn.wav", "--json"];
    let mut run =
        workspace.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let kept = || {
        fs::read_dir(workspace.path().join("kept")).map_or(0, |entries| {
            entries.flatten().filter_map(|e| e.metadata().ok()).map(|m| m.len()).sum::<u64>()
        })
    };
    let began = Instant::now();
    while kept() < 500_000 && began.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(1));
    }
    let [decoder] = decoders(run.id())[..] else { panic!("one decoder") };
    kill(decoder);
    run.wait().unwrap();
    let output = run.wait_with_output().unwrap();
    let partial = report(&output);
    assert_eq!(partial["filesPartial"], 1, "{partial}");
    let note = partial["notes"][0]["note"].as_str().unwrap();
    assert!(note.starts_with("partial: ") && note.contains("signal 9"), "{note}");
    // The next run reads on to the end.
    let whole = report(&workspace.prepare(&arguments));
    assert!(whole["points"].as_u64() > partial["points"].as_u64(), "{whole}");
    assert_eq!((&whole["filesPartial"], &whole["pointsKept"]), (&0.into(), &partial["points"]));

    // A run that is killed takes its decoder along.
    let mut run = workspace.command(&["-f", "dawn.wav", "--no-cache"]).spawn().unwrap();
    let began = Instant::now();
    let mut decoder = Vec::new();
    while decoder.is_empty() && began.elapsed() < Duration::from_secs(60) {
        decoder = decoders(run.id());
    }
    run.kill().unwrap();
    run.wait().unwrap();
    let alive = || {
        fs::read_to_string(format!("/proc/{}/cmdline", decoder[0])).is_ok_and(|line| line.contains("reader"))
    };
    let began = Instant::now();
    while alive() && began.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(!alive(), "the decoder of a killed run lives on");
}

#[test]
fn events_tell_each_file_once_and_the_report_last() {
    let Some(workspace) = Workspace::new("events") else { return };
    workspace.tones();
    fs::write(workspace.path().join("sounds/bad.ogg"), b"OggS").unwrap();
    fs::write(workspace.path().join("sounds/old.wma"), b"x").unwrap();
    let output = workspace.prepare(&["-d", "sounds", "--json"]);
    assert_eq!(complaint(&output), "");
    let events = events(&output);
    let kinds: Vec<_> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!((kinds[0], kinds[kinds.len() - 1]), ("started", "finished"));
    let count = |kind: &str| kinds.iter().filter(|&&other| other == kind).count();
    assert_eq!((count("file"), count("skipped")), (18, 2));
    assert_eq!(
        (&events[0]["version"], &events[0]["files"], &events[0]["kept"]),
        (&1.into(), &19.into(), &0.into())
    );
    let stages: Vec<_> =
        events.iter().filter(|e| e["event"] == "stage").map(|e| e["stage"].as_str().unwrap()).collect();
    assert_eq!(stages, ["hear", "pca", "neighbours", "umap", "projections", "points", "checksums"]);

    let failed = workspace.prepare(&["-d", "nowhere", "--name", "x", "--json"]);
    assert_eq!(failed.status.code(), Some(1));
    let last = crate::support::events(&failed).pop().unwrap();
    assert_eq!((&last["event"], &last["exitCode"]), (&"failed".into(), &1.into()));
    assert!(last["error"].as_str().unwrap().contains("nowhere cannot be opened"), "{last}");
}

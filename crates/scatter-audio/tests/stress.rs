//! Every file of the stress folder decodes or is refused for a reason; none panics or keeps the reader busy.

// Helpers of tests stop at the first surprise too.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use scatter_audio::{AudioError, AudioErrorKind, ClipReader, Recording, is_audio_extension};

/// Files that another decoder reads and this one refuses, though their extension is one that is claimed.
const REFUSED: &[&str] = &[
    // The header says 5 channels, the frames 1.
    "flac/faulty/04 - wrong number of channels.flac",
    // A change of rate or channels on the way is refused on purpose.
    "flac/uncommon/01 - changing samplerate.flac",
    "flac/uncommon/02 - increasing number of channels.flac",
    "flac/uncommon/03 - decreasing number of channels.flac",
    // The decoder has no 33-bit side channel.
    "flac/uncommon/05 - 32bps audio.flac",
    // No head.
    "flac/uncommon/10 - file starting at frame header.flac",
    // Five frames and one: the first frames only fill the bit reservoir.
    "mutagen/data/bad-xing.mp3",
    "mutagen/data/lame397v9short.mp3",
    // The decoder's configuration is cut short.
    "mutagen/data/ep7.m4b",
];

/// What the folder's table says of a file, as another decoder found it.
struct Expected {
    name: String,
    path: PathBuf,
    decoded_whole: bool,
    seconds: f64,
}

fn stress_files(test: &str) -> Vec<Expected> {
    let Some(folder) = std::env::var_os("SCATTER_TEST_STRESS").map(PathBuf::from) else {
        println!("skipped: {test}: SCATTER_TEST_STRESS is not set");
        return Vec::new();
    };
    let table = std::fs::read_to_string(folder.join("expected.tsv")).unwrap();
    let rows = table.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    rows.map(|row| Expected {
        name: row[0].to_owned(),
        path: folder.join(row[0]),
        decoded_whole: row[2] == "ok",
        seconds: row[6].parse().unwrap_or(0.0),
    })
    .collect()
}

/// The outcome, which must come soon and without a panic.
fn soon<T>(name: &str, read: impl FnOnce() -> Result<T, AudioError>) -> Result<T, AudioError> {
    let began = Instant::now();
    let outcome = read();
    let took = began.elapsed();
    assert!(took < Duration::from_secs(5), "{name} took {took:?}");
    if let Err(error) = &outcome {
        assert!(!matches!(error.kind(), AudioErrorKind::DecoderPanic { .. }), "{name}: {error}");
    }
    outcome
}

#[test]
fn every_stress_file_gives_a_clip_or_a_reason_and_soon() {
    let mut reader = ClipReader::new();
    for file in stress_files("every_stress_file_gives_a_clip_or_a_reason_and_soon") {
        let Expected { name, path, decoded_whole, seconds } = file;
        let claimed = is_audio_extension(&path);
        match soon(&name, || reader.read(&path)) {
            Ok(clip) => {
                assert_eq!(clip.samples.len(), 15_360, "{name}");
                assert!(clip.samples.iter().all(|sample| sample.is_finite()), "{name}");
                assert!(clip.start_seconds <= clip.source_seconds, "{name}");
                // Decoders differ by a frame or two of mp3 and aac.
                let short = seconds - clip.source_seconds;
                let whole = short.abs() < 0.1 || !clip.notes.is_empty() || !decoded_whole;
                assert!(whole, "{name}: {} of {seconds} s, {:?}", clip.source_seconds, clip.notes);
            }
            Err(error) => {
                println!("{name}: {}", error.reason());
                let known = REFUSED.contains(&name.as_str());
                assert!(known || !decoded_whole || !claimed, "{name}: {}", error.reason());
            }
        }
    }
}

#[test]
fn every_stress_file_gives_windows_or_a_reason_and_soon() {
    for Expected { name, path, .. } in stress_files("every_stress_file_gives_windows_or_a_reason_and_soon") {
        let windows = soon(&name, || windows(&path));
        assert!(!matches!(windows, Ok(0)), "{name}");
    }
}

fn windows(path: &Path) -> Result<usize, AudioError> {
    let mut recording = Recording::open(path, 7_680)?;
    let mut count = 0;
    while recording.next_window(&mut |_| ())?.is_some() {
        count += 1;
    }
    Ok(count)
}

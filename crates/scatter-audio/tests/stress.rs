//! Every file of the stress folder decodes or is refused for a reason; none panics or keeps the reader busy.

// Helpers of tests stop at the first surprise too.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use scatter_audio::{AudioError, AudioErrorKind, ClipReader, Recording, is_audio_extension};

/// Files that are refused, and what the reason must say. Those of formats that are not decoded are below.
const REASONS: &[(&str, &str)] = &[
    ("flac/faulty/08 - blocksize 65536.flac", "100 % of its data are no sound"),
    ("flac/uncommon/01 - changing samplerate.flac", "from 32000 Hz with 2 channel(s) to 24000 Hz with 2"),
    (
        "flac/uncommon/02 - increasing number of channels.flac",
        "from 44100 Hz with 1 channel(s) to 44100 Hz with 2",
    ),
    (
        "flac/uncommon/03 - decreasing number of channels.flac",
        "from 44100 Hz with 4 channel(s) to 44100 Hz with 2",
    ),
    ("flac/uncommon/05 - 32bps audio.flac", "stereo FLAC of 32 bits"),
    ("mutagen/data/52-overwritten-metadata.flac", "its header promises 236.60 s"),
    ("mutagen/data/flac_application.flac", "its header promises 273.64 s"),
    (
        "mutagen/data/ooming-header.flac",
        "a header and no sound after it, where it promises 139.13 s: the file has 86 bytes",
    ),
    ("mutagen/data/64bit.mp4", "cut short: the sound, of which it has the index alone, is missing"),
    ("mutagen/data/truncated-64bit.mp4", "its header promises 11183 bytes, and the file has 2000"),
    ("mutagen/data/nero-chapters.m4b", "is MP4, damaged or cut short before its sound begins"),
    (
        "mutagen/data/almostempty.mpc",
        "a tag (ID3) of 215562746 bytes and no sound after it: the file has 17 bytes",
    ),
    ("mutagen/data/emptyfile.mp3", "the file is empty (0 bytes)"),
    ("mutagen/data/bad-POPM-frame.mp3", "its header promises 7230 packets, and 0 are there"),
    // The first frames of an mp3 may only fill what the next take from.
    ("mutagen/data/bad-xing.mp3", "4 packet(s), which need others before them"),
    ("mutagen/data/lame397v9short.mp3", "3 packet(s), which need others before them"),
    ("mutagen/data/too-short.mp3", "no sound of a known format was found in it"),
    // Musepack before version 7 does not say what it is.
    ("mutagen/data/sv4_header.mpc", "no sound of a known format was found in it"),
    ("mutagen/data/sv5_header.mpc", "no sound of a known format was found in it"),
    ("mutagen/data/sample.mid", "MIDI, which holds notes, and no sound"),
];

/// What is said of formats that are not decoded, by extension.
const FORMATS: &[(&str, &str)] = &[
    ("dff", "is DSD,"),
    ("dsf", "is DSD,"),
    ("aac", "is AAC with an ADIF header,"),
    ("mpc", "is Musepack,"),
    ("wv", "is WavPack,"),
    ("ofr", "is OptimFROG,"),
    ("ofs", "is OptimFROG,"),
    ("spx", "is Speex,"),
    ("tta", "is True Audio,"),
    ("tak", "is TAK,"),
    ("wma", "is Windows Media,"),
    ("ape", "is Monkey's Audio,"),
    ("ac3", "is Dolby Digital (AC-3),"),
    ("eac3", "is Dolby Digital (AC-3),"),
];

/// Words of decoders that no person has to know. They may stand in brackets, never alone.
const JARGON: &[&str] =
    &["malformed", "probe", "unsupported feature", "out of bounds", "bitstream", "atom", "stream info"];

/// Files that another decoder reads whole, of formats that are claimed, and that are refused nevertheless.
const REFUSED: &[&str] = &[
    // A change of rate or channels on the way is refused on purpose.
    "flac/uncommon/01 - changing samplerate.flac",
    "flac/uncommon/02 - increasing number of channels.flac",
    "flac/uncommon/03 - decreasing number of channels.flac",
    // The decoder has no 33-bit side channel.
    "flac/uncommon/05 - 32bps audio.flac",
    // Four frames and three, with nothing in them that can be heard.
    "mutagen/data/bad-xing.mp3",
    "mutagen/data/lame397v9short.mp3",
];

/// What the reason for refusing the file `name` must say.
fn expected_reason(name: &str) -> &'static str {
    let own = REASONS.iter().find(|(file, _)| *file == name);
    let of_format = || FORMATS.iter().find(|(extension, _)| name.ends_with(&format!(".{extension}")));
    own.or_else(of_format).unwrap_or_else(|| panic!("{name} should not be refused")).1
}

fn assert_understandable(name: &str, reason: &str) {
    let expected = expected_reason(name);
    assert!(reason.contains(expected), "{name}: {reason:?} does not say {expected:?}");
    let plain = reason.split(" (decoder: ").next().unwrap_or_default();
    assert!(!JARGON.iter().any(|word| plain.contains(word)), "{name}: {reason}");
}

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
                assert_eq!(
                    clip.partial,
                    clip.notes.iter().any(|note| note.starts_with("partial: ")),
                    "{name}"
                );
                // Decoders differ by a frame or two of mp3 and aac.
                let short = seconds - clip.source_seconds;
                let whole = short.abs() < 0.1 || !clip.notes.is_empty() || !decoded_whole;
                assert!(whole, "{name}: {} of {seconds} s, {:?}", clip.source_seconds, clip.notes);
            }
            Err(error) => {
                println!("{name}: {}", error.reason());
                assert_understandable(&name, &error.reason());
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

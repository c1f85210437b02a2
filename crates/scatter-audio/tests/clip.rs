//! What a file becomes, good or bad.

// Helpers of tests stop at the first surprise too.
#![allow(clippy::unwrap_used)]

mod wav;

use std::path::PathBuf;

use scatter_audio::{AudioErrorKind, AudioReader, Clip, ClipReader, Limits, is_audio_extension};

struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn wav(&self, rate: u32, channels: u16, samples: &[f32]) -> PathBuf {
        let path = self.0.path().join("sound.wav");
        wav::write(&path, rate, channels, samples);
        path
    }

    fn clip(&self, rate: u32, channels: u16, samples: &[f32]) -> Clip {
        ClipReader::new().read(&self.wav(rate, channels, samples)).unwrap()
    }

    fn bytes(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

#[test]
fn sixteen_kilohertz_region_is_cut_bit_for_bit_around_its_peak() {
    let mut samples = wav::noise(80_000);
    samples[50_000] = -0.8;
    let clip = Files::new().clip(16_000, 1, &samples);
    assert_eq!(clip.samples, samples[50_000 - 7_680..50_000 + 7_680]);
    assert_eq!(clip.start_seconds, (50_000.0 - 7_680.0) / 16_000.0);
    assert_eq!((clip.source_seconds, clip.source_rate, clip.source_channels), (5.0, 16_000, 1));
    assert!(clip.notes.is_empty(), "{:?}", clip.notes);
}

#[test]
fn clip_shorter_than_the_window_is_padded_with_silence() {
    for (rate, count) in [(16_000, 1), (16_000, 9_000), (44_100, 1), (44_100, 20_000), (8_000, 7_679)] {
        let clip = Files::new().clip(rate, 1, &vec![0.5; count]);
        let sounding = (count as f64 * 16_000.0 / f64::from(rate)).round().max(1.0) as usize;
        assert_eq!(clip.samples.len(), 15_360);
        assert!(clip.samples[sounding..].iter().all(|&sample| sample == 0.0), "{count} at {rate} Hz");
        assert!(clip.samples[..sounding].iter().all(|&sample| sample != 0.0), "{count} at {rate} Hz");
        assert_eq!(clip.start_seconds, 0.0);
    }
}

#[test]
fn channels_are_averaged() {
    let clip = Files::new().clip(16_000, 4, &[1.0, 0.5, -0.25, 0.0].repeat(16_000));
    assert!(clip.samples.iter().all(|&sample| sample == 0.3125));
    assert_eq!(clip.source_channels, 4);
}

#[test]
fn samples_that_are_no_numbers_become_silence_with_a_note() {
    let mut samples = wav::noise(16_000);
    (samples[100], samples[200], samples[300]) = (f32::NAN, f32::INFINITY, -1e30);
    let clip = Files::new().clip(16_000, 1, &samples);
    assert!(clip.samples.iter().all(|sample| sample.abs() <= 0.5));
    assert_eq!(clip.notes, ["3 samples were no numbers and became silence"]);
}

#[test]
fn truncated_file_gives_what_is_there_and_says_so() {
    let files = Files::new();
    let mut bytes = wav::header(16_000, 1, 160_000);
    bytes.extend(wav::noise(40_000).iter().flat_map(|sample| sample.to_le_bytes()));
    let clip = ClipReader::new().read(&files.bytes("cut.wav", &bytes)).unwrap();
    assert!((2.4..=2.5).contains(&clip.source_seconds), "{}", clip.source_seconds);
    assert!(clip.partial && clip.notes.iter().any(|note| note.starts_with("partial: ")), "{:?}", clip.notes);
}

#[test]
fn what_lies_beyond_the_limit_is_left_out_and_said() {
    let files = Files::new();
    let mut samples = wav::noise(80_000);
    samples[70_000] = -0.8;
    let path = files.wav(16_000, 1, &samples);
    let read = |max_seconds| ClipReader::new().limited(Limits { max_seconds }).read(&path).unwrap();
    let clip = read(2.0);
    assert_eq!(clip.source_seconds, 2.0);
    assert!(clip.start_seconds + 0.96 <= 2.0);
    assert!(clip.partial);
    assert_eq!(
        clip.notes,
        ["partial: the file is longer than what may be read of one; 2.00 s could be read"]
    );
    // A limit at the very end cuts nothing off.
    let whole = read(5.0);
    assert!(!whole.partial && whole.notes.is_empty(), "{:?}", whole.notes);
    assert_eq!(whole.samples, files.clip(16_000, 1, &samples).samples);
    let mut reader = AudioReader::open_with(&path, Limits { max_seconds: 0.0 }).unwrap();
    assert_eq!(reader.next_block().unwrap(), Some(&samples[..1]));
    assert!(reader.next_block().unwrap().is_none() && reader.is_partial());
}

#[test]
fn header_that_claims_gigabytes_costs_nothing() {
    let mut bytes = wav::header(48_000, 2, 500_000_000);
    bytes.extend([0; 4_096]);
    let clip = ClipReader::new().read(&Files::new().bytes("claims.wav", &bytes)).unwrap();
    assert!(clip.source_seconds < 0.02);
}

#[test]
fn file_that_cannot_be_used_is_refused_for_a_reason() {
    let files = Files::new();
    type Expected = fn(&AudioErrorKind) -> bool;
    let cases: [(PathBuf, Expected); 8] = [
        (files.bytes("empty.wav", b""), |kind| matches!(kind, AudioErrorKind::NoBytes)),
        (files.bytes("text.mp3", &b"no sound at all. ".repeat(5_000)), |kind| {
            matches!(kind, AudioErrorKind::NotSound { what: "a text" })
        }),
        (files.bytes("silent.wav", &wav::header(16_000, 1, 0)), |kind| {
            matches!(kind, AudioErrorKind::NoSamples { .. })
        }),
        (files.bytes("pack.wav", b"wvpk, and some more bytes"), |kind| {
            matches!(kind, AudioErrorKind::Foreign { format: "WavPack" })
        }),
        (files.0.path().join("missing.wav"), |kind| matches!(kind, AudioErrorKind::Open(_))),
        (files.0.path().to_owned(), |kind| matches!(kind, AudioErrorKind::NotAFile)),
        (files.wav(500, 1, &[0.5; 100]), |kind| matches!(kind, AudioErrorKind::Rate { rate: 500, .. })),
        (files.bytes("zero.wav", &[wav::header(0, 1, 9), vec![0; 36]].concat()), |kind| {
            matches!(kind, AudioErrorKind::Rate { rate: 0, .. })
        }),
    ];
    let mut reader = ClipReader::new();
    for (path, expected) in cases {
        let error = reader.read(&path).unwrap_err();
        assert!(expected(error.kind()), "{error}: {:?}", error.kind());
        assert_eq!(error.path(), path);
    }
}

#[test]
fn blocks_join_to_the_whole_and_are_never_empty() {
    let files = Files::new();
    let samples = wav::noise(30_000);
    let mut reader = AudioReader::open(&files.wav(22_050, 1, &samples)).unwrap();
    let mut joined = Vec::new();
    while let Some(block) = reader.next_block().unwrap() {
        assert!(!block.is_empty());
        joined.extend_from_slice(block);
    }
    assert_eq!(joined, samples);
    assert_eq!(reader.samples(), 30_000);
    assert!(reader.next_block().unwrap().is_none());
}

#[test]
fn a_reader_gives_the_same_clip_whatever_it_read_before() {
    let files = Files::new();
    let mut reader = ClipReader::new();
    let wanted = files.clip(44_100, 1, &wav::noise(60_000));
    for rate in [8_000, 44_100, 48_000, 22_050, 11_025, 96_000, 44_100] {
        reader.read(&files.wav(rate, 1, &wav::noise(20_000))).unwrap();
        let again = reader.read(&files.wav(44_100, 1, &wav::noise(60_000))).unwrap();
        assert_eq!((again.samples, again.descriptors), (wanted.samples.clone(), wanted.descriptors));
    }
}

#[test]
fn extensions_count_in_capitals_too() {
    assert!(is_audio_extension("a/B.FLAC".as_ref()));
    assert!(!is_audio_extension("flac".as_ref()));
    assert!(!is_audio_extension("a.txt".as_ref()));
}

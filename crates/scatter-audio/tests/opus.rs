//! Opus, beside the sound that it was made from.

// Helpers of tests stop at the first surprise too.
#![allow(clippy::unwrap_used)]

mod containers;

use std::path::{Path, PathBuf};

use scatter_audio::AudioReader;

/// Rate, samples, and notes.
fn read(path: &Path) -> (u32, Vec<f32>, Vec<String>) {
    let mut reader = AudioReader::open(path).unwrap();
    let mut samples = Vec::new();
    while let Some(block) = reader.next_block().unwrap() {
        samples.extend_from_slice(block);
    }
    (reader.sample_rate(), samples, reader.warnings())
}

fn formats(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("SCATTER_TEST_STRESS").map(|folder| PathBuf::from(folder).join("formats"));
    if folder.is_none() {
        println!("skipped: {test}: SCATTER_TEST_STRESS is not set");
    }
    folder
}

/// Packets of an Ogg file of one stream.
fn packets(ogg: &[u8]) -> Vec<Vec<u8>> {
    let (mut packets, mut packet, mut at) = (Vec::new(), Vec::new(), 0);
    while at < ogg.len() {
        let segments = usize::from(ogg[at + 26]);
        let table = &ogg[at + 27..at + 27 + segments];
        at += 27 + segments;
        for &bytes in table {
            packet.extend_from_slice(&ogg[at..at + usize::from(bytes)]);
            at += usize::from(bytes);
            if bytes < 255 {
                packets.push(std::mem::take(&mut packet));
            }
        }
    }
    packets
}

#[test]
fn opus_is_as_long_and_as_loud_as_what_it_was_made_from() {
    let Some(folder) = formats("opus_is_as_long_and_as_loud_as_what_it_was_made_from") else { return };
    for channels in ["1c", "2c"] {
        let file = |extension| folder.join(format!("gs-16b-{channels}-44100hz.{extension}"));
        let (rate, original, _) = read(&file("wav"));
        let (opus_rate, opus, notes) = read(&file("ogx"));
        assert_eq!((rate, opus_rate), (44_100, 48_000));
        assert!(notes.is_empty(), "{notes:?}");
        // One length in samples of both rates.
        let wanted = (original.len() as f64 * 48_000.0 / 44_100.0).round();
        assert!((opus.len() as f64 - wanted).abs() <= 1.0, "{} samples, not {wanted}", opus.len());
        let level = |samples: &[f32]| {
            let power: f64 = samples.iter().map(|&sample| f64::from(sample).powi(2)).sum();
            (power / samples.len() as f64).sqrt()
        };
        // Each second is as loud as the same second before: nothing is shifted or left out.
        // The encoder spares what cannot be heard beside it, so near silence is left out.
        let seconds = original.chunks(44_100).zip(opus.chunks(48_000)).enumerate();
        for (second, (before, after)) in seconds.filter(|(_, (before, _))| level(before) > 0.01) {
            let ratio = level(after) / level(before);
            assert!((0.95..1.05).contains(&ratio), "second {second}: {ratio}");
        }
    }
}

#[test]
fn opus_sounds_the_same_in_matroska_as_in_ogg() {
    let Some(folder) = formats("opus_sounds_the_same_in_matroska_as_in_ogg") else { return };
    let ogg = folder.join("gs-16b-1c-44100hz.ogx");
    let (_, wanted, _) = read(&ogg);
    let packets = packets(&std::fs::read(&ogg).unwrap());
    let [head, _tags, sound @ ..] = packets.as_slice() else {
        unreachable!("an Opus file begins with two headers")
    };
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("opus.mka");
    std::fs::write(&path, containers::matroska_of_opus(head, sound)).unwrap();
    let (_, heard, notes) = read(&path);
    assert!(notes.is_empty(), "{notes:?}");
    // Ogg says how much of its last packet is padding, this file does not.
    assert!(
        (wanted.len()..wanted.len() + 960).contains(&heard.len()),
        "{} and {}",
        heard.len(),
        wanted.len()
    );
    assert_eq!(heard[..wanted.len()], wanted);
}

//! A file that is cut short gives what is there, and says that it is a part.

// Helpers of tests stop at the first surprise too.
#![allow(clippy::unwrap_used, clippy::panic)]

mod containers;
mod wav;

use std::path::{Path, PathBuf};

use scatter_audio::{AudioError, AudioErrorKind, AudioReader};

/// A sound as a file, and how its samples lie in it.
struct Source {
    name: String,
    bytes: Vec<u8>,
    /// Share of the sound that a cut may lose beyond its own: the packets that it goes through.
    packet: f64,
    /// Whether the file tells that its end is missing.
    tells: bool,
}

struct Heard {
    samples: Vec<f32>,
    partial: bool,
}

fn read(path: &Path) -> Result<Heard, AudioError> {
    let mut reader = AudioReader::open(path)?;
    let mut samples = Vec::new();
    while let Some(block) = reader.next_block()? {
        samples.extend_from_slice(block);
    }
    let said = reader.warnings().iter().any(|note| note.starts_with("partial: "));
    assert_eq!(said, reader.is_partial(), "{}", path.display());
    Ok(Heard { samples, partial: reader.is_partial() })
}

/// `bytes` as a file of the kind of `name`.
fn file(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let extension = name.rsplit('.').next().unwrap();
    let path = folder.join(format!("cut.{extension}"));
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Three seconds of noise as files that this test writes, of containers whose sound needs no encoder.
fn written() -> Vec<Source> {
    let noise: Vec<i16> = wav::noise(66_152).iter().map(|sample| (sample * 32_768.0) as i16).collect();
    let bytes: Vec<u8> = noise.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let format = containers::wave_format(1, 1, 22_050, 2, 16);
    let parts = [containers::riff_chunk(b"fmt ", &format), containers::riff_chunk(b"data", &bytes)];
    let files = [
        ("noise.wav", containers::wave(&parts), 0.0),
        ("noise.caf", containers::caf(22_050, &noise), 0.0),
        ("noise.au", containers::au(22_050, &noise), 0.0),
        ("noise.w64", containers::wave64(22_050, &noise), 0.0),
        // Blocks of a tenth of a second.
        ("noise.mka", containers::matroska(22_050, &noise), 0.04),
    ];
    files.map(|(name, bytes, packet)| Source { name: name.to_owned(), bytes, packet, tells: true }).into()
}

/// Files of the stress folder, of containers whose sound comes out of an encoder.
fn encoded(test: &str) -> Vec<Source> {
    let Some(folder) = std::env::var_os("SCATTER_TEST_STRESS").map(PathBuf::from) else {
        println!("skipped: the encoded files of {test}: SCATTER_TEST_STRESS is not set");
        return Vec::new();
    };
    let read = |name: &str| std::fs::read(folder.join("formats").join(name)).unwrap();
    let whole = |extension: &str, packet: f64| {
        let name = format!("gs-16b-1c-44100hz.{extension}");
        Source { bytes: read(&name), name, packet, tells: true }
    };
    let mut sources = vec![
        whole("wav", 0.0),
        whole("aiff", 0.0),
        // Frames of 0.1 s, packets of 26 and 23 ms, and pages of a second.
        whole("flac", 0.02),
        whole("mp3", 0.01),
        whole("aac", 0.01),
        whole("ogg", 0.08),
        whole("ogx", 0.08),
    ];
    let m4a = containers::with_index_in_front(&read("gs-16b-1c-44100hz.m4a"));
    sources.push(Source { name: "index-in-front.m4a".to_owned(), bytes: m4a, packet: 0.01, tells: true });
    // Its first frame promises nothing, so the end is where the file's is.
    let mp3 = read("gs-16b-1c-44100hz.mp3");
    let tag = mp3.windows(4).position(|name| name == b"Info" || name == b"Xing").unwrap();
    let bytes = [&mp3[..tag], b"none", &mp3[tag + 4..]].concat();
    sources.push(Source { name: "no-count.mp3".to_owned(), bytes, packet: 0.01, tells: false });
    sources
}

fn assert_beginning(name: &str, cut: usize, heard: &Heard, whole: &Heard) {
    let count = heard.samples.len();
    assert!(count <= whole.samples.len(), "{name} cut at {cut}: {count} of {} samples", whole.samples.len());
    let differs = heard.samples.iter().zip(&whole.samples).position(|(heard, whole)| heard != whole);
    assert_eq!(differs, None, "{name} cut at {cut}, {count} samples: where it differs");
}

#[test]
fn half_three_quarters_nine_tenths_and_all_but_a_byte_give_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let sources = encoded("half_three_quarters_nine_tenths_and_all_but_a_byte_give_what_is_there");
    for Source { name, bytes, packet, tells } in written().into_iter().chain(sources) {
        let whole = read(&file(folder.path(), &name, &bytes)).unwrap();
        assert!(!whole.partial, "{name}");
        for cut in [bytes.len() / 2, bytes.len() * 3 / 4, bytes.len() * 9 / 10, bytes.len() - 1] {
            let path = file(folder.path(), &name, &bytes[..cut]);
            let heard = read(&path).unwrap_or_else(|error| panic!("{name} cut at {cut}: {error}"));
            assert_beginning(&name, cut, &heard, &whole);
            let share = heard.samples.len() as f64 / whole.samples.len() as f64;
            // Encoders spend bytes unevenly, on this sound by a seventh of the whole.
            let uneven = if packet > 0.0 { 0.14 } else { 0.0 };
            let least = cut as f64 / bytes.len() as f64 - packet - uneven - 0.001;
            assert!(share >= least, "{name} cut at {cut} of {}: {share:.3} of the sound", bytes.len());
            assert!(heard.partial || !tells, "{name} cut at {cut} does not say so");
        }
    }
}

#[test]
fn wherever_a_file_is_cut_it_gives_its_beginning_or_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let mut heard_any = 0;
    let sources = encoded("wherever_a_file_is_cut_it_gives_its_beginning_or_a_reason");
    for Source { name, bytes, .. } in written().into_iter().chain(sources) {
        let whole = read(&file(folder.path(), &name, &bytes)).unwrap();
        let in_the_head = (1..256).step_by(7).chain((256..4_000).step_by(331));
        let after = (1..24).map(|part| bytes.len() * part / 24 + part);
        for cut in in_the_head.chain(after).filter(|&cut| cut < bytes.len()) {
            match read(&file(folder.path(), &name, &bytes[..cut])) {
                Ok(heard) => {
                    assert_beginning(&name, cut, &heard, &whole);
                    heard_any += 1;
                }
                Err(error) => {
                    let panicked = matches!(error.kind(), AudioErrorKind::DecoderPanic { .. });
                    assert!(!panicked, "{name} cut at {cut}: {error}");
                }
            }
        }
    }
    assert!(heard_any > 100, "only {heard_any} parts were heard");
}

#[test]
fn an_index_that_was_cut_away_is_named() {
    let Some(folder) = std::env::var_os("SCATTER_TEST_STRESS").map(PathBuf::from) else {
        println!("skipped: an_index_that_was_cut_away_is_named: SCATTER_TEST_STRESS is not set");
        return;
    };
    let bytes = std::fs::read(folder.join("formats/gs-16b-1c-44100hz.m4a")).unwrap();
    let temporary = tempfile::tempdir().unwrap();
    let reason = |cut| read(&file(temporary.path(), "cut.m4a", &bytes[..cut])).err().unwrap().reason();
    assert_eq!(reason(bytes.len() / 2), "is cut short: its index, which follows the sound, is missing");
    assert_eq!(reason(bytes.len() - 1), "is cut short: a part of its index is missing");
}

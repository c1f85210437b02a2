//! The audio sprite is a FLAC file that every decoder takes, sample for sample.

// Helpers of tests stop at the first surprise too.
#![allow(clippy::unwrap_used)]

mod wav;

use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use scatter_audio::{AudioReader, AudioSprite, AudioSpriteSummary, BLOCK_SAMPLES, pcm16};

/// A clip's length: they lie back to back.
const HOP: u32 = 15_360;

fn write(path: &Path, samples: &[f32], block: usize) -> AudioSpriteSummary {
    let mut sprite = AudioSprite::create(path, HOP).unwrap();
    samples.chunks(block).for_each(|samples| sprite.push(&pcm(samples)).unwrap());
    sprite.finish().unwrap()
}

fn pcm(samples: &[f32]) -> Vec<i16> {
    samples.iter().map(|&sample| pcm16(sample)).collect()
}

fn sixteen_bit(sample: f32) -> i16 {
    (f64::from(sample) * 32_768.0).round().clamp(-32_768.0, 32_767.0) as i16
}

/// Decodes with the crate's own decoder.
fn read(path: &Path) -> Vec<i16> {
    let mut reader = AudioReader::open(path).unwrap();
    assert_eq!((reader.sample_rate(), reader.channels()), (16_000, 1));
    let mut samples = Vec::new();
    while let Some(block) = reader.next_block().unwrap() {
        samples.extend(
            block.iter().map(|sample| sample * 32_768.0).inspect(|sample| assert_eq!(sample.fract(), 0.0)),
        );
    }
    samples.into_iter().map(|sample| sample as i16).collect()
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |value, &byte| value << 8 | u64::from(byte))
}

/// Clip `k`: noise that gets louder from clip to clip, so that no two take the same number of bytes.
fn noisy_clip(k: u32) -> Vec<i16> {
    let mut state = k + 1;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 16
    };
    (0..HOP).map(|_| (noise() as i16) >> (15 - (k % 13).min(12))).collect()
}

#[test]
fn clips_that_are_arranged_later_make_the_same_file_as_clips_that_came_in_that_order() {
    let folder = tempfile::tempdir().unwrap();
    // Frame numbers of one and of two bytes, coming and going.
    let count = 150;
    let order: Vec<u32> = (0..count).map(|k| (k * 67 + 5) % count).collect();
    let [straight, arranged] = ["straight.flac", "arranged.flac"].map(|name| folder.path().join(name));
    let mut sprite = AudioSprite::create(&straight, HOP).unwrap();
    order.iter().for_each(|&k| sprite.push(&noisy_clip(k)).unwrap());
    let wanted = sprite.finish().unwrap();
    let push_all = |path: &Path| {
        let mut sprite = AudioSprite::to_arrange(path, HOP).unwrap();
        (0..count).for_each(|k| sprite.push(&noisy_clip(k)).unwrap());
        sprite
    };
    let mut moved = push_all(&arranged).arrange(&order).unwrap();
    order.iter().for_each(|&k| moved.hear(&noisy_clip(k)));
    assert_eq!(moved.finish().unwrap(), wanted);
    assert!(std::fs::read(&straight).unwrap() == std::fs::read(&arranged).unwrap());
    output("arranged clips", "flac", &["-t", "-s", "FILE"], &arranged);

    // What is no order of all clips is refused, and so is a file that was not heard to its end.
    let mut twice = order.clone();
    twice[0] = twice[1];
    for wrong in [&order[1..], &twice, &[&order[..], &[count]].concat()] {
        let path = folder.path().join("wrong.flac");
        assert!(push_all(&path).arrange(wrong).is_err());
        assert!(!path.exists());
    }
    let error = push_all(&straight).arrange(&order).unwrap().finish().unwrap_err().to_string();
    assert!(error.contains("straight.flac"), "{error}");
}

/// Output of a program, or `None` where it is not installed.
fn output(test: &str, program: &str, arguments: &[&str], path: &Path) -> Option<Vec<u8>> {
    let arguments = arguments
        .iter()
        .map(|&argument| if argument == "FILE" { path.as_os_str() } else { argument.as_ref() });
    let Ok(output) = Command::new(program).args(arguments).output() else {
        println!("skipped: {test}: {program} is not installed");
        return None;
    };
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    Some(output.stdout)
}

#[test]
fn other_decoders_find_the_very_samples() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audio.flac");
    let samples = wav::noise(10 * 15_360 + 77);
    write(&path, &samples, 15_360);
    let expected: Vec<u8> = samples.iter().flat_map(|&sample| sixteen_bit(sample).to_le_bytes()).collect();
    let test = "other_decoders_find_the_very_samples";
    output(test, "flac", &["-t", "-s", "-w", "FILE"], &path);
    let raw = ["-d", "-s", "-c", "--force-raw-format", "--endian=little", "--sign=signed", "FILE"];
    if let Some(decoded) = output(test, "flac", &raw, &path) {
        assert!(decoded == expected, "flac");
    }
    if let Some(decoded) = output(test, "ffmpeg", &["-v", "error", "-i", "FILE", "-f", "s16le", "-"], &path) {
        assert!(decoded == expected, "ffmpeg");
    }
}

#[test]
fn each_clip_decodes_from_the_head_and_its_own_frames() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audio.flac");
    let samples = wav::noise(7 * 15_360);
    let summary = write(&path, &samples, 15_360);
    let file = std::fs::read(&path).unwrap();
    assert_eq!((summary.samples, summary.bytes), (samples.len() as u64, file.len() as u64));
    assert_eq!((number(&file[8..10]), number(&file[10..12])), (3_840, 3_840));
    assert_eq!(number(&file[18..26]) & 0xf_ffff_ffff, samples.len() as u64);
    let table = number(&file[43..46]) as usize;
    let points: Vec<_> = file[46..46 + table].chunks(18).collect();
    assert_eq!((file[42], points.len()), (0x83, 7));
    let frames = 46 + table;
    for clip in 0..7 {
        let offset =
            |point: usize| points.get(point).map_or(file.len(), |p| frames + number(&p[8..16]) as usize);
        assert_eq!(number(&points[clip][..8]) as usize, clip * 15_360);
        let mut bytes = file[..42].to_vec();
        bytes[4] |= 0x80;
        bytes.extend_from_slice(&file[offset(clip)..offset(clip + 1)]);
        let part = folder.path().join("part.flac");
        std::fs::write(&part, bytes).unwrap();
        let expected: Vec<i16> = samples[clip * 15_360..][..15_360].iter().map(|&s| sixteen_bit(s)).collect();
        assert!(read(&part) == expected, "clip {clip}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_length_in_any_pieces_comes_back(count in 1_usize..30_000, block in 1_usize..9_000) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("audio.flac");
        let samples = wav::noise(count);
        let summary = write(&path, &samples, block);
        prop_assert_eq!(summary.samples, count as u64);
        let expected: Vec<i16> = samples.iter().map(|&sample| sixteen_bit(sample)).collect();
        prop_assert!(read(&path) == expected);
    }
}

#[test]
fn sixteen_bit_sound_comes_back_as_it_was_and_louder_is_clipped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audio.flac");
    let mut samples: Vec<f32> = (i16::MIN..=i16::MAX).map(|sample| f32::from(sample) / 32_768.0).collect();
    samples.extend([1.0, 1.5, -7.0, f32::INFINITY, f32::NEG_INFINITY, f32::NAN]);
    write(&path, &samples, 5_000);
    let mut expected: Vec<i16> = (i16::MIN..=i16::MAX).collect();
    expected.extend([i16::MAX, i16::MAX, i16::MIN, i16::MAX, i16::MIN, 0]);
    assert!(read(&path) == expected);
}

#[test]
fn an_empty_sprite_is_a_flac_file_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audio.flac");
    assert_eq!(
        AudioSprite::create(&path, HOP).unwrap().finish().unwrap(),
        AudioSpriteSummary { samples: 0, bytes: 42 }
    );
    output("an_empty_sprite_is_a_flac_file_too", "flac", &["-t", "-s", "FILE"], &path);
}

#[test]
fn an_abandoned_sprite_leaves_the_old_file_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audio.flac");
    std::fs::write(&path, "old").unwrap();
    let mut sprite = AudioSprite::create(&path, HOP).unwrap();
    sprite.push(&pcm(&wav::noise(50 * BLOCK_SAMPLES))).unwrap();
    drop(sprite);
    assert_eq!(std::fs::read(&path).unwrap(), b"old");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_missing_folder_is_an_error_with_its_path() {
    let error = AudioSprite::create("no/such/folder/audio.flac".as_ref(), HOP).unwrap_err();
    assert!(error.to_string().contains("no/such/folder/audio.flac"), "{error}");
}

#[cfg(unix)]
#[test]
fn anyone_may_read_the_file_as_any_other() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (sprite, plain) = (folder.path().join("audio.flac"), folder.path().join("plain"));
    write(&sprite, &[0.0; 100], 100);
    std::fs::write(&plain, "").unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&sprite), mode(&plain));
}

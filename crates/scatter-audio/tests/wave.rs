//! WAV and its relatives, in all the ways in which programs and recorders write them.

// Helpers of tests stop at the first surprise too.
#![allow(clippy::unwrap_used, clippy::panic)]

mod containers;
mod wav;

use containers::{riff_chunk, wave, wave_format};
use scatter_audio::{AudioError, AudioReader, Limits};

const RATE: u32 = 48_000;

fn samples(count: usize) -> Vec<i16> {
    wav::noise(count).iter().map(|sample| (sample * 65_000.0) as i16).collect()
}

fn bytes_of(samples: &[i16]) -> Vec<u8> {
    samples.iter().flat_map(|sample| sample.to_le_bytes()).collect()
}

fn floats(samples: &[i16]) -> Vec<f32> {
    samples.iter().map(|&sample| f32::from(sample) / 32_768.0).collect()
}

/// Samples and notes of a file.
fn try_read(bytes: &[u8]) -> Result<(Vec<f32>, Vec<String>), AudioError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sound.wav");
    std::fs::write(&path, bytes).unwrap();
    let mut reader = AudioReader::open(&path)?;
    let mut samples = Vec::new();
    while let Some(block) = reader.next_block()? {
        samples.extend_from_slice(block);
    }
    Ok((samples, reader.warnings()))
}

/// Samples of a file that must be read whole, without a note.
fn read(what: &str, bytes: &[u8]) -> Vec<f32> {
    let (samples, notes) = try_read(bytes).unwrap_or_else(|error| panic!("{what}: {}", error.reason()));
    assert!(notes.is_empty(), "{what}: {notes:?}");
    samples
}

fn plain() -> Vec<u8> {
    riff_chunk(b"fmt ", &wave_format(1, 1, RATE, 2, 16))
}

/// A `data` chunk that claims `size` bytes.
fn data_claiming(size: u32, sound: &[u8]) -> Vec<u8> {
    [&b"data"[..], &size.to_le_bytes(), sound].concat()
}

#[test]
fn sound_of_unknown_length_is_read_whole_and_nothing_is_noted() {
    let noise = samples(10_001);
    for size in [0, u32::MAX, u32::MAX - 36, 0x7fff_f000, 0x7fff_ffff, 0x8000_0000] {
        for riff in [0, 4, u32::MAX, 0x7fff_f024] {
            let mut file = wave(&[plain(), data_claiming(size, &bytes_of(&noise))]);
            file[4..8].copy_from_slice(&riff.to_le_bytes());
            assert_eq!(read(&format!("data {size:#x}, RIFF {riff:#x}"), &file), floats(&noise));
        }
    }
}

#[test]
fn long_files_are_read_with_the_sizes_that_they_carry_apart() {
    let noise = samples(5_000);
    let sound = bytes_of(&noise);
    let mut sizes =
        [0_u64.to_le_bytes(), (sound.len() as u64).to_le_bytes(), 5_000_u64.to_le_bytes()].concat();
    sizes.extend([0; 4]);
    let after = riff_chunk(b"LIST", b"INFOISFT\x04\0\0\0test");
    for id in [b"RF64", b"BW64"] {
        let parts = [riff_chunk(b"ds64", &sizes), plain(), data_claiming(u32::MAX, &sound), after.clone()];
        let mut file = wave(&parts);
        file[..4].copy_from_slice(id);
        file[4..8].copy_from_slice(&[0xff; 4]);
        assert_eq!(read("ds64", &file), floats(&noise));
    }
    assert_eq!(read("Wave64", &containers::wave64(RATE, &noise)), floats(&noise));
}

#[test]
fn four_gibibytes_and_more_are_told_from_a_size_that_wrapped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.wav");
    // Ten seconds more than 4 GiB, most of them a hole in the file.
    let sound = (1_u64 << 32) + 10 * 2 * u64::from(RATE);
    std::fs::write(&path, wave(&[plain(), data_claiming(sound as u32, &bytes_of(&samples(RATE as usize)))]))
        .unwrap();
    std::fs::File::options().write(true).open(&path).unwrap().set_len(44 + sound).unwrap();
    let limits = Limits { max_seconds: 60.0 };
    let mut reader = AudioReader::open_with(&path, limits).unwrap();
    while reader.next_block().unwrap().is_some() {}
    assert_eq!(reader.samples(), 60 * u64::from(RATE), "{:?}", reader.warnings());
}

#[test]
fn each_width_and_encoding_is_read_as_its_arithmetic_says() {
    let whole: Vec<i32> = samples(3_001).iter().map(|&high| i32::from(high) << 16 | 0x5a3c).collect();
    let sound = |tag, bits: u16, bytes: Vec<u8>| {
        wave(&[riff_chunk(b"fmt ", &wave_format(tag, 1, RATE, bits / 8, bits)), riff_chunk(b"data", &bytes)])
    };
    let high = |bytes: usize| whole.iter().flat_map(move |s| s.to_le_bytes()[4 - bytes..].to_vec()).collect();
    let scaled = |bits: u32| -> Vec<f32> {
        let unit = f64::from(1_u32 << (bits - 1));
        whole.iter().map(|&sample| (f64::from(sample >> (32 - bits)) / unit) as f32).collect()
    };
    assert_eq!(read("16 bits", &sound(1, 16, high(2))), scaled(16));
    assert_eq!(read("24 bits", &sound(1, 24, high(3))), scaled(24));
    assert_eq!(read("32 bits", &sound(1, 32, high(4))), scaled(32));
    let unsigned = whole.iter().map(|&sample| ((sample >> 24) + 128) as u8).collect();
    assert_eq!(read("8 bits", &sound(1, 8, unsigned)), scaled(8));
    let doubles: Vec<f64> = whole.iter().map(|&sample| f64::from(sample) / 2_147_483_648.0).collect();
    let bytes = doubles.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let singles: Vec<f32> = doubles.iter().map(|&sample| sample as f32).collect();
    assert_eq!(read("64-bit floats", &sound(3, 64, bytes)), singles);
    let bytes = singles.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    assert_eq!(read("32-bit floats", &sound(3, 32, bytes)), singles);
    // All codes of G.711, decoded as its tables say: segments of 16 steps, each twice as wide as the one before.
    let codes: Vec<u8> = (0..=255).collect();
    assert_eq!(
        read("A-law", &sound(6, 8, codes.clone())),
        codes.iter().map(|&code| a_law(code)).collect::<Vec<_>>()
    );
    assert_eq!(
        read("µ-law", &sound(7, 8, codes.clone())),
        codes.iter().map(|&code| mu_law(code)).collect::<Vec<_>>()
    );
}

fn a_law(code: u8) -> f32 {
    let code = code ^ 0x55;
    let (segment, step) = (i32::from(code >> 4 & 7), i32::from(code & 15));
    let size = if segment == 0 { 16 * step + 8 } else { (16 * step + 264) << (segment - 1) };
    (if code & 0x80 != 0 { size } else { -size }) as f32 / 32_768.0
}

fn mu_law(code: u8) -> f32 {
    let code = !code;
    let (segment, step) = (i32::from(code >> 4 & 7), i32::from(code & 15));
    let size = ((8 * step + 132) << segment) - 132;
    (if code & 0x80 == 0 { size } else { -size }) as f32 / 32_768.0
}

/// An extension of `fmt ` (WAVE_FORMAT_EXTENSIBLE): valid bits, speakers, and the tag of what it stands for.
fn extensible(mut format: Vec<u8>, valid_bits: u16, speakers: u32, tag: u16) -> Vec<u8> {
    format[..2].copy_from_slice(&[0xfe, 0xff]);
    format.extend(22_u16.to_le_bytes());
    format.extend(valid_bits.to_le_bytes());
    format.extend(speakers.to_le_bytes());
    format.extend(tag.to_le_bytes());
    format.extend([0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71]);
    format
}

#[test]
fn speakers_do_not_matter_and_narrow_samples_are_left_justified() {
    let noise = samples(4_000);
    for (channels, speakers) in [(1, 0), (1, 3), (2, 0x8000_0000), (2, u32::MAX), (4, 0), (4, 1), (32, 0)] {
        let format = extensible(wave_format(1, channels, RATE, 2 * channels, 16), 16, speakers, 1);
        let file = wave(&[riff_chunk(b"fmt ", &format), riff_chunk(b"data", &bytes_of(&noise))]);
        let mean =
            |frame: &[i16]| frame.iter().map(|&s| f64::from(s) / 32_768.0).sum::<f64>() / f64::from(channels);
        let wanted: Vec<f64> = noise.chunks(usize::from(channels)).map(mean).collect();
        let got = read(&format!("{channels} channels, speakers {speakers:#x}"), &file);
        assert_eq!(got.len(), wanted.len());
        assert!(got.iter().zip(&wanted).all(|(got, wanted)| (f64::from(*got) - wanted).abs() < 1e-6));
    }
    // 24 bits in 4 bytes, as an AudioMoth's successors and many interfaces write.
    let sound: Vec<u8> = noise.iter().flat_map(|&s| (i32::from(s) << 16 | 0x7f00).to_le_bytes()).collect();
    let format = extensible(wave_format(1, 1, RATE, 4, 32), 24, 4, 1);
    let file = wave(&[riff_chunk(b"fmt ", &format), riff_chunk(b"data", &sound)]);
    let wanted: Vec<f32> =
        noise.iter().map(|&s| ((f64::from(s) + 127.0 / 256.0) / 32_768.0) as f32).collect();
    assert_eq!(read("24 in 32 bits", &file), wanted);
}

#[test]
fn other_chunks_are_passed_over_padded_or_not() {
    let noise = samples(2_000);
    let data = riff_chunk(b"data", &bytes_of(&noise));
    // What Wildlife Acoustics' and other bat recorders write before and after the sound.
    let notes = [
        riff_chunk(b"guan", b"GUANO|Version: 1.0"),
        riff_chunk(b"wamd", &[1; 31]),
        riff_chunk(b"junk", &[0; 4_095]),
    ];
    let mut file = vec![notes.concat(), plain(), notes.concat(), data.clone(), notes.concat()];
    assert_eq!(read("padded", &wave(&file)), floats(&noise));
    // An odd chunk without the byte that should pad it.
    file[0] = [&b"LIST\x07\0\0\0INFOabc"[..]].concat();
    assert_eq!(read("not padded", &wave(&file)), floats(&noise));
    // Descriptions longer than they need to be.
    let format = [wave_format(1, 1, RATE, 2, 16), vec![0; 30]].concat();
    assert_eq!(read("long fmt", &wave(&[riff_chunk(b"fmt ", &format), data.clone()])), floats(&noise));
    // A size of the whole that is not true.
    for size in [0_u32, 4, 100, 1 << 30] {
        let mut file = wave(&[plain(), data.clone()]);
        file[4..8].copy_from_slice(&size.to_le_bytes());
        assert_eq!(read("RIFF size", &file), floats(&noise));
    }
}

#[test]
fn sizes_that_lie_are_named() {
    let reason = |file: &[u8]| try_read(file).err().unwrap().reason();
    let lying = [&b"LIST\0\0\0\x40"[..], b"INFO"].concat();
    let file = wave(&[plain(), lying.clone()]);
    assert_eq!(
        reason(&file),
        "its header is damaged: its part `LIST` claims 1073741824 bytes where 4 are left"
    );
    assert!(reason(&wave(&[plain()])).contains("no sound follows"), "{}", reason(&wave(&[plain()])));
    assert!(reason(&wave(&[data_claiming(4, &[0; 4])])).contains("before any description"));
    assert!(reason(&wave(&[lying])).contains("`LIST` claims"));
    let empty = wave(&[plain(), data_claiming(0, &[]), riff_chunk(b"LIST", b"INFOISFT\x04\0\0\0test")]);
    assert!(reason(&empty).contains("holds no sound"), "{}", reason(&empty));
    let (heard, notes) =
        try_read(&wave(&[plain(), data_claiming(96_000, &bytes_of(&samples(12_000)))])).unwrap();
    assert_eq!(heard.len(), 12_000);
    assert_eq!(notes, ["partial: its header promises 1.00 s; 0.25 s could be read"]);
}

#[test]
fn what_no_recorder_writes_is_refused_for_what_it_is() {
    let reason = |format: Vec<u8>| {
        let file = wave(&[riff_chunk(b"fmt ", &format), riff_chunk(b"data", &bytes_of(&samples(2_000)))]);
        try_read(&file).err().unwrap().reason()
    };
    assert!(reason(wave_format(1, 0, RATE, 2, 16)).contains("0 channels"));
    assert!(reason(wave_format(1, 65_535, RATE, 2, 16)).contains("65535 channels"));
    assert!(reason(wave_format(1, 1, 3, 2, 16)).contains("3 Hz"));
    assert!(reason(wave_format(1, 1, RATE, 9, 72)).contains("72-bit samples"));
    assert!(reason(wave_format(3, 1, RATE, 2, 16)).contains("16-bit samples"));
    assert!(reason(wave_format(2, 1, RATE, 0, 4)).contains("blocks of 0 bytes"));
    assert!(reason(wave_format(0x31, 1, RATE, 65, 0)).contains("GSM 6.10"));
    assert!(reason(wave_format(0x161, 1, RATE, 65, 16)).contains("Windows Media"));
    assert!(reason(wave_format(1, 1, RATE, 2, 16)[..10].to_vec()).contains("cut short"));
}

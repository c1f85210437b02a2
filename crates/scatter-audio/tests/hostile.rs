//! Headers that claim much cost neither time nor memory.
//!
//! Each file is read in a process of its own, whose memory is limited and measured.

// Helpers of tests stop at the first surprise too.
#![allow(clippy::unwrap_used, clippy::panic)]
#![cfg(target_os = "linux")]

mod containers;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use containers::{chunk, riff_chunk, wave, wave_format};
use scatter_audio::{AudioErrorKind, AudioReader, Limits};

/// Address space of the reading process, and how much of it may have been in use.
const LIMIT_KIB: u64 = 512 * 1024;
const PEAK_KIB: u64 = 64 * 1024;
const SOON: Duration = Duration::from_secs(10);
/// Says which file the process of its own is to read.
const FILE: &str = "SCATTER_TEST_HOSTILE_FILE";

/// Not a test by itself: what the others run in a process of its own.
#[test]
#[ignore = "run by the other tests of this file"]
fn reads_the_file_that_it_is_told_to() {
    let path = std::env::var_os(FILE).unwrap();
    // Ten minutes are more than any of these files holds; some claim centuries.
    let limits = Limits { max_seconds: 600.0 };
    let outcome = AudioReader::open_with(Path::new(&path), limits).and_then(|mut reader| {
        while reader.next_block()?.is_some() {}
        Ok(format!("{} samples {:?}", reader.samples(), reader.warnings()))
    });
    match outcome {
        Ok(heard) => println!("outcome: {heard}"),
        Err(error) => {
            assert!(!matches!(error.kind(), AudioErrorKind::DecoderPanic { .. }), "{error}");
            println!("outcome: {}", error.reason());
        }
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    println!("peak: {}", peak.trim().trim_end_matches(" kB"));
}

/// What becomes of a file, which must cost little.
fn assert_cheap(name: &str, bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let test = std::env::current_exe().unwrap();
    let began = Instant::now();
    let run = Command::new("sh")
        .arg("-c")
        .arg(format!("ulimit -v {LIMIT_KIB}; exec \"$0\" \"$@\""))
        .arg(test)
        .args([
            "--exact",
            "reads_the_file_that_it_is_told_to",
            "--ignored",
            "--nocapture",
            "--test-threads",
            "1",
        ])
        .env(FILE, &path)
        .output()
        .unwrap();
    let took = began.elapsed();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{name}: {said} {}", String::from_utf8_lossy(&run.stderr));
    let line =
        |start: &str| said.lines().find_map(|line| line.split(start).nth(1)).unwrap().trim().to_owned();
    let peak: u64 = line("peak: ").parse().unwrap();
    println!("{name}: {took:.1?}, {peak} KiB, {}", line("outcome: "));
    assert!(took < SOON, "{name} took {took:?}");
    assert!(peak < PEAK_KIB, "{name} took {peak} KiB");
    line("outcome: ")
}

#[test]
fn riff_and_aiff() {
    let sound = riff_chunk(b"data", &[7; 4_000]);
    let claims = |tag: u16, channels: u16, block: u16, bits: u16| {
        wave(&[riff_chunk(b"fmt ", &wave_format(tag, channels, 48_000, block, bits)), sound.clone()])
    };
    assert_cheap("channels.wav", &claims(1, 65_535, 65_535, 8));
    assert_cheap("many.wav", &claims(1, 128, 512, 32));
    assert_cheap("block.wav", &claims(2, 2, 65_535, 4));
    assert_cheap("ima.wav", &claims(0x11, 1, 65_535, 4));
    let format = wave_format(1, 1, 48_000, 2, 16);
    assert_cheap("fmt.wav", &wave(&[[&b"fmt \xff\xff\xff\xff"[..], &format].concat(), sound.clone()]));
    assert_cheap("data.wav", &wave(&[riff_chunk(b"fmt ", &format), b"data\xf0\xff\xff\x6f1234".to_vec()]));
    assert_cheap("chunks.wav", &wave(&vec![riff_chunk(b"note", b""); 1 << 20]));
    let mut long = wave(&[
        riff_chunk(b"ds64", &[0xff; 28]),
        riff_chunk(b"fmt ", &format),
        b"data\xff\xff\xff\xff12".to_vec(),
    ]);
    long[..4].copy_from_slice(b"RF64");
    assert_cheap("ds64.wav", &long);
    let mut wave64 = containers::wave64(48_000, &[5; 100]);
    wave64[56..64].fill(0xff);
    assert_cheap("size.w64", &wave64);
    let big = |size: usize| (size as u32).to_be_bytes().to_vec();
    let common = chunk(b"COMM", big, b"\xff\xff\xff\xff\xff\xff\0\x10\x40\x0e\xac\x44\0\0\0\0\0\0", true);
    let aiff = [&b"FORM\xff\xff\xff\xffAIFF"[..], &common, b"SSND\xff\xff\xff\xff\0\0\0\0\0\0\0\0"].concat();
    assert_cheap("claims.aiff", &aiff);
    let mut au = containers::au(48_000, &[1; 100]);
    au[20..24].fill(0xff);
    assert_cheap("channels.au", &au);
}

#[test]
fn tags_before_the_sound() {
    assert_cheap("tag.mp3", b"ID3\x04\0\0\x7f\x7f\x7f\x7fTIT2\x0f\xff\xff\xff\0\0");
    assert_cheap("tags.mp3", &b"ID3\x04\0\0\0\0\0\0".repeat(1 << 20));
    assert_cheap("noise.mp3", &[0xff, 0xfb, 0x92, 0x64].repeat(1 << 20));
    assert_cheap("zeros.mp3", &vec![0; 8 << 20]);
}

#[test]
fn flac() {
    let head = |metadata: &[u8], rest: &[u8]| {
        let info = b"\x10\0\x10\0\0\0\0\0\0\0\x0a\xc4\x42\xff\xff\xff\xff\xff0123456789abcdef";
        [&b"fLaC\0\0\0\x22"[..], info, metadata, rest].concat()
    };
    assert_cheap("samples.flac", &head(b"\x81\0\0\x04....", &[0; 4_000]));
    assert_cheap("comment.flac", &head(b"\x84\xff\xff\xff\xff\xff\xff\xff", b"...."));
    assert_cheap("blocks.flac", &head(&b"\x01\0\0\0".repeat(1 << 20), &[]));
    // A constant frame of 65,535 samples of 8 channels, again and again.
    let mut frame = vec![0xff, 0xf9, 0x79, 0x78, 0, 0xff, 0xfe];
    frame.push(crc(&frame, 8, 0x07) as u8);
    frame.extend([0, 0, 0].repeat(8));
    frame.extend((crc(&frame, 16, 0x8005) as u16).to_be_bytes());
    assert_cheap("constant.flac", &head(b"\x81\0\0\0", &frame.repeat(1_000)));
}

/// A cyclic redundancy check of `bits` bits, most significant bit first.
fn crc(bytes: &[u8], bits: u32, polynomial: u32) -> u32 {
    let top = 1 << (bits - 1);
    bytes.iter().fold(0, |crc, &byte| {
        let step = |crc: u32| if crc & top != 0 { crc << 1 ^ polynomial } else { crc << 1 };
        (0..8).fold(crc ^ u32::from(byte) << (bits - 8), |crc, _| step(crc)) & (2 * top - 1)
    })
}

#[test]
fn mp4() {
    let big = |size: usize| (size as u32 + 8).to_be_bytes().to_vec();
    let part = |kind: &[u8; 4], contents: &[u8]| [&big(contents.len())[..], kind, contents].concat();
    let table = |kind: &[u8; 4], numbers: &[u32]| {
        part(kind, &[vec![0; 4], numbers.iter().flat_map(|number| number.to_be_bytes()).collect()].concat())
    };
    let entry = [&[0, 0, 0, 0, 0, 0, 0, 1][..], &[0; 8], b"\0\x02\0\x10\0\0\0\0\xbb\x80\0\0"].concat();
    let description = part(b"stsd", &[&[0, 0, 0, 0, 0, 0, 0, 1][..], &part(b"sowt", &entry)].concat());
    let film = |tables: [Vec<u8>; 4]| {
        let samples = part(b"stbl", &[description.clone(), tables.concat()].concat());
        let information = part(b"minf", &[part(b"smhd", &[0; 8]), samples].concat());
        let head = table(b"mdhd", &[0, 0, 48_000, u32::MAX, 0]);
        let handler = part(b"hdlr", &[&[0; 8][..], b"soun", &[0; 13]].concat());
        let media = part(b"mdia", &[head, handler, information].concat());
        let mut track_head = vec![0; 84];
        track_head[15] = 1;
        let track = part(b"trak", &[part(b"tkhd", &track_head), media].concat());
        let mut film_head = vec![0; 100];
        film_head[14..16].copy_from_slice(&[3, 0xe8]);
        let index = part(b"moov", &[part(b"mvhd", &film_head), track].concat());
        [part(b"ftyp", b"M4A \0\0\0\0"), index, part(b"mdat", &[9; 4_000])].concat()
    };
    let honest = [
        table(b"stts", &[1, 100, 1]),
        table(b"stsc", &[1, 1, 100, 1]),
        table(b"stsz", &[4, 100]),
        table(b"stco", &[1, 600]),
    ];
    assert_eq!(assert_cheap("honest.m4a", &film(honest.clone())), "100 samples []");
    for (index, kind) in [(0, b"stts"), (1, b"stsc"), (2, b"stsz"), (3, b"stco")] {
        let mut tables = honest.clone();
        tables[index] = match kind {
            b"stsz" => table(kind, &[0, u32::MAX, 4]),
            _ => table(kind, &[u32::MAX, 1, u32::MAX, 1]),
        };
        assert_cheap(&format!("{}.m4a", String::from_utf8_lossy(kind)), &film(tables));
    }
    let mut tables = honest.clone();
    tables[0] = table(b"stts", &[1, u32::MAX, 1]);
    tables[1] = table(b"stsc", &[1, 1, u32::MAX, 1]);
    tables[2] = table(b"stsz", &[4, u32::MAX]);
    assert_cheap("samples.m4a", &film(tables));
    let mut tables = honest.clone();
    tables[2] = table(b"stsz", &[u32::MAX, 100]);
    assert_cheap("size.m4a", &film(tables));
    let mut nested = vec![];
    for _ in 0..20_000 {
        nested = part(b"moov", &nested);
    }
    assert_cheap("nested.m4a", &[part(b"ftyp", b"M4A \0\0\0\0"), nested].concat());
    assert_cheap("boxes.m4a", &[part(b"ftyp", b"M4A \0\0\0\0"), part(b"free", b"").repeat(1 << 20)].concat());
}

#[test]
fn ogg_caf_and_matroska() {
    let page = |flags: u8, number: u8, packet: &[u8]| {
        let mut page = b"OggS\0".to_vec();
        page.push(flags);
        page.extend([0; 8]);
        page.extend([1, 0, 0, 0, number, 0, 0, 0, 0, 0, 0, 0, 1, packet.len() as u8]);
        page.extend(packet);
        // Ogg's checksum is that of its own polynomial over the page with zeros in its place.
        let sum = page.iter().fold(0_u32, |crc, &byte| {
            (0..8).fold(crc ^ u32::from(byte) << 24, |crc, _| {
                if crc >> 31 == 1 { crc << 1 ^ 0x04c1_1db7 } else { crc << 1 }
            })
        });
        page[22..26].copy_from_slice(&sum.to_le_bytes());
        page
    };
    let head = page(2, 0, b"OpusHead\x01\x02\x38\x01\x80\xbb\0\0\0\0\0");
    let comment = page(0, 1, b"OpusTags\xff\xff\xff\xff....\xff\xff\xff\xff");
    assert_cheap("comment.opus", &[head.clone(), comment].concat());
    let vorbis = page(2, 0, b"\x01vorbis\0\0\0\0\xff\x44\xac\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xb8\x01");
    assert_cheap("channels.ogg", &[vorbis, page(0, 1, b"\x03vorbis\xff\xff\xff\xff")].concat());
    assert_cheap("pages.opus", &[head, b"OggS".repeat(1 << 20)].concat());

    let caf = containers::caf(48_000, &[3; 2_000]);
    assert_eq!(assert_cheap("honest.caf", &caf), "2000 samples []");
    let mut kind = caf.clone();
    // AAC with a table of 2^62 packets.
    kind[28..32].copy_from_slice(b"aac ");
    kind[36..40].fill(0);
    let table = b"pakt\0\0\0\0\0\0\0\x18\x40\0\0\0\0\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\0";
    let cookie = b"kuki\x7f\xff\xff\xff\xff\xff\xff\xff";
    assert_cheap("packets.caf", &[&kind[..52], table, &kind[52..]].concat());
    assert_cheap("cookie.caf", &[&kind[..52], cookie, &kind[52..]].concat());
    let mut channels = caf;
    channels[44..48].fill(0xff);
    assert_cheap("channels.caf", &channels);

    let matroska = containers::matroska(48_000, &[3; 2_000]);
    assert_eq!(assert_cheap("honest.mka", &matroska), "2000 samples []");
    let place = |id: &[u8]| matroska.windows(id.len()).position(|bytes| bytes == id).unwrap() + id.len();
    // Sizes of the tracks, a codec's name, a cluster and a block: 2^55 bytes each.
    for (name, id) in [
        ("tracks.mka", &[0x16, 0x54, 0xae, 0x6b][..]),
        ("codec.mka", &[0x86]),
        ("cluster.mka", &[0x1f, 0x43, 0xb6, 0x75]),
        ("block.mka", &[0xa3]),
    ] {
        let mut file = matroska.clone();
        file[place(id)..][..8].copy_from_slice(&[1, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        assert_cheap(name, &file);
    }
}

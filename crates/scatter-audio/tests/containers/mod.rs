//! Writes small files of many containers for tests.

// Each test file is a crate of its own, and none uses all of this.
#![allow(dead_code)]

/// A chunk: its identifier, its size as `size` writes it, and its contents, padded to an even length if `pad`.
pub fn chunk(id: &[u8; 4], size: impl Fn(usize) -> Vec<u8>, contents: &[u8], pad: bool) -> Vec<u8> {
    let mut chunk = [&id[..], &size(contents.len()), contents].concat();
    if pad && contents.len() % 2 == 1 {
        chunk.push(0);
    }
    chunk
}

/// A chunk of a RIFF file.
pub fn riff_chunk(id: &[u8; 4], contents: &[u8]) -> Vec<u8> {
    chunk(id, |size| (size as u32).to_le_bytes().to_vec(), contents, true)
}

/// A `fmt ` chunk without an extension.
pub fn wave_format(tag: u16, channels: u16, rate: u32, block: u16, bits: u16) -> Vec<u8> {
    let mut format = [tag.to_le_bytes(), channels.to_le_bytes()].concat();
    format.extend(rate.to_le_bytes());
    format.extend((rate * u32::from(block)).to_le_bytes());
    format.extend(block.to_le_bytes());
    format.extend(bits.to_le_bytes());
    format
}

/// A RIFF file of type WAVE of these chunks.
pub fn wave(chunks: &[Vec<u8>]) -> Vec<u8> {
    let body = [&b"WAVE"[..], &chunks.concat()].concat();
    [&b"RIFF"[..], &(body.len() as u32).to_le_bytes(), &body].concat()
}

/// A CAF file of 16-bit samples, little-endian.
pub fn caf(rate: u32, samples: &[i16]) -> Vec<u8> {
    let long = |size: usize| (size as u64).to_be_bytes().to_vec();
    let mut description = f64::from(rate).to_be_bytes().to_vec();
    description.extend(b"lpcm\0\0\0\x02\0\0\0\x02\0\0\0\x01\0\0\0\x01\0\0\0\x10");
    let mut sound = vec![0; 4];
    sound.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    let mut file = b"caff\0\x01\0\0".to_vec();
    file.extend(chunk(b"desc", long, &description, false));
    file.extend(chunk(b"free", long, &[0; 11], false));
    file.extend(chunk(b"data", long, &sound, false));
    file
}

/// An AU file of 16-bit samples.
pub fn au(rate: u32, samples: &[i16]) -> Vec<u8> {
    let numbers = [28, 2 * samples.len() as u32, 3, rate, 1, 0];
    let mut file = b".snd".to_vec();
    file.extend(numbers.iter().flat_map(|number: &u32| number.to_be_bytes()));
    file.extend(samples.iter().flat_map(|sample| sample.to_be_bytes()));
    file
}

/// A Sony Wave64 file of 16-bit samples.
pub fn wave64(rate: u32, samples: &[i16]) -> Vec<u8> {
    const TAIL: [u8; 12] = [0xf3, 0xac, 0xd3, 0x11, 0x8c, 0xd1, 0, 0xc0, 0x4f, 0x8e, 0xdb, 0x8a];
    let part = |id: &[u8; 4], contents: &[u8]| {
        let mut part = [&id[..], &TAIL, &(24 + contents.len() as u64).to_le_bytes(), contents].concat();
        part.resize(part.len().next_multiple_of(8), 0);
        part
    };
    let sound: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let parts = [part(b"fmt ", &wave_format(1, 1, rate, 2, 16)), part(b"data", &sound)].concat();
    let mut file = b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\0\0".to_vec();
    file.extend((40 + parts.len() as u64).to_le_bytes());
    file.extend(b"wave");
    file.extend(TAIL);
    file.extend(parts);
    file
}

/// A Matroska file of 16-bit samples, in clusters of a second, with tags at its end to which its head points.
pub fn matroska(rate: u32, samples: &[i16]) -> Vec<u8> {
    let clusters: Vec<u8> = samples.chunks(rate as usize).enumerate().flat_map(cluster).collect();
    matroska_of(b"A_PCM/INT/LIT", &[], rate, &clusters)
}

/// A Matroska file of Opus packets, 20 ms each, in one cluster.
pub fn matroska_of_opus(head: &[u8], packets: &[Vec<u8>]) -> Vec<u8> {
    let mut contents = element(&[0xe7], &[0]);
    for (index, packet) in packets.iter().enumerate() {
        let time = (20 * index as i16).to_be_bytes();
        contents.extend(element(&[0xa3], &[&[0x81], &time[..], &[0x80], packet].concat()));
    }
    matroska_of(b"A_OPUS", head, 48_000, &element(&[0x1f, 0x43, 0xb6, 0x75], &contents))
}

fn matroska_of(codec: &[u8], private: &[u8], rate: u32, clusters: &[u8]) -> Vec<u8> {
    let audio = [element(&[0xb5], &f64::from(rate).to_be_bytes()), element(&[0x62, 0x64], &[16])].concat();
    let track = [
        element(&[0xd7], &[1]),
        element(&[0x73, 0xc5], &[1]),
        element(&[0x83], &[2]),
        element(&[0x86], codec),
        if private.is_empty() { Vec::new() } else { element(&[0x63, 0xa2], private) },
        element(&[0xe1], &audio),
    ];
    let tracks = element(&[0x16, 0x54, 0xae, 0x6b], &element(&[0xae], &track.concat()));
    let info = [
        element(&[0x2a, 0xd7, 0xb1], &1_000_000_u32.to_be_bytes()),
        element(&[0x4d, 0x80], b"test"),
        element(&[0x57, 0x41], b"test"),
    ];
    let info = element(&[0x15, 0x49, 0xa9, 0x66], &info.concat());
    let entry = [element(&[0x53, 0xab], &[0x12, 0x54, 0xc3, 0x67]), element(&[0x53, 0xac], &[0; 8])].concat();
    let seek_bytes = element(&[0x11, 0x4d, 0x9b, 0x74], &element(&[0x4d, 0xbb], &entry)).len();
    let tags_at = (seek_bytes + info.len() + tracks.len() + clusters.len()) as u64;
    let entry =
        [element(&[0x53, 0xab], &[0x12, 0x54, 0xc3, 0x67]), element(&[0x53, 0xac], &tags_at.to_be_bytes())];
    let seek = element(&[0x11, 0x4d, 0x9b, 0x74], &element(&[0x4d, 0xbb], &entry.concat()));
    let targets = element(&[0x63, 0xc0], &[]);
    let name = [element(&[0x45, 0xa3], b"TITLE"), element(&[0x44, 0x87], b"noise")].concat();
    let tag = [targets, element(&[0x67, 0xc8], &name)].concat();
    let tags = element(&[0x12, 0x54, 0xc3, 0x67], &element(&[0x73, 0x73], &tag));
    let segment = element(&[0x18, 0x53, 0x80, 0x67], &[seek, info, tracks, clusters.to_vec(), tags].concat());
    [element(&[0x1a, 0x45, 0xdf, 0xa3], &element(&[0x42, 0x82], b"matroska")), segment].concat()
}

fn cluster((second, samples): (usize, &[i16])) -> Vec<u8> {
    let mut contents = element(&[0xe7], &(1_000 * second as u32).to_be_bytes());
    // Blocks of a tenth of a second.
    for (tenth, samples) in samples.chunks(samples.len().div_ceil(10)).enumerate() {
        let mut block = vec![0x81];
        block.extend((100 * tenth as i16).to_be_bytes());
        block.push(0x80);
        block.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
        contents.extend(element(&[0xa3], &block));
    }
    element(&[0x1f, 0x43, 0xb6, 0x75], &contents)
}

/// An EBML element with its size in eight bytes.
fn element(id: &[u8], contents: &[u8]) -> Vec<u8> {
    let size = (contents.len() as u64 | 1 << 56).to_be_bytes();
    [id, &size, contents].concat()
}

/// The MP4 `file` with its index, which stands at its end, moved before its sound.
pub fn with_index_in_front(file: &[u8]) -> Vec<u8> {
    let mut boxes = Vec::new();
    let mut at = 0;
    while at + 8 <= file.len() {
        let size = u32::from_be_bytes([file[at], file[at + 1], file[at + 2], file[at + 3]]) as usize;
        boxes.push((&file[at + 4..at + 8], &file[at..at + size]));
        at += size;
    }
    let of = |wanted: &[&[u8]]| -> Vec<u8> {
        let wanted = boxes.iter().filter(|(kind, _)| wanted.contains(kind));
        wanted.flat_map(|(_, whole)| *whole).copied().collect()
    };
    let mut index = of(&[b"moov"]);
    let shift = index.len() as u32;
    let table = index.windows(4).position(|kind| kind == b"stco").unwrap() + 8;
    let word = |index: &[u8], at: usize| {
        u32::from_be_bytes([index[at], index[at + 1], index[at + 2], index[at + 3]])
    };
    for entry in 0..word(&index, table) as usize {
        let at = table + 4 + 4 * entry;
        let moved = word(&index, at) + shift;
        index[at..at + 4].copy_from_slice(&moved.to_be_bytes());
    }
    [of(&[b"ftyp"]), index, of(&[b"free", b"mdat"])].concat()
}

//! Words that the formats are made of: what chance would not find.

/// Magic numbers, and names of chunks, boxes and elements.
#[rustfmt::skip] // a word a line says no more
pub(crate) const SOUND_WORDS: &[&[u8]] = &[
    b"RIFF", b"RIFX", b"RF64", b"WAVE", b"fmt ", b"data", b"fact", b"LIST", b"INFO", b"id3 ", b"\xfe\xff",
    b"FORM", b"AIFF", b"AIFC", b"COMM", b"SSND", b"FVER", b"sowt", b"fl32", b"fl64", b"in24", b"twos", b"ulaw",
    b"alaw", b"ima4", b"caff", b"desc", b"chan", b"pakt", b"kuki", b"info", b"free", b"lpcm", b"alac", b"fLaC",
    b"\xff\xf8", b"\xff\xf9", b"OggS", b"\x7fFLAC", b"\x01vorbis", b"\x03vorbis", b"\x05vorbis", b"OpusHead",
    b"Speex   ", b"BCV", b"ID3\x02", b"ID3\x03", b"ID3\x04", b"TIT2", b"APIC", b"TXXX", b"TAG", b"APETAGEX",
    b"Xing", b"Info", b"VBRI", b"LAME", b"\xff\xfb", b"\xff\xf3", b"\xff\xe3", b"\xff\xf1", b"\xff\xf9",
    b"ftyp", b"moov", b"mvhd", b"mvex", b"trex", b"trak", b"tkhd", b"edts", b"elst", b"mdia", b"mdhd", b"hdlr",
    b"minf", b"smhd", b"stbl", b"stsd", b"stts", b"stsc", b"stsz", b"stz2", b"stco", b"co64", b"mdat", b"moof",
    b"mfhd", b"traf", b"tfhd", b"tfdt", b"trun", b"sidx", b"udta", b"meta", b"ilst", b"wave", b"esds", b"mp4a",
    b"soun", b"vide", b".mp3", b"dOps", b"fLaC", b"dfLa", b"skip", b"uuid", b"\x1a\x45\xdf\xa3",
    b"\x18\x53\x80\x67", b"\x15\x49\xa9\x66", b"\x16\x54\xae\x6b", b"\x1f\x43\xb6\x75", b"\x11\x4d\x9b\x74",
    b"\x1c\x53\xbb\x6b", b"\x12\x54\xc3\x67", b"\x19\x41\xa4\x69", b"\x10\x43\xa7\x70", b"A_PCM/INT/LIT",
    b"A_PCM/FLOAT/IEEE", b"A_FLAC", b"A_VORBIS", b"A_AAC", b"A_MPEG/L3", b"A_ALAC", b"A_OPUS", b"matroska",
    b"webm", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0", b"\x01\xff\xff\xff\xff\xff\xff\xff",
];

/// Keys and values of the JSON.
#[rustfmt::skip] // a word a line says no more
pub(crate) const DATASET_WORDS: &[&[u8]] = &[
    b"\"formatVersion\"", b"\"name\"", b"\"kind\"", b"\"clips\"", b"\"recording\"", b"\"count\"",
    b"\"audioFile\"", b"\"spriteFile\"", b"\"projectionsFile\"", b"\"imgDim\"", b"\"audio\"", b"\"sampleRate\"",
    b"\"windowSamples\"", b"\"hopSamples\"", b"\"blockSize\"", b"\"samples\"", b"\"sprite\"", b"\"tileWidth\"",
    b"\"tileHeight\"", b"\"columns\"", b"\"rows\"", b"\"pages\"", b"\"floor\"", b"\"ceiling\"", b"\"unit\"",
    b"\"RGB\"", b"\"ln mel\"", b"\"model\"", b"\"sha256\"", b"\"projections\"", b"\"dims\"", b"\"params\"",
    b"\"type\"", b"\"text\"", b"\"number\"", b"\"files\"", b"\"bytes\"", b"\"created\"", b"\"tool\"",
    b"\"version\"", b"\"idx\"", b"\"metadata\"", b"\"labels\"", b"\"labelnames\"", b"\"filenames\"",
    b"\"s_centroid\"", b"\"spherical\"", b"\"further\"", b"\"neighbours\"", b"\"classes\"", b"\"attribution\"",
    b"\"names\"", b"\"top\"", b"\"scores\"", b"\"datasets\"", b"\"layout\"", b"\"folder\"", b"\"flat\"",
    b"null", b"true", b"[]", b"{}", b"\"\"", b"\x1e", b"4294967295", b"18446744073709551615", b"-0.0", b"1e39",
    b"1e308", b"1e-46", b"0.00 sec", b"./data/", b"../", b"\\u0000", b"\\ud800",
];

/// Signatures of HDF5's structures, and names of groups and arrays.
#[rustfmt::skip] // a word a line says no more
pub(crate) const WEIGHT_WORDS: &[&[u8]] = &[
    b"\x89HDF\r\n\x1a\n", b"OHDR", b"OCHK", b"TREE", b"SNOD", b"HEAP", b"GCOL", b"FRHP", b"FHDB", b"FHIB",
    b"BTHD", b"BTIN", b"BTLF", b"EAHD", b"EAIB", b"EASB", b"EADB", b"FAHD", b"FADB", b"FSHD", b"FSSE", b"SMTB",
    b"SMLI", b"model_weights", b"weight_names", b"layer_names", b"layer1", b"layer2", b"conv",
    b"depthwise_conv", b"pointwise_conv", b"kernel:0", b"depthwise_kernel:0", b"bn", b"beta:0",
    b"moving_mean:0", b"moving_variance:0", b"logits", b"dense", b"bias:0", b"\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\0\0\0\0\0\0\0\x80", b"\x20\0\0\0",
];

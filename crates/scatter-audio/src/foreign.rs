/// How files of known formats begin that cannot be decoded. Several carry a WAV header further in, and would be
/// played as noise.
const FOREIGN: &[(&[u8], &str)] = &[
    (b"wvpk", "WavPack"),
    (b"MAC ", "Monkey's Audio"),
    (b"OFR ", "OptimFROG"),
    (b"tBaK", "TAK"),
    (b"TTA1", "True Audio"),
    (b"TTA2", "True Audio"),
    (b"MPCK", "Musepack"),
    (b"MP+", "Musepack"),
    (b"DSD ", "DSD"),
    (b"FRM8", "DSD"),
    (b"ADIF", "AAC with an ADIF header"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media"),
    (b"riff\x2e\x91\xcf\x11", "Sony Wave64"),
    (b"\x0b\x77", "Dolby Digital (AC-3)"),
    (b".snd", "Sun AU"),
    (b"#!AMR", "AMR"),
    (b"MThd", "MIDI, which holds notes and no sound"),
];

/// Name of the format of a file that begins with `head`, where it is known not to be decodable.
pub(crate) fn foreign_format(head: &[u8]) -> Option<&'static str> {
    FOREIGN.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, name)| *name)
}

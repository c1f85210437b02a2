use std::path::Path;

/// Extensions of formats that are decoded.
const DECODED: &[&str] = &[
    "wav", "wave", "bwf", "rf64", "w64", "aif", "aiff", "aifc", "au", "snd", "caf", "flac", "ogg", "oga",
    "ogx", "opus", "mp3", "mp2", "m4a", "m4b", "m4p", "m4r", "mp4", "mov", "3gp", "3g2", "aac", "adts",
    "mkv", "mka", "webm",
];

/// Extensions of audio formats that are not, each with the format's name: a report can then name such files instead of
/// passing over them.
const NOT_DECODED: &[(&str, &str)] = &[
    ("wma", "Windows Media"),
    ("ac3", "Dolby Digital (AC-3)"),
    ("eac3", "Dolby Digital Plus (E-AC-3)"),
    ("dts", "DTS"),
    ("ape", "Monkey's Audio"),
    ("wv", "WavPack"),
    ("tta", "True Audio"),
    ("tak", "TAK"),
    ("mpc", "Musepack"),
    ("spx", "Speex"),
    ("dsf", "DSD"),
    ("dff", "DSD"),
    ("ofr", "OptimFROG"),
    ("ofs", "OptimFROG"),
    ("shn", "Shorten"),
    ("mp1", "MPEG layer I"),
    ("amr", "AMR"),
    ("gsm", "GSM"),
    ("ra", "RealAudio"),
    ("rm", "RealMedia"),
    ("voc", "Creative Voice"),
    ("aa", "Audible, which is copy-protected"),
    ("aax", "Audible, which is copy-protected"),
    ("mid", "MIDI, which holds notes and no sound"),
    ("midi", "MIDI, which holds notes and no sound"),
];

/// Whether the name of `path` ends like an audio format that is decoded, in capitals or not.
pub fn is_audio_extension(path: &Path) -> bool {
    extension(path).is_some_and(|extension| DECODED.iter().any(|known| known.eq_ignore_ascii_case(extension)))
}

/// The format of a file whose name ends like one that is known but not decoded (WMA, AC-3, WavPack…), in words.
pub fn undecodable_format(path: &Path) -> Option<&'static str> {
    let extension = extension(path)?;
    NOT_DECODED.iter().find(|(known, _)| known.eq_ignore_ascii_case(extension)).map(|&(_, format)| format)
}

fn extension(path: &Path) -> Option<&str> {
    path.extension().and_then(|extension| extension.to_str())
}

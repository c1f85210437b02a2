use std::path::Path;

/// Extensions of formats that are decoded.
const DECODED: &[&str] = &[
    "wav", "wave", "bwf", "rf64", "w64", "aif", "aiff", "aifc", "au", "snd", "caf", "flac", "ogg", "oga",
    "ogx", "opus", "mp3", "mp2", "m4a", "m4b", "m4p", "m4r", "mp4", "mov", "3gp", "3g2", "aac", "adts",
    "mkv", "mka", "webm",
];

/// Extensions of audio formats that are not, so that a report can name such files instead of passing over them.
const NOT_DECODED: &[&str] = &[
    "wma", "ac3", "eac3", "dts", "ape", "wv", "tta", "tak", "mpc", "spx", "dsf", "dff", "ofr", "ofs", "shn",
    "mp1", "amr", "gsm", "ra", "rm", "voc", "aa", "aax", "mid", "midi",
];

/// Whether the name of `path` ends like an audio format that is decoded, in capitals or not.
pub fn is_audio_extension(path: &Path) -> bool {
    ends_with_one_of(path, DECODED)
}

/// Whether the name of `path` ends like an audio format that is known but not decoded (WMA, AC-3, WavPack…).
pub fn is_undecodable_audio_extension(path: &Path) -> bool {
    ends_with_one_of(path, NOT_DECODED)
}

fn ends_with_one_of(path: &Path, extensions: &[&str]) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| extensions.iter().any(|known| known.eq_ignore_ascii_case(extension)))
}

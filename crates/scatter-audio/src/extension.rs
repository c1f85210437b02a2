use std::path::Path;

/// Extensions of formats that are decoded.
const DECODED: &[&str] = &[
    "wav", "wave", "aif", "aiff", "aifc", "caf", "flac", "ogg", "oga", "mp3", "m4a", "m4b", "m4r", "mp4",
    "aac", "adts", "mkv", "mka", "webm",
];

/// Extensions of audio formats that are not, so that a report can name such files instead of passing over them.
const NOT_DECODED: &[&str] = &[
    "opus", "wma", "w64", "au", "snd", "ac3", "eac3", "ape", "wv", "tta", "tak", "mpc", "spx", "dsf", "dff",
    "ofr", "ofs", "mp2", "mp1", "amr", "ra", "rm", "voc", "3g2", "3gp", "mid", "midi",
];

/// Whether the name of `path` ends like an audio format that is decoded, in capitals or not.
pub fn is_audio_extension(path: &Path) -> bool {
    ends_with_one_of(path, DECODED)
}

/// Whether the name of `path` ends like an audio format that is known but not decoded (Opus, WMA, AC-3…).
pub fn is_undecodable_audio_extension(path: &Path) -> bool {
    ends_with_one_of(path, NOT_DECODED)
}

fn ends_with_one_of(path: &Path, extensions: &[&str]) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| extensions.iter().any(|known| known.eq_ignore_ascii_case(extension)))
}

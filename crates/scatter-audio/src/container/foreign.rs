use crate::error::AudioErrorKind;

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
    (b"\x0b\x77", "Dolby Digital (AC-3)"),
    (b"\x7f\xfe\x80\x01", "DTS"),
    (b"#!AMR", "AMR"),
    (b".RMF", "RealMedia"),
    (b".ra\xfd", "RealAudio"),
    (b"Creative Voice File", "Creative Voice"),
    (b"ajkg", "Shorten"),
];

/// How files begin that hold no sound, and what they are.
const SOUNDLESS: &[(&[u8], &str)] = &[
    (b"MThd", "MIDI, which holds notes"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "an archive (gzip)"),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7-Zip)"),
    (b"Rar!", "an archive (RAR)"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"SQLite format 3", "a database"),
    (b"version https://git-lfs", "a pointer to a file that Git LFS has not fetched"),
];

/// Bytes from the start that may be spaces, or the mark that begins some texts.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Why a file that begins with `head`, past tags, is not worth a try: a format that is known not to be decodable, or
/// what is no sound at all.
pub(crate) fn refusal(head: &[u8]) -> Option<AudioErrorKind> {
    if let Some((_, format)) = FOREIGN.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(AudioErrorKind::Foreign { format });
    }
    let soundless = SOUNDLESS.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, what)| *what);
    soundless.or_else(|| text(head)).map(|what| AudioErrorKind::NotSound { what })
}

/// What kind of text `head` begins, if any.
fn text(head: &[u8]) -> Option<&'static str> {
    if head.iter().all(|&byte| byte == 0) {
        return Some("nothing but zeros at its start");
    }
    let text = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head);
    let begins = text.trim_ascii_start();
    let begins_with =
        |tag: &[u8]| begins.get(..tag.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(tag));
    if begins_with(b"<!doctype html") || begins_with(b"<html") {
        return Some("a web page (HTML), perhaps an error message instead of a download");
    }
    let printable = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~' | 0x80..);
    let written = !text.is_empty() && text.iter().all(printable);
    // A letter of several bytes may be cut at the end of what is looked at.
    let readable = match std::str::from_utf8(text) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    (written && readable).then_some("a text")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_sound_is_called_by_its_name() {
        let reason = |head: &[u8]| refusal(head).map(|kind| kind.to_string()).unwrap_or_default();
        assert!(reason(b"\n <!DOCTYPE HTML><html>404").contains("web page"));
        assert!(reason("Die Würde des Menschen".as_bytes()).contains("a text"));
        assert!(reason(&"Würde".as_bytes()[..2]).contains("a text"));
        assert!(reason(&[0; 2_048]).contains("zeros"));
        assert!(reason(b"wvpk....RIFF....WAVE").contains("WavPack"));
        assert!(refusal(b"RIFF\x24\0\0\0WAVEfmt ").is_none());
        assert!(refusal(&[0xff, 0xfb, 0x90, 0x64, 0, 0]).is_none());
    }
}

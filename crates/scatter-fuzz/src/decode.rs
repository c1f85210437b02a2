//! Audio file to clip, and to windows.

use std::cell::RefCell;
use std::path::Path;

use scatter_audio::{AudioError, AudioErrorKind, Clip, ClipReader, Recording, SAMPLE_RATE, WINDOW_SAMPLES};

use crate::scratch::Scratch;

/// Distance between windows, as a run has it by default.
const HOP: usize = WINDOW_SAMPLES / 2;
/// Samples of a window: the patch hears 15 ms beyond it.
const HEARD: usize = WINDOW_SAMPLES + 240;
/// Windows that are looked at; a few bytes of FLAC may claim days.
const WINDOWS: usize = 200;

thread_local! {
    /// One reader for all inputs, as a worker has one for all files.
    static READER: RefCell<(Scratch, ClipReader)> = RefCell::new((Scratch::new(), ClipReader::new()));
}

pub(crate) fn run(bytes: &[u8]) {
    READER.with_borrow_mut(|(scratch, reader)| {
        let path = scratch.write(bytes);
        let clip = reader.read(&path).map_err(reason);
        let recording = windows(&path).map_err(reason);
        if let Ok(clip) = &clip {
            check_clip(clip);
        }
        // Both read the same file to its end, if the windows were few enough.
        let agree = match (&clip, &recording) {
            (Ok(clip), Ok(Some(seconds))) => clip.source_seconds == *seconds,
            (Err(_), Ok(Some(_))) | (Ok(_), Err(_)) => false,
            (Err(_), Err(_)) | (_, Ok(None)) => true,
        };
        let clip = clip.map(|clip| clip.source_seconds);
        assert!(agree, "seconds as a clip: {clip:?}, in windows: {recording:?}");
    });
}

/// The error in words, once it is known to be no panic.
fn reason(error: AudioError) -> String {
    let reason = error.reason();
    // Without the engine, decoders are built with checks: they stop where they wrap as they ship.
    let wraps = !cfg!(feature = "engine") && reason.contains("with overflow");
    assert!(wraps || !matches!(error.kind(), AudioErrorKind::DecoderPanic { .. }), "{reason}");
    assert!(!reason.is_empty());
    reason
}

fn check_clip(clip: &Clip) {
    let Clip { samples, descriptors: d, pitch, start_seconds, source_seconds, .. } = clip;
    assert_eq!(samples.len(), WINDOW_SAMPLES);
    assert!(samples.iter().all(|sample| sample.is_finite()), "a sample is no number");
    assert!(
        *start_seconds >= 0.0 && start_seconds <= source_seconds,
        "{start_seconds} of {source_seconds} s"
    );
    assert!(source_seconds.is_finite() && *source_seconds > 0.0, "{source_seconds} s");
    assert!((1_000..=768_000).contains(&clip.source_rate), "{} Hz", clip.source_rate);
    assert!((1..=128).contains(&clip.source_channels), "{} channels", clip.source_channels);
    let half = f64::from(clip.source_rate) / 2.0;
    for hertz in [d.centroid_hz, d.rolloff_hz, d.bandwidth_hz] {
        assert!((0.0..=half * 1.001).contains(&hertz), "{d:?} at {} Hz", clip.source_rate);
    }
    for share in [d.flatness, d.zero_crossing_rate, pitch.voiced] {
        assert!((0.0..=1.001).contains(&share), "{d:?}, {pitch:?}");
    }
    for number in [d.rms_dbfs, d.peak_dbfs, pitch.f0_hz].into_iter().flatten() {
        assert!(number.is_finite(), "{d:?}, {pitch:?}");
    }
}

/// Reads windows, and gives the recording's length in seconds when that was all of it.
fn windows(path: &Path) -> Result<Option<f64>, AudioError> {
    let mut recording = Recording::open(path, HOP)?;
    let mut tapped = 0_u64;
    for number in 0..WINDOWS {
        let Some(window) = recording.next_window(&mut |samples| tapped += samples.len() as u64)? else {
            let seconds = recording.seconds();
            let expected = seconds * f64::from(SAMPLE_RATE);
            assert!((tapped as f64 - expected).abs() <= 1.0, "{tapped} samples of {seconds} s");
            assert!(number > 0, "a recording without a window");
            return Ok(Some(seconds));
        };
        assert_eq!(window.samples.len(), HEARD);
        assert!(window.samples.iter().all(|sample| sample.is_finite()), "a sample is no number");
        assert!((1..=WINDOW_SAMPLES).contains(&window.inside), "{} samples inside", window.inside);
        assert!(!window.source.is_empty() && window.source.iter().all(|sample| sample.is_finite()));
        assert!(window.start_seconds == (number * HOP) as f64 / f64::from(SAMPLE_RATE));
    }
    Ok(None)
}

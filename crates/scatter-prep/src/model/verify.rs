//! `model verify`: is the installed model what it should be, and does it hear what it should?

use std::f64::consts::TAU;
use std::fmt::Write as _;
use std::io::{self, Write as _};

use anyhow::bail;
use ndarray::{Axis, Slice};
use scatter_embed::{
    Embedder, LogMel, ModelFile, ModelSpec, Runtime, SAMPLE_RATE, class_name, find_model, find_runtime,
};

use super::receipt::{Origin, Receipt};
use crate::cli::VerifyArgs;

/// YAMNet's scores for the first patch of [`sine`], as (class, score), from the reference implementation.
const PUBLISHED: [(&str, f32); 5] = [
    ("Telephone", 0.990_430),
    ("Dial tone", 0.983_918),
    ("Busy signal", 0.973_139),
    ("Alarm", 0.923_947),
    ("Sidetone", 0.130_527),
];
/// Largest difference that another order of the same sums makes.
const SAME: f32 = 1e-3;
/// Largest difference that weights rounded to 8 bits make (0.017 was seen).
const CLOSE: f32 = 0.03;

/// Checks the model that the next run uses.
///
/// # Errors
/// What to do when its checksum is not known, or its scores are not YAMNet's.
pub fn run(args: &VerifyArgs) -> anyhow::Result<()> {
    let model = find_model(None)?;
    let receipt = Receipt::beside(&model.path)?;
    let origin = Origin::of(&model, receipt.as_ref());
    let shown = model.path.display().to_string();
    let runtime = find_runtime(args.onnxruntime.as_deref())?;
    let found = scores(&runtime, &model)?;
    let mut text = format!("{shown}\nSHA-256 {}\n{}\n\n", model.sha256, origin.words());
    let _ = writeln!(text, "{:<12} {:>9} {:>9}", "class", "found", "published");
    for ((name, published), found) in PUBLISHED.iter().zip(&found) {
        let _ = writeln!(text, "{name:<12} {found:>9.6} {published:>9.6}");
    }
    let largest = PUBLISHED.iter().zip(&found).map(|((_, published), found)| off(*found, *published));
    let largest = largest.fold(0.0, f32::max);
    let verdict = match largest {
        off if off <= SAME => "YAMNet's scores",
        off if off <= CLOSE => "close to YAMNet's scores, as from rounded weights",
        _ => "not YAMNet",
    };
    let _ = write!(text, "largest difference {largest:.6}: {verdict}");
    let _ = writeln!(io::stdout(), "{text}");
    let remedy = "`scatter-prep model fetch` installs it anew";
    if !origin.fits() {
        bail!("{shown} is {}: {remedy}", origin.words());
    }
    if largest > CLOSE {
        bail!(
            "{shown} does not give YAMNet's scores (off by {largest:.3}, at most {CLOSE} is allowed): {remedy}"
        );
    }
    Ok(())
}

/// 1 s of a 440 Hz sine of amplitude 0.5, its phase rounded to f32 as the reference's was.
///
/// The rounding is a noise of 1e-4. In bands where the tone is silent it is all there is, and without it the scores are
/// others by up to 0.08.
fn sine() -> Vec<f32> {
    let phase = |n: u32| (TAU * 440.0) as f32 * (f64::from(n) / f64::from(SAMPLE_RATE)) as f32;
    (0..SAMPLE_RATE).map(|n| (0.5 * f64::from(phase(n)).sin()) as f32).collect()
}

/// Distance of two scores; one that is no number is as far off as can be.
fn off(found: f32, published: f32) -> f32 {
    if found.is_finite() { (found - published).abs() } else { f32::INFINITY }
}

/// The model's scores for the known sound, in the order of [`PUBLISHED`].
fn scores(runtime: &Runtime, model: &ModelFile) -> anyhow::Result<Vec<f32>> {
    let patches = LogMel::new().patches(&sine());
    let embedded = Embedder::load(runtime, model, &ModelSpec::yamnet(), 1)?
        .embed(patches.slice_axis(Axis(0), Slice::from(..1)))?;
    let score = |wanted: &str| {
        let index = (0..embedded.scores.ncols()).find(|&index| class_name(index) == Some(wanted));
        index.map_or(f32::NAN, |index| embedded.scores[[0, index]])
    };
    Ok(PUBLISHED.iter().map(|(name, _)| score(name)).collect())
}

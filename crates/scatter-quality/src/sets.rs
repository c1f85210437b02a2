//! Labelled sets of embeddings to try maps on.

use std::path::Path;

use anyhow::{Context, Result};
use ndarray::{Array2, Axis, concatenate};

use crate::hearing::{Ear, files_by_folder};

/// Embeddings with a label each.
#[derive(Debug)]
pub struct LabelledSet {
    /// What it is called in the tables.
    pub name: String,
    /// `[points, 1024]`.
    pub embeddings: Array2<f32>,
    /// A label a point.
    pub labels: Vec<String>,
    /// The AudioSet class that names each, where clips were named.
    pub names: Option<Vec<Option<usize>>>,
}

impl LabelledSet {
    /// Number of different labels.
    pub fn classes(&self) -> usize {
        self.labels.iter().collect::<std::collections::BTreeSet<_>>().len()
    }
}

/// Clips in a folder a class.
///
/// # Errors
/// When a clip cannot be read.
pub fn clips(ear: &Ear, name: &str, folder: &Path, extension: &str) -> Result<LabelledSet> {
    let (files, labels): (Vec<_>, Vec<_>) = files_by_folder(folder, extension)?.into_iter().unzip();
    let heard = ear.hear_files(&files)?;
    Ok(LabelledSet { name: name.to_owned(), embeddings: heard.embeddings, labels, names: Some(heard.names) })
}

/// The windows of several recordings, each labelled with its recording.
///
/// # Errors
/// When a recording cannot be read.
pub fn recordings(ear: &Ear, name: &str, folder: &Path, extension: &str) -> Result<LabelledSet> {
    let (mut parts, mut labels) = (Vec::new(), Vec::new());
    for (file, _) in files_by_folder(folder, extension)? {
        let (embeddings, starts) = ear.hear_recording(&file)?;
        let label = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        labels.extend(starts.iter().map(|_| label.clone()));
        parts.push(embeddings);
    }
    let views: Vec<_> = parts.iter().map(|part| part.view()).collect();
    Ok(LabelledSet { name: name.to_owned(), embeddings: concatenate(Axis(0), &views)?, labels, names: None })
}

/// The windows of one recording made of several, each labelled with the part that its middle lies in.
///
/// `parts` is a table of tab-separated values with a header line and, first in each row, where the part begins and ends,
/// in seconds.
///
/// # Errors
/// When the recording or the table cannot be read.
pub fn joined_recording(ear: &Ear, name: &str, recording: &Path, parts: &Path) -> Result<LabelledSet> {
    const MIDDLE: f64 = 0.48;
    let table = std::fs::read_to_string(parts).with_context(|| format!("cannot read {}", parts.display()))?;
    let ends: Vec<f64> = table
        .lines()
        .skip(1)
        .map(|line| line.split('\t').nth(1).and_then(|end| end.parse().ok()))
        .collect::<Option<_>>()
        .with_context(|| format!("{} is not a table of parts", parts.display()))?;
    let (embeddings, starts) = ear.hear_recording(recording)?;
    let labels = starts.iter().map(|start| ends.partition_point(|end| *end <= start + MIDDLE).to_string());
    Ok(LabelledSet { name: name.to_owned(), embeddings, labels: labels.collect(), names: None })
}

/// Points like YAMNet's embeddings, made from nothing: `[points, 1024]`, not negative, in 50 classes.
///
/// A layer of random weights with a ReLU, as YAMNet's last, over 24 hidden dimensions: ten families of five classes each,
/// normally spread, some dimensions more than others. Its thresholds leave 87 % of all values at zero and 30 principal
/// axes with 78 % of the variance; of YAMNet's embeddings of the real sets that is 73 to 90 %, and 82 to 90 %. Each point has
/// a gain of its own, as quiet and loud clips have. The same `points` give the same bytes.
pub fn generated(points: usize) -> LabelledSet {
    const FAMILIES: usize = 10;
    const CLASSES: usize = 50;
    const HIDDEN: usize = 24;
    const DIMENSIONS: usize = 1_024;
    let mut random = Random(points as u64);
    let mut normal = |rows: usize, columns: usize, spread: f32| {
        Array2::from_shape_simple_fn((rows, columns), || spread * random.normal())
    };
    let families = normal(FAMILIES, HIDDEN, 1.0);
    let mut centres = normal(CLASSES, HIDDEN, 0.6);
    for (class, mut centre) in centres.rows_mut().into_iter().enumerate() {
        centre += &families.row(class % FAMILIES);
    }
    let weights = normal(HIDDEN, DIMENSIONS, (HIDDEN as f32).sqrt().recip());
    let thresholds = normal(1, DIMENSIONS, 0.3) + 1.6;
    let mut hidden = normal(points, HIDDEN, 0.7);
    let mut labels = Vec::with_capacity(points);
    for mut row in hidden.rows_mut() {
        let class = (random.uniform() * CLASSES as f32) as usize % CLASSES;
        row += &centres.row(class);
        for (axis, value) in row.iter_mut().enumerate() {
            *value *= 1.6 - 1.2 * axis as f32 / (HIDDEN - 1) as f32;
        }
        labels.push(class.to_string());
    }
    let mut embeddings = hidden.dot(&weights) - &thresholds;
    for mut row in embeddings.rows_mut() {
        let gain = (0.2 * random.normal()).exp();
        row.mapv_inplace(|value| gain * (value + 0.1 * random.normal()).max(0.0));
    }
    LabelledSet { name: format!("generated, {points}"), embeddings, labels, names: None }
}

/// Steele, Lea & Flood (2014), so that the points do not depend on a library's version.
struct Random(u64);

impl Random {
    /// Evenly in `(0, 1)`.
    fn uniform(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((z ^ (z >> 31)) >> 41) as f32 + 0.5) / (1 << 23) as f32
    }

    /// Of mean 0 and variance 1 (Box & Muller 1958).
    fn normal(&mut self) -> f32 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (std::f32::consts::TAU * self.uniform()).cos()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_points_are_not_negative_and_the_same_each_time() {
        let (set, again) = (generated(200), generated(200));
        assert_eq!(set.embeddings, again.embeddings);
        assert!(set.embeddings.iter().all(|&value| value >= 0.0));
        let zeros = set.embeddings.iter().filter(|&&value| value == 0.0).count() as f64 / (200.0 * 1_024.0);
        assert!((0.8..0.92).contains(&zeros), "{zeros}");
        assert!(set.classes() > 40);
    }

    #[test]
    fn normal_numbers_have_mean_0_and_variance_1() {
        let mut random = Random(5);
        let values: Vec<f32> = (0..20_000).map(|_| random.normal()).collect();
        let mean = values.iter().sum::<f32>() / 20_000.0;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / 20_000.0;
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.05, "{mean}, {variance}");
    }
}

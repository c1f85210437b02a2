//! The space in which neighbours are looked for.

use ndarray::{Array2, ArrayView2};

use crate::MapError;
use crate::cube_root::cube_root;
use crate::error::check_points;
use crate::moments::{PrincipalAxes, Transform};

/// Components kept by default: fewer lose spoken words, more bring in noise (measured 30 to 200).
pub const DEFAULT_COMPONENTS: usize = 100;
/// Each component is divided by this power of its variance: 0 would leave the variances, 0.5 make them equal.
const WHITENING: f64 = 0.375;

/// How embeddings are turned into the vectors whose distances count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prepare {
    /// Cube root, centring, PCA to at most `components`, three quarters whitened, then each vector at length 1.
    ///
    /// YAMNet's embeddings come after a ReLU: nine of ten values are zero, few are large. The cube root makes such values
    /// nearly normal (Wilson & Hilferty 1931), whitening lets the fine differences count beside the coarse, and the
    /// common length leaves the direction, not the loudness, to tell sounds apart. `cargo xtask quality` shows the gain
    /// in label votes over raw embeddings on every labelled set. Embeddings with values below zero come after no ReLU:
    /// theirs is no root, which would magnify the noise about zero.
    Whitened {
        /// Upper limit of components; fewer where the points span fewer.
        components: usize,
    },
    /// The embeddings as they are.
    None,
}

impl Default for Prepare {
    fn default() -> Self {
        Self::Whitened { components: DEFAULT_COMPONENTS }
    }
}

/// Prepares `embeddings` `[points, dimensions]` for [`neighbours`](crate::neighbours) and the projections.
///
/// Gives `[points, components]`, each row of length 1, or 0 for a point that lies on the mean: at most as many components
/// as asked for and as the points span, at least one (a column of zeros where all points coincide). [`Prepare::None`]
/// gives a copy.
///
/// # Errors
/// [`MapError::NoPoints`], [`MapError::NoDimensions`], [`MapError::NotFinite`]; [`MapError::Parameter`] when
/// `components` is 0; [`MapError::Eigen`].
pub fn prepare(embeddings: ArrayView2<'_, f32>, how: Prepare) -> Result<Array2<f32>, MapError> {
    check_points(embeddings)?;
    match how {
        Prepare::None => Ok(embeddings.to_owned()),
        Prepare::Whitened { components: 0 } => Err(MapError::Parameter {
            name: "components",
            value: "0".to_owned(),
            allowed: "1 or more".to_owned(),
        }),
        Prepare::Whitened { components } => {
            let after_relu = embeddings.iter().all(|&value| value >= 0.0);
            if after_relu {
                whitened(embeddings, cube_root, components)
            } else {
                whitened(embeddings, f64::from, components)
            }
        }
    }
}

fn whitened(
    embeddings: ArrayView2<'_, f32>,
    root: impl Transform,
    components: usize,
) -> Result<Array2<f32>, MapError> {
    let axes = PrincipalAxes::of(embeddings, root, components)?;
    if axes.variances.is_empty() {
        return Ok(Array2::zeros((embeddings.nrows(), 1)));
    }
    let scale: Vec<f64> = axes.variances.iter().map(|variance| variance.powf(-WHITENING)).collect();
    let mut prepared = axes.coordinates(embeddings, root, &scale);
    to_unit_length(&mut prepared);
    Ok(prepared)
}

fn to_unit_length(points: &mut Array2<f32>) {
    for mut row in points.rows_mut() {
        let length = row.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt();
        if length > 0.0 {
            row.mapv_inplace(|value| (f64::from(value) / length) as f32);
        }
    }
}

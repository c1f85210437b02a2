//! Principal component analysis.

use ndarray::{Array2, ArrayView2};

use crate::MapError;
use crate::error::check_points;
use crate::moments::PrincipalAxes;

/// Points on their principal axes.
#[derive(Debug, Clone, PartialEq)]
pub struct Pca {
    /// `[points, dims]`, centred; column 0 has the greatest variance. Columns beyond the dimensions which the points
    /// span are zero.
    pub points: Array2<f32>,
    /// `[dims]`, each axis's part of the total variance, `0.0..=1.0`, never increasing. All zero where the points
    /// coincide.
    pub explained: Vec<f64>,
}

/// Projects `points` `[points, dimensions]` onto their first `dims` principal axes.
///
/// The axes are the eigenvectors of the covariance matrix, computed in f64. An axis has no sign of its own: here the
/// loading of greatest size is positive.
///
/// # Errors
/// [`MapError::NoPoints`], [`MapError::NoDimensions`], [`MapError::NotFinite`]; [`MapError::Parameter`] when `dims`
/// is 0; [`MapError::Eigen`].
pub fn pca(points: ArrayView2<'_, f32>, dims: usize) -> Result<Pca, MapError> {
    check_points(points)?;
    if dims == 0 {
        return Err(MapError::Parameter {
            name: "dims",
            value: dims.to_string(),
            allowed: "1 or more".to_owned(),
        });
    }
    let axes = PrincipalAxes::of(points, f64::from, dims)?;
    let spanned = axes.variances.len();
    let mut out = Array2::zeros((points.nrows(), dims));
    let coordinates = axes.coordinates(points, f64::from, &vec![1.0; spanned]);
    for (mut to, from) in out.columns_mut().into_iter().zip(coordinates.columns()) {
        to.assign(&from);
    }
    let mut explained: Vec<f64> = axes.variances.iter().map(|v| v / axes.total_variance).collect();
    explained.resize(dims, 0.0);
    Ok(Pca { points: out, explained })
}

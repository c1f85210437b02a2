//! The map drawn on a sphere.

use ndarray::{Array1, Array2, ArrayView2};

/// Radius of the sphere, in the map's own unit; the original project's value.
pub const SPHERE_RADIUS: f32 = 10.0;

/// Moves each point of `[points, dimensions]` along its direction from the mean onto a sphere of [`SPHERE_RADIUS`]
/// about the origin.
///
/// A point that lies on the mean itself has no direction and goes to `(10, 0, 0, …)`. Coordinates must be finite.
pub fn spherical(points: ArrayView2<'_, f32>) -> Array2<f32> {
    let mut mean = Array1::<f64>::zeros(points.ncols());
    for row in points.rows() {
        mean.zip_mut_with(&row, |mean, &value| *mean += f64::from(value));
    }
    mean /= points.nrows().max(1) as f64;
    // Below this distance the direction would be that of f32's rounding.
    let reach = points.iter().fold(0.0_f64, |reach, &value| reach.max(f64::from(value).abs()));
    let indistinct = reach * f64::from(f32::EPSILON);
    let mut out = Array2::zeros(points.dim());
    for (mut to, from) in out.rows_mut().into_iter().zip(points.rows()) {
        let offset: Vec<f64> = from.iter().zip(&mean).map(|(&value, mean)| f64::from(value) - mean).collect();
        let length = offset.iter().map(|value| value * value).sum::<f64>().sqrt();
        if length > indistinct {
            let stretch = f64::from(SPHERE_RADIUS) / length;
            to.iter_mut().zip(&offset).for_each(|(to, value)| *to = (value * stretch) as f32);
        } else if let Some(first) = to.first_mut() {
            *first = SPHERE_RADIUS;
        }
    }
    out
}

//! The map drawn on a sphere.

use std::f64::consts::PI;

use ndarray::{Array2, ArrayView2};

/// Radius of the sphere, in the map's own unit; the original project's value.
pub const SPHERE_RADIUS: f32 = 10.0;

/// Draws a map, `[points, 2]` or `[points, 3]`, on a sphere of [`SPHERE_RADIUS`] about the origin: `[points, 3]`.
///
/// In three dimensions each point moves along its direction from the mean; one that lies on the mean itself has no
/// direction and goes to `(10, 0, 0)`. A flat map is wrapped around the sphere, azimuthal equidistant about its mean
/// (Snyder, Map Projections, 1987, chapter 25, read backwards): the mean lies at the pole `(0, 0, 10)`, the azimuth
/// stays, and the polar angle grows with the distance `r` from the mean as `π · r / r_max`, so that the furthest point
/// lies at the other pole. One column counts as three with zeros, of more than three the first three count.
/// Coordinates must be finite.
pub fn spherical(points: ArrayView2<'_, f32>) -> Array2<f32> {
    let flat = points.ncols() == 2;
    let offsets = offsets_from_mean(points);
    // Below this distance the direction would be that of f32's rounding.
    let reach = points.iter().fold(0.0_f64, |reach, &value| reach.max(f64::from(value).abs()));
    let indistinct = reach * f64::from(f32::EPSILON);
    let furthest = offsets.iter().fold(0.0_f64, |furthest, offset| furthest.max(length(offset)));
    let mut out = Array2::zeros((points.nrows(), 3));
    for (mut to, offset) in out.rows_mut().into_iter().zip(&offsets) {
        let length = length(offset);
        let direction = match (length > indistinct, flat) {
            (true, false) => offset.map(|value| value / length),
            (true, true) => {
                let (sine, cosine) = (PI * length / furthest).sin_cos();
                [sine * offset[0] / length, sine * offset[1] / length, cosine]
            }
            (false, false) => [1.0, 0.0, 0.0],
            (false, true) => [0.0, 0.0, 1.0],
        };
        to.iter_mut().zip(direction).for_each(|(to, v)| *to = (v * f64::from(SPHERE_RADIUS)) as f32);
    }
    out
}

fn offsets_from_mean(points: ArrayView2<'_, f32>) -> Vec<[f64; 3]> {
    let place = |row: ndarray::ArrayView1<'_, f32>| -> [f64; 3] {
        std::array::from_fn(|axis| row.get(axis).map_or(0.0, |&value| f64::from(value)))
    };
    let mut mean = [0.0; 3];
    for row in points.rows() {
        mean.iter_mut().zip(place(row)).for_each(|(mean, value)| *mean += value / points.nrows() as f64);
    }
    let offset = |row| {
        let place = place(row);
        std::array::from_fn(|axis| place[axis] - mean[axis])
    };
    points.rows().into_iter().map(offset).collect()
}

fn length(offset: &[f64; 3]) -> f64 {
    offset.iter().map(|value| value * value).sum::<f64>().sqrt()
}

//! How close the points of a cloud lie, for choosing their size.

/// Points whose nearest neighbour is looked for: enough for a median, few enough for a million points.
const SAMPLE: usize = 96;

/// Median distance from a point to its nearest neighbour that is not in the same place; 0 where there is none.
pub fn median_spacing(points: &[[f32; 3]]) -> f32 {
    let step = points.len().div_ceil(SAMPLE).max(1);
    let squared = |a: &[f32; 3], b: &[f32; 3]| (0..3).map(|k| (a[k] - b[k]).powi(2)).sum::<f32>();
    let mut nearest: Vec<f32> = points
        .iter()
        .step_by(step)
        .map(|p| points.iter().map(|q| squared(p, q)).filter(|&d| d > 0.0).fold(f32::INFINITY, f32::min))
        .filter(|d| d.is_finite())
        .collect();
    nearest.sort_unstable_by(f32::total_cmp);
    nearest.get(nearest.len() / 2).copied().unwrap_or(0.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_has_its_step_as_spacing_even_with_an_outlier_and_twins() {
        let mut points: Vec<[f32; 3]> =
            (0..125u8).map(|k| [k % 5, k / 5 % 5, k / 25].map(|v| f32::from(v) * 0.25)).collect();
        points.extend([[90.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]);
        assert!((median_spacing(&points) - 0.25).abs() < 1e-6);
    }

    #[test]
    fn points_in_one_place_have_no_spacing() {
        assert_eq!(median_spacing(&[[1.0; 3]; 4]), 0.0);
        assert_eq!(median_spacing(&[]), 0.0);
    }
}

//! An order in which neighbours on the map follow each other.

/// Steps an axis is cut into, as a power of two.
const BITS: u32 = 16;

/// The order in which a Hilbert curve through the cube around `points` meets them: neighbours in it are neighbours on the
/// map, and mostly the other way round, so that a place of the map takes few runs of any file that is kept in it.
///
/// Gives the indices of the points; equal places come in the order in which they were given. The curve is Skilling's
/// ("Programming the Hilbert curve", AIP Conference Proceedings 707, 2004), of 16 bits an axis.
pub fn curve_order(points: &[[f32; 3]]) -> Vec<u32> {
    let mut low = [f32::MAX; 3];
    let mut high = [f32::MIN; 3];
    for point in points {
        for axis in 0..3 {
            low[axis] = low[axis].min(point[axis]);
            high[axis] = high[axis].max(point[axis]);
        }
    }
    // One scale for all axes: the curve goes through a cube.
    let widest = (0..3).map(|axis| high[axis] - low[axis]).fold(0.0, f32::max);
    let scale = if widest > 0.0 { ((1 << BITS) - 1) as f32 / widest } else { 0.0 };
    let cell = |point: &[f32; 3]| std::array::from_fn(|axis| ((point[axis] - low[axis]) * scale) as u32);
    let mut keyed: Vec<(u64, u32)> =
        points.iter().zip(0..).map(|(point, index)| (along_curve(cell(point)), index)).collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, index)| index).collect()
}

/// Steps from the curve's beginning to a cell.
fn along_curve(mut cell: [u32; 3]) -> u64 {
    let top = 1 << (BITS - 1);
    // Undoes, from the coarsest cube to the finest, what turns and mirrors the curve in it.
    let mut bit = top;
    while bit > 1 {
        let below = bit - 1;
        for axis in 0..3 {
            if cell[axis] & bit != 0 {
                cell[0] ^= below;
            } else {
                let swapped = (cell[0] ^ cell[axis]) & below;
                cell[0] ^= swapped;
                cell[axis] ^= swapped;
            }
        }
        bit >>= 1;
    }
    // Gray code, of all axes together.
    cell[1] ^= cell[0];
    cell[2] ^= cell[1];
    let mut turned = 0;
    let mut bit = top;
    while bit > 1 {
        if cell[2] & bit != 0 {
            turned ^= bit - 1;
        }
        bit >>= 1;
    }
    let bits = |k: u32| cell.iter().fold(0, |key, axis| key << 1 | u64::from((axis ^ turned) >> k & 1));
    (0..BITS).rev().fold(0, |key, k| key << 3 | bits(k))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_curve_goes_through_every_cell_of_a_cube_one_step_at_a_time() {
        // A cube of 8 cells a side at the finest level, wherever the curve enters it.
        for corner in [[0, 0, 0], [8, 16, 24], [40_000, 65_528, 8]] {
            let cells = (0..512u32).map(|k| [k & 7, k >> 3 & 7, k >> 6]);
            let mut met: Vec<(u64, [u32; 3])> =
                cells.map(|cell| (along_curve(std::array::from_fn(|a| corner[a] + cell[a])), cell)).collect();
            met.sort_unstable();
            for pair in met.windows(2) {
                assert_eq!(pair[1].0, pair[0].0 + 1, "the cells of a cube follow each other");
                let steps: u32 = (0..3).map(|a| pair[0].1[a].abs_diff(pair[1].1[a])).sum();
                assert_eq!(steps, 1, "{:?} to {:?}", pair[0], pair[1]);
            }
        }
    }

    #[test]
    fn what_is_near_on_the_map_is_mostly_near_in_the_order() {
        // A grid of 32 cells a side, shuffled: of a cube of 4 cells a side all points come in few runs.
        let side = 32u32;
        let points: Vec<[f32; 3]> = (0..side.pow(3))
            .map(|k| k.wrapping_mul(20_011) % side.pow(3))
            .map(|k| [k % side, k / side % side, k / side / side].map(|x| x as f32))
            .collect();
        let mut runs: HashMap<[u32; 3], usize> = HashMap::new();
        let mut before = None;
        for index in curve_order(&points) {
            let cube = points[index as usize].map(|x| x as u32 / 4);
            if before != Some(cube) {
                *runs.entry(cube).or_default() += 1;
            }
            before = Some(cube);
        }
        let mean = runs.values().sum::<usize>() as f64 / runs.len() as f64;
        // 33 steps of 31 / 65,535 are no whole number of cells, so that cubes are cut. In the order of the grid it is 16.
        assert!(mean < 4.0, "{mean} runs a cube");
    }

    proptest! {
        #[test]
        fn every_point_comes_once(points in prop::collection::vec(prop::array::uniform3(-1e3f32..1e3), 0..200)) {
            let mut order = curve_order(&points);
            order.sort_unstable();
            prop_assert!(order.into_iter().eq(0..points.len() as u32));
        }
    }

    #[test]
    fn points_in_one_place_keep_their_order() {
        assert_eq!(curve_order(&[[2.0; 3]; 5]), [0, 1, 2, 3, 4]);
        assert!(curve_order(&[]).is_empty());
    }
}

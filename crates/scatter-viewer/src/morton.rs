//! Points along a curve that keeps near ones together: Morton's order (G. M. Morton, 1966), whose code interleaves the bits
//! of the coordinates.

/// Bits of a coordinate: enough that a cloud a thousandth as large as its bounds is still told apart.
const BITS: u32 = 21;
/// Bits that one pass of the sort looks at.
const DIGIT: u32 = 11;

/// Indices of `points` along the curve. All axes have one scale, so that pieces of the curve are as long as wide; points of
/// one cell stay in their order.
pub fn along_curve(points: &[[f32; 3]]) -> Vec<u32> {
    let (low, high) = bounds(points);
    let side = (0..3).map(|k| f64::from(high[k]) - f64::from(low[k])).fold(0.0, f64::max);
    let scale = if side > 0.0 { f64::from((1u32 << BITS) - 1) / side } else { 0.0 };
    let code = |point: &[f32; 3]| {
        let cell = |k: usize| ((f64::from(point[k]) - f64::from(low[k])) * scale) as u64;
        spread(cell(0)) | spread(cell(1)) << 1 | spread(cell(2)) << 2
    };
    sorted(points.iter().zip(0u32..).map(|(point, index)| (code(point), index)).collect())
}

/// Lowest and highest coordinates; those of no point are the other way around.
pub fn bounds(points: &[[f32; 3]]) -> ([f32; 3], [f32; 3]) {
    points.iter().fold(([f32::INFINITY; 3], [f32::NEG_INFINITY; 3]), |(low, high), point| {
        (std::array::from_fn(|k| low[k].min(point[k])), std::array::from_fn(|k| high[k].max(point[k])))
    })
}

/// The lowest 21 bits of `v`, two zeros after each.
fn spread(v: u64) -> u64 {
    let v = v & 0x1f_ffff;
    let v = (v | v << 32) & 0x001f_0000_0000_ffff;
    let v = (v | v << 16) & 0x001f_0000_ff00_00ff;
    let v = (v | v << 8) & 0x100f_00f0_0f00_f00f;
    let v = (v | v << 4) & 0x10c3_0c30_c30c_30c3;
    (v | v << 2) & 0x1249_2492_4924_9249
}

/// The second of each pair, in the order of the first: a radix sort, which takes a million points through in six passes.
fn sorted(mut pairs: Vec<(u64, u32)>) -> Vec<u32> {
    let mut other = vec![(0, 0); pairs.len()];
    for shift in (0..3 * BITS).step_by(DIGIT as usize) {
        let digit = |code: u64| (code >> shift) as usize & ((1 << DIGIT) - 1);
        let mut starts = vec![0usize; (1 << DIGIT) + 1];
        pairs.iter().for_each(|&(code, _)| starts[digit(code) + 1] += 1);
        if starts.contains(&pairs.len()) {
            // All are alike here: nothing would move.
            continue;
        }
        for k in 1..starts.len() {
            starts[k] += starts[k - 1];
        }
        for &pair in &pairs {
            let place = &mut starts[digit(pair.0)];
            other[*place] = pair;
            *place += 1;
        }
        std::mem::swap(&mut pairs, &mut other);
    }
    pairs.into_iter().map(|(_, index)| index).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The code, bit by bit.
    fn interleaved(cells: [u64; 3]) -> u64 {
        (0..BITS).fold(0, |code, bit| {
            (0..3).fold(code, |code, axis| code | (cells[axis] >> bit & 1) << (3 * bit + axis as u32))
        })
    }

    proptest! {
        #[test]
        fn bits_are_interleaved(cells in prop::array::uniform3(0u64..1 << BITS)) {
            prop_assert_eq!(spread(cells[0]) | spread(cells[1]) << 1 | spread(cells[2]) << 2, interleaved(cells));
        }

        #[test]
        fn the_sort_is_a_stable_sort(codes in prop::collection::vec(any::<u64>().prop_map(|c| c >> 1), 0..300), few in any::<bool>()) {
            let pairs: Vec<(u64, u32)> = codes.iter().map(|&c| if few { c % 3 } else { c }).zip(0..).collect();
            let mut expected = pairs.clone();
            expected.sort_by_key(|&(code, _)| code);
            prop_assert!(sorted(pairs).into_iter().eq(expected.into_iter().map(|(_, index)| index)));
        }

        #[test]
        fn every_point_is_on_the_curve_once(points in prop::collection::vec(prop::array::uniform3(-1e30f32..1e30), 0..200)) {
            let mut all = along_curve(&points);
            all.sort_unstable();
            prop_assert!(all.into_iter().eq(0..points.len() as u32));
        }
    }

    #[test]
    fn neighbours_on_the_curve_are_neighbours_in_space_also_beside_one_point_far_away() {
        let mut points: Vec<[f32; 3]> =
            (0..4_096u32).map(|k| [k % 16, k / 16 % 16, k / 256].map(|v| (v * 7 % 16) as f32)).collect();
        points.push([15_000.0, 0.0, 0.0]);
        let order = along_curve(&points);
        let step = |pair: &[u32]| {
            let [a, b] = [pair[0], pair[1]].map(|index| points[index as usize]);
            (0..3).map(|k| (a[k] - b[k]).powi(2)).sum::<f32>().sqrt()
        };
        let mean = order.windows(2).take(4_000).map(step).sum::<f32>() / 4_000.0;
        // In the order of their numbers they lie 8 apart; a curve without any jump would have 1.
        assert!(mean < 2.0, "{mean}");
    }
}

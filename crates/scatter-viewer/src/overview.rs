//! A recording's spectrogram from its tiles: one column a window, of which as many are averaged as share a pixel.

/// Rows of the picture: the mel bands of a tile.
pub const ROWS: usize = 64;

/// Brightness of each window's own time, by frequency.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Overview {
    /// `[window, row]`, row 0 the highest frequency.
    values: Vec<u8>,
}

/// Where a tile lies in a picture of red, green, blue and alpha.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// Pixels in a row of the picture.
    pub stride: usize,
    /// Left edge of the tile.
    pub left: usize,
    /// Pixels of its width that belong to the window alone, not to the next as well.
    pub width: usize,
    /// Its height.
    pub height: usize,
}

impl Overview {
    /// Number of windows.
    pub fn windows(&self) -> usize {
        self.values.len() / ROWS
    }

    /// Takes window `window`: the tile at `spot` of a strip of pixels whose rows are the tile's. Windows come in any order;
    /// until then they are black.
    ///
    /// Pixels outside the strip count as black.
    pub fn put(&mut self, window: usize, strip: &[u8], spot: Spot) {
        if self.windows() <= window {
            self.values.resize((window + 1) * ROWS, 0);
        }
        for row in 0..ROWS {
            let (from, to) = (row * spot.height / ROWS, ((row + 1) * spot.height).div_ceil(ROWS));
            let to = to.max(from + 1).min(spot.height.max(1));
            let mut sum = 0u64;
            for y in from..to {
                let start = (y * spot.stride + spot.left) * 4;
                let line = strip.get(start..start + spot.width * 4).unwrap_or(&[]);
                sum += line.chunks_exact(4).map(|p| u64::from(luma([p[0], p[1], p[2]]))).sum::<u64>();
            }
            let pixels = ((to - from) * spot.width).max(1) as u64;
            self.values[window * ROWS + row] = (sum / pixels) as u8;
        }
    }

    /// The picture of windows `from` to `to` (with fractions) on `width` columns: `[column, row]`, each the mean of the
    /// windows that lie in it in part.
    pub fn columns(&self, from: f64, to: f64, width: usize) -> Vec<u8> {
        let windows = self.windows();
        let mut picture = vec![0; width * ROWS];
        if windows == 0 {
            return picture;
        }
        let step = (to - from) / width as f64;
        for (column, out) in picture.chunks_exact_mut(ROWS).enumerate() {
            let start = from + column as f64 * step;
            let first = (start.max(0.0) as usize).min(windows - 1);
            let last = ((start + step - 1e-9).max(0.0) as usize).clamp(first, windows - 1);
            let count = (last - first + 1) as u32;
            let mut sums = [0u32; ROWS];
            for window in self.values[first * ROWS..(last + 1) * ROWS].chunks_exact(ROWS) {
                sums.iter_mut().zip(window).for_each(|(sum, &value)| *sum += u32::from(value));
            }
            out.iter_mut().zip(sums).for_each(|(out, sum)| *out = (sum / count) as u8);
        }
        picture
    }
}

/// Brightness of a pixel (ITU-R BT.709); grey stays as it is.
fn luma([r, g, b]: [u8; 3]) -> u8 {
    let sum = 2_126 * u32::from(r) + 7_152 * u32::from(g) + 722 * u32::from(b);
    ((sum + 5_000) / 10_000) as u8
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A strip of tiles 96 × 64, each all of one grey.
    fn strip(greys: &[u8]) -> Vec<u8> {
        let row: Vec<u8> = greys.iter().flat_map(|&g| [g, g, g, 255].repeat(96)).collect();
        row.repeat(ROWS)
    }

    fn overview(greys: &[u8]) -> Overview {
        let (pixels, mut overview) = (strip(greys), Overview::default());
        for k in 0..greys.len() {
            let spot = Spot { stride: greys.len() * 96, left: k * 96, width: 48, height: 64 };
            overview.put(k, &pixels, spot);
        }
        overview
    }

    #[test]
    fn a_window_gives_its_own_time_row_by_row() {
        // The left half of the tile gets darker downwards, the right half is white and belongs to the next window.
        let mut pixels = vec![255; 96 * 64 * 4];
        for y in 0..64 {
            for x in 0..48 {
                pixels[(y * 96 + x) * 4..][..3].fill(200 - y as u8);
            }
        }
        let mut overview = Overview::default();
        overview.put(0, &pixels, Spot { stride: 96, left: 0, width: 48, height: 64 });
        let wanted: Vec<u8> = (0..64).map(|y| 200 - y).collect();
        assert_eq!(overview.columns(0.0, 1.0, 1), wanted);
    }

    #[test]
    fn windows_that_share_a_pixel_are_averaged_and_wide_ones_repeat() {
        let overview = overview(&[10, 20, 30, 40]);
        let shown = |from, to, width| -> Vec<u8> {
            overview.columns(from, to, width).chunks_exact(ROWS).map(|column| column[7]).collect()
        };
        assert_eq!(shown(0.0, 4.0, 2), [15, 35]);
        assert_eq!(shown(0.0, 4.0, 8), [10, 10, 20, 20, 30, 30, 40, 40]);
        assert_eq!(shown(1.0, 3.0, 2), [20, 30]);
    }

    #[test]
    fn nothing_is_black() {
        assert_eq!(Overview::default().columns(0.0, 9.0, 3), vec![0; 3 * ROWS]);
        let mut short = Overview::default();
        short.put(0, &[9, 9, 9, 255], Spot { stride: 96, left: 0, width: 48, height: 64 });
        assert_eq!(short.windows(), 1);
    }

    proptest! {
        #[test]
        fn the_whole_picture_is_as_bright_as_its_windows(
            greys in prop::collection::vec(any::<u8>(), 1..40), width in 1usize..90,
        ) {
            let overview = overview(&greys);
            let picture = overview.columns(0.0, greys.len() as f64, width);
            prop_assert_eq!(picture.len(), width * ROWS);
            let (low, high) = (greys.iter().min().unwrap(), greys.iter().max().unwrap());
            prop_assert!(picture.iter().all(|v| (low..=high).contains(&v)));
        }

        #[test]
        fn a_tile_of_any_height_and_any_piece_of_it_makes_one_column(
            height in 1usize..200, width in 1usize..100, stride in 1usize..120, bytes in prop::collection::vec(any::<u8>(), 0..600),
        ) {
            let mut overview = Overview::default();
            overview.put(0, &bytes, Spot { stride, left: 3, width, height });
            prop_assert_eq!(overview.windows(), 1);
        }
    }
}

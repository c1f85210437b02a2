//! Spectrogram tiles, put on pages when the collection's scale is known.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use jpeg_encoder::{ColorType, Encoder};
use scatter_dataset::{SpriteLayout, TILE_HEIGHT, TILE_WIDTH};

/// Natural-log mel energies that a stored level can say: the front end's floor ln(0.001), and more than a
/// full-scale tone reaches (ln of half the window's length, 200, is 5.3).
const LOWEST: f32 = -6.907_756;
const HIGHEST: f32 = 6.0;
const LEVELS: usize = 1 << 16;
/// The darkest 1 % and the brightest 0.1 % saturate: one loud click does not darken the collection.
const FLOOR_QUANTILE: f64 = 0.01;
const CEILING_QUANTILE: f64 = 0.999;
/// A scale narrower than this, in nats, would draw a silent collection's rounding as texture.
const NARROWEST: f32 = 2.0;
/// Visually lossless for grey tiles at their native size (3.1 MB for 2,000).
const JPEG_QUALITY: u8 = 85;

const TILE_PIXELS: usize = (TILE_WIDTH * TILE_HEIGHT) as usize;

/// A patch, `[96, 64]` natural-log mel energies, as levels of 16 bits, in the same order: finer than a shade.
pub fn levels(patch: &[f32]) -> Vec<u16> {
    patch.iter().map(|&energy| level(energy)).collect()
}

/// Tiles of a collection: how many, and how often each level is in them.
#[derive(Debug)]
pub struct Tiles {
    histogram: Vec<u64>,
    count: usize,
}

impl Default for Tiles {
    fn default() -> Self {
        Self { histogram: vec![0; LEVELS], count: 0 }
    }
}

impl Tiles {
    /// Counts the next point's tile, the [`levels`] of its patch.
    pub fn count(&mut self, tile: &[u16]) {
        for &level in tile {
            self.histogram[usize::from(level)] += 1;
        }
        self.count += 1;
    }

    /// Writes the pages, each at `path_of(page name)`, of the tiles that `tile(number)` gives, each once and in the order
    /// in which they were counted. Gives their layout, and the mean shade of each tile.
    ///
    /// # Errors
    /// When a page cannot be written, or a tile is not what was counted.
    pub fn write_pages(
        self,
        mut tile: impl FnMut(usize) -> anyhow::Result<Vec<u16>>,
        path_of: impl Fn(&str) -> PathBuf,
    ) -> anyhow::Result<(SpriteLayout, Vec<u8>)> {
        let mut means = Vec::with_capacity(self.count);
        let (floor, ceiling) = self.scale();
        let layout = SpriteLayout::log_mel(self.count, floor, ceiling);
        let shade: Vec<u8> = (0..LEVELS).map(|level| shade(energy(level), floor, ceiling)).collect();
        for (page, name) in layout.pages.iter().enumerate() {
            let (width, height) = layout.page_size(page, self.count);
            let mut pixels = vec![0; (width * height) as usize];
            let first = page * layout.per_page();
            for k in first..self.count.min(first + layout.per_page()) {
                let tile = tile(k)?;
                ensure!(tile.len() == TILE_PIXELS, "a tile has {} pixels, not {TILE_PIXELS}", tile.len());
                let place = layout.tile(k);
                let sum: u32 = tile.iter().map(|&level| u32::from(shade[usize::from(level)])).sum();
                means.push((sum / TILE_PIXELS as u32) as u8);
                draw(&tile, &shade, &mut pixels, width as usize, (place.x as usize, place.y as usize));
            }
            let side = |pixels: u32| u16::try_from(pixels).context("a page is too large");
            let write = || -> anyhow::Result<()> {
                Encoder::new_file(path_of(name), JPEG_QUALITY)?.encode(
                    &pixels,
                    side(width)?,
                    side(height)?,
                    ColorType::Luma,
                )?;
                Ok(())
            };
            write().with_context(|| format!("{name} cannot be written"))?;
        }
        Ok((layout, means))
    }

    /// Energies shown as black and as white.
    fn scale(&self) -> (f32, f32) {
        let total: u64 = self.histogram.iter().sum();
        let quantile = |share: f64| {
            let wanted = (share * total as f64) as u64;
            let mut below = 0;
            let found = self.histogram.iter().position(|&n| {
                below += n;
                below > wanted
            });
            energy(found.unwrap_or(LEVELS - 1))
        };
        let floor = quantile(FLOOR_QUANTILE);
        (floor, quantile(CEILING_QUANTILE).max(floor + NARROWEST))
    }
}

fn level(energy: f32) -> u16 {
    let share = (energy - LOWEST) / (HIGHEST - LOWEST);
    // Rounds without a call for each value: the conversion cuts off.
    (share.clamp(0.0, 1.0) * (LEVELS - 1) as f32 + 0.5) as u16
}

fn energy(level: usize) -> f32 {
    LOWEST + (HIGHEST - LOWEST) * level as f32 / (LEVELS - 1) as f32
}

fn shade(energy: f32, floor: f32, ceiling: f32) -> u8 {
    ((energy - floor) / (ceiling - floor) * 255.0).round().clamp(0.0, 255.0) as u8
}

/// Copies a tile, frame-major, onto a page: time to the right, low frequencies at the bottom.
fn draw(tile: &[u16], shade: &[u8], pixels: &mut [u8], width: usize, (x, y): (usize, usize)) {
    let (frames, bands) = (TILE_WIDTH as usize, TILE_HEIGHT as usize);
    for frame in 0..frames {
        for band in 0..bands {
            let level = tile[frame * bands + band];
            pixels[(y + bands - 1 - band) * width + x + frame] = shade[usize::from(level)];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A patch with one bright cell.
    fn patch(frame: usize, band: usize) -> Vec<f32> {
        let mut patch = vec![-6.0; TILE_PIXELS];
        patch[frame * TILE_HEIGHT as usize + band] = 3.0;
        patch
    }

    fn write(folder: &tempfile::TempDir, all: &[Vec<u16>]) -> (SpriteLayout, Vec<u8>) {
        let mut tiles = Tiles::default();
        all.iter().for_each(|tile| tiles.count(tile));
        tiles.write_pages(|k| Ok(all[k].clone()), |name| folder.path().join(name)).unwrap()
    }

    #[test]
    fn low_bands_are_drawn_at_the_bottom_and_late_frames_at_the_right() {
        let folder = tempfile::tempdir().unwrap();
        let cells = [(0, 0), (95, 63), (40, 10), (7, 50), (80, 2)];
        let (layout, means) = write(&folder, &cells.map(|(frame, band)| levels(&patch(frame, band))));
        // All but one cell are as dark as the scale goes.
        assert_eq!(means, [0; 5]);
        let page = image::open(folder.path().join("sprite.jpg")).unwrap().to_luma8();
        assert_eq!(page.dimensions(), layout.page_size(0, 5));
        for (k, (frame, band)) in cells.into_iter().enumerate() {
            let tile = layout.tile(k);
            let view = image::imageops::crop_imm(&page, tile.x, tile.y, TILE_WIDTH, TILE_HEIGHT).to_image();
            let brightest = view.enumerate_pixels().max_by_key(|(_, _, p)| p.0[0]).unwrap();
            assert_eq!((brightest.0, brightest.1), (frame as u32, (63 - band) as u32), "tile {k}");
        }
    }

    #[test]
    fn stored_levels_are_finer_than_a_shade() {
        for energy_in in [-6.9, -3.21, 0.0, 4.4] {
            assert!((energy(usize::from(level(energy_in))) - energy_in).abs() < 2e-4);
        }
    }

    #[test]
    fn a_mean_shade_lies_between_those_of_its_tile() {
        let folder = tempfile::tempdir().unwrap();
        let half: Vec<f32> = (0..TILE_PIXELS).map(|k| if k % 2 == 0 { -6.0 } else { 3.0 }).collect();
        let (_, means) = write(
            &folder,
            &[levels(&half), levels(&vec![-6.0; TILE_PIXELS]), levels(&vec![3.0; TILE_PIXELS])],
        );
        assert_eq!(means, [127, 0, 255]);
    }

    #[test]
    fn silence_is_drawn_black() {
        let folder = tempfile::tempdir().unwrap();
        write(&folder, &[levels(&vec![LOWEST; TILE_PIXELS])]);
        let page = image::open(folder.path().join("sprite.jpg")).unwrap().to_luma8();
        assert!(page.pixels().all(|p| p.0[0] < 3));
    }
}

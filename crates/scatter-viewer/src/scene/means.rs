//! The mean colour of each tile, read from a small level of its page.

use web_sys::WebGl2RenderingContext as Gl;

use super::readback::Readback;
use super::sprites::Sprites;
use crate::palette::Rgb;

/// Means on their way.
pub struct Means {
    /// The level, a layer each, and how many tiles are on it.
    layers: Vec<(Readback, usize)>,
    /// Width of the level, and of a tile on it and its height, in texels.
    width: usize,
    tile: (usize, usize),
}

impl Sprites {
    /// Asks for the means of the tiles of page `page` of the file; nothing where it is not there or tiles run into one
    /// another on every small level.
    pub fn ask_means(&self, gl: &Gl, page: usize) -> Option<Means> {
        let level = self.last_level.min(self.levels() - 1);
        let (width, height) = (self.page.0 >> level, self.page.1 >> level);
        if level < 3 || (page > 0 && !self.grey) {
            return None;
        }
        let pages = if self.grey { page..page + 1 } else { 0..self.layers_of.len() };
        let mut layers = Vec::new();
        for page in pages {
            let per_page = self.per_page as usize;
            let tiles = self.count.saturating_sub(page * per_page).min(per_page);
            self.bind_for_reading(gl, page, level)?;
            let asked = Readback::ask(gl, (0, 0), (width, height));
            gl.bind_framebuffer(Gl::READ_FRAMEBUFFER, None);
            layers.push((asked?, tiles));
        }
        let tile = ((self.tile.0 >> level) as usize, (self.tile.1 >> level) as usize);
        Some(Means { layers, width: width as usize, tile })
    }

    /// Mean colour of each tile that `asked` is of, in order; `asked` again while they are on their way.
    pub fn means(&self, asked: Means) -> Result<Vec<Rgb>, Means> {
        if !asked.layers.iter().all(|(read, _)| read.is_there()) {
            return Err(asked);
        }
        let Means { layers, width, tile } = asked;
        let (columns, texels) = (self.columns as usize, (tile.0 * tile.1).max(1) as u32);
        let mut means = Vec::new();
        for (read, tiles) in layers {
            let pixels = read.take();
            means.extend((0..tiles).map(|k| {
                let (x, y) = (k % columns * tile.0, k / columns * tile.1);
                let mut sums = [0u32; 3];
                for (row, column) in (0..tile.1).flat_map(|r| (0..tile.0).map(move |c| (r, c))) {
                    let at = ((y + row) * width + x + column) * 4;
                    sums.iter_mut().zip(&pixels[at..at + 3]).for_each(|(sum, &v)| *sum += u32::from(v));
                }
                let [r, g, b] = sums.map(|sum| (sum / texels) as u8);
                if self.grey { [r; 3] } else { [r, g, b] }
            }));
        }
        Ok(means)
    }
}

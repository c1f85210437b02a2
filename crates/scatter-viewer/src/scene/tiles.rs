//! The scene's tiles: pages come and go, and are read back for the pictures that panels show.

use scatter_dataset::SpriteLayout;
use web_sys::ImageBitmap;

use super::Scene;
use super::means::Means;
use super::readback::Readback;
use super::sprites::Sprites;
use crate::palette::Rgb;
use crate::trouble::Trouble;

/// Width and height of a tile, and its pixels: red, green, blue and alpha.
pub type Tile = ((u32, u32), Vec<u8>);

impl Scene {
    /// Makes room for the pages of `count` tiles within `budget` bytes. How many there is room for.
    ///
    /// # Errors
    /// Where the device has no such textures.
    pub fn open_sprites(
        &mut self,
        layout: &SpriteLayout,
        count: usize,
        budget: u64,
    ) -> Result<usize, Trouble> {
        let sprites = Sprites::new(&self.gl, layout, count, budget)?;
        let room = sprites.room();
        self.sprites = Some(sprites);
        self.look = None;
        Ok(room)
    }

    /// Puts row `row` of page `page`'s grey tiles on `layer`, in the place of what was there. The page is not drawn before
    /// all of it is there and it is shown.
    ///
    /// # Errors
    /// Where it cannot be this page's picture.
    pub fn put_row(
        &mut self,
        page: usize,
        layer: usize,
        row: u32,
        bitmap: &ImageBitmap,
    ) -> Result<(), Trouble> {
        self.sprites.as_mut().map_or(Ok(()), |sprites| sprites.put_row(&self.gl, page, layer, row, bitmap))
    }

    /// Puts the picture of all colour tiles on the device, on all its layers.
    ///
    /// # Errors
    /// Where it cannot be their picture.
    pub fn put_colours(&mut self, bitmap: &ImageBitmap) -> Result<(), Trouble> {
        self.sprites.as_mut().map_or(Ok(()), |sprites| sprites.put_colours(&self.gl, bitmap))
    }

    /// From now on page `page` is drawn, from `layer`.
    pub fn show_page(&mut self, page: usize, layer: usize) {
        self.look = None;
        if let Some(sprites) = &mut self.sprites {
            sprites.show(&self.gl, page, layer);
        }
    }

    /// Page `page` is gone.
    pub fn drop_page(&mut self, page: usize) {
        self.look = None;
        if let Some(sprites) = &mut self.sprites {
            sprites.drop_page(&self.gl, page);
        }
    }

    /// There are no tiles.
    pub fn close_sprites(&mut self) {
        self.look = None;
        self.sprites = None;
    }

    /// Asks for the mean colours of the tiles of page `page`; nothing where they cannot be known.
    pub fn ask_means(&self, page: usize) -> Option<Means> {
        self.sprites.as_ref().filter(|_| !self.gl.is_context_lost())?.ask_means(&self.gl, page)
    }

    /// Mean colour of each tile that `asked` is of, in order; `asked` again while they are on their way.
    pub fn means(&self, asked: Means) -> Result<Vec<Rgb>, Means> {
        match &self.sprites {
            Some(sprites) => sprites.means(asked),
            None => Ok(Vec::new()),
        }
    }

    /// Tile `index`; `None` while its page is not there.
    pub fn tile(&self, index: usize) -> Option<Tile> {
        let sprites = self.sprites.as_ref().filter(|_| !self.gl.is_context_lost())?;
        Some((sprites.tile_size(), sprites.tile_pixels(&self.gl, index)?))
    }

    /// Asks for the pixels of tile `index`; `None` while its page is not there.
    pub fn ask_tile(&self, index: usize) -> Option<Readback> {
        self.sprites.as_ref().filter(|_| !self.gl.is_context_lost())?.ask_tile(&self.gl, index)
    }

    /// What [`Scene::tile`] gives, once `asked` has come; else `asked` again.
    pub fn read_tile(&self, asked: Readback) -> Result<Option<Tile>, Readback> {
        let Some(sprites) = &self.sprites else { return Ok(None) };
        match asked.is_there() {
            true => Ok(Some((sprites.tile_size(), sprites.whole(asked.take())))),
            false => Err(asked),
        }
    }

    /// Bytes that tiles take on the device.
    pub fn sprite_bytes(&self) -> u64 {
        self.sprites.as_ref().map_or(0, Sprites::bytes)
    }
}

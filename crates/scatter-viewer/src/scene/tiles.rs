//! The scene's tiles: pages come and go, and are read back for the pictures that panels show.

use scatter_dataset::SpriteLayout;
use web_sys::ImageBitmap;

use super::Scene;
use super::sprites::Sprites;
use crate::palette::Rgb;
use crate::trouble::Trouble;

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
        self.stale();
        Ok(room)
    }

    /// Puts page `page` on `layer`, in the place of what was there.
    ///
    /// # Errors
    /// Where it cannot be this page's picture.
    pub fn put_page(&mut self, page: usize, layer: usize, bitmap: &ImageBitmap) -> Result<(), Trouble> {
        self.stale();
        self.sprites.as_mut().map_or(Ok(()), |sprites| sprites.put(&self.gl, page, layer, bitmap))
    }

    /// Page `page` is gone.
    pub fn drop_page(&mut self, page: usize) {
        self.stale();
        if let Some(sprites) = &mut self.sprites {
            sprites.drop_page(&self.gl, page);
        }
    }

    /// There are no tiles.
    pub fn close_sprites(&mut self) {
        self.stale();
        self.sprites = None;
    }

    /// Mean colour of each tile of page `page`, in order; nothing where it is not known.
    pub fn page_means(&self, page: usize) -> Vec<Rgb> {
        self.sprites.as_ref().map_or(Vec::new(), |sprites| sprites.means(&self.gl, page))
    }

    /// Width, height, and red, green, blue and alpha of tile `index`; `None` while its page is not there.
    pub fn tile(&self, index: usize) -> Option<(u32, u32, Vec<u8>)> {
        let sprites = self.sprites.as_ref().filter(|_| !self.gl.is_context_lost())?;
        let (width, height) = sprites.tile_size();
        Some((width, height, sprites.tile_pixels(&self.gl, index)?))
    }

    /// Bytes that tiles take on the device.
    pub fn sprite_bytes(&self) -> u64 {
        self.sprites.as_ref().map_or(0, Sprites::bytes)
    }
}

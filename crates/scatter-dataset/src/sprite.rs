use serde::{Deserialize, Serialize};

use crate::{CONFIG_FILE, FormatError, MAX_PAGE_SIDE, TILE_HEIGHT, TILE_WIDTH, name::plain_name};

/// Grid of spectrogram tiles over one or more JPEG pages. Tile `k` belongs to point `k`, row-major.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SpriteLayout {
    /// Tile width in pixels.
    pub tile_width: u32,
    /// Tile height in pixels.
    pub tile_height: u32,
    /// Tiles in a row.
    pub columns: u32,
    /// Rows of a full page; the last page may have fewer.
    pub rows: u32,
    /// Base names of the pages, in order.
    pub pages: Vec<String>,
    /// Log-mel energy shown as black.
    pub floor: f32,
    /// Log-mel energy shown as white.
    pub ceiling: f32,
    /// Unit of both.
    pub unit: String,
}

/// Where a tile lies: the page and the pixel of its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile {
    /// Index into [`SpriteLayout::pages`].
    pub page: usize,
    /// Left edge in pixels.
    pub x: u32,
    /// Upper edge in pixels.
    pub y: u32,
}

impl SpriteLayout {
    /// The grid for `count` log-mel tiles: nearly square while one page holds them, full pages of half its sides after that,
    /// so that a place of the map can be fetched by itself.
    ///
    /// `floor` and `ceiling` are natural-log mel energies.
    pub fn log_mel(count: usize, floor: f32, ceiling: f32) -> Self {
        let (most_columns, most_rows) = (MAX_PAGE_SIDE / TILE_WIDTH, MAX_PAGE_SIDE / TILE_HEIGHT);
        let per_page = (most_columns * most_rows) as usize;
        let (columns, rows) = if count > per_page {
            (most_columns / 2, most_rows / 2)
        } else {
            let count = u32::try_from(count.max(1)).unwrap_or(1);
            let square = (f64::from(count * TILE_HEIGHT) / f64::from(TILE_WIDTH)).sqrt().ceil() as u32;
            // Enough columns that the rows fit the page as well.
            let columns = square.clamp(count.div_ceil(most_rows), most_columns);
            (columns, count.div_ceil(columns))
        };
        let pages = count.div_ceil((columns * rows) as usize).max(1);
        Self {
            tile_width: TILE_WIDTH,
            tile_height: TILE_HEIGHT,
            columns,
            rows,
            pages: (0..pages).map(page_name).collect(),
            floor,
            ceiling,
            unit: "ln mel".to_owned(),
        }
    }

    /// The original project's grid: as many square tiles of `side` pixels in a row as in a column.
    pub(crate) fn flat(count: usize, side: u32, page: Option<&str>) -> Self {
        let columns = ((count as f64).sqrt().ceil() as u32).max(1);
        Self {
            tile_width: side,
            tile_height: side,
            columns,
            rows: columns,
            pages: page.map(str::to_owned).into_iter().collect(),
            floor: 0.0,
            ceiling: 1.0,
            unit: "RGB".to_owned(),
        }
    }

    /// Whether the tiles are grey log-mel energies, for the page to colour; the original's are pictures.
    pub fn is_grey(&self) -> bool {
        self.unit != "RGB"
    }

    /// Tiles on a full page.
    pub fn per_page(&self) -> usize {
        self.columns as usize * self.rows as usize
    }

    /// Where tile `index` lies.
    pub fn tile(&self, index: usize) -> Tile {
        let (page, within) = (index / self.per_page(), index % self.per_page());
        let columns = self.columns as usize;
        Tile {
            page,
            x: (within % columns) as u32 * self.tile_width,
            y: (within / columns) as u32 * self.tile_height,
        }
    }

    /// Width and height in pixels of page `page` of a sprite of `count` tiles.
    pub fn page_size(&self, page: usize, count: usize) -> (u32, u32) {
        let tiles = count.saturating_sub(page * self.per_page()).min(self.per_page());
        let rows = tiles.div_ceil(self.columns as usize) as u32;
        (self.columns * self.tile_width, rows * self.tile_height)
    }

    /// Whether it is a grid of `count` tiles whose first page is `first`.
    pub(crate) fn check(&self, count: usize, first: Option<&str>) -> Result<(), FormatError> {
        let refuse =
            |what: &str, value: String, rule| Err(FormatError::value(CONFIG_FILE, what, value, rule));
        for page in &self.pages {
            plain_name(CONFIG_FILE, page)?;
        }
        let sides = [
            ("sprite.tileWidth", self.tile_width, self.columns),
            ("sprite.tileHeight", self.tile_height, self.rows),
        ];
        for (what, tile, tiles) in sides {
            // 16384 is the largest texture side of any common device; beyond it the numbers are not a sprite's.
            if tile == 0 || tiles == 0 || tile.saturating_mul(tiles) > 16_384 {
                return refuse(what, format!("{tile} times {tiles}"), "1 to 16384 pixels a side");
            }
        }
        let (floor, ceiling) = (self.floor, self.ceiling);
        if !floor.is_finite() || !ceiling.is_finite() || floor > ceiling {
            return refuse(
                "sprite.floor",
                format!("{floor}, and its ceiling {ceiling}"),
                "a range of energies",
            );
        }
        // Without a first page there is none.
        let expected = if first.is_some() { count.div_ceil(self.per_page()) } else { 0 };
        FormatError::length(CONFIG_FILE, "sprite.pages", self.pages.len(), expected)?;
        if self.pages.len() > MAX_PAGES {
            return refuse("sprite.pages", self.pages.len().to_string(), "at most 16384 pages");
        }
        if first != self.pages.first().map(String::as_str) {
            return refuse("spriteFile", first.unwrap_or("missing").to_owned(), "the first of sprite.pages");
        }
        Ok(())
    }
}

/// Pages at most: [`crate::MAX_POINTS`] take fewer.
const MAX_PAGES: usize = 16_384;

fn page_name(page: usize) -> String {
    if page == 0 { "sprite.jpg".to_owned() } else { format!("sprite_{page}.jpg") }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_original_fold_of_873_clips_is_a_grid_of_30() {
        let layout = SpriteLayout::flat(873, 150, Some("fold1_sprite.jpg"));
        assert_eq!((layout.columns, layout.page_size(0, 873)), (30, (4_500, 4_500)));
    }

    #[test]
    fn a_scale_too_great_for_a_number_is_refused() {
        assert!(SpriteLayout::log_mel(1, -7.0, 1.0).check(1, Some("sprite.jpg")).is_ok());
        for (floor, ceiling) in [(-7.0, f32::INFINITY), (f32::NEG_INFINITY, 1.0)] {
            let check = SpriteLayout::log_mel(1, floor, ceiling).check(1, Some("sprite.jpg"));
            assert!(matches!(check, Err(FormatError::Value { .. })), "{check:?}");
        }
    }

    proptest! {
        #[test]
        fn every_tile_has_a_place_of_its_own_inside_its_page(count in 1usize..12_000) {
            let layout = SpriteLayout::log_mel(count, -7.0, 1.0);
            layout.check(count, Some("sprite.jpg")).unwrap();
            let mut seen = HashSet::new();
            for k in 0..count {
                let tile = layout.tile(k);
                let (width, height) = layout.page_size(tile.page, count);
                prop_assert!(tile.page < layout.pages.len());
                prop_assert!(width <= MAX_PAGE_SIDE && height <= MAX_PAGE_SIDE);
                prop_assert!(tile.x + TILE_WIDTH <= width && tile.y + TILE_HEIGHT <= height);
                prop_assert!(seen.insert((tile.page, tile.x, tile.y)));
            }
        }

        #[test]
        fn a_single_page_is_nearly_square(count in 50usize..2_688) {
            let (width, height) = SpriteLayout::log_mel(count, -7.0, 1.0).page_size(0, count);
            let ratio = f64::from(width) / f64::from(height);
            prop_assert!((0.6..1.7).contains(&ratio), "{width} x {height}");
        }
    }
}

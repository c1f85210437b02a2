//! A tile for each point: a bar at the height of its pitch, as bright as it is near its group's middle.

use std::path::Path;

use anyhow::Context;
use jpeg_encoder::{ColorType, Encoder};
use scatter_dataset::SpriteLayout;

use super::cloud::Cloud;

const QUALITY: u8 = 80;

/// Writes the pages; gives their names.
pub fn write(cloud: &Cloud, layout: &SpriteLayout, folder: &Path) -> anyhow::Result<Vec<String>> {
    let count = cloud.points.len();
    let levels = cloud.levels();
    for (page, name) in layout.pages.iter().enumerate() {
        let (width, height) = layout.page_size(page, count);
        let mut pixels = vec![0u8; (width * height) as usize];
        let first = page * layout.per_page();
        let points = cloud.groups.iter().zip(&levels).enumerate();
        for (k, (&group, &level)) in points.skip(first).take(layout.per_page()) {
            let place = layout.tile(k);
            let bar = 4 + u32::from(group) * (layout.tile_height - 12) / super::cloud::GROUPS as u32;
            for y in 0..layout.tile_height {
                let from = ((place.y + y) * width + place.x) as usize;
                let near = y.abs_diff(layout.tile_height - bar) < 4;
                let shade = if near { 255 } else { level.saturating_sub(20) };
                pixels[from..from + layout.tile_width as usize].fill(shade);
            }
        }
        let side = |pixels: u32| u16::try_from(pixels).context("a page is too large");
        Encoder::new_file(folder.join(name), QUALITY)?.encode(
            &pixels,
            side(width)?,
            side(height)?,
            ColorType::Luma,
        )?;
    }
    Ok(layout.pages.clone())
}

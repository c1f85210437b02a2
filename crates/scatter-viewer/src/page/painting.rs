//! What the points look like, handed to the scene: all of them, or those that changed.

use std::ops::Range;

use super::app::App;
use crate::colouring::Colouring;
use crate::levels::Levels;
use crate::palette::Rgb;
use crate::point_set::PointSet;
use crate::scene::SELECTED;
use crate::theme::Theme;

/// Points between two changed ones that are written with them: another write costs as much.
const GAP: usize = 1_024;
/// Share of all points from which on all are written.
const MOST: usize = 4;

/// What the device holds of the points' looks.
#[derive(Default)]
pub struct Painted {
    /// Selected ones.
    selected: PointSet,
    /// Discs take their colour from the tiles.
    of_tiles: bool,
}

/// Colour and mark of a point: the column's colour, or its tile's where tiles are drawn in colours of their own.
fn paint_of<'a>(
    (levels, theme): (&'a Levels, Theme),
    colouring: &'a Colouring,
    of_tiles: bool,
    selected: &'a PointSet,
) -> impl Fn(usize) -> (Rgb, u8) + 'a {
    let of_level = of_tiles.then(|| levels.colours(theme));
    move |index| {
        let colour = of_level.as_ref().map_or_else(|| colouring.of(index), |of_level| of_level(index));
        (colour, if selected.contains(index) { SELECTED } else { 0 })
    }
}

impl App {
    fn discs_of_tiles(&self) -> bool {
        self.draws_sprites() && !self.colouring.tells_apart()
    }

    /// Hands all points' colours and marks to the scene.
    pub fn paint(&mut self) {
        self.tools.table.dirty = true;
        let (count, of_tiles) = (self.count(), self.discs_of_tiles());
        self.painted = Painted { selected: self.selection.points().clone(), of_tiles };
        let paint = paint_of((&self.levels, self.theme), &self.colouring, of_tiles, &self.painted.selected);
        self.scene.paint((0..count).map(paint));
        (self.ask_frame)();
    }

    /// Hands over the points `range` alone.
    pub fn repaint(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let of_tiles = self.painted.of_tiles;
        let paint = paint_of((&self.levels, self.theme), &self.colouring, of_tiles, &self.painted.selected);
        self.scene.repaint(range.start, range.map(paint));
        (self.ask_frame)();
    }

    /// Hands over what was selected since, or is not any more.
    pub fn mark_selected(&mut self) {
        self.tools.table.dirty = true;
        let now = self.selection.points();
        let (mut changed, mut added) = (self.painted.selected.clone(), now.clone());
        changed.take(now);
        added.take(&self.painted.selected);
        changed.add(&added);
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for (first, last) in changed.ranges() {
            match ranges.last_mut() {
                Some(range) if first < range.end + GAP => range.end = last + 1,
                _ => ranges.push(first..last + 1),
            }
        }
        let points: usize = ranges.iter().map(ExactSizeIterator::len).sum();
        if points > self.count() / MOST || self.painted.selected.capacity() != now.capacity() {
            return self.paint();
        }
        self.painted.selected = now.clone();
        ranges.into_iter().for_each(|range| self.repaint(range));
        (self.ask_frame)();
    }

    /// Paints anew where points have become discs of another kind.
    pub fn keep_painted(&mut self) {
        if self.painted.of_tiles != self.discs_of_tiles() {
            self.paint();
        }
    }
}

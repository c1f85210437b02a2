//! Which rows of a long list are in view, so that only those need exist.

use std::ops::Range;

/// The tallest element that every browser draws, in CSS pixels: Firefox stops at 17.9 million.
const TALLEST: f64 = 8_000_000.0;
/// Rows that are kept beyond each edge of the view, so that a fast scroll shows no gap.
const SPARE: usize = 4;

/// A list of rows of one height, seen through a window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rows {
    /// Number of rows.
    pub count: usize,
    /// Height of each, in CSS pixels.
    pub height: f64,
    /// Height of the window.
    pub view: f64,
}

impl Rows {
    /// Height of what is scrolled. Very long lists are as tall as browsers allow, and a pixel of scrolling is several of theirs.
    pub fn tall(&self) -> f64 {
        self.whole().min(TALLEST)
    }

    /// The rows to draw while scrolled to `top`.
    pub fn drawn(&self, top: f64) -> Range<usize> {
        let first = (self.list_top(top) / self.height) as usize;
        let seen = (self.view / self.height).ceil() as usize + 1;
        first.saturating_sub(SPARE)..(first + seen + SPARE).min(self.count)
    }

    /// Where row `index` stands within what is scrolled, while scrolled to `top`.
    pub fn place(&self, index: usize, top: f64) -> f64 {
        index as f64 * self.height - self.list_top(top) + top
    }

    /// Where to scroll so that row `index` is seen whole: nowhere if it is, else as little as it takes, or to the middle when it
    /// is far away.
    pub fn reveal(&self, index: usize, top: f64) -> Option<f64> {
        let (at, list) = (index as f64 * self.height, self.list_top(top));
        if at >= list && at + self.height <= list + self.view {
            return None;
        }
        let far = at + 2.0 * self.height < list || at > list + self.view + self.height;
        let wanted = match (far, at < list) {
            (true, _) => at - (self.view - self.height) / 2.0,
            (false, true) => at,
            (false, false) => at + self.height - self.view,
        };
        Some(self.scroll_top(wanted))
    }

    /// Rows that a page up or down passes.
    pub fn page(&self) -> usize {
        ((self.view / self.height) as usize).saturating_sub(1).max(1)
    }

    fn whole(&self) -> f64 {
        self.count as f64 * self.height
    }

    /// Part of the list that is above the window.
    fn list_top(&self, top: f64) -> f64 {
        let (list, bar) = ((self.whole() - self.view).max(0.0), (self.tall() - self.view).max(0.0));
        if bar > 0.0 { top.clamp(0.0, bar) * (list / bar) } else { 0.0 }
    }

    fn scroll_top(&self, wanted: f64) -> f64 {
        let (list, bar) = ((self.whole() - self.view).max(0.0), (self.tall() - self.view).max(0.0));
        if list > 0.0 { wanted.clamp(0.0, list) * (bar / list) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_short_list_is_as_tall_as_its_rows_and_scrolls_pixel_by_pixel() {
        let rows = Rows { count: 1_000, height: 30.0, view: 300.0 };
        assert_eq!((rows.tall(), rows.drawn(0.0), rows.drawn(3_000.0)), (30_000.0, 0..15, 96..115));
        assert_eq!((rows.place(100, 3_000.0), rows.page()), (3_000.0, 9));
        assert_eq!(
            (rows.reveal(5, 0.0), rows.reveal(10, 0.0), rows.reveal(500, 0.0)),
            (None, Some(30.0), Some(14_865.0))
        );
        assert_eq!(rows.reveal(99, 3_000.0), Some(2_970.0));
    }

    proptest! {
        #[test]
        fn the_window_is_full_wherever_it_is_and_few_rows_exist(
            count in 0usize..3_000_000, height in 20.0f64..60.0, view in 0.0f64..900.0, share in 0.0f64..=1.0,
        ) {
            let rows = Rows { count, height, view };
            let top = share * (rows.tall() - view).max(0.0);
            let drawn = rows.drawn(top);
            prop_assert!(drawn.len() <= (view / height) as usize + 3 + 2 * SPARE && drawn.end <= count);
            if count > 0 {
                prop_assert!(rows.place(drawn.start, top) <= top + 1e-3);
                let bottom = rows.place(drawn.end - 1, top) + height;
                prop_assert!(bottom >= (top + view).min(rows.tall()) - 1e-3);
            }
        }

        #[test]
        fn every_row_can_be_brought_into_view(
            count in 1usize..3_000_000, view in 40.0f64..900.0, share in 0.0f64..=1.0, row in any::<prop::sample::Index>(),
        ) {
            let rows = Rows { count, height: 30.0, view };
            let index = row.index(count);
            let top = share * (rows.tall() - view).max(0.0);
            let top = rows.reveal(index, top).unwrap_or(top);
            let at = rows.place(index, top);
            prop_assert!(at >= top - 1e-3 && at + 30.0 <= top + view + 1e-3, "row {index} at {at} while {top}");
            prop_assert!(rows.drawn(top).contains(&index));
            prop_assert!((0.0..=(rows.tall() - view).max(0.0) + 1e-6).contains(&top));
        }
    }
}

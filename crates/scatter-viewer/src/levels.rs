//! The colour that stands for a point's tile while the tile is too small to be looked at, or not there.

use crate::palette::{Rgb, heat};
use crate::theme::Theme;

/// Mean of a tile that is not known yet: that of an ordinary one.
const UNKNOWN: u8 = 64;

/// Mean colour of each point's tile.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Levels {
    means: Vec<Rgb>,
    /// The means are energies, to be coloured as tiles are.
    grey: bool,
    /// They are the dataset's own: no tile has to be looked at.
    given: bool,
}

impl Levels {
    /// Means of `count` tiles: `given` ones, 0 to 255 each, or ones that are not known yet.
    pub fn new(count: usize, grey: bool, given: Option<&[u8]>) -> Self {
        match given.filter(|given| given.len() == count && grey) {
            Some(given) => Self { means: given.iter().map(|&v| [v; 3]).collect(), grey, given: true },
            None => Self { means: vec![[UNKNOWN; 3]; count], grey, given: false },
        }
    }

    /// Whether the tiles themselves would tell nothing new.
    pub fn are_given(&self) -> bool {
        self.given
    }

    /// Takes the means of the tiles from `first` on. Which points these are.
    pub fn learn(&mut self, first: usize, means: &[Rgb]) -> std::ops::Range<usize> {
        let places = self.means.get_mut(first..).unwrap_or_default();
        let known = places.iter_mut().zip(means).map(|(place, &mean)| *place = mean).count();
        first..first + known
    }

    /// A function from points to their colours.
    pub fn colours(&self, theme: Theme) -> impl Fn(usize) -> Rgb + '_ {
        let shades: Vec<Rgb> = (0..=255u8).map(|mean| shade(theme, mean)).collect();
        move |index| {
            let mean = self.means.get(index).copied().unwrap_or([UNKNOWN; 3]);
            if self.grey { shades[usize::from(mean[0])] } else { mean }
        }
    }
}

/// Colour of a tile whose mean energy is `mean`. Silence takes most of a tile: its mean alone would be night.
fn shade(theme: Theme, mean: u8) -> Rgb {
    heat(theme, 0.18 + 0.9 * f32::from(mean) / 255.0).map(|value| (value * 255.0).round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_means_stay_and_others_are_learnt_page_by_page() {
        let given = Levels::new(3, true, Some(&[0, 128, 255]));
        assert!(given.are_given());
        let colours = given.colours(Theme::Dark);
        let light = |[r, g, b]: Rgb| u32::from(r) + u32::from(g) + u32::from(b);
        assert!(light(colours(0)) < light(colours(1)) && light(colours(1)) < light(colours(2)));
        let mut learnt = Levels::new(3, true, None);
        assert_eq!(learnt.learn(2, &[[255; 3], [9; 3]]), 2..3);
        assert_eq!(learnt.learn(7, &[[1; 3]]).len(), 0);
        assert_eq!(learnt.colours(Theme::Dark)(2), colours(2));
        assert_eq!(learnt.colours(Theme::Dark)(0), shade(Theme::Dark, UNKNOWN));
    }

    #[test]
    fn means_of_colour_tiles_are_colours_and_a_wrong_number_of_given_ones_counts_as_none() {
        let mut levels = Levels::new(2, false, Some(&[1, 2]));
        assert!(!levels.are_given());
        levels.learn(0, &[[10, 20, 30]]);
        assert_eq!(levels.colours(Theme::Light)(0), [10, 20, 30]);
        assert_eq!(Levels::new(2, true, Some(&[1])), Levels::new(2, true, None));
    }
}

//! Drawing order: far points first, so that the edges of near ones blend over what is behind them.

use crate::camera::Lens;

/// Levels of depth told apart: enough that points of one level lie within a pixel of each other's depth.
const LEVELS: usize = 1 << 16;

/// Keeps its memory from frame to frame.
#[derive(Debug, Default)]
pub struct BackToFront {
    levels: Vec<u16>,
    starts: Vec<u32>,
    order: Vec<u32>,
}

impl BackToFront {
    /// Indices of `points`, the farthest first: a counting sort, so a million points take milliseconds.
    pub fn sort(&mut self, lens: &Lens, points: &[[f32; 3]]) -> &[u32] {
        let depths = || points.iter().map(|&p| lens.depth(p));
        let (low, high) = depths().fold((f32::MAX, f32::MIN), |(l, h), d| (l.min(d), h.max(d)));
        let scale = if high > low { (LEVELS - 1) as f32 / (high - low) } else { 0.0 };
        self.levels.clear();
        self.levels.extend(depths().map(|d| ((high - d) * scale) as u16));
        self.starts.clear();
        self.starts.resize(LEVELS + 1, 0);
        for &level in &self.levels {
            self.starts[usize::from(level) + 1] += 1;
        }
        for level in 0..LEVELS {
            self.starts[level + 1] += self.starts[level];
        }
        self.order.clear();
        self.order.resize(points.len(), 0);
        for (index, &level) in self.levels.iter().enumerate() {
            let place = &mut self.starts[usize::from(level)];
            self.order[*place as usize] = index as u32;
            *place += 1;
        }
        &self.order
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::camera::Camera;

    proptest! {
        #[test]
        fn every_point_is_drawn_once_and_none_before_one_behind_it(
            points in prop::collection::vec(prop::array::uniform3(-9f32..9.0), 0..200),
        ) {
            let mut camera = Camera::new(640.0, 480.0);
            camera.frame(&points);
            let lens = camera.lens();
            let mut sorter = BackToFront::default();
            let order = sorter.sort(&lens, &points).to_vec();
            let mut all = order.clone();
            all.sort_unstable();
            prop_assert_eq!(all, (0..points.len() as u32).collect::<Vec<_>>());
            let depth = |index: u32| lens.depth(points[index as usize]);
            let level = 60.0 / LEVELS as f32;
            prop_assert!(order.windows(2).all(|pair| depth(pair[0]) >= depth(pair[1]) - level));
        }
    }
}

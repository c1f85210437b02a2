//! Drawing order: far points first, so that the edges of near ones blend over what is behind them.

use crate::camera::Lens;
use crate::point_set::PointSet;
use crate::tree::Tree;

/// Levels of depth told apart: enough that points of one level lie within a pixel of each other's depth.
const LEVELS: usize = 1 << 16;

/// Keeps its memory from frame to frame.
#[derive(Debug, Default)]
pub struct BackToFront {
    depths: Vec<f32>,
    starts: Vec<u32>,
    order: Vec<u32>,
    ranks: Vec<u32>,
    sorted: Vec<u32>,
}

impl BackToFront {
    /// Indices of those of `points` that are `shown`, the farthest first: a counting sort, so a million points take
    /// milliseconds.
    pub fn sort(&mut self, lens: &Lens, points: &[[f32; 3]], shown: &PointSet) -> &[u32] {
        self.depths.clear();
        self.order.clear();
        let mut add = |index: usize| {
            self.depths.push(lens.depth(points[index]));
            self.order.push(index as u32);
        };
        match shown.count() >= points.len() {
            true => (0..points.len()).for_each(&mut add),
            false => shown.iter().take_while(|&index| index < points.len()).for_each(&mut add),
        }
        self.rank();
        self.sorted.clear();
        self.sorted.extend(self.ranks.iter().map(|&k| self.order[k as usize]));
        &self.sorted
    }

    /// The same block by block of `tree`, the farthest block first, in a fraction of the time: points of one block stay as
    /// they are, and of each `stride` only one is there.
    pub fn sort_blocks(
        &mut self,
        lens: &Lens,
        points: &[[f32; 3]],
        shown: &PointSet,
        tree: &Tree,
        stride: usize,
    ) -> &[u32] {
        let blocks = || tree.blocks().map(|(block, _)| block);
        self.depths.clear();
        let middle =
            |block: &[u32]| block.get(block.len() / 2).and_then(|&k| points.get(k as usize)).copied();
        self.depths.extend(blocks().map(|block| middle(block).map_or(0.0, |point| lens.depth(point))));
        self.rank();
        self.sorted.clear();
        let all = shown.count() >= points.len();
        for &block in &self.ranks {
            let block = tree.block(block as usize);
            if all && stride <= 1 {
                self.sorted.extend_from_slice(block);
                continue;
            }
            let some = block.iter().copied().step_by(stride.max(1));
            match all {
                true => self.sorted.extend(some),
                false => self.sorted.extend(some.filter(|&index| shown.contains(index as usize))),
            }
        }
        &self.sorted
    }

    /// Ranks what has `depths`, the deepest first.
    fn rank(&mut self) {
        let (low, high) = self.depths.iter().fold((f32::MAX, f32::MIN), |(l, h), &d| (l.min(d), h.max(d)));
        let scale = if high > low { (LEVELS - 1) as f32 / (high - low) } else { 0.0 };
        self.starts.clear();
        self.starts.resize(LEVELS + 1, 0);
        let level = |depth: f32| usize::from(((high - depth) * scale) as u16);
        for &depth in &self.depths {
            self.starts[level(depth) + 1] += 1;
        }
        for level in 0..LEVELS {
            self.starts[level + 1] += self.starts[level];
        }
        self.ranks.clear();
        self.ranks.resize(self.depths.len(), 0);
        for (&depth, index) in self.depths.iter().zip(0..) {
            let place = &mut self.starts[level(depth)];
            self.ranks[*place as usize] = index;
            *place += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::camera::Camera;

    proptest! {
        #[test]
        fn every_shown_point_is_drawn_once_and_none_before_one_behind_it(
            points in prop::collection::vec(prop::array::uniform3(-9f32..9.0), 0..200),
            hidden in prop::collection::vec(0usize..200, 0..40),
        ) {
            let mut shown = PointSet::all(points.len());
            shown.take(&PointSet::of(points.len(), hidden));
            let mut camera = Camera::new(640.0, 480.0);
            camera.frame(&points);
            let lens = camera.lens();
            let mut sorter = BackToFront::default();
            let order = sorter.sort(&lens, &points, &shown).to_vec();
            let mut all = order.clone();
            all.sort_unstable();
            prop_assert!(all.iter().map(|&k| k as usize).eq(shown.iter()));
            let depth = |index: u32| lens.depth(points[index as usize]);
            let level = 60.0 / LEVELS as f32;
            prop_assert!(order.windows(2).all(|pair| depth(pair[0]) >= depth(pair[1]) - level));
            let tree = Tree::new(&points);
            let mut blocks = sorter.sort_blocks(&lens, &points, &shown, &tree, 1).to_vec();
            blocks.sort_unstable();
            prop_assert_eq!(&blocks, &all);
            let few = sorter.sort_blocks(&lens, &points, &shown, &tree, 4).to_vec();
            prop_assert!(few.iter().all(|k| all.contains(k)) && few.len() <= points.len().div_ceil(4) + 8);
        }
    }
}

//! The points of a layout in boxes within boxes, so that what is seen at a place is found without a look at all of them.
//!
//! Points along a curve ([`crate::morton`]) are cut into blocks; each block has a box, and each few boxes have one around
//! them, up to the root. Nothing is stored but the order and the boxes: an eighth of what the points take.

use crate::camera::Lens;
use crate::morton::along_curve;
use crate::sight::{Bounds, Sight};

/// Points of a block: with fewer there are more boxes to look at, with more there are more points.
pub const BLOCK: usize = 32;
/// Boxes in a box.
const FAN: usize = 8;

/// Boxes within boxes.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    order: Vec<u32>,
    /// The blocks' boxes, the boxes around them, and so on; the last level has no more than [`FAN`].
    levels: Vec<Vec<Bounds>>,
}

/// What looks for something among the points.
pub trait Search {
    /// Whether to look at the points of a box that is seen like this.
    fn enters(&self, sight: &Sight) -> bool;
    /// Looks at the points of a block.
    fn looks(&mut self, block: &[u32]);
}

impl Tree {
    /// The tree of `points`: a tenth of a second for a million.
    pub fn new(points: &[[f32; 3]]) -> Self {
        let order = along_curve(points);
        let around = |block: &[u32]| {
            let of = |&index: &u32| Bounds { low: points[index as usize], high: points[index as usize] };
            block.iter().map(of).reduce(Bounds::around)
        };
        let mut levels: Vec<Vec<Bounds>> = vec![order.chunks(BLOCK).filter_map(around).collect()];
        while let Some(last) = levels.last().filter(|last| last.len() > FAN) {
            let above = last.chunks(FAN).filter_map(|part| part.iter().copied().reduce(Bounds::around));
            let above = above.collect();
            levels.push(above);
        }
        Self { order, levels }
    }

    /// The blocks: points that lie together, and the box around them.
    pub fn blocks(&self) -> impl ExactSizeIterator<Item = (&[u32], &Bounds)> {
        self.order.chunks(BLOCK).zip(self.levels.first().map_or(&[][..], Vec::as_slice))
    }

    /// Hands `search` the blocks that it enters, the nearest boxes first.
    pub fn search(&self, lens: &Lens, search: &mut impl Search) {
        if let Some(level) = self.levels.len().checked_sub(1) {
            self.descend(lens, search, level, 0..self.levels[level].len());
        }
    }

    fn descend(&self, lens: &Lens, search: &mut impl Search, level: usize, nodes: std::ops::Range<usize>) {
        let mut seen = [(0, None::<Sight>); FAN];
        let mut count = 0;
        for node in nodes {
            if let Some(sight) = lens.sight(&self.levels[level][node]).filter(|sight| search.enters(sight)) {
                seen[count] = (node, Some(sight));
                count += 1;
            }
        }
        let seen = &mut seen[..count];
        seen.sort_unstable_by(|(_, a), (_, b)| depth(a).total_cmp(&depth(b)));
        for &mut (node, sight) in seen {
            // What was found in a nearer box may have ended the search.
            if !sight.is_some_and(|sight| search.enters(&sight)) {
                continue;
            }
            match level.checked_sub(1) {
                Some(below) => self.descend(lens, search, below, self.children(below, node)),
                None => search.looks(self.block(node)),
            }
        }
    }

    /// Boxes of the top level, and what lies in a box, for searches in an order of their own.
    pub(crate) fn top(&self) -> Vec<Node> {
        let Some(level) = self.levels.len().checked_sub(1) else { return Vec::new() };
        (0..self.levels[level].len()).map(|index| Node { level, index }).collect()
    }

    /// The box of `node`.
    pub(crate) fn bounds(&self, node: Node) -> &Bounds {
        &self.levels[node.level][node.index]
    }

    /// Boxes in `node`, or its points.
    pub(crate) fn open(&self, node: Node) -> Result<impl Iterator<Item = Node> + use<>, &[u32]> {
        match node.level.checked_sub(1) {
            Some(level) => Ok(self.children(level, node.index).map(move |index| Node { level, index })),
            None => Err(self.block(node.index)),
        }
    }

    fn children(&self, level: usize, node: usize) -> std::ops::Range<usize> {
        node * FAN..((node + 1) * FAN).min(self.levels[level].len())
    }

    /// The points of block `node`.
    pub fn block(&self, node: usize) -> &[u32] {
        &self.order[node * BLOCK..((node + 1) * BLOCK).min(self.order.len())]
    }
}

/// A box of a [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node {
    level: usize,
    index: usize,
}

fn depth(sight: &Option<Sight>) -> f32 {
    sight.map_or(f32::INFINITY, |sight| sight.depth[0])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::camera::Camera;

    /// Looks at everything.
    #[derive(Default)]
    struct All(Vec<u32>);

    impl Search for All {
        fn enters(&self, _: &Sight) -> bool {
            true
        }

        fn looks(&mut self, block: &[u32]) {
            self.0.extend_from_slice(block);
        }
    }

    proptest! {
        #[test]
        fn each_point_is_in_one_block_and_in_its_box(points in prop::collection::vec(prop::array::uniform3(-9f32..9.0), 0..2_000)) {
            let tree = Tree::new(&points);
            let mut all: Vec<u32> = tree.blocks().flat_map(|(block, _)| block.to_vec()).collect();
            all.sort_unstable();
            prop_assert!(all.into_iter().eq(0..points.len() as u32));
            for (block, bounds) in tree.blocks() {
                for &index in block {
                    let point = points[index as usize];
                    prop_assert!((0..3).all(|k| (bounds.low[k]..=bounds.high[k]).contains(&point[k])));
                }
            }
            let mut camera = Camera::new(640.0, 480.0);
            camera.frame(&points);
            let mut found = All::default();
            tree.search(&camera.lens(), &mut found);
            found.0.sort_unstable();
            prop_assert!(found.0.into_iter().eq(0..points.len() as u32));
        }
    }

    #[test]
    fn a_tree_of_nothing_has_nothing() {
        assert_eq!(Tree::new(&[]).blocks().len(), 0);
        assert_eq!(Tree::default().top().len(), 0);
    }
}

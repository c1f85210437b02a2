//! Which point is under the pointer, and which lie in a box: of those that are shown.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::camera::{Lens, OnScreen, Rect};
use crate::colouring::GROWTH;
use crate::point_set::PointSet;
use crate::sight::Sight;
use crate::tree::{Node, Search, Tree};

/// How large the points are drawn. The shader and [`Cloud::pick`] follow the same rule:
/// `width = clamp(world * scale / depth, smallest, largest)`, `height = width * shape`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Footprint {
    /// Width in world units.
    pub world: f32,
    /// Smallest width, in CSS pixels.
    pub smallest: f32,
    /// Largest width, in CSS pixels.
    pub largest: f32,
    /// Height over width.
    pub shape: f32,
}

/// Half a side of the smallest area that answers to the pointer, in CSS pixels.
const REACH: f32 = 5.0;

impl Footprint {
    /// Width of a point at `depth`, in CSS pixels.
    pub fn width(&self, scale: f32, depth: f32) -> f32 {
        (self.world * scale / depth).clamp(self.smallest, self.largest)
    }

    /// How far from its centre a point of `width` answers to the pointer, sideways and up, in CSS pixels.
    fn reach(&self, width: f32) -> [f32; 2] {
        [(width / 2.0).max(REACH), (width * self.shape / 2.0).max(REACH)]
    }
}

/// The points as they are on the map now.
#[derive(Debug, Clone, Copy)]
pub struct Cloud<'a> {
    /// Where each one is.
    pub points: &'a [[f32; 3]],
    /// Width of each one, of that of an ordinary one, at most [`GROWTH`]'s; empty for all alike.
    pub growth: &'a [f32],
    /// Which of them are shown.
    pub shown: &'a PointSet,
    /// Where to look first; none while the points are on their way.
    pub tree: Option<&'a Tree>,
}

/// Points up to which all are looked at where there is no tree: a millisecond. Beyond it a pointer meets none of
/// them, and none is near it.
const MOST_LOOKED_AT: usize = 20_000;

impl Cloud<'_> {
    /// Where point `index` is seen, if it is shown and before the camera.
    pub fn seen(&self, lens: &Lens, index: usize) -> Option<OnScreen> {
        if !self.shown.contains(index) {
            return None;
        }
        lens.project(*self.points.get(index)?)
    }

    /// Width of point `index` at `depth`, in CSS pixels.
    pub fn width(&self, lens: &Lens, footprint: &Footprint, index: usize, depth: f32) -> f32 {
        footprint.width(lens.scale, depth) * self.growth.get(index).copied().unwrap_or(1.0)
    }

    /// How far from its centre point `index` at `depth` answers to the pointer, sideways and up, in CSS pixels.
    pub fn reach(&self, lens: &Lens, footprint: &Footprint, index: usize, depth: f32) -> [f32; 2] {
        footprint.reach(self.width(lens, footprint, index, depth))
    }

    /// As far as any point at `depth` or beyond answers to the pointer.
    pub(crate) fn farthest_reach(&self, lens: &Lens, footprint: &Footprint, depth: f32) -> [f32; 2] {
        // Rounding may have made a width a little larger than the largest.
        let growth = if self.growth.is_empty() { 1.0 } else { GROWTH[1] * 1.000_1 };
        footprint.reach(footprint.width(lens.scale, depth) * growth)
    }

    /// The point nearest to the camera among those whose picture covers the pixel `at`; of equally near ones the first.
    pub fn pick(&self, lens: &Lens, footprint: &Footprint, at: [f32; 2]) -> Option<usize> {
        let mut pick = Pick { cloud: self, lens, footprint, at, nearest: None };
        match self.tree {
            Some(tree) => tree.search(lens, &mut pick),
            None if self.points.len() > MOST_LOOKED_AT => return None,
            None => (0..self.points.len()).for_each(|index| pick.look(index)),
        }
        pick.nearest.map(|(_, index)| index)
    }

    /// The points whose centres are seen in `area`.
    pub fn within(&self, lens: &Lens, area: &Rect) -> PointSet {
        self.inside(lens, area, |[x, y]| area.contains(x, y))
    }

    /// The points whose centres are seen in `area` where `holds` says so.
    pub fn inside(&self, lens: &Lens, area: &Rect, holds: impl Fn([f32; 2]) -> bool) -> PointSet {
        let mut found = PointSet::none(self.points.len());
        self.each_in(
            lens,
            area,
            |_| [0.0; 2],
            |index, seen| {
                if holds([seen.x, seen.y]) {
                    found.insert(index);
                }
            },
        );
        found
    }

    /// The points whose pictures touch `area`, ascending, and where they are seen.
    pub fn touching(&self, lens: &Lens, footprint: &Footprint, area: &Rect) -> Vec<(usize, OnScreen)> {
        let mut found = Vec::new();
        self.each_in(
            lens,
            area,
            |depth| self.farthest_reach(lens, footprint, depth),
            |index, seen| {
                let [x, y] = self.reach(lens, footprint, index, seen.depth);
                if grown(area, [x, y]).contains(seen.x, seen.y) {
                    found.push((index, seen));
                }
            },
        );
        found.sort_unstable_by_key(|&(index, _)| index);
        found
    }

    /// Hands `act` the shown points before the camera that may be seen in `area` or `reach` of their depth around it.
    fn each_in(
        &self,
        lens: &Lens,
        area: &Rect,
        reach: impl Fn(f32) -> [f32; 2],
        mut act: impl FnMut(usize, OnScreen),
    ) {
        let mut look = |index: usize| {
            if let Some(seen) = self.seen(lens, index) {
                act(index, seen);
            }
        };
        match self.tree {
            Some(tree) => {
                let enters = |sight: &Sight| sight.touches(&grown(area, reach(sight.depth[0])));
                tree.search(lens, &mut Each { enters, looks: |index: u32| look(index as usize) });
            }
            None => (0..self.points.len()).for_each(look),
        }
    }

    /// The `count` shown points whose centres are seen nearest to `at`, the nearest first; of equally near ones the first.
    pub fn near(&self, lens: &Lens, at: [f32; 2], count: usize) -> Vec<usize> {
        let away = |index: usize| {
            let seen = self.seen(lens, index)?;
            Some((seen.x - at[0]).hypot(seen.y - at[1]))
        };
        let Some(tree) = self.tree else {
            if self.points.len() > MOST_LOOKED_AT {
                return Vec::new();
            }
            let all = (0..self.points.len()).filter_map(|index| Some((away(index)?, index)));
            let mut all: Vec<(f32, usize)> = all.collect();
            all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            return all.into_iter().take(count).map(|(_, index)| index).collect();
        };
        let mut waiting = BinaryHeap::new();
        let mut found = Vec::new();
        let step = |node: Node| {
            Some(Step { away: lens.sight(tree.bounds(node))?.distance(at), what: What::Box(node) })
        };
        waiting.extend(tree.top().into_iter().filter_map(step));
        while let Some(Step { what, .. }) = waiting.pop().filter(|_| found.len() < count) {
            match what {
                What::Point(index) => found.push(index),
                What::Box(node) => match tree.open(node) {
                    Ok(boxes) => waiting.extend(boxes.filter_map(step)),
                    Err(block) => waiting.extend(block.iter().filter_map(|&index| {
                        Some(Step { away: away(index as usize)?, what: What::Point(index as usize) })
                    })),
                },
            }
        }
        found
    }
}

fn grown(area: &Rect, [x, y]: [f32; 2]) -> Rect {
    Rect { x: area.x - x, y: area.y - y, width: area.width + 2.0 * x, height: area.height + 2.0 * y }
}

/// Looks for the nearest point under a pointer.
struct Pick<'a> {
    cloud: &'a Cloud<'a>,
    lens: &'a Lens,
    footprint: &'a Footprint,
    at: [f32; 2],
    nearest: Option<(f32, usize)>,
}

impl Pick<'_> {
    fn look(&mut self, index: usize) {
        let Some(seen) = self.cloud.seen(self.lens, index) else { return };
        let reach = self.cloud.reach(self.lens, self.footprint, index, seen.depth);
        let covers = (seen.x - self.at[0]).abs() <= reach[0] && (seen.y - self.at[1]).abs() <= reach[1];
        let before =
            |&(depth, other): &(f32, usize)| seen.depth < depth || (seen.depth == depth && index < other);
        if covers && self.nearest.as_ref().is_none_or(before) {
            self.nearest = Some((seen.depth, index));
        }
    }
}

impl Search for Pick<'_> {
    fn enters(&self, sight: &Sight) -> bool {
        let reach = self.cloud.farthest_reach(self.lens, self.footprint, sight.depth[0]);
        self.nearest.is_none_or(|(depth, _)| sight.depth[0] <= depth) && sight.meets(self.at, reach)
    }

    fn looks(&mut self, block: &[u32]) {
        block.iter().for_each(|&index| self.look(index as usize));
    }
}

/// Looks at each point of the boxes that it enters.
struct Each<E, L> {
    enters: E,
    looks: L,
}

impl<E: Fn(&Sight) -> bool, L: FnMut(u32)> Search for Each<E, L> {
    fn enters(&self, sight: &Sight) -> bool {
        (self.enters)(sight)
    }

    fn looks(&mut self, block: &[u32]) {
        block.iter().copied().for_each(&mut self.looks);
    }
}

/// A box to open or a point that is found, and no more than how far away it is.
struct Step {
    away: f32,
    what: What,
}

#[derive(PartialEq)]
enum What {
    Box(Node),
    Point(usize),
}

impl Step {
    /// Boxes before points that are as near: what is in them may be as near, too.
    fn place(&self) -> (bool, usize) {
        match self.what {
            What::Box(_) => (false, 0),
            What::Point(index) => (true, index),
        }
    }
}

impl Ord for Step {
    /// The nearest is the greatest, since a heap gives out its greatest.
    fn cmp(&self, other: &Self) -> Ordering {
        other.away.total_cmp(&self.away).then_with(|| other.place().cmp(&self.place()))
    }
}

impl PartialOrd for Step {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Step {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Step {}

#[cfg(test)]
mod tests;

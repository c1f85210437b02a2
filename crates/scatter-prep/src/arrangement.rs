//! The order of a folder's points in the files: along a curve through the map.
//!
//! Neighbours on the map then share sprite pages and lie side by side in the audio sprite, so that a page which looks at one
//! place of a large collection needs few pieces of either. A recording keeps its time.

use scatter_dataset::Kind;
use scatter_map::{Duplicates, curve_order};

use crate::map::Map;

/// Where each point comes from: the point that was `order[k]` becomes point k.
#[derive(Debug)]
pub struct Arrangement {
    order: Vec<u32>,
}

impl Arrangement {
    /// The order for a map of `kind`.
    pub fn of(map: &Map, kind: Kind) -> Self {
        let points = map.projections.first().map_or(&[][..], |(_, projected)| &projected.points);
        let order = match kind {
            Kind::Clips => curve_order(points),
            Kind::Recording => (0..points.len() as u32).collect(),
        };
        Self { order }
    }

    /// The points' earlier places.
    pub fn places(&self) -> &[u32] {
        &self.order
    }

    /// Puts what has an entry a point in order.
    pub fn apply<T>(&self, items: Vec<T>) -> Vec<T> {
        let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
        self.order.iter().filter_map(|&k| items.get_mut(k as usize).and_then(Option::take)).collect()
    }

    /// Puts a map in order, and what it says of neighbours.
    pub fn apply_to_map(&self, map: Map) -> Map {
        let Map { projections, neighbours, duplicates } = map;
        let mut place = vec![0; self.order.len()];
        for (k, &earlier) in (0..).zip(&self.order) {
            place[earlier as usize] = k;
        }
        let moved = |row: Vec<u32>| row.into_iter().map(|neighbour| place[neighbour as usize]).collect();
        let projections = projections.into_iter().map(|(info, mut projected)| {
            projected.points = self.apply(projected.points);
            projected.spherical = self.apply(projected.spherical);
            (info, projected)
        });
        Map {
            projections: projections.collect(),
            neighbours: self.apply(neighbours.into_iter().map(moved).collect()),
            duplicates: Duplicates {
                kinds: self.apply(duplicates.kinds),
                groups: self.apply(duplicates.groups),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use scatter_dataset::{Projected, ProjectionInfo};
    use scatter_map::DuplicateKind;

    use super::*;

    fn map(xs: &[f32]) -> Map {
        let points: Vec<[f32; 3]> = xs.iter().map(|&x| [x, 0.0, 0.0]).collect();
        let info = ProjectionInfo { name: "umap".to_owned(), dims: 3, params: BTreeMap::new() };
        let count = xs.len() as u32;
        Map {
            projections: vec![(info, Projected { spherical: points.clone(), points })],
            neighbours: (0..count).map(|k| vec![(k + 1) % count]).collect(),
            duplicates: Duplicates {
                kinds: vec![DuplicateKind::Unique; xs.len()],
                groups: (0..count).map(Some).collect(),
            },
        }
    }

    #[test]
    fn clips_come_along_the_map_and_each_keeps_what_is_its_own() {
        let arrangement = Arrangement::of(&map(&[0.0, 9.0, 1.0, 8.0]), Kind::Clips);
        let order = arrangement.places().to_vec();
        assert!(order == [0, 2, 3, 1] || order == [1, 3, 2, 0], "{order:?}");
        let names = arrangement.apply(vec!["a", "b", "c", "d"]);
        let moved = arrangement.apply_to_map(map(&[0.0, 9.0, 1.0, 8.0]));
        for (k, &earlier) in order.iter().enumerate() {
            assert_eq!(names[k], ["a", "b", "c", "d"][earlier as usize]);
            assert_eq!(moved.projections[0].1.points[k][0], [0.0, 9.0, 1.0, 8.0][earlier as usize]);
            assert_eq!(moved.duplicates.groups[k], Some(earlier));
            // The neighbour of each was the next one.
            assert_eq!(order[moved.neighbours[k][0] as usize], (earlier + 1) % 4);
        }
    }

    #[test]
    fn a_recording_keeps_its_time() {
        assert_eq!(Arrangement::of(&map(&[5.0, 9.0, 1.0]), Kind::Recording).places(), [0, 1, 2]);
    }
}

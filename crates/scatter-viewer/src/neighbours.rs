//! What lies near a point: in the space of its sound where that is known, else on the map; and its duplicates.

use scatter_dataset::{Projections, columns};

/// How many are listed.
pub const LISTED: usize = 15;

/// Points near another, nearest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Near {
    /// By their embeddings: they sound alike.
    InSound(Vec<usize>),
    /// By their places on the map, where no more is known.
    OnMap(Vec<usize>),
}

impl Near {
    /// Which they are.
    pub fn points(&self) -> &[usize] {
        match self {
            Self::InSound(points) | Self::OnMap(points) => points,
        }
    }
}

/// The points nearest to `index`; `places` is where the points are on the map now.
pub fn near(data: &Projections, places: &[[f32; 3]], index: usize) -> Near {
    match data.neighbours.get(index) {
        Some(row) => {
            let others = row.iter().map(|&other| other as usize).filter(|&other| other != index);
            Near::InSound(others.take(LISTED).collect())
        }
        None => Near::OnMap(nearest(places, index, LISTED)),
    }
}

/// The `most` points of `places` nearest to `index`, nearest first; equal ones in their order.
fn nearest(places: &[[f32; 3]], index: usize, most: usize) -> Vec<usize> {
    let Some(from) = places.get(index) else { return Vec::new() };
    let apart = |p: &[f32; 3]| (0..3).map(|k| (p[k] - from[k]) * (p[k] - from[k])).sum::<f32>();
    // Few are kept, in order: a point is put where it belongs, if it belongs there at all.
    let mut kept: Vec<(f32, usize)> = Vec::with_capacity(most + 1);
    for (other, place) in places.iter().enumerate().filter(|(other, _)| *other != index) {
        let distance = apart(place);
        if kept.len() < most || kept.last().is_some_and(|last| distance < last.0) {
            let at = kept.partition_point(|k| k.0 <= distance);
            kept.insert(at, (distance, other));
            kept.truncate(most);
        }
    }
    kept.into_iter().map(|(_, other)| other).collect()
}

/// Other points that hold the same sound as `index`, `most` of them at most; empty where none is known.
pub fn duplicates(data: &Projections, index: usize, most: usize) -> Vec<usize> {
    let Some(groups) = data.metadata.get(columns::DUPLICATE_GROUP) else { return Vec::new() };
    let group = groups.text(index);
    if group.is_empty() {
        return Vec::new();
    }
    (0..groups.len()).filter(|&other| other != index && groups.text(other) == group).take(most).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use scatter_dataset::{Column, Projected};

    use super::*;

    fn data(neighbours: Vec<Vec<u32>>, groups: Option<Vec<Option<f64>>>) -> Projections {
        let metadata: BTreeMap<_, _> =
            groups.into_iter().map(|g| (columns::DUPLICATE_GROUP.to_owned(), Column::Number(g))).collect();
        let first = Projected { points: Vec::new(), spherical: Vec::new() };
        Projections { idx: Vec::new(), metadata, first, further: BTreeMap::new(), neighbours, classes: None }
    }

    #[test]
    fn neighbours_in_sound_win_over_those_on_the_map() {
        let places = [[0.0; 3], [1.0; 3], [2.0; 3]];
        assert_eq!(near(&data(vec![vec![0, 2, 1]], None), &places, 0), Near::InSound(vec![2, 1]));
        assert_eq!(near(&data(vec![], None), &places, 0), Near::OnMap(vec![1, 2]));
    }

    #[test]
    fn duplicates_share_a_group_and_a_unique_sound_has_none() {
        let known = data(vec![], Some(vec![Some(1.0), None, Some(2.0), Some(1.0), None]));
        assert_eq!(duplicates(&known, 0, 9), [3]);
        assert!(duplicates(&known, 1, 9).is_empty() && duplicates(&known, 99, 9).is_empty());
        assert!(duplicates(&data(vec![], None), 0, 9).is_empty());
    }

    proptest! {
        #[test]
        fn the_nearest_are_those_of_a_full_sort(
            places in prop::collection::vec(prop::array::uniform3(-9f32..9.0), 1..80), which in any::<prop::sample::Index>(),
        ) {
            let index = which.index(places.len());
            let apart = |k: usize| (0..3).map(|a| (places[k][a] - places[index][a]).powi(2)).sum::<f32>();
            let mut all: Vec<usize> = (0..places.len()).filter(|&k| k != index).collect();
            all.sort_by(|&a, &b| apart(a).total_cmp(&apart(b)).then(a.cmp(&b)));
            all.truncate(LISTED);
            prop_assert_eq!(nearest(&places, index, LISTED), all);
        }
    }
}

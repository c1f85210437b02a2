//! A selection grows by what is most like it.

use std::collections::HashMap;

use scatter_dataset::Projections;

use crate::point_set::PointSet;

/// Points that are added at least; a larger selection grows by half of its size.
const LEAST: usize = 5;
/// Selected points from which distances on the map are measured, at most.
const MEASURED: usize = 500;

/// The points of `shown` that are most like those `chosen`: nearest by their embeddings where the dataset knows them, else
/// nearest on the map, on which the points are at `places`. None of them is chosen already.
pub fn alike(data: &Projections, places: &[[f32; 3]], chosen: &PointSet, shown: &PointSet) -> PointSet {
    let (count, most) = (shown.capacity(), LEAST.max(chosen.count() / 2));
    let open = |point: &usize| shown.contains(*point) && !chosen.contains(*point);
    let mut found: Vec<(f32, usize)> = match data.neighbours.is_empty() {
        // Each selected point speaks for its neighbours, louder for nearer ones.
        false => {
            let mut voices: HashMap<usize, f32> = HashMap::new();
            for row in chosen.iter().filter_map(|point| data.neighbours.get(point)) {
                for (rank, point) in row.iter().map(|&p| p as usize).enumerate().filter(|(_, p)| open(p)) {
                    *voices.entry(point).or_default() -= 1.0 / (rank + 1) as f32;
                }
            }
            voices.into_iter().map(|(point, voice)| (voice, point)).collect()
        }
        true => {
            let step = chosen.count().div_ceil(MEASURED).max(1);
            let from: Vec<[f32; 3]> =
                chosen.iter().step_by(step).filter_map(|p| places.get(p).copied()).collect();
            let apart = |a: &[f32; 3], b: &[f32; 3]| (0..3).map(|k| (a[k] - b[k]).powi(2)).sum::<f32>();
            let nearest = |p: &[f32; 3]| from.iter().map(|q| apart(p, q)).fold(f32::INFINITY, f32::min);
            let others = (0..places.len()).filter(|point| !from.is_empty() && open(point));
            others.map(|point| (nearest(&places[point]), point)).collect()
        }
    };
    // Equal ones in their order, so that the same selection always grows the same way.
    found.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    PointSet::of(count, found.into_iter().take(most).map(|(_, point)| point))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use scatter_dataset::Projected;

    use super::*;

    fn data(neighbours: Vec<Vec<u32>>) -> Projections {
        let first = Projected { points: Vec::new(), spherical: Vec::new() };
        Projections {
            idx: Vec::new(),
            metadata: BTreeMap::new(),
            first,
            further: BTreeMap::new(),
            neighbours,
            classes: None,
        }
    }

    fn grown(data: &Projections, places: &[[f32; 3]], chosen: &[usize], count: usize) -> Vec<usize> {
        let chosen = PointSet::of(count, chosen.iter().copied());
        alike(data, places, &chosen, &PointSet::all(count)).iter().collect()
    }

    #[test]
    fn what_several_selected_points_are_near_to_comes_first() {
        let mut rows: Vec<Vec<u32>> = vec![vec![9, 2, 3, 4, 5, 6, 7], vec![8, 2, 0]];
        rows.resize(10, Vec::new());
        // Voices: 9 and 8 one each, 2 two halves, 3 a third, 4 a quarter; 5 a fifth comes too late.
        assert_eq!(grown(&data(rows), &[], &[0, 1], 10), [2, 3, 4, 8, 9]);
    }

    #[test]
    fn without_neighbours_the_map_decides() {
        let row: Vec<[f32; 3]> = (0..20u8).map(|k| [f32::from(k), 0.0, 0.0]).collect();
        // Five; of two that are as near, the first.
        assert_eq!(grown(&data(vec![]), &row, &[10], 20), [7, 8, 9, 11, 12]);
        assert!(grown(&data(vec![]), &row, &[], 20).is_empty());
    }

    proptest! {
        #[test]
        fn it_adds_what_is_shown_and_new_and_not_too_much(
            rows in prop::collection::vec(prop::collection::vec(0u32..40, 0..15), 40), known in any::<bool>(),
            chosen in prop::collection::vec(0usize..40, 0..40), hidden in prop::collection::vec(0usize..40, 0..20),
        ) {
            let places: Vec<[f32; 3]> = (0..40u16).map(|k| [f32::from(k * 7 % 40), f32::from(k % 3), 0.0]).collect();
            let chosen = PointSet::of(40, chosen);
            let mut shown = PointSet::all(40);
            shown.take(&PointSet::of(40, hidden));
            let found = alike(&data(if known { rows } else { vec![] }), &places, &chosen, &shown);
            prop_assert!(found.iter().all(|p| shown.contains(p) && !chosen.contains(p)));
            prop_assert!(found.count() <= LEAST.max(chosen.count() / 2));
        }
    }
}

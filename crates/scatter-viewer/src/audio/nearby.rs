//! Which sounds may be wanted next: those seen nearest to the pointer.

/// The `most` points whose places on the screen are nearest to `at`, nearest first.
pub fn nearest_seen(seen: impl Iterator<Item = (usize, [f32; 2])>, at: [f32; 2], most: usize) -> Vec<usize> {
    let mut kept: Vec<(f32, usize)> = Vec::with_capacity(most + 1);
    for (point, place) in seen {
        let apart = (place[0] - at[0]).powi(2) + (place[1] - at[1]).powi(2);
        if kept.len() < most || kept.last().is_some_and(|last| apart < last.0) {
            kept.insert(kept.partition_point(|k| k.0 <= apart), (apart, point));
            kept.truncate(most);
        }
    }
    kept.into_iter().map(|(_, point)| point).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_nearest_are_those_that_sorting_finds(
            places in prop::collection::vec((0f32..100.0, 0f32..100.0), 0..80), x in 0f32..100.0, y in 0f32..100.0, most in 0usize..20,
        ) {
            let seen = places.iter().enumerate().map(|(k, &(x, y))| (k, [x, y]));
            let found = nearest_seen(seen, [x, y], most);
            let mut all: Vec<usize> = (0..places.len()).collect();
            all.sort_by(|&a, &b| {
                let apart = |k: usize| (places[k].0 - x).powi(2) + (places[k].1 - y).powi(2);
                apart(a).total_cmp(&apart(b))
            });
            all.truncate(most);
            prop_assert_eq!(found, all);
        }
    }
}

//! Names of the AudioSet classes.

use std::sync::LazyLock;

static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    include_str!("audioset_classes.txt").lines().filter(|line| !line.starts_with('#')).collect()
});

/// Display name of the AudioSet class whose score stands at `index`; `None` from 521 on.
pub fn class_name(index: usize) -> Option<&'static str> {
    NAMES.get(index).copied()
}

/// The `k` highest of one point's `scores` `[classes]`, as (index, score), highest first; equal ones by index.
///
/// Scores which are not a number come last. Fewer than `k` are given when there are fewer.
pub fn top_classes(scores: &[f32], k: usize) -> Vec<(usize, f32)> {
    let rank = |score: f32| if score.is_nan() { f32::NEG_INFINITY } else { score };
    let mut order: Vec<(usize, f32)> = scores.iter().copied().enumerate().collect();
    order.sort_by(|a, b| rank(b.1).total_cmp(&rank(a.1)).then(a.0.cmp(&b.0)));
    order.truncate(k);
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CLASSES;

    #[test]
    fn there_is_one_name_for_each_score() {
        assert_eq!(NAMES.len(), CLASSES);
        assert!(NAMES.iter().all(|name| !name.trim().is_empty()));
        assert_eq!(class_name(CLASSES), None);
    }

    #[test]
    fn top_classes_are_in_falling_order_with_ties_by_index_and_nan_last() {
        assert_eq!(top_classes(&[0.1, 0.9, f32::NAN, 0.9, 0.5], 3), vec![(1, 0.9), (3, 0.9), (4, 0.5)]);
        let all = top_classes(&[f32::NAN, 0.2], 9);
        assert_eq!(all[0], (1, 0.2));
        assert_eq!((all.len(), all[1].0), (2, 0));
    }
}

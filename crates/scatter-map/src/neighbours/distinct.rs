//! Equal points are searched for once.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::space::Space;

/// Groups of points which are equal in the scaled space.
pub(super) struct Distinct {
    /// Points of each group by rising number; the groups by their first point.
    pub groups: Vec<Vec<u32>>,
    /// `[points]`, the group of each.
    pub group_of: Vec<u32>,
}

impl Distinct {
    pub fn of(space: &Space<'_>) -> Self {
        let compared =
            |&a: &u32, &b: &u32| compare(space.scaled_row(a as usize), space.scaled_row(b as usize));
        let mut sorted: Vec<u32> = (0..space.n as u32).collect();
        sorted.par_sort_unstable_by(|a, b| compared(a, b).then(a.cmp(b)));
        let mut groups: Vec<Vec<u32>> =
            sorted.chunk_by(|a, b| compared(a, b).is_eq()).map(<[u32]>::to_vec).collect();
        groups.sort_unstable_by_key(|group| group[0]);
        let mut group_of = vec![0; space.n];
        for (number, group) in groups.iter().enumerate() {
            group.iter().for_each(|&point| group_of[point as usize] = number as u32);
        }
        Self { groups, group_of }
    }
}

/// By the first coordinate in which they differ; a negative zero equals a positive one.
fn compare(a: &[f32], b: &[f32]) -> Ordering {
    let mut pairs = a.iter().zip(b).map(|(a, b)| a.partial_cmp(b).unwrap_or(Ordering::Equal));
    pairs.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

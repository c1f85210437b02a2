//! Points that stand for the same sound.

use crate::{MapError, Neighbours};

/// The neighbour whose distance is a point's radius.
const RADIUS_NEIGHBOUR: usize = 15;
/// Points closer than this part of the usual radius are near duplicates however crowded the place: of a sound with many
/// copies all neighbours are copies, and its radius tells nothing. On ESC-10 the closest two sources are at 0.4.
const ALWAYS_NEAR: f32 = 0.1;

/// How close duplicates are.
///
/// Measured on ESC-10 in the prepared space: 400 clips of 304 sources, and 120 of them changed and added again, ten
/// times. Of the changed ones this part (%) is found, and this part (%) of the pairs found are no different sources:
///
/// | `near` | right | 16 bit, 22 kHz | mp3 | ogg | 10 ms later | 6 dB softer | mp3 of least rate | 50 ms later |
/// |---|---|---|---|---|---|---|---|---|
/// | 0.35 | 99.8 | 100 | 82 | 70 | 55 | 48 | 26 | 16 |
/// | 0.40 | 97.5 | 100 | 85 | 75 | 69 | 63 | 33 | 25 |
/// | 0.50 | 86.3 | 100 | 90 | 82 | 91 | 86 | 56 | 51 |
/// | a cosine of 0.90 everywhere | 97.9 | 100 | 85 | 73 | 61 | 56 | 28 | 20 |
///
/// Where a change moves the loudest place, the clip is another excerpt, and missed. Different takes of one source are
/// no closer than other sounds of their class, and are not found. For `exact`: there and back through 22 kHz moves a
/// clip by less than 2e-5 of the usual radius, 19 times of 20; rounding to 16 bit by 4e-3 (2e-4 to 4e-2).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DuplicateParams {
    /// Near duplicates are closer than this part of the smaller of their radii, `0.0..=1.0`.
    pub near: f32,
    /// Exact duplicates are at most this part of the usual radius apart, `0.0..=1.0`: what rounding leaves.
    pub exact: f32,
}

impl Default for DuplicateParams {
    fn default() -> Self {
        Self { near: 0.4, exact: 1e-4 }
    }
}

/// The closest kind of duplicate that a point has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DuplicateKind {
    /// None.
    Unique,
    /// Another version of the same sound: re-encoded, softer, shifted a little.
    Near,
    /// The same, but for rounding.
    Exact,
}

/// Which points are duplicates of which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicates {
    /// `[points]`, the closest kind of duplicate of each.
    pub kinds: Vec<DuplicateKind>,
    /// `[points]`, the group of each, numbered from 0 by their first points; `None` for a unique point.
    ///
    /// A group holds what is tied by a chain of duplicates: its ends need not be duplicates of each other.
    pub groups: Vec<Option<u32>>,
}

/// Finds duplicates among points by the Euclidean distances of their `nearest`, from the prepared space.
///
/// A point's radius is the distance of its 15th neighbour, the usual radius the median of all above zero. Two points
/// are duplicates if one lists the other, and they are close for the place where they are; see [`DuplicateParams`].
/// Among fewer than 16 points there is no telling what is close: only exact duplicates are found.
///
/// # Errors
/// [`MapError::Parameter`] for a parameter outside its range, or where the lists have fewer than 15 entries and there
/// are more points than that.
pub fn duplicates(nearest: &Neighbours, params: &DuplicateParams) -> Result<Duplicates, MapError> {
    for (name, value) in [("near", params.near), ("exact", params.exact)] {
        if !(0.0..=1.0).contains(&value) {
            let allowed = "from 0 to 1".to_owned();
            return Err(MapError::Parameter { name, value: value.to_string(), allowed });
        }
    }
    let (n, columns) = nearest.indices.dim();
    if columns < RADIUS_NEIGHBOUR.min(n.saturating_sub(1)) {
        return Err(MapError::Parameter {
            name: "neighbours",
            value: columns.to_string(),
            allowed: format!("{RADIUS_NEIGHBOUR} or more to find duplicates"),
        });
    }
    let last = RADIUS_NEIGHBOUR.min(columns);
    let radii: Vec<f32> = nearest
        .distances
        .rows()
        .into_iter()
        .map(|row| last.checked_sub(1).map_or(0.0, |place| row[place]))
        .collect();
    let usual = median_above_zero(&radii);
    let near = if columns < RADIUS_NEIGHBOUR { 0.0 } else { params.near };
    let always_near = ALWAYS_NEAR.min(near) * usual;
    let mut kinds = vec![DuplicateKind::Unique; n];
    let mut chains = Chains::of(n);
    for (point, (indices, distances)) in
        nearest.indices.rows().into_iter().zip(nearest.distances.rows()).enumerate()
    {
        for (&other, &distance) in indices.iter().zip(distances) {
            let other = other as usize;
            let reach = (near * radii[point].min(radii[other])).max(always_near);
            let kind = if distance <= params.exact * usual {
                DuplicateKind::Exact
            } else if distance < reach {
                DuplicateKind::Near
            } else {
                continue;
            };
            kinds[point] = kinds[point].max(kind);
            kinds[other] = kinds[other].max(kind);
            chains.tie(point, other);
        }
    }
    let groups = chains.groups(|point| kinds[point] != DuplicateKind::Unique);
    Ok(Duplicates { kinds, groups })
}

/// 0 where none is above zero.
fn median_above_zero(values: &[f32]) -> f32 {
    let mut sorted: Vec<f32> = values.iter().copied().filter(|&value| value > 0.0).collect();
    sorted.sort_unstable_by(f32::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}

/// Points tied to one another, as trees whose root is the lowest number (union–find).
struct Chains {
    parents: Vec<usize>,
}

impl Chains {
    fn of(n: usize) -> Self {
        Self { parents: (0..n).collect() }
    }

    fn root(&mut self, mut point: usize) -> usize {
        while self.parents[point] != point {
            self.parents[point] = self.parents[self.parents[point]];
            point = self.parents[point];
        }
        point
    }

    fn tie(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parents[a.max(b)] = a.min(b);
    }

    /// Numbers of the trees of the points that count, by their roots.
    fn groups(&mut self, counts: impl Fn(usize) -> bool) -> Vec<Option<u32>> {
        let mut numbers = vec![None; self.parents.len()];
        let mut next = 0;
        for point in 0..self.parents.len() {
            if !counts(point) {
                continue;
            }
            let root = self.root(point);
            if numbers[root].is_none() {
                numbers[root] = Some(next);
                next += 1;
            }
            numbers[point] = numbers[root];
        }
        numbers
    }
}

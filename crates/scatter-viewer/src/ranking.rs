//! Points in the order of a column: numbers by value, names as people count, what is missing last, whichever way round.

use crate::natural::natural_key;

/// What to order by; an entry a point.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// Numbers; one that is not finite is missing.
    Numbers(&'a [f32]),
    /// Groups: their names, and which of them each point is in.
    Groups(&'a [&'a str], &'a [u32]),
    /// Texts; an empty one is missing.
    Texts(&'a [String]),
}

/// The points in ascending or descending order. Equal ones stay in the dataset's order.
pub fn order(by: By<'_>, descending: bool) -> Vec<u32> {
    match by {
        By::Numbers(values) => {
            sorted(values.len(), descending, |k| values[k].is_finite().then_some(Number(values[k])))
        }
        By::Groups(names, of_point) => {
            let groups =
                sorted(names.len(), false, |k| (!names[k].is_empty()).then(|| natural_key(names[k])));
            let mut places = vec![None; names.len()];
            for (place, &group) in groups.iter().enumerate() {
                places[group as usize] = (!names[group as usize].is_empty()).then_some(place);
            }
            sorted(of_point.len(), descending, |k| places.get(of_point[k] as usize).copied().flatten())
        }
        By::Texts(texts) => {
            let keys: Vec<_> =
                texts.iter().map(|text| (!text.is_empty()).then(|| natural_key(text))).collect();
            sorted(texts.len(), descending, |k| keys[k].as_ref())
        }
    }
}

/// A finite number with the order of numbers.
#[derive(PartialEq)]
struct Number(f32);
impl Eq for Number {}
impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Number {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        // Both zeros are one.
        (self.0 + 0.0).total_cmp(&(other.0 + 0.0))
    }
}

fn sorted<K: Ord>(count: usize, descending: bool, key: impl Fn(usize) -> Option<K>) -> Vec<u32> {
    let (mut present, mut missing) = (Vec::new(), Vec::new());
    for k in 0..count {
        match key(k) {
            Some(key) => present.push((key, k as u32)),
            None => missing.push(k as u32),
        }
    }
    present.sort_by(|a, b| if descending { b.0.cmp(&a.0) } else { a.0.cmp(&b.0) });
    present.into_iter().map(|(_, k)| k).chain(missing).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn missing_entries_come_last_either_way() {
        let numbers = [3.0, f32::NAN, -1.0, 20.0, f32::INFINITY, 3.0];
        assert_eq!(order(By::Numbers(&numbers), false), [2, 0, 5, 3, 1, 4]);
        assert_eq!(order(By::Numbers(&numbers), true), [3, 0, 5, 2, 1, 4]);
        let texts = ["clip 10", "", "clip 2", "Clip 1"].map(str::to_owned);
        assert_eq!(order(By::Texts(&texts), false), [3, 2, 0, 1]);
        assert_eq!(order(By::Texts(&texts), true), [0, 2, 3, 1]);
        let (names, of_point) = (["rain 10", "rain 9", ""], [2, 0, 1, 0]);
        assert_eq!(order(By::Groups(&names, &of_point), false), [2, 1, 3, 0]);
        assert_eq!(order(By::Groups(&names, &of_point), true), [1, 3, 2, 0]);
    }

    proptest! {
        #[test]
        fn every_point_is_listed_once_and_no_pair_is_the_wrong_way_round(
            values in prop::collection::vec(prop_oneof![-3f32..3.0, Just(f32::NAN), Just(0.0), Just(-0.0)], 0..60), descending in any::<bool>(),
        ) {
            let ordered = order(By::Numbers(&values), descending);
            let mut all = ordered.clone();
            all.sort_unstable();
            prop_assert!(all.iter().copied().eq(0..values.len() as u32));
            for pair in ordered.windows(2) {
                let (a, b) = (values[pair[0] as usize], values[pair[1] as usize]);
                let right = b.is_nan() || !a.is_nan() && if descending { a >= b } else { a <= b };
                prop_assert!(right && (a != b || pair[0] < pair[1]), "{a} before {b}");
            }
        }
    }
}

//! The AudioSet classes: names, identifiers, and which is a kind of which.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Whose the classes and their names are.
pub const CLASS_ATTRIBUTION: &str =
    "AudioSet ontology (https://research.google.com/audioset), Google, CC BY 4.0";

/// Score below which a best class names nothing: of 438 real clips, four of five names below it were wrong.
const LEAST_SCORE: f32 = 0.15;
/// Share of the best score that a narrower class must reach. Wider classes score higher: a bark is an animal first. On
/// ESC-10 the best class names dogs and cocks alike: of 100 clips 78 belong to the class that is most frequent under
/// their name, by the narrower class 89, and any share from 0.1 to 0.7 does as well within one.
const NARROWER_SHARE: f32 = 0.5;

struct Class {
    mid: &'static str,
    name: &'static str,
    /// Places of the nearest wider classes.
    wider: Vec<usize>,
}

static ALL: LazyLock<Vec<Class>> = LazyLock::new(|| {
    let lines = || include_str!("audioset_classes.txt").lines().filter(|line| !line.starts_with('#'));
    let mid = |line: &'static str| line.split('\t').next().unwrap_or_default();
    let places: BTreeMap<&str, usize> =
        lines().map(mid).enumerate().map(|(place, mid)| (mid, place)).collect();
    let class = |line: &'static str| {
        let mut fields = line.split('\t');
        let mut next = || fields.next().unwrap_or_default();
        let (mid, name, wider) = (next(), next(), next());
        Class {
            mid,
            name,
            wider: wider.split_whitespace().filter_map(|mid| places.get(mid).copied()).collect(),
        }
    };
    lines().map(class).collect()
});

/// Display name of the AudioSet class whose score stands at `index`; `None` from 521 on.
pub fn class_name(index: usize) -> Option<&'static str> {
    ALL.get(index).map(|class| class.name)
}

/// AudioSet's identifier of that class, such as `/m/0bt9lr` for the dog.
pub fn class_mid(index: usize) -> Option<&'static str> {
    ALL.get(index).map(|class| class.mid)
}

/// Whether the class at `narrow` is a kind of the one at `wide`, at any depth; none is a kind of itself.
pub fn is_kind_of(narrow: usize, wide: usize) -> bool {
    let nearest = ALL.get(narrow).map_or(&[][..], |class| &class.wider);
    nearest.iter().any(|&nearer| nearer == wide || is_kind_of(nearer, wide))
}

/// The class to name a point by, of its `best` as (index, score), best first: the best one, or as long as there is one,
/// a kind of it that scores at least half as high. `None` where the best scores below 0.15.
pub fn naming_class(best: &[(usize, f32)]) -> Option<usize> {
    let &(mut class, highest) = best.first().filter(|(_, score)| *score >= LEAST_SCORE)?;
    let strong = || best.iter().filter(|(_, score)| *score >= NARROWER_SHARE * highest);
    while let Some(&(narrower, _)) = strong().find(|(other, _)| is_kind_of(*other, class)) {
        class = narrower;
    }
    Some(class)
}

/// The `k` highest of one point's `scores` `[classes]`, as (index, score), highest first; equal ones by index.
///
/// Scores which are not a number come last. Fewer than `k` are given when there are fewer.
pub fn top_classes(scores: &[f32], k: usize) -> Vec<(usize, f32)> {
    let rank = |score: f32| if score.is_nan() { f32::NEG_INFINITY } else { score };
    let mut order: Vec<(usize, f32)> = scores.iter().copied().enumerate().collect();
    order.sort_by(|a, b| rank(b.1).total_cmp(&rank(a.1)).then(a.0.cmp(&b.0)));
    order.truncate(k);
    // A caller keeps one of these a point: the room for all classes would be twice what an embedding takes.
    order.shrink_to_fit();
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CLASSES;

    #[test]
    fn the_highest_scores_take_no_more_room_than_they_need() {
        let scores: Vec<f32> = (0..CLASSES).map(|class| (class * 37 % CLASSES) as f32).collect();
        assert!(top_classes(&scores, 5).capacity() < 2 * 5);
    }

    fn place(name: &str) -> usize {
        ALL.iter().position(|class| class.name == name).unwrap()
    }

    #[test]
    fn there_is_one_class_for_each_score() {
        assert_eq!(ALL.len(), CLASSES);
        assert!(ALL.iter().all(|class| !class.name.trim().is_empty() && class.mid.starts_with('/')));
        assert_eq!((class_name(CLASSES), class_mid(CLASSES)), (None, None));
    }

    #[test]
    fn kinds_are_found_at_any_depth_and_no_class_is_a_kind_of_itself() {
        let (animal, dog, bark) = (place("Animal"), place("Dog"), place("Bark"));
        assert!(is_kind_of(bark, dog) && is_kind_of(bark, animal) && is_kind_of(dog, animal));
        assert!(!is_kind_of(animal, dog) && !is_kind_of(place("Rain"), animal));
        assert!((0..CLASSES).all(|class| !is_kind_of(class, class)));
        assert_eq!(class_mid(dog), Some("/m/0bt9lr"));
    }

    #[test]
    fn a_point_is_named_by_the_narrowest_class_that_scores_well() {
        let [animal, dog, bark, rain] = ["Animal", "Dog", "Bark", "Rain"].map(place);
        assert_eq!(naming_class(&[(animal, 0.9), (dog, 0.8), (rain, 0.7), (bark, 0.5)]), Some(bark));
        assert_eq!(naming_class(&[(animal, 0.9), (dog, 0.8), (bark, 0.4)]), Some(dog));
        assert_eq!(naming_class(&[(rain, 0.9), (dog, 0.8)]), Some(rain));
        assert_eq!(naming_class(&[(rain, 0.1)]), None);
        assert_eq!(naming_class(&[(rain, f32::NAN)]), None);
        assert_eq!(naming_class(&[]), None);
    }

    #[test]
    fn top_classes_are_in_falling_order_with_ties_by_index_and_nan_last() {
        assert_eq!(top_classes(&[0.1, 0.9, f32::NAN, 0.9, 0.5], 3), vec![(1, 0.9), (3, 0.9), (4, 0.5)]);
        let all = top_classes(&[f32::NAN, 0.2], 9);
        assert_eq!(all[0], (1, 0.2));
        assert_eq!((all.len(), all[1].0), (2, 0));
    }
}

//! Names on the screen: as many as have room, none over another.

use crate::camera::Rect;

/// A name that wants to float over a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wish {
    /// Middle of the name, in CSS pixels.
    pub at: [f32; 2],
    /// Its width and height in CSS pixels.
    pub size: [f32; 2],
}

/// How far names may step aside, in their own heights: over the place, then above and below. Farther away a name would
/// seem to be another group's.
pub const STEPS: [f32; 3] = [0.0, -1.15, 1.15];

/// Which of [`STEPS`] each name takes, those that come first first; `None` where there is no room in `area`.
///
/// A name keeps the step it had (`before`) while it can, so that names do not hop about while the cloud turns.
pub fn float(wishes: &[Option<Wish>], area: &Rect, before: &[Option<usize>]) -> Vec<Option<usize>> {
    let mut taken: Vec<Rect> = Vec::new();
    let mut place = |wish: &Wish, last: Option<usize>| {
        let steps = last.into_iter().chain(0..STEPS.len());
        let (step, place) = steps
            .map(|step| (step, covers(wish, step)))
            .find(|(_, place)| inside(area, place) && taken.iter().all(|other| !overlap(place, other)))?;
        taken.push(place);
        Some(step)
    };
    let last = before.iter().copied().chain(std::iter::repeat(None));
    wishes.iter().zip(last).map(|(wish, last)| place(wish.as_ref()?, last)).collect()
}

/// A name over `at`, moved sideways into `area` where its ends would stick out; `None` where `at` itself lies outside.
pub fn wish(at: [f32; 2], size: [f32; 2], area: &Rect) -> Option<Wish> {
    let (left, right) = (area.x + size[0] / 2.0, area.x + area.width - size[0] / 2.0);
    (area.contains(at[0], at[1]) && left <= right)
        .then(|| Wish { at: [at[0].clamp(left.ceil(), right.floor().max(left.ceil())), at[1]], size })
}

/// What a name covers that takes a step.
pub fn covers(wish: &Wish, step: usize) -> Rect {
    let [width, height] = wish.size;
    let aside = STEPS.get(step).copied().unwrap_or(0.0) * height;
    Rect { x: wish.at[0] - width / 2.0, y: wish.at[1] - height / 2.0 + aside, width, height }
}

fn inside(area: &Rect, place: &Rect) -> bool {
    area.contains(place.x, place.y) && area.contains(place.x + place.width, place.y + place.height)
}

fn overlap(a: &Rect, b: &Rect) -> bool {
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const AREA: Rect = Rect { x: 100.0, y: 0.0, width: 600.0, height: 400.0 };

    proptest! {
        #[test]
        fn names_lie_within_the_area_and_none_over_another(
            wishes in prop::collection::vec(
                prop::option::of((prop::array::uniform2(0f32..700.0), prop::array::uniform2(8f32..120.0))), 0..40),
            before in prop::collection::vec(prop::option::of(0usize..9), 0..40),
        ) {
            let wishes: Vec<Option<Wish>> = wishes.into_iter().map(|w| w.map(|(at, size)| Wish { at, size })).collect();
            let steps = float(&wishes, &AREA, &before);
            prop_assert_eq!(steps.len(), wishes.len());
            let placed: Vec<Rect> =
                wishes.iter().zip(&steps).filter_map(|(w, s)| Some(covers(w.as_ref()?, (*s)?))).collect();
            prop_assert!(placed.iter().all(|place| inside(&AREA, place)));
            for (k, a) in placed.iter().enumerate() {
                prop_assert!(placed[..k].iter().all(|b| !overlap(a, b)));
            }
        }
    }

    #[test]
    fn a_name_at_the_edge_is_moved_in_and_one_beyond_it_is_not_there() {
        assert_eq!(wish([690.0, 50.0], [80.0, 16.0], &AREA).unwrap().at, [660.0, 50.0]);
        assert_eq!(wish([300.0, 50.0], [80.0, 16.0], &AREA).unwrap().at, [300.0, 50.0]);
        assert_eq!(wish([701.0, 50.0], [80.0, 16.0], &AREA), None);
        assert_eq!(wish([300.0, 50.0], [800.0, 16.0], &AREA), None);
    }

    #[test]
    fn the_first_has_its_place_the_next_steps_aside_and_stays_there_while_it_can() {
        let at = |x: f32, y: f32| Some(Wish { at: [x, y], size: [80.0, 16.0] });
        assert_eq!(float(&[at(300.0, 200.0), at(310.0, 204.0), None], &AREA, &[]), [Some(0), Some(2), None]);
        assert_eq!(
            float(&[at(300.0, 100.0), at(310.0, 204.0)], &AREA, &[Some(0), Some(2)]),
            [Some(0), Some(2)]
        );
        assert_eq!(float(&[at(100.0, 200.0)], &AREA, &[]), [None]);
    }
}

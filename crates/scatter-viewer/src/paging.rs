//! Which sprite pages are on the graphics device: those that are looked at, within a fixed number of places.

use std::collections::BTreeMap;

use crate::camera::{Lens, Rect};
use crate::picking::{Cloud, Footprint};
use crate::sight::Sight;
use crate::tree::Search;

/// How much more a page that is there counts than one that is not: a small step back and forth fetches nothing.
const LOYALTY: f32 = 1.5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Absent,
    Coming,
    /// It is put on the device piece by piece.
    Landing(Place),
    There {
        layer: usize,
    },
    Failed,
}

/// What becomes of a page that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Where it goes.
    pub layer: usize,
    /// The page that was there.
    pub instead_of: Option<usize>,
    /// Another number for each page that comes.
    turn: u64,
}

/// The pages and the places for them.
#[derive(Debug, Clone, Default)]
pub struct Paging {
    states: Vec<State>,
    layers: Vec<Option<usize>>,
    /// Wanted pages, the most wanted first; no more than there are places.
    wishes: Vec<usize>,
    /// When each page was wanted last.
    wanted: Vec<u64>,
    clock: u64,
    turns: u64,
}

impl Paging {
    /// `pages` that are not there, and places for `room` of them.
    pub fn new(pages: usize, room: usize) -> Self {
        let states = vec![State::Absent; pages];
        let mut paging =
            Self { states, layers: vec![None; room.min(pages)], wanted: vec![0; pages], ..Self::default() };
        paging.wish(&BTreeMap::new());
        paging
    }

    /// Whether there is a place for every page.
    pub fn fits(&self) -> bool {
        self.layers.len() >= self.states.len()
    }

    /// Takes what is looked at: how large each page's tiles are on the screen, in square pixels. Where all pages fit, the
    /// others are wanted after those.
    pub fn wish(&mut self, seen: &BTreeMap<usize, f32>) {
        self.clock += 1;
        let weight = |page: usize| {
            let there = matches!(self.states[page], State::There { .. });
            seen.get(&page).copied().unwrap_or(0.0) * if there { LOYALTY } else { 1.0 }
        };
        let mut wishes: Vec<(f32, usize)> = match self.fits() {
            true => (0..self.states.len()).map(|page| (weight(page), page)).collect(),
            false => seen
                .keys()
                .filter(|&&page| page < self.states.len())
                .map(|&page| (weight(page), page))
                .collect(),
        };
        wishes.retain(|&(_, page)| self.states[page] != State::Failed);
        wishes.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        self.wishes = wishes.into_iter().map(|(_, page)| page).take(self.layers.len()).collect();
        for &page in &self.wishes {
            self.wanted[page] = self.clock;
        }
    }

    /// The page to fetch next, while fewer than `most` are on their way.
    pub fn next(&mut self, most: usize) -> Option<usize> {
        if self.coming() >= most {
            return None;
        }
        let page = self.wishes.iter().copied().find(|&page| self.states[page] == State::Absent)?;
        self.states[page] = State::Coming;
        Some(page)
    }

    /// A page came. Where it goes, or nothing: then nobody looks at it any more. It is there once it has [`Paging::landed`].
    pub fn came(&mut self, page: usize) -> Option<Place> {
        if self.states.get(page) != Some(&State::Coming) {
            return None;
        }
        self.states[page] = State::Absent;
        let free = self.layers.iter().position(Option::is_none);
        let goes =
            |page: usize| matches!(self.states[page], State::There { .. }) && !self.wishes.contains(&page);
        let layer = match free {
            Some(layer) => layer,
            None if !self.wishes.contains(&page) => return None,
            // Of those that nobody looks at, the one that was looked at longest ago.
            None => (0..self.layers.len())
                .filter(|&layer| self.layers[layer].is_some_and(goes))
                .min_by_key(|&layer| self.layers[layer].map_or(0, |page| self.wanted[page]))?,
        };
        let instead_of = self.layers[layer].replace(page);
        if let Some(other) = instead_of {
            self.states[other] = State::Absent;
        }
        self.turns += 1;
        let place = Place { layer, instead_of, turn: self.turns };
        self.states[page] = State::Landing(place);
        Some(place)
    }

    /// Whether `page` still goes to `place`: all places may be lost meanwhile.
    pub fn lands(&self, page: usize, place: Place) -> bool {
        self.states.get(page) == Some(&State::Landing(place))
    }

    /// All of `page` is on the device.
    pub fn landed(&mut self, page: usize) {
        if let Some(state) = self.states.get_mut(page)
            && let State::Landing(Place { layer, .. }) = *state
        {
            *state = State::There { layer };
        }
    }

    /// A page cannot be had.
    pub fn failed(&mut self, page: usize) {
        let Some(state) = self.states.get_mut(page) else { return };
        if let State::There { layer } | State::Landing(Place { layer, .. }) = *state {
            self.layers[layer] = None;
        }
        *state = State::Failed;
        self.wishes.retain(|&wish| wish != page);
    }

    /// Nothing is on the device any more; what was wanted still is.
    pub fn lost(&mut self, room: usize) {
        for state in &mut self.states {
            if *state != State::Failed {
                *state = State::Absent;
            }
        }
        self.layers = vec![None; room.min(self.states.len())];
        self.wishes.truncate(room);
    }

    /// Number of pages on their way.
    pub fn coming(&self) -> usize {
        self.states.iter().filter(|state| matches!(state, State::Coming | State::Landing(_))).count()
    }

    /// Whether a wanted page is neither there nor past hope.
    pub fn waits(&self) -> bool {
        self.wishes.iter().any(|&page| !matches!(self.states[page], State::There { .. } | State::Failed))
    }

    /// Whether no page can be had.
    pub fn all_failed(&self) -> bool {
        self.states.iter().all(|&state| state == State::Failed)
    }

    /// The pages that are there, ascending.
    pub fn there(&self) -> Vec<usize> {
        let there = |&page: &usize| matches!(self.states[page], State::There { .. });
        (0..self.states.len()).filter(there).collect()
    }
}

/// Points that are looked at for the pages that are seen: the nearest ones. What lies behind so many is covered by them.
const MOST_POINTS: usize = 20_000;

/// How large the tiles of each page are on `screen`, in square CSS pixels, of points at least `least` pixels wide. A page
/// holds `per_page` tiles.
pub fn seen_pages(
    cloud: &Cloud<'_>,
    (lens, footprint): (&Lens, &Footprint),
    screen: &Rect,
    least: f32,
    per_page: usize,
) -> BTreeMap<usize, f32> {
    let mut look =
        Look { cloud, lens, footprint, screen, least, per_page, left: MOST_POINTS, pages: BTreeMap::new() };
    if let Some(tree) = cloud.tree {
        tree.search(lens, &mut look);
    }
    look.pages
}

struct Look<'a> {
    cloud: &'a Cloud<'a>,
    lens: &'a Lens,
    footprint: &'a Footprint,
    screen: &'a Rect,
    least: f32,
    per_page: usize,
    left: usize,
    pages: BTreeMap<usize, f32>,
}

impl Search for Look<'_> {
    fn enters(&self, sight: &Sight) -> bool {
        let [x, _] = self.cloud.farthest_reach(self.lens, self.footprint, sight.depth[0]);
        self.left > 0 && 2.0 * x >= self.least && sight.touches(self.screen)
    }

    fn looks(&mut self, block: &[u32]) {
        self.left = self.left.saturating_sub(block.len());
        for index in block.iter().map(|&index| index as usize) {
            let Some(seen) = self.cloud.seen(self.lens, index) else { continue };
            let width = self.cloud.width(self.lens, self.footprint, index, seen.depth);
            if width >= self.least && self.screen.contains(seen.x, seen.y) {
                *self.pages.entry(index / self.per_page.max(1)).or_default() += width * width;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::camera::{Camera, Pose};
    use crate::point_set::PointSet;
    use crate::tree::Tree;

    fn seen(pages: &[(usize, f32)]) -> BTreeMap<usize, f32> {
        pages.iter().copied().collect()
    }

    /// Fetches what is wanted until nothing more is. The pages that came.
    fn settle(paging: &mut Paging) -> Vec<usize> {
        let mut came = Vec::new();
        while let Some(page) = paging.next(2) {
            let place = paging.came(page).unwrap();
            assert!(paging.lands(page, place) && !paging.there().contains(&page) && paging.waits());
            paging.landed(page);
            assert!(!paging.lands(page, place) && paging.there().contains(&page));
            came.push(page);
        }
        came
    }

    #[test]
    fn what_fits_comes_all_and_what_is_seen_comes_first() {
        let mut paging = Paging::new(4, 9);
        paging.wish(&seen(&[(2, 50.0), (3, 10.0)]));
        assert_eq!(settle(&mut paging), [2, 3, 0, 1]);
        assert!(!paging.waits());
    }

    #[test]
    fn what_does_not_fit_comes_only_when_it_is_seen_and_the_longest_unseen_goes() {
        let mut paging = Paging::new(10, 3);
        assert_eq!(settle(&mut paging), [0usize; 0]);
        for (looked_at, came, there) in [
            (vec![(7, 1.0), (8, 2.0)], vec![8, 7], vec![7, 8]),
            (vec![(1, 1.0)], vec![1], vec![1, 7, 8]),
            (vec![(1, 1.0), (7, 1.0), (2, 0.5)], vec![2], vec![1, 2, 7]),
            // More is seen than there is room for: the largest stay.
            (vec![(1, 1.0), (7, 1.0), (2, 9.0), (4, 1.2)], vec![], vec![1, 2, 7]),
            (vec![(1, 1.0), (7, 1.0), (2, 9.0), (4, 1.6)], vec![4], vec![1, 2, 4]),
        ] {
            paging.wish(&seen(&looked_at));
            assert_eq!(settle(&mut paging), came);
            assert_eq!(paging.there(), there);
        }
    }

    #[test]
    fn a_page_that_comes_too_late_or_fails_takes_no_place() {
        let mut paging = Paging::new(5, 1);
        paging.wish(&seen(&[(3, 1.0)]));
        assert_eq!((paging.next(2), paging.next(2)), (Some(3), None));
        paging.wish(&seen(&[(4, 1.0)]));
        assert_eq!(paging.next(2), Some(4));
        let place = paging.came(4).unwrap();
        assert_eq!((place.layer, place.instead_of), (0, None));
        // What lands stays, whatever comes meanwhile.
        assert_eq!((paging.coming(), paging.came(3), paging.lands(4, place)), (2, None, true));
        paging.landed(4);
        paging.wish(&seen(&[(1, 1.0)]));
        assert_eq!(paging.next(2), Some(1));
        paging.failed(1);
        assert!(!paging.waits() && paging.there() == [4]);
        paging.wish(&seen(&[(1, 1.0)]));
        assert_eq!(paging.next(2), None);
        (0..5).for_each(|page| paging.failed(page));
        assert!(paging.all_failed());
    }

    #[test]
    fn after_a_loss_the_same_pages_come_again() {
        let mut paging = Paging::new(9, 2);
        paging.wish(&seen(&[(3, 1.0), (5, 1.0)]));
        settle(&mut paging);
        paging.lost(2);
        assert_eq!(settle(&mut paging), [3, 5]);
    }

    #[test]
    fn a_page_that_was_landing_when_all_was_lost_lands_there_no_more() {
        let mut paging = Paging::new(9, 2);
        paging.wish(&seen(&[(3, 1.0)]));
        paging.next(2);
        let before = paging.came(3).unwrap();
        paging.lost(2);
        assert!(!paging.lands(3, before));
        assert_eq!(paging.next(2), Some(3));
        let after = paging.came(3).unwrap();
        assert!(!paging.lands(3, before) && paging.lands(3, after));
        paging.failed(3);
        assert!(!paging.lands(3, after) && !paging.waits());
    }

    proptest! {
        #[test]
        fn no_place_holds_two_pages_and_what_is_wanted_most_is_there(
            pages in 1usize..20, room in 1usize..6,
            looks in prop::collection::vec(prop::collection::vec((0usize..20, 1f32..100.0), 0..9), 1..20),
        ) {
            let mut paging = Paging::new(pages, room);
            for look in looks {
                let look = seen(&look);
                paging.wish(&look);
                settle(&mut paging);
                let there = paging.there();
                prop_assert!(there.len() <= room && !paging.waits());
                let mut by_weight: Vec<(usize, f32)> = look.into_iter().filter(|&(page, _)| page < pages).collect();
                by_weight.sort_by(|a, b| b.1.total_cmp(&a.1));
                // Whatever was there before, the heaviest by far is there now.
                if let Some(&(first, weight)) = by_weight.first()
                    && by_weight.get(1).is_none_or(|second| second.1 * LOYALTY < weight)
                {
                    prop_assert!(there.contains(&first));
                }
            }
        }
    }

    #[test]
    fn pages_are_seen_when_the_camera_is_near_their_points_and_not_from_afar() {
        let points: Vec<[f32; 3]> =
            (0..8_000u16).map(|k| [f32::from(k / 100), f32::from(k % 100) * 0.01, 0.0]).collect();
        let (tree, shown) = (Tree::new(&points), PointSet::all(points.len()));
        let cloud = Cloud { points: &points, growth: &[], shown: &shown, tree: Some(&tree) };
        let footprint = Footprint { world: 0.02, smallest: 4.0, largest: 200.0, shape: 1.0 };
        let screen = Rect { x: 0.0, y: 0.0, width: 900.0, height: 700.0 };
        let mut camera = Camera::new(900.0, 700.0);
        camera.face_front();
        camera.frame(&points);
        let pages = |camera: &Camera| seen_pages(&cloud, (&camera.lens(), &footprint), &screen, 11.0, 1_000);
        assert!(pages(&camera).is_empty());
        let pose = camera.pose();
        camera.set_pose(Pose { target: [35.0, 0.5, 0.0], distance: 1.2, ..pose });
        assert_eq!(pages(&camera).into_keys().collect::<Vec<usize>>(), [3]);
    }
}

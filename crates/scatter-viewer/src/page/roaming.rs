//! Moving the focus with the keyboard: to the neighbour that lies where an arrow points, or to the next of the list.

use super::app::App;
use crate::camera::{Pose, Rect};
use crate::mix::Times;
use crate::point_set::PointSet;
use crate::roam::{Direction, Place};
use crate::selection::Join;

/// Pixels from the free area's edge within which a point counts as left behind, and the share of the area's sides that
/// the camera keeps free when it follows.
const EDGE: f32 = 24.0;
const INSET: f32 = 0.25;

impl App {
    /// Goes to the nearest point in `direction`; from nowhere, to the one in the middle.
    pub fn roam(&mut self, direction: Direction) {
        let here = self.focus.or(self.described).and_then(|point| Some((point, self.seen_at(point, None)?)));
        let to = match here {
            Some((point, here)) => {
                let depth = here[2];
                let mut trail = std::mem::take(&mut self.trail);
                let to = trail.step((point, self.flat(here, depth)), direction, self.count(), |k| {
                    self.seen_at(k, Some(depth))
                });
                self.trail = trail;
                to
            }
            None => self.middle(),
        };
        match to {
            Some(point) => self.walk_to(point),
            None => self.tell(&format!("No sound {}", direction.words())),
        }
    }

    /// Goes to the next or previous point in the dataset's order, so that a keyboard alone can hear every sound.
    pub fn walk(&mut self, step: i64) {
        let count = self.count() as i64;
        let from = self.described.map_or(if step > 0 { -1 } else { 0 }, |k| k as i64);
        let steps = (1..=count).map(|k| (from + step * k).rem_euclid(count) as usize);
        // What is hidden is passed by.
        let to = steps.into_iter().find(|&point| self.visible.contains(point));
        to.into_iter().for_each(|point| self.walk_to(point));
    }

    fn walk_to(&mut self, point: usize) {
        self.hovered = Some(point);
        self.preview(point);
        self.focus_on(point);
        self.follow(point);
        (self.ask_frame)();
    }

    /// Plays the point that is described once, or stops it.
    pub fn play_described(&mut self) -> bool {
        let Some(point) = self.described.filter(|&point| self.visible.contains(point)) else { return false };
        self.focus_on(point);
        self.play_focus(Times::Count(1));
        true
    }

    /// Takes `point` into the selection, or out of it. True when it is in it now.
    pub fn toggle_selected(&mut self, point: usize) -> bool {
        let taken = self.selection.points().contains(point);
        self.select(&PointSet::of(self.count(), [point]), if taken { Join::Take } else { Join::Add });
        !taken
    }

    /// Takes the point in focus into the selection, or out of it, and says so.
    pub fn toggle_focus(&mut self) -> bool {
        let Some(point) = self.focus.or(self.described) else { return false };
        let words = if self.toggle_selected(point) { "Selected" } else { "Not selected any more" };
        self.tell(words);
        true
    }

    /// Selects the point in focus where nothing is selected, so that there is something to tag.
    pub fn choose_focus(&mut self) {
        if let Some(point) = self.focus.filter(|_| self.selection.points().is_empty()) {
            self.toggle_selected(point);
        }
    }

    /// Where a point is seen, and how deep: in world units, or in pixels as large as those at `depth`. Nothing of what is
    /// hidden or behind the camera.
    fn seen_at(&self, point: usize, depth: Option<f32>) -> Option<Place> {
        let &place = self.points().get(point).filter(|_| self.visible.contains(point))?;
        let seen = self.lens().project(place)?;
        let here = [seen.x, seen.y, seen.depth];
        Some(depth.map_or(here, |depth| self.flat(here, depth)))
    }

    fn flat(&self, [x, y, deep]: Place, depth: f32) -> Place {
        [x, y, deep * self.lens().scale / depth]
    }

    /// The shown point nearest to the middle of the free area.
    fn middle(&self) -> Option<usize> {
        let [x, y] = self.camera.centre_on_screen();
        let away = |point: usize| self.seen_at(point, None).map(|at| (at[0] - x).hypot(at[1] - y));
        let seen = self.visible.iter().filter_map(|point| Some((away(point)?, point)));
        seen.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, point)| point)
    }

    /// The part of the cloud that neither player nor legend covers.
    pub fn clear_area(&self) -> Rect {
        let mut area = self.camera.free();
        for cover in [&self.tools.player.root, &self.page.legend] {
            let cover = cover.get_bounding_client_rect();
            let (left, top) = (cover.left() as f32, cover.top() as f32);
            if cover.width() == 0.0 {
                continue;
            }
            if left > area.x + EDGE {
                area.width = area.width.min(left - area.x);
            } else if top > area.y + EDGE {
                area.height = area.height.min(top - area.y);
            }
        }
        area
    }

    /// Moves the cloud where `point` is not seen, so that it is.
    fn follow(&mut self, point: usize) {
        let Some(&target) = self.points().get(point) else { return };
        let area = self.clear_area();
        let inner = |share: f32| {
            let (dx, dy) = ((area.width * share).max(EDGE), (area.height * share).max(EDGE));
            [[area.x + dx, area.x + area.width - dx], [area.y + dy, area.y + area.height - dy]]
        };
        let Some(seen) = self.lens().project(target) else {
            return self.fly(Pose { target, ..self.camera.pose() }, true);
        };
        let at = [seen.x, seen.y];
        if inner(0.0).iter().zip(at).all(|([low, high], v)| (*low..=*high).contains(&v)) {
            return;
        }
        let [dx, dy] = [0, 1].map(|axis| {
            let [low, high] = inner(INSET)[axis];
            at[axis].max(low).min(high.max(low)) - at[axis]
        });
        // What lies nearer than what the camera turns around moves farther with it.
        let share = seen.depth / self.camera.distance();
        let mut aside = self.camera.clone();
        aside.pan(dx * share, dy * share);
        self.fly(aside.pose(), true);
    }
}

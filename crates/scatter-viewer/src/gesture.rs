//! Pointers on the cloud (mouse, pen, fingers) become camera moves, boxes, hovers and taps.

/// CSS pixels from the upper left corner of the cloud.
pub type Place = [f32; 2];

/// What a pointer's drag does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drag {
    /// Turns the camera.
    Orbit,
    /// Moves it sideways.
    Pan,
    /// Draws a selection box.
    Box,
    /// Draws an outline, or moves a brush, to select.
    Draw,
    /// Draws a stroke whose points are heard.
    Stroke,
}

/// What the page has to do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Action {
    /// Turn by these pixels.
    Orbit(f32, f32),
    /// Move sideways by these pixels.
    Pan(f32, f32),
    /// Come closer by this factor, towards the place.
    Zoom(f32, Place),
    /// Show a box between two corners.
    BoxDrawn(Place, Place),
    /// Select what lies between two corners.
    BoxDone(Place, Place),
    /// What selects goes on from one place to another.
    Drawn(Place, Place),
    /// It is finished.
    DrawnDone,
    /// A stroke goes on from one place to another.
    StrokeDrawn(Place, Place),
    /// The stroke is finished.
    StrokeDone,
    /// The pointer rests or moves here without dragging.
    Hover(Place),
    /// A click or tap.
    Tap(Place),
}

/// Pixels a pointer may move and still mean a tap: a hand is never quite still.
const STILL: f32 = 6.0;

#[derive(Debug, Clone, Copy)]
struct Pointer {
    id: i32,
    at: Place,
}

/// The pointers that are down.
#[derive(Debug, Default)]
pub struct Gestures {
    down: Vec<Pointer>,
    drag: Option<(Drag, Place)>,
    moved: bool,
}

impl Gestures {
    /// A pointer went down at `at`; alone, it will do `drag`.
    pub fn down(&mut self, id: i32, at: Place, drag: Drag) {
        self.down.retain(|p| p.id != id);
        self.down.push(Pointer { id, at });
        if self.down.len() == 1 {
            self.drag = Some((drag, at));
            self.moved = false;
        } else {
            // A second finger turns the drag into a pinch, and no tap can come of it.
            self.drag = None;
            self.moved = true;
        }
    }

    /// A pointer moved to `at`.
    pub fn moved(&mut self, id: i32, at: Place) -> Vec<Action> {
        let Some(k) = self.down.iter().position(|p| p.id == id) else {
            return if self.down.is_empty() { vec![Action::Hover(at)] } else { Vec::new() };
        };
        let before = self.down[k].at;
        if let (2, Some(other)) = (self.down.len(), self.down.iter().find(|p| p.id != id).map(|p| p.at)) {
            self.down[k].at = at;
            return pinch(before, at, other);
        }
        let Some((drag, from)) = self.drag else {
            self.down[k].at = at;
            return Vec::new();
        };
        if !self.moved && distance(from, at) < STILL {
            return Vec::new();
        }
        self.moved = true;
        self.down[k].at = at;
        let (dx, dy) = (at[0] - before[0], at[1] - before[1]);
        vec![match drag {
            Drag::Orbit => Action::Orbit(dx, dy),
            Drag::Pan => Action::Pan(dx, dy),
            Drag::Box => Action::BoxDrawn(from, at),
            Drag::Draw => Action::Drawn(before, at),
            Drag::Stroke => Action::StrokeDrawn(before, at),
        }]
    }

    /// A pointer went up at `at`.
    pub fn up(&mut self, id: i32, at: Place) -> Vec<Action> {
        let known = self.down.iter().any(|p| p.id == id);
        self.down.retain(|p| p.id != id);
        let drag = if self.down.is_empty() { self.drag.take() } else { None };
        match drag {
            Some((Drag::Box, from)) if known && self.moved => vec![Action::BoxDone(from, at)],
            Some((Drag::Draw, _)) if known && self.moved => vec![Action::DrawnDone],
            Some((Drag::Stroke, _)) if known && self.moved => vec![Action::StrokeDone],
            Some((_, from)) if known && !self.moved => vec![Action::Tap(from)],
            _ => Vec::new(),
        }
    }

    /// Where the only pointer that is down has rested since it came; nothing once it moved or is spent.
    pub fn resting(&self) -> Option<Place> {
        self.drag.filter(|_| self.down.len() == 1 && !self.moved).map(|(_, at)| at)
    }

    /// What the pointers that are down do from now on means nothing any more.
    pub fn spend(&mut self) {
        self.drag = None;
        self.moved = true;
    }

    /// The system took a pointer away; nothing is meant by it. True when something was being drawn.
    pub fn cancel(&mut self, id: i32) -> bool {
        self.down.retain(|p| p.id != id);
        let drawn = matches!(self.drag, Some((Drag::Box | Drag::Draw | Drag::Stroke, _)));
        self.drag = None;
        drawn
    }

    /// Whether no pointer is down.
    pub fn idle(&self) -> bool {
        self.down.is_empty()
    }

    /// Whether a drag is under way, during which nothing is hovered.
    pub fn dragging(&self) -> bool {
        !self.down.is_empty() && self.moved
    }
}

fn pinch(before: Place, at: Place, other: Place) -> Vec<Action> {
    let middle = |p: Place| [(p[0] + other[0]) / 2.0, (p[1] + other[1]) / 2.0];
    let (from, to) = (middle(before), middle(at));
    // Fingers closer than this shake too much to tell a ratio.
    let factor = distance(at, other).max(10.0) / distance(before, other).max(10.0);
    vec![Action::Pan(to[0] - from[0], to[1] - from[1]), Action::Zoom(factor, to)]
}

fn distance(a: Place, b: Place) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_still_press_is_a_tap_and_a_moved_one_is_none() {
        let mut g = Gestures::default();
        g.down(1, [10.0, 10.0], Drag::Orbit);
        assert_eq!(g.moved(1, [12.0, 11.0]), []);
        assert_eq!(g.up(1, [12.0, 11.0]), [Action::Tap([10.0, 10.0])]);
        g.down(1, [10.0, 10.0], Drag::Orbit);
        assert_eq!(g.moved(1, [30.0, 10.0]), [Action::Orbit(20.0, 0.0)]);
        assert_eq!(g.up(1, [30.0, 10.0]), []);
    }

    #[test]
    fn a_box_is_drawn_from_where_it_began_and_done_where_it_ended() {
        let mut g = Gestures::default();
        g.down(1, [5.0, 5.0], Drag::Box);
        g.moved(1, [20.0, 20.0]);
        assert_eq!(g.moved(1, [50.0, 40.0]), [Action::BoxDrawn([5.0, 5.0], [50.0, 40.0])]);
        assert_eq!(g.up(1, [50.0, 40.0]), [Action::BoxDone([5.0, 5.0], [50.0, 40.0])]);
    }

    #[test]
    fn a_stroke_is_told_piece_by_piece_from_where_it_began() {
        let mut g = Gestures::default();
        g.down(1, [5.0, 5.0], Drag::Stroke);
        assert_eq!(g.moved(1, [20.0, 5.0]), [Action::StrokeDrawn([5.0, 5.0], [20.0, 5.0])]);
        assert_eq!(g.moved(1, [20.0, 9.0]), [Action::StrokeDrawn([20.0, 5.0], [20.0, 9.0])]);
        assert_eq!(g.up(1, [20.0, 9.0]), [Action::StrokeDone]);
    }

    #[test]
    fn an_outline_is_told_piece_by_piece_and_a_second_finger_ends_it() {
        let mut g = Gestures::default();
        g.down(1, [5.0, 5.0], Drag::Draw);
        assert_eq!(g.moved(1, [20.0, 5.0]), [Action::Drawn([5.0, 5.0], [20.0, 5.0])]);
        assert_eq!(g.up(1, [20.0, 5.0]), [Action::DrawnDone]);
        g.down(1, [5.0, 5.0], Drag::Draw);
        g.moved(1, [20.0, 5.0]);
        g.down(2, [50.0, 50.0], Drag::Draw);
        assert_eq!((g.up(2, [50.0, 50.0]), g.up(1, [20.0, 5.0])), (vec![], vec![]));
    }

    #[test]
    fn a_finger_that_rested_is_spent_and_one_that_moved_does_not_rest() {
        let mut g = Gestures::default();
        g.down(1, [5.0, 5.0], Drag::Orbit);
        g.moved(1, [7.0, 6.0]);
        assert_eq!(g.resting(), Some([5.0, 5.0]));
        g.spend();
        assert_eq!((g.resting(), g.moved(1, [90.0, 5.0]), g.up(1, [90.0, 5.0])), (None, vec![], vec![]));
        g.down(1, [5.0, 5.0], Drag::Orbit);
        g.moved(1, [30.0, 5.0]);
        assert_eq!(g.resting(), None);
        g.up(1, [30.0, 5.0]);
        g.down(1, [5.0, 5.0], Drag::Orbit);
        g.down(2, [50.0, 5.0], Drag::Orbit);
        assert_eq!(g.resting(), None);
    }

    #[test]
    fn two_fingers_drawing_apart_come_closer_and_never_tap() {
        let mut g = Gestures::default();
        g.down(1, [100.0, 100.0], Drag::Orbit);
        g.down(2, [200.0, 100.0], Drag::Orbit);
        assert_eq!(g.moved(2, [300.0, 100.0]), [Action::Pan(50.0, 0.0), Action::Zoom(2.0, [200.0, 100.0])]);
        assert_eq!(g.up(2, [300.0, 100.0]), []);
        assert_eq!(g.moved(1, [120.0, 100.0]), []);
        assert_eq!(g.up(1, [100.0, 100.0]), []);
    }

    proptest! {
        #[test]
        fn any_order_of_events_ends_with_hovering_once_all_pointers_are_up(
            events in prop::collection::vec((0u8..4, 0i32..3, prop::array::uniform2(0f32..500.0)), 0..60),
        ) {
            let mut g = Gestures::default();
            for (what, id, at) in events {
                match what {
                    0 => g.down(id, at, Drag::Orbit),
                    1 => drop(g.moved(id, at)),
                    2 => drop(g.up(id, at)),
                    _ => drop(g.cancel(id)),
                }
            }
            for id in 0..3 {
                g.up(id, [0.0, 0.0]);
            }
            prop_assert!(!g.dragging() && g.idle());
            prop_assert_eq!(g.moved(9, [1.0, 1.0]), vec![Action::Hover([1.0, 1.0])]);
        }
    }
}

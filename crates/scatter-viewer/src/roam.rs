//! From point to point by arrow keys: the nearest neighbour in a direction of the screen, and the way back.

/// A direction of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Towards smaller x.
    Left,
    /// Towards greater x.
    Right,
    /// Towards smaller y.
    Up,
    /// Towards greater y.
    Down,
}

impl Direction {
    /// The other way.
    pub fn opposite(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }

    /// Its name in a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::Left => "to the left",
            Self::Right => "to the right",
            Self::Up => "above",
            Self::Down => "below",
        }
    }

    /// How far the way from `here` to `there` leads along this direction, and how far to its side.
    fn along(self, here: Place, there: Place) -> (f32, f32) {
        let (dx, dy) = (there[0] - here[0], there[1] - here[1]);
        match self {
            Self::Left => (-dx, dy),
            Self::Right => (dx, dy),
            Self::Up => (-dy, dx),
            Self::Down => (dy, dx),
        }
    }
}

/// Where a point is seen: pixels from the left, from the top, and away from the viewer (as large as sideways ones where the
/// search begins).
pub type Place = [f32; 3];

/// Pixels that lead somewhere: closer points lie in the same place for the eye.
const STEP: f32 = 0.5;
/// How much more than the way along a direction the way to its side and the way into depth count. With 2 the points that are
/// as far as one straight ahead lie on a narrow ellipse, so that an arrow leads where it points; depth is seen less well than
/// places are.
const ASIDE: f32 = 2.0;
const DEEP: f32 = 0.5;
/// Steps back that are remembered.
const MOST: usize = 100;

/// The nearest of `others` in `direction` from `here`: of those within 45° of it, else of all that lie ahead.
pub fn nearest(
    here: Place,
    direction: Direction,
    others: impl Iterator<Item = (usize, Place)>,
) -> Option<usize> {
    let mut best: Option<((bool, f32), usize)> = None;
    for (point, there) in others {
        let (ahead, aside) = direction.along(here, there);
        // Not a number is nowhere.
        if ahead.is_nan() || ahead <= STEP {
            continue;
        }
        let deep = there[2] - here[2];
        let way = ahead * ahead + (ASIDE * aside).powi(2) + (DEEP * deep).powi(2);
        let rank = (aside.abs() > ahead, way);
        if way.is_finite() && best.is_none_or(|(least, _)| rank < least) {
            best = Some((rank, point));
        }
    }
    best.map(|(_, point)| point)
}

/// The way that was come, so that the opposite arrow leads back where it came from.
#[derive(Debug, Clone, Default)]
pub struct Trail {
    steps: Vec<(usize, Direction)>,
    at: Option<usize>,
}

impl Trail {
    /// The point to go to from `from`, seen at `here`; nothing where none lies in `direction`. `place` knows where each of
    /// the `count` points is seen; none of what is hidden or behind the viewer.
    pub fn step(
        &mut self,
        (from, here): (usize, Place),
        direction: Direction,
        count: usize,
        place: impl Fn(usize) -> Option<Place>,
    ) -> Option<usize> {
        if self.at != Some(from) {
            // Something else led here.
            self.steps.clear();
        }
        let back = self.steps.last().filter(|(_, way)| *way == direction.opposite()).map(|(point, _)| *point);
        // A cloud that was turned has another way back.
        let ahead = |&point: &usize| place(point).is_some_and(|there| direction.along(here, there).0 > STEP);
        if let Some(point) = back.filter(ahead) {
            self.steps.pop();
            self.at = Some(point);
            return Some(point);
        }
        let others = (0..count).filter(|&point| point != from);
        let to = nearest(here, direction, others.filter_map(|point| Some((point, place(point)?))))?;
        if self.steps.len() >= MOST {
            self.steps.remove(0);
        }
        self.steps.push((from, direction));
        self.at = Some(to);
        Some(to)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Direction; 4] = [Direction::Left, Direction::Right, Direction::Up, Direction::Down];

    fn cloud() -> impl Strategy<Value = Vec<Place>> {
        prop::collection::vec(prop::array::uniform3(0f32..1000.0), 2..60)
    }

    fn step(trail: &mut Trail, points: &[Place], from: usize, direction: Direction) -> Option<usize> {
        trail.step((from, points[from]), direction, points.len(), |k| points.get(k).copied())
    }

    proptest! {
        #[test]
        fn an_arrow_leads_where_it_points_if_anything_lies_there(points in cloud(), which in any::<prop::sample::Index>()) {
            let from = which.index(points.len());
            for direction in ALL {
                let ahead = |k: usize| direction.along(points[from], points[k]).0;
                let some = (0..points.len()).any(|k| k != from && ahead(k) > STEP);
                let to = step(&mut Trail::default(), &points, from, direction);
                prop_assert_eq!(to.is_some(), some);
                if let Some(to) = to {
                    prop_assert!(ahead(to) > STEP);
                    // Nothing in the cone is both nearer along and nearer to the line, at the same depth or before it.
                    let (far, aside) = direction.along(points[from], points[to]);
                    let better = (0..points.len()).filter(|&k| k != from && k != to).any(|k| {
                        let (a, b) = direction.along(points[from], points[k]);
                        let depth = |k: usize| (points[k][2] - points[from][2]).abs();
                        a > STEP && b.abs() <= a && a < far && b.abs() < aside.abs() && depth(k) < depth(to)
                    });
                    prop_assert!(!better);
                }
            }
        }

        #[test]
        fn the_opposite_arrows_lead_back_all_the_way(
            points in cloud(), which in any::<prop::sample::Index>(), turns in prop::collection::vec(0usize..4, 1..20),
        ) {
            let mut trail = Trail::default();
            let mut at = which.index(points.len());
            let mut way = vec![at];
            let mut taken: Vec<Direction> = Vec::new();
            for turn in turns {
                // A turn back is a step back already.
                if taken.last().is_some_and(|last| last.opposite() == ALL[turn]) {
                    continue;
                }
                if let Some(to) = step(&mut trail, &points, at, ALL[turn]) {
                    (at, _) = (to, taken.push(ALL[turn]));
                    way.push(at);
                }
            }
            while let Some(direction) = taken.pop() {
                way.pop();
                at = step(&mut trail, &points, at, direction.opposite()).unwrap();
                prop_assert_eq!(Some(&at), way.last());
            }
        }

        #[test]
        fn what_is_not_seen_is_passed_by(points in cloud(), hidden in prop::collection::vec(any::<bool>(), 60)) {
            let seen = |k: usize| points.get(k).copied().filter(|_| !hidden[k]);
            for direction in ALL {
                let to = Trail::default().step((0, points[0]), direction, points.len(), seen);
                prop_assert!(to.is_none_or(|to| !hidden[to]));
            }
        }

        #[test]
        fn no_place_is_too_odd_to_be_looked_at(
            points in prop::collection::vec(prop::array::uniform3(any::<f32>()), 1..20),
        ) {
            for direction in ALL {
                let others = points.iter().copied().enumerate().skip(1);
                prop_assert_ne!(nearest(points[0], direction, others), Some(0));
            }
        }
    }

    #[test]
    fn on_a_grid_arrows_go_from_cell_to_cell_and_stop_at_its_edge() {
        let points: Vec<Place> = (0..16u8).map(|k| [k % 4, k / 4, 0].map(|v| f32::from(v) * 50.0)).collect();
        let mut trail = Trail::default();
        let mut go = |from, direction| step(&mut trail, &points, from, direction);
        assert_eq!([go(5, Direction::Right), go(6, Direction::Down)], [Some(6), Some(10)]);
        assert_eq!([go(10, Direction::Left), go(9, Direction::Up)], [Some(9), Some(5)]);
        assert_eq!([go(3, Direction::Right), go(3, Direction::Up), go(12, Direction::Down)], [None; 3]);
    }

    #[test]
    fn of_two_that_are_seen_as_near_the_one_at_the_same_depth_is_next() {
        let points = [[0.0, 0.0, 0.0], [40.0, 0.0, 300.0], [44.0, 0.0, 0.0]];
        assert_eq!(step(&mut Trail::default(), &points, 0, Direction::Right), Some(2));
    }

    #[test]
    fn a_way_that_was_left_is_forgotten() {
        let points = [[0.0, 0.0, 0.0], [100.0, 60.0, 0.0], [60.0, 60.0, 0.0], [150.0, 60.0, 0.0]];
        let mut trail = Trail::default();
        assert_eq!(step(&mut trail, &points, 0, Direction::Right), Some(2));
        // A click led to 1: to its left lies 2, wherever the arrows came from.
        assert_eq!(step(&mut trail, &points, 1, Direction::Left), Some(2));
    }
}

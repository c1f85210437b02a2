//! Which points are told of for long enough that their tiles are worth fetching: of what a pointer passes on its way a page
//! would come for each point, and another would go.

/// Milliseconds that a point must be told of.
const DWELL: f64 = 300.0;

/// Places in which a point can be told of.
pub const POINTS: usize = 4;

/// The points that are told of, place by place.
#[derive(Debug, Clone, Copy, Default)]
pub struct Dwelt {
    /// What was there last that stayed long enough.
    settled: [Option<usize>; POINTS],
    /// What is there now, and since when; nothing before the first look.
    now: Option<[(Option<usize>, f64); POINTS]>,
}

impl Dwelt {
    /// Takes what is told of at `now` milliseconds. In how many something that has come may have settled, if anything has.
    pub fn look(&mut self, points: [Option<usize>; POINTS], now: f64) -> Option<f64> {
        let Some(places) = &mut self.now else {
            // What the page opens with was asked for.
            self.now = Some(points.map(|point| (point, now)));
            self.settled = points;
            return None;
        };
        let mut least = None;
        for ((place, settled), point) in places.iter_mut().zip(&mut self.settled).zip(points) {
            if place.0 != point {
                *place = (point, now);
            }
            let left = DWELL - (now - place.1);
            if *settled == point {
                continue;
            }
            match left > 0.0 {
                true => least = Some(least.map_or(left, |least: f64| least.min(left))),
                false => *settled = point,
            }
        }
        least
    }

    /// The points that have settled; a place keeps its last one until the next has.
    pub fn points(&self) -> [Option<usize>; POINTS] {
        self.settled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_pointer_passes_is_not_dwelt_on_and_what_it_rests_on_is() {
        let mut dwelt = Dwelt::default();
        assert_eq!(dwelt.look([Some(1), None, None, None], 0.0), None);
        assert_eq!(dwelt.points(), [Some(1), None, None, None]);
        // Another point each 16 ms, while the first place stays.
        for k in 0..60u8 {
            let wait = dwelt.look([Some(1), None, Some(k.into()), None], f64::from(k) * 16.0);
            assert_eq!((wait, dwelt.points()[2]), (Some(DWELL), None));
        }
        assert_eq!(dwelt.look([Some(1), None, Some(59), None], 1_144.0), Some(100.0));
        assert_eq!(dwelt.look([Some(1), None, Some(59), None], 1_244.0), None);
        assert_eq!(dwelt.points(), [Some(1), None, Some(59), None]);
        // What was dwelt on stays until the next is.
        assert_eq!(dwelt.look([Some(1), None, None, Some(7)], 1_300.0), Some(DWELL));
        assert_eq!(dwelt.points(), [Some(1), None, Some(59), None]);
        assert_eq!(dwelt.look([Some(1), None, None, Some(7)], 1_600.0), None);
        assert_eq!(dwelt.points(), [Some(1), None, None, Some(7)]);
        // Back before it has settled: nothing changes.
        assert_eq!(dwelt.look([Some(2), None, None, Some(7)], 1_700.0), Some(DWELL));
        assert_eq!(dwelt.look([Some(1), None, None, Some(7)], 1_800.0), None);
    }
}

//! How many of the points are drawn while the cloud moves: as many as a frame has time for. At rest all of them are.

/// Milliseconds that a frame of a moving cloud may take.
const FRAME: f64 = 34.0;
/// A pause between frames that is no measure of how long one takes.
const PAUSE: f64 = 1_500.0;
/// Fewer points are never drawn: below it, something else takes the time.
const LEAST: usize = 8_000;
/// No more points stand behind one that is drawn.
const MOST: usize = 16;

/// A measure of the device, taken from the time between frames.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pace {
    /// Milliseconds that a point takes; 0 before anything was measured.
    cost: f64,
    last: Option<f64>,
}

impl Pace {
    /// The cloud rests: the time to the next frame says nothing.
    pub fn rest(&mut self) {
        self.last = None;
    }

    /// Of how many points one is to be drawn in the frame at `now` milliseconds, where there are `count` and `drawn` were in
    /// the frame before: a power of two.
    pub fn stride(&mut self, now: f64, count: usize, drawn: usize) -> usize {
        let took = self.last.replace(now).map(|last| now - last).filter(|&took| took > 0.0 && took < PAUSE);
        if let Some(took) = took.filter(|_| drawn > 0) {
            let cost = took / drawn as f64;
            // A frame that came in time may have taken less: what is known does not grow by it.
            self.cost = match took > FRAME {
                true if self.cost > 0.0 => (self.cost + cost) / 2.0,
                true => cost,
                false => self.cost.min(cost),
            };
        }
        let mut stride = 1;
        while stride < MOST && count / (stride * 2) >= LEAST && self.cost * (count / stride) as f64 > FRAME {
            stride *= 2;
        }
        stride
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Strides of 40 frames on a device that takes `cost` milliseconds a point, and shows a frame each 16.7 at best.
    fn run(count: usize, cost: f64) -> Vec<usize> {
        let (mut pace, mut now, mut drawn) = (Pace::default(), 0.0, 0);
        let frame = |_| {
            let stride = pace.stride(now, count, drawn);
            drawn = count / stride;
            now += (drawn as f64 * cost).max(16.7);
            stride
        };
        (0..40).map(frame).collect()
    }

    #[test]
    fn a_fast_device_draws_all_and_a_slow_one_what_it_can_without_wavering() {
        assert!(run(1_000_000, 1e-5).iter().all(|&stride| stride == 1));
        let slow = run(1_000_000, 2e-4);
        assert_eq!((slow[0], slow[39]), (1, 8));
        assert!(slow[5..].iter().all(|&stride| stride == 8), "{slow:?}");
        assert!(run(100_000, 1e-2)[5..].iter().all(|&stride| stride == 8));
        assert!(run(9_000, 1e-2).iter().all(|&stride| stride == 1));
    }

    #[test]
    fn one_long_frame_is_forgotten() {
        let mut pace = Pace::default();
        for (now, slow) in [(0.0, false), (17.0, false), (317.0, true)] {
            assert_eq!(pace.stride(now, 100_000, 100_000) > 1, slow);
        }
        assert!(
            (0..20).map(|k| pace.stride(334.0 + f64::from(k) * 17.0, 100_000, 100_000)).last() == Some(1)
        );
        pace.rest();
        assert_eq!(pace.stride(1_200.0, 100_000, 100_000), 1);
    }
}

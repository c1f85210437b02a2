//! The time axis of a recording: which part of it is shown, and what lies where.

use std::ops::Range;

use crate::describe::clock;

/// Shortest time that can be shown, in seconds.
const SHORTEST: f64 = 1.0;
/// Least pixels between two marks of the axis.
const MARK_PIXELS: f64 = 76.0;
/// Seconds between marks that are easy to read: parts and multiples of seconds, minutes, hours.
const STEPS: [f64; 20] = [
    0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0,
    7_200.0, 14_400.0, 21_600.0, 43_200.0,
];

/// A recording's time, and the part of it that is shown. All times in seconds from its beginning.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    whole: f64,
    hop: f64,
    count: usize,
    from: f64,
    to: f64,
}

impl Timeline {
    /// A recording of `whole` seconds with `count` windows, one each `hop` seconds; all of it is shown.
    pub fn new(whole: f64, hop: f64, count: usize) -> Self {
        let whole = whole.max(1e-3);
        Self { whole, hop: hop.max(1e-6), count, from: 0.0, to: whole }
    }

    /// Length of the recording.
    pub fn whole(&self) -> f64 {
        self.whole
    }

    /// What is shown.
    pub fn shown(&self) -> Range<f64> {
        self.from..self.to
    }

    /// The time at `share` (0 to 1) of the axis, within the recording.
    pub fn time(&self, share: f64) -> f64 {
        (self.from + share * (self.to - self.from)).clamp(0.0, self.whole)
    }

    /// Where `time` stands on the axis, as a share: below 0 or above 1 where it is not shown.
    pub fn share(&self, time: f64) -> f64 {
        (time - self.from) / (self.to - self.from)
    }

    /// Shows `factor` times less time around `share` of the axis, which stays where it is.
    pub fn zoom(&mut self, factor: f64, share: f64) {
        let still = self.from + share * (self.to - self.from);
        let length =
            ((self.to - self.from) / factor.clamp(1e-6, 1e6)).clamp(SHORTEST.min(self.whole), self.whole);
        self.place(still - share * length, length);
    }

    /// Moves on by `share` of what is shown.
    pub fn pan(&mut self, share: f64) {
        let length = self.to - self.from;
        self.place(self.from + share * length, length);
    }

    /// Shows the whole recording.
    pub fn show_all(&mut self) {
        (self.from, self.to) = (0.0, self.whole);
    }

    /// Turns the page when `time` is not shown. True when it was turned.
    pub fn follow(&mut self, time: f64) -> bool {
        if (self.from..=self.to).contains(&time) {
            return false;
        }
        self.place(time, self.to - self.from);
        true
    }

    fn place(&mut self, from: f64, length: f64) {
        self.from = from.clamp(0.0, (self.whole - length).max(0.0));
        self.to = (self.from + length).min(self.whole);
    }

    /// The window that begins last before `time`; none where there are none.
    pub fn window(&self, time: f64) -> Option<usize> {
        let last = self.count.checked_sub(1)?;
        Some(((time.max(0.0) / self.hop) as usize).min(last))
    }

    /// The time that belongs to window `index` alone: from its beginning to the next one's.
    pub fn slot(&self, index: usize) -> Range<f64> {
        let from = index as f64 * self.hop;
        let to = if index + 1 >= self.count { self.whole } else { from + self.hop };
        from.min(self.whole)..to.clamp(from.min(self.whole), self.whole)
    }

    /// The windows whose time lies in part between two times, in either order.
    pub fn windows(&self, a: f64, b: f64) -> Range<usize> {
        match (self.window(a.min(b)), self.window(a.max(b))) {
            (Some(first), Some(last)) => first..last + 1,
            _ => 0..0,
        }
    }

    /// Windows at the axis's ends, with fractions.
    pub fn window_range(&self) -> (f64, f64) {
        (self.from / self.hop, self.to / self.hop)
    }

    /// Pixels that a window has on an axis of `width` pixels.
    pub fn window_pixels(&self, width: f64) -> f64 {
        self.hop / (self.to - self.from) * width
    }

    /// The axis's marks on `width` pixels: each with its time and words.
    pub fn marks(&self, width: f64) -> Vec<(f64, String)> {
        let length = self.to - self.from;
        let room = (width / MARK_PIXELS).max(1.0);
        let step = STEPS.into_iter().find(|step| length / step <= room).unwrap_or(86_400.0);
        let first = (self.from / step - 1e-9).ceil().max(0.0);
        let times = (0..=(room as usize + 1)).map(|k| (first + k as f64) * step);
        times.take_while(|time| *time <= self.to + 1e-9).map(|time| (time, words(time, step))).collect()
    }
}

/// A time in words, as exact as the marks are apart.
fn words(time: f64, step: f64) -> String {
    let exact = clock(time);
    let (whole, hundredths) = exact.split_once('.').unwrap_or((&exact, ""));
    if step >= 1.0 { whole.to_owned() } else { format!("{whole}.{}", hundredths.get(..1).unwrap_or("0")) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hour() -> Timeline {
        Timeline::new(3_600.0, 0.48, 7_500)
    }

    #[test]
    fn windows_and_their_time() {
        let line = Timeline::new(10.0, 0.5, 19);
        assert_eq!((line.window(0.0), line.window(0.6), line.window(99.0)), (Some(0), Some(1), Some(18)));
        assert_eq!((line.slot(1), line.slot(18)), (0.5..1.0, 9.0..10.0));
        assert_eq!(line.windows(2.2, 0.6), 1..5);
        assert_eq!(Timeline::new(10.0, 0.5, 0).windows(0.0, 1.0), 0..0);
    }

    #[test]
    fn marks_are_round_and_read_like_a_clock() {
        let words = |line: &Timeline| line.marks(600.0).into_iter().map(|(_, w)| w).collect::<Vec<_>>();
        assert_eq!(words(&hour())[..3], ["0:00", "10:00", "20:00"]);
        let mut close = hour();
        close.zoom(1_800.0, 0.5);
        assert_eq!(words(&close)[..2], ["29:59.0", "29:59.5"]);
    }

    #[test]
    fn the_page_turns_when_the_sound_leaves_it() {
        let mut line = hour();
        line.zoom(360.0, 0.0);
        assert!(!line.follow(9.0) && line.follow(10.5));
        assert_eq!(line.shown(), 10.5..20.5);
        assert!(line.follow(3_599.0));
        assert_eq!(line.shown(), 3_590.0..3_600.0);
    }

    proptest! {
        #[test]
        fn no_gesture_leaves_the_recording_and_zooming_keeps_its_place(
            steps in prop::collection::vec((any::<bool>(), -3f64..3.0, 0f64..1.0), 0..30),
        ) {
            let mut line = hour();
            for (zooms, amount, share) in steps {
                let before = line.time(share);
                match zooms {
                    true => line.zoom(amount.exp2(), share),
                    false => line.pan(amount),
                }
                let shown = line.shown();
                prop_assert!(shown.start >= 0.0 && shown.end <= 3_600.0 + 1e-9);
                prop_assert!(shown.end - shown.start >= SHORTEST - 1e-9);
                // Unless an end of the recording is in the way.
                if zooms && shown.start > 0.0 && shown.end < 3_600.0 {
                    prop_assert!((line.time(share) - before).abs() < 1e-6);
                }
                prop_assert!((line.share(line.time(share)) - share).abs() < 1e-6);
                let marks = line.marks(700.0);
                prop_assert!(!marks.is_empty() && marks.len() <= 11, "{marks:?}");
                prop_assert!(marks.iter().all(|(time, _)| *time >= shown.start - 1e-6 && *time <= shown.end + 1e-6));
            }
        }

        #[test]
        fn every_time_lies_in_the_slot_of_its_window(time in 0f64..3_600.0) {
            let line = hour();
            let slot = line.slot(line.window(time).unwrap());
            prop_assert!(slot.start <= time + 1e-9 && time <= slot.end + 1e-9, "{time} in {slot:?}");
        }
    }
}

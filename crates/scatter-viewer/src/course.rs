//! A voice on the audio clock: when it begins and ends, how loud it is at any moment, and where in its sound it is.
//!
//! Seconds of the clock are those of the audio context; seconds of sound are those of the recording, of which a voice
//! plays `speed` in each second of the clock.

/// Seconds a voice takes to come and to go: short enough to keep an attack, long enough not to click.
pub const FADE: f64 = 0.005;
/// Seconds after which a voice that falls is below a thousandth of its level, where its source may be cut off.
const QUIET: f64 = 7.0 * FADE;
/// Least seconds between the beginnings of two voices of one pointer: a sweep is a row of sounds, not a heap.
pub const SPACING: f64 = 0.012;

/// Seconds from a command to its effect on what sounds already, for loudspeakers that want `latency` seconds at a time.
///
/// Before the audio thread hears of a command it may have rendered another handful, in blocks of 128 samples (8 ms at
/// 16 kHz; measured: 16 ms where the latency is 10). A ramp that begins in what was rendered already would be a click.
pub fn lead(latency: f64) -> f64 {
    const BLOCK: f64 = 0.008;
    (2.0 * latency.max(0.0) + BLOCK).clamp(3.0 * BLOCK, 0.25)
}

/// A point of a gain's course, as `AudioParam` takes it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Event {
    /// The value jumps to this level at this time.
    Set(f64, f64),
    /// The value moves in a line to this level at this time.
    Ramp(f64, f64),
    /// The value falls towards 0 from this time on, with this time constant in seconds.
    Fall(f64, f64),
}

/// One voice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Course {
    begins: f64,
    level: f64,
    speed: f64,
    /// Seconds of sound that were played when the speed last changed, and when that was.
    played: f64,
    since: f64,
    /// Seconds of sound to play; infinite for an endless loop.
    sound: f64,
    /// When the voice was told to fade out.
    leaves: Option<f64>,
    /// Whether its samples come and go by themselves, without its gain.
    soft: bool,
}

impl Course {
    /// A voice that begins at `begins` on the clock and plays `sound` seconds at `speed`, as loud as `level`.
    pub fn new(begins: f64, sound: f64, speed: f64, level: f64) -> Self {
        Self { begins, level, speed, played: 0.0, since: begins, sound, leaves: None, soft: false }
    }

    /// The same of samples that come and go by themselves: it may begin late, or at once, and does not click.
    pub fn soft(self) -> Self {
        Self { soft: true, ..self }
    }

    /// When it begins.
    pub fn begins(&self) -> f64 {
        self.begins
    }

    /// Seconds of sound that it plays, if nobody stops it; infinite for an endless loop.
    pub fn sound(&self) -> f64 {
        self.sound
    }

    /// When it ends; infinite for an endless loop.
    pub fn ends(&self) -> f64 {
        let by_itself = self.since + (self.sound - self.played) / self.speed;
        self.leaves.map_or(by_itself, |at| by_itself.min(at + QUIET))
    }

    /// Seconds of sound played at `now`.
    pub fn played(&self, now: f64) -> f64 {
        let now = now.min(self.ends());
        (self.played + (now - self.since) * self.speed).clamp(0.0, self.sound)
    }

    /// When it will have played `sound` seconds, if nobody stops it.
    pub fn when(&self, sound: f64) -> f64 {
        self.since + (sound - self.played) / self.speed
    }

    /// Whether it is heard at `now`.
    pub fn sounds(&self, now: f64) -> bool {
        (self.begins..self.ends()).contains(&now)
    }

    /// How loud it is at `now`, if nobody stops it.
    pub fn level(&self, now: f64) -> f64 {
        if self.soft {
            return self.level;
        }
        // A sound shorter than two fades comes and goes in its halves.
        let fade = FADE.min((self.ends() - self.begins) / 2.0).max(1e-6);
        let rises = ((now - self.begins) / fade).clamp(0.0, 1.0);
        let falls = ((self.ends() - now) / fade).clamp(0.0, 1.0);
        self.level * rises.min(falls)
    }

    /// The gain's level before anything is told to it.
    pub fn first_level(&self) -> f64 {
        if self.soft { self.level } else { 0.0 }
    }

    /// Everything the gain has to do from the beginning.
    pub fn events(&self) -> Vec<Event> {
        if self.soft {
            return Vec::new();
        }
        let mut events = vec![Event::Set(0.0, self.begins)];
        events.extend(self.rest(self.begins));
        events
    }

    /// What the gain has to do after `at`, where it continues from the level of that moment.
    fn rest(&self, at: f64) -> Vec<Event> {
        let ends = self.ends();
        let fade = FADE.min((ends - self.begins) / 2.0);
        let mut events = Vec::new();
        if at < self.begins + fade {
            events.push(Event::Ramp(self.level(self.begins + fade), self.begins + fade));
        }
        if ends.is_finite() {
            if at < ends - fade {
                events.push(Event::Ramp(self.level(ends - fade), ends - fade));
            }
            events.push(Event::Ramp(0.0, ends));
        }
        events
    }

    /// Ends, told at `now` and heard `lead` seconds later. What the gain has to do instead of what it was told for the time
    /// given and later; nothing where it is gone by then anyway.
    ///
    /// It falls as `setTargetAtTime` lets it: from whatever level it has when the order arrives, so that an order that comes
    /// late, from a page that was kept busy, makes no click (a ramp would begin in the past and be cut short).
    pub fn leave(&mut self, now: f64, lead: f64) -> Option<(f64, Vec<Event>)> {
        let at = now + lead;
        // What ends in that time goes by itself.
        if self.leaves.is_some() || at + QUIET > self.ends() {
            return None;
        }
        let mut events = Vec::new();
        if !self.soft {
            // A ramp to where it is at that moment goes on along the line that it is on.
            events.push(Event::Ramp(self.level(at), at));
        }
        events.push(Event::Fall(at, FADE));
        self.leaves = Some(at);
        Some((at, events))
    }

    /// Whether an order at `now` surely comes before it begins.
    pub fn waits(&self, now: f64, lead: f64) -> bool {
        now + lead < self.begins
    }

    /// When the source of a voice that leaves may be cut off, where the gain was told so by `told`: at once if it waits for its
    /// turn, else when it is silent.
    pub fn silent(&self, told: f64, lead: f64) -> f64 {
        match self.leaves {
            _ if self.waits(told, lead) => told,
            Some(at) => at.max(told) + QUIET,
            None => self.ends(),
        }
    }

    /// Plays at `speed` from `at` on. What the gain has to do instead of what it was told for `at` and later.
    pub fn turn(&mut self, at: f64, speed: f64) -> Option<Vec<Event>> {
        // What ends in the next moment ends as it is: a fade cannot be hurried.
        let left = (self.ends() - at.max(self.begins)) * (self.speed / speed).min(1.0);
        if self.leaves.is_some() || left < 2.0 * FADE {
            return None;
        }
        let level = self.level(at);
        let at_speed = at.max(self.begins);
        self.played = self.played(at_speed);
        self.since = at_speed;
        self.speed = speed;
        if self.soft {
            return Some(Vec::new());
        }
        if at <= self.begins {
            return Some(self.events());
        }
        let mut events = vec![Event::Ramp(level, at)];
        events.extend(self.rest(at));
        Some(events)
    }
}

/// Turns of sounds that follow one another on the clock, at least a pace apart.
#[derive(Debug, Clone, Copy, Default)]
pub struct Turns {
    next: f64,
}

impl Turns {
    /// When the next sound begins, given at `now`; the one after it waits `pace` seconds.
    pub fn take(&mut self, now: f64, pace: f64) -> f64 {
        let when = self.next.max(now);
        self.next = when + pace;
        when
    }

    /// The sound that was to begin at `when` will not: its turn is free.
    pub fn give_back(&mut self, when: f64) {
        self.next = self.next.min(when);
    }

    /// Nobody waits any more.
    pub fn clear(&mut self) {
        self.next = 0.0;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The value of an `AudioParam` of this first level at `now` (Web Audio API, section 1.6.3): between two events in a line
    /// where the second is a ramp, falling after a fall, else held.
    fn value(first: f64, events: &[Event], now: f64) -> f64 {
        let mut level = first;
        for (k, event) in events.iter().enumerate().take_while(|(_, e)| time(e) <= now) {
            let until = events.get(k + 1).map_or(now, |next| time(next).min(now));
            match (*event, events.get(k + 1)) {
                (Event::Fall(at, constant), _) => level *= (-(until - at) / constant).exp(),
                (Event::Set(v, at) | Event::Ramp(v, at), Some(&Event::Ramp(to, end))) if end > at => {
                    level = v + (to - v) * (until - at) / (end - at);
                }
                (Event::Set(v, _) | Event::Ramp(v, _), _) => level = v,
            }
        }
        level
    }

    fn time(event: &Event) -> f64 {
        match *event {
            Event::Set(_, at) | Event::Ramp(_, at) | Event::Fall(at, _) => at,
        }
    }

    /// `cancelScheduledValues(at)`, then `more`, both when the clock of the audio thread says `clock`: what is told for an
    /// earlier time happens then.
    fn replan(events: &mut Vec<Event>, at: f64, more: Vec<Event>, clock: f64) {
        events.retain(|e| time(e) < at);
        events.extend(more.into_iter().map(|event| match event {
            Event::Set(v, at) => Event::Set(v, at.max(clock)),
            Event::Ramp(v, at) => Event::Ramp(v, at.max(clock)),
            Event::Fall(at, constant) => Event::Fall(at.max(clock), constant),
        }));
    }

    #[test]
    fn a_voice_comes_stays_and_goes() {
        let course = Course::new(1.0, 0.96, 1.0, 1.0);
        assert_eq!(
            (course.ends(), course.level(1.0), course.level(1.5), course.level(1.96)),
            (1.96, 0.0, 1.0, 0.0)
        );
        assert!((course.level(1.0 + FADE / 2.0) - 0.5).abs() < 1e-9);
        assert!((course.played(1.5) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn an_endless_voice_ends_when_it_is_told_to() {
        let mut course = Course::new(0.0, f64::INFINITY, 1.0, 1.0);
        assert!(course.ends().is_infinite() && course.sounds(1e6));
        let (at, events) = course.leave(1.75, 0.25).unwrap();
        assert_eq!((at, events), (2.0, vec![Event::Ramp(1.0, 2.0), Event::Fall(2.0, FADE)]));
        assert_eq!(
            (course.ends(), course.silent(1.8, 0.25), course.silent(2.5, 0.25)),
            (2.0 + QUIET, 2.0 + QUIET, 2.5 + QUIET)
        );
        assert_eq!(course.leave(2.001, 0.0), None);
    }

    #[test]
    fn a_soft_voice_is_only_told_to_leave() {
        let mut course = Course::new(1.0, 0.96, 1.0, 0.5).soft();
        assert_eq!((course.first_level(), course.events()), (0.5, vec![]));
        assert_eq!(course.turn(1.2, 2.0), Some(vec![]));
        assert_eq!(course.leave(1.25, 0.05), Some((1.3, vec![Event::Fall(1.3, FADE)])));
        assert!((course.ends() - 1.335).abs() < 1e-12);
    }

    #[test]
    fn a_voice_that_waits_for_its_turn_never_begins_unless_that_is_near() {
        let mut course = Course::new(1.0, 0.96, 1.0, 1.0).soft();
        assert!(course.waits(0.94, 0.05) && !course.waits(0.96, 0.05));
        assert_eq!(course.leave(0.94, 0.05).unwrap().1, [Event::Fall(0.99, FADE)]);
        assert_eq!((course.silent(0.941, 0.05), course.silent(0.96, 0.05)), (0.941, 0.99 + QUIET));
        assert_eq!(course.silent(1.2, 0.05), 1.2 + QUIET);
    }

    #[test]
    fn commands_take_effect_after_what_may_be_rendered_already() {
        assert_eq!((lead(0.0), lead(f64::NAN)), (0.024, 0.024));
        assert!((lead(0.01) - 0.028).abs() < 1e-12);
        assert_eq!(lead(9.0), 0.25);
    }

    #[test]
    fn twice_the_speed_halves_what_is_left() {
        let mut course = Course::new(0.0, 1.0, 1.0, 1.0);
        course.turn(0.5, 2.0);
        assert!((course.ends() - 0.75).abs() < 1e-12);
        assert!((course.played(0.6) - 0.7).abs() < 1e-12);
        assert!((course.when(0.7) - 0.6).abs() < 1e-12 && (course.when(1.0) - course.ends()).abs() < 1e-12);
    }

    #[test]
    fn turns_never_overlap_and_wait_for_nobody_who_is_late() {
        let mut turns = Turns::default();
        assert_eq!(turns.take(1.0, 0.25), 1.0);
        assert_eq!(turns.take(1.0, 0.25), 1.25);
        assert_eq!(turns.take(9.0, 0.25), 9.0);
        assert_eq!(turns.take(9.0, 0.25), 9.25);
        turns.give_back(9.25);
        assert_eq!(turns.take(9.1, 0.25), 9.25);
        turns.clear();
        assert_eq!(turns.take(2.0, 0.25), 2.0);
    }

    proptest! {
        /// Whatever is done when, the gain is never steeper than a fade.
        #[test]
        fn no_order_of_commands_makes_a_click(
            sound in 0.001f64..2.0, soft in any::<bool>(),
            steps in prop::collection::vec((0.0f64..1.2, prop::option::of(0.25f64..4.0)), 0..5),
        ) {
            let mut course = Course::new(0.0, sound, 1.0, 1.0);
            if soft {
                course = course.soft();
            }
            let mut events = course.events();
            let mut times: Vec<_> = steps;
            times.sort_by(|a, b| a.0.total_cmp(&b.0));
            for (now, speed) in times {
                let told = match speed {
                    Some(speed) => course.turn(now + 0.02, speed).map(|events| (now + 0.02, events)),
                    None => course.leave(now, 0.02),
                };
                if let Some((at, more)) = told {
                    replan(&mut events, at, more, now);
                }
            }
            // A fade takes the half of a very short sound.
            let steepest = 1.0 / FADE.min(sound / 2.0);
            let step = 1.0 / 16_000.0;
            let mut last = course.first_level();
            for k in 0..60_000 {
                let now = f64::from(k) * step;
                let level = value(course.first_level(), &events, now);
                prop_assert!((0.0..=1.0 + 1e-9).contains(&level));
                prop_assert!((level - last).abs() <= step * steepest * 1.01 + 1e-9, "{last} to {level} at {now}: {events:?}");
                last = level;
            }
        }

        /// The page reads the clock, is kept busy, and gives its order when the audio thread is far ahead: a clip falls from
        /// where it is, and its source is cut off only where nothing is heard of it any more.
        #[test]
        fn an_order_that_comes_late_makes_no_click(
            begins in 0.0f64..0.05, now in 0.0f64..0.9, late in 0.0f64..0.5, later in 0.0f64..0.024,
        ) {
            let mut course = Course::new(begins, 2.0, 1.0, 1.0).soft();
            let (at, events) = course.leave(now, 0.024).unwrap();
            let mut told = course.events();
            replan(&mut told, at, events, now + late);
            let cut = course.silent(now + late, 0.024).max(now + late + later);
            // The samples themselves come within a fade.
            let heard = |t: f64| ((t - begins) / FADE).clamp(0.0, 1.0) * value(1.0, &told, t);
            prop_assert!(heard(cut) < 1e-3, "cut off at {cut}: {told:?}");
            for k in 0..24_000 {
                let t = f64::from(k) / 16_000.0;
                let step = (heard(t + 1.0 / 16_000.0) - heard(t)).abs();
                prop_assert!(step <= 2.02 / 16_000.0 / FADE, "{step} at {t}: {told:?}");
            }
        }
    }
}

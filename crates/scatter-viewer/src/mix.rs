//! How sounds are played: what the person set on the sound bar. Knows nothing of the browser.

/// How often in a row a clip sounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// This often.
    Count(u32),
    /// Until it is stopped.
    Endless,
}

impl Times {
    /// What the page offers, in the order of its buttons.
    pub const OFFERED: [Self; 5] =
        [Self::Count(1), Self::Count(2), Self::Count(4), Self::Count(8), Self::Endless];

    /// The value of a button.
    pub fn name(self) -> String {
        match self {
            Self::Count(count) => count.to_string(),
            Self::Endless => "endless".to_owned(),
        }
    }

    /// Reads what [`Times::name`] wrote, of what is offered.
    pub fn named(name: &str) -> Option<Self> {
        Self::OFFERED.into_iter().find(|times| times.name() == name)
    }

    /// What the page says while a clip loops.
    pub fn words(self) -> String {
        match self {
            Self::Count(1) => "Playing once. Click again to stop.".to_owned(),
            Self::Count(2) => "Looping twice. Click again to stop.".to_owned(),
            Self::Count(4) => "Looping four times. Click again to stop.".to_owned(),
            Self::Count(8) => "Looping eight times. Click again to stop.".to_owned(),
            Self::Count(n) => format!("Looping {n} times. Click again to stop."),
            Self::Endless => "Looping until you click again.".to_owned(),
        }
    }
}

/// Speeds that are offered: two octaves down to two octaves up.
pub const SPEEDS: (f32, f32) = (0.25, 4.0);
/// Seconds between the beginnings of two sounds of a stroke.
pub const PACES: (f32, f32) = (0.05, 1.0);

/// Volume, speed and the rest, as the page shows them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mix {
    /// Place of the volume's slider, 0 to 1.
    pub volume: f32,
    /// Whether nothing is heard, whatever the volume.
    pub muted: bool,
    /// Speed of playing; pitch follows. 1 is as recorded.
    pub speed: f32,
    /// Whether a sound comes from the side where its point is seen.
    pub by_place: bool,
    /// How often a clicked clip sounds.
    pub loops: Times,
    /// Seconds between the beginnings of two sounds of a stroke.
    pub pace: f32,
}

impl Default for Mix {
    fn default() -> Self {
        Self { volume: 1.0, muted: false, speed: 1.0, by_place: true, loops: Times::Count(4), pace: 0.2 }
    }
}

impl Mix {
    /// A text to keep: `volume=0.5 muted=no semitones=-12 place=yes loops=4 pace=0.2`.
    pub fn written(&self) -> String {
        let word = |yes: bool| if yes { "yes" } else { "no" };
        let (volume, semitones, pace) = (self.volume, self.semitones(), self.pace);
        let (muted, place, loops) = (word(self.muted), word(self.by_place), self.loops.name());
        format!("volume={volume} muted={muted} semitones={semitones} place={place} loops={loops} pace={pace}")
    }

    /// Reads what [`Mix::written`] wrote. What is missing or is nothing of the kind is as it is at first.
    pub fn read(text: &str) -> Self {
        let mut mix = Self::default();
        for (key, value) in text.split(' ').filter_map(|pair| pair.split_once('=')) {
            let number = || value.parse::<f32>().ok().filter(|v| v.is_finite());
            match key {
                "volume" => mix.volume = number().unwrap_or(mix.volume).clamp(0.0, 1.0),
                "muted" => mix.muted = value == "yes",
                "semitones" => mix.set_semitones(number().unwrap_or(0.0)),
                "place" => mix.by_place = value != "no",
                "loops" => mix.loops = Times::named(value).unwrap_or(mix.loops),
                "pace" => mix.set_pace(number().unwrap_or(mix.pace)),
                _ => {}
            }
        }
        mix
    }

    /// What samples are multiplied by. The cube of the slider's place: half way down is 18 dB less, which is heard as
    /// about a third as loud, so that every part of the slider's way does as much.
    pub fn gain(&self) -> f32 {
        if self.muted { 0.0 } else { self.volume.clamp(0.0, 1.0).powi(3) }
    }

    /// Sets the speed from its slider, which counts semitones.
    pub fn set_semitones(&mut self, semitones: f32) {
        let speed = if semitones.is_finite() { (semitones / 12.0).exp2() } else { 1.0 };
        self.speed = speed.clamp(SPEEDS.0, SPEEDS.1);
    }

    /// Sets the pace of a stroke in seconds.
    pub fn set_pace(&mut self, seconds: f32) {
        self.pace = if seconds.is_finite() { seconds.clamp(PACES.0, PACES.1) } else { Self::default().pace };
    }

    /// Level of one of a stroke's sounds of `seconds` that begin a pace apart: as many as overlap have together the power
    /// of one.
    pub fn stroke_level(&self, seconds: f64) -> f32 {
        let together = seconds / f64::from(self.speed) / f64::from(self.pace);
        (1.0 / together.max(1.0)).sqrt() as f32
    }

    /// The place of the speed's slider.
    pub fn semitones(&self) -> f32 {
        (self.speed.log2() * 12.0).round()
    }

    /// The speed in words: `×0.5`.
    pub fn speed_words(&self) -> String {
        let text = format!("{:.2}", self.speed);
        format!("×{}", text.trim_end_matches('0').trim_end_matches('.'))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_offered_count_has_a_button_and_words_of_its_own() {
        for times in Times::OFFERED {
            assert_eq!(Times::named(&times.name()), Some(times));
        }
        let words: std::collections::BTreeSet<_> = Times::OFFERED.map(Times::words).into_iter().collect();
        assert_eq!(words.len(), 5);
        assert_eq!((Times::named("3"), Times::named("")), (None, None));
    }

    #[test]
    fn half_the_slider_is_18_decibels_and_mute_is_silence() {
        let mut mix = Mix { volume: 0.5, ..Mix::default() };
        assert!((20.0 * mix.gain().log10() + 18.06).abs() < 0.01);
        mix.muted = true;
        assert_eq!(mix.gain(), 0.0);
    }

    #[test]
    fn four_sounds_at_once_are_as_loud_as_one() {
        let mix = Mix { pace: 0.24, ..Mix::default() };
        assert!((mix.stroke_level(0.96) - 0.5).abs() < 1e-6);
        assert_eq!(Mix { pace: 1.0, ..mix }.stroke_level(0.96), 1.0);
    }

    proptest! {
        #[test]
        fn what_is_kept_is_read_as_it_was(
            volume in 0f32..=1.0, semitones in -24i8..=24, pace in PACES.0..=PACES.1, (muted, by_place) in any::<(bool, bool)>(),
            loops in prop::sample::select(Times::OFFERED.to_vec()),
        ) {
            let mut mix = Mix { volume, muted, by_place, loops, pace, ..Mix::default() };
            mix.set_semitones(f32::from(semitones));
            prop_assert_eq!(Mix::read(&mix.written()), mix);
        }

        #[test]
        fn whatever_is_kept_is_something_that_the_bar_can_show(text in "((volume|muted|semitones|place|loops|pace|x)=[-0-9.a-zN]{0,9} ?){0,8}|\\PC{0,40}") {
            let mix = Mix::read(&text);
            prop_assert!((SPEEDS.0..=SPEEDS.1).contains(&mix.speed) && (PACES.0..=PACES.1).contains(&mix.pace));
            prop_assert!((0.0..=1.0).contains(&mix.volume));
        }

        #[test]
        fn no_slider_leaves_the_range(semitones: f32, seconds: f32, volume: f32) {
            let mut mix = Mix { volume, ..Mix::default() };
            mix.set_semitones(semitones);
            mix.set_pace(seconds);
            prop_assert!((SPEEDS.0..=SPEEDS.1).contains(&mix.speed));
            prop_assert!((PACES.0..=PACES.1).contains(&mix.pace));
            prop_assert!(volume.is_nan() || (0.0..=1.0).contains(&mix.gain()));
        }
    }
}

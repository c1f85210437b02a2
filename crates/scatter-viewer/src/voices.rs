//! Who plays: at most one voice for the pointer and one that loops. Knows nothing of the browser.

/// Times a clicked clip sounds.
pub const LOOPS: u32 = 4;

/// Names one sounding voice; never used twice.
pub type VoiceId = u64;

/// What the sound output has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Play the clip of `point`, `times` in a row without a gap.
    Start {
        /// Name of the new voice.
        voice: VoiceId,
        /// The point whose clip it is.
        point: usize,
        /// How often in a row.
        times: u32,
    },
    /// Fade `voice` out.
    Stop {
        /// The voice.
        voice: VoiceId,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Voice {
    id: VoiceId,
    point: usize,
}

/// The voices that sound now.
#[derive(Debug, Default)]
pub struct Voices {
    hover: Option<Voice>,
    looping: Option<Voice>,
    used: VoiceId,
}

impl Voices {
    /// The pointer came to `point`, or a selection plays it: the hover voice is replaced.
    ///
    /// A point that loops already needs no second voice.
    pub fn hover(&mut self, point: usize) -> Vec<Command> {
        let mut commands = stop(self.hover.take());
        if self.looping.is_none_or(|v| v.point != point) {
            let voice = self.voice(point);
            self.hover = Some(voice);
            commands.push(Command::Start { voice: voice.id, point, times: 1 });
        }
        commands
    }

    /// A click on `point`: loops it, or ends its loop.
    pub fn click(&mut self, point: usize) -> Vec<Command> {
        let looped = self.looping.take();
        let mut commands = stop(self.hover.take());
        commands.extend(stop(looped));
        if looped.is_none_or(|v| v.point != point) {
            let voice = self.voice(point);
            self.looping = Some(voice);
            commands.push(Command::Start { voice: voice.id, point, times: LOOPS });
        }
        commands
    }

    /// A voice came to its end by itself.
    pub fn ended(&mut self, voice: VoiceId) {
        self.hover = self.hover.filter(|v| v.id != voice);
        self.looping = self.looping.filter(|v| v.id != voice);
    }

    /// Silence.
    pub fn stop_all(&mut self) -> Vec<Command> {
        [self.hover.take(), self.looping.take()].into_iter().flat_map(stop).collect()
    }

    /// The point that loops.
    pub fn looping(&self) -> Option<usize> {
        self.looping.map(|v| v.point)
    }

    fn voice(&mut self, point: usize) -> Voice {
        self.used += 1;
        Voice { id: self.used, point }
    }
}

fn stop(voice: Option<Voice>) -> Vec<Command> {
    voice.map(|v| Command::Stop { voice: v.id }).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn point_0_plays_and_the_next_point_replaces_it() {
        let mut voices = Voices::default();
        assert_eq!(voices.hover(0), [Command::Start { voice: 1, point: 0, times: 1 }]);
        assert_eq!(
            voices.hover(7),
            [Command::Stop { voice: 1 }, Command::Start { voice: 2, point: 7, times: 1 }]
        );
    }

    #[test]
    fn a_click_loops_four_times_and_the_second_click_stops() {
        let mut voices = Voices::default();
        assert_eq!(voices.click(3), [Command::Start { voice: 1, point: 3, times: 4 }]);
        assert_eq!(voices.looping(), Some(3));
        assert_eq!(voices.click(3), [Command::Stop { voice: 1 }]);
        assert_eq!(voices.looping(), None);
        assert_eq!(voices.click(3), [Command::Start { voice: 2, point: 3, times: 4 }]);
    }

    #[test]
    fn a_loop_that_ended_by_itself_begins_again_on_the_next_click() {
        let mut voices = Voices::default();
        voices.click(3);
        voices.ended(1);
        assert_eq!(voices.click(3), [Command::Start { voice: 2, point: 3, times: 4 }]);
    }

    proptest! {
        #[test]
        fn never_more_than_two_voices_sound_and_escape_silences_all(
            steps in prop::collection::vec((0u8..3, 0usize..4), 0..60),
        ) {
            let mut voices = Voices::default();
            let mut sounding = HashSet::new();
            for (what, point) in steps {
                let commands = match what {
                    0 => voices.hover(point),
                    1 => voices.click(point),
                    _ => {
                        if let Some(&voice) = sounding.iter().min() {
                            sounding.remove(&voice);
                            voices.ended(voice);
                        }
                        Vec::new()
                    }
                };
                for command in commands {
                    match command {
                        Command::Start { voice, .. } => prop_assert!(sounding.insert(voice)),
                        Command::Stop { voice } => prop_assert!(sounding.remove(&voice)),
                    }
                }
                prop_assert!(sounding.len() <= 2);
            }
            for command in voices.stop_all() {
                let stopped = matches!(command, Command::Stop { voice } if sounding.remove(&voice));
                prop_assert!(stopped);
            }
            prop_assert!(sounding.is_empty());
        }
    }
}

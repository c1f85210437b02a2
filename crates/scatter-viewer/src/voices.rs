//! Who plays: one voice for the pointer, one that loops, those of a stroke, one for the tape. Knows nothing of the browser.

use std::collections::VecDeque;

use crate::mix::Times;

/// Names one sounding voice; never used twice.
pub type VoiceId = u64;

/// Most sounds of a stroke that wait for their turn.
pub const LONGEST_RUN: usize = 512;

/// Sounds of a line that are handed over before their turn: enough that a late frame makes no gap.
const AHEAD: usize = 16;

/// What the sound output has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Play.
    Start {
        /// Name of the new voice.
        voice: VoiceId,
        /// What it plays.
        what: What,
        /// How often in a row, without a gap.
        times: Times,
        /// Whether it waits for the sounds of the stroke before it.
        in_turn: bool,
    },
    /// Fade `voice` out.
    Stop {
        /// The voice.
        voice: VoiceId,
    },
}

/// What a voice plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The clip of a point.
    Clip(usize),
    /// The whole sound from this sample on.
    From(u64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Voice {
    id: VoiceId,
    what: What,
}

impl Voice {
    fn point(&self) -> Option<usize> {
        match self.what {
            What::Clip(point) => Some(point),
            What::From(_) => None,
        }
    }
}

/// The voices that sound now, or wait for their turn.
#[derive(Debug, Default)]
pub struct Voices {
    hover: Option<Voice>,
    looping: Option<Voice>,
    tape: Option<Voice>,
    run: Vec<Voice>,
    /// Points that come after the run, however many.
    line: VecDeque<usize>,
    used: VoiceId,
}

impl Voices {
    /// The pointer came to `point`, or a selection plays it: the hover voice is replaced.
    ///
    /// A point that loops already needs no second voice, and a stroke or the tape is not talked over.
    pub fn hover(&mut self, point: usize) -> Vec<Command> {
        let mut commands = stop(self.hover.take());
        let heard = self.looping.is_some_and(|v| v.what == What::Clip(point));
        if !heard && self.run.is_empty() && self.tape.is_none() {
            let voice = self.voice(What::Clip(point));
            self.hover = Some(voice);
            commands.push(start(voice, Times::Count(1), false));
        }
        commands
    }

    /// A click on `point`: plays it `times`, or ends that.
    pub fn click(&mut self, point: usize, times: Times) -> Vec<Command> {
        let looped = self.looping;
        let mut commands = self.stop_all();
        if looped.is_none_or(|v| v.what != What::Clip(point)) {
            let voice = self.voice(What::Clip(point));
            self.looping = Some(voice);
            commands.push(start(voice, times, false));
        }
        commands
    }

    /// A stroke begins: what sounded of the one before stops. A loop goes on below it.
    pub fn begin_run(&mut self) -> Vec<Command> {
        self.line.clear();
        let gone = self.hover.take().into_iter().chain(self.tape.take()).chain(self.run.drain(..));
        gone.map(|v| Command::Stop { voice: v.id }).collect()
    }

    /// The stroke met `points`: each plays once, in their order, after those before it.
    pub fn run(&mut self, points: &[usize]) -> Vec<Command> {
        let room = LONGEST_RUN.saturating_sub(self.run.len());
        let mut commands = Vec::new();
        for &point in points.iter().take(room) {
            let voice = self.voice(What::Clip(point));
            self.run.push(voice);
            commands.push(start(voice, Times::Count(1), true));
        }
        commands
    }

    /// Lets `points` play one after another, however many: [`Voices::next_of_line`] begins the next ones.
    pub fn line_up(&mut self, points: &[usize]) {
        self.line = points.iter().copied().collect();
    }

    /// Begins as many of the line as should wait for their turn.
    pub fn next_of_line(&mut self) -> Vec<Command> {
        let room = AHEAD.saturating_sub(self.run.len()).min(self.line.len());
        let points: Vec<usize> = self.line.drain(..room).collect();
        self.run(&points)
    }

    /// Whether anything of a stroke or a line sounds or waits.
    pub fn runs(&self) -> bool {
        !self.run.is_empty() || !self.line.is_empty()
    }

    /// Plays the whole sound from `sample` on; all else is silent.
    pub fn tape(&mut self, sample: u64) -> Vec<Command> {
        let mut commands = self.stop_all();
        let voice = self.voice(What::From(sample));
        self.tape = Some(voice);
        commands.push(start(voice, Times::Count(1), false));
        commands
    }

    /// A voice came to its end by itself.
    pub fn ended(&mut self, voice: VoiceId) {
        for place in [&mut self.hover, &mut self.looping, &mut self.tape] {
            *place = place.filter(|v| v.id != voice);
        }
        self.run.retain(|v| v.id != voice);
    }

    /// Silence.
    pub fn stop_all(&mut self) -> Vec<Command> {
        self.line.clear();
        let single = [self.hover.take(), self.looping.take(), self.tape.take()];
        let gone = single.into_iter().flatten().chain(self.run.drain(..));
        gone.map(|v| Command::Stop { voice: v.id }).collect()
    }

    /// The point that loops.
    pub fn looping(&self) -> Option<usize> {
        self.looping.and_then(|v| v.point())
    }

    /// The voice of the tape.
    pub fn tape_voice(&self) -> Option<VoiceId> {
        self.tape.map(|v| v.id)
    }

    /// The voice that plays `point` by itself: the loop, else the pointer's.
    pub fn voice_of(&self, point: usize) -> Option<VoiceId> {
        let of = |v: &Option<Voice>| v.filter(|v| v.what == What::Clip(point)).map(|v| v.id);
        of(&self.looping).or_else(|| of(&self.hover))
    }

    /// The voices of the stroke, in turn, with their points.
    pub fn run_voices(&self) -> impl Iterator<Item = (VoiceId, usize)> + '_ {
        self.run.iter().filter_map(|v| Some((v.id, v.point()?)))
    }

    /// Whether anything sounds or waits.
    pub fn any(&self) -> bool {
        self.hover.is_some() || self.looping.is_some() || self.tape.is_some() || self.runs()
    }

    fn voice(&mut self, what: What) -> Voice {
        self.used += 1;
        Voice { id: self.used, what }
    }
}

fn start(voice: Voice, times: Times, in_turn: bool) -> Command {
    Command::Start { voice: voice.id, what: voice.what, times, in_turn }
}

fn stop(voice: Option<Voice>) -> Vec<Command> {
    voice.map(|v| Command::Stop { voice: v.id }).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    const FOUR: Times = Times::Count(4);

    fn plays(voice: VoiceId, point: usize, times: Times) -> Command {
        Command::Start { voice, what: What::Clip(point), times, in_turn: false }
    }

    #[test]
    fn a_long_line_is_begun_bit_by_bit_and_ends_with_whatever_else_is_played() {
        let mut voices = Voices::default();
        let points: Vec<usize> = (0..1_000).collect();
        voices.line_up(&points);
        let mut begun = Vec::new();
        let mut waiting: VecDeque<VoiceId> = VecDeque::new();
        while voices.runs() {
            for command in voices.next_of_line() {
                let Command::Start { voice, what: What::Clip(point), in_turn: true, .. } = command else {
                    panic!("{command:?}")
                };
                begun.push(point);
                waiting.push_back(voice);
            }
            assert!(waiting.len() <= AHEAD);
            voices.ended(waiting.pop_front().unwrap());
        }
        assert_eq!(begun, points);
        voices.line_up(&points);
        voices.next_of_line();
        assert_eq!(voices.click(7, FOUR).len(), AHEAD + 1);
        assert!(voices.next_of_line().is_empty() && !voices.runs());
    }

    #[test]
    fn point_0_plays_and_the_next_point_replaces_it() {
        let mut voices = Voices::default();
        assert_eq!(voices.hover(0), [plays(1, 0, Times::Count(1))]);
        assert_eq!(voices.hover(7), [Command::Stop { voice: 1 }, plays(2, 7, Times::Count(1))]);
    }

    #[test]
    fn a_click_loops_as_often_as_asked_and_the_second_click_stops() {
        let mut voices = Voices::default();
        assert_eq!(voices.click(3, FOUR), [plays(1, 3, FOUR)]);
        assert_eq!(voices.looping(), Some(3));
        assert_eq!(voices.click(3, Times::Endless), [Command::Stop { voice: 1 }]);
        assert_eq!(voices.looping(), None);
        assert_eq!(voices.click(3, Times::Endless), [plays(2, 3, Times::Endless)]);
    }

    #[test]
    fn a_loop_that_ended_by_itself_begins_again_on_the_next_click() {
        let mut voices = Voices::default();
        voices.click(3, FOUR);
        voices.ended(1);
        assert_eq!(voices.click(3, FOUR), [plays(2, 3, FOUR)]);
    }

    #[test]
    fn a_stroke_plays_over_a_loop_in_turn_and_hovering_does_not_talk_over_it() {
        let mut voices = Voices::default();
        voices.click(9, FOUR);
        assert_eq!(voices.begin_run(), []);
        let turn = |voice, point| Command::Start {
            voice,
            what: What::Clip(point),
            times: Times::Count(1),
            in_turn: true,
        };
        assert_eq!(voices.run(&[4, 2]), [turn(2, 4), turn(3, 2)]);
        assert_eq!(voices.run(&[7]), [turn(4, 7)]);
        assert_eq!(voices.hover(1), []);
        voices.ended(2);
        assert_eq!(voices.run_voices().collect::<Vec<_>>(), [(3, 2), (4, 7)]);
        // The next stroke does not wait for the rest of this one.
        assert_eq!(voices.begin_run(), [Command::Stop { voice: 3 }, Command::Stop { voice: 4 }]);
        assert_eq!(voices.hover(1).len(), 1);
    }

    #[test]
    fn the_tape_silences_all_else_and_a_click_silences_the_tape() {
        let mut voices = Voices::default();
        voices.hover(1);
        let tape = Command::Start { voice: 2, what: What::From(160), times: Times::Count(1), in_turn: false };
        assert_eq!(voices.tape(160), [Command::Stop { voice: 1 }, tape]);
        assert_eq!(voices.tape_voice(), Some(2));
        assert_eq!(voices.hover(1), []);
        assert_eq!(voices.click(5, FOUR), [Command::Stop { voice: 2 }, plays(3, 5, FOUR)]);
        assert_eq!(voices.tape_voice(), None);
    }

    proptest! {
        #[test]
        fn never_more_voices_than_there_are_parts_and_escape_silences_all(
            steps in prop::collection::vec((0u8..6, 0usize..4), 0..60),
        ) {
            let mut voices = Voices::default();
            let mut sounding = HashSet::new();
            let mut waiting = 0;
            for (what, point) in steps {
                let commands = match what {
                    0 => voices.hover(point),
                    1 => voices.click(point, FOUR),
                    2 => voices.begin_run(),
                    3 => voices.run(&[point, point + 1]),
                    4 => voices.tape(point as u64),
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
                waiting = voices.run_voices().count();
                prop_assert!(sounding.len() <= 3 + waiting);
                prop_assert_eq!(voices.any(), !sounding.is_empty());
            }
            prop_assert!(waiting <= LONGEST_RUN);
            for command in voices.stop_all() {
                let stopped = matches!(command, Command::Stop { voice } if sounding.remove(&voice));
                prop_assert!(stopped);
            }
            prop_assert!(sounding.is_empty());
        }

        #[test]
        fn one_pointer_is_one_voice_however_fast_it_sweeps(points in prop::collection::vec(0usize..50, 1..200)) {
            let mut voices = Voices::default();
            let mut sounding = 0;
            for point in points {
                for command in voices.hover(point) {
                    sounding += if matches!(command, Command::Start { .. }) { 1 } else { -1 };
                }
                prop_assert_eq!(sounding, 1);
            }
        }
    }
}

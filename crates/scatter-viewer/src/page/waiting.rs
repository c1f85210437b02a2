//! Voices whose sound is on its way.

use std::ops::Range;

use super::sound::Play;
use crate::voices::VoiceId;

/// Milliseconds after which the page says that a sound is on its way; less is not noticed.
const NOTICED: f64 = 150.0;

/// The voices, in the order in which they are to begin.
#[derive(Default)]
pub struct Waiting {
    voices: Vec<(VoiceId, Play, f64)>,
    /// Whether the page says so.
    pub told: bool,
}

impl Waiting {
    /// `voice` waits since `now`, in milliseconds of the page's clock.
    pub fn push(&mut self, voice: VoiceId, play: Play, now: f64) {
        self.voices.push((voice, play, now));
    }

    /// `voice` waits no more. False where it did not.
    pub fn remove(&mut self, voice: VoiceId) -> bool {
        let before = self.voices.len();
        self.voices.retain(|(waits, ..)| *waits != voice);
        self.voices.len() < before
    }

    /// Whether `voice` waits.
    pub fn has(&self, voice: VoiceId) -> bool {
        self.voices.iter().any(|(waits, ..)| *waits == voice)
    }

    /// Whether one waits that has a turn.
    pub fn has_turns(&self) -> bool {
        self.voices.iter().any(|(_, play, _)| in_turn(play))
    }

    /// Takes those whose sound is `ready`, in turn; and those whose sound is `broken`.
    pub fn take(
        &mut self,
        ready: impl Fn(&Range<u64>) -> bool,
        broken: impl Fn(&Range<u64>) -> bool,
    ) -> (Vec<(VoiceId, Play)>, Vec<VoiceId>) {
        let (mut begin, mut never, mut left) = (Vec::new(), Vec::new(), Vec::new());
        let mut held = false;
        for (voice, play, since) in self.voices.drain(..) {
            let (range, turn) = (range(&play), in_turn(&play));
            if range.as_ref().is_some_and(&broken) {
                never.push(voice);
            } else if range.as_ref().is_some_and(&ready) && !(turn && held) {
                begin.push((voice, play));
            } else {
                held |= turn;
                left.push((voice, play, since));
            }
        }
        self.voices = left;
        (begin, never)
    }

    /// Takes those that wait for any of `samples`.
    pub fn give_up(&mut self, samples: &Range<u64>) -> Vec<VoiceId> {
        let meets = |play: &Play| range(play).is_some_and(|r| r.start < samples.end && samples.start < r.end);
        let gone = self.voices.iter().filter(|(_, play, _)| meets(play)).map(|(voice, ..)| *voice).collect();
        self.voices.retain(|(_, play, _)| !meets(play));
        gone
    }

    /// What they wait for: first what answers a pointer or a click, then what has its turn.
    pub fn ranges(&self) -> impl Iterator<Item = Range<u64>> + '_ {
        let of = |turn: bool| {
            self.voices
                .iter()
                .filter(move |(_, play, _)| in_turn(play) == turn)
                .filter_map(|(_, play, _)| range(play))
        };
        of(false).chain(of(true))
    }

    /// Whether one waits so long that the page should say so.
    pub fn is_noticed(&self, now: f64) -> bool {
        self.voices.iter().any(|(_, _, since)| now - since > NOTICED)
    }
}

fn range(play: &Play) -> Option<Range<u64>> {
    match play {
        Play::Clip { range, .. } => Some(range.clone()),
        Play::From(_) => None,
    }
}

fn in_turn(play: &Play) -> bool {
    matches!(play, Play::Clip { in_turn: true, .. })
}

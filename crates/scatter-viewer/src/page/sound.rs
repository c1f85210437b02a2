//! The voices that play through Web Audio, on its own clock.
//!
//! source (a clip, or all of the sound) → gain (comes and goes) → panner → master (volume) → loudspeakers

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{
    AudioBuffer, AudioBufferSourceNode, AudioContext, AudioParam, AudioScheduledSourceNode, GainNode,
    GainOptions, StereoPannerNode,
};

use super::clips::Clips;
use super::loudspeakers::Loudspeakers;
use super::tape::{Ended, Tape};
use super::waiting::Waiting;
use crate::course::{Course, Event, FADE, SPACING, Turns};
use crate::mix::{Mix, Times};
use crate::seam::soften;
use crate::voices::VoiceId;

/// How far to the side a point at the screen's edge is heard; 1 would leave one ear without sound.
const WIDEST: f32 = 0.85;

/// What a voice is to play.
#[derive(Clone)]
pub enum Play {
    /// These samples of the sound, so often, from the side `pan` (-1 left to 1 right).
    Clip { range: Range<u64>, times: Times, in_turn: bool, pan: f32 },
    /// All samples from this one on.
    From(u64),
}

/// What became of a voice that was to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Began {
    /// It sounds, or has its turn on the clock.
    Sounds,
    /// It waits for its sound.
    Waits,
    /// There is nothing to play, or nothing to play it with.
    Never,
}

struct Live {
    source: AudioBufferSourceNode,
    gain: GainNode,
    panner: StereoPannerNode,
    course: Course,
    /// First sample of the sound that it plays, and how many before it begins again.
    first: u64,
    length: u64,
    _ended: Closure<dyn FnMut()>,
}

/// Clips, loudspeakers, and the voices between them.
pub struct Sound {
    /// Where clips come from.
    pub clips: Clips,
    /// Where sound goes.
    pub out: Loudspeakers,
    turns: Turns,
    hovers: Turns,
    live: Rc<RefCell<HashMap<VoiceId, Live>>>,
    /// Voices whose sound is on its way.
    pub waiting: Waiting,
    /// Whether the page has told of a broken file, and of a broken line since sound last came.
    pub file_told: bool,
    pub line_told: bool,
    /// The tape of a sound that is fetched part by part.
    tape: Option<Tape>,
    ended: Ended,
    moved: Rc<dyn Fn()>,
}

impl Sound {
    /// Silence through `out`. `ended` hears of each voice that came to its end, `moved` of each piece of a tape that did.
    pub fn new(out: Loudspeakers, ended: Ended, moved: Rc<dyn Fn()>) -> Self {
        Self {
            clips: Clips::None,
            out,
            turns: Turns::default(),
            hovers: Turns::default(),
            live: Rc::default(),
            waiting: Waiting::default(),
            file_told: false,
            line_told: false,
            tape: None,
            ended,
            moved,
        }
    }

    /// Plays, now or when the sound has come; `now` is the page's clock.
    pub fn start(&mut self, voice: VoiceId, play: Play, mix: &Mix, now: f64) -> Began {
        let Some(context) = self.out.context().cloned() else { return Began::Never };
        match &play {
            Play::From(first) if self.clips.supply().is_some() => {
                return self.start_tape(&context, voice, *first, mix);
            }
            Play::Clip { range, in_turn, .. } => {
                if self.clips.supply().is_some_and(|supply| supply.is_broken(range)) {
                    return Began::Never;
                }
                // A stroke keeps its order, whichever sound comes first.
                if self.clips.lacks(range) || (*in_turn && self.waiting.has_turns()) {
                    self.waiting.push(voice, play, now);
                    return Began::Waits;
                }
            }
            Play::From(_) => {}
        }
        match self.connect(&context, voice, &play, mix) {
            Some(()) => Began::Sounds,
            None => Began::Never,
        }
    }

    fn start_tape(&mut self, context: &AudioContext, voice: VoiceId, first: u64, mix: &Mix) -> Began {
        let ends = (Rc::clone(&self.moved), Rc::clone(&self.ended));
        let to = self.out.master().filter(|_| first < self.clips.samples());
        self.tape =
            to.and_then(|master| Tape::new((voice, first), (context, master), mix.speed.into(), ends));
        self.feed_tape();
        if self.tape.is_some() { Began::Sounds } else { Began::Never }
    }

    /// Hands the tape what has come for it.
    pub fn feed_tape(&mut self) {
        let lead = self.out.lead();
        if let Some(tape) = &mut self.tape {
            tape.feed(&self.clips, lead);
        }
    }

    /// The tape, where it is one of pieces.
    pub fn tape(&self) -> Option<&Tape> {
        self.tape.as_ref()
    }

    /// Begins what has waited and can. Gives the voices that never will.
    pub fn retry(&mut self, mix: &Mix) -> Vec<VoiceId> {
        let Some(context) = self.out.context().cloned() else { return Vec::new() };
        let clips = &self.clips;
        let broken = |range: &Range<u64>| clips.supply().is_some_and(|supply| supply.is_broken(range));
        let (ready, mut never) = self.waiting.take(|range| !clips.lacks(range), broken);
        for (voice, play) in ready {
            if self.connect(&context, voice, &play, mix).is_none() {
                never.push(voice);
            }
        }
        never
    }

    fn connect(&mut self, context: &AudioContext, voice: VoiceId, play: &Play, mix: &Mix) -> Option<()> {
        let now = context.current_time();
        let speed = f64::from(mix.speed);
        let source = context.create_buffer_source().ok()?;
        let scheduled: &AudioScheduledSourceNode = source.as_ref();
        source.playback_rate().set_value(mix.speed);
        let (course, first, length, pan) = match play {
            Play::Clip { range, times, in_turn, pan } => {
                let clip = self.clip(range.clone())?;
                let once = clip.duration();
                source.set_buffer(Some(&clip));
                source.set_loop(*times != Times::Count(1));
                let sound = match times {
                    Times::Count(times) => once * f64::from(*times),
                    Times::Endless => f64::INFINITY,
                };
                let (begins, level) = match in_turn {
                    true => (self.turns.take(now, f64::from(mix.pace)), f64::from(mix.stroke_level(once))),
                    false => (self.hovers.take(now, SPACING), 1.0),
                };
                (Course::new(begins, sound, speed, level).soft(), range.start, u64::from(clip.length()), *pan)
            }
            Play::From(first) => {
                let whole = self.clips.whole()?;
                let rate = f64::from(whole.sample_rate());
                let length = self.clips.samples().checked_sub(*first).filter(|&n| n > 0)?;
                source.set_buffer(Some(whole));
                (Course::new(now + self.out.lead(), length as f64 / rate, speed, 1.0), *first, length, 0.0)
            }
        };
        let gain = gain(context, course.first_level())?;
        let panner = context.create_stereo_panner().ok()?;
        panner.pan().set_value(side(pan, mix));
        source.connect_with_audio_node(&gain).ok()?;
        gain.connect_with_audio_node(&panner).ok()?;
        panner.connect_with_audio_node(self.out.master()?).ok()?;
        tell(&gain.gain(), &course.events());
        let ended = self.when_ended(voice);
        scheduled.set_onended(Some(ended.as_ref().unchecked_ref()));
        let offset = match play {
            Play::Clip { .. } => 0.0,
            Play::From(first) => *first as f64 / f64::from(self.clips.whole()?.sample_rate()),
        };
        let sound = course.sound();
        match sound.is_finite() {
            true => {
                source.start_with_when_and_grain_offset_and_grain_duration(course.begins(), offset, sound)
            }
            false => source.start_with_when_and_grain_offset(course.begins(), offset),
        }
        .ok()?;
        let live = Live { source, gain, panner, course, first, length, _ended: ended };
        self.live.borrow_mut().insert(voice, live);
        Some(())
    }

    /// A buffer of the clip that comes and goes by itself.
    fn clip(&self, range: Range<u64>) -> Option<AudioBuffer> {
        let mut samples = self.clips.read(range)?;
        soften(&mut samples, (FADE * f64::from(self.clips.rate()?)) as usize);
        self.clips.buffer(&samples)
    }

    fn when_ended(&self, voice: VoiceId) -> Closure<dyn FnMut()> {
        let (live, heard) = (Rc::clone(&self.live), Rc::clone(&self.ended));
        Closure::new(move || {
            // Dropped only after this call: the closure must outlive itself running.
            let gone = live.borrow_mut().remove(&voice);
            heard(voice);
            if let Some(gone) = gone {
                // Disconnected nodes are let go of at once, however long the loudspeakers live.
                let _ = gone.panner.disconnect();
                let _ = gone.gain.disconnect();
                wasm_bindgen_futures::spawn_local(async move { drop(gone) });
            }
        })
    }

    /// Fades `voice` out, or keeps it from beginning.
    pub fn stop(&mut self, voice: VoiceId) {
        if self.waiting.remove(voice) {
            return;
        }
        if let Some(now) = self.out.now()
            && let Some(tape) = self.tape.take_if(|tape| tape.voice == voice)
        {
            return tape.stop(now, self.out.lead());
        }
        let (Some(now), mut live) = (self.out.now(), self.live.borrow_mut()) else { return };
        let Some(voice) = live.get_mut(&voice) else { return };
        let lead = self.out.lead();
        if voice.course.waits(now, lead) {
            self.hovers.give_back(voice.course.begins());
        }
        if let Some((at, events)) = voice.course.leave(now, lead) {
            replan(&voice.gain.gain(), at, &events);
            // Looked up again: the page may have been kept waiting since, and an order counts from when it is given.
            let silent = voice.course.silent(self.out.now().unwrap_or(now), lead);
            let scheduled: &AudioScheduledSourceNode = voice.source.as_ref();
            // Nothing to do where the browser refuses: the voice then ends by itself.
            let _ = scheduled.stop_with_when(silent);
        }
    }

    /// The next sound of a stroke waits for none of the strokes before.
    pub fn clear_turns(&mut self) {
        self.turns.clear();
    }

    /// Everything that sounds goes on at the speed of `mix`.
    pub fn turn(&mut self, mix: &Mix) {
        let Some(now) = self.out.now() else { return };
        if let Some(tape) = &mut self.tape {
            tape.turn(now + self.out.lead(), mix.speed.into());
            tape.feed(&self.clips, self.out.lead());
        }
        for voice in self.live.borrow_mut().values_mut() {
            let at = (now + self.out.lead()).max(voice.course.begins());
            if let Some(events) = voice.course.turn(at, mix.speed.into()) {
                replan(&voice.gain.gain(), at, &events);
                let _ = voice.source.playback_rate().set_value_at_time(mix.speed, at);
            }
        }
    }

    /// `voice` comes from the side `pan` from now on.
    pub fn steer(&self, voice: VoiceId, pan: f32, mix: &Mix) {
        if let (Some(now), Some(voice)) = (self.out.now(), self.live.borrow().get(&voice)) {
            // A browser that refuses leaves it where it was.
            let at = now + self.out.lead();
            let _ = voice.panner.pan().set_target_at_time(side(pan, mix), at, 0.02);
        }
    }

    /// Whether `voice` is heard now, not before its turn.
    pub fn sounds(&self, voice: VoiceId) -> bool {
        if let Some(tape) = self.tape.as_ref().filter(|tape| tape.voice == voice) {
            return self.clips.rate().is_some_and(|rate| tape.sounds(rate.into()));
        }
        let now = self.out.now().unwrap_or(0.0);
        self.live.borrow().get(&voice).is_some_and(|v| v.course.sounds(now))
    }

    /// The sample that `voice` plays now.
    pub fn sample(&self, voice: VoiceId) -> Option<u64> {
        if let Some(tape) = self.tape.as_ref().filter(|tape| tape.voice == voice) {
            return Some(tape.sample(self.clips.rate()?.into()));
        }
        let (now, live) = (self.out.now()?, self.live.borrow());
        let (voice, rate) = (live.get(&voice)?, f64::from(self.clips.rate()?));
        let played = (voice.course.played(now) * rate) as u64;
        Some(voice.first + if voice.length > 0 { played % voice.length } else { 0 })
    }
}

/// Where a point at `pan` of the screen is heard.
fn side(pan: f32, mix: &Mix) -> f32 {
    if mix.by_place { pan.clamp(-1.0, 1.0) * WIDEST } else { 0.0 }
}

/// A gain of this level without an event that sets it: the browser would move that to its own time, past a later order's.
fn gain(context: &AudioContext, level: f64) -> Option<GainNode> {
    let options = GainOptions::new();
    options.set_gain(level as f32);
    GainNode::new_with_options(context, &options).ok()
}

/// Forgets what `level` was told for `at` and later, and tells it `events`.
fn replan(level: &AudioParam, at: f64, events: &[Event]) {
    let _ = level.cancel_scheduled_values(at);
    tell(level, events);
}

/// Tells `level` what to do.
pub fn tell(level: &AudioParam, events: &[Event]) {
    for event in events {
        // The browser refuses only times and levels that are no numbers.
        let _ = match *event {
            Event::Set(value, at) => level.set_value_at_time(value as f32, at),
            Event::Ramp(value, at) => level.linear_ramp_to_value_at_time(value as f32, at),
            Event::Fall(at, constant) => level.set_target_at_time(0.0, at, constant),
        };
    }
}

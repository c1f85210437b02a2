//! The tape of a sound that is fetched part by part: pieces are handed to the audio clock before their turn.

use std::ops::Range;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{AudioBufferSourceNode, AudioContext, AudioScheduledSourceNode, GainNode};

use super::clips::Clips;
use super::sound::tell;
use crate::audio::tape::{READ, SCHEDULED, WAITS, fade, piece};
use crate::course::Course;
use crate::voices::VoiceId;

/// Who is told that a voice has come to its end.
pub type Ended = Rc<dyn Fn(VoiceId)>;

/// One voice that plays on and on.
pub struct Tape {
    pub voice: VoiceId,
    context: AudioContext,
    gain: GainNode,
    /// When what is heard, since it was last waited for; `None` before the first piece.
    course: Option<Course>,
    /// The sample with which the course began.
    first: u64,
    /// The sample with which the next piece begins; `None` behind the last.
    next: Option<u64>,
    pieces: Vec<Sounding>,
    speed: f64,
    moved: Rc<dyn Fn()>,
    ended: Ended,
}

struct Sounding {
    source: AudioBufferSourceNode,
    first: u64,
    begins: f64,
    ended: Closure<dyn FnMut()>,
}

impl Tape {
    /// A tape that will play from sample `first` on. `moved` is told of each piece's end, `ended` of the last one's.
    pub fn new(
        (voice, first): (VoiceId, u64),
        (context, master): (&AudioContext, &GainNode),
        speed: f64,
        (moved, ended): (Rc<dyn Fn()>, Ended),
    ) -> Option<Self> {
        let gain = context.create_gain().ok()?;
        gain.connect_with_audio_node(master).ok()?;
        let (context, next) = (context.clone(), Some(first));
        Some(Self {
            voice,
            context,
            gain,
            course: None,
            first,
            next,
            pieces: Vec::new(),
            speed,
            moved,
            ended,
        })
    }

    /// Hands over what is at hand of the next seconds. `lead` is how long a command takes to its effect.
    pub fn feed(&mut self, clips: &Clips, lead: f64) {
        let (Some(supply), Some(rate)) = (clips.supply(), clips.rate().map(f64::from)) else { return };
        let now = self.context.current_time();
        let over = |p: &Sounding| self.when(p.first + 1, rate).is_some_and(|at| at < now);
        // What was heard to its end needs no more telling; the piece that is heard now is the last that has begun.
        let begun = self.pieces.iter().take_while(|piece| over(piece)).count();
        for gone in self.pieces.drain(..begun.saturating_sub(2)) {
            silence(&gone);
        }
        while let Some(from) = self.next {
            let begins = self.when(from, rate);
            if begins.is_some_and(|at| at > now + SCHEDULED) {
                return;
            }
            let Some(found) = piece(from, supply.reach(from, u64::MAX), supply.samples()) else { return };
            let begins = begins.filter(|&at| at >= now).unwrap_or_else(|| {
                // The first piece; or one that came too late, so that the tape stood still.
                let at = ((now + lead) * rate).ceil() / rate;
                let left = (supply.samples() - from) as f64 / rate;
                (self.course, self.first) = (Some(Course::new(at, left, self.speed, 1.0).soft()), from);
                at
            });
            let Some(sounding) = self.begin(clips, found.samples, found.next.is_none(), begins) else {
                self.next = None;
                return;
            };
            self.pieces.push(sounding);
            self.next = found.next;
        }
    }

    fn begin(&self, clips: &Clips, range: Range<u64>, last: bool, begins: f64) -> Option<Sounding> {
        let first = range.start;
        let mut samples = clips.read(range)?;
        fade(&mut samples);
        let source = self.context.create_buffer_source().ok()?;
        source.set_buffer(Some(&clips.buffer(&samples)?));
        source.playback_rate().set_value(self.speed as f32);
        source.connect_with_audio_node(&self.gain).ok()?;
        let (moved, ended, voice) = (Rc::clone(&self.moved), Rc::clone(&self.ended), self.voice);
        let ended: Closure<dyn FnMut()> = Closure::new(move || match last {
            true => ended(voice),
            false => moved(),
        });
        let scheduled: &AudioScheduledSourceNode = source.as_ref();
        scheduled.set_onended(Some(ended.as_ref().unchecked_ref()));
        source.start_with_when(begins).ok()?;
        Some(Sounding { source, first, begins, ended })
    }

    /// When sample `sample` is heard.
    fn when(&self, sample: u64, rate: f64) -> Option<f64> {
        Some(self.course?.when((sample as f64 - self.first as f64) / rate))
    }

    /// What is to be fetched: the next seconds, once little of them is at hand.
    pub fn wants(&self, clips: &Clips) -> Option<Range<u64>> {
        let (supply, rate) = (clips.supply()?, f64::from(clips.rate()?));
        let from = self.next?;
        let samples = |seconds: f64| (seconds * rate * self.speed) as u64;
        let at_hand = supply.reach(from, samples(WAITS));
        let wanted = from..from.saturating_add(samples(READ)).min(supply.samples());
        (at_hand < from.saturating_add(samples(WAITS)).min(supply.samples())).then_some(wanted)
    }

    /// The sample that is heard now, or waited for.
    pub fn sample(&self, rate: f64) -> u64 {
        let now = self.context.current_time();
        let played = self.course.map_or(0.0, |course| course.played(now).max(0.0));
        let heard = self.first + (played * rate) as u64;
        self.next.map_or(heard, |next| heard.min(next))
    }

    /// Whether it is heard now, not waiting for what is to come.
    pub fn sounds(&self, rate: f64) -> bool {
        let now = self.context.current_time();
        let until = self.next.and_then(|next| self.when(next, rate)).unwrap_or(f64::INFINITY);
        self.course.is_some_and(|course| course.sounds(now)) && now < until
    }

    /// Plays at `speed` from the clock's time `at` on.
    pub fn turn(&mut self, at: f64, speed: f64) {
        self.speed = speed;
        let Some(course) = &mut self.course else { return };
        let Some(events) = course.turn(at, speed) else { return };
        tell(&self.gain.gain(), &events);
        // What has not begun by then begins at another time.
        let later = self.pieces.iter().position(|piece| piece.begins >= at).unwrap_or(self.pieces.len());
        if let Some(first) = self.pieces.get(later) {
            self.next = Some(first.first);
        }
        for gone in self.pieces.drain(later..) {
            silence(&gone);
            let scheduled: &AudioScheduledSourceNode = gone.source.as_ref();
            let _ = scheduled.stop_with_when(self.context.current_time());
        }
        for piece in &self.pieces {
            let _ = piece.source.playback_rate().set_value_at_time(speed as f32, at);
        }
    }

    /// Ends, told at `now` and heard `lead` seconds later.
    pub fn stop(mut self, now: f64, lead: f64) {
        let Some(course) = &mut self.course else { return };
        if let Some((_, events)) = course.leave(now, lead) {
            tell(&self.gain.gain(), &events);
        }
        let silent = course.silent(self.context.current_time(), lead);
        for piece in &self.pieces {
            silence(piece);
            let scheduled: &AudioScheduledSourceNode = piece.source.as_ref();
            let _ = scheduled.stop_with_when(silent);
        }
    }
}

/// Nobody needs to hear of this piece's end: its closure goes before it.
fn silence(piece: &Sounding) {
    let scheduled: &AudioScheduledSourceNode = piece.source.as_ref();
    scheduled.set_onended(None);
    let _ = &piece.ended;
}

//! Sound: where clips come from, and the voices that play them through Web Audio.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use js_sys::ArrayBuffer;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AudioBuffer, AudioBufferOptions, AudioBufferSourceNode, AudioContext, AudioContextOptions,
    AudioContextState, AudioScheduledSourceNode, GainNode, OfflineAudioContext,
};

use crate::voices::VoiceId;

/// Seconds a voice takes to come and to go: short enough to keep an attack, long enough not to click.
const FADE: f64 = 0.004;
/// How far to the side a point at the screen's edge is heard; 1 would leave one ear without sound.
const WIDEST: f32 = 0.85;

/// Where clips come from.
///
/// The whole sprite is decoded once. Reading ranges instead needs another variant here and nothing elsewhere:
/// voices are given a buffer with one clip in it.
#[derive(Default)]
pub enum Clips {
    /// Not loaded, or there is none.
    #[default]
    None,
    /// All samples.
    Whole(AudioBuffer),
}

impl Clips {
    /// Decodes a whole file at `rate` Hz.
    pub async fn decode(file: &ArrayBuffer, rate: u32) -> Result<Self, JsValue> {
        // An offline context decodes without asking for the loudspeakers, which a page may not before a click.
        let context =
            OfflineAudioContext::new_with_number_of_channels_and_length_and_sample_rate(1, 1, rate as f32)?;
        let buffer: AudioBuffer = JsFuture::from(context.decode_audio_data(file)?).await?.dyn_into()?;
        Ok(Self::Whole(buffer))
    }

    /// Number of samples.
    pub fn samples(&self) -> u64 {
        match self {
            Self::None => 0,
            Self::Whole(buffer) => u64::from(buffer.length()),
        }
    }

    /// The samples of `range`, cut at the end of what there is; `None` when nothing is left.
    fn clip(&self, range: Range<u64>) -> Option<AudioBuffer> {
        let Self::Whole(whole) = self else { return None };
        let end = range.end.min(u64::from(whole.length()));
        let length = u32::try_from(end.checked_sub(range.start)?).ok().filter(|&n| n > 0)?;
        let mut samples = vec![0.0; length as usize];
        whole.copy_from_channel_with_start_in_channel(&mut samples, 0, range.start as u32).ok()?;
        let clip = AudioBuffer::new(&AudioBufferOptions::new(length, whole.sample_rate())).ok()?;
        clip.copy_to_channel(&samples, 0).ok()?;
        Some(clip)
    }
}

struct Live {
    source: AudioBufferSourceNode,
    gain: GainNode,
    _ended: Closure<dyn FnMut()>,
}

/// The loudspeakers, once a click or a key has allowed them.
pub struct Sound {
    /// Where clips come from.
    pub clips: Clips,
    rate: u32,
    context: Option<AudioContext>,
    live: Rc<RefCell<HashMap<VoiceId, Live>>>,
    ended: Rc<dyn Fn(VoiceId)>,
    changed: Closure<dyn FnMut()>,
}

impl Sound {
    /// Silence at `rate` Hz. `ended` hears of each voice that came to its end by itself; `changed` of the
    /// loudspeakers having been switched on or off.
    pub fn new(rate: u32, ended: Rc<dyn Fn(VoiceId)>, changed: impl FnMut() + 'static) -> Self {
        Self {
            clips: Clips::None,
            rate,
            context: None,
            live: Rc::default(),
            ended,
            changed: Closure::new(changed),
        }
    }

    /// Switches the loudspeakers on; only works within a click or a key press.
    pub fn wake(&mut self) {
        if self.context.is_none() {
            let options = AudioContextOptions::new();
            options.set_sample_rate(self.rate as f32);
            self.context = AudioContext::new_with_context_options(&options).ok();
            if let Some(context) = &self.context {
                context.set_onstatechange(Some(self.changed.as_ref().unchecked_ref()));
            }
        }
        if let Some(context) = self.context.as_ref().filter(|c| c.state() == AudioContextState::Suspended) {
            // A refusal shows in the state; the next click tries again.
            drop(context.resume());
        }
    }

    /// Whether the loudspeakers are on.
    pub fn is_awake(&self) -> bool {
        self.context.as_ref().is_some_and(|c| c.state() == AudioContextState::Running)
    }

    /// Plays the samples of `range` `times` in a row, `pan` from -1 (left) to 1. False when there is nothing to play.
    pub fn start(&self, voice: VoiceId, range: Range<u64>, times: u32, pan: f32) -> bool {
        let (Some(context), Some(clip)) = (&self.context, self.clips.clip(range)) else { return false };
        self.connect(context, &clip, voice, times, pan).is_ok()
    }

    fn connect(
        &self,
        context: &AudioContext,
        clip: &AudioBuffer,
        voice: VoiceId,
        times: u32,
        pan: f32,
    ) -> Result<(), JsValue> {
        let source = context.create_buffer_source()?;
        source.set_buffer(Some(clip));
        source.set_loop(times > 1);
        let gain = context.create_gain()?;
        let panner = context.create_stereo_panner()?;
        panner.pan().set_value(pan.clamp(-1.0, 1.0) * WIDEST);
        source.connect_with_audio_node(&gain)?;
        gain.connect_with_audio_node(&panner)?;
        panner.connect_with_audio_node(&context.destination())?;

        let seconds = clip.duration() * f64::from(times);
        let now = context.current_time();
        let fade = FADE.min(seconds / 2.0);
        let level = gain.gain();
        level.set_value_at_time(0.0, now)?;
        level.linear_ramp_to_value_at_time(1.0, now + fade)?;
        level.set_value_at_time(1.0, now + seconds - fade)?;
        level.linear_ramp_to_value_at_time(0.0, now + seconds)?;

        let (live, heard) = (Rc::clone(&self.live), Rc::clone(&self.ended));
        let ended = Closure::new(move || {
            // Dropped only after this call: the closure must outlive itself running.
            let gone = live.borrow_mut().remove(&voice);
            heard(voice);
            if let Some(gone) = gone {
                wasm_bindgen_futures::spawn_local(async move { drop(gone) });
            }
        });
        let scheduled: &AudioScheduledSourceNode = source.as_ref();
        scheduled.set_onended(Some(ended.as_ref().unchecked_ref()));
        source.start_with_when_and_grain_offset_and_grain_duration(now, 0.0, seconds)?;
        self.live.borrow_mut().insert(voice, Live { source, gain, _ended: ended });
        Ok(())
    }

    /// Fades `voice` out.
    pub fn stop(&self, voice: VoiceId) {
        let (Some(context), live) = (&self.context, self.live.borrow()) else { return };
        let Some(voice) = live.get(&voice) else { return };
        let now = context.current_time();
        let level = voice.gain.gain();
        // Nothing to do where the browser refuses: the voice then ends by itself.
        let _ = level.cancel_scheduled_values(now);
        let _ = level.set_target_at_time(0.0, now, FADE / 2.0);
        let scheduled: &AudioScheduledSourceNode = voice.source.as_ref();
        let _ = scheduled.stop_with_when(now + FADE * 4.0);
    }
}

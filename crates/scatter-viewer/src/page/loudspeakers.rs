//! The loudspeakers: a page may use them only after a click, a tap or a key, and the system may take them away again.

use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use web_sys::{AudioBufferOptions, AudioContext, AudioContextOptions, AudioContextState, GainNode, Window};

use crate::course::lead;
use crate::mix::Mix;

/// Seconds in which the volume follows its slider: no steps are heard.
const GLIDE: f64 = 0.015;

/// The audio context and its volume.
pub struct Loudspeakers {
    rate: u32,
    context: Option<AudioContext>,
    master: Option<GainNode>,
    changed: Closure<dyn FnMut()>,
}

impl Loudspeakers {
    /// Off, at `rate` Hz. `changed` hears of their being switched on or off, by whomever.
    pub fn new(rate: u32, changed: impl FnMut() + 'static) -> Self {
        Self { rate, context: None, master: None, changed: Closure::new(changed) }
    }

    /// Switches them on; only works within a click, a tap or a key press. Safe to call on each of them.
    pub fn wake(&mut self, mix: &Mix) {
        if self.context.as_ref().is_some_and(|c| c.state() == AudioContextState::Closed) {
            (self.context, self.master) = (None, None);
        }
        if self.context.is_none() {
            play_like_music();
            let options = AudioContextOptions::new();
            options.set_sample_rate(self.rate as f32);
            // A device that cannot have the sound's own rate resamples.
            let made = AudioContext::new_with_context_options(&options).or_else(|_| AudioContext::new());
            self.context = made.ok();
            if let Some(context) = &self.context {
                context.set_onstatechange(Some(self.changed.as_ref().unchecked_ref()));
                self.master = master(context, mix);
                // iOS lets sound through once a source has played within the gesture.
                let _ = play_nothing(context);
            }
        }
        self.resume();
    }

    /// Asks for the loudspeakers again after they were taken away: by a phone call, another tab, a locked screen. The
    /// state is then `suspended` or, in Safari, `interrupted`.
    pub fn resume(&self) {
        if let Some(context) = self.context.as_ref().filter(|_| !self.is_awake()) {
            // A refusal shows in the state; the next click tries again.
            drop(context.resume());
        }
    }

    /// Whether they are on.
    pub fn is_awake(&self) -> bool {
        self.context.as_ref().is_some_and(|c| c.state() == AudioContextState::Running)
    }

    /// The context, once there is one.
    pub fn context(&self) -> Option<&AudioContext> {
        self.context.as_ref()
    }

    /// Where voices go.
    pub fn master(&self) -> Option<&GainNode> {
        self.master.as_ref()
    }

    /// Seconds of the audio clock.
    pub fn now(&self) -> Option<f64> {
        self.context.as_ref().map(|c| c.current_time())
    }

    /// Seconds from a command to its effect on what sounds.
    pub fn lead(&self) -> f64 {
        let latency = self.context.as_ref().and_then(|c| Reflect::get(c, &"baseLatency".into()).ok());
        lead(latency.and_then(|seconds| seconds.as_f64()).unwrap_or(0.0))
    }

    /// As loud as `mix` says.
    pub fn set_level(&self, mix: &Mix) {
        if let (Some(now), Some(master)) = (self.now(), &self.master) {
            // A glide that begins in what was rendered already begins with a jump in some browsers.
            let at = now + self.lead();
            let _ = master.gain().cancel_scheduled_values(at);
            let _ = master.gain().set_target_at_time(mix.gain(), at, GLIDE / 3.0);
        }
    }
}

fn master(context: &AudioContext, mix: &Mix) -> Option<GainNode> {
    let master = context.create_gain().ok()?;
    master.gain().set_value(mix.gain());
    master.connect_with_audio_node(&context.destination()).ok()?;
    Some(master)
}

fn play_nothing(context: &AudioContext) -> Result<(), JsValue> {
    let source = context.create_buffer_source()?;
    let nothing = web_sys::AudioBuffer::new(&AudioBufferOptions::new(1, context.sample_rate()))?;
    source.set_buffer(Some(&nothing));
    source.connect_with_audio_node(&context.destination())?;
    source.start()
}

/// Tells iOS that this is no ringing: the switch at its side must not silence it (Audio Session API).
fn play_like_music() {
    let session = web_sys::window()
        .map(|window: Window| JsValue::from(window.navigator()))
        .and_then(|navigator| Reflect::get(&navigator, &"audioSession".into()).ok())
        .filter(JsValue::is_object);
    if let Some(session) = session {
        let _ = Reflect::set(&session, &"type".into(), &"playback".into());
    }
}

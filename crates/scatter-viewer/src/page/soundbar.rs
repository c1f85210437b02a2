//! The sound bar: volume, mute, silence, the stroke tool; and behind a button loops, speed, place and pace.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Event, HtmlButtonElement, HtmlElement, HtmlInputElement};

use super::app::{App, Shared};
use super::elements::by_id;
use super::events::listen;
use super::preferences::{keep, kept};
use crate::mix::{Mix, Times};
use crate::trouble::Trouble;

/// Where what is set on it is kept.
const KEY: &str = "scatter-sounds-mix";

/// Its elements.
pub struct SoundBar {
    pub root: HtmlElement,
    mute: HtmlButtonElement,
    volume: HtmlInputElement,
    silence: HtmlButtonElement,
    stroke: HtmlButtonElement,
    more: HtmlButtonElement,
    settings: HtmlElement,
    loops: HtmlElement,
    speed: HtmlInputElement,
    speed_words: HtmlElement,
    by_place: HtmlInputElement,
    pace: HtmlInputElement,
    pace_words: HtmlElement,
}

impl SoundBar {
    /// Finds them.
    pub fn find(d: &Document) -> Result<Self, Trouble> {
        Ok(Self {
            root: by_id(d, "sound")?,
            mute: by_id(d, "mute")?,
            volume: by_id(d, "volume")?,
            silence: by_id(d, "silence")?,
            stroke: by_id(d, "stroke-tool")?,
            more: by_id(d, "sound-more")?,
            settings: by_id(d, "sound-settings")?,
            loops: by_id(d, "loops")?,
            speed: by_id(d, "speed")?,
            speed_words: by_id(d, "speed-words")?,
            by_place: by_id(d, "by-place")?,
            pace: by_id(d, "pace")?,
            pace_words: by_id(d, "pace-words")?,
        })
    }

    /// Shows what is set.
    pub fn show(&self, mix: &Mix) {
        press(&self.mute, mix.muted);
        let _ = self.mute.set_attribute("aria-label", if mix.muted { "Sound is off" } else { "Mute" });
        self.volume.set_value_as_number(f64::from(mix.volume));
        self.by_place.set_checked(mix.by_place);
        self.speed.set_value_as_number(f64::from(mix.semitones()));
        self.speed_words.set_text_content(Some(&mix.speed_words()));
        // Who finds all sounds slow must see why, also with the settings closed.
        let more = match mix.semitones() == 0.0 {
            true => "Loops, speed, place".to_owned(),
            false => format!("Loops, speed, place: now {}", mix.speed_words()),
        };
        let _ = self.more.class_list().toggle_with_force("changed", mix.semitones() != 0.0);
        for name in ["aria-label", "title"] {
            let _ = self.more.set_attribute(name, &more);
        }
        let _ = self.speed.set_attribute("aria-valuetext", &mix.speed_words());
        self.pace.set_value_as_number(f64::from(mix.pace));
        self.pace_words.set_text_content(Some(&format!("{:.2} s", mix.pace)));
        let _ = self.pace.set_attribute("aria-valuetext", &format!("{:.2} seconds", mix.pace));
        let chosen = format!("input[value=\"{}\"]", mix.loops.name());
        let button = self.loops.query_selector(&chosen).ok().flatten();
        if let Some(button) = button.and_then(|b| b.dyn_into::<HtmlInputElement>().ok()) {
            button.set_checked(true);
        }
    }

    /// Shows whether the stroke tool is on.
    pub fn show_stroke(&self, on: bool) {
        press(&self.stroke, on);
    }
}

fn press(button: &HtmlButtonElement, on: bool) {
    let _ = button.set_attribute("aria-pressed", if on { "true" } else { "false" });
}

/// Listens to the bar.
pub fn listen_all(app: &Shared) -> Result<(), JsValue> {
    app.borrow_mut().recall_mix();
    let borrowed = app.borrow();
    let bar = &borrowed.tools.soundbar;
    bar.show(&borrowed.mix);
    let on = |element: &Element, event: &str, change: fn(&mut App)| {
        let app = Shared::clone(app);
        listen(element, event, move |_: Event| change(&mut app.borrow_mut()))
    };
    on(&bar.mute, "click", App::mute)?;
    on(&bar.volume, "input", |app| {
        app.mix.volume = app.tools.soundbar.volume.value_as_number() as f32;
        // Whoever moves the slider wants to hear.
        app.mix.muted = false;
        app.mix_changed();
    })?;
    on(&bar.silence, "click", App::silence)?;
    on(&bar.stroke, "click", App::toggle_stroke)?;
    on(&bar.more, "click", |app| {
        let open = app.tools.soundbar.settings.hidden();
        app.tools.soundbar.settings.set_hidden(!open);
        let _ = app.tools.soundbar.more.set_attribute("aria-expanded", if open { "true" } else { "false" });
    })?;
    on(&bar.loops, "change", |app| {
        let chosen = app.tools.soundbar.loops.query_selector("input:checked").ok().flatten();
        let chosen = chosen.and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
        app.mix.loops = chosen.and_then(|input| Times::named(&input.value())).unwrap_or(Mix::default().loops);
        app.mix_changed();
    })?;
    on(&bar.speed, "input", |app| {
        app.mix.set_semitones(app.tools.soundbar.speed.value_as_number() as f32);
        app.mix_changed();
        let mix = app.mix;
        app.sound.turn(&mix);
    })?;
    on(&bar.speed, "dblclick", |app| {
        app.mix.set_semitones(0.0);
        app.mix_changed();
        let mix = app.mix;
        app.sound.turn(&mix);
    })?;
    on(&bar.by_place, "change", |app| {
        app.mix.by_place = app.tools.soundbar.by_place.checked();
        app.mix_changed();
        app.steer();
    })?;
    on(&bar.pace, "input", |app| {
        app.mix.set_pace(app.tools.soundbar.pace.value_as_number() as f32);
        app.mix_changed();
    })
}

impl App {
    /// Switches all sound off, or on again.
    pub fn mute(&mut self) {
        self.mix.muted = !self.mix.muted;
        self.mix_changed();
    }

    /// What the loudspeakers and the bar have to know of.
    fn mix_changed(&mut self) {
        self.sound.out.set_level(&self.mix);
        self.tools.soundbar.show(&self.mix);
        keep(&self.page.window, KEY, &self.mix.written());
    }

    /// Sets what was set when a page was last open.
    fn recall_mix(&mut self) {
        if let Some(text) = kept(&self.page.window, KEY) {
            self.mix = Mix::read(&text);
            self.looped = self.mix.loops;
        }
    }
}

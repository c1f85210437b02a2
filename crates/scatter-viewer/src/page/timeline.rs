//! The timeline of a recording: its picture, and what is heard, hovered and selected on it.

use std::ops::Range;

use scatter_dataset::Kind;
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{Document, HtmlButtonElement, HtmlCanvasElement, HtmlElement, ImageData};

use super::app::App;
use super::elements::by_id;
use super::tile;
use crate::describe::clock;
use crate::gesture::Gestures;
use crate::overview::{Overview, ROWS};
use crate::timeline::Timeline;
use crate::trouble::Trouble;

/// Pixels of a window from which on its tile is drawn instead of its mean.
const CLOSE: f64 = 16.0;

/// Its elements and its state.
pub struct TimelinePanel {
    pub root: HtmlElement,
    pub view: HtmlElement,
    pub picture: HtmlCanvasElement,
    pub marks: HtmlCanvasElement,
    pub ruler: HtmlCanvasElement,
    pub head: HtmlElement,
    pub play: HtmlButtonElement,
    pub all: HtmlButtonElement,
    play_word: HtmlElement,
    now: HtmlElement,
    /// The recording's time; none while the dataset is no recording.
    pub line: Option<Timeline>,
    pub overview: Overview,
    pub gestures: Gestures,
    /// Where a brush was begun and is now, in seconds.
    pub brush: Option<(f64, f64)>,
    /// Where the keyboard is, in seconds.
    pub cursor: f64,
}

impl TimelinePanel {
    /// Finds its elements.
    pub fn find(d: &Document) -> Result<Self, Trouble> {
        Ok(Self {
            root: by_id(d, "timeline")?,
            view: by_id(d, "timeline-view")?,
            picture: by_id(d, "timeline-picture")?,
            marks: by_id(d, "timeline-marks")?,
            ruler: by_id(d, "timeline-ruler")?,
            head: by_id(d, "timeline-head")?,
            play: by_id(d, "timeline-play")?,
            all: by_id(d, "timeline-all")?,
            play_word: by_id(d, "timeline-play-word")?,
            now: by_id(d, "timeline-now")?,
            line: None,
            overview: Overview::default(),
            gestures: Gestures::default(),
            brush: None,
            cursor: 0.0,
        })
    }

    /// Width of the axis in CSS pixels.
    pub fn width(&self) -> f64 {
        f64::from(self.view.client_width()).max(1.0)
    }
}

impl App {
    /// Shows the timeline where the dataset is a recording.
    pub fn open_timeline(&mut self) {
        let Some(shown) = self.shown.as_ref().filter(|s| s.config.kind == Kind::Recording) else { return };
        let audio = &shown.config.audio;
        let rate = f64::from(audio.sample_rate);
        let last = audio.clip_seconds(shown.config.count.saturating_sub(1)).end;
        let whole = audio.samples.map_or(last, |samples| samples as f64 / rate);
        let panel = &mut self.tools.timeline;
        panel.line = Some(Timeline::new(whole, f64::from(audio.hop_samples) / rate, shown.config.count));
        panel.root.set_hidden(false);
        let _ = panel.view.set_attribute("aria-valuemax", &format!("{whole:.2}"));
        self.move_cursor(0.0);
    }

    /// Draws all of it, after its size, its part or its colours have changed.
    pub fn draw_timeline(&self) {
        // A browser that refuses to draw leaves the rest of the page as it is.
        let _ = self.draw_overview();
        let _ = self.draw_ruler();
        self.mark_timeline();
    }

    fn draw_overview(&self) -> Result<(), JsValue> {
        let panel = &self.tools.timeline;
        let Some(line) = &panel.line else { return Ok(()) };
        let width = panel.width();
        panel.picture.set_width(width as u32);
        panel.picture.set_height(ROWS as u32);
        let pen = tile::pen(&panel.picture)?;
        let (from, to) = line.window_range();
        let columns = panel.overview.columns(from, to, width as usize);
        let shades: Vec<[u8; 3]> =
            (0..=255u8).map(|e| tile::shade(self.theme, None, f32::from(e) / 255.0)).collect();
        let mut pixels = vec![255u8; width as usize * ROWS * 4];
        for (x, column) in columns.chunks_exact(ROWS).enumerate() {
            for (y, &value) in column.iter().enumerate() {
                pixels[(y * width as usize + x) * 4..][..3].copy_from_slice(&shades[usize::from(value)]);
            }
        }
        let image = ImageData::new_with_u8_clamped_array(Clamped(&pixels), width as u32)?;
        pen.put_image_data(&image, 0.0, 0.0)?;
        // Near enough to see the tiles themselves.
        let scratch: HtmlCanvasElement = self.page.document.create_element("canvas")?.dyn_into()?;
        for window in self.timeline_tiles() {
            // Until its page is there, the mean stays.
            if tile::draw(&scratch, self, window, None).is_err() {
                continue;
            }
            let (part, height) = (own_part(self) * f64::from(scratch.width()), f64::from(scratch.height()));
            let slot = line.slot(window);
            let left = line.share(slot.start) * width;
            let right = left + line.window_pixels(width);
            pen.draw_image_with_html_canvas_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                &scratch,
                0.0,
                0.0,
                part.max(1.0),
                height,
                left,
                0.0,
                right - left,
                ROWS as f64,
            )?;
        }
        Ok(())
    }

    /// The windows whose tiles the timeline shows; none while it shows means.
    pub fn timeline_tiles(&self) -> Vec<usize> {
        let panel = &self.tools.timeline;
        let line = panel.line.as_ref().filter(|line| line.window_pixels(panel.width()) >= CLOSE);
        let has_tiles = self.shown.as_ref().is_some_and(|shown| shown.has_tiles);
        let line = line.filter(|_| has_tiles);
        line.map_or(Vec::new(), |line| line.windows(line.shown().start, line.shown().end).collect())
    }

    fn draw_ruler(&self) -> Result<(), JsValue> {
        let panel = &self.tools.timeline;
        let Some(line) = &panel.line else { return Ok(()) };
        let ratio = self.page.window.device_pixel_ratio().clamp(1.0, 3.0);
        let (width, height) = (panel.width(), f64::from(panel.ruler.client_height()).max(12.0));
        panel.ruler.set_width((width * ratio) as u32);
        panel.ruler.set_height((height * ratio) as u32);
        let pen = tile::pen(&panel.ruler)?;
        pen.scale(ratio, ratio)?;
        pen.set_font("11px system-ui, sans-serif");
        pen.set_text_baseline("top");
        let style = self.page.window.get_computed_style(&panel.ruler)?;
        let colour = style.and_then(|s| s.get_property_value("color").ok()).unwrap_or_default();
        pen.set_fill_style_str(&colour);
        for (time, words) in line.marks(width) {
            let x = line.share(time) * width;
            pen.fill_rect(x.round() - 0.5, 0.0, 1.0, 4.0);
            let align = if x < 18.0 {
                "left"
            } else if x > width - 24.0 {
                "right"
            } else {
                "center"
            };
            pen.set_text_align(align);
            pen.fill_text(&words, x, 6.0)?;
        }
        Ok(())
    }

    /// Marks what is selected, in focus, hovered and brushed.
    pub fn mark_timeline(&self) {
        let panel = &self.tools.timeline;
        let Some(line) = &panel.line else { return };
        let width = panel.width();
        let height = f64::from(panel.marks.client_height()).max(1.0);
        panel.marks.set_width(width as u32);
        panel.marks.set_height(height as u32);
        let Ok(pen) = tile::pen(&panel.marks) else { return };
        let style = self.page.window.get_computed_style(&panel.marks).ok().flatten();
        let colour =
            |name: &str| style.as_ref().and_then(|s| s.get_property_value(name).ok()).unwrap_or_default();
        let (text, accent) = (colour("color"), colour("caret-color"));
        let band = |slot: Range<f64>, least: f64| {
            let left = line.share(slot.start) * width;
            (left, (line.share(slot.end) * width - left).max(least))
        };
        pen.set_fill_style_str(&accent);
        // Runs of selected windows, as bars at the lower edge.
        for (first, last) in self.selection.points().ranges() {
            let (left, wide) = band(line.slot(first).start..line.slot(last).end, 1.5);
            pen.fill_rect(left, height - 5.0, wide, 5.0);
            pen.set_global_alpha(0.14);
            pen.fill_rect(left, 0.0, wide, height);
            pen.set_global_alpha(1.0);
        }
        if let Some((a, b)) = panel.brush {
            let (left, wide) = band(a.min(b)..a.max(b), 1.0);
            pen.set_global_alpha(0.3);
            pen.fill_rect(left, 0.0, wide, height);
            pen.set_global_alpha(1.0);
        }
        pen.set_fill_style_str(&text);
        for (point, alpha) in [(self.focus, 0.55), (self.hovered, 0.9)] {
            let Some(point) = point else { continue };
            let (left, wide) = band(line.slot(point), 2.0);
            pen.set_global_alpha(alpha);
            pen.fill_rect(left, 0.0, wide, 3.0);
            pen.fill_rect(left, 0.0, 1.0, height);
            pen.fill_rect(left + wide - 1.0, 0.0, 1.0, height);
            pen.set_global_alpha(1.0);
        }
    }

    /// Moves the playhead to what is heard, and turns the page when it leaves what is shown.
    pub fn move_timeline_head(&mut self) {
        let Some(time) = self.heard_time() else {
            let panel = &self.tools.timeline;
            panel.head.set_hidden(true);
            return;
        };
        let tape = self.voices.tape_voice().is_some();
        let panel = &mut self.tools.timeline;
        let Some(line) = &mut panel.line else { return };
        // Whoever listens to the tape wants to see where it is; a clip's own place may lie elsewhere.
        let turned = tape && panel.gestures.idle() && line.follow(time);
        let share = line.share(time);
        panel.head.set_hidden(!(0.0..=1.0).contains(&share));
        let _ = panel.head.style().set_property("--at", &format!("{share:.5}"));
        if tape {
            self.move_cursor(time);
        }
        if turned {
            self.draw_timeline();
        }
    }

    /// The time in the recording that is heard now: of the tape, else of a loop, else under the pointer.
    fn heard_time(&self) -> Option<f64> {
        self.tools.timeline.line.as_ref()?;
        let voices = &self.voices;
        let clip = voices.looping().or(self.hovered).and_then(|point| voices.voice_of(point));
        let voice = voices.tape_voice().or(clip).filter(|&voice| self.sound.sounds(voice))?;
        let rate = self.shown.as_ref()?.config.audio.sample_rate;
        Some(self.sound.sample(voice)? as f64 / f64::from(rate))
    }

    /// The window that the tape plays now.
    pub fn taped_window(&self) -> Option<usize> {
        self.voices.tape_voice()?;
        self.tools.timeline.line.as_ref()?.window(self.heard_time()?)
    }

    /// Puts the keyboard's place at `time`.
    pub fn move_cursor(&mut self, time: f64) {
        let panel = &mut self.tools.timeline;
        panel.cursor = time;
        let words = clock(time);
        panel.now.set_text_content(Some(&words));
        let _ = panel.view.set_attribute("aria-valuenow", &format!("{time:.2}"));
        let _ = panel.view.set_attribute("aria-valuetext", &words);
    }

    /// Tells the timeline whether the tape plays.
    pub fn tell_timeline(&self) {
        let plays = self.voices.tape_voice().is_some();
        let panel = &self.tools.timeline;
        panel.play_word.set_text_content(Some(if plays { "Stop" } else { "Play" }));
        let _ = panel.play.set_attribute("data-sounds", if plays { "yes" } else { "no" });
        panel.play.set_disabled(self.sound.clips.samples() == 0);
    }

    /// Plays the recording from `time` on.
    pub fn play_from(&mut self, time: f64) {
        let Some(shown) = &self.shown else { return };
        let sample = (time * f64::from(shown.config.audio.sample_rate)) as u64;
        let commands = self.voices.tape(sample);
        self.obey(commands);
        self.move_cursor(time);
        self.describe_again();
        self.tell_timeline();
        (self.ask_frame)();
    }
}

/// The part of a tile's width that belongs to its window alone.
pub fn own_part(app: &App) -> f64 {
    let audio = app.shown.as_ref().map(|shown| &shown.config.audio);
    audio.map_or(1.0, |a| (f64::from(a.hop_samples) / f64::from(a.window_samples)).min(1.0))
}

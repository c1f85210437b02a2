//! The player: everything about the point in focus, and the points around it.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Event, HtmlButtonElement, HtmlCanvasElement, HtmlElement};

use super::app::{App, Shared};
use super::elements::{Elements, by_id};
use super::events::listen;
use super::player_picture::draw_picture;
use crate::describe::{LONGEST, classes, clock, cut, describe, projection_title};
use crate::mix::Times;
use crate::neighbours::{Near, duplicates, near};
use crate::source::place;
use crate::trouble::Trouble;

/// How near the camera goes to a point, in radii of the cloud.
const CLOSE: f32 = 0.8;
/// Least score of a class that is listed: what rounds to no per cent says nothing.
const LEAST: f32 = 0.005;
/// Duplicates listed at most.
const TWINS: usize = 50;

/// Its elements.
pub struct Player {
    pub root: HtmlElement,
    folder: HtmlElement,
    title: HtmlElement,
    label: HtmlElement,
    swatch: HtmlElement,
    close: HtmlButtonElement,
    pub picture: HtmlCanvasElement,
    pub head: HtmlElement,
    play: HtmlButtonElement,
    play_word: HtmlElement,
    looped: HtmlButtonElement,
    place: HtmlElement,
    place_words: HtmlElement,
    place_bar: HtmlElement,
    classes: HtmlElement,
    classes_from: HtmlElement,
    rows: HtmlElement,
    near_title: HtmlElement,
    near_reason: HtmlElement,
    near: HtmlElement,
    twins_title: HtmlElement,
    twins: HtmlElement,
}

impl Player {
    /// Finds them.
    pub fn find(d: &Document) -> Result<Self, Trouble> {
        Ok(Self {
            root: by_id(d, "player")?,
            folder: by_id(d, "player-folder")?,
            title: by_id(d, "player-title")?,
            label: by_id(d, "player-label")?,
            swatch: by_id(d, "player-swatch")?,
            close: by_id(d, "player-close")?,
            picture: by_id(d, "player-picture")?,
            head: by_id(d, "player-head")?,
            play: by_id(d, "player-play")?,
            play_word: by_id(d, "player-play-word")?,
            looped: by_id(d, "player-loop")?,
            place: by_id(d, "player-place")?,
            place_words: by_id(d, "player-place-words")?,
            place_bar: by_id(d, "player-place-bar")?,
            classes: by_id(d, "player-classes")?,
            classes_from: by_id(d, "player-classes-from")?,
            rows: by_id(d, "player-rows")?,
            near_title: by_id(d, "player-near-title")?,
            near_reason: by_id(d, "player-near-reason")?,
            near: by_id(d, "player-near")?,
            twins_title: by_id(d, "player-twins-title")?,
            twins: by_id(d, "player-twins")?,
        })
    }
}

/// CSS pixels from a panel within which a point counts as covered.
const COVER_MARGIN: f32 = 24.0;

impl App {
    /// Puts `point` into focus: the player tells of it.
    pub fn focus_on(&mut self, point: usize) {
        if self.focus != Some(point) {
            self.focus = Some(point);
            self.drifted();
            self.fill_player();
            self.tools.player.root.set_scroll_top(0);
        }
        if self.tools.player.root.hidden() {
            self.tools.player.root.set_hidden(false);
            self.mark_player(true);
        }
        self.describe_again();
        self.tell_focus(point);
        draw_picture(self, point);
        self.uncover(point);
        (self.ask_frame)();
    }

    /// Moves the cloud aside where the player lies over `point`.
    fn uncover(&mut self, point: usize) {
        let Some(at) = self.points().get(point).and_then(|&place| self.lens().project(place)) else { return };
        let cover = self.tools.player.root.get_bounding_client_rect();
        let (left, top) = (cover.left() as f32, cover.top() as f32);
        if cover.width() == 0.0 || at.x < left - COVER_MARGIN || at.y < top - COVER_MARGIN {
            return;
        }
        let free = self.camera.free();
        // Beside the page's other panels it stands at the right, on a phone below the cloud.
        let (dx, dy) = match left > free.x + COVER_MARGIN {
            true => ((free.x + left) / 2.0 - at.x, 0.0),
            false => (0.0, (free.y + top) / 2.0 - at.y),
        };
        let mut aside = self.camera.clone();
        aside.pan(dx, dy);
        self.fly(aside.pose(), true);
    }

    /// Closes the player; what sounds goes on.
    pub fn close_player(&mut self) {
        self.focus = None;
        self.drifted();
        self.tools.player.root.set_hidden(true);
        self.mark_player(false);
        self.describe_again();
        let _ = self.page.canvas.focus();
        (self.ask_frame)();
    }

    fn mark_player(&self, open: bool) {
        if let Some(body) = self.page.document.body() {
            let _ = body.class_list().toggle_with_force("player-open", open);
        }
        // It takes a part of the timeline's width.
        self.draw_timeline();
    }

    /// Fills the player again after colours or layout have changed.
    pub fn refresh_player(&self) {
        if let Some(point) = self.focus {
            self.fill_player();
            draw_picture(self, point);
        }
    }

    fn fill_player(&self) {
        let (Some(shown), Some(point)) = (&self.shown, self.focus) else { return };
        let (player, page) = (&self.tools.player, &self.page);
        let said = describe(&shown.config, &shown.data, point);
        player.title.set_text_content(Some(&said.title));
        Elements::say(&player.folder, &said.folder);
        player.label.set_text_content(Some(&said.label));
        let [r, g, b] = self.colour(point);
        let _ = player.swatch.style().set_property("background-color", &format!("rgb({r} {g} {b})"));
        player.swatch.set_hidden(!self.colouring.tells_apart());
        player.rows.set_text_content(None);
        for (name, value) in &said.rows {
            for (tag, text) in [("dt", name), ("dd", value)] {
                if let Some(cell) = page.append(&player.rows, tag, "") {
                    page.append(&cell, "bdi", text);
                }
            }
        }
        self.fill_place(point);
        player.classes.set_text_content(None);
        for (name, score) in classes(&shown.data, point).into_iter().filter(|(_, score)| *score >= LEAST) {
            let Some(row) = page.append(&player.classes, "li", "") else { continue };
            page.append(&row, "bdi", &cut(&name, LONGEST));
            page.append(&row, "b", &format!("{:.0}\u{202f}%", score * 100.0));
            if let Some(bar) = page.append(&row, "i", "").and_then(|i| i.dyn_into::<HtmlElement>().ok()) {
                let _ = bar.style().set_property("width", &format!("{:.1}%", score * 100.0));
            }
        }
        let from = shown.data.classes.as_ref().map(|c| cut(&c.attribution, LONGEST)).unwrap_or_default();
        Elements::say(&player.classes_from, &from);
        self.fill_near(point);
    }

    fn fill_place(&self, point: usize) {
        let Some(shown) = &self.shown else { return };
        let player = &self.tools.player;
        let found = place(&shown.config, &shown.data, point);
        player.place.set_hidden(found.is_none());
        let Some(found) = found else { return };
        let words = format!("{} – {} of {}", clock(found.start), clock(found.end), clock(found.whole));
        player.place_words.set_text_content(Some(&words));
        let (from, to) = found.shares();
        let style = player.place_bar.style();
        let _ = style.set_property("left", &format!("{:.3}%", from * 100.0));
        let _ = style.set_property("width", &format!("max(3px, {:.3}%)", (to - from) * 100.0));
    }

    fn fill_near(&self, point: usize) {
        let Some(shown) = &self.shown else { return };
        let player = &self.tools.player;
        let found = near(&shown.data, self.goal(), point);
        let (title, reason) = match found {
            Near::InSound(_) => ("Sounds like it", String::new()),
            Near::OnMap(_) => {
                let layout = shown.layouts.all.get(self.view.layout);
                let name = layout.map(|l| l.title.clone()).unwrap_or_else(|| projection_title("umap"));
                let reason = format!(
                    "Nearest on the map shown ({name}): this dataset does not say which sounds are alike."
                );
                ("Nearest on the map", reason)
            }
        };
        player.near_title.set_text_content(Some(title));
        Elements::say(&player.near_reason, &reason);
        self.list(&player.near, found.points());
        let twins = duplicates(&shown.data, point, TWINS);
        player.twins_title.set_hidden(twins.is_empty());
        player.twins.set_hidden(twins.is_empty());
        self.list(&player.twins, &twins);
    }

    /// Fills `list` with a button for each of `points`.
    fn list(&self, list: &HtmlElement, points: &[usize]) {
        list.set_text_content(None);
        let (Some(shown), page) = (&self.shown, &self.page) else { return };
        for &point in points {
            let said = describe(&shown.config, &shown.data, point);
            let made = page.append(list, "li", "").and_then(|item| page.append(&item, "button", ""));
            let Some(button) = made else { continue };
            let _ = button.set_attribute("type", "button");
            let _ = button.set_attribute("data-point", &point.to_string());
            if self.colouring.tells_apart()
                && let Some(swatch) =
                    page.append(&button, "i", "").and_then(|i| i.dyn_into::<HtmlElement>().ok())
            {
                let [r, g, b] = self.colour(point);
                let _ = swatch.style().set_property("background-color", &format!("rgb({r} {g} {b})"));
            }
            // Windows of a recording share its name: their time and what is heard in them tell them apart.
            let time = said.rows.into_iter().next().filter(|(name, _)| name == "Time").map(|(_, time)| time);
            let (name, more) = match time {
                Some(time) => {
                    (time, said.heard.into_iter().next().map(|(class, _)| class).unwrap_or_default())
                }
                None if said.label.is_empty() => (said.title, said.folder),
                None => (said.title, said.label),
            };
            page.append(&button, "bdi", &name);
            page.append(&button, "small", &more);
        }
    }

    /// Tells the player what sounds now.
    pub fn tell_player(&self) {
        let player = &self.tools.player;
        let Some(point) = self.focus else { return };
        let sounds = self.voices.voice_of(point).is_some();
        let loops = self.voices.looping() == Some(point) && self.looped != Times::Count(1);
        player.play_word.set_text_content(Some(if sounds { "Stop" } else { "Play" }));
        let _ = player.play.set_attribute("data-sounds", if sounds { "yes" } else { "no" });
        let _ = player.looped.set_attribute("aria-pressed", if loops { "true" } else { "false" });
        player.play.set_disabled(self.sound.clips.samples() == 0);
        player.looped.set_disabled(self.sound.clips.samples() == 0);
    }

    /// Moves the playhead to where the sound is.
    pub fn move_player_head(&self) {
        let player = &self.tools.player;
        let share = self.focus.and_then(|point| {
            let voice = self.voices.voice_of(point).filter(|&v| self.sound.sounds(v))?;
            let audio = &self.shown.as_ref()?.config.audio;
            let clip = audio.clip(point);
            let played = self.sound.sample(voice)?.checked_sub(clip.start)?;
            Some(played as f64 / f64::from(audio.window_samples))
        });
        player.head.set_hidden(share.is_none());
        if let Some(share) = share {
            let _ = player.head.style().set_property("--at", &format!("{:.4}", share.clamp(0.0, 1.0)));
        }
    }

    /// Plays the point in focus `times`, or stops it.
    pub fn play_focus(&mut self, times: Times) {
        let Some(point) = self.focus else { return };
        // What the pointer began stops, too, as if it were a click's.
        if self.voices.voice_of(point).is_some() && self.voices.looping() != Some(point) {
            return self.silence();
        }
        self.looped = times;
        self.unheard = None;
        let commands = self.voices.click(point, times);
        self.obey(commands);
        self.describe(point);
        (self.ask_frame)();
    }

    /// Goes to `point`: the camera flies there, and it is in focus.
    pub fn go_to(&mut self, point: usize) {
        self.fly_to(point);
        self.focus_on(point);
        self.stepped();
    }

    /// The camera flies to `point`, which is heard.
    pub fn fly_to(&mut self, point: usize) {
        let Some(&target) = self.goal().get(point) else { return };
        self.settle();
        let now = self.camera.pose();
        let distance = now.distance.min(now.radius * CLOSE);
        self.fly(crate::camera::Pose { target, distance, ..now }, true);
        self.hovered = None;
        self.preview(point);
    }
}

/// Listens to the player.
pub fn listen_all(app: &Shared) -> Result<(), JsValue> {
    let borrowed = app.borrow();
    let player = &borrowed.tools.player;
    let on = |element: &Element, act: fn(&mut App)| {
        let app = Shared::clone(app);
        listen(element, "click", move |_: Event| act(&mut app.borrow_mut()))
    };
    on(&player.close, App::close_player)?;
    on(&player.play, |app| app.play_focus(Times::Count(1)))?;
    on(&player.looped, |app| {
        let times = if app.mix.loops == Times::Count(1) { Times::Endless } else { app.mix.loops };
        app.play_focus(times);
    })?;
    for list in [&player.near, &player.twins] {
        for (name, act) in [
            ("pointerover", App::glance as fn(&mut App, usize)),
            ("focusin", App::glance),
            ("click", App::go_to),
        ] {
            let app = Shared::clone(app);
            listen(list, name, move |event: Event| {
                if let Some(point) = pointed(&event) {
                    act(&mut app.borrow_mut(), point);
                }
            })?;
        }
        let app = Shared::clone(app);
        listen(list, "pointerleave", move |_: Event| app.borrow_mut().hover(None))?;
    }
    Ok(())
}

/// The point of the list's entry that an event is about.
fn pointed(event: &Event) -> Option<usize> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest("[data-point]").ok()??.get_attribute("data-point")?.parse().ok()
}

impl App {
    /// Shows and plays a point that is not under the pointer on the map.
    pub fn glance(&mut self, point: usize) {
        if self.hovered != Some(point) {
            self.hovered = Some(point);
            self.preview(point);
            (self.ask_frame)();
        }
    }
}

//! The panel “Take away”: tables, lists, clips, label tracks and the picture of what is selected, as files.

use std::ops::Range;
use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use scatter_dataset::Kind;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, BlobPropertyBag, Document, Element, Event, HtmlAnchorElement, HtmlButtonElement, HtmlCanvasElement,
    HtmlDialogElement, HtmlElement, HtmlProgressElement, Url,
};

use super::app::{App, Shared};
use super::elements::{Elements, by_id};
use super::events::listen;
use super::pause::pause;
use super::tile;
use crate::describe::grouped;
use crate::palette;
use crate::source::place;
use crate::take::{self, Taken, Zip};
use crate::trouble::Trouble;

/// Clips that are cut before the page may draw again.
const AT_ONCE: usize = 64;

/// Its elements.
pub struct TakePanel {
    dialog: HtmlDialogElement,
    open: HtmlButtonElement,
    close: HtmlButtonElement,
    what: HtmlElement,
    choices: HtmlElement,
    state: HtmlElement,
    progress: HtmlProgressElement,
}

impl TakePanel {
    /// Finds them.
    pub fn find(d: &Document) -> Result<Self, Trouble> {
        Ok(Self {
            dialog: by_id(d, "take")?,
            open: by_id(d, "take-open")?,
            close: by_id(d, "take-close")?,
            what: by_id(d, "take-what")?,
            choices: by_id(d, "take-choices")?,
            state: by_id(d, "take-state")?,
            progress: by_id(d, "take-progress")?,
        })
    }

    /// Whether it is shown.
    pub fn is_open(&self) -> bool {
        self.dialog.open()
    }

    fn say(&self, words: &str) {
        Elements::say(&self.state, words);
    }
}

impl App {
    /// The points that are taken: the selection, else all that are shown.
    fn taken_points(&self) -> Vec<usize> {
        let selected = self.selection.points();
        let mut points: Vec<usize> =
            if selected.is_empty() { self.visible.iter().collect() } else { selected.iter().collect() };
        if let Some(shown) = &self.shown {
            shown.sort_by_file(&mut points);
        }
        points
    }

    /// Opens the panel.
    pub fn open_take(&self) {
        let panel = &self.tools.take;
        let count = self.taken_points().len();
        let of = if self.selection.points().is_empty() { "all that are shown" } else { "the selection" };
        let sounds = if count == 1 { "sound" } else { "sounds" };
        panel.what.set_text_content(Some(&format!("{} {sounds}: {of}", grouped(count as f64))));
        let recording = self.shown.as_ref().is_some_and(|s| s.config.kind == Kind::Recording);
        for (kind, possible) in
            [("audacity", recording), ("raven", recording), ("zip", self.sound.clips.samples() > 0)]
        {
            let found = panel.choices.query_selector(&format!("[data-take=\"{kind}\"]")).ok().flatten();
            if let Some(button) = found.and_then(|b| b.dyn_into::<HtmlButtonElement>().ok()) {
                button.set_hidden(!possible);
            }
        }
        panel.say("");
        // Where it cannot be shown above the page, it stays closed.
        let _ = panel.dialog.show_modal();
    }

    /// A text file of `kind`: its name's end, its type, its text.
    fn text_of(&self, kind: &str) -> Option<(&'static str, &'static str, String)> {
        let shown = self.shown.as_ref()?;
        let points = self.taken_points();
        let key = shown.layouts.all.get(self.view.layout).map_or("place", |layout| layout.key.as_str());
        let taken = Taken {
            config: &shown.config,
            data: &shown.data,
            points: &points,
            layout: (key, self.goal()),
            tags: &self.tools.tags.all,
        };
        Some(match kind {
            "csv" => (".csv", "text/csv;charset=utf-8", take::csv(&taken)),
            "json" => (".json", "application/json", take::json(&taken)),
            "paths" => ("-files.txt", "text/plain;charset=utf-8", take::paths(&taken)),
            "audacity" => ("-labels.txt", "text/plain;charset=utf-8", take::audacity(&taken)),
            "raven" => (".Table.1.selections.txt", "text/plain;charset=utf-8", take::raven(&taken)),
            _ => return None,
        })
    }

    fn file_name(&self, end: &str) -> String {
        let name = self.shown.as_ref().map(|s| s.config.name.to_string()).unwrap_or_default();
        format!("{name}{end}")
    }
}

/// Listens to the panel.
pub fn listen_all(app: &Shared) -> Result<(), JsValue> {
    let borrowed = app.borrow();
    let panel = &borrowed.tools.take;
    let shared = Shared::clone(app);
    listen(&panel.open, "click", move |_: Event| shared.borrow().open_take())?;
    let dialog = panel.dialog.clone();
    listen(&panel.close, "click", move |_: Event| dialog.close())?;
    let shared = Shared::clone(app);
    listen(&panel.choices, "click", move |event: Event| {
        let button = event.target().and_then(|t| t.dyn_into::<Element>().ok());
        let button = button.and_then(|b| b.closest("[data-take]").ok().flatten());
        if let Some(kind) = button.and_then(|b| b.get_attribute("data-take")) {
            give(&shared, &kind);
        }
    })
}

fn give(app: &Shared, kind: &str) {
    match kind {
        "zip" => {
            let app = Shared::clone(app);
            spawn_local(async move {
                let outcome = zip(&app).await;
                let app = app.borrow();
                app.tools.take.progress.set_hidden(true);
                match outcome {
                    Ok(words) => app.tools.take.say(&words),
                    Err(words) => app.tools.take.say(&words),
                }
            });
        }
        "png" => picture(app),
        "link" => link(app),
        _ => {
            let app = app.borrow();
            let Some((end, mime, text)) = app.text_of(kind) else { return };
            let parts = Array::of1(&JsValue::from_str(&text));
            let saved = blob(&parts, mime, true).and_then(|blob| save(&app.page, &blob, &app.file_name(end)));
            app.tools.take.say(if saved.is_ok() { "Saved." } else { REFUSED });
        }
    }
}

const REFUSED: &str = "This browser does not let a page save files.";

fn blob(parts: &Array, mime: &str, text: bool) -> Result<Blob, JsValue> {
    let bag = BlobPropertyBag::new();
    bag.set_type(mime);
    match text {
        true => Blob::new_with_str_sequence_and_options(parts, &bag),
        false => Blob::new_with_u8_array_sequence_and_options(parts, &bag),
    }
}

/// Hands `blob` to the browser as a file to keep.
fn save(page: &Elements, blob: &Blob, name: &str) -> Result<(), JsValue> {
    let address = Url::create_object_url_with_blob(blob)?;
    let link: HtmlAnchorElement = page.document.create_element("a")?.dyn_into()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // The browser reads it after this turn; a minute later it has, or will not.
    let done = Closure::once_into_js(move || {
        let _ = Url::revoke_object_url(&address);
    });
    page.window.set_timeout_with_callback_and_timeout_and_arguments_0(done.unchecked_ref(), 60_000)?;
    Ok(())
}

/// Cuts the clips and packs them, a handful at a time. What to say in the end.
async fn zip(app: &Shared) -> Result<String, String> {
    let refused = |_: JsValue| REFUSED.to_owned();
    let points = app.borrow().taken_points();
    let parts = Array::new();
    let push = |bytes: &[u8]| parts.push(&Uint8Array::from(bytes));
    let (mut zip, mut files, mut silent, mut broken) = (Zip::default(), 0usize, 0usize, 0usize);
    for some in points.chunks(AT_ONCE) {
        fetch(app, some, (files, points.len())).await?;
        {
            let app = app.borrow();
            let panel = &app.tools.take;
            if !panel.dialog.open() {
                return Ok(String::new());
            }
            panel.progress.set_hidden(false);
            panel.progress.set_value(files as f64 / points.len().max(1) as f64);
            panel.say(&format!(
                "Cutting clip {} of {}",
                grouped(files as f64 + 1.0),
                grouped(points.len() as f64)
            ));
            for &point in some {
                let Some((name, bytes)) = clip(&app, point) else {
                    if is_broken(&app, point) {
                        broken += 1;
                    } else {
                        silent += 1;
                    }
                    continue;
                };
                let head = zip.add(&name, &bytes).map_err(|error| error.to_string())?;
                push(&head);
                push(&bytes);
                files += 1;
            }
        }
        pause().await;
    }
    push(&zip.finish());
    let app = app.borrow();
    let whole = blob(&parts, "application/zip", false).map_err(refused)?;
    save(&app.page, &whole, &app.file_name(".zip")).map_err(refused)?;
    let clips = if files == 1 { "clip" } else { "clips" };
    let missing =
        |count: usize, why: &str| if count > 0 { format!(" {count} {why}.") } else { String::new() };
    let silent = missing(silent, "lie beyond the end of the sound file");
    let broken = missing(broken, "lie where the sound file is broken");
    Ok(format!("Saved {} {clips}.{silent}{broken}", grouped(files as f64)))
}

/// Fetches the clips of `points` where they are not at hand; `of` are the clips that are cut already, and all of them.
async fn fetch(app: &Shared, points: &[usize], of: (usize, usize)) -> Result<(), String> {
    let (supply, ranges) = {
        let app = app.borrow();
        let (Some(supply), Some(shown)) = (app.sound.clips.supply(), &app.shown) else { return Ok(()) };
        let ranges: Vec<Range<u64>> = points.iter().map(|&point| shown.config.audio.clip(point)).collect();
        let panel = &app.tools.take;
        panel.progress.set_hidden(false);
        panel.progress.set_value(of.0 as f64 / of.1.max(1) as f64);
        panel.say(&format!("Loading clip {} of {}", grouped(of.0 as f64 + 1.0), grouped(of.1 as f64)));
        (Rc::clone(supply), ranges)
    };
    supply.bring(&ranges).await.map_err(|trouble| trouble.to_string())
}

fn is_broken(app: &App, point: usize) -> bool {
    let clip = app.shown.as_ref().map(|shown| shown.config.audio.clip(point)).unwrap_or_default();
    app.sound.clips.supply().is_some_and(|supply| supply.is_broken(&clip))
}

/// The WAV file of `point` and its name; none where there is no sound of it.
fn clip(app: &App, point: usize) -> Option<(String, Vec<u8>)> {
    let shown = app.shown.as_ref()?;
    let samples = app.sound.clips.read(shown.config.audio.clip(point))?;
    let rate = app.sound.clips.rate()?;
    let path = shown.data.metadata.get(scatter_dataset::columns::FILE_NAMES).map(|c| c.text(point));
    let recording = shown.config.kind == Kind::Recording;
    let start = place(&shown.config, &shown.data, point).filter(|_| recording).map(|place| place.start);
    let name = take::clip_name(point, shown.config.count, &path.unwrap_or_default(), start);
    Some((name, take::wav(&samples, rate as u32)))
}

/// The cloud as it is seen, on its ground, as a PNG.
fn picture(app: &Shared) {
    let drawn = {
        let mut app = app.borrow_mut();
        // A drawing buffer can be read until the browser shows it: in the same turn as it was drawn.
        let now = app.last_frame.unwrap_or(0.0);
        app.draw_whole(now);
        flat(&app)
    };
    let shared = Shared::clone(app);
    let saved = drawn.and_then(|canvas| {
        let done = Closure::once_into_js(move |blob: Option<Blob>| {
            let app = shared.borrow();
            let saved = blob.ok_or(JsValue::NULL).and_then(|b| save(&app.page, &b, &app.file_name(".png")));
            app.tools.take.say(if saved.is_ok() { "Saved." } else { REFUSED });
        });
        canvas.to_blob(done.unchecked_ref())
    });
    if saved.is_err() {
        app.borrow().tools.take.say(REFUSED);
    }
}

fn flat(app: &App) -> Result<HtmlCanvasElement, JsValue> {
    let cloud = &app.page.canvas;
    let canvas: HtmlCanvasElement = app.page.document.create_element("canvas")?.dyn_into()?;
    canvas.set_width(cloud.width());
    canvas.set_height(cloud.height());
    let pen = tile::pen(&canvas)?;
    let [r, g, b] = palette::ground(app.theme);
    pen.set_fill_style_str(&format!("rgb({r} {g} {b})"));
    pen.fill_rect(0.0, 0.0, f64::from(cloud.width()), f64::from(cloud.height()));
    pen.draw_image_with_html_canvas_element(cloud, 0.0, 0.0)?;
    Ok(canvas)
}

/// Copies the page's address.
fn link(app: &Shared) {
    let shared = Shared::clone(app);
    spawn_local(async move {
        let copying = {
            let app = shared.borrow();
            let clipboard = app.page.window.navigator().clipboard();
            let address = app.page.window.location().href();
            // Over plain HTTP from another machine a page has no clipboard.
            address.ok().filter(|_| !clipboard.is_undefined()).map(|address| clipboard.write_text(&address))
        };
        let copied = match copying {
            Some(promise) => JsFuture::from(promise).await.is_ok(),
            None => false,
        };
        let words = if copied {
            "The link is copied."
        } else {
            "This browser does not let the page copy: take the address from its bar."
        };
        let app = shared.borrow();
        let left_out = match app.link().holds_selection() {
            true => "",
            false => {
                " It leaves the selection out, which has too many parts for an address: keep it as a tag."
            }
        };
        app.tools.take.say(&format!("{words}{left_out}"));
    });
}

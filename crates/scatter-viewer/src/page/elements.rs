//! The page's elements, found once by id, so that a missing one is one clear sentence.

use wasm_bindgen::JsCast;
use web_sys::{
    Document, Element, HtmlButtonElement, HtmlCanvasElement, HtmlElement, HtmlInputElement,
    HtmlProgressElement, HtmlSelectElement, Window,
};

use crate::trouble::Trouble;

/// The elements of `index.html` that the program reads or fills.
pub struct Elements {
    pub window: Window,
    pub document: Document,
    pub canvas: HtmlCanvasElement,
    pub selection_box: HtmlElement,
    pub marks: HtmlElement,
    pub names: HtmlElement,
    pub names_on: HtmlInputElement,
    pub masthead: HtmlElement,
    pub dataset: HtmlSelectElement,
    pub summary: HtmlElement,
    pub show_all: HtmlButtonElement,
    pub theme: HtmlButtonElement,
    pub panel: HtmlElement,
    pub panel_handle: HtmlButtonElement,
    pub draw_sprites: HtmlInputElement,
    pub draw_points: HtmlInputElement,
    pub shape_cartesian: HtmlInputElement,
    pub shape_spherical: HtmlInputElement,
    pub projection_set: HtmlElement,
    pub projection: HtmlElement,
    pub projection_hint: HtmlElement,
    pub colour: HtmlSelectElement,
    pub colour_reason: HtmlElement,
    pub size: HtmlInputElement,
    pub size_by: HtmlSelectElement,
    pub auto_orbit: HtmlInputElement,
    pub reset: HtmlButtonElement,
    pub selected: HtmlElement,
    pub legend: HtmlElement,
    pub legend_title: HtmlElement,
    pub legend_unit: HtmlElement,
    pub legend_list: HtmlElement,
    pub legend_scale: HtmlElement,
    pub legend_ramp: HtmlCanvasElement,
    pub legend_missing: HtmlElement,
    pub range_low: HtmlInputElement,
    pub range_high: HtmlInputElement,
    pub range_words: HtmlElement,
    pub info: HtmlElement,
    pub info_tile: HtmlCanvasElement,
    pub info_folder: HtmlElement,
    pub info_title: HtmlElement,
    pub info_swatch: HtmlElement,
    pub info_label: HtmlElement,
    pub info_rows: HtmlElement,
    pub info_heard: HtmlElement,
    pub info_state: HtmlElement,
    pub alert: HtmlElement,
    pub told: HtmlElement,
    pub notice: HtmlElement,
    pub sound_hint: HtmlElement,
    pub sound_loading: HtmlElement,
    pub sound_stage: HtmlElement,
    pub sound_progress: HtmlProgressElement,
    pub loading: HtmlElement,
    pub stage_name: HtmlElement,
    pub stage_detail: HtmlElement,
    pub stage_progress: HtmlProgressElement,
}

impl Elements {
    /// Finds them all.
    pub fn find() -> Result<Self, Trouble> {
        let window = web_sys::window().ok_or_else(|| Trouble::Page("there is no window".to_owned()))?;
        let document = window.document().ok_or_else(|| Trouble::Page("there is no document".to_owned()))?;
        let d = &document;
        Ok(Self {
            canvas: by_id(d, "cloud")?,
            selection_box: by_id(d, "box")?,
            marks: by_id(d, "marks")?,
            names: by_id(d, "names")?,
            names_on: by_id(d, "names-on")?,
            masthead: by_id(d, "masthead")?,
            dataset: by_id(d, "dataset")?,
            summary: by_id(d, "summary")?,
            show_all: by_id(d, "show-all")?,
            theme: by_id(d, "theme")?,
            panel: by_id(d, "panel")?,
            panel_handle: by_id(d, "panel-handle")?,
            draw_sprites: by_id(d, "draw-sprites")?,
            draw_points: by_id(d, "draw-points")?,
            shape_cartesian: by_id(d, "shape-cartesian")?,
            shape_spherical: by_id(d, "shape-spherical")?,
            projection_set: by_id(d, "projection-set")?,
            projection: by_id(d, "projection")?,
            projection_hint: by_id(d, "projection-hint")?,
            colour: by_id(d, "colour")?,
            colour_reason: by_id(d, "colour-reason")?,
            size: by_id(d, "size")?,
            size_by: by_id(d, "size-by")?,
            auto_orbit: by_id(d, "auto-orbit")?,
            reset: by_id(d, "reset")?,
            selected: by_id(d, "selected")?,
            legend: by_id(d, "legend")?,
            legend_title: by_id(d, "legend-title")?,
            legend_unit: by_id(d, "legend-unit")?,
            legend_list: by_id(d, "legend-list")?,
            legend_scale: by_id(d, "legend-scale")?,
            legend_ramp: by_id(d, "legend-ramp")?,
            legend_missing: by_id(d, "legend-missing")?,
            range_low: by_id(d, "range-low")?,
            range_high: by_id(d, "range-high")?,
            range_words: by_id(d, "range-words")?,
            info: by_id(d, "info")?,
            info_tile: by_id(d, "info-tile")?,
            info_folder: by_id(d, "info-folder")?,
            info_title: by_id(d, "info-title")?,
            info_swatch: by_id(d, "info-swatch")?,
            info_label: by_id(d, "info-label-text")?,
            info_rows: by_id(d, "info-rows")?,
            info_heard: by_id(d, "info-heard")?,
            info_state: by_id(d, "info-state")?,
            alert: by_id(d, "alert")?,
            told: by_id(d, "told")?,
            notice: by_id(d, "notice")?,
            sound_hint: by_id(d, "sound-hint")?,
            sound_loading: by_id(d, "sound-loading")?,
            sound_stage: by_id(d, "sound-stage")?,
            sound_progress: by_id(d, "sound-progress")?,
            loading: by_id(d, "loading")?,
            stage_name: by_id(d, "stage-name")?,
            stage_detail: by_id(d, "stage-detail")?,
            stage_progress: by_id(d, "stage-progress")?,
            window,
            document,
        })
    }

    /// A new element named `tag` at the end of `parent`, with `text` in it.
    pub fn append(&self, parent: &Element, tag: &str, text: &str) -> Option<Element> {
        let child = self.document.create_element(tag).ok()?;
        child.set_text_content(Some(text));
        parent.append_child(&child).ok()?;
        Some(child)
    }

    /// Shows `text` in the element, which is hidden while it has nothing to say.
    pub fn say(element: &HtmlElement, text: &str) {
        element.set_text_content(Some(text));
        element.set_hidden(text.is_empty());
    }

    /// Shows a failure that ends what the page can do.
    pub fn fail(&self, trouble: &Trouble) {
        self.loading.set_hidden(true);
        self.sound_loading.set_hidden(true);
        self.sound_hint.set_hidden(true);
        Self::say(&self.alert, &trouble.to_string());
    }

    /// Adds a calm sentence about something that is missing or was mended.
    pub fn note(&self, sentence: &str) {
        let before = self.notice.text_content().unwrap_or_default();
        let joined = if before.is_empty() { sentence.to_owned() } else { format!("{before} {sentence}") };
        Self::say(&self.notice, &joined);
    }
}

/// The element `id`.
pub fn by_id<T: JsCast>(document: &Document, id: &str) -> Result<T, Trouble> {
    document
        .get_element_by_id(id)
        .and_then(|element| element.dyn_into().ok())
        .ok_or_else(|| Trouble::Page(format!("the element #{id} is missing")))
}

//! What other scripts of the page may ask: read only, for tests and for pages that embed this one.
//!
//! An ES module is loaded once, so `await import('./pkg/scatter_viewer.js')` gives the running viewer.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use super::app::{App, Shared};

thread_local! {
    static RUNNING: RefCell<Option<Shared>> = const { RefCell::new(None) };
}

/// Makes `app` the one that answers.
pub fn register(app: &Shared) {
    RUNNING.with(|running| *running.borrow_mut() = Some(Shared::clone(app)));
}

fn ask<T: Default>(question: impl FnOnce(&App) -> T) -> T {
    RUNNING.with(|running| running.borrow().as_ref().map(|app| question(&app.borrow())).unwrap_or_default())
}

/// Name of the dataset that is shown; nothing before it is.
#[wasm_bindgen(js_name = datasetName)]
pub fn dataset_name() -> Option<String> {
    ask(|app| app.shown.as_ref().map(|shown| shown.config.name.to_string()))
}

/// Number of points on the map.
#[wasm_bindgen(js_name = pointCount)]
pub fn point_count() -> usize {
    ask(|app| app.points().len())
}

/// Where the centre of point `index` is seen: `[x, y]` in CSS pixels of the canvas; nothing when it is behind
/// the camera or there is no such point.
#[wasm_bindgen(js_name = screenPosition)]
pub fn screen_position(index: usize) -> Option<Vec<f32>> {
    ask(|app| {
        let seen = app.lens().project(*app.points().get(index)?)?;
        Some(vec![seen.x, seen.y])
    })
}

/// The point that a pointer at `x`, `y` (CSS pixels of the canvas) would meet.
#[wasm_bindgen(js_name = pointAt)]
pub fn point_at(x: f32, y: f32) -> Option<usize> {
    ask(|app| app.cloud().pick(&app.lens(), &app.footprint(), [x, y]))
}

/// Width and height of point `index` on the screen, in CSS pixels.
#[wasm_bindgen(js_name = pointSize)]
pub fn point_size(index: usize) -> Option<Vec<f32>> {
    ask(|app| {
        let lens = app.lens();
        let footprint = app.footprint();
        let depth = lens.project(*app.points().get(index)?)?.depth;
        let width = app.cloud().width(&lens, &footprint, index, depth);
        Some(vec![width, width * footprint.shape])
    })
}

/// The point under the pointer.
#[wasm_bindgen(js_name = hoveredPoint)]
pub fn hovered_point() -> Option<usize> {
    ask(|app| app.hovered)
}

/// The point that the player tells of.
#[wasm_bindgen(js_name = focusedPoint)]
pub fn focused_point() -> Option<usize> {
    ask(|app| app.focus)
}

/// The seconds that the timeline shows; nothing where there is none.
#[wasm_bindgen(js_name = timelineSpan)]
pub fn timeline_span() -> Option<Vec<f64>> {
    ask(|app| app.tools.timeline.line.as_ref().map(|line| vec![line.shown().start, line.shown().end]))
}

/// The sample that the tape plays now.
#[wasm_bindgen(js_name = tapeSample)]
pub fn tape_sample() -> Option<f64> {
    ask(|app| app.sound.sample(app.voices.tape_voice()?).map(|sample| sample as f64))
}

/// The point that loops.
#[wasm_bindgen(js_name = loopingPoint)]
pub fn looping_point() -> Option<usize> {
    ask(|app| app.voices.looping())
}

/// The selected points, ascending.
#[wasm_bindgen(js_name = selectedPoints)]
pub fn selected_points() -> Vec<usize> {
    ask(|app| app.selection.points().iter().collect())
}

/// The sample of the whole sound that the voice of point `index` plays now; nothing while it has none.
#[wasm_bindgen(js_name = heardSample)]
pub fn heard_sample(index: usize) -> Option<f64> {
    ask(|app| app.sound.sample(app.voices.voice_of(index)?).map(|sample| sample as f64))
}

/// Samples that can be played; 0 until the sound is there.
#[wasm_bindgen(js_name = soundSamples)]
pub fn sound_samples() -> f64 {
    ask(|app| app.sound.clips.samples() as f64)
}

/// Whether the clip of point `index` is at hand: it sounds as soon as it is asked for.
#[wasm_bindgen(js_name = isAtHand)]
pub fn is_at_hand(index: usize) -> bool {
    ask(|app| {
        let clip = app.shown.as_ref().map(|shown| shown.config.audio.clip(index)).unwrap_or_default();
        app.sound.clips.samples() > 0 && !app.sound.clips.lacks(&clip)
    })
}

/// Whether the loudspeakers are on.
#[wasm_bindgen(js_name = soundIsOn)]
pub fn sound_is_on() -> bool {
    ask(|app| app.sound.out.is_awake())
}

/// The points that no filter hides, ascending.
#[wasm_bindgen(js_name = shownPoints)]
pub fn shown_points() -> Vec<usize> {
    ask(|app| app.visible.iter().collect())
}

/// Colour of point `index` as `[red, green, blue]`, 0 to 255.
#[wasm_bindgen(js_name = pointColour)]
pub fn point_colour(index: usize) -> Vec<u8> {
    ask(|app| app.colour(index).to_vec())
}

/// The names that float over the cloud.
#[wasm_bindgen(js_name = floatingNames)]
pub fn floating_names() -> Vec<String> {
    ask(|app| app.names.shown())
}

/// How far points are on their way to another layout: 1 while they rest.
#[wasm_bindgen(js_name = travelled)]
pub fn travelled() -> f32 {
    ask(|app| app.travel.as_ref().map_or(1.0, |travel| travel.progress()))
}

/// Where the camera is: target x, y, z, yaw, pitch, distance.
#[wasm_bindgen(js_name = cameraPose)]
pub fn camera_pose() -> Vec<f32> {
    ask(|app| {
        let pose = app.camera.pose();
        let [x, y, z] = pose.target;
        vec![x, y, z, pose.yaw, pose.pitch, pose.distance]
    })
}

/// Names of the tags of point `index`.
#[wasm_bindgen(js_name = pointTags)]
pub fn point_tags(index: usize) -> Vec<String> {
    ask(|app| app.tags_of(index))
}

/// Whether spectrogram pages that are wanted are still to come.
#[wasm_bindgen(js_name = picturesWait)]
pub fn pictures_wait() -> bool {
    ask(|app| app.pictures.waits())
}

/// The spectrogram pages that are on the graphics device, ascending.
#[wasm_bindgen(js_name = picturesThere)]
pub fn pictures_there() -> Vec<usize> {
    ask(|app| if app.draws_sprites() { app.pictures.paging.there() } else { Vec::new() })
}

/// Bytes that spectrograms take on the graphics device.
#[wasm_bindgen(js_name = pictureBytes)]
pub fn picture_bytes() -> f64 {
    ask(|app| app.scene.sprite_bytes() as f64)
}

/// How many points the picture below the pointer's marks was drawn with.
#[wasm_bindgen(js_name = drawnPoints)]
pub fn drawn_points() -> u32 {
    ask(|app| app.scene.drawn)
}

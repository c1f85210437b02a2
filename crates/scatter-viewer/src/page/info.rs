//! The info panel: picture and words of one point. All text goes in as text, never as markup.

use super::app::App;
use super::clips::Clips;
use super::tile;
use crate::describe::describe;
use crate::palette::Rgb;

/// Rows of the table: the card is glanced at. The player has all.
const ROWS: usize = 2;

/// Shows the point that `app` describes, or hides the panel.
pub fn show(app: &App) {
    let page = &app.page;
    let (Some(shown), Some(index)) = (&app.shown, app.described) else {
        page.info.set_hidden(true);
        app.tell_timeline();
        return;
    };
    let said = describe(&shown.config, &shown.data, index);
    page.info_title.set_text_content(Some(&said.title));
    page.info_folder.set_text_content(Some(&said.folder));
    page.info_label.set_text_content(Some(&said.label));
    let [r, g, b] = app.colour(index);
    // Without the swatch's colour the panel still reads.
    let _ = page.info_swatch.style().set_property("background-color", &format!("rgb({r} {g} {b})"));
    page.info_swatch.set_hidden(!app.colouring.tells_apart());
    page.info_rows.set_text_content(None);
    for (name, value) in said.rows.iter().take(ROWS) {
        for (tag, text) in [("dt", name), ("dd", value)] {
            if let Some(cell) = page.append(&page.info_rows, tag, "") {
                page.append(&cell, "bdi", text);
            }
        }
    }
    page.info_heard.set_text_content(None);
    for (class, per_cent) in &said.heard {
        let Some(item) = page.append(&page.info_heard, "li", "") else { continue };
        page.append(&item, "bdi", class);
        page.append(&item, "span", &format!(" {per_cent}\u{202f}%"));
    }
    page.info_state.set_text_content(Some(&state(app, index)));
    let drawn = draw_tile(app, index);
    let _ = page.info.class_list().toggle_with_force("plain-words", !drawn);
    // What the player tells of needs no card.
    page.info.set_hidden(app.focus == Some(index));
    app.tell_player();
    app.tell_timeline();
    app.mark_timeline();
}

fn tint(app: &App, index: usize) -> Option<Rgb> {
    app.colouring.tells_apart().then(|| app.colour(index))
}

/// Draws the tile of point `index`. While the cloud moves its pixels are not waited for, since all that is drawn comes before
/// them: a frame or two later [`App::take_tile`] has them. False where there is no tile.
fn draw_tile(app: &App, index: usize) -> bool {
    let asked = if app.moves() { app.scene.ask_tile(index) } else { None };
    let comes = asked.is_some();
    app.tile_comes.replace(asked.map(|pixels| (index, pixels)));
    comes || tile::draw(&app.page.info_tile, app, index, tint(app, index)).is_ok()
}

impl App {
    /// Shows the tile that was asked for, if its pixels have come.
    pub fn take_tile(&self) {
        let Some((index, pixels)) = self.tile_comes.take() else { return };
        if self.described != Some(index) {
            return;
        }
        match self.scene.read_tile(pixels) {
            // A tile that cannot be drawn leaves the last one.
            Ok(Some(pixels)) => drop(tile::put(&self.page.info_tile, self, pixels, tint(self, index))),
            Ok(None) => {}
            Err(pixels) => {
                self.tile_comes.replace(Some((index, pixels)));
                (self.ask_frame)();
            }
        }
    }
}

fn state(app: &App, index: usize) -> String {
    let waits = |voice| app.sound.waiting.told && app.sound.waiting.has(voice);
    if app.voices.voice_of(index).is_some_and(waits) {
        return "Loading…".to_owned();
    }
    if app.voices.looping() == Some(index) {
        return app.looped.words();
    }
    match app.sound.clips {
        Clips::None => String::new(),
        Clips::Whole(_) | Clips::Parts(_) if app.sound.out.is_awake() => String::new(),
        Clips::Whole(_) | Clips::Parts(_) => "Click to hear it.".to_owned(),
    }
}

//! What a screen reader says while the focus moves: one sentence, in an element of its own that nobody sees.

use super::app::App;
use crate::describe::{describe, spoken};

impl App {
    /// Says `words`.
    pub fn tell(&self, words: &str) {
        self.page.told.set_text_content(Some(words));
    }

    /// Says which point is in focus: its name, its label, its place among those that are shown.
    pub fn tell_focus(&self, point: usize) {
        let Some(shown) = &self.shown else { return };
        let said = describe(&shown.config, &shown.data, point);
        let place = self.visible.iter().take_while(|&k| k <= point).count();
        let mut words = spoken(&said, place, self.visible.count());
        if self.selection.points().contains(point) {
            words.push_str(", selected");
        }
        self.tell(&words);
    }
}

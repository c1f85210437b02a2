//! What a search finds comes into view, once the question rests and where little of it is seen.

use super::app::{App, Shared};
use super::delay::Delay;

/// Milliseconds after the last letter: by then whoever types has stopped to look.
const REST: i32 = 450;
/// One in so many of what was found must be seen, else the camera goes where all of it is.
const SEEN: usize = 4;

impl App {
    /// The question changed.
    pub fn await_found(&mut self) {
        let finder = &mut self.tools.finder;
        if let Some(waiting) = &mut finder.rested {
            match finder.found.is_some() {
                true => waiting.ask(REST),
                false => waiting.call_off(),
            }
        }
    }

    /// The person moved the camera: it stays where they want it.
    pub fn leave_found(&mut self) {
        if let Some(waiting) = &mut self.tools.finder.rested {
            waiting.call_off();
        }
    }

    /// How many of the shown points lie where nothing covers them.
    pub fn in_view(&self) -> usize {
        let (lens, area, points) = (self.lens(), self.clear_area(), self.points());
        let at = |point: usize| lens.project(*points.get(point)?);
        self.visible.iter().filter_map(at).filter(|at| area.contains(at.x, at.y)).count()
    }

    fn show_found(&mut self) {
        let found = self.visible.count();
        if found > 0 && self.gestures.idle() && self.in_view() * SEEN < found {
            self.frame_all();
        }
    }
}

/// Begins to listen.
pub fn listen_all(app: &Shared) {
    let waiting = Delay::new(app, App::show_found);
    app.borrow_mut().tools.finder.rested = Some(waiting);
}

//! Unpacked sprite pages are put on the device a few rows of tiles at a time: a whole page takes as long as several frames.

use std::cell::RefCell;
use std::rc::Weak;

use web_sys::{Blob, ImageBitmap};

use super::app::App;
use super::pause::pause;
use super::timeline_reader::Reader;
use crate::paging::Place;
use crate::scene::Means;
use crate::trouble::Trouble;

/// Milliseconds of a step: two or three of them fit between two frames, and leave them most of the time.
const STEP: f64 = 2.0;

/// A page that came.
pub struct Landing {
    page: usize,
    blob: Blob,
    bitmap: ImageBitmap,
    /// The row of tiles that is next.
    row: usize,
    /// Where it goes, if it goes on the device at all.
    place: Option<Place>,
    /// Present if the timeline lacks its tiles.
    reader: Option<Reader>,
    /// Its tiles' mean colours, on their way.
    means: Option<Means>,
    /// What is to be had of it is there, and it can go.
    done: bool,
}

/// What was done.
enum Step {
    /// A row was put, and there are more.
    Row,
    /// Nothing can be done now.
    Waits,
    /// All.
    Done,
}

impl Landing {
    pub fn new(page: usize, blob: Blob, bitmap: ImageBitmap) -> Self {
        Self { page, blob, bitmap, row: 0, place: None, reader: None, means: None, done: false }
    }
}

/// Lands what waits for it, until nothing does.
pub async fn land_all(me: Weak<RefCell<App>>) {
    while let Some(app) = me.upgrade() {
        let Some(step) = app.borrow_mut().land() else { return };
        // What nobody looks at has no frames to wait for, and a browser grants it a step a second.
        let hidden = app.borrow().page.document.hidden();
        drop(app);
        if !hidden || matches!(step, Step::Waits) {
            pause().await;
        }
    }
}

impl App {
    /// Goes on with the page that lands, if one does.
    fn land(&mut self) -> Option<Step> {
        let mut landing = self.pictures.landing.pop_front()?;
        let until = self.clock() + STEP;
        let step = loop {
            match self.land_on(&mut landing) {
                Ok(Step::Row) if self.clock() < until => {}
                other => break other,
            }
        };
        match step {
            Ok(step @ (Step::Row | Step::Waits)) => {
                self.pictures.landing.push_front(landing);
                return Some(step);
            }
            done => {
                landing.bitmap.close();
                if let Err(trouble) = done {
                    self.miss(landing.page, &trouble);
                }
                self.page_done(landing.page);
            }
        }
        (!self.pictures.landing.is_empty()).then_some(Step::Done)
    }

    /// Goes on with `landing` by what comes next.
    fn land_on(&mut self, landing: &mut Landing) -> Result<Step, Trouble> {
        if landing.done {
            return Ok(Step::Done);
        }
        // The device may have lost all that it held, and the page with it.
        let lands = |place: &Place| !self.lost && self.pictures.paging.lands(landing.page, *place);
        if landing.row > 0 {
            landing.place = landing.place.filter(lands);
        }
        if let Some(asked) = landing.means.take() {
            match landing.place.map(|_| self.scene.means(asked)) {
                Some(Err(asked)) => {
                    landing.means = Some(asked);
                    return Ok(Step::Waits);
                }
                Some(Ok(means)) => self.learn_means(landing.page, &means),
                None => {}
            }
        } else {
            if self.land_row(landing)? {
                return Ok(Step::Row);
            }
            self.read_for_timeline(landing.page);
            if let Some(place) = landing.place {
                landing.means = self.show_page(landing.page, place);
                if landing.means.is_some() {
                    return Ok(Step::Waits);
                }
            }
        }
        if landing.place.is_some() {
            self.page_is_there(landing.page, landing.blob.clone());
        }
        // To give its memory back takes a browser some milliseconds more.
        landing.done = true;
        Ok(Step::Waits)
    }

    /// Puts a row of tiles where it belongs. False after the last one.
    fn land_row(&mut self, landing: &mut Landing) -> Result<bool, Trouble> {
        let Landing { page, row, .. } = *landing;
        if row == 0 {
            landing.reader = self.reads_for_timeline(page).then(|| Reader::new(self, page).ok()).flatten();
            landing.place = if self.lost { None } else { self.make_place(page) };
        }
        let Some(shown) = &self.shown else { return Ok(false) };
        let (grey, rows) = (shown.config.sprite.is_grey(), shown.config.sprite.rows as usize);
        match landing.place {
            Some(place) if grey => self.scene.put_row(page, place.layer, row as u32, &landing.bitmap)?,
            // Colour tiles are laid out anew, all at once.
            Some(_) if row == 0 => self.scene.put_colours(&landing.bitmap)?,
            _ => {}
        }
        if let Some(reader) = landing.reader.take() {
            // A browser that cannot read the tiles leaves the picture dark; time and sound work.
            landing.reader = reader.read(self, &landing.bitmap, row).is_ok().then_some(reader);
        }
        landing.row += 1;
        Ok(landing.row < rows && (landing.place.is_some() && grey || landing.reader.is_some()))
    }
}

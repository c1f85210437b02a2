//! Sprite pages come while the map is there already: those that are looked at first, and no more than the graphics device
//! has room for.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Weak;

use js_sys::Reflect;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, ImageBitmap, Window};

use super::app::{App, Shown};
use super::controls;
use super::elements::Elements;
use super::landing::{Landing, land_all};
use super::picture_files::PictureFiles;
use crate::camera::{Lens, Rect};
use crate::dwelling::{Dwelt, POINTS};
use crate::levels::Levels;
use crate::paging::{Paging, Place, seen_pages};
use crate::palette::Rgb;
use crate::picking::Footprint;
use crate::scene::Means;
use crate::trouble::Trouble;

/// Pages that are fetched or unpacked at a time: one unpacked page takes 66 MB until it is on the device.
const AT_A_TIME: usize = 2;
/// Milliseconds between two looks at which pages are seen.
const AGAIN: f64 = 150.0;
/// Width in CSS pixels from which on a point begins to be its tile. The shader knows it, too.
const TILE: f32 = 11.0;
/// What a page counts that a panel shows a tile of, in square pixels.
const SHOWN_LARGE: f32 = 1e6;
/// Sentences about pages that cannot be had: the first few say it all.
const MOST_NOTES: usize = 3;

/// What the wanted pages follow from: the view, and the points that panels tell of.
type Looked = (Lens, Footprint, [Option<usize>; POINTS]);

/// The pages of the dataset on the page.
#[derive(Default)]
pub struct Pictures {
    me: Weak<RefCell<App>>,
    files: Option<PictureFiles>,
    pub paging: Paging,
    /// Packed pages of those on the device, a sixth of a bit a pixel, for when its context is lost.
    blobs: BTreeMap<usize, Blob>,
    /// Unpacked pages on their way to the device, one after the other.
    pub landing: VecDeque<Landing>,
    /// Pages that the timeline's picture still lacks.
    unread: Vec<usize>,
    /// A page that only the timeline wants.
    reading: Option<usize>,
    looked: Option<Looked>,
    looked_at: f64,
    /// The points that panels tell of.
    dwelt: Dwelt,
    /// A look is to come.
    asked: bool,
    failures: usize,
    /// The context came back, and not all pages have yet.
    recovering: bool,
}

/// Bytes of the graphics device's memory that tiles may take: a fortieth of the machine's, as far as the browser tells.
fn budget(window: &Window) -> u64 {
    let told = Reflect::get(&window.navigator(), &"deviceMemory".into()).ok().and_then(|v| v.as_f64());
    let small = window.match_media("(pointer: coarse)").ok().flatten().is_some_and(|m| m.matches());
    // Browsers tell no more than 8 GB; those that do not tell are given as much, and phones half of it.
    let most = if small { 128.0 } else { 256.0 };
    (((told.unwrap_or(8.0) * 32.0).clamp(16.0, most)) as u64) << 20
}

impl Pictures {
    /// Whether a page that is wanted is not there yet.
    pub fn waits(&self) -> bool {
        self.files.is_some() && (self.paging.waits() || self.reading.is_some())
    }
}

impl App {
    /// Makes room for the dataset's tiles; says why where it has none.
    pub fn open_pictures(&mut self, me: Weak<RefCell<Self>>, files: PictureFiles, levels: Option<&[u8]>) {
        let (sprite, count) = (&files.config.sprite, files.config.count);
        self.levels = Levels::new(count, sprite.is_grey(), levels);
        if sprite.pages.is_empty() {
            return self.page.note("This dataset has no spectrograms.");
        }
        match self.scene.open_sprites(sprite, count, budget(&self.page.window)) {
            Ok(room) => {
                let pages = sprite.pages.len();
                let unread =
                    if self.tools.timeline.line.is_some() { (0..pages).collect() } else { Vec::new() };
                let paging = Paging::new(pages, room);
                self.pictures = Pictures { me, files: Some(files), paging, unread, ..Pictures::default() };
            }
            Err(trouble) => {
                self.page.note(&trouble.to_string());
                self.set_tiles(false);
            }
        }
    }

    fn set_tiles(&mut self, has_tiles: bool) {
        if let Some(shown) = &mut self.shown {
            shown.has_tiles = has_tiles;
        }
    }

    /// Looks which pages are seen, not too often, and sees to it that they come.
    pub fn look_for_pages(&mut self, now: f64) {
        if self.pictures.files.is_none() || self.lost || self.travel.is_some() {
            return;
        }
        let points = [self.focus, self.described, self.hovered, self.voices.looping()];
        let dwells = self.pictures.dwelt.look(points, now);
        let looked = (self.lens(), self.footprint(), self.pictures.dwelt.points());
        let wait = match self.pictures.looked == Some(looked) {
            true => dwells,
            false => Some(AGAIN - (now - self.pictures.looked_at)),
        };
        match wait {
            Some(wait) if wait > 0.0 => self.look_again(wait),
            Some(_) => {
                (self.pictures.looked, self.pictures.looked_at) = (Some(looked), now);
                self.wish_pages();
                if let Some(wait) = dwells {
                    self.look_again(wait);
                }
            }
            None => {}
        }
    }

    /// Looks again after `wait` milliseconds.
    fn look_again(&mut self, wait: f64) {
        if std::mem::replace(&mut self.pictures.asked, true) {
            return;
        }
        let me = Weak::clone(&self.pictures.me);
        let again = Closure::once_into_js(move || {
            if let Some(app) = me.upgrade() {
                let mut app = app.borrow_mut();
                app.pictures.asked = false;
                (app.ask_frame)();
            }
        });
        let (again, wait) = (again.unchecked_ref(), wait.ceil() as i32);
        if self.page.window.set_timeout_with_callback_and_timeout_and_arguments_0(again, wait).is_err() {
            self.pictures.asked = false;
        }
    }

    /// Wants the pages that are seen now.
    pub fn wish_pages(&mut self) {
        let Some(Shown { config, .. }) = &self.shown else { return };
        let per_page = config.sprite.per_page();
        let mut seen = BTreeMap::new();
        if self.draws_sprites() {
            let (width, height) =
                (self.page.canvas.client_width() as f32, self.page.canvas.client_height() as f32);
            let screen = Rect { x: 0.0, y: 0.0, width, height };
            seen = seen_pages(&self.cloud(), (&self.lens(), &self.footprint()), &screen, TILE, per_page);
        }
        let large = self.pictures.dwelt.points().into_iter().flatten();
        for point in large.chain(self.timeline_tiles()) {
            *seen.entry(point / per_page).or_default() += SHOWN_LARGE;
        }
        self.pictures.paging.wish(&seen);
        self.feed_pictures();
    }

    /// Fetches what is wanted next.
    fn feed_pictures(&mut self) {
        let pictures = &mut self.pictures;
        let Some(files) = &pictures.files else { return };
        let mut next = Vec::new();
        while let Some(page) = pictures.paging.next(AT_A_TIME) {
            next.push(page);
        }
        if next.is_empty() && pictures.paging.coming() == 0 && pictures.reading.is_none() {
            pictures.reading = pictures.unread.first().copied();
            next.extend(pictures.reading);
        }
        for page in next {
            let (me, files, kept) =
                (Weak::clone(&pictures.me), files.clone(), pictures.blobs.get(&page).cloned());
            spawn_local(async move {
                let got = async {
                    let blob = match kept {
                        Some(blob) => blob,
                        None => files.fetch(page).await?,
                    };
                    let bitmap = files.unpack(page, &blob).await?;
                    Ok((blob, bitmap))
                };
                let got = got.await;
                if let Some(app) = me.upgrade() {
                    app.borrow_mut().take_page(page, got);
                }
            });
        }
    }

    /// A page came, or did not.
    fn take_page(&mut self, page: usize, got: Result<(Blob, ImageBitmap), Trouble>) {
        match got {
            Ok((blob, bitmap)) => {
                self.pictures.landing.push_back(Landing::new(page, blob, bitmap));
                if self.pictures.landing.len() == 1 {
                    spawn_local(land_all(Weak::clone(&self.pictures.me)));
                }
            }
            Err(trouble) => {
                self.miss(page, &trouble);
                self.page_done(page);
            }
        }
    }

    /// Page `page` is on its way no more.
    pub fn page_done(&mut self, page: usize) {
        self.pictures.reading = self.pictures.reading.filter(|&reading| reading != page);
        self.feed_pictures();
        if self.pictures.recovering && !self.pictures.paging.waits() {
            self.pictures.recovering = false;
            Elements::say(&self.page.alert, "");
        }
        (self.ask_frame)();
    }

    /// Where `page` goes on the device, if it does; what was there is gone.
    pub fn make_place(&mut self, page: usize) -> Option<Place> {
        let place = self.pictures.paging.came(page)?;
        if let Some(other) = place.instead_of {
            self.pictures.blobs.remove(&other);
            self.scene.drop_page(other);
        }
        Some(place)
    }

    /// All of `page` lies at `place` and is drawn from now on. Gives what its tiles' means will come of, if they are wanted.
    pub fn show_page(&mut self, page: usize, place: Place) -> Option<Means> {
        self.scene.show_page(page, place.layer);
        (self.ask_frame)();
        if self.levels.are_given() { None } else { self.scene.ask_means(page) }
    }

    /// Takes the means of the tiles of `page`.
    pub fn learn_means(&mut self, page: usize, means: &[Rgb]) {
        let first = page * self.shown.as_ref().map_or(0, |shown| shown.config.sprite.per_page());
        let known = self.levels.learn(first, means);
        self.repaint(known);
    }

    /// All that is to be had of `page` is there.
    pub fn page_is_there(&mut self, page: usize, blob: Blob) {
        self.pictures.paging.landed(page);
        self.pictures.blobs.insert(page, blob);
        // Panels may have waited for a tile of it.
        self.describe_again();
        self.refresh_player();
        if self.tools.timeline.line.is_some() {
            self.draw_timeline();
        }
    }

    /// Whether the timeline's picture lacks the tiles of `page`.
    pub fn reads_for_timeline(&self, page: usize) -> bool {
        self.pictures.unread.contains(&page)
    }

    /// The timeline has what it can have of `page`.
    pub fn read_for_timeline(&mut self, page: usize) {
        if self.reads_for_timeline(page) {
            self.pictures.unread.retain(|&other| other != page);
            self.draw_timeline();
        }
    }

    /// Page `page` cannot be had.
    pub fn miss(&mut self, page: usize, trouble: &Trouble) {
        self.pictures.paging.failed(page);
        self.pictures.unread.retain(|&other| other != page);
        self.pictures.failures += 1;
        let none = self.pictures.paging.all_failed();
        if self.pictures.failures <= MOST_NOTES {
            match trouble.is_missing() && none {
                true => self.page.note("This dataset has no spectrograms."),
                false => self.page.note(&trouble.to_string()),
            }
        }
        if none {
            self.scene.close_sprites();
            self.set_tiles(false);
            controls::fill(self);
            self.describe_again();
            self.refresh_player();
        }
    }

    /// The graphics context came back: what was on it is put there again.
    ///
    /// # Errors
    /// Where it has no such textures any more.
    pub fn recover_pictures(&mut self) -> Result<(), Trouble> {
        let Some(files) =
            self.pictures.files.as_ref().filter(|_| self.shown.as_ref().is_some_and(|s| s.has_tiles))
        else {
            return Ok(());
        };
        let room =
            self.scene.open_sprites(&files.config.sprite, files.config.count, budget(&self.page.window))?;
        self.pictures.paging.lost(room);
        self.pictures.recovering = self.pictures.paging.waits();
        self.feed_pictures();
        Ok(())
    }

    /// Whether pages are still to come before the picture is what it was.
    pub fn recovers(&self) -> bool {
        self.pictures.recovering
    }
}

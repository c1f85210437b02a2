//! The sound of a large file, fetched part by part: when it is wanted, or a little before.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::rc::Rc;

use js_sys::{Function, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AudioBuffer, Blob, OfflineAudioContext};

use super::clips::{Clips, decoder};
use super::fetch::{Answer, Body, fetch_part};
use super::load::{Progress, SoundPlace};
use super::sound_file::{Heard, MOST_SOUND};
use crate::audio::frames::{Fault, check};
use crate::audio::head::{self, Head};
use crate::audio::orders::{Orders, runs};
use crate::audio::seek::{Stretch, serves, stretch};
use crate::audio::sparse::{Lack, Sparse};
use crate::audio::tiles::{KEPT, Tiles};
use crate::describe::clock;
use crate::trouble::Trouble;

/// Longest clip that is put together of parts, in samples; a dataset with longer ones is fetched whole.
const LONGEST_CLIP: u32 = 1 << 20;
/// Samples that are fetched at once where many are wanted and nobody waits for the first: 65 s.
const AT_ONCE: u64 = 1 << 20;

/// Hears which samples have come, and what was in the way of those that did not.
pub type Arrived = Box<dyn Fn(Range<u64>, Option<Trouble>)>;

/// What is found where a file is opened.
pub enum Opening {
    /// It can be read in parts.
    Parts(Heard),
    /// The server knows no parts and sent all of it.
    Whole(Body),
    /// It is another kind of FLAC, which is to be fetched whole.
    Unfit,
}

/// The file, what is known of it, and what is on its way.
pub struct Supply {
    file: String,
    address: String,
    head: Head,
    samples: u64,
    /// All of the file, where it was sent unasked.
    held: RefCell<Option<Blob>>,
    known: RefCell<Sparse>,
    /// Pieces of the seek table that are on their way, for all who wait for one.
    coming: RefCell<HashMap<u64, Promise>>,
    tiles: RefCell<Tiles>,
    orders: RefCell<Orders>,
    wanted: RefCell<Vec<u64>>,
    near: RefCell<Vec<u64>>,
    /// When what lies near the pointer may be looked for again, in milliseconds of the page's clock.
    pub look_again: Cell<f64>,
    /// What the player's picture waits for.
    picture: RefCell<Option<Range<u64>>>,
    decoder: OfflineAudioContext,
    arrived: RefCell<Option<Arrived>>,
}

impl Supply {
    /// Reads the head of a file of `bytes`: of `held`, where it was fetched already, else from the server.
    pub async fn open(
        place: &SoundPlace,
        bytes: u64,
        held: Option<Blob>,
        progress: Progress<'_>,
    ) -> Result<Opening, Trouble> {
        let unreadable = || Trouble::Sound { file: place.file.clone() };
        let mut known = Sparse::new(bytes);
        let head = loop {
            let part = match head::read(&known) {
                Ok(head) => break head,
                Err(Lack::Broken(_)) => return Err(unreadable()),
                Err(Lack::Bytes(part)) => part,
            };
            let found = match &held {
                Some(blob) => slice(blob, &part).await.map_err(|_| unreadable())?,
                None => {
                    let sizes = (bytes, MOST_SOUND);
                    match fetch_part(&place.address, part.clone(), sizes, |n| progress(n, Some(bytes)))
                        .await?
                    {
                        Answer::Part(found) => found,
                        Answer::Whole(body) => return Ok(Opening::Whole(body)),
                    }
                }
            };
            known.put(part.start, found);
        };
        let samples = if head.samples > 0 { head.samples } else { place.audio.samples.unwrap_or(0) };
        let clip = place.audio.window_samples;
        if head.rate != place.audio.sample_rate || !serves(&head, bytes, samples) || clip > LONGEST_CLIP {
            return Ok(Opening::Unfit);
        }
        let supply = Self {
            file: place.file.clone(),
            address: place.address.clone(),
            samples,
            held: RefCell::new(held),
            known: RefCell::new(known),
            coming: RefCell::default(),
            tiles: RefCell::new(Tiles::new(place.audio.hop_samples.min(clip).into(), samples, KEPT)),
            orders: RefCell::default(),
            wanted: RefCell::default(),
            near: RefCell::default(),
            look_again: Cell::new(0.0),
            picture: RefCell::default(),
            decoder: decoder(head.rate).map_err(|_| unreadable())?,
            arrived: RefCell::default(),
            head,
        };
        let (rate, channels) = (supply.head.rate, supply.head.channels);
        Ok(Opening::Parts(Heard { clips: Clips::Parts(Rc::new(supply)), rate, channels }))
    }

    /// Lets `arrived` hear of what comes from now on.
    pub fn listen(&self, arrived: Arrived) {
        *self.arrived.borrow_mut() = Some(arrived);
    }

    /// Samples of the whole sound.
    pub fn samples(&self) -> u64 {
        self.samples
    }

    /// Rate in Hz.
    pub fn rate(&self) -> u32 {
        self.head.rate
    }

    /// Whether `range` has to be fetched first.
    pub fn lacks(&self, range: &Range<u64>) -> bool {
        !self.tiles.borrow().covers(range)
    }

    /// Whether `range` will never be whole.
    pub fn is_broken(&self, range: &Range<u64>) -> bool {
        let tiles = self.tiles.borrow().of(range);
        self.orders.borrow().is_broken(tiles)
    }

    /// The samples of `range`, as [`Tiles::read`] gives them.
    pub fn read(&self, range: &Range<u64>) -> Option<Vec<f32>> {
        self.tiles.borrow().read(range)
    }

    /// The end of what is at hand from `from` on, `most` samples at most.
    pub fn reach(&self, from: u64, most: u64) -> u64 {
        self.tiles.borrow().reach(from, most)
    }

    /// Fetches these ranges, in their order, before anything else; forgets what was wanted before.
    pub fn want(self: &Rc<Self>, ranges: impl Iterator<Item = Range<u64>>) {
        {
            let tiles = self.tiles.borrow();
            let picture = self.picture.borrow().clone();
            *self.wanted.borrow_mut() = ranges.chain(picture).flat_map(|range| tiles.of(&range)).collect();
        }
        self.pump();
    }

    /// Fetches these ranges when nothing else is wanted; forgets those before.
    pub fn expect(self: &Rc<Self>, ranges: impl Iterator<Item = Range<u64>>) {
        {
            let tiles = self.tiles.borrow();
            *self.near.borrow_mut() = ranges.flat_map(|range| tiles.of(&range)).collect();
        }
        self.pump();
    }

    /// The player's picture waits for `range`.
    pub fn want_picture(self: &Rc<Self>, range: Range<u64>) {
        self.wanted.borrow_mut().extend(self.tiles.borrow().of(&range));
        *self.picture.borrow_mut() = Some(range);
        self.pump();
    }

    /// Whether the picture has waited and can be drawn, or never will.
    pub fn picture_came(&self) -> bool {
        let waits = self.picture.borrow().clone();
        let came = waits.is_some_and(|range| !self.lacks(&range) || self.is_broken(&range));
        if came {
            *self.picture.borrow_mut() = None;
        }
        came
    }

    /// Expects nothing until something is wanted again: the line is broken.
    fn rest(&self) {
        self.near.borrow_mut().clear();
        *self.picture.borrow_mut() = None;
    }

    /// Begins whatever requests may be begun now.
    fn pump(self: &Rc<Self>) {
        loop {
            let run = {
                let tiles = self.tiles.borrow();
                let (wanted, near) = (self.wanted.borrow(), self.near.borrow());
                self.orders.borrow_mut().next(&wanted, &near, tiles.size(), |tile| tiles.has(tile))
            };
            let Some(run) = run else { return };
            let supply = Rc::clone(self);
            spawn_local(async move {
                let trouble = supply.load_or_mark(&run).await.err();
                supply.orders.borrow_mut().over(&run);
                if trouble.as_ref().is_some_and(|trouble| !trouble.is_of_the_file()) {
                    supply.rest();
                }
                let span = supply.tiles.borrow().span(&run);
                if let Some(arrived) = &*supply.arrived.borrow() {
                    arrived(span, trouble);
                }
                supply.pump();
            });
        }
    }

    /// Fetches `run`. What of it is broken is not asked for again.
    async fn load_or_mark(self: &Rc<Self>, run: &Range<u64>) -> Result<(), Trouble> {
        let mut outcome = self.load(run.clone()).await;
        if !matches!(&outcome, Err(trouble) if trouble.is_of_the_file()) {
            return outcome;
        }
        let alone = run.end - run.start == 1;
        for tile in run.clone() {
            // Of several, those beside the broken one may be whole.
            let again = if alone { outcome.clone() } else { self.load(tile..tile + 1).await };
            if let Err(trouble) = again {
                self.orders.borrow_mut().broken(tile..tile + 1);
                outcome = Err(trouble);
            }
        }
        outcome
    }

    /// Fetches what of `ranges` is not at hand, in as few requests as can be; what is broken is left out.
    ///
    /// # Errors
    /// When the line is.
    pub async fn bring(self: &Rc<Self>, ranges: &[Range<u64>]) -> Result<(), Trouble> {
        let missing: BTreeSet<u64> = {
            let (tiles, orders) = (self.tiles.borrow(), self.orders.borrow());
            let all = ranges.iter().flat_map(|range| tiles.of(range));
            all.filter(|&tile| !tiles.has(tile) && !orders.is_broken(tile..tile + 1)).collect()
        };
        let size = self.tiles.borrow().size();
        for run in runs(missing, size, AT_ONCE) {
            match self.load_or_mark(&run).await {
                Err(trouble) if !trouble.is_of_the_file() => return Err(trouble),
                _ => {}
            }
        }
        Ok(())
    }

    /// Fetches and unpacks the tiles of `run`.
    async fn load(self: &Rc<Self>, run: Range<u64>) -> Result<(), Trouble> {
        let wanted = self.tiles.borrow().span(&run);
        let broken = |reason: String| self.broken(&wanted, reason);
        let found = loop {
            let found = stretch(&self.known.borrow(), &self.head, self.samples, wanted.clone());
            match found {
                Ok(found) => break found,
                Err(Lack::Bytes(part)) => self.learn(part).await?,
                Err(Lack::Broken(why)) => return Err(broken(format!("it {why}"))),
            }
        };
        let frames = self.bytes(found.bytes.clone()).await?;
        check(&self.head, &found, &frames).map_err(|fault| {
            broken(match fault {
                Fault::Elsewhere => "another part of it lies there".to_owned(),
                Fault::TooLong(samples) => format!("{samples} samples would have to be unpacked"),
            })
        })?;
        let sound =
            self.decode(&found, &frames).await.map_err(|_| broken("it cannot be unpacked".to_owned()))?;
        let expected = found.samples.end - found.samples.start;
        if sound.len() as u64 != expected {
            return Err(broken(format!("{} samples are there instead of {expected}", sound.len())));
        }
        self.tiles.borrow_mut().put(run, found.samples.start, &sound);
        Ok(())
    }

    fn broken(&self, samples: &Range<u64>, reason: String) -> Trouble {
        let at = clock(samples.start as f64 / f64::from(self.head.rate));
        Trouble::SoundPart { file: self.file.clone(), at, reason }
    }

    /// Fetches `part` of the file's head; whoever wants the same waits for the one request.
    async fn learn(self: &Rc<Self>, part: Range<u64>) -> Result<(), Trouble> {
        let coming = self.coming.borrow().get(&part.start).cloned();
        if let Some(coming) = coming {
            // It is resolved, whatever comes; who still lacks it asks again.
            let _ = JsFuture::from(coming).await;
            return Ok(());
        }
        let mut done: Option<Function> = None;
        let promise = Promise::new(&mut |resolve, _| done = Some(resolve));
        self.coming.borrow_mut().insert(part.start, promise);
        let found = self.bytes(part.clone()).await;
        self.coming.borrow_mut().remove(&part.start);
        let outcome = found.map(|bytes| self.known.borrow_mut().put(part.start, bytes));
        if let Some(done) = done {
            let _ = done.call0(&JsValue::NULL);
        }
        outcome
    }

    /// Bytes of the file.
    async fn bytes(&self, part: Range<u64>) -> Result<Vec<u8>, Trouble> {
        let held = self.held.borrow().clone();
        let blob = match held {
            Some(blob) => blob,
            None => {
                let sizes = (self.known.borrow().length(), MOST_SOUND);
                match fetch_part(&self.address, part.clone(), sizes, |_| {}).await? {
                    Answer::Part(found) => return Ok(found),
                    Answer::Whole(body) => {
                        let blob = body.blob("").map_err(|_| self.unreadable())?;
                        *self.held.borrow_mut() = Some(blob.clone());
                        blob
                    }
                }
            }
        };
        slice(&blob, &part).await.map_err(|_| self.unreadable())
    }

    fn unreadable(&self) -> Trouble {
        Trouble::Sound { file: self.file.clone() }
    }

    /// The samples of whole frames, of the first channel.
    async fn decode(&self, found: &Stretch, frames: &[u8]) -> Result<Vec<f32>, JsValue> {
        let head = self.head.alone(found.samples.end - found.samples.start);
        let file = Uint8Array::new_with_length((head.len() + frames.len()) as u32);
        file.subarray(0, head.len() as u32).copy_from(&head);
        file.subarray(head.len() as u32, file.length()).copy_from(frames);
        let decoding = self.decoder.decode_audio_data(&file.buffer())?;
        let sound: AudioBuffer = JsFuture::from(decoding).await?.dyn_into()?;
        sound.get_channel_data(0)
    }
}

async fn slice(blob: &Blob, part: &Range<u64>) -> Result<Vec<u8>, JsValue> {
    let part = blob.slice_with_f64_and_f64(part.start as f64, part.end as f64)?;
    let buffer = JsFuture::from(part.array_buffer()).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

//! What the page does about sound that is not there yet: fetch it, look ahead of the pointer, begin what waited.

use std::ops::Range;

use super::app::App;
use super::player_picture::draw_picture;
use crate::trouble::Trouble;

/// Sounds seen around the pointer that are fetched before they are wanted.
const SEEN: usize = 12;
/// Points of the file either side of one that is heard.
const BESIDE: usize = 2;
/// Milliseconds between two looks around a pointer that met nothing new.
const AGAIN: f64 = 120.0;

impl App {
    /// Milliseconds of the page's clock.
    pub fn clock(&self) -> f64 {
        self.page.window.performance().map_or(0.0, |clock| clock.now())
    }

    /// Has what is to be heard now fetched, where it is not at hand.
    pub fn fetch_wanted(&self) {
        if let Some(supply) = self.sound.clips.supply() {
            let tape = self.sound.tape().and_then(|tape| tape.wants(&self.sound.clips));
            supply.want(self.sound.waiting.ranges().chain(tape));
        }
    }

    /// Has fetched what may be wanted next: `point`, where it is not heard yet, and what lies near it and near `at` on the
    /// screen.
    pub fn look_ahead(&self, point: Option<usize>, at: Option<[f32; 2]>) {
        let (Some(supply), Some(shown)) = (self.sound.clips.supply(), &self.shown) else { return };
        let now = self.clock();
        if point.is_none() && now < supply.look_again.get() {
            return;
        }
        supply.look_again.set(now + AGAIN);
        let mut points: Vec<usize> = point.into_iter().collect();
        let (lens, cloud) = (self.lens(), self.cloud());
        let at = at.or_else(|| {
            let seen = lens.project(*self.points().get(point?)?)?;
            Some([seen.x, seen.y])
        });
        // On their way points have no tree, and every one of them would be looked at.
        if let Some(at) = at.filter(|_| self.travel.is_none()) {
            points.extend(cloud.near(&lens, at, SEEN));
        }
        if let Some(point) = point {
            points.extend(point.saturating_sub(BESIDE)..=point + BESIDE);
            let row = shown.data.neighbours.get(point);
            points.extend(row.into_iter().flatten().map(|&other| other as usize));
        }
        let audio = &shown.config.audio;
        let known = points.into_iter().filter(|&point| point < shown.config.count);
        supply.expect(known.map(|point| audio.clip(point)));
    }

    /// The sound of `samples` has come, or something was in its way.
    pub fn sound_arrived(&mut self, samples: &Range<u64>, trouble: Option<Trouble>) {
        let mut never = self.sound.retry(&self.mix);
        match trouble {
            None => self.sound.line_told = false,
            Some(trouble) => {
                let of_file = trouble.is_of_the_file();
                let told = if of_file { &mut self.sound.file_told } else { &mut self.sound.line_told };
                if !std::mem::replace(told, true) {
                    self.page.note(&trouble.to_string());
                }
                if !of_file {
                    // It may come another time, when it is wanted again.
                    never.extend(self.sound.waiting.give_up(samples));
                }
                let tape = self.sound.tape().filter(|tape| {
                    let wants = tape.wants(&self.sound.clips);
                    wants.is_some_and(|w| w.start < samples.end && samples.start < w.end)
                });
                never.extend(tape.map(|tape| tape.voice));
            }
        }
        for voice in never {
            self.sound.stop(voice);
            self.voices.ended(voice);
            self.describe_again();
        }
        self.sound.feed_tape();
        if self.sound.clips.supply().is_some_and(|supply| supply.picture_came())
            && let Some(point) = self.focus
        {
            draw_picture(self, point);
        }
        self.feed();
        self.fetch_wanted();
        self.tell_waiting();
        (self.ask_tick)();
    }

    /// Says that a sound is on its way, or that it has come.
    pub fn tell_waiting(&mut self) {
        let noticed = self.sound.waiting.is_noticed(self.clock());
        if noticed != self.sound.waiting.told {
            self.sound.waiting.told = noticed;
            self.describe_again();
        }
    }
}

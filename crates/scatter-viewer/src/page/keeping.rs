//! Where the browser keeps tags: local storage, by the dataset's name.

use scatter_dataset::{Column, Config, Projections, columns};
use web_sys::{Storage, Window};

use crate::tags::{NotKept, Tags, mark};

/// Before the dataset's name.
const KEY: &str = "scatter-sounds-tags:";
/// Before the name, for tags of points that are no longer there.
const OLD_KEY: &str = "scatter-sounds-tags-before:";

/// A drawer in the browser for the tags of one dataset.
pub struct Keeping {
    storage: Option<Storage>,
    name: String,
    mark: String,
}

impl Keeping {
    /// The drawer of a dataset.
    pub fn of(window: &Window, config: &Config, data: &Projections) -> Self {
        let files = match data.metadata.get(columns::FILE_NAMES) {
            Some(Column::Text(files)) => files.as_slice(),
            _ => &[],
        };
        let hop = config.audio.hop_samples.to_string();
        let mark = mark(files.iter().map(String::as_str).chain([hop.as_str()]));
        // A browser may forbid it, or have none.
        let storage = window.local_storage().ok().flatten();
        Self { storage, name: config.name.to_string(), mark }
    }

    /// The tags in it, and a sentence where there is something that was not read.
    pub fn read(&self, count: usize) -> (Tags, &'static str) {
        let text =
            self.storage.as_ref().and_then(|s| s.get_item(&format!("{KEY}{}", self.name)).ok().flatten());
        let Some(text) = text else { return (Tags::none(count), "") };
        match Tags::read(&text, count, &self.mark) {
            Ok(tags) => (tags, ""),
            Err(reason) => {
                self.put_aside(&text);
                let said = match reason {
                    NotKept::OtherPoints => {
                        "The tags kept here belong to an earlier version of this dataset; they were put aside."
                    }
                    NotKept::Foreign => "The tags kept here could not be read; they were put aside.",
                };
                (Tags::none(count), said)
            }
        }
    }

    /// Keeps `tags`. False where the browser has no room or forbids it.
    pub fn write(&self, tags: &Tags) -> bool {
        let (Some(storage), key) = (&self.storage, format!("{KEY}{}", self.name)) else { return false };
        match tags.all().is_empty() {
            true => storage.remove_item(&key).is_ok(),
            false => storage.set_item(&key, &tags.write(&self.mark)).is_ok(),
        }
    }

    /// Keeps what cannot be read where nothing overwrites it, once.
    fn put_aside(&self, text: &str) {
        let Some(storage) = &self.storage else { return };
        // Where there is no room for it, it stays where it is until new tags are made.
        if storage.set_item(&format!("{OLD_KEY}{}", self.name), text).is_ok() {
            let _ = storage.remove_item(&format!("{KEY}{}", self.name));
        }
    }
}

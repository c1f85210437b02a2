//! What was heard of each point, kept on disk: a run that was broken off goes on where it ended, and one that comes
//! again hears only what is new.
//!
//! A [`Store`] is a file in the user's cache folder, one for each input and model. Points are added as the model is done
//! with them, and the dataset is put together from there ([`crate::assembly`]).

mod identity;
mod kept;
mod log;
mod place;
mod point;
mod store;

pub use identity::{FileIdentity, Key};
pub use kept::{remove, stores};
pub use place::{Hearing, StoreChoice, open};
pub use point::{Facts, Heard};
pub use store::{RecordingEnd, Store, StoreReader};

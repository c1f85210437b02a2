//! The page: a cloud of sounds, seen with WebGL2 and heard with Web Audio.
//!
//! In goes the data folder beside the page (`index.json`, and the dataset that `?dataset=` names); out come
//! pictures, sound and words. The maths and the bookkeeping are plain Rust and are tested natively; the
//! modules `page` and `scene`, which touch the browser, exist only for `wasm32`. Of this workspace the crate imports
//! `scatter-dataset` alone, which is the only place that knows the files' schema.

pub mod address;
pub mod audio;
pub mod camera;
pub mod categories;
pub mod category_colours;
pub mod cells;
pub mod clusters;
pub mod colouring;
pub mod columns;
pub mod course;
pub mod describe;
pub mod dwelling;
pub mod escape;
pub mod filter;
pub mod flac;
pub mod flight;
pub mod floating;
pub mod fold;
pub mod gesture;
pub mod grow;
pub mod hearer;
pub mod jpeg;
pub mod layouts;
pub mod levels;
pub mod link;
pub mod mel;
pub mod mix;
pub mod morton;
pub mod natural;
pub mod neighbours;
pub mod oklch;
pub mod order;
pub mod overview;
pub mod pace;
pub mod paging;
pub mod palette;
pub mod picking;
pub mod point_set;
pub mod polygon;
pub mod query;
pub mod ranking;
pub mod roam;
pub mod rows;
pub mod scale;
pub mod seam;
pub mod search;
pub mod selection;
pub mod sight;
pub mod source;
pub mod spacing;
pub mod stroke;
pub mod tags;
pub mod take;
pub mod theme;
pub mod time_path;
pub mod timeline;
pub mod tour;
pub mod transition;
pub mod tree;
pub mod trouble;
pub mod view;
pub mod voices;
pub mod waveform;

#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(target_arch = "wasm32")]
mod scene;

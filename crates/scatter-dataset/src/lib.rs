//! The contract between `scatter-prep`, which writes datasets, and the page, which shows them.
//!
//! A dataset is a folder `data/<name>/` of few files: `config.json`, `projections.json` and its
//! columnar twin `points.arrow`, sprite pages and an audio sprite. This crate holds their schema, the geometry of the sprite and of the audio, the rule for
//! names, and the reading of the original project's flat files. It does no I/O, starts no thread, builds for
//! wasm, and must never import another crate of this workspace.

mod audio;
pub mod columns;
mod config;
mod error;
mod flat;
mod index;
mod json;
mod name;
mod points;
mod projections;
mod shown;
mod sprite;

pub use audio::AudioLayout;
pub use columns::{Column, ColumnInfo, ColumnType};
pub use config::{Config, Created, FileFacts, Kind, ModelInfo, ProjectionInfo};
pub use error::FormatError;
pub use flat::FlatConfig;
pub use index::{Index, IndexEntry, Layout};
pub use name::{DatasetName, base_name};
pub use points::{Part, Parts, PointsStream, PointsTable, Span, Stored, StoredColumn, Values};
#[cfg(feature = "write")]
pub use points::{WriteError, write_points};
pub use projections::{Classes, Point, Projected, Projections, round_coordinate, round_to};
pub use shown::Shown;
pub use sprite::{SpriteLayout, Tile};

/// Version of the format that this crate writes and reads.
pub const FORMAT_VERSION: u32 = 1;
/// Rate of `audio.flac`, in Hz: what YAMNet hears.
pub const SAMPLE_RATE: u32 = 16_000;
/// Length of one clip, in samples at [`SAMPLE_RATE`]: 0.96 s, one YAMNet patch.
pub const WINDOW_SAMPLES: u32 = 15_360;
/// Default distance between the windows of a recording, in samples: 0.48 s, half a window.
pub const HOP_SAMPLES: u32 = 7_680;
/// FLAC block size, in samples: divides window and hop, so each clip begins on a frame.
pub const BLOCK_SAMPLES: u32 = 3_840;
/// Tile width in pixels: the frames of a log-mel patch.
pub const TILE_WIDTH: u32 = 96;
/// Tile height in pixels: the mel bands of a log-mel patch.
pub const TILE_HEIGHT: u32 = 64;
/// No sprite page is wider or higher, in pixels: what every WebGL2 device can hold as one texture.
pub const MAX_PAGE_SIDE: u32 = 4_096;
/// Most points of a dataset: ten times what the page is made for, and less than 2^24, up to which its 32-bit numbers
/// count exactly.
pub const MAX_POINTS: usize = 10_000_000;
/// Radius of the `spherical` points.
pub const SPHERE_RADIUS: f32 = 10.0;
/// Name of the first file read in a dataset's folder.
pub const CONFIG_FILE: &str = "config.json";
/// Name of the audio sprite.
pub const AUDIO_FILE: &str = "audio.flac";
/// Name of the points and their table.
pub const PROJECTIONS_FILE: &str = "projections.json";
/// Name of the columnar twin of [`PROJECTIONS_FILE`].
pub const POINTS_FILE: &str = "points.arrow";
/// Name of the list of datasets in the data folder.
pub const INDEX_FILE: &str = "index.json";

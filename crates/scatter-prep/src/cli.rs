//! What can be typed. No effects here: [`crate::settings`] turns it into what is to be done.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};

use crate::checksum::parse_sha256;

const EXAMPLES: &str = "\
Examples:
  scatter-prep -d ~/sounds                          a map of every file below a folder, in data/sounds
  scatter-prep -d esc50/audio --labels esc50        with ESC-50's class names, from its file names
  scatter-prep -d samples --labels folder           each folder is a label
  scatter-prep -d clips --labels 'regex:(?<label>[a-z]+)_\\d+'
  scatter-prep -d clips --labels csv:meta.csv       labels and further columns from a table
  scatter-prep -d clips --reduce umap,tsne --dims 3,2
                                                    two methods, each in three and in two dimensions
  scatter-prep -d field-takes --labels audioset     no labels? Named by what is heard
  scatter-prep -f dawn.flac                         a map of one long recording, a point each 0.48 s
  scatter-prep serve --open                         look at the maps, and listen
  scatter-prep model fetch                          download YAMNet and install it
  scatter-prep -d clips --model mini                use the small model inside, four times as fast

What was heard is kept in the user's cache folder (--cache): a run that was broken off goes on, and the next one hears only
what is new. `scatter-prep cache list` shows how much that is.

Exit codes: 0 a map was made, 1 none was, 2 wrong usage, 130 interrupted by Ctrl-C (143 ended by SIGTERM, 129 by SIGHUP).";

const FETCH_EXAMPLES: &str = "\
Examples:
  scatter-prep model fetch                          the weights that Google publishes, 15 MB
  scatter-prep model fetch --from yamnet.h5         the same file, downloaded by other means
  scatter-prep model fetch --from https://mirror.example.org/yamnet.h5
The variables SCATTER_MODEL_FROM and SCATTER_MODEL_SHA256 take the place of --from and --sha256.";

const CONVERT_EXAMPLE: &str = "\
Example:
  curl -LO https://storage.googleapis.com/audioset/yamnet.h5
  scatter-prep model convert yamnet.h5";

/// Turns a folder of clips, or one long recording, into a map that can be heard.
///
/// Similar sounds sit together; moving over the map in the browser plays them. The files of a map land in
/// data/NAME/, and any web server can publish them beside the page.
#[derive(Debug, Parser)]
#[command(name = "scatter-prep", version, after_help = EXAMPLES, max_term_width = 110)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Cli {
    /// What else to do.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What to prepare.
    #[command(flatten)]
    pub prepare: PrepareArgs,
}

/// Further commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the page and the maps on this machine
    Serve(ServeArgs),
    /// Write the page and maps as a folder that any host of plain files serves
    #[command(override_usage = PUBLISH_USAGE)]
    Publish(PublishArgs),
    /// Get the model that maps are made with
    #[command(subcommand)]
    Model(ModelCommand),
    /// Show or remove what was heard and is kept for the next run
    #[command(subcommand)]
    Cache(CacheCommand),
    /// Decode for another scatter-prep
    #[command(hide = true)]
    Reader(ReaderArgs),
}

/// Commands on the model.
#[derive(Debug, Subcommand)]
pub enum ModelCommand {
    /// Show the known models: where they are, and whether they are genuine
    List(ListArgs),
    /// Download YAMNet's weights, convert them and install the model; a broken download goes on where it ended
    #[command(after_help = FETCH_EXAMPLES)]
    Fetch(FetchArgs),
    /// Check the installed model: its checksum, and its scores for a known sound
    Verify(VerifyArgs),
    /// Print the path of the model that the next run uses
    Path,
    /// Convert YAMNet weights at hand (yamnet.h5), whatever their checksum, to the ONNX model that scatter-prep runs
    #[command(after_help = CONVERT_EXAMPLE)]
    Convert(ConvertArgs),
}

/// Arguments of the main job.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("input").required(true).args(["directory", "file"]))]
pub struct PrepareArgs {
    /// Folder of clips: one point a file, read recursively
    #[arg(short, long, value_name = "FOLDER")]
    pub directory: Option<PathBuf>,
    /// One long recording: one point a window of 0.96 s
    #[arg(short, long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Seconds between the windows of a recording
    #[arg(long, value_name = "SECONDS", default_value_t = 0.48, requires = "file")]
    pub hop: f64,
    /// Folder for the maps
    #[arg(short, long, value_name = "FOLDER", default_value = "data")]
    pub output: PathBuf,
    /// Name of the map [default: the input's name]
    #[arg(long)]
    pub name: Option<String>,
    /// Replace a map of the name even if it was made of other sounds
    #[arg(long)]
    pub replace: bool,
    /// Where labels come from: filename, folder, esc50, urbansound8k, regex:PATTERN, csv:FILE, or audioset for what the
    /// model hears [default: filename; with -f the start times, where only audioset may be chosen]
    #[arg(long, value_name = "RULE")]
    pub labels: Option<String>,
    /// Projections to make, separated by commas; the first is shown first
    #[arg(long, value_enum, value_name = "METHOD", value_delimiter = ',', default_value = "umap,pca")]
    pub reduce: Vec<Reduce>,
    /// Dimensions of the projections: 3, 2, or both as 3,2
    #[arg(long, value_name = "N", value_delimiter = ',', default_value = "3", value_parser = clap::value_parser!(u8).range(2..=3))]
    pub dims: Vec<u8>,
    /// How embeddings are prepared before neighbours are looked for
    #[arg(long, value_enum, default_value_t = Preparation::Whitened)]
    pub prepare: Preparation,
    /// What is meant by near
    #[arg(long, value_enum, default_value_t = Distance::Euclidean)]
    pub metric: Distance,
    /// UMAP: neighbours of a point; more shows the whole better, fewer the detail
    #[arg(long, default_value_t = 15, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=200))]
    pub neighbors: u32,
    /// UMAP: least distance between points, 0 to 0.99
    #[arg(long, default_value_t = 0.1, value_name = "DISTANCE")]
    pub min_dist: f32,
    /// Seed of the projection: the same seed and sounds give the same map
    #[arg(long, default_value_t = 42)]
    pub seed: u64,
    /// Model to use instead of the installed YAMNet: an ONNX file (a FILE.toml beside it describes one of another kind),
    /// or `mini`, the small one inside this program, which is used too where YAMNet is not installed
    #[arg(long, value_name = "FILE|mini")]
    pub model: Option<PathBuf>,
    /// Download and install YAMNet without asking, if it is not installed
    #[arg(long, conflicts_with = "model")]
    pub fetch_model: bool,
    /// ONNX Runtime's shared library, where it is not found by itself
    #[arg(long, value_name = "FILE")]
    pub onnxruntime: Option<PathBuf>,
    /// Threads for reading and for the model [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    /// Longest time that one file may take to decode, in seconds; with -f, that may pass without any sound from it
    #[arg(long, value_name = "SECONDS", default_value_t = 300.0)]
    pub timeout_per_file: f64,
    /// Most memory that one file may take to decode, in MiB (on Unix)
    #[arg(long, value_name = "MIB", default_value_t = 512, value_parser = clap::value_parser!(u32).range(16..))]
    pub memory_per_file: u32,
    /// Read no more than this of each file, in seconds of sound [default: 7 days]
    #[arg(long, value_name = "SECONDS")]
    pub max_duration: Option<f64>,
    /// Folder where what was heard is kept for the next run [default: scatter-sounds/heard in the user's cache]
    #[arg(long, value_name = "FOLDER")]
    pub cache: Option<PathBuf>,
    /// Keep nothing of what was heard, and use nothing
    #[arg(long, conflicts_with_all = ["cache", "force"])]
    pub no_cache: bool,
    /// Hear every file again, whatever is kept
    #[arg(long)]
    pub force: bool,
    /// Stop with an error when any file cannot be read
    #[arg(long)]
    pub strict: bool,
    /// Print what happens as JSON, an event a line; the last holds the closing report
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Folder of the maps
    #[arg(long, value_name = "FOLDER", default_value = "data")]
    pub data: PathBuf,
    /// Address to listen on; any but 127.0.0.1 shows the maps to the network
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub host: IpAddr,
    /// Port; 0 takes a free one [default: 8000, or a free one where that is taken]
    #[arg(long)]
    pub port: Option<u16>,
    /// Open the page in the browser
    #[arg(long)]
    pub open: bool,
    /// Serve the page from this folder instead of the one built in
    #[arg(long, value_name = "FOLDER")]
    pub web: Option<PathBuf>,
}

/// Arguments of `publish`.
#[derive(Debug, Args)]
pub struct PublishArgs {
    /// Names of the maps, the one to open first before the others; last the folder to write, which must be new, empty, or
    /// a published one
    #[arg(required = true, value_name = "MAP... FOLDER")]
    pub places: Vec<String>,
    /// Publish every map of the data folder
    #[arg(long)]
    pub all: bool,
    /// Folder of the maps
    #[arg(long, value_name = "FOLDER", default_value = "data")]
    pub data: PathBuf,
    /// Publish the page of this folder instead of the one built in
    #[arg(long, value_name = "FOLDER")]
    pub web: Option<PathBuf>,
}

/// The folder comes last, as where files are copied to.
const PUBLISH_USAGE: &str =
    "scatter-prep publish [OPTIONS] <MAP>... <FOLDER>\n       scatter-prep publish [OPTIONS] --all <FOLDER>";

/// Commands on what was heard.
#[derive(Debug, Subcommand)]
pub enum CacheCommand {
    /// Show what is kept, by input
    List(CacheArgs),
    /// Remove all of it; the next runs hear everything again
    Clear(CacheArgs),
}

/// Arguments of `cache`.
#[derive(Debug, Args)]
pub struct CacheArgs {
    /// Folder where it is kept [default: scatter-sounds/heard in the user's cache]
    #[arg(long, value_name = "FOLDER")]
    pub cache: Option<PathBuf>,
}

/// Arguments of a process that decodes.
#[derive(Debug, Args)]
pub struct ReaderArgs {
    /// Most memory, in MiB
    #[arg(long)]
    pub memory: u64,
    /// How much of a file is read, in seconds
    #[arg(long)]
    pub max_duration: f64,
    /// Rate of excerpts, in Hz
    #[arg(long, requires = "excerpt_samples")]
    pub excerpt_rate: Option<u32>,
    /// Samples of excerpts
    #[arg(long, requires = "excerpt_rate")]
    pub excerpt_samples: Option<usize>,
}

/// Arguments of `model list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `model fetch`.
#[derive(Debug, Args)]
pub struct FetchArgs {
    /// Take the weights from this file or http(s) address [default: Google's]
    #[arg(long, value_name = "FILE|URL")]
    pub from: Option<String>,
    /// SHA-256 that the weights must have, for a mirror's other file [default: that of Google's file]
    #[arg(long, value_name = "HEX", value_parser = parse_sha256)]
    pub sha256: Option<String>,
    /// Where to write the model [default: scatter-sounds/models/yamnet.onnx in the user's cache, where it is found]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Arguments of `model verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// ONNX Runtime's shared library, where it is not found by itself
    #[arg(long, value_name = "FILE")]
    pub onnxruntime: Option<PathBuf>,
}

/// Arguments of `model convert`.
#[derive(Debug, Args)]
pub struct ConvertArgs {
    /// YAMNet's weights as Google publishes them
    #[arg(value_name = "yamnet.h5")]
    pub weights: PathBuf,
    /// Where to write the model [default: scatter-sounds/models/yamnet.onnx in the user's cache, where it is found]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// A method of projection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Reduce {
    /// Neighbourhoods kept: clusters show
    Umap,
    /// Straight axes of greatest variance
    Pca,
    /// The nearest kept nearest; distances between clusters mean little
    Tsne,
}

/// What is meant by near.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Distance {
    /// The length of the difference
    Euclidean,
    /// The angle
    Cosine,
}

/// What happens to embeddings before anything is measured between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Preparation {
    /// Cube root, PCA to 100, three quarters whitened, unit length: the truest map
    Whitened,
    /// As the model gives them, as the original did
    None,
}

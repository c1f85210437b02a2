//! `model fetch`: brings YAMNet's weights here and makes the model of them.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use scatter_embed::{ModelFile, YAMNET_H5_URL, cache_dir, convert_yamnet};

use super::download::{DownloadError, agent, download};
use super::partial::Partial;
use super::receipt::{Receipt, Weights};
use super::source::{Address, Expected, Source};
use super::store;
use super::telling::Telling;
use crate::checksum::parse_sha256;
use crate::cli::FetchArgs;

/// Variables that take the place of `--from` and `--sha256`, for those who keep a mirror.
const FROM_VARIABLE: &str = "SCATTER_MODEL_FROM";
const SHA256_VARIABLE: &str = "SCATTER_MODEL_SHA256";

/// What to install, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Where the weights come from.
    pub source: Source,
    /// What they must be.
    pub expected: Expected,
    /// Where the model goes.
    pub place: PathBuf,
}

/// A model in its place.
#[derive(Debug)]
pub struct Fetched {
    /// The model.
    pub model: ModelFile,
    /// Whether it had been there before.
    pub already: bool,
}

impl Request {
    /// Resolves what was typed; what was not comes from the variables, and at last is Google's file.
    ///
    /// # Errors
    /// When an address or a checksum is none.
    pub fn resolve(
        from: Option<&str>,
        sha256: Option<String>,
        place: Option<PathBuf>,
    ) -> anyhow::Result<Self> {
        let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let source = match from.map(str::to_owned).or_else(|| variable(FROM_VARIABLE)) {
            Some(typed) => Source::parse(&typed)?,
            None => Source::official(),
        };
        let sha256 = match (sha256, variable(SHA256_VARIABLE)) {
            (Some(sha256), _) => Some(sha256),
            (None, Some(typed)) => {
                let parsed = parse_sha256(&typed).map_err(anyhow::Error::msg);
                Some(parsed.with_context(|| format!("{SHA256_VARIABLE} cannot be used"))?)
            }
            (None, None) => None,
        };
        let expected = sha256.map_or_else(Expected::official, Expected::checksum);
        let place = place.map_or_else(store::default_place, Ok)?;
        Ok(Self { source, expected, place })
    }
}

/// Does the command.
///
/// # Errors
/// [`fetch`]'s.
pub fn run(args: &FetchArgs) -> anyhow::Result<()> {
    let request = Request::resolve(args.from.as_deref(), args.sha256.clone(), args.output.clone())?;
    let Fetched { model, already } = fetch(&request)?;
    let what = if already { "is installed already" } else { "is installed" };
    // The model is there, whether or not anybody reads this.
    let _ = writeln!(io::stdout(), "{} {what}\nSHA-256 {}", model.path.display(), model.sha256);
    Ok(())
}

/// Downloads or reads the weights, checks them, converts them, and installs the model.
///
/// # Errors
/// When the weights cannot be had or are not what was expected, or the model cannot be written. A model that stood in
/// the place before then stays.
pub fn fetch(request: &Request) -> anyhow::Result<Fetched> {
    if let Some(model) = installed(request) {
        return Ok(Fetched { model, already: true });
    }
    match &request.source {
        Source::File(path) => {
            let weights = ModelFile::identify(path)?;
            if weights.sha256 != request.expected.sha256 {
                bail!(unexpected(&path.display().to_string(), &weights.sha256, &request.expected));
            }
            convert(request, path, path.display().to_string())
        }
        Source::Address(address) => {
            let folder = cache_dir().context(
                "there is no cache folder to download to: set XDG_CACHE_HOME, or give a file with --from",
            )?;
            let folder = folder.join("downloads");
            let _lock = lock(&folder).with_context(|| format!("{} cannot be used", folder.display()))?;
            // Another process may have installed it while this one waited.
            if let Some(model) = installed(request) {
                return Ok(Fetched { model, already: true });
            }
            from_address(request, address, &folder.join("yamnet.h5.part"))
        }
    }
}

fn from_address(request: &Request, address: &Address, path: &Path) -> anyhow::Result<Fetched> {
    let shown = address.shown();
    let unwritten = || format!("{} cannot be written", path.display());
    let mut partial = Partial::open(path, &shown).with_context(unwritten)?;
    let downloaded = {
        let mut telling = Telling::new(&shown);
        download(&agent(address), address, &request.expected, &mut partial, &mut telling)
    };
    if let Err(error) = downloaded {
        let remedy = if let DownloadError::Write { .. } = error { "" } else { &without_a_line(request) };
        if partial.bytes() == 0 {
            partial.remove().with_context(unwritten)?;
        }
        bail!("{:#}{remedy}", anyhow::Error::from(error));
    }
    let made = ModelFile::identify(path).map_err(anyhow::Error::from).and_then(|weights| {
        if weights.sha256 != request.expected.sha256 {
            bail!("{}; it was removed", unexpected(&shown, &weights.sha256, &request.expected));
        }
        convert(request, path, shown)
    });
    // Of use no more: either the model is made of it, or it cannot be.
    partial.remove().with_context(unwritten)?;
    made
}

fn convert(request: &Request, weights: &Path, source: String) -> anyhow::Result<Fetched> {
    let model = convert_yamnet(weights)?;
    let weights = Weights { source, sha256: request.expected.sha256.clone() };
    let model = store::install(&request.place, &model, weights)?;
    Ok(Fetched { model, already: false })
}

/// The model in its place, if this version of the program made it of the expected weights.
fn installed(request: &Request) -> Option<ModelFile> {
    let receipt = Receipt::beside(&request.place).ok()??;
    let made = Receipt::new(
        receipt.sha256.clone(),
        Weights { sha256: request.expected.sha256.clone(), ..receipt.weights.clone() },
    );
    let model = ModelFile::identify(&request.place).ok()?;
    (receipt == made && model.sha256 == receipt.sha256).then_some(model)
}

/// Keeps other processes from writing into the same download until it is dropped.
fn lock(folder: &Path) -> io::Result<File> {
    fs::create_dir_all(folder)?;
    let file = File::create(folder.join("lock"))?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            eprintln!("another scatter-prep is downloading; waiting for it");
            file.lock()?;
        }
        // Where files cannot be locked, the checksum alone keeps two downloads apart.
        Err(TryLockError::Error(_)) | Ok(()) => {}
    }
    Ok(file)
}

fn unexpected(shown: &str, found: &str, expected: &Expected) -> String {
    format!(
        "{shown} is not the file that was expected: its SHA-256 is {found}, not {} (a mirror's other file can be \
         named with --sha256)",
        expected.sha256
    )
}

/// What can be done where nothing can be downloaded.
fn without_a_line(request: &Request) -> String {
    let official = request.source == Source::official();
    let address = if official { YAMNET_H5_URL } else { "the file" };
    format!(
        "\nwithout a connection, download {address} elsewhere and run `scatter-prep model fetch --from FILE`"
    )
}

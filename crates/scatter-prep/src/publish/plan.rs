//! Which files a published folder has: the page, maps, the list of them, and a page at the top that leads there.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use scatter_dataset::{CONFIG_FILE, Config, DatasetName, FlatConfig, INDEX_FILE, Index, Layout};
use walkdir::WalkDir;

use crate::serve::page;

/// Folders of a published one.
const WEB: &str = "web";
const DATA: &str = "data";

/// One file.
#[derive(Debug)]
pub struct Planned {
    /// Where it goes: a path below the published folder, its parts joined by `/`.
    pub to: String,
    /// What is in it.
    pub content: Content,
    /// Its size.
    pub bytes: u64,
}

/// What is in a file.
#[derive(Debug)]
pub enum Content {
    /// What is in this file.
    Of(PathBuf),
    /// These bytes.
    Bytes(Cow<'static, [u8]>),
}

/// All files, in the order in which they are written.
#[derive(Debug)]
pub struct Plan {
    /// The files.
    pub files: Vec<Planned>,
}

/// The maps that are published.
#[derive(Debug)]
pub struct Maps<'a> {
    data: &'a Path,
    /// Their list, as the page reads it.
    pub index: Index,
    /// The one that is opened first.
    pub first: DatasetName,
}

impl<'a> Maps<'a> {
    /// The maps called `names` of those in `index`, or all of them. The first one named is opened first.
    ///
    /// # Errors
    /// When one is not there, or there is none.
    pub fn choose(index: &Index, data: &'a Path, names: Vec<DatasetName>, all: bool) -> anyhow::Result<Self> {
        let known: Vec<&str> = index.datasets.iter().map(|entry| entry.name.as_str()).collect();
        if let Some(name) = names.iter().find(|name| index.find(name).is_none()) {
            let there = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            bail!("there is no map {name} in {}: there is {there}", data.display());
        }
        let chosen = index.datasets.iter().filter(|entry| all || names.contains(&entry.name));
        let index = Index::new(chosen.cloned().collect());
        let first =
            names.into_iter().next().or_else(|| index.datasets.first().map(|entry| entry.name.clone()));
        let Some(first) = first else {
            bail!("there is no map in {}: make one with scatter-prep -d FOLDER", data.display());
        };
        Ok(Self { data, index, first })
    }
}

impl Plan {
    /// The files of `maps` and of the page: the one built in, or that in the folder `web`.
    ///
    /// # Errors
    /// When a map or the page is not whole.
    pub fn make(maps: &Maps<'_>, web: Option<&Path>) -> anyhow::Result<Self> {
        let mut plan = Self { files: Vec::new() };
        for entry in &maps.index.datasets {
            match entry.layout {
                Layout::Folder => plan.add_folder(&maps.data.join(entry.name.as_str()), &entry.name)?,
                Layout::Flat => plan.add_flat(maps.data, &entry.name)?,
            }
        }
        match web {
            Some(web) => plan.add_page_of(web)?,
            None => plan.add_page()?,
        }
        let mut json = serde_json::to_vec_pretty(&maps.index)?;
        json.push(b'\n');
        plan.add_bytes(format!("{DATA}/{INDEX_FILE}"), Cow::Owned(json));
        plan.add_bytes("index.html".to_owned(), Cow::Owned(entry(&maps.first).into_bytes()));
        // GitHub Pages would otherwise run the folder through Jekyll, which takes time and leaves some names out.
        plan.add_bytes(".nojekyll".to_owned(), Cow::Borrowed(b""));
        Ok(plan)
    }

    /// Size of all.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    fn add_folder(&mut self, folder: &Path, name: &DatasetName) -> anyhow::Result<()> {
        let config_file = folder.join(CONFIG_FILE);
        let broken = || format!("{}: prepare this map again", config_file.display());
        let config = Config::from_json(&fs::read(&config_file).with_context(broken)?).with_context(broken)?;
        let named = [config.audio_file.as_ref(), Some(&config.projections_file)].into_iter().flatten();
        let points = config.points.as_ref().map(|points| &points.file);
        let mut files: BTreeSet<&String> = named.chain(&config.sprite.pages).chain(points).collect();
        files.extend(config.files.keys());
        for file in files {
            let bytes = self.add_file(&folder.join(file), format!("{DATA}/{name}/{file}"))?;
            if let Some(facts) = config.files.get(file).filter(|facts| facts.bytes != bytes) {
                bail!(
                    "{} has {bytes} bytes where {CONFIG_FILE} says {}: prepare this map again",
                    folder.join(file).display(),
                    facts.bytes
                );
            }
        }
        self.add_file(&config_file, format!("{DATA}/{name}/{CONFIG_FILE}"))?;
        Ok(())
    }

    /// The original project's files, which lie beside each other. Some of its datasets lack sound or pictures, as the page
    /// says.
    fn add_flat(&mut self, data: &Path, name: &DatasetName) -> anyhow::Result<()> {
        let config_file = FlatConfig::file_name(name);
        let path = data.join(&config_file);
        let read = || -> anyhow::Result<FlatConfig> { Ok(FlatConfig::from_json(name, &fs::read(&path)?)?) };
        let config = read().with_context(|| format!("{} cannot be published", path.display()))?;
        self.add_file(&path, format!("{DATA}/{config_file}"))?;
        self.add_file(
            &data.join(config.projections_file()),
            format!("{DATA}/{}", config.projections_file()),
        )?;
        for file in [config.audio_file(), config.sprite_file()].into_iter().flatten() {
            if data.join(file).is_file()
                && !self.files.iter().any(|other| other.to == format!("{DATA}/{file}"))
            {
                self.add_file(&data.join(file), format!("{DATA}/{file}"))?;
            }
        }
        Ok(())
    }

    fn add_page(&mut self) -> anyhow::Result<()> {
        if !page::is_built() {
            bail!(
                "this scatter-prep was built without the page: run `cargo xtask web`, then build it again, or name a \
                 built page with --web FOLDER"
            );
        }
        for (name, bytes) in page::files() {
            self.add_bytes(format!("{WEB}/{name}"), bytes);
        }
        Ok(())
    }

    fn add_page_of(&mut self, web: &Path) -> anyhow::Result<()> {
        if !web.join(page::ENTRY).is_file() {
            bail!("{} holds no {}", web.display(), page::ENTRY);
        }
        for entry in WalkDir::new(web).sort_by_file_name() {
            let entry = entry.with_context(|| format!("{} cannot be read", web.display()))?;
            let below = entry.path().strip_prefix(web).unwrap_or(entry.path());
            let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
            let Some(parts) = parts.filter(|_| entry.file_type().is_file()) else { continue };
            if parts.iter().all(|part| !part.starts_with('.')) {
                self.add_file(entry.path(), format!("{WEB}/{}", parts.join("/")))?;
            }
        }
        Ok(())
    }

    /// Plans a file as it is on disk, and gives its size.
    fn add_file(&mut self, path: &Path, to: String) -> anyhow::Result<u64> {
        let facts = fs::metadata(path).with_context(|| format!("{} cannot be read", path.display()))?;
        if !facts.is_file() {
            bail!("{} is no file", path.display());
        }
        self.files.push(Planned { to, content: Content::Of(path.to_owned()), bytes: facts.len() });
        Ok(facts.len())
    }

    fn add_bytes(&mut self, to: String, bytes: Cow<'static, [u8]>) {
        self.files.push(Planned { to, bytes: bytes.len() as u64, content: Content::Bytes(bytes) });
    }
}

/// The page at the top, which leads on: relative, so that the folder may lie anywhere below a host.
fn entry(first: &DatasetName) -> String {
    // A dataset's name has no character that means anything in HTML or in an address.
    let address = format!("{WEB}/{}?dataset={first}", page::ENTRY);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Scatter Sounds</title>\n\
         <meta http-equiv=\"refresh\" content=\"0; url={address}\">\n<p><a href=\"{address}\">Scatter Sounds</a></p>\n</html>\n"
    )
}

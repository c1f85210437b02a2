//! Where things are: the repository, cargo's target folder, the user's cache.

use std::{env, ffi::OsString, path::PathBuf};

use anyhow::{Context, Result};

/// The checkout this task works on.
#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Finds the checkout: above this crate's manifest, which `cargo run` names.
    ///
    /// # Errors
    /// When the program runs outside a checkout.
    pub fn find() -> Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = PathBuf::from(&manifest)
            .ancestors()
            .nth(2)
            .filter(|root| root.join("Cargo.lock").is_file())
            .with_context(|| {
                format!("no workspace above {}; run `cargo xtask` inside the checkout", manifest.display())
            })?
            .to_owned();
        let target = target_folder(&root, env::var_os("CARGO_TARGET_DIR"));
        Ok(Self { root, target })
    }

    /// The root of the checkout.
    pub fn root(&self) -> &PathBuf {
        &self.root
    }

    /// Cargo's target folder.
    pub fn target(&self) -> &PathBuf {
        &self.target
    }

    /// YAMNet's model file, where scatter-prep finds it by itself.
    pub fn yamnet(&self) -> Option<PathBuf> {
        let named = env::var_os("SCATTER_MODELS").filter(|value| !value.is_empty()).map(PathBuf::from);
        let places = [named, Some(self.root.join("models")), cache().ok().map(|cache| cache.join("models"))];
        let files = places.into_iter().flatten().map(|place| place.join("yamnet.onnx"));
        files.into_iter().find(|file| file.is_file())
    }

    /// The folder of the browser tests.
    pub fn browser_tests(&self) -> PathBuf {
        self.root.join("crates/scatter-viewer/tests/browser")
    }
}

fn target_folder(root: &std::path::Path, set: Option<OsString>) -> PathBuf {
    match set {
        Some(folder) if !folder.is_empty() => root.join(folder),
        _ => root.join("target"),
    }
}

/// The folder where downloaded tools and libraries are kept: `scatter-sounds` in `$XDG_CACHE_HOME` or `~/.cache`.
///
/// # Errors
/// When neither `XDG_CACHE_HOME` nor `HOME` is set.
pub fn cache() -> Result<PathBuf> {
    cache_in(env::var_os("XDG_CACHE_HOME"), env::var_os("HOME"))
        .context("no cache folder: neither XDG_CACHE_HOME nor HOME is set; set one of them")
}

fn cache_in(xdg: Option<OsString>, home: Option<OsString>) -> Option<PathBuf> {
    // The XDG specification: a relative path is invalid and to be ignored.
    let xdg = xdg.map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || home.filter(|home| !home.is_empty()).map(|home| PathBuf::from(home).join(".cache"));
    xdg.or_else(home).map(|folder| folder.join("scatter-sounds"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn the_target_folder_follows_cargo() {
        assert_eq!(target_folder(Path::new("/repo"), None), Path::new("/repo/target"));
        assert_eq!(target_folder(Path::new("/repo"), Some("".into())), Path::new("/repo/target"));
        assert_eq!(target_folder(Path::new("/repo"), Some("/elsewhere".into())), Path::new("/elsewhere"));
        assert_eq!(target_folder(Path::new("/repo"), Some("build".into())), Path::new("/repo/build"));
    }

    #[test]
    fn the_cache_is_xdg_or_home_and_never_relative() {
        let in_home = Path::new("/home/a/.cache/scatter-sounds");
        assert_eq!(
            cache_in(Some("/x".into()), Some("/home/a".into())).unwrap(),
            Path::new("/x/scatter-sounds")
        );
        assert_eq!(cache_in(Some("x".into()), Some("/home/a".into())).unwrap(), in_home);
        assert_eq!(cache_in(None, Some("/home/a".into())).unwrap(), in_home);
        assert_eq!(cache_in(None, None), None);
    }
}

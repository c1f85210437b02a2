//! The user's cache folder.

use std::ffi::OsString;
use std::path::PathBuf;

/// Folder where this program keeps the model and the runtime: `$XDG_CACHE_HOME/scatter-sounds`, else
/// `~/.cache/scatter-sounds`. `None` when neither variable is set. The folder need not exist.
pub fn cache_dir() -> Option<PathBuf> {
    resolve(
        std::env::var_os("XDG_CACHE_HOME"),
        std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE")),
    )
}

fn resolve(xdg_cache_home: Option<OsString>, home: Option<OsString>) -> Option<PathBuf> {
    // The XDG specification tells to ignore relative paths; an empty variable counts as unset.
    let xdg = xdg_cache_home.map(PathBuf::from).filter(|path| path.is_absolute());
    let home = home.filter(|home| !home.is_empty()).map(|home| PathBuf::from(home).join(".cache"));
    Some(xdg.or(home)?.join("scatter-sounds"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xdg_cache_home_comes_before_the_home_folder_and_only_when_absolute() {
        let os = |s: &str| Some(OsString::from(s));
        assert_eq!(resolve(os("/x"), os("/h")), Some(PathBuf::from("/x/scatter-sounds")));
        assert_eq!(resolve(os("x"), os("/h")), Some(PathBuf::from("/h/.cache/scatter-sounds")));
        assert_eq!(resolve(os(""), os("/h")), Some(PathBuf::from("/h/.cache/scatter-sounds")));
        assert_eq!(resolve(None, os("")), None);
        assert_eq!(resolve(None, None), None);
    }
}

//! `cargo xtask web`: the page's WebAssembly and its JavaScript glue, in `web/pkg`.

use std::{fs, io::Write, path::Path};

use anyhow::{Context, Result, bail};
use flate2::{Compression, write::GzEncoder};
use wasm_bindgen_cli_support::Bindgen;

use crate::{process, setup::WasmCompiler, workspace::Workspace};

/// What a visitor's line may be asked to carry before anything is seen: four tenths of a second at 10 Mbit/s. What fetches
/// sound, pictures and tables in parts takes 85 KB of it, and saves many times as much on any map of some size.
const BUDGET_GZIP: usize = 490 << 10;

/// The profile of the page in the workspace's `Cargo.toml`.
const PROFILE: &str = "wasm";

/// Builds the page; leaves files that did not change as they are. Gives the compressed size of its wasm, in bytes.
///
/// # Errors
/// When the build fails.
pub fn build(workspace: &Workspace) -> Result<usize> {
    check_bindgen_version(workspace)?;
    let (compiler, _) = WasmCompiler::ensure()?;
    let target = workspace.target().join("wasm");
    println!("web: building scatter-viewer");
    let mut cargo = compiler.cargo("build", &target);
    process::run(cargo.current_dir(workspace.root()).args([
        "--package=scatter-viewer",
        "--lib",
        "--profile",
        PROFILE,
    ]))?;

    let module = WasmCompiler::output(&target, PROFILE).join("scatter_viewer.wasm");
    let fresh = target.join("pkg");
    if fresh.exists() {
        fs::remove_dir_all(&fresh).with_context(|| format!("cannot empty {}", fresh.display()))?;
    }
    Bindgen::new()
        .input_path(&module)
        .web(true)
        .and_then(|bindgen| {
            bindgen
                .typescript(false)
                .remove_name_section(true)
                .remove_producers_section(true)
                .generate(&fresh)
        })
        .with_context(|| format!("wasm-bindgen failed on {}", module.display()))?;

    let published = workspace.root().join("web/pkg");
    let changed = publish(&fresh, &published)?;
    let bytes = fs::read(published.join("scatter_viewer_bg.wasm"))?;
    let gzipped = gzip_size(&bytes)?;
    println!(
        "web: {} ({changed}); wasm {} KB, gzip {} KB of a budget of {} KB",
        published.display(),
        bytes.len() >> 10,
        gzipped >> 10,
        BUDGET_GZIP >> 10
    );
    Ok(gzipped)
}

/// Builds the page and holds its size against the budget. Another compiler than ours may need more: that is no reason to
/// have no page.
///
/// # Errors
/// When the build fails or the module exceeds its budget.
pub fn build_within_budget(workspace: &Workspace) -> Result<()> {
    if build(workspace)? > BUDGET_GZIP {
        bail!("the page's wasm exceeds its budget of {} KB gzip", BUDGET_GZIP >> 10);
    }
    Ok(())
}

/// The page's `wasm-bindgen` and the one that writes its glue must be the same release: they share a private format.
///
/// # Errors
/// When they differ.
pub fn check_bindgen_version(workspace: &Workspace) -> Result<()> {
    let path = workspace.root().join("Cargo.lock");
    let lock = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    // A workspace without the page's dependency has nothing to compare.
    match (locked(&lock, "wasm-bindgen"), locked(&lock, "wasm-bindgen-cli-support")) {
        (Some(page), Some(ours)) if page != ours => bail!(
            "Cargo.lock has wasm-bindgen {page} but wasm-bindgen-cli-support {ours}: set both to the same version in \
             crates/scatter-viewer/Cargo.toml and crates/xtask/Cargo.toml"
        ),
        _ => Ok(()),
    }
}

fn locked<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

/// Makes one folder's files equal to another's, each replaced in one step, and says what changed.
fn publish(from: &Path, to: &Path) -> Result<String> {
    fs::create_dir_all(to).with_context(|| format!("cannot make the folder {}", to.display()))?;
    let wanted = files(from)?;
    let stale: Vec<String> = files(to)?.into_iter().filter(|name| !wanted.contains(name)).collect();
    for name in &stale {
        fs::remove_file(to.join(name))
            .with_context(|| format!("cannot remove {}", to.join(name).display()))?;
    }
    let mut written = 0;
    for name in &wanted {
        let (bytes, target) = (fs::read(from.join(name))?, to.join(name));
        if fs::read(&target).is_ok_and(|present| present == bytes) {
            continue;
        }
        let temporary = to.join(format!(".{name}.new"));
        fs::write(&temporary, bytes)
            .and_then(|()| fs::rename(&temporary, &target))
            .with_context(|| format!("cannot write {}", target.display()))?;
        written += 1;
    }
    Ok(if written + stale.len() == 0 { "unchanged".to_owned() } else { format!("{written} files written") })
}

/// Names of the files directly in a folder, sorted.
fn files(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn gzip_size(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n\n\
                        [[package]]\nname = \"wasm-bindgen-cli-support\"\nversion = \"0.2.131\"\n";

    #[test]
    fn versions_are_read_from_the_lock_by_whole_name() {
        assert_eq!(locked(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked(LOCK, "wasm-bindgen-cli-support"), Some("0.2.131"));
        assert_eq!(locked(LOCK, "wasm"), None);
    }

    #[test]
    fn publishing_writes_what_changed_and_removes_what_is_stale() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for (name, text) in [("a.js", "1"), ("b.wasm", "2")] {
            fs::write(from.path().join(name), text).unwrap();
        }
        fs::write(to.path().join("a.js"), "1").unwrap();
        fs::write(to.path().join("old.js"), "0").unwrap();
        assert_eq!(publish(from.path(), to.path()).unwrap(), "1 files written");
        assert_eq!(files(to.path()).unwrap(), ["a.js", "b.wasm"]);
        assert_eq!(publish(from.path(), to.path()).unwrap(), "unchanged");
    }
}

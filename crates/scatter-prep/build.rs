//! The page travels inside the binary: a release is built with it, whatever else was or was not built before.

use std::{env, error::Error, fs, path::Path, process::Command};

/// Set by who wants the program without its page: `serve` and `publish` then ask for one.
const WITHOUT_PAGE: &str = "SCATTER_WITHOUT_PAGE";
const WEB: &str = "../../web";
const BUILT: &str = "pkg";
/// What the page is made of.
const SOURCES: [&str; 4] =
    ["../scatter-viewer/Cargo.toml", "../scatter-viewer/src", "../scatter-dataset/src", "../../Cargo.lock"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed={WITHOUT_PAGE}");
    // Tests and checks need no page, and take the one that lies there.
    if env::var("PROFILE")? != "release" {
        println!("cargo::rerun-if-changed={WEB}");
        return Ok(());
    }
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
    }
    // Not the folder as a whole, since what is written there now would be a change at the next build.
    for entry in fs::read_dir(WEB)? {
        let path = entry?.path();
        if !path.ends_with(BUILT) {
            println!("cargo::rerun-if-changed={}", path.display());
        }
    }
    if env::var_os(WITHOUT_PAGE).is_some_and(|value| !value.is_empty()) {
        println!("cargo::warning=`serve` and `publish` may lack the page: {WITHOUT_PAGE} is set");
    } else if let Err(reason) = build_page() {
        println!(
            "cargo::error=the page could not be built: {reason}; `cargo xtask web` does it and says more, and with \
             {WITHOUT_PAGE}=1 the program is built without it"
        );
    }
    Ok(())
}

/// `cargo xtask web`, which does nothing where the page is as its sources are. It builds in folders of its own, so that
/// it waits for no lock that this build holds.
fn build_page() -> Result<(), String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut web = Command::new(cargo);
    web.current_dir(Path::new("../..")).args(["run", "--quiet", "--package", "xtask", "--", "web"]);
    // What cargo tells this script of its own build is not meant for another.
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        let kinds = ["CARGO_CFG_", "CARGO_FEATURE_", "CARGO_PKG_", "DEP_"];
        let alone = ["CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET", "TARGET", "HOST", "OUT_DIR", "PROFILE"];
        if kinds.iter().any(|kind| text.starts_with(kind)) || alone.contains(&text.as_ref()) {
            web.env_remove(&name);
        }
    }
    let done = web.output().map_err(|error| format!("cargo does not start ({error})"))?;
    if done.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&done.stderr);
    let last = said.lines().rfind(|line| line.starts_with("error")).unwrap_or("no reason given");
    Err(format!("{last} ({})", done.status))
}

//! `cargo xtask demo`: from nothing to a map in the browser.

use std::{env, fs, path::PathBuf, process::Command};

use anyhow::{Context, Result, bail};
use scatter_dataset::DatasetName;

use crate::{
    process,
    setup::{self, Scope},
    synth::Collection,
    web,
    workspace::Workspace,
};

/// Clips of the collection made where none is named.
const CLIPS: Collection = Collection { count: 300, seed: 1 };

/// Arguments of `cargo xtask demo`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Folder of clips to map, instead of sounds made here
    #[arg(short, long, value_name = "FOLDER", conflicts_with = "file")]
    directory: Option<PathBuf>,
    /// Recording to map, instead of sounds made here
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Port to serve on
    #[arg(long, value_name = "N")]
    port: Option<u16>,
    /// Prepare the map and stop
    #[arg(long)]
    no_serve: bool,
    /// Further arguments for scatter-prep, after `--`
    #[arg(last = true, value_name = "ARGUMENTS")]
    further: Vec<String>,
}

/// What is to be mapped.
struct Input {
    path: PathBuf,
    /// `-d` or `-f`.
    kind: &'static str,
    name: String,
    labels: Option<&'static str>,
}

/// Sets up, builds, prepares and serves.
pub fn run(workspace: &Workspace, arguments: &Arguments) -> Result<()> {
    setup::run(workspace, Scope::Demo)?;
    web::build(workspace)?;
    println!("demo: building scatter-prep");
    process::run(process::cargo().current_dir(workspace.root()).args([
        "build",
        "--release",
        "--package=scatter-prep",
    ]))?;
    let program = workspace.target().join("release/scatter-prep");
    let input = input(workspace, arguments)?;
    let mut prepare = Command::new(&program);
    prepare.current_dir(workspace.root()).arg(input.kind).arg(&input.path).args(["--name", &input.name]);
    if let Some(labels) = input.labels {
        prepare.args(["--labels", labels]);
    }
    // What an earlier demo heard is kept: a second one is soon done.
    println!("demo: {}", process::line(prepare.args(&arguments.further)));
    if !prepare.status().with_context(|| format!("cannot start {}", program.display()))?.success() {
        bail!("there is no map to show: scatter-prep said above why, and what to do");
    }
    if arguments.no_serve {
        println!("demo: data/{} is ready; `cargo xtask demo` serves it", input.name);
        return Ok(());
    }
    let mut serve = Command::new(&program);
    serve.current_dir(workspace.root()).args(["serve", "--data", "data", "--web", "web"]);
    if let Some(port) = arguments.port {
        serve.args(["--port", &port.to_string()]);
    }
    if has_screen() {
        serve.arg("--open");
    }
    println!("demo: {} (stop with Ctrl-C); the map is ?dataset={}", process::line(&serve), input.name);
    process::run(&mut serve)
}

fn input(workspace: &Workspace, arguments: &Arguments) -> Result<Input> {
    let (chosen, kind) = match (&arguments.directory, &arguments.file) {
        (Some(folder), _) => (folder, "-d"),
        (None, Some(file)) => (file, "-f"),
        (None, None) => {
            let path = workspace.target().join("demo/sounds");
            CLIPS.write(&path)?;
            return Ok(Input { path, kind: "-d", name: "demo".to_owned(), labels: Some("folder") });
        }
    };
    let path = fs::canonicalize(chosen).with_context(|| format!("cannot open {}", chosen.display()))?;
    // As scatter-prep names it by itself.
    let part = if path.is_dir() { path.file_name() } else { path.file_stem() };
    let name = DatasetName::nearest(&part.unwrap_or_default().to_string_lossy()).to_string();
    Ok(Input { path, kind, name, labels: None })
}

/// Whether a browser could show anything here.
fn has_screen() -> bool {
    cfg!(any(target_os = "macos", windows))
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

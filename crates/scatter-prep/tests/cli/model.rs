//! `model convert`, on weights laid out like those that Google publishes.

use std::fs;
use std::process::{Command, Output};

use crate::support::{Workspace, complaint, folder_from, report};

/// The binary where nothing but the workspace's own cache can hold a model.
fn run(workspace: &Workspace, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scatter-prep"));
    if let Ok(runtime) = scatter_embed::find_runtime(None) {
        command.env("ORT_DYLIB_PATH", runtime);
    }
    command
        .args(arguments)
        .current_dir(workspace.path())
        .env_remove("SCATTER_MODELS")
        .env("XDG_CACHE_HOME", workspace.path().join("cache"))
        .output()
        .unwrap()
}

#[test]
fn converted_weights_are_found_by_the_next_run() {
    let Some(models) = folder_from("SCATTER_MODELS", "model convert") else { return };
    let Some(workspace) = Workspace::new("model convert") else { return };
    workspace.tones();
    let weights = models.join("yamnet_standin.h5");
    let converted = run(&workspace, &["model", "convert", weights.to_str().unwrap()]);
    assert!(converted.status.success(), "{}", complaint(&converted));
    let said = String::from_utf8_lossy(&converted.stdout).into_owned();
    assert!(said.contains("not the file that Google publishes"), "{said}");
    let folder = workspace.path().join("cache/scatter-sounds/models");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "the model and nothing half-written");
    let report = report(&run(&workspace, &["-d", "sounds", "--json"]));
    assert_eq!((&report["points"], &report["model"]), (&18.into(), &"yamnet".into()));
}

#[test]
fn what_is_no_weights_file_is_said_and_nothing_is_written() {
    let Some(workspace) = Workspace::new("model convert, no weights") else { return };
    fs::write(workspace.path().join("page.h5"), b"<html>404</html>").unwrap();
    for (file, wanted) in [("page.h5", "not a Keras weights file"), ("none.h5", "none.h5")] {
        let output = run(&workspace, &["model", "convert", file]);
        assert_eq!(output.status.code(), Some(1), "{file}");
        assert!(complaint(&output).contains(wanted), "{}", complaint(&output));
    }
    assert!(!workspace.path().join("cache").exists());
}

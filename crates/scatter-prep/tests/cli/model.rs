//! `model convert` and `model verify`, on weights laid out like those that Google publishes.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::support::{Workspace, complaint, folder_from, report};

/// The binary in `folder`, where nothing but a cache of its own can hold a model, and no proxy stands between.
pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scatter-prep"));
    if let Ok(runtime) = scatter_embed::find_runtime(None) {
        command.env("ORT_DYLIB_PATH", runtime.library().unwrap());
    }
    command
        .args(arguments)
        .current_dir(folder)
        .env_remove("SCATTER_MODELS")
        .env_remove("SCATTER_MODEL_FROM")
        .env_remove("SCATTER_MODEL_SHA256")
        .env("NO_PROXY", "127.0.0.1")
        .env("XDG_CACHE_HOME", folder.join("cache"));
    command
}

fn run(workspace: &Workspace, arguments: &[&str]) -> Output {
    command(workspace.path(), arguments).output().unwrap()
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
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "the model, its receipt and nothing half-written");
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

#[test]
fn the_development_weights_pass_the_check_and_say_what_they_are() {
    let Some(models) = folder_from("SCATTER_MODELS", "model verify") else { return };
    let Some(workspace) = Workspace::new("model verify") else { return };
    let weights = models.join("yamnet_standin.h5");
    assert!(run(&workspace, &["model", "convert", weights.to_str().unwrap()]).status.success());
    let verified = run(&workspace, &["model", "verify"]);
    assert!(verified.status.success(), "{}", complaint(&verified));
    let said = String::from_utf8_lossy(&verified.stdout).into_owned();
    for part in ["Telephone", "0.990430", "Sidetone", "YAMNet's scores", "not genuine"] {
        assert!(said.contains(part), "{part} is missing in: {said}");
    }

    // A bit of the last weights: the model still runs, and is another.
    let model = workspace.path().join("cache/scatter-sounds/models/yamnet.onnx");
    let mut bytes = fs::read(&model).unwrap();
    let place = bytes.len() / 2;
    bytes[place] ^= 1;
    fs::write(&model, bytes).unwrap();
    let changed = run(&workspace, &["model", "verify"]);
    assert_eq!(changed.status.code(), Some(1));
    assert!(complaint(&changed).contains("changed since it was installed"), "{}", complaint(&changed));
    assert!(complaint(&changed).contains("scatter-prep model fetch"), "{}", complaint(&changed));
}

#[test]
fn a_model_that_is_not_yamnet_fails_the_check() {
    let Some(workspace) = Workspace::new("model verify, another model") else { return };
    let folder = workspace.path().join("models");
    fs::create_dir(&folder).unwrap();
    fs::copy(workspace.path().join("projection.onnx"), folder.join("yamnet.onnx")).unwrap();
    let output = run(&workspace, &["model", "verify"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(complaint(&output).contains("a checksum that is not known"), "{}", complaint(&output));
    // With a receipt that vouches for it, its scores still tell.
    let model = scatter_embed::ModelFile::identify(&folder.join("yamnet.onnx")).unwrap();
    let receipt = serde_json::json!({
        "sha256": model.sha256,
        "weights": {"source": "x", "sha256": "y"},
        "created": {"tool": "scatter-prep", "version": "0"},
    });
    fs::write(folder.join("yamnet.onnx.json"), receipt.to_string()).unwrap();
    let output = run(&workspace, &["model", "verify"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(complaint(&output).contains("does not give YAMNet's scores"), "{}", complaint(&output));
}

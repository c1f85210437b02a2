//! The small model inside: where YAMNet is not installed, and where it is asked for.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use crate::model::command;
use crate::support::{Workspace, complaint, report};

#[test]
fn without_yamnet_the_small_model_makes_the_map_and_all_say_so() {
    let Some(workspace) = Workspace::new("mini") else { return };
    workspace.tones();
    let output =
        command(workspace.path(), &["-d", "sounds", "--labels", "audioset", "--json"]).output().unwrap();
    let report = report(&output);
    assert_eq!((&report["points"], &report["model"]), (&18.into(), &"scatter-mini".into()));
    let advice = report["advice"][0].as_str().unwrap();
    for part in ["YAMNet is not installed", "`scatter-prep model fetch`", "yamnet.h5"] {
        assert!(advice.contains(part), "{part} is missing in: {advice}");
    }
    assert!(report["advice"][1].as_str().unwrap().contains("names are coarse"), "{report}");
    assert!(!complaint(&output).contains("[Y/n]"), "nobody is there to answer");

    let config = workspace.dataset("sounds").config;
    let model = config.model.unwrap();
    assert_eq!(model.name, "scatter-mini");
    let listed = command(workspace.path(), &["model", "list", "--json"]).output().unwrap();
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(listed[1]["name"], "scatter-mini");
    assert_eq!(listed[1]["inside"]["sha256"], model.sha256.as_str());
    // The file of the repository, as it stands there.
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/scatter-mini.onnx");
    assert_eq!(scatter_embed::ModelFile::identify(file.as_ref()).unwrap().sha256, model.sha256);
    assert!(fs::metadata(file).unwrap().len() <= 2_000_000);
}

#[test]
fn asked_for_it_is_taken_without_advice_though_another_is_installed() {
    let Some(workspace) = Workspace::new("--model mini") else { return };
    workspace.tones();
    fs::create_dir(workspace.path().join("models")).unwrap();
    fs::copy(workspace.path().join("projection.onnx"), workspace.path().join("models/yamnet.onnx")).unwrap();
    let run = |arguments: &[&str]| report(&command(workspace.path(), arguments).output().unwrap());
    assert_eq!(run(&["-d", "sounds", "--json"])["model"], "yamnet");
    let mini = run(&["-d", "sounds", "--json", "--model", "mini", "--name", "small"]);
    assert_eq!((&mini["model"], mini.get("advice")), (&"scatter-mini".into(), None));
    assert_eq!(mini["pointsKept"], 0, "what another model heard is no help");
}

#[test]
fn without_onnx_runtime_the_last_resort_runs_and_says_what_to_do() {
    let Some(workspace) = Workspace::new("rten") else { return };
    workspace.tones();
    let without = |arguments: &[&str]| -> Command {
        let mut command = command(workspace.path(), arguments);
        command.env_remove("ORT_DYLIB_PATH").env_remove("LD_LIBRARY_PATH");
        command
    };
    let output = without(&["-d", "sounds", "--json", "--name", "rten"]).output().unwrap();
    let slow = report(&output);
    let Some(advice) = slow["advice"].as_array().filter(|advice| advice.len() == 2) else {
        println!("skipped: rten: ONNX Runtime lies where every program of this system finds it");
        return;
    };
    let advice = advice[1].as_str().unwrap();
    for part in
        ["ONNX Runtime library was not found", "cargo xtask setup", "pip download", "ORT_DYLIB_PATH", "rten"]
    {
        assert!(advice.contains(part), "{part} is missing in: {advice}");
    }
    assert!(complaint(&output).contains("rten takes its place"), "{}", complaint(&output));
    // The same sounds through ONNX Runtime are as near to one another.
    let usual = command(workspace.path(), &["-d", "sounds", "--json", "--name", "usual", "--no-cache"])
        .output()
        .unwrap();
    assert_eq!(report(&usual)["points"], slow["points"]);
    let nearest = |name: &str| -> BTreeMap<u64, u64> {
        let data = workspace.dataset(name).projections;
        let lists = &data.neighbours;
        let file = |point: usize| data.idx[point];
        (0..data.idx.len()).map(|point| (file(point), file(lists[point][0] as usize))).collect()
    };
    assert_eq!(nearest("usual"), nearest("rten"));
    // A library that is named must be there.
    let named = without(&["-d", "sounds", "--onnxruntime", "none.so"]).output().unwrap();
    assert_eq!(named.status.code(), Some(1));
    assert!(complaint(&named).contains("--onnxruntime names none.so"), "{}", complaint(&named));
}

//! What goes wrong is said in a sentence, and nothing is left half-written.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Workspace, complaint};

#[test]
fn wrong_usage_exits_with_2_and_help_with_0() {
    let Some(workspace) = Workspace::new("usage") else { return };
    workspace.tones();
    for bad in [
        &[][..],
        &["-d", "sounds", "-f", "x.wav"],
        &["-d", "sounds", "--labels", "colour"],
        &["-d", "sounds", "--name", "../x"],
        &["-d", "sounds", "--min-dist", "2"],
        &["-f", "x.wav", "--labels", "folder"],
        &["-d", "no/such/folder"],
    ] {
        let output = workspace.run(bad);
        assert_eq!(output.status.code(), Some(2), "{bad:?}: {}", complaint(&output));
        assert!(complaint(&output).len() > 20, "{bad:?}");
    }
    let refused = complaint(&workspace.run(&["-f", "x.wav", "--labels", "folder"]));
    assert!(refused.contains("with -f choose audioset"), "{refused}");
    let help = workspace.run(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&help.stdout).contains("Examples:"));
    assert!(!workspace.path().join("data").exists(), "nothing was written");
}

#[test]
fn inputs_that_make_no_map_are_named() {
    let Some(workspace) = Workspace::new("inputs") else { return };
    workspace.tones();
    fs::create_dir(workspace.path().join("papers")).unwrap();
    fs::write(workspace.path().join("papers/a.txt"), b"x").unwrap();
    fs::create_dir(workspace.path().join("broken")).unwrap();
    fs::write(workspace.path().join("broken/a.wav"), b"RIFFxxxxWAVE").unwrap();
    for (arguments, wanted) in [
        (&["-d", "papers"][..], "holds no audio file (1 other files)"),
        (&["-d", "broken"], "no file of broken could be read:\n  a.wav: "),
        (&["-d", "sounds/low/00.wav"], "is a file: use -f"),
        (&["-f", "sounds"], "is a folder: use -d"),
        (&["-f", "broken/a.wav"], "a.wav"),
    ] {
        let output = workspace.prepare(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(complaint(&output).contains(wanted), "{arguments:?}: {}", complaint(&output));
    }
    let left = fs::read_dir(workspace.path().join("data")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "nothing half-written");
}

#[test]
fn strict_refuses_a_folder_with_a_bad_file_and_keeps_the_earlier_map() {
    let Some(workspace) = Workspace::new("strict") else { return };
    workspace.tones();
    assert!(workspace.prepare(&["-d", "sounds"]).status.success());
    let before = fs::read(workspace.path().join("data/sounds/config.json")).unwrap();
    fs::write(workspace.path().join("sounds/bad.ogg"), b"OggS").unwrap();
    let output = workspace.prepare(&["-d", "sounds", "--strict"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(complaint(&output).contains("bad.ogg"));
    assert_eq!(fs::read(workspace.path().join("data/sounds/config.json")).unwrap(), before);
}

/// A run on some minutes of sound that has begun to write, and where it writes.
#[cfg(unix)]
fn at_work(workspace: &Workspace) -> (Child, PathBuf) {
    workspace.tone("sounds.wav", (16_000, 1), 300.0, 240.0, 0.0);
    let run = workspace.command(&["-f", "sounds.wav", "--replace"]).stderr(Stdio::piped()).spawn().unwrap();
    let working = workspace.path().join("data").join(format!(".sounds.{}", run.id()));
    let began = Instant::now();
    while !working.exists() && began.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(1));
    }
    (run, working)
}

fn in_data(workspace: &Workspace) -> Vec<String> {
    let entries = fs::read_dir(workspace.path().join("data")).unwrap();
    let mut names: Vec<_> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_the_earlier_map_and_nothing_else() {
    let Some(workspace) = Workspace::new("interrupted") else { return };
    workspace.tones();
    assert!(workspace.prepare(&["-d", "sounds"]).status.success());
    let config = workspace.path().join("data/sounds/config.json");
    let before = fs::read(&config).unwrap();
    let (run, _) = at_work(&workspace);
    assert!(Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap().success());
    let output = run.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", complaint(&output));
    assert!(complaint(&output).contains("interrupted"), "{}", complaint(&output));
    assert!(fs::read(&config).unwrap() == before);
    assert_eq!(in_data(&workspace), ["index.json", "sounds"]);
}

#[cfg(unix)]
#[test]
fn a_killed_run_keeps_the_earlier_map_and_the_next_run_clears_up_after_it() {
    let Some(workspace) = Workspace::new("killed") else { return };
    workspace.tones();
    assert!(workspace.prepare(&["-d", "sounds"]).status.success());
    let data = workspace.path().join("data");
    let before = fs::read(data.join("sounds/config.json")).unwrap();
    let (mut run, working) = at_work(&workspace);
    run.kill().unwrap();
    run.wait().unwrap();
    assert!(working.exists(), "killed at work");
    assert!(fs::read(data.join("sounds/config.json")).unwrap() == before);
    assert!(workspace.prepare(&["-d", "sounds"]).status.success());
    assert_eq!(in_data(&workspace), ["index.json", "sounds"]);
}

#[test]
fn a_map_of_other_sounds_gives_way_only_when_told_to() {
    let Some(workspace) = Workspace::new("name clash") else { return };
    workspace.tones();
    workspace.tone("elsewhere/sounds/a.wav", (16_000, 1), 440.0, 1.0, 0.0);
    assert!(workspace.prepare(&["-d", "sounds"]).status.success());
    let before = fs::read(workspace.path().join("data/sounds/config.json")).unwrap();
    let output = workspace.prepare(&["-d", "elsewhere/sounds"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(complaint(&output).contains("data/sounds is a map of other sounds"), "{}", complaint(&output));
    assert!(fs::read(workspace.path().join("data/sounds/config.json")).unwrap() == before);
    assert!(workspace.prepare(&["-d", "elsewhere/../sounds"]).status.success(), "the same, by another way");
    assert!(workspace.prepare(&["-d", "elsewhere/sounds", "--replace"]).status.success());
    assert_eq!(workspace.dataset("sounds").config.count, 1);
}

#[test]
fn what_is_no_map_is_never_replaced() {
    let Some(workspace) = Workspace::new("replace") else { return };
    workspace.tones();
    fs::create_dir_all(workspace.path().join("data/sounds")).unwrap();
    fs::write(workspace.path().join("data/sounds/thesis.doc"), b"years").unwrap();
    let output = workspace.prepare(&["-d", "sounds"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(complaint(&output).contains("choose another --name"), "{}", complaint(&output));
    assert_eq!(fs::read(workspace.path().join("data/sounds/thesis.doc")).unwrap(), b"years");
}

#[test]
fn a_pipe_gets_no_progress() {
    let Some(workspace) = Workspace::new("quiet") else { return };
    workspace.tones();
    let output = workspace.prepare(&["-d", "sounds"]);
    assert_eq!(complaint(&output), "");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("18 clips from 18 files") && text.contains("scatter-prep serve --open"), "{text}");
}

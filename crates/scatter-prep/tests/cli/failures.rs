//! What goes wrong is said in a sentence, and nothing is left half-written.

use std::fs;

use crate::model::command;
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
fn without_weights_it_says_where_it_looked_and_what_to_do() {
    let Some(workspace) = Workspace::new("weights") else { return };
    workspace.tones();
    let output = command(workspace.path(), &["-d", "sounds"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = complaint(&output);
    assert!(text.contains("yamnet.onnx") && text.contains("cache") && text.contains("--model"), "{text}");
    let first = text.lines().find(|line| line.trim_start().starts_with("- ")).unwrap();
    assert!(first.contains("`scatter-prep model fetch`"), "{text}");
    assert!(text.contains("model fetch --from FILE"), "{text}");
    assert!(!text.contains("[Y/n]"), "nobody is there to answer");
    assert!(!workspace.path().join("data").exists());
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

#[cfg(unix)]
#[test]
fn a_killed_run_keeps_the_earlier_map_and_the_next_run_clears_up_after_it() {
    let Some(workspace) = Workspace::new("killed") else { return };
    workspace.tones();
    assert!(workspace.prepare(&["-d", "sounds"]).status.success());
    let data = workspace.path().join("data");
    let before = fs::read(data.join("sounds/config.json")).unwrap();
    let mut run = workspace.command(&["-d", "sounds"]).spawn().unwrap();
    let working = data.join(format!(".sounds.{}", run.id()));
    while !working.exists() && run.try_wait().unwrap().is_none() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    run.kill().unwrap();
    run.wait().unwrap();
    assert!(working.exists(), "killed at work");
    assert!(fs::read(data.join("sounds/config.json")).unwrap() == before);
    assert!(workspace.prepare(&["-d", "sounds"]).status.success());
    let mut left: Vec<_> = fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["index.json", "sounds"]);
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

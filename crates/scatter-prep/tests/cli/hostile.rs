//! Folders made to do harm: strange names, links that go round, files that are none.

#![cfg(unix)]

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use scatter_dataset::{Column, Shown};
use serde_json::Value;

use crate::support::{Workspace, complaint, report};

/// Names that a page, a terminal, a shell or a program may take for something else.
fn names() -> Vec<Vec<u8>> {
    let mut names: Vec<Vec<u8>> = [
        "it's \"quoted\".wav",
        "two\nlines.wav",
        "<script>alert(1).wav",
        "<img src=x onerror=alert(1)>.wav",
        "a\u{202e}vaw.exe.wav",
        "\u{2066}isolated.wav",
        "clear\u{1b}[2J\u{7}.wav",
        "--help.wav",
        "-rf.wav",
        "a\\..\\b.wav",
        "%2e%2e.wav",
        "name with  spaces .wav",
        "con.wav",
        "tab\tand\rreturn.wav",
        "{\"json\":1}.wav",
        "$(reboot).wav",
        "\u{feff}mark.wav",
        "a\\xFF.wav",
    ]
    .iter()
    .map(|name| name.as_bytes().to_vec())
    .collect();
    names.push([&[b'x'; 251][..], b".wav"].concat());
    // Linux takes any bytes; macOS only text.
    if cfg!(target_os = "linux") {
        names.push(b"a\xff.wav".to_vec());
        names.push(b"a\xfe.wav".to_vec());
    }
    names
}

fn put(workspace: &Workspace, folder: &Path, names: &[Vec<u8>]) {
    for (k, name) in names.iter().enumerate() {
        workspace.tone("one.wav", (16_000, 1), 200.0 * 1.1f64.powi(k as i32), 0.4, 0.0);
        fs::rename(workspace.path().join("one.wav"), folder.join(OsStr::from_bytes(name))).unwrap();
    }
}

fn texts(column: &Column) -> &[String] {
    match column {
        Column::Text(texts) => texts,
        Column::Number(_) => panic!("a column of numbers"),
    }
}

#[test]
fn files_of_any_name_are_mapped_and_no_two_become_one() {
    let Some(workspace) = Workspace::new("names") else { return };
    let folder = workspace.path().join("sounds");
    fs::create_dir(&folder).unwrap();
    let names = names();
    put(&workspace, &folder, &names);
    fs::write(folder.join(".hidden.wav"), b"").unwrap();
    let said = report(&workspace.prepare(&["-d", "sounds", "--json"]));
    assert_eq!(said["points"], names.len(), "{said}");
    let dataset = workspace.dataset("sounds");
    let mut shown = texts(&dataset.projections.metadata["filenames"]).to_vec();
    for name in names.iter().filter_map(|name| std::str::from_utf8(name).ok()) {
        let wanted = if name == "a\\xFF.wav" { "a\\\\xFF.wav" } else { name };
        assert!(shown.iter().any(|s| s == wanted), "{wanted:?} in {shown:?}");
    }
    if cfg!(target_os = "linux") {
        assert!(
            shown.iter().any(|s| s == "a\\xFF.wav") && shown.iter().any(|s| s == "a\\xFE.wav"),
            "{shown:?}"
        );
    }
    shown.sort();
    shown.dedup();
    assert_eq!(shown.len(), names.len());
}

#[test]
fn a_terminal_is_shown_the_names_of_bad_files_and_obeys_none() {
    let Some(workspace) = Workspace::new("terminal") else { return };
    workspace.tones();
    let bad = names();
    for name in &bad {
        fs::write(workspace.path().join("sounds").join(OsStr::from_bytes(name)), b"no sound").unwrap();
    }
    let output = workspace.prepare(&["-d", "sounds"]);
    assert!(output.status.success(), "{}", complaint(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    let obeyed: Vec<char> = text.chars().filter(|&c| c != '\n' && Shown::escapes(c)).collect();
    assert_eq!(obeyed, [], "{text:?}");
    assert!(text.contains(&format!("{} skipped:", bad.len())), "{text}");
    for seen in
        ["two\\nlines.wav: ", "a\\u{202e}vaw.exe.wav: ", "it's \"quoted\".wav: ", "<script>alert(1).wav: "]
    {
        assert!(text.contains(seen), "{seen} in {text}");
    }
    // As JSON they are the names themselves.
    let said = report(&workspace.prepare(&["-d", "sounds", "--json"]));
    let files: Vec<&str> =
        said["filesSkipped"].as_array().unwrap().iter().map(|s| s["file"].as_str().unwrap()).collect();
    for name in ["two\nlines.wav", "a\u{202e}vaw.exe.wav", "clear\u{1b}[2J\u{7}.wav"] {
        assert!(files.contains(&name), "{name:?} in {files:?}");
    }
    // Errors name files, too.
    let refused = workspace.prepare(&["-d", "sounds", "--strict"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        !complaint(&refused).chars().any(|c| c != '\n' && Shown::escapes(c)),
        "{:?}",
        complaint(&refused)
    );
    let missing = workspace.prepare(&["-d", "no\u{1b}[31m\u{202e}folder"]);
    assert!(
        !complaint(&missing).chars().any(|c| c != '\n' && Shown::escapes(c)),
        "{:?}",
        complaint(&missing)
    );
}

#[test]
fn what_is_no_file_is_listed_with_its_reason_and_nothing_waits() {
    let Some(workspace) = Workspace::new("no-files") else { return };
    workspace.tones();
    let folder = workspace.path().join("sounds");
    let outside = workspace.path().join("outside");
    fs::create_dir(&outside).unwrap();
    workspace.tone("outside/far.wav", (16_000, 1), 700.0, 0.4, 0.0);
    fs::create_dir(folder.join("folder.wav")).unwrap();
    workspace.tone("sounds/folder.wav/inside.wav", (16_000, 1), 900.0, 0.4, 0.0);
    assert!(Command::new("mkfifo").arg(folder.join("pipe.wav")).status().unwrap().success());
    let _socket = UnixListener::bind(folder.join("socket.wav")).unwrap();
    symlink("/dev/zero", folder.join("zero.wav")).unwrap();
    symlink("nowhere.wav", folder.join("dangling.wav")).unwrap();
    symlink("round.wav", folder.join("round.wav")).unwrap();
    symlink("..", folder.join("up")).unwrap();
    symlink("low", folder.join("low-again")).unwrap();
    symlink(&outside, folder.join("linked")).unwrap();
    symlink(outside.join("far.wav"), folder.join("far.wav")).unwrap();
    fs::write(folder.join("unreadable.wav"), b"RIFF").unwrap();
    fs::set_permissions(folder.join("unreadable.wav"), fs::Permissions::from_mode(0o000)).unwrap();

    let began = Instant::now();
    let said = report(&workspace.prepare(&["-d", "sounds", "--json"]));
    assert!(began.elapsed() < Duration::from_secs(60), "nothing waits for a pipe");
    // The eighteen, the one in a folder of a file's name, and the two that links lead to.
    let paths = texts(&workspace.dataset("sounds").projections.metadata["filenames"]).to_vec();
    for name in ["folder.wav/inside.wav", "linked/far.wav", "far.wav", "low/00.wav"] {
        assert!(paths.iter().any(|path| path == name), "{name} in {paths:?}");
    }
    let reason = |file: &str| -> String {
        let rows = said["filesSkipped"].as_array().unwrap();
        let row = rows.iter().find(|row| row["file"] == file);
        row.and_then(|row| row["reason"].as_str()).map_or_else(|| format!("no row for {file}"), str::to_owned)
    };
    for (file, wanted) in [
        ("pipe.wav", "not a regular file (a pipe, a socket or a device)"),
        ("socket.wav", "not a regular file (a pipe, a socket or a device)"),
        ("zero.wav", "not a regular file (a pipe, a socket or a device)"),
        ("dangling.wav", "a link to nothing"),
        ("round.wav", "Too many levels of symbolic links"),
        ("low-again", "a link to a folder that is read in its own place"),
    ] {
        assert!(reason(file).contains(wanted), "{file}: {}", reason(file));
    }
    // `..` holds this folder, its outside, and the data: what of it is not below is read, and no folder twice.
    assert!(paths.iter().all(|path| !path.starts_with("up/sounds")), "{paths:?}");
    if reason("unreadable.wav").contains("denied") {
        assert_eq!(said["points"], paths.len());
    } else {
        println!("skipped: unreadable files: this user may read everything");
    }
}

#[test]
fn a_pipe_or_a_device_as_recording_is_refused() {
    let Some(workspace) = Workspace::new("recordings") else { return };
    assert!(Command::new("mkfifo").arg(workspace.path().join("pipe.wav")).status().unwrap().success());
    symlink("/dev/zero", workspace.path().join("zero.wav")).unwrap();
    for file in ["pipe.wav", "zero.wav", "/dev/zero"] {
        let output = workspace.prepare(&["-f", file]);
        assert_eq!(output.status.code(), Some(1), "{file}");
        assert!(complaint(&output).contains("not a regular file"), "{file}: {}", complaint(&output));
    }
    assert!(!workspace.path().join("data").exists(), "nothing was written");
}

#[test]
fn names_that_no_map_can_have_are_wrong_usage() {
    let Some(workspace) = Workspace::new("map-names") else { return };
    workspace.tones();
    let long = "x".repeat(65);
    for name in [
        "",
        ".",
        "..",
        "../x",
        "//x",
        "%2e%2e",
        "a/b",
        "a\\b",
        "con",
        "NUL",
        "lpt1.x",
        "a.",
        "index.json",
        "<b>",
        "a b",
        "\u{202e}a",
        "http://x",
        &long,
    ] {
        let output = workspace.prepare(&["-d", "sounds", &format!("--name={name}")]);
        assert_eq!(output.status.code(), Some(2), "{name:?}: {}", complaint(&output));
        assert!(
            complaint(&output).contains("is not a dataset name: use 1 to 64 letters"),
            "{}",
            complaint(&output)
        );
    }
    assert!(!workspace.path().join("data").exists(), "nothing was written");
}

#[test]
fn a_folder_that_no_map_can_be_called_after_gets_the_nearest_name() {
    let Some(workspace) = Workspace::new("nearest") else { return };
    for (folder, name) in [("con", "sounds-con"), ("\u{202e}<script>\n", "script"), ("..hidden.", "hidden")] {
        fs::create_dir(workspace.path().join(folder)).unwrap();
        put(&workspace, &workspace.path().join(folder), &[b"a.wav".to_vec(), b"b.wav".to_vec()]);
        let said = report(&workspace.prepare(&["-d", folder, "--json"]));
        assert_eq!(said["name"], Value::from(name), "{folder:?}");
    }
}

//! Where nothing can be written, one sentence says so, and nothing is left half-written.

use std::fs;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Workspace, binary, complaint, report};

/// Runs the binary with a small file system of its own mounted on `place`, filled with `before`. Gives what it said, and
/// the names that are left there. `None`, after saying so, where nothing can be mounted.
#[cfg(target_os = "linux")]
fn on_small_disk(
    workspace: &Workspace,
    (place, options): (&str, &str),
    before: Option<&str>,
    arguments: &[&str],
) -> Option<(Output, Vec<String>)> {
    let mountable = Command::new("unshare").args(["-rm", "mount", "-t", "tmpfs", "none", "/tmp"]).output();
    if !mountable.is_ok_and(|output| output.status.success()) {
        println!("skipped: {place} with {options}: nothing can be mounted here");
        return None;
    }
    let whole = workspace.path().join(place);
    fs::create_dir_all(&whole).unwrap();
    let script = "mount -t tmpfs -o size=64m none $PLACE && { [ -z \"$BEFORE\" ] || cp -a $BEFORE/. $PLACE; } && \
                  mount -o remount,$OPTIONS $PLACE && { \"$@\"; code=$?; ls -A $PLACE > left; exit $code; }";
    let run = workspace.command(arguments);
    let output = Command::new("unshare")
        .args(["-rm", "sh", "-c", script, "sh"])
        .arg(run.get_program())
        .args(run.get_args())
        .envs([("PLACE", place), ("BEFORE", before.unwrap_or_default()), ("OPTIONS", options)])
        .current_dir(workspace.path())
        .output()
        .unwrap();
    let left = fs::read_to_string(workspace.path().join("left")).unwrap();
    Some((output, left.lines().map(str::to_owned).collect()))
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_and_leaves_the_earlier_map_and_nothing_else() {
    let Some(workspace) = Workspace::new("disk full") else { return };
    workspace.tones();
    report(&workspace.prepare(&["-d", "sounds", "--json"]));
    let config = fs::read(workspace.path().join("data/sounds/config.json")).unwrap();
    fs::rename(workspace.path().join("data"), workspace.path().join("earlier")).unwrap();
    for k in 0..40_u32 {
        workspace.tone(&format!("sounds/more/{k}.wav"), (16_000, 1), 200.0 + 9.0 * f64::from(k), 1.0, 0.0);
    }
    // Room for the earlier map and a part of the next: its sound, its pictures, or its table is one too many.
    let size: u64 = fs::read_dir(workspace.path().join("earlier/sounds"))
        .unwrap()
        .map(|entry| entry.unwrap().metadata().unwrap().len())
        .sum();
    for spare in [20_000, 200_000, 400_000] {
        let options = format!("size={}", size + 40_000 + spare);
        let arguments = ["-d", "sounds"];
        let ran = on_small_disk(&workspace, ("data", &options), Some("earlier"), &arguments);
        let Some((output, left)) = ran else { return };
        assert_eq!(output.status.code(), Some(1), "{spare}: {}", complaint(&output));
        let said = complaint(&output);
        assert!(said.contains("The disk is full."), "{spare}: {said}");
        assert_eq!(left, ["index.json", "sounds"], "{spare}");
    }
    assert!(fs::read(workspace.path().join("earlier/sounds/config.json")).unwrap() == config);
    // With room, it goes on from what was heard.
    let report = report(&workspace.prepare(&["-d", "sounds", "--json"]));
    assert_eq!((&report["points"], &report["pointsKept"]), (&58.into(), &58.into()));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_cache_is_said_too_and_what_it_holds_is_used() {
    let Some(workspace) = Workspace::new("cache full") else { return };
    workspace.tones();
    let arguments = ["-d", "sounds", "--cache", "kept"];
    let Some((output, left)) = on_small_disk(&workspace, ("kept", "size=300k"), None, &arguments) else {
        return;
    };
    assert_eq!(output.status.code(), Some(1), "{}", complaint(&output));
    let said = complaint(&output);
    assert!(said.contains("cannot be kept") && said.contains("The disk is full."), "{said}");
    assert_eq!(left.len(), 1, "no lock is left: {left:?}");
    assert_eq!(fs::read_dir(workspace.path().join("data")).unwrap().count(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_place_that_can_only_be_read_is_said() {
    let Some(workspace) = Workspace::new("read-only") else { return };
    workspace.tones();
    let ran = on_small_disk(&workspace, ("data", "ro"), None, &["-d", "sounds"]);
    let Some((output, left)) = ran else { return };
    let said = complaint(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("data cannot be written") && said.contains("can only be read"), "{said}");
    assert_eq!(left, [""; 0]);
    // A cache that was asked for must be one.
    let arguments = ["-d", "sounds", "--cache", "kept"];
    let Some((output, _)) = on_small_disk(&workspace, ("kept", "ro"), None, &arguments) else { return };
    let said = complaint(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("nothing can be kept in kept") && said.contains("can only be read"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn missing_rights_are_said() {
    use std::os::unix::fs::PermissionsExt;
    let Some(workspace) = Workspace::new("rights") else { return };
    workspace.tones();
    let open = |path: &str, mode| {
        fs::create_dir_all(workspace.path().join(path)).unwrap();
        fs::set_permissions(workspace.path().join(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    open(".", 0o755);
    open("data", 0o755);
    open("kept", 0o777);
    // The runtime may lie where only its owner can read.
    let runtime = workspace.path().join("runtime.so");
    fs::copy(scatter_embed::find_runtime(None).unwrap().library().unwrap(), &runtime).unwrap();
    let run = workspace.command(&["-d", "sounds", "--onnxruntime", runtime.to_str().unwrap()]);
    // Root may write anywhere; nobody may not.
    let as_nobody = |arguments: &[&std::ffi::OsStr]| {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--clear-groups"]).args(arguments).current_dir(workspace.path());
        command.output()
    };
    let runs = as_nobody(&[run.get_program(), "--version".as_ref()]);
    if !runs.is_ok_and(|output| output.status.success()) {
        println!("skipped: missing_rights_are_said: this cannot run as somebody else here");
        return;
    }
    let arguments: Vec<_> = std::iter::once(run.get_program()).chain(run.get_args()).collect();
    let output = as_nobody(&arguments).unwrap();
    let said = complaint(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("data cannot be written") && said.contains("The rights to it are missing."),
        "{said}"
    );
    assert_eq!(fs::read_dir(workspace.path().join("data")).unwrap().count(), 0);
}

#[test]
fn a_file_in_the_place_of_a_folder_is_said() {
    let Some(workspace) = Workspace::new("file for a folder") else { return };
    workspace.tones();
    fs::write(workspace.path().join("file"), b"mine").unwrap();
    let output = workspace.prepare(&["-d", "sounds", "-o", "file"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(complaint(&output).contains("file cannot be used for maps"), "{}", complaint(&output));
    fs::create_dir(workspace.path().join("data")).unwrap();
    fs::write(workspace.path().join("data/sounds"), b"mine").unwrap();
    let output = workspace.prepare(&["-d", "sounds"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        complaint(&output).contains("data/sounds is a file: choose another --name"),
        "{}",
        complaint(&output)
    );
    for file in ["file", "data/sounds"] {
        assert_eq!(fs::read(workspace.path().join(file)).unwrap(), b"mine");
    }
    assert_eq!(fs::read_dir(workspace.path().join("data")).unwrap().count(), 1, "no lock is left");
}

/// A run at work on some minutes of sound, that has kept something.
fn at_work(workspace: &Workspace) -> std::process::Child {
    // Once: a file that is written anew is another one, of which nothing is kept yet.
    if !workspace.path().join("dawn.wav").exists() {
        workspace.tone("dawn.wav", (16_000, 1), 300.0, 400.0, 0.0);
    }
    let kept = workspace.path().join("kept");
    let size = || -> u64 {
        let entries = fs::read_dir(&kept).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
    };
    let (before, began) = (size(), Instant::now());
    let mut command = workspace.command(&["-f", "dawn.wav", "--json"]);
    let run = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while size() < before + 300_000 && began.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(1));
    }
    run
}

fn names(workspace: &Workspace, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(workspace.path().join(folder)).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[cfg(unix)]
#[test]
fn each_way_to_be_asked_to_end_has_its_exit_code_and_the_same_command_goes_on() {
    let Some(workspace) = Workspace::new("signals") else { return };
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let run = at_work(&workspace);
        let send = || Command::new("kill").args([&format!("-{signal}"), &run.id().to_string()]).status();
        assert!(send().unwrap().success());
        // A second one, while the first is followed, changes nothing.
        let _ = send();
        let output = run.wait_with_output().unwrap();
        let said = complaint(&output);
        assert_eq!(output.status.code(), Some(code), "{signal}: {said}");
        assert_eq!(names(&workspace, "data"), [""; 0], "{signal}");
        assert!(names(&workspace, "kept").iter().all(|name| name.ends_with(".heard")), "no lock is left");
    }
    let report = report(&workspace.prepare(&["-f", "dawn.wav", "--json"]));
    assert!(report["pointsKept"].as_u64().unwrap() > 0);
}

#[test]
fn a_second_run_on_the_same_map_or_the_same_sounds_is_told_who_is_at_work() {
    let Some(workspace) = Workspace::new("two runs") else { return };
    workspace.tones();
    let mut run = at_work(&workspace);
    for (arguments, wanted) in [
        (&["-d", "sounds", "--name", "dawn"][..], "data/dawn is being made by another scatter-prep"),
        (&["-f", "dawn.wav", "--name", "other"], "dawn.wav is being heard by another scatter-prep"),
    ] {
        let output = workspace.prepare(arguments);
        let said = complaint(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(wanted) && said.contains(&format!("(process {})", run.id())), "{said}");
    }
    let cleared = binary(workspace.path(), &["cache", "clear", "--cache", "kept"]).output().unwrap();
    let said = String::from_utf8_lossy(&cleared.stdout).into_owned();
    assert!(said.contains("removed 0 of 1") && said.contains("in use"), "{said}");
    // Sounds of its own under a name of its own are no matter.
    report(&workspace.prepare(&["-d", "sounds", "--json"]));
    run.kill().unwrap();
    run.wait().unwrap();
}

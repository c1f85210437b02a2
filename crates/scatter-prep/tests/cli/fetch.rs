//! `model fetch` against servers that work, break off, ignore what they are asked, or have something else.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::made_weights;
use crate::model::command;
use crate::server::{Answer, Server};
use crate::support::{Workspace, complaint, report};

const ETAG: &str = "ETag: \"1\"";

/// A file that YAMNet's network can be made of, laid out like Google's.
static WEIGHTS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made.h5");
    made_weights::write(&path, &made_weights::made(9), made_weights::PUBLISHED);
    fs::read(path).unwrap()
});

/// Bytes without pattern that are no weights: what becomes of them ends with the conversion.
fn bytes(count: usize, seed: u32) -> Vec<u8> {
    let mut state = seed;
    let mut byte = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..count).map(|_| byte()).collect()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A folder for the cache of one test; no ONNX Runtime is needed to fetch.
struct Cache(tempfile::TempDir);

impl Cache {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        command(self.0.path(), arguments)
    }

    fn fetch(&self, from: &str, sha256: &str) -> Output {
        self.command(&["model", "fetch", "--from", from, "--sha256", sha256]).output().unwrap()
    }

    fn in_cache(&self, path: &str) -> PathBuf {
        self.0.path().join("cache/scatter-sounds").join(path)
    }

    fn partial(&self) -> PathBuf {
        self.in_cache("downloads/yamnet.h5.part")
    }

    /// Nothing where models are looked for, not even in the making.
    fn assert_no_model(&self) {
        let found = fs::read_dir(self.in_cache("models")).map_or(0, Iterator::count);
        assert_eq!(found, 0);
    }

    /// Nothing of a download either.
    fn assert_nothing_left(&self) {
        self.assert_no_model();
        assert_eq!(names(&self.in_cache("downloads")), ["lock"]);
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The bytes came whole and were the right ones: only their conversion failed, as it must.
fn assert_right_bytes_came(output: &Output) {
    assert_eq!(output.status.code(), Some(1));
    assert!(complaint(output).contains("not a Keras weights file"), "{}", complaint(output));
}

fn assert_says(output: &Output, parts: &[&str]) {
    assert_eq!(output.status.code(), Some(1), "{}", complaint(output));
    for part in parts {
        assert!(complaint(output).contains(part), "{part} is missing in: {}", complaint(output));
    }
}

#[test]
fn fetched_weights_become_the_model_that_the_next_run_uses() {
    let Some(workspace) = Workspace::new("model fetch") else { return };
    workspace.tones();
    let run = |arguments: &[&str]| command(workspace.path(), arguments).output().unwrap();
    let server = Server::new(|_| Answer::whole(&WEIGHTS));
    let (url, sum) = (server.url(), sha256(&WEIGHTS));
    let none = run(&["model", "list"]);
    assert!(String::from_utf8_lossy(&none.stdout).contains("not installed: scatter-prep model fetch"));
    assert_says(&run(&["model", "path"]), &["scatter-prep model fetch"]);

    let fetch = ["model", "fetch", "--from", &url, "--sha256", &sum];
    let fetched = run(&fetch);
    assert!(fetched.status.success(), "{}", complaint(&fetched));
    assert!(complaint(&fetched).contains(&format!("downloading {url}, ")), "{}", complaint(&fetched));
    let cache = workspace.path().join("cache/scatter-sounds");
    assert_eq!(names(&cache.join("downloads")), ["lock"]);
    assert_eq!(names(&cache.join("models")), ["yamnet.onnx", "yamnet.onnx.json"]);

    let place = cache.join("models/yamnet.onnx");
    let path = run(&["model", "path"]);
    assert_eq!(String::from_utf8_lossy(&path.stdout).trim(), place.to_str().unwrap());
    let receipt: Value =
        serde_json::from_slice(&fs::read(cache.join("models/yamnet.onnx.json")).unwrap()).unwrap();
    assert_eq!(
        (&receipt["weights"]["source"], &receipt["weights"]["sha256"]),
        (&url.clone().into(), &sum.clone().into())
    );
    assert_eq!(receipt["sha256"], sha256(&fs::read(&place).unwrap()));
    assert_eq!(receipt["created"]["tool"], "scatter-prep");
    let list: Value = serde_json::from_slice(&run(&["model", "list", "--json"]).stdout).unwrap();
    let installed = &list[0]["installed"];
    assert_eq!((&installed["origin"], &installed["sha256"]), (&"other-weights".into(), &receipt["sha256"]));
    let report = report(&run(&["-d", "sounds", "--json"]));
    assert_eq!((&report["points"], &report["model"]), (&18.into(), &"yamnet".into()));

    let again = run(&fetch);
    assert!(String::from_utf8_lossy(&again.stdout).contains("is installed already"));
    assert_eq!(server.asked().len(), 1, "what is installed is not downloaded again");
}

#[test]
fn a_download_that_breaks_goes_on_where_it_broke() {
    let server = Server::new(|asked| match asked.from {
        None => Answer::whole(&WEIGHTS).with(ETAG).cut(WEIGHTS.len() / 3),
        Some(from) if asked.number == 1 => Answer::rest(&WEIGHTS, from).with(ETAG).cut(WEIGHTS.len() / 3),
        Some(from) => Answer::rest(&WEIGHTS, from).with(ETAG),
    });
    let cache = Cache::new();
    let output = cache.fetch(&server.url(), &sha256(&WEIGHTS));
    assert!(output.status.success(), "{}", complaint(&output));
    let third = WEIGHTS.len() / 3;
    assert_eq!(server.froms(), [None, Some(third), Some(2 * third)]);
    assert!(server.asked()[1..].iter().all(|asked| asked.if_range.as_deref() == Some("\"1\"")));
    assert!(complaint(&output).contains("trying again"), "{}", complaint(&output));
    assert_eq!(names(&cache.in_cache("models")), ["yamnet.onnx", "yamnet.onnx.json"]);
}

#[test]
fn a_line_that_stays_dead_leaves_its_part_and_the_next_run_goes_on_from_there() {
    let file = bytes(300_000, 1);
    let sum = sha256(&file);
    let server = Server::new(move |asked| match (asked.number, asked.from) {
        (0, _) => Answer::whole(&file).cut(100_000),
        (1..=3, Some(from)) => Answer::rest(&file, from).cut(0),
        (_, Some(from)) => Answer::rest(&file, from),
        (_, None) => Answer::whole(&file),
    });
    let cache = Cache::new();
    let dead = cache.fetch(&server.url(), &sum);
    assert_says(&dead, &[&server.url(), "broke off", "100000 bytes are kept", "the same command goes on"]);
    assert_eq!(fs::metadata(cache.partial()).unwrap().len(), 100_000);
    cache.assert_no_model();
    assert_right_bytes_came(&cache.fetch(&server.url(), &sum));
    assert_eq!(server.froms(), [None, Some(100_000), Some(100_000), Some(100_000), Some(100_000)]);
    cache.assert_nothing_left();
}

#[test]
fn a_server_without_ranges_begins_again_and_nothing_is_joined_wrongly() {
    let file = bytes(200_000, 2);
    let sum = sha256(&file);
    let server = Server::new(move |asked| match asked.number {
        0 => Answer::whole(&file).cut(70_000),
        _ => Answer::whole(&file),
    });
    let cache = Cache::new();
    assert_right_bytes_came(&cache.fetch(&server.url(), &sum));
    assert_eq!(server.froms(), [None, Some(70_000)]);
}

#[test]
fn a_file_that_changed_on_the_server_is_taken_anew() {
    let (old, new) = (bytes(200_000, 3), bytes(200_000, 4));
    let sum = sha256(&new);
    let server = Server::new(move |asked| match asked.if_range.as_deref() {
        None => Answer::whole(&old).with("ETag: \"old\"").cut(70_000),
        // As a server must where the mark is not that of its file (RFC 9110, section 13.1.5).
        Some("\"old\"") => Answer::whole(&new).with("ETag: \"new\""),
        Some(_) => Answer::empty("500 Unexpected"),
    });
    assert_right_bytes_came(&Cache::new().fetch(&server.url(), &sum));
}

#[test]
fn another_part_than_was_asked_for_is_not_joined() {
    let file = bytes(200_000, 5);
    let sum = sha256(&file);
    let server = Server::new(move |asked| match asked.number {
        0 => Answer::whole(&file).cut(70_000),
        1 => Answer::rest(&file, 60_000),
        2 => Answer::whole(&file).cut(80_000),
        3 => Answer::empty("416 Range Not Satisfiable").with("Content-Range: bytes */200000"),
        _ => Answer::whole(&file),
    });
    let cache = Cache::new();
    let output = cache.fetch(&server.url(), &sum);
    assert_eq!(server.froms(), [None, Some(70_000), None, Some(80_000)], "{}", complaint(&output));
    assert_says(&output, &["broke off"]);
    assert_right_bytes_came(&cache.fetch(&server.url(), &sum));
    assert_eq!(server.froms()[4], None);
}

#[test]
fn a_wrong_file_is_removed_and_named_with_its_checksum() {
    let wanted = sha256(b"something else");
    let file = bytes(50_000, 6);
    let found = sha256(&file);
    // Cut short by a server that does not know it: only the checksum can tell.
    let server = Server::new(move |_| Answer::whole(&file[..50_000]).without_length());
    let cache = Cache::new();
    let output = cache.fetch(&server.url(), &wanted);
    assert_says(&output, &[&server.url(), &found, &wanted, "it was removed", "--sha256"]);
    cache.assert_nothing_left();
}

#[test]
fn without_a_checksum_of_its_own_an_address_must_have_the_official_file() {
    let cache = Cache::new();
    let fetch =
        |server: &Server| cache.command(&["model", "fetch", "--from", &server.url()]).output().unwrap();
    let short = Server::new(|_| Answer::whole(&bytes(50_000, 7)));
    assert_says(
        &fetch(&short),
        &[&short.url(), "another file: 50000 bytes where 15296092 are expected", "--from FILE"],
    );
    let long = Server::new(|_| Answer::whole(&bytes(15_400_000, 8)).without_length());
    assert_says(&fetch(&long), &[&long.url(), "more than the 15296092 bytes expected"]);
    cache.assert_nothing_left();
    let right_size = Server::new(|_| Answer::whole(&bytes(15_296_092, 9)));
    assert_says(&fetch(&right_size), &["13c3308955bbfaef", "it was removed"]);
    cache.assert_nothing_left();
}

#[test]
fn what_is_no_file_is_said_at_once() {
    let cache = Cache::new();
    let sum = sha256(b"");
    let missing = Server::new(|_| Answer::empty("404 Not Found"));
    assert_says(&cache.fetch(&missing.url(), &sum), &[&missing.url(), "404", "model fetch --from FILE"]);
    let page =
        Server::new(|_| Answer::whole(b"<html>log in</html>").with("Content-Type: text/html; charset=utf-8"));
    assert_says(&cache.fetch(&page.url(), &sum), &["a web page instead of the file", "asks to log in"]);
    assert_eq!((missing.asked().len(), page.asked().len()), (1, 1), "no other try would help");
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nobody = format!("http://{closed}/yamnet.h5");
    for nobody in [nobody.as_str(), "http://no-such-host.invalid/yamnet.h5"] {
        let output = cache.fetch(nobody, &sum);
        assert_says(&output, &[nobody, "cannot be reached", "model fetch --from FILE"]);
        assert!(!complaint(&output).contains("trying again"), "nothing has come yet: {}", complaint(&output));
    }
    cache.assert_nothing_left();
    assert_says(&cache.fetch("ftp://example.org/yamnet.h5", &sum), &["ftp"]);
    cache.assert_no_model();
}

#[test]
fn redirections_are_followed_and_a_busy_server_is_given_time() {
    let file = bytes(90_000, 10);
    let sum = sha256(&file);
    let server = Server::new(move |asked| match (asked.number, asked.path.as_str()) {
        (0, _) => Answer::empty("503 Service Unavailable"),
        (_, "/yamnet.h5") => Answer::empty("302 Found").with("Location: /elsewhere/yamnet.h5"),
        (2, _) => Answer::whole(&file).cut(40_000),
        (_, _) => Answer::rest(&file, asked.from.unwrap()),
    });
    assert_right_bytes_came(&Cache::new().fetch(&server.url(), &sum));
    assert_eq!(server.froms()[4], Some(40_000), "the range is asked for behind the redirection too");
}

#[test]
fn two_at_once_do_not_disturb_each_other() {
    let server = Server::new(|asked| {
        // The second comes while the first is at it.
        std::thread::sleep(std::time::Duration::from_millis(if asked.number == 0 { 500 } else { 0 }));
        Answer::whole(&WEIGHTS)
    });
    let cache = Cache::new();
    let (url, sum) = (server.url(), sha256(&WEIGHTS));
    let arguments = ["model", "fetch", "--from", &url, "--sha256", &sum];
    let runs: Vec<_> = (0..2)
        .map(|_| cache.command(&arguments).stdout(std::process::Stdio::piped()).spawn().unwrap())
        .collect();
    let said: Vec<String> = runs
        .into_iter()
        .map(|run| {
            let output = run.wait_with_output().unwrap();
            assert!(output.status.success());
            String::from_utf8(output.stdout).unwrap()
        })
        .collect();
    assert_eq!(server.asked().len(), 1);
    assert_eq!(said.iter().filter(|said| said.contains("is installed already")).count(), 1, "{said:?}");
    assert_eq!(names(&cache.in_cache("models")), ["yamnet.onnx", "yamnet.onnx.json"]);
}

#[test]
fn a_file_at_hand_is_installed_if_it_is_the_right_one() {
    let cache = Cache::new();
    let file = cache.0.path().join("weights.h5");
    fs::write(&file, &*WEIGHTS).unwrap();
    let refused = cache.command(&["model", "fetch", "--from", "weights.h5"]).output().unwrap();
    assert_says(&refused, &["weights.h5 is not the file that was expected", "13c3308955bbfaef"]);
    assert!(file.exists(), "what is not ours is not removed");
    let no_checksum = cache.fetch("weights.h5", "12");
    assert_eq!(no_checksum.status.code(), Some(2));
    let output = cache
        .command(&["model", "fetch", "--from", "weights.h5", "--output", "here/yamnet.onnx"])
        .env("SCATTER_MODEL_SHA256", sha256(&WEIGHTS).to_uppercase())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", complaint(&output));
    assert_eq!(names(&cache.0.path().join("here")), ["yamnet.onnx", "yamnet.onnx.json"]);
    assert!(file.exists());
}

#[test]
fn a_run_that_was_told_to_installs_the_model_and_goes_on() {
    let Some(workspace) = Workspace::new("fetch-model") else { return };
    workspace.tones();
    let server = Server::new(|_| Answer::whole(&WEIGHTS));
    let run = |arguments: &[&str]| {
        let mut command = command(workspace.path(), arguments);
        command.env("SCATTER_MODEL_FROM", server.url()).env("SCATTER_MODEL_SHA256", sha256(&WEIGHTS));
        command.output().unwrap()
    };
    assert_eq!(report(&run(&["-d", "sounds", "--json"]))["model"], "scatter-mini");
    assert!(server.asked().is_empty(), "nothing is downloaded unasked");
    let first = run(&["-d", "sounds", "--fetch-model", "--json"]);
    assert_eq!(report(&first)["points"], 18);
    assert!(complaint(&first).contains("YAMNet is installed"), "{}", complaint(&first));
    assert_eq!(report(&run(&["-d", "sounds", "--fetch-model", "--json"]))["points"], 18);
    assert_eq!(server.asked().len(), 1);
}

/// Runs the binary on a terminal where `typed` is typed, by util-linux's `script`.
#[cfg(target_os = "linux")]
fn on_a_terminal(command: &Command, typed: &str) -> Option<Output> {
    use std::io::Write;
    let known = Command::new("script").arg("--version").output();
    if !known.is_ok_and(|known| String::from_utf8_lossy(&known.stdout).contains("util-linux")) {
        println!("skipped: a terminal: util-linux's `script` is not installed");
        return None;
    }
    let mut line = command.get_program().to_str().unwrap().to_owned();
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(argument.to_str().unwrap());
    }
    let mut terminal = Command::new("script");
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => terminal.env(name, value),
            None => terminal.env_remove(name),
        };
    }
    terminal.current_dir(command.get_current_dir().unwrap());
    let mut running = terminal
        .args(["-qec", &line, "/dev/null"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    running.stdin.as_mut().unwrap().write_all(typed.as_bytes()).unwrap();
    Some(running.wait_with_output().unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_the_model_is_offered_and_the_run_goes_on_after_a_yes() {
    let Some(workspace) = Workspace::new("the question") else { return };
    workspace.tones();
    let server = Server::new(|_| Answer::whole(&WEIGHTS));
    let run = |typed: &str| {
        let mut command = command(workspace.path(), &["-d", "sounds"]);
        command.env("SCATTER_MODEL_FROM", server.url()).env("SCATTER_MODEL_SHA256", sha256(&WEIGHTS));
        on_a_terminal(&command, typed)
    };
    let Some(no) = run("n\n") else { return };
    let said = |output: &Output| String::from_utf8_lossy(&output.stdout).into_owned();
    let question =
        format!("YAMNet is not installed. Download 15 MB from {} and install it in ", server.url());
    assert!(said(&no).contains(&question), "{}", said(&no));
    assert!(said(&no).contains("embedded with scatter-mini"), "{}", said(&no));
    assert!(said(&no).contains("`scatter-prep model fetch`"), "{}", said(&no));
    assert!(server.asked().is_empty(), "{}", said(&no));
    let yes = run("\n").unwrap();
    assert!(yes.status.success(), "{}", said(&yes));
    assert!(said(&yes).contains("18 clips from 18 files"), "{}", said(&yes));
    assert_eq!((server.asked().len(), workspace.dataset("sounds").config.count), (1, 18));
    // Once is enough.
    let again = run("").unwrap();
    assert!(again.status.success() && !said(&again).contains("[Y/n]"), "{}", said(&again));
}

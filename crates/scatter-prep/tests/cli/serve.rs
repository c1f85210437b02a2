//! `serve`, asked over HTTP.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use scatter_dataset::{Index, Layout};
use ureq::http::Response;
use ureq::{Agent, Body};

use crate::support::{Workspace, report};

struct Server {
    process: Child,
    base: String,
}

impl Server {
    /// Serves `workspace`'s data and a small page on a free port.
    fn start(workspace: &Workspace) -> Self {
        let web = workspace.path().join("page");
        fs::create_dir_all(web.join("pkg")).unwrap();
        fs::write(web.join("index.html"), "<!doctype html>").unwrap();
        fs::write(web.join("pkg/x.wasm"), b"\0asm").unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_scatter-prep"))
            .args(["serve", "--port", "0", "--web", "page"])
            .current_dir(workspace.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let start = line.find("http://127.0.0.1:").unwrap_or_else(|| panic!("no address in {line:?}"));
        let base = line[start..].split("/web/").next().unwrap().to_owned();
        Self { process, base }
    }

    fn get(&self, path: &str, headers: &[(&str, &str)]) -> Response<Body> {
        let agent: Agent = Agent::config_builder().http_status_as_error(false).build().into();
        let request = agent.get(format!("{}{path}", self.base));
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).call().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

fn header<'a>(answer: &'a Response<Body>, name: &str) -> &'a str {
    answer.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[test]
fn the_page_and_the_maps_come_with_ranges_types_and_a_strict_policy() {
    let Some(workspace) = Workspace::new("serve") else { return };
    workspace.tones();
    report(&workspace.prepare(&["-d", "sounds", "--json"]));
    // Copied in by hand, as the original's datasets are; and a folder in the making.
    fs::write(workspace.path().join("data/city_config.json"), b"{}").unwrap();
    fs::create_dir(workspace.path().join("data/.x.1")).unwrap();
    fs::write(workspace.path().join("data/.x.1/config.json"), b"{}").unwrap();
    fs::write(workspace.path().join("secret.txt"), b"secret").unwrap();
    let server = Server::start(&workspace);

    for (path, kind) in [
        ("/web/index.html", "text/html"),
        ("/web/index.html?dataset=sounds", "text/html"),
        ("/web/pkg/x.wasm", "application/wasm"),
        ("/data/index.json", "application/json"),
        ("/data/sounds/config.json", "application/json"),
        ("/data/sounds/sprite.jpg", "image/jpeg"),
        ("/data/sounds/audio.flac", "audio/"),
    ] {
        let answer = server.get(path, &[]);
        assert_eq!(answer.status(), 200, "{path}");
        assert!(
            header(&answer, "content-type").starts_with(kind),
            "{path}: {}",
            header(&answer, "content-type")
        );
        assert!(header(&answer, "content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff", "{path}");
    }

    let whole = fs::read(workspace.path().join("data/sounds/audio.flac")).unwrap();
    let mut part = server.get("/data/sounds/audio.flac", &[("range", "bytes=100-299")]);
    assert_eq!(part.status(), 206);
    assert_eq!(header(&part, "content-range"), format!("bytes 100-299/{}", whole.len()));
    assert_eq!(part.body_mut().read_to_vec().unwrap(), &whole[100..300]);

    let index = server.get("/data/index.json", &[]).into_body().read_to_vec().unwrap();
    let listed: Vec<_> = Index::from_json(&index)
        .unwrap()
        .datasets
        .into_iter()
        .map(|e| (e.name.to_string(), e.layout))
        .collect();
    assert_eq!(listed, [("city".to_owned(), Layout::Flat), ("sounds".to_owned(), Layout::Folder)]);

    for outside in [
        "/secret.txt",
        "/data/../secret.txt",
        "/data/%2e%2e/secret.txt",
        "/data/.x.1/config.json",
        "/data/..%2fsecret.txt",
    ] {
        let answer = server.get(outside, &[]);
        assert_eq!(answer.status(), 404, "{outside}");
    }
}

#[test]
fn a_port_that_is_taken_is_said() {
    let Some(workspace) = Workspace::new("port") else { return };
    fs::create_dir(workspace.path().join("data")).unwrap();
    let server = Server::start(&workspace);
    let port = server.base.rsplit(':').next().unwrap();
    let output = workspace.run(&["serve", "--port", port, "--web", "page"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains(&format!("port {port} cannot be used")), "{text}");
}

//! `serve`, asked over HTTP.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

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
        Self::start_with(workspace, &[])
    }

    /// The same with further arguments.
    fn start_with(workspace: &Workspace, arguments: &[&str]) -> Self {
        let web = workspace.path().join("page");
        fs::create_dir_all(web.join("pkg")).unwrap();
        fs::write(web.join("index.html"), "<!doctype html>").unwrap();
        fs::write(web.join("pkg/x.wasm"), b"\0asm").unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_scatter-prep"))
            .args(["serve", "--port", "0", "--web", "page"])
            .args(arguments)
            .current_dir(workspace.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let start = line.find("http://127.0.0.1:").unwrap_or_else(|| panic!("no address in {line:?}"));
        let base = line[start..].split("/web/").next().unwrap().to_owned();
        Self { process, base }
    }

    /// Everything on standard error, after the server was ended.
    fn warning(mut self) -> String {
        self.process.kill().unwrap();
        let mut text = String::new();
        self.process.stderr.take().unwrap().read_to_string(&mut text).unwrap();
        text
    }

    /// Status, head and body of the answer to `request`, byte for byte as it is written here: a client would tidy it.
    fn raw(&self, request: &[u8]) -> (u16, String, Vec<u8>) {
        let address = self.base.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(request).unwrap();
        let mut answer = Vec::new();
        // A server that has seen enough may close before it was sent all.
        let _ = stream.read_to_end(&mut answer);
        let end = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap_or(answer.len());
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        (status, head.to_ascii_lowercase(), answer.get(end + 4..).unwrap_or_default().to_vec())
    }

    /// `raw` for a path, called by `host`.
    fn ask(&self, method: &str, path: &str, host: &str) -> (u16, String, Vec<u8>) {
        self.raw(format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes())
    }

    fn get(&self, path: &str, headers: &[(&str, &str)]) -> Response<Body> {
        let agent: Agent = Agent::config_builder().http_status_as_error(false).build().into();
        let request = agent.get(format!("{}{path}", self.base));
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).call().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
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

/// What every answer bears.
const SECURITY: [&str; 6] = [
    "content-security-policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; ",
    "x-content-type-options: nosniff",
    "referrer-policy: no-referrer",
    "cross-origin-resource-policy: same-origin",
    "cross-origin-opener-policy: same-origin",
    "permissions-policy: camera=(), microphone=(), geolocation=()",
];

fn is_secured(head: &str, what: &str) {
    for header in SECURITY {
        assert!(head.contains(header), "{what}: no {header} in {head}");
    }
}

/// A folder with a map to serve, and something beside it that is nobody's business.
fn served(test: &str) -> Option<(Workspace, Server)> {
    let workspace = Workspace::new(test)?;
    let data = workspace.path().join("data");
    fs::create_dir_all(data.join("bells")).unwrap();
    fs::write(data.join("bells/config.json"), b"{}").unwrap();
    fs::write(data.join("bells/V\u{f6}gel (2).flac"), b"fLaC").unwrap();
    fs::create_dir_all(data.join(".bells.7")).unwrap();
    fs::write(data.join(".bells.7/config.json"), b"secret").unwrap();
    fs::write(workspace.path().join("secret.txt"), b"secret").unwrap();
    let server = Server::start(&workspace);
    Some((workspace, server))
}

#[test]
fn no_path_leads_out_of_the_folders_however_it_is_written() {
    let Some((_workspace, server)) = served("traversal") else { return };
    assert_eq!(server.ask("GET", "/data/bells/config.json", "127.0.0.1").0, 200);
    assert_eq!(server.ask("GET", "/data/bells/V%C3%B6gel%20(2).flac", "localhost").0, 200);
    for path in [
        "/../secret.txt",
        "/data/../../secret.txt",
        "/data/../secret.txt",
        "/data/%2e%2e/secret.txt",
        "/data/%2E%2E/%2e%2e/secret.txt",
        "/data/..%2fsecret.txt",
        "/data/..%2Fsecret.txt",
        "/data/%2e%2e%2fsecret.txt",
        "/data/..%5csecret.txt",
        "/data/..\\secret.txt",
        "/data/%252e%252e/secret.txt",
        "/data//bells/config.json",
        "//data/bells/config.json",
        "//secret.txt",
        "/data/bells//../../../secret.txt",
        "/data/%00",
        "/data/bells/config.json%00",
        "/data/bells/config.json%00.html",
        "/data/.bells.7/config.json",
        "/data/%2ebells.7/config.json",
        "/data/./bells/config.json",
        "/web/../secret.txt",
        "/web/%2e%2e/secret.txt",
        "/web/..%2fsecret.txt",
        "/web//index.html",
        "/data/c:%5cwindows",
        "/data/%ff",
        "/data/bells/config.json/",
        "/data",
        "/data/",
        "/secret.txt",
        "/data/~root",
        "/data/bells/%c0%ae%c0%ae/secret.txt",
    ] {
        let (status, head, body) = server.ask("GET", path, "127.0.0.1");
        assert_eq!(status, 404, "{path}: {head}");
        assert_eq!(String::from_utf8_lossy(&body), "there is no such file here\n", "{path}");
        is_secured(&head, path);
    }
    let long = format!("/data/{}", "x".repeat(10_000));
    let (status, head, _) = server.ask("GET", &long, "127.0.0.1");
    assert_eq!(status, 414, "{head}");
    is_secured(&head, "a long path");
    // So long that it is not read at all.
    let endless = format!("/data/{}", "x".repeat(1_000_000));
    assert!([0, 400, 414, 431].contains(&server.ask("GET", &endless, "127.0.0.1").0));
    for broken in [
        "GET\r\n\r\n",
        "\0\x01\x02\r\n\r\n",
        "GET /data/a\0b HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /\r\n\r\n",
    ] {
        assert!([0, 400].contains(&server.raw(broken.as_bytes()).0), "{broken:?}");
    }
    assert_eq!(server.ask("GET", "/data/bells/config.json", "127.0.0.1").0, 200, "and it still serves");
}

#[test]
fn a_name_that_was_pointed_at_this_machine_reads_nothing() {
    let Some((_workspace, server)) = served("rebinding") else { return };
    let port = server.base.rsplit(':').next().unwrap();
    for host in ["127.0.0.1", "localhost", "LOCALHOST", "[::1]", &format!("127.0.0.1:{port}"), "localhost:9"]
    {
        assert_eq!(server.ask("GET", "/data/bells/config.json", host).0, 200, "{host}");
    }
    let outer = format!("evil.example:{port}");
    for host in [
        "evil.example",
        &outer,
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "192.168.0.1",
        "0.0.0.0",
        "x@localhost",
        "",
    ] {
        let (status, head, body) = server.ask("GET", "/data/bells/config.json", host);
        let status = if host.contains('@') && status == 400 { 403 } else { status };
        assert_eq!(status, 403, "{host}: {head}");
        if !body.is_empty() {
            assert!(
                String::from_utf8_lossy(&body)
                    .contains("this server answers to 127.0.0.1 and localhost alone")
            );
            is_secured(&head, host);
        }
    }
    // The address in the request line outranks the header (RFC 9112, section 3.2.2), and two hosts are one too many.
    for request in [
        "GET http://evil.example/data/bells/config.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "GET /data/bells/config.json HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        "GET /data/bells/config.json HTTP/1.0\r\n\r\n",
    ] {
        assert!([400, 403].contains(&server.raw(request.as_bytes()).0), "{request:?}");
    }
    let whole = "GET http://localhost/data/bells/config.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert_eq!(server.raw(whole.as_bytes()).0, 200);
}

#[test]
fn nothing_but_reading_is_answered_and_every_answer_bears_the_headers() {
    let Some((_workspace, server)) = served("methods") else { return };
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"] {
        for path in ["/", "/web/index.html", "/data/index.json", "/data/bells/config.json", "/nowhere"] {
            let (status, head, _) = server.ask(method, path, "localhost");
            assert_eq!(status, 405, "{method} {path}: {head}");
            assert!(head.contains("allow: get, head"), "{head}");
            is_secured(&head, path);
        }
    }
    for (path, wanted) in [
        ("/", 307),
        ("/web/index.html", 200),
        ("/data/index.json", 200),
        ("/data/bells/config.json", 200),
        ("/web/none.js", 404),
        ("/nowhere", 404),
        ("/data/none", 404),
    ] {
        let (status, head, body) = server.ask("GET", path, "localhost");
        assert_eq!(status, wanted, "{path}");
        assert!(status == 307 || !body.is_empty(), "{path} says something");
        is_secured(&head, path);
        let (status, head, body) = server.ask("HEAD", path, "localhost");
        assert_eq!((status, body.len()), (wanted, 0), "HEAD {path}");
        is_secured(&head, path);
    }
    let range = "GET /data/bells/config.json HTTP/1.1\r\nHost: localhost\r\nRange: bytes=90-99\r\nConnection: close\r\n\r\n";
    let (status, head, body) = server.raw(range.as_bytes());
    assert_eq!((status, body.as_slice()), (416, &b"the file has no such bytes\n"[..]));
    assert!(head.contains("content-range: bytes */2"), "{head}");
    is_secured(&head, "416");
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_folder_only_and_pipes_are_not_waited_for() {
    use std::os::unix::fs::symlink;
    let Some((workspace, server)) = served("links") else { return };
    let data = workspace.path().join("data");
    fs::create_dir(workspace.path().join("outside")).unwrap();
    fs::write(workspace.path().join("outside/config.json"), b"secret").unwrap();
    symlink(workspace.path().join("secret.txt"), data.join("bells/secret.txt")).unwrap();
    symlink("../../secret.txt", data.join("bells/sprite.jpg")).unwrap();
    symlink(workspace.path().join("outside"), data.join("linked")).unwrap();
    symlink("bells", data.join("again")).unwrap();
    symlink("loop", data.join("loop")).unwrap();
    symlink("/dev/zero", data.join("bells/zero")).unwrap();
    symlink(workspace.path().join("secret.txt"), workspace.path().join("page/secret.txt")).unwrap();
    for pipe in ["bells/audio.flac", "stuck/config.json"] {
        fs::create_dir_all(data.join("stuck")).unwrap();
        assert!(Command::new("mkfifo").arg(data.join(pipe)).status().unwrap().success());
    }
    for (path, wanted, said) in [
        ("/data/again/config.json", 200, "{}"),
        ("/data/bells/secret.txt", 403, "a link out of the folder"),
        ("/data/bells/sprite.jpg", 403, "a link out of the folder"),
        ("/data/linked/config.json", 403, "a link out of the folder"),
        ("/data/bells/zero", 403, "a link out of the folder"),
        ("/web/secret.txt", 403, "a link out of the folder"),
        ("/data/bells/audio.flac", 403, "a pipe, a socket or a device"),
        ("/data/stuck/config.json", 403, "a pipe, a socket or a device"),
        ("/data/loop", 500, "the file cannot be read"),
        ("/data/index.json", 200, "\"again\""),
    ] {
        let (status, head, body) = server.ask("GET", path, "localhost");
        let body = String::from_utf8_lossy(&body);
        assert_eq!(status, wanted, "{path}: {body}");
        assert!(body.contains(said) && !body.contains("secret"), "{path}: {body}");
        is_secured(&head, path);
    }
}

#[cfg(unix)]
#[test]
fn clients_that_hang_do_not_keep_the_server_from_ending() {
    let Some((workspace, mut server)) = served("hanging") else { return };
    let large = fs::File::create(workspace.path().join("data/bells/audio.flac")).unwrap();
    large.set_len(64 << 20).unwrap();
    let address = server.base.strip_prefix("http://").unwrap();
    let hanging: Vec<TcpStream> =
        ["GET /data/bells/con", "GET /data/bells/audio.flac HTTP/1.1\r\nHost: localhost\r\n\r\n"]
            .iter()
            .map(|request| {
                let mut stream = TcpStream::connect(address).unwrap();
                stream.write_all(request.as_bytes()).unwrap();
                stream
            })
            .collect();
    // Others are served meanwhile.
    assert_eq!(server.ask("GET", "/data/bells/config.json", "localhost").0, 200);
    assert!(
        Command::new("kill").args(["-INT", &server.process.id().to_string()]).status().unwrap().success()
    );
    let began = Instant::now();
    while server.process.try_wait().unwrap().is_none() {
        assert!(began.elapsed() < Duration::from_secs(10), "still there");
        std::thread::sleep(Duration::from_millis(10));
    }
    drop(hanging);
}

#[test]
fn another_address_is_warned_of_and_one_that_is_not_ours_is_said() {
    let Some(workspace) = Workspace::new("host") else { return };
    fs::create_dir(workspace.path().join("data")).unwrap();
    let server = Server::start_with(&workspace, &["--host", "0.0.0.0"]);
    assert!(server.base.starts_with("http://127.0.0.1:"), "an address that can be opened: {}", server.base);
    // On the network it has other names.
    assert_eq!(server.ask("GET", "/web/index.html", "studio.example").0, 200);
    assert!(server.warning().contains("can be seen and heard by everyone who reaches this machine"));
    assert_eq!(Server::start(&workspace).warning(), "");
    let output = workspace.run(&["serve", "--host", "192.0.2.1", "--port", "0", "--web", "page"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("192.0.2.1 is no address of this machine"), "{text}");
    let output = workspace.run(&["serve", "--host", "evil.example"]);
    assert_eq!(output.status.code(), Some(2));
}

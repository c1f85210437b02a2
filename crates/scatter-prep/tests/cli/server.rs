//! An HTTP server that behaves as it is told, well or badly.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What was asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Number of the request, from 0.
    pub number: usize,
    pub path: String,
    /// First byte asked for by `Range: bytes=N-`.
    pub from: Option<usize>,
    pub if_range: Option<String>,
}

/// What is answered. The connection is closed after the body, whether or not it is as long as announced.
pub struct Answer {
    pub status: &'static str,
    pub headers: Vec<String>,
    pub body: Vec<u8>,
    /// Value of `Content-Length`.
    pub announced: Option<usize>,
}

impl Answer {
    /// The whole file.
    pub fn whole(body: &[u8]) -> Self {
        Self { status: "200 OK", headers: Vec::new(), announced: Some(body.len()), body: body.to_vec() }
    }

    /// The file from `from` on, as a 206.
    pub fn rest(body: &[u8], from: usize) -> Self {
        let range = format!("Content-Range: bytes {from}-{}/{}", body.len() - 1, body.len());
        Self { status: "206 Partial Content", ..Self::whole(&body[from..]).with(&range) }
    }

    /// No body.
    pub fn empty(status: &'static str) -> Self {
        Self { status, ..Self::whole(b"") }
    }

    /// With another header.
    pub fn with(mut self, header: &str) -> Self {
        self.headers.push(header.to_owned());
        self
    }

    /// Broken off after `bytes` of the body, with what was announced as it was.
    pub fn cut(mut self, bytes: usize) -> Self {
        self.body.truncate(bytes);
        self
    }

    /// Ended by the end of the connection alone.
    pub fn without_length(mut self) -> Self {
        self.announced = None;
        self
    }
}

/// A server on a free port, for as long as the process runs.
pub struct Server {
    address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// Answers every request by `answer`.
    pub fn new(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (all, answer) = (Arc::clone(&asked), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (all, answer) = (Arc::clone(&all), Arc::clone(&answer));
                std::thread::spawn(move || serve(&stream, &all, answer.as_ref()));
            }
        });
        Self { address, asked }
    }

    /// Address of the file.
    pub fn url(&self) -> String {
        format!("{}/yamnet.h5", self.address)
    }

    /// Everything asked for so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// First byte of each request so far.
    pub fn froms(&self) -> Vec<Option<usize>> {
        self.asked().iter().map(|asked| asked.from).collect()
    }
}

fn serve(stream: &TcpStream, all: &Mutex<Vec<Asked>>, answer: &dyn Fn(&Asked) -> Answer) {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let Some(first) = lines.next() else { return };
    let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let header = |wanted: &str| {
        let (_, value) = head
            .iter()
            .filter_map(|line| line.split_once(": "))
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
        Some(value.to_owned())
    };
    let from =
        header("range").and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut all = all.lock().unwrap();
    let asked = Asked { number: all.len(), path, from, if_range: header("if-range") };
    all.push(asked.clone());
    drop(all);
    let Answer { status, headers, body, announced } = answer(&asked);
    let mut head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n");
    for header in headers.into_iter().chain(announced.map(|bytes| format!("Content-Length: {bytes}"))) {
        head.push_str(&header);
        head.push_str("\r\n");
    }
    head.push_str("\r\n");
    // A client that has seen enough hangs up.
    let mut stream = stream;
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
}

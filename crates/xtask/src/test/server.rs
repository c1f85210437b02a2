//! `scatter-prep serve` as a child of the tests.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    time::Duration,
};

use anyhow::{Context, Result};

use super::maps::Maps;
use crate::process;

/// How long the server may take until it names its address.
const START_LIMIT: Duration = Duration::from_secs(20);

/// A running server; it ends when this is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Scheme, host and port, without a slash at the end.
    pub origin: String,
}

impl Server {
    /// Starts the server on a free port and waits for the line with its address.
    ///
    /// # Errors
    /// When it cannot be started or names no address in time.
    pub fn start(maps: &Maps, web: &Path) -> Result<Self> {
        let mut command = Command::new(&maps.program);
        command.args(["serve", "--port", "0", "--data"]).arg(&maps.data).arg("--web").arg(web);
        let shown = process::line(&command);
        let child = command.stdout(Stdio::piped()).stdin(Stdio::null()).spawn();
        let mut server =
            Self { child: child.with_context(|| format!("cannot start `{shown}`"))?, origin: String::new() };
        let stdout = server.child.stdout.take().context("the server has no output")?;
        let (tell, told) = mpsc::channel();
        // The thread reads on after the address, lest the server should stop at a full pipe.
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if let Some(origin) = origin(&line) {
                    // The other end hears only the first.
                    let _ = tell.send(origin);
                }
            }
        });
        server.origin =
            told.recv_timeout(START_LIMIT).with_context(|| format!("`{shown}` named no address"))?;
        println!("test: serving on {}", server.origin);
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; nothing else can fail that could be mended here.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads `http://127.0.0.1:8000` out of a line that holds an address.
fn origin(line: &str) -> Option<String> {
    const SCHEME: &str = "http://";
    let address = &line[line.find(SCHEME)?..];
    let end = address[SCHEME.len()..].find(|c: char| !(c.is_ascii_alphanumeric() || ".:-[]".contains(c)));
    let host = address[..end.map_or(address.len(), |end| end + SCHEME.len())].trim_end_matches(['.', ':']);
    (host.len() > SCHEME.len()).then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_is_read_from_any_line_with_an_address() {
        let expected = Some("http://127.0.0.1:40123".to_owned());
        assert_eq!(origin("http://127.0.0.1:40123"), expected);
        assert_eq!(
            origin("Serving on http://127.0.0.1:40123/web/index.html?dataset=a (Ctrl-C stops)"),
            expected
        );
        assert_eq!(origin("open http://127.0.0.1:40123."), expected);
        assert_eq!(origin("serving 3 maps"), None);
        assert_eq!(origin("http://"), None);
    }
}

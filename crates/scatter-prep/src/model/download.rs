//! A file from an address, however often the line breaks.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use ureq::Agent;
use ureq::http::StatusCode;
use ureq::http::header::{IF_RANGE, RANGE};

use super::partial::Partial;
use super::reply::{Body, Refusal, Reply};
use super::source::{Address, Expected};

/// Tries that bring nothing, one after the other, before it gives up.
const FRUITLESS_TRIES: u32 = 4;
/// Bytes from which a try counts as fruitful: no server can keep it busy with a byte at a time.
const FRUITFUL: u64 = 1 << 18;
/// Wait before the second try, doubled before each further one.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// Longest silence of a server.
const SILENCE: Duration = Duration::from_secs(30);
/// Longest time for one try's body: a server that drips is cut off, and what came is kept.
const BODY: Duration = Duration::from_secs(600);

/// Why a file did not come.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// No connection, and nothing came.
    #[error("{address} cannot be reached")]
    Unreachable {
        /// The address.
        address: String,
        /// The reason.
        #[source]
        source: ureq::Error,
    },
    /// The server has something else, or nothing.
    #[error("{address} {refusal}")]
    Refused {
        /// The address.
        address: String,
        /// What it answered.
        refusal: Refusal,
    },
    /// Too many tries brought nothing.
    #[error("the download of {address} broke off ({reason}){}", kept_words(*kept, partial))]
    GaveUp {
        /// The address.
        address: String,
        /// What happened last.
        reason: String,
        /// Bytes that came.
        kept: u64,
        /// Where they are.
        partial: PathBuf,
    },
    /// The disk.
    #[error("{} cannot be written", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        #[source]
        source: io::Error,
    },
}

/// Is told how a download goes.
pub trait Watch {
    /// A body begins at byte `at` of `total`.
    fn begin(&mut self, at: u64, total: Option<u64>);
    /// `bytes` more have come.
    fn advance(&mut self, bytes: u64);
    /// It broke, for `reason`, and goes on after `wait`.
    fn broke(&mut self, reason: &str, wait: Duration);
}

/// An HTTP client that never waits for ever. It takes proxies from `HTTPS_PROXY` and the like, as ureq does.
pub fn agent(address: &Address) -> Agent {
    Agent::config_builder()
        .https_only(address.is_https())
        .http_status_as_error(false)
        .timeout_resolve(Some(SILENCE))
        .timeout_connect(Some(SILENCE))
        .timeout_send_request(Some(SILENCE))
        .timeout_recv_response(Some(SILENCE))
        .timeout_recv_body(Some(BODY))
        .timeout_per_read(Some(SILENCE))
        .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
        .build()
        .into()
}

/// How one try ended, when it did not bring the whole file.
enum Stop {
    /// Another try may help.
    Broken(String),
    /// No connection; another try may help if one has before.
    NoConnection(ureq::Error),
    /// No other try would help.
    Final(DownloadError),
}

/// Fills `partial` with the file at `address`. Whether it is the right one, its checksum must tell.
///
/// What is there already is not asked for again where the server can leave it out. Nothing beyond the expected size is
/// read.
///
/// # Errors
/// [`DownloadError`]; what came stays in `partial`.
pub fn download(
    agent: &Agent,
    address: &Address,
    expected: &Expected,
    partial: &mut Partial,
    watch: &mut dyn Watch,
) -> Result<(), DownloadError> {
    let (mut fruitless, mut connected) = (0, false);
    loop {
        let before = partial.bytes();
        let reason = match attempt(agent, address, expected, partial, &mut connected, watch) {
            Ok(()) => return Ok(()),
            Err(Stop::Final(error)) => return Err(error),
            Err(Stop::NoConnection(source)) if !connected => {
                return Err(DownloadError::Unreachable { address: address.shown(), source });
            }
            Err(Stop::NoConnection(error)) => error.to_string(),
            Err(Stop::Broken(reason)) => reason,
        };
        fruitless = if partial.bytes() >= before + FRUITFUL { 1 } else { fruitless + 1 };
        if fruitless >= FRUITLESS_TRIES {
            let (kept, partial) = (partial.bytes(), partial.path().to_owned());
            return Err(DownloadError::GaveUp { address: address.shown(), reason, kept, partial });
        }
        let wait = FIRST_WAIT * 2_u32.pow(fruitless - 1);
        watch.broke(&reason, wait);
        std::thread::sleep(wait);
    }
}

fn attempt(
    agent: &Agent,
    address: &Address,
    expected: &Expected,
    partial: &mut Partial,
    connected: &mut bool,
    watch: &mut dyn Watch,
) -> Result<(), Stop> {
    if partial.bytes() > expected.most_bytes() {
        restart(partial, None)?;
    }
    let have = partial.bytes();
    if expected.bytes == Some(have) {
        return Ok(());
    }
    let mut request = agent.get(address.url());
    if have > 0 {
        request = request.header(RANGE, format!("bytes={have}-"));
        if let Some(version) = partial.version() {
            request = request.header(IF_RANGE, version);
        }
    }
    let response = request.call().map_err(|error| stop(address, error))?;
    *connected = true;
    let reply = Reply::of(&response);
    let refused = |refusal| Stop::Final(DownloadError::Refused { address: address.shown(), refusal });
    let total = match reply.body(have, expected).map_err(refused)? {
        Body::Whole { total } => {
            restart(partial, reply.version)?;
            total
        }
        Body::Rest { total } => total,
        Body::Nothing => return Ok(()),
        Body::Useless(why) => {
            restart(partial, None)?;
            return Err(Stop::Broken(why));
        }
        Body::Later(status) => return Err(Stop::Broken(told(status))),
    };
    watch.begin(partial.bytes(), total.or(expected.bytes));
    let mut reader = response.into_body().into_reader();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = reader.read(&mut buffer).map_err(|error| Stop::Broken(error.to_string()))?;
        if read == 0 {
            break;
        }
        if partial.bytes() + read as u64 > expected.most_bytes() {
            restart(partial, None)?;
            return Err(refused(Refusal::TooLarge { most: expected.most_bytes() }));
        }
        partial.push(&buffer[..read]).map_err(|source| unwritten(partial, source))?;
        watch.advance(read as u64);
    }
    match total.or(expected.bytes) {
        Some(total) if partial.bytes() < total => {
            Err(Stop::Broken(format!("the server ended it after {} of {total} bytes", partial.bytes())))
        }
        _ => Ok(()),
    }
}

fn restart(partial: &mut Partial, version: Option<String>) -> Result<(), Stop> {
    partial.restart(version).map_err(|source| unwritten(partial, source))
}

fn unwritten(partial: &Partial, source: io::Error) -> Stop {
    Stop::Final(DownloadError::Write { path: partial.path().to_owned(), source })
}

fn told(status: StatusCode) -> String {
    format!("the server answered {status}")
}

/// Whether a failed request is worth another try.
fn stop(address: &Address, error: ureq::Error) -> Stop {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    use ureq::Error;
    match error {
        Error::Io(ref source)
            if matches!(source.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof) =>
        {
            Stop::Broken(error.to_string())
        }
        Error::Protocol(_) => Stop::Broken(error.to_string()),
        // No such host, no route, no answer, a certificate that is not trusted.
        Error::HostNotFound | Error::ConnectionFailed | Error::Io(_) | Error::Timeout(_) => {
            Stop::NoConnection(error)
        }
        source => Stop::Final(DownloadError::Unreachable { address: address.shown(), source }),
    }
}

fn kept_words(kept: u64, partial: &Path) -> String {
    match kept {
        0 => String::new(),
        _ => format!("; {kept} bytes are kept in {}: the same command goes on from there", partial.display()),
    }
}

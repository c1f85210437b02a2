//! A decoder's process, from outside.

use std::io::{self, BufReader, BufWriter, Read, Write};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};

use super::fate::Fate;
use super::protocol::{Reply, Request, receive, send};

/// Replies that may wait: a recording's decoder is a little ahead of whoever hears it, and no more.
const WAITING: usize = 4;

/// A running process.
#[derive(Debug)]
pub struct Process {
    child: Child,
    requests: BufWriter<ChildStdin>,
    replies: Receiver<Reply>,
    /// What it says at its death.
    complaint: Option<ChildStderr>,
}

impl Process {
    /// Starts one.
    ///
    /// # Errors
    /// When the system cannot.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Ctrl-C is for whoever started this; the process ends with its standard input.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let mut child = command.spawn()?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("a process without pipes"));
        };
        widen(&stdout);
        let (sender, replies) = bounded(WAITING);
        std::thread::Builder::new().name("replies".to_owned()).spawn(move || {
            let mut stdout = BufReader::with_capacity(1 << 17, stdout);
            // Ends with the process, or when nobody listens any more.
            while let Ok(Some(reply)) = receive(&mut stdout) {
                if sender.send(reply).is_err() {
                    return;
                }
            }
        })?;
        let complaint = child.stderr.take();
        Ok(Self { child, requests: BufWriter::new(stdin), replies, complaint })
    }

    /// Asks for something.
    ///
    /// # Errors
    /// How the process ended.
    pub fn ask(&mut self, request: &Request) -> Result<(), Fate> {
        send(&mut self.requests, request).and_then(|()| self.requests.flush()).map_err(|_| self.fate())
    }

    /// The next reply.
    ///
    /// # Errors
    /// How the process ended, which it does when nothing comes for `timeout`.
    pub fn reply(&mut self, timeout: Duration) -> Result<Reply, Fate> {
        self.replies.recv_timeout(timeout).map_err(|error| match error {
            RecvTimeoutError::Timeout => Fate::TooLong(timeout),
            RecvTimeoutError::Disconnected => self.fate(),
        })
    }

    /// Ends the process, if it has not ended, and tells why it did.
    fn fate(&mut self) -> Fate {
        // It closes its pipes an instant before it is gone; one that only closed them is of no use either.
        let status = match self.child.try_wait() {
            Ok(Some(status)) => Ok(status),
            _ => {
                std::thread::sleep(Duration::from_millis(20));
                if let Ok(None) = self.child.try_wait() {
                    let _ = self.child.kill();
                }
                self.child.wait()
            }
        };
        let mut said = String::new();
        if let Some(complaint) = self.complaint.take() {
            // What cannot be read is not told.
            let _ = complaint.take(1 << 16).read_to_string(&mut said);
        }
        Fate::of(status.ok(), &said)
    }
}

/// Has a pipe hold a whole clip, so that its process goes on while it waits here.
#[cfg(target_os = "linux")]
fn widen(pipe: &ChildStdout) {
    // The usual 64 KiB do as well, with more waiting.
    let _ = rustix::pipe::fcntl_setpipe_size(pipe, 1 << 18);
}

#[cfg(not(target_os = "linux"))]
fn widen(_pipe: &ChildStdout) {}

impl Drop for Process {
    fn drop(&mut self) {
        // It holds nothing that would be lost; without waiting it would stay in the system's table.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

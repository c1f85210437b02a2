//! What runs in a decoder's process.

use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

use scatter_audio::{AudioError, AudioReader, ClipReader, Excerpt, Limits, pcm16};
use scatter_embed::LogMel;

use super::memory;
use super::protocol::{ClipRead, Reply, Request, receive, send};
use crate::cli::ReaderArgs;

/// Samples in a message of a recording: 3 s at 44.1 kHz, and a message is soon enough there to tell that it goes on.
const BLOCK: usize = 1 << 17;

/// Answers requests on standard input until it ends.
///
/// # Errors
/// When standard output is closed.
pub fn run(args: &ReaderArgs) -> anyhow::Result<()> {
    memory::limit(args.memory << 20);
    // A panic is an answer, in the report.
    std::panic::set_hook(Box::new(|_| ()));
    let requests = requests()?;
    let limits = Limits { max_seconds: args.max_duration };
    let clips = match excerpt(args) {
        Some(excerpt) => ClipReader::with_excerpts(excerpt),
        None => ClipReader::new(),
    };
    let mut worker = Worker { clips: clips.limited(limits), log_mel: LogMel::new(), limits };
    let mut out = BufWriter::with_capacity(1 << 17, io::stdout().lock());
    for request in requests {
        match request {
            Request::Clip(path) => {
                let reply = worker.clip(path.as_ref()).unwrap_or_else(|error| Reply::Refused(error.reason()));
                send(&mut out, &reply)?;
            }
            Request::Recording(path) => worker.recording(&path, &mut out)?,
        }
        out.flush()?;
    }
    Ok(())
}

/// Requests, read by a thread that ends the process when there are none any more: whoever asked may have been killed
/// while a decoder turns in circles here.
fn requests() -> io::Result<Receiver<Request>> {
    let (sender, receiver) = channel();
    std::thread::Builder::new().name("requests".to_owned()).spawn(move || {
        let mut input = io::stdin().lock();
        while let Ok(Some(request)) = receive(&mut input) {
            if sender.send(request).is_err() {
                break;
            }
        }
        std::process::exit(0);
    })?;
    Ok(receiver)
}

fn excerpt(args: &ReaderArgs) -> Option<Excerpt> {
    let samples = args.excerpt_samples?;
    Some(Excerpt { sample_rate: args.excerpt_rate?, samples })
}

struct Worker {
    clips: ClipReader,
    log_mel: LogMel,
    limits: Limits,
}

impl Worker {
    fn clip(&mut self, path: &Path) -> Result<Reply, AudioError> {
        let began = Instant::now();
        let clip = self.clips.read(path)?;
        let reading = began.elapsed();
        let patch = self.log_mel.patch(&clip.samples);
        Ok(Reply::Clip(Box::new(ClipRead {
            sound: clip.samples.iter().map(|&sample| pcm16(sample)).collect(),
            patch,
            excerpt: clip.excerpt,
            descriptors: clip.descriptors,
            pitch: clip.pitch,
            start_seconds: clip.start_seconds,
            source_seconds: clip.source_seconds,
            notes: clip.notes,
            partial: clip.partial,
            reading,
            log_mel: began.elapsed() - reading,
        })))
    }

    fn recording(&self, path: &OsString, out: &mut impl Write) -> io::Result<()> {
        let refused = |error: &AudioError| Reply::Refused(error.reason());
        let mut reader = match AudioReader::open_with(path.as_ref(), self.limits) {
            Ok(reader) => reader,
            Err(error) => return send(out, &refused(&error)),
        };
        send(out, &Reply::Opened { rate: reader.sample_rate(), channels: reader.channels() })?;
        let mut samples = Vec::with_capacity(2 * BLOCK);
        loop {
            match reader.next_block() {
                Ok(Some(block)) => samples.extend_from_slice(block),
                Ok(None) => break,
                Err(error) => return send(out, &refused(&error)),
            }
            if samples.len() >= BLOCK {
                send(out, &Reply::Blocks(std::mem::take(&mut samples)))?;
                out.flush()?;
            }
        }
        if !samples.is_empty() {
            send(out, &Reply::Blocks(samples))?;
        }
        send(out, &Reply::Ended { notes: reader.warnings(), partial: reader.is_partial() })
    }
}

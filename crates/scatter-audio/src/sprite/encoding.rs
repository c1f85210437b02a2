use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::sync::mpsc::Receiver;

use flac_bound::{FlacEncoder, WriteWrapper};
use md5::{Digest, Md5};

use crate::error::AudioErrorKind;
use crate::{BLOCK_SAMPLES, SAMPLE_RATE};

/// What the encoder is asked to do.
pub(super) enum Job {
    /// Samples of 16 bits, to be appended.
    Samples(Vec<i32>),
    /// There are no more.
    Finish,
}

/// The frames of a finished stream, and what its head says about them.
#[derive(Debug)]
pub(super) struct Encoded {
    /// The frames, one after the other.
    pub(super) frames: File,
    /// Size of each, in bytes.
    pub(super) frame_bytes: Vec<u32>,
    /// Samples in all.
    pub(super) samples: u64,
    /// MD5 of the samples as little-endian 16-bit integers (RFC 9639, section 8.2); zeros where it was not asked for.
    pub(super) md5: [u8; 16],
}

/// Encodes jobs as they come, with a checksum of the samples if that is `wanted`; `None` when they end without [`Job::Finish`].
pub(super) fn encode(
    jobs: &Receiver<Job>,
    file: File,
    wanted: bool,
) -> Result<Option<Encoded>, AudioErrorKind> {
    let mut sink =
        FrameSink { writer: BufWriter::with_capacity(1 << 16, file), frame_bytes: Vec::new(), error: None };
    let digest = wanted.then(Md5::new);
    let mut source = Source { jobs, digest, samples: 0, finished: false };
    let encoded = source.feed(&mut sink);
    // A full disk is the reason behind whatever the encoder says.
    if let Some(error) = sink.error {
        return Err(AudioErrorKind::Write(error));
    }
    encoded?;
    if !source.finished {
        return Ok(None);
    }
    let frames = sink.writer.into_inner().map_err(|error| AudioErrorKind::Write(error.into_error()))?;
    let Source { digest, samples, .. } = source;
    let md5 = digest.map_or([0; 16], |digest| digest.finalize().into());
    Ok(Some(Encoded { frames, frame_bytes: sink.frame_bytes, samples, md5 }))
}

/// The samples on their way into the encoder.
struct Source<'a> {
    jobs: &'a Receiver<Job>,
    digest: Option<Md5>,
    samples: u64,
    finished: bool,
}

impl Source<'_> {
    fn feed(&mut self, sink: &mut FrameSink) -> Result<(), AudioErrorKind> {
        let failed = |reason: &str| AudioErrorKind::Encoder { reason: reason.to_owned() };
        let mut output = WriteWrapper(sink);
        let mut encoder = FlacEncoder::new()
            .ok_or_else(|| failed("there is not enough memory"))?
            .channels(1)
            .bits_per_sample(16)
            .sample_rate(SAMPLE_RATE)
            .compression_level(5)
            .blocksize(BLOCK_SAMPLES as u32)
            .streamable_subset(true)
            .init_write(&mut output)
            .map_err(|error| failed(&format!("{error:?}")))?;
        let mut bytes = Vec::new();
        for job in self.jobs {
            let Job::Samples(samples) = job else {
                self.finished = true;
                break;
            };
            self.samples += samples.len() as u64;
            if let Some(digest) = &mut self.digest {
                bytes.clear();
                bytes.extend(samples.iter().flat_map(|&sample| (sample as i16).to_le_bytes()));
                digest.update(&bytes);
            }
            encoder
                .process_interleaved(&samples, samples.len() as u32)
                .map_err(|()| failed("it did not take the samples"))?;
        }
        encoder.finish().map(drop).map_err(|_| failed("it did not end the stream"))
    }
}

/// Takes the encoder's writes. Each frame comes as one write; the metadata blocks before them are left out, since
/// they were written before anything was known.
struct FrameSink {
    writer: BufWriter<File>,
    frame_bytes: Vec<u32>,
    error: Option<io::Error>,
}

/// How a frame of fixed block size begins (RFC 9639, section 9.1). No metadata block does: `fLaC` begins
/// otherwise, and 127 is no type of block.
const SYNC_CODE: [u8; 2] = [0xff, 0xf8];

impl Write for FrameSink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.starts_with(&SYNC_CODE) {
            self.writer.write_all(bytes).inspect_err(|error| {
                // The encoder only learns that something failed, so the reason is kept here.
                self.error = Some(error.kind().into());
            })?;
            self.frame_bytes.push(bytes.len() as u32);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

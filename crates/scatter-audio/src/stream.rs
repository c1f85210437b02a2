use std::io::ErrorKind;
use std::path::Path;

use symphonia::core::audio::GenericAudioBufferRef;
use symphonia::core::codecs::audio::AudioDecoder;
use symphonia::core::errors::Error as DecoderError;

use crate::container::{Container, Decoder, FrameShape, decoder_for, other_frame};
use crate::error::AudioErrorKind;
use crate::limits::Limits;
use crate::mixdown::Mixdown;
use crate::shape::Shape;

/// Failed packets above the decoded ones after which nothing good is expected any more.
const HOPELESS: u64 = 64;
/// Packets in a row without a sample of ours (other tracks, empty packets) before a file is taken to be a loop.
const MAX_FRUITLESS: u32 = 1_000_000;

/// Container, decoder, and what came out of them so far.
pub(crate) struct Stream {
    container: Container,
    limits: Limits,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    /// Samples still to be dropped.
    skip: u64,
    pub(crate) shape: Shape,
    pub(crate) mixdown: Mixdown,
    pub(crate) samples: u64,
    decoded: u64,
    failed: u64,
    packet_bytes: u64,
    pub(crate) ended: bool,
    /// Whether the container has given all that it has.
    drained: bool,
    pub(crate) early_end: Option<String>,
}

impl Stream {
    /// Opens the file at `path` and decodes its first block.
    pub(crate) fn open(path: &Path, limits: Limits) -> Result<Self, AudioErrorKind> {
        let mut container = Container::open(path)?;
        let Decoder { track, decoder, skip, note } = decoder_for(&container)?;
        container.notes.extend(note.map(str::to_owned));
        let mut stream = Self {
            container,
            limits,
            decoder,
            track,
            skip,
            shape: Shape { rate: 0, channels: 0 },
            mixdown: Mixdown::default(),
            samples: 0,
            decoded: 0,
            failed: 0,
            packet_bytes: 0,
            ended: false,
            drained: false,
            early_end: None,
        };
        // The rate is the decoder's word, not the header's: they differ in damaged files.
        if stream.advance()? { Ok(stream) } else { Err(stream.no_samples()) }
    }

    /// Decodes the next block; false at the end.
    pub(crate) fn advance(&mut self) -> Result<bool, AudioErrorKind> {
        let mut fruitless = 0;
        while !self.ended {
            fruitless += 1;
            if fruitless > MAX_FRUITLESS {
                self.end_early("nothing but empty packets follow".to_owned());
                break;
            }
            let packet = match self.container.format.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => return self.end(None),
                Err(DecoderError::ResetRequired) => {
                    // The next link of a chain, as in concatenated Ogg files.
                    let next = decoder_for(&self.container)?;
                    (self.track, self.decoder, self.skip) = (next.track, next.decoder, next.skip);
                    fruitless += MAX_FRUITLESS / 8;
                    continue;
                }
                Err(error) => return self.end(Some(error)),
            };
            if packet.track_id != self.track {
                continue;
            }
            self.packet_bytes += packet.data.len() as u64;
            let Ok(buffer) = self.decoder.decode(&packet) else {
                self.failed += 1;
                if self.failed > self.decoded + HOPELESS {
                    return Err(self.damaged());
                }
                continue;
            };
            self.decoded += 1;
            if buffer.frames() == 0 {
                continue;
            }
            let shape = shape_of(&buffer);
            let hidden = self.container.flac_bytes.and_then(|_| other_frame(&packet.data));
            if self.samples == 0 {
                shape.check()?;
                self.shape = shape;
            } else if shape != self.shape {
                return Err(self.format_change(shape));
            }
            self.mixdown.mix(&buffer);
            self.skip -= self.mixdown.drop_first(self.skip);
            self.count();
            if let Some((before, after)) = hidden {
                self.change(before, after)?;
            }
            if self.mixdown.mono().is_empty() {
                continue;
            }
            return Ok(true);
        }
        Ok(false)
    }

    /// What becomes of a FLAC file with a frame of the shape `after` behind those of the shape `before`.
    fn change(&mut self, before: FrameShape, after: FrameShape) -> Result<(), AudioErrorKind> {
        let rate = after.rate.unwrap_or(self.shape.rate);
        if before.channels != after.channels || before.rate != after.rate {
            return Err(self.format_change(Shape { rate, channels: after.channels }));
        }
        let bits = |shape: FrameShape| shape.bits.unwrap_or_default();
        self.end_early(format!("its samples change from {} to {} bits there", bits(before), bits(after)));
        Ok(())
    }

    fn count(&mut self) {
        let left = self.limits.samples_at(self.shape.rate).saturating_sub(self.samples);
        let beyond = self.mixdown.mono().len() as u64 > left;
        self.mixdown.truncate(left.min(usize::MAX as u64) as usize);
        self.samples += self.mixdown.mono().len() as u64;
        if beyond {
            self.end_early("the file is longer than what may be read of one".to_owned());
        }
    }

    fn end(&mut self, error: Option<DecoderError>) -> Result<bool, AudioErrorKind> {
        (self.ended, self.drained) = (true, true);
        if self.failed > self.decoded {
            return Err(self.damaged());
        }
        if let Some(share) = self.container.left_out(self.packet_bytes).filter(|&share| share > 0.5) {
            return Err(AudioErrorKind::Unsound { percent: 100.0 * share });
        }
        match error {
            Some(DecoderError::IoError(error)) if error.kind() == ErrorKind::UnexpectedEof => {
                let cut = !self.container.ends_with_file;
                self.early_end = cut.then(|| "the file stops in the middle of its data".to_owned());
            }
            Some(error) if self.samples == 0 => return Err(AudioErrorKind::Unreadable(error)),
            Some(error) => self.end_early(format!("what follows is damaged (decoder: {error})")),
            None => {}
        }
        if let Some(broken) = self.container.promise.broken(self.samples, self.decoded + self.failed) {
            self.end_early(broken);
        }
        Ok(false)
    }

    /// Why there is not one sample.
    fn no_samples(&self) -> AudioErrorKind {
        let packets = self.decoded + self.failed;
        let why = match packets {
            0 => "nothing follows its header".to_owned(),
            _ => format!("it has {packets} packet(s), which need others before them that are missing"),
        };
        AudioErrorKind::NoSamples { why: self.early_end.clone().unwrap_or(why) }
    }

    fn end_early(&mut self, why: String) {
        self.ended = true;
        self.early_end = Some(why);
    }

    pub(crate) fn warnings(&self) -> Vec<String> {
        let mut warnings = self.container.notes.clone();
        if let Some(why) = &self.early_end {
            warnings.push(format!("partial: {why}; {:.2} s could be read", self.seconds()));
        }
        if let Some(share) = self.container.left_out(self.packet_bytes).filter(|_| self.drained) {
            warnings.push(format!(
                "{:.0} % of the file's data are no sound that could be decoded",
                100.0 * share
            ));
        }
        if self.failed > 0 {
            let all = self.failed + self.decoded;
            warnings.push(format!("{} of {all} packets could not be decoded and are left out", self.failed));
        }
        if self.mixdown.silenced > 0 {
            warnings.push(format!("{} samples were no numbers and became silence", self.mixdown.silenced));
        }
        warnings
    }

    fn seconds(&self) -> f64 {
        self.samples as f64 / f64::from(self.shape.rate.max(1))
    }

    fn damaged(&self) -> AudioErrorKind {
        let Self { failed, decoded, .. } = *self;
        let promise = self.container.promise.broken(self.samples, decoded + failed);
        AudioErrorKind::Damaged { failed, decoded, promise }
    }

    fn format_change(&self, new: Shape) -> AudioErrorKind {
        let Shape { rate, channels } = self.shape;
        let seconds = self.seconds();
        AudioErrorKind::FormatChange {
            seconds,
            rate,
            channels,
            new_rate: new.rate,
            new_channels: new.channels,
        }
    }
}

fn shape_of(buffer: &GenericAudioBufferRef<'_>) -> Shape {
    Shape { rate: buffer.spec().rate(), channels: buffer.spec().channels().count() }
}

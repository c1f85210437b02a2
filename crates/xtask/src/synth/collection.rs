//! Rendering the clips and writing them as WAV files into a folder per class.

use std::{
    fs,
    io::{Cursor, ErrorKind},
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    time::Instant,
};

use anyhow::{Context, Result, anyhow};

use super::{CLASSES, Class, Random, Take, room};

/// A collection to be made.
#[derive(Debug, Clone, Copy)]
pub struct Collection {
    /// Number of clips in all.
    pub count: usize,
    /// Seed of all of them.
    pub seed: u64,
}

/// How a collection was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Clips in the collection.
    pub clips: usize,
    /// Clips whose file was missing or different and was written.
    pub changed: usize,
}

impl Collection {
    /// Writes `out/<class>/<class>-001.wav` and so on. A file that is already right is left alone, so that its time of
    /// change says when the sound changed.
    ///
    /// # Errors
    /// When a folder or file cannot be written.
    pub fn write(self, out: &Path) -> Result<Written> {
        let start = Instant::now();
        let clips: Vec<(&Class, usize)> =
            (0..self.count).map(|k| (&CLASSES[k % CLASSES.len()], k / CLASSES.len() + 1)).collect();
        for class in CLASSES.iter().take(self.count) {
            let folder = out.join(class.name);
            fs::create_dir_all(&folder)
                .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        }
        let (next, changed) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = || -> Result<()> {
            while let Some((class, number)) = clips.get(next.fetch_add(1, Ordering::Relaxed)) {
                let path = out.join(class.name).join(format!("{}-{number:03}.wav", class.name));
                if replace(&path, &clip(class, self.seed, *number)?)? {
                    changed.fetch_add(1, Ordering::Relaxed);
                }
            }
            Ok(())
        };
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
            threads
                .into_iter()
                .try_for_each(|thread| thread.join().map_err(|_| anyhow!("a synthesis thread stopped"))?)
        })?;
        let written = Written { clips: clips.len(), changed: changed.into_inner() };
        println!(
            "synth: {} clips of {} classes in {} ({} written, {:.1} s)",
            written.clips,
            self.count.min(CLASSES.len()),
            out.display(),
            written.changed,
            start.elapsed().as_secs_f64()
        );
        Ok(written)
    }
}

/// The bytes of one clip's WAV file.
fn clip(class: &Class, seed: u64, number: usize) -> Result<Vec<u8>> {
    let mut random = Random::for_clip(seed, class.name, number);
    let rate = random.pick([16_000_u32, 22_050, 44_100, 48_000]);
    let channels = random.pick([1_u16, 2]);
    let seconds = random.between(class.seconds[0], class.seconds[1]);
    let mut take = Take { random, rate: f64::from(rate), seconds };
    let wave = (class.voice)(&mut take);
    let finished = room::finish(&wave, take.rate, usize::from(channels), &mut take.random);
    let spec = hound::WavSpec {
        channels,
        sample_rate: rate,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut bytes = Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut bytes, spec)?;
    for frame in 0..wave.len() {
        for channel in &finished {
            writer.write_sample((channel[frame] * f64::from(i16::MAX)).round() as i16)?;
        }
    }
    writer.finalize()?;
    Ok(bytes.into_inner())
}

/// Writes the file unless it holds these bytes already; true when it was written.
fn replace(path: &Path, bytes: &[u8]) -> Result<bool> {
    match fs::read(path) {
        Ok(present) if present == bytes => return Ok(false),
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("cannot read {}", path.display()));
        }
        _ => {}
    }
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Heard {
        spec: hound::WavSpec,
        seconds: f64,
        peak: f64,
        rms: f64,
        ends: f64,
        crossings_per_second: f64,
    }

    fn hear(class: &Class, number: usize) -> Heard {
        let mut reader = hound::WavReader::new(Cursor::new(clip(class, 7, number).unwrap())).unwrap();
        let spec = reader.spec();
        let samples: Vec<f64> = reader.samples::<i16>().map(|x| f64::from(x.unwrap()) / 32_767.0).collect();
        let channels = usize::from(spec.channels);
        let left: Vec<f64> = samples.iter().step_by(channels).copied().collect();
        let seconds = left.len() as f64 / f64::from(spec.sample_rate);
        let crossings = left.windows(2).filter(|pair| pair[0] * pair[1] < 0.0).count();
        Heard {
            spec,
            seconds,
            peak: samples.iter().fold(0.0, |peak, x| peak.max(x.abs())),
            rms: (samples.iter().map(|x| x * x).sum::<f64>() / samples.len() as f64).sqrt(),
            ends: samples[..channels]
                .iter()
                .chain(&samples[samples.len() - channels..])
                .fold(0.0, |m, x| m.max(x.abs())),
            crossings_per_second: crossings as f64 / seconds,
        }
    }

    #[test]
    fn every_clip_is_audible_unclipped_and_ends_in_silence() {
        for class in &CLASSES {
            for number in 1..=6 {
                let heard = hear(class, number);
                let name = format!("{} {number}", class.name);
                assert!((0.25..=0.709).contains(&heard.peak), "{name}: peak {}", heard.peak);
                assert!(heard.rms > 0.008, "{name}: rms {}", heard.rms);
                assert!(heard.ends < 1e-3, "{name}: ends at {}", heard.ends);
                assert!((0.39..=4.0).contains(&heard.seconds), "{name}: {} s", heard.seconds);
            }
        }
    }

    #[test]
    fn rates_and_channels_vary_within_a_class() {
        let specs: Vec<_> = (1..=16).map(|number| hear(&CLASSES[0], number).spec).collect();
        for rate in [16_000, 22_050, 44_100, 48_000] {
            assert!(specs.iter().any(|spec| spec.sample_rate == rate), "no clip at {rate} Hz");
        }
        assert!([1, 2].iter().all(|n| specs.iter().any(|spec| spec.channels == *n)));
    }

    #[test]
    fn no_two_clips_of_a_class_are_alike() {
        for class in &CLASSES {
            let clips: Vec<Vec<u8>> = (1..=4).map(|number| clip(class, 7, number).unwrap()).collect();
            for (k, one) in clips.iter().enumerate() {
                assert!(clips[..k].iter().all(|other| other != one), "{}", class.name);
            }
        }
    }

    /// Zero crossings alone must already tell classes apart: their spread between classes is far greater than within.
    #[test]
    fn classes_differ_more_than_their_clips() {
        let groups: Vec<Vec<f64>> = CLASSES
            .iter()
            .map(|class| {
                (1..=6).map(|number| hear(class, number).crossings_per_second.max(1.0).ln()).collect()
            })
            .collect();
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let spread =
            |values: &[f64]| mean(&values.iter().map(|x| (x - mean(values)).powi(2)).collect::<Vec<_>>());
        let within = mean(&groups.iter().map(|group| spread(group)).collect::<Vec<_>>());
        let between = spread(&groups.iter().map(|group| mean(group)).collect::<Vec<_>>());
        assert!(between > 5.0 * within, "between {between:.3}, within {within:.3}");
    }

    #[test]
    fn the_same_seed_writes_the_same_bytes_and_a_second_run_writes_nothing() {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let collection = Collection { count: CLASSES.len() + 3, seed: 5 };
        for folder in &folders {
            let written = collection.write(folder.path()).unwrap();
            assert_eq!(written, Written { clips: CLASSES.len() + 3, changed: CLASSES.len() + 3 });
        }
        for class in &CLASSES {
            let file = format!("{0}/{0}-001.wav", class.name);
            let [one, other] = [0, 1].map(|k: usize| fs::read(folders[k].path().join(&file)).unwrap());
            assert!(one == other, "{file} differs");
        }
        assert_eq!(collection.write(folders[0].path()).unwrap().changed, 0);
        let more = Collection { count: 2 * CLASSES.len(), ..collection };
        assert_eq!(more.write(folders[0].path()).unwrap().changed, CLASSES.len() - 3);
    }

    /// Guards determinism across machines and compilers: a change of synthesis must change this on purpose.
    #[test]
    fn the_sum_of_a_small_collection_is_pinned() {
        use sha2::{Digest, Sha256};
        let mut hash = Sha256::new();
        for class in &CLASSES {
            hash.update(clip(class, 1, 1).unwrap());
        }
        let sum: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(sum, "01d14d1138822a09");
    }
}

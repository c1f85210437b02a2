//! Small valid files, made from nothing: what a target begins from.

mod aiff;
mod caf;
mod datasets;
mod flac;
mod iso_media;
mod matroska;
mod mpeg;
mod riff;
mod tone;
mod weights;
mod words;

use anyhow::Result;

use crate::Seed;

pub(crate) use datasets::datasets;
pub(crate) use weights::weights;
pub(crate) use words::{DATASET_WORDS, SOUND_WORDS, WEIGHT_WORDS};

/// A tenth of a second in each container and codec that can be written in a few lines.
pub(crate) fn sounds() -> Result<Vec<Seed>> {
    let mut seeds = riff::files();
    seeds.extend(aiff::files());
    seeds.extend(caf::files());
    seeds.extend(mpeg::files());
    seeds.extend(iso_media::files());
    seeds.extend(flac::files()?);
    seeds.extend(matroska::files());
    Ok(seeds)
}

#[cfg(test)]
mod tests {
    use scatter_audio::ClipReader;

    #[test]
    fn every_sound_is_decoded_and_as_long_as_it_should_be() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("seed");
        for seed in super::sounds().unwrap() {
            std::fs::write(&path, &seed.bytes).unwrap();
            let clip = ClipReader::new()
                .read(&path)
                .unwrap_or_else(|error| panic!("{}: {}", seed.name, error.reason()));
            let seconds = clip.source_seconds;
            assert!((0.04..1.3).contains(&seconds), "{}: {seconds} s", seed.name);
            println!("{}: {seconds} s, {:?}, {:?}", seed.name, clip.descriptors.peak_dbfs, clip.notes);
        }
    }
}

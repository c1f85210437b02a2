use std::path::Path;
use std::{env, fs, process};

use anyhow::{Context, Result};

use crate::{dataset, decode, hdf5, seeds};

/// Most bytes that the heap may hold at once. Readers stream, or hold a file of the size that a target is given; what
/// passes this was sized by a header's claim.
pub const MEMORY_BYTES: usize = 256 << 20;

/// Names the folder to which a target's program writes its seeds and dictionary, instead of fuzzing.
const SEED_FOLDER: &str = "SCATTER_FUZZ_SEEDS";

/// A reader under attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Audio file to clip, and to windows.
    Decode,
    /// `config.json`, `projections.json`, `index.json` and the original project's flat files.
    Dataset,
    /// Keras weights in HDF5, to be converted.
    Hdf5,
}

/// A small valid input.
#[derive(Debug)]
pub struct Seed {
    /// Its file name.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

impl Seed {
    pub(crate) fn new(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self { name: name.into(), bytes }
    }
}

impl Target {
    /// Hands `bytes` to the reader.
    ///
    /// # Panics
    /// When the reader panics, inside a guard or not, or accepts the bytes and breaks a promise.
    pub fn run(self, bytes: &[u8]) {
        match self {
            Self::Decode => decode::run(bytes),
            Self::Dataset => dataset::run(bytes),
            Self::Hdf5 => hdf5::run(bytes),
        }
    }

    /// Valid inputs, the same each time.
    ///
    /// # Errors
    /// When one cannot be encoded.
    pub fn seeds(self) -> Result<Vec<Seed>> {
        match self {
            Self::Decode => seeds::sounds(),
            Self::Dataset => seeds::datasets(),
            Self::Hdf5 => seeds::weights(),
        }
    }

    /// What a program of this target does before it is given bytes: where `SCATTER_FUZZ_SEEDS` names a folder, it writes
    /// `seeds/` and `dictionary` there and ends.
    pub fn begin(self) {
        let Some(folder) = env::var_os(SEED_FOLDER) else { return };
        let written = self.write_seeds(Path::new(&folder));
        if let Err(error) = &written {
            eprintln!("error: {error:#}");
        }
        process::exit(i32::from(written.is_err()));
    }

    fn write_seeds(self, folder: &Path) -> Result<()> {
        let seeds = folder.join("seeds");
        fs::create_dir_all(&seeds).with_context(|| format!("cannot make the folder {}", seeds.display()))?;
        let write = |path: &Path, bytes: &[u8]| {
            fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
        };
        for seed in self.seeds()? {
            write(&seeds.join(seed.name), &seed.bytes)?;
        }
        let words = match self {
            Self::Decode => seeds::SOUND_WORDS,
            Self::Dataset => seeds::DATASET_WORDS,
            Self::Hdf5 => seeds::WEIGHT_WORDS,
        };
        let lines: String = words.iter().map(|word| dictionary_line(word)).collect();
        write(&folder.join("dictionary"), lines.as_bytes())
    }
}

/// A word in the syntax of libFuzzer's dictionaries.
fn dictionary_line(word: &[u8]) -> String {
    let text: String = word
        .iter()
        .map(|&byte| match byte {
            b'"' | b'\\' => format!("\\{}", char::from(byte)),
            0x20..=0x7e => char::from(byte).to_string(),
            _ => format!("\\x{byte:02x}"),
        })
        .collect();
    format!("\"{text}\"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dictionary_holds_any_byte() {
        assert_eq!(dictionary_line(b"a\"\\\x00\xff"), "\"a\\\"\\\\\\x00\\xff\"\n");
    }

    #[test]
    fn every_seed_is_small_named_once_and_harmless() {
        for target in [Target::Decode, Target::Dataset, Target::Hdf5] {
            let seeds = target.seeds().unwrap();
            assert!(seeds.len() >= 5, "{target:?}");
            for (index, seed) in seeds.iter().enumerate() {
                assert!(seed.bytes.len() <= 64 << 10, "{target:?}: {} has {}", seed.name, seed.bytes.len());
                assert!(seeds[..index].iter().all(|other| other.name != seed.name), "{}", seed.name);
                target.run(&seed.bytes);
            }
        }
    }
}

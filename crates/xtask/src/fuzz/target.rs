//! What is fuzzed, and how hard.

use anyhow::{Context, Result};

/// A target of `scatter-fuzz`.
#[derive(Debug)]
pub struct Target {
    /// Its name; the program is called `fuzz-<name>`.
    pub name: &'static str,
    /// Longest input in bytes.
    pub longest: usize,
    /// Real files to begin from as well.
    pub real_files: &'static [RealFiles],
}

/// Files of which a target takes the head, if they are there.
#[derive(Debug)]
pub struct RealFiles {
    /// Variable that names their folder.
    pub variable: &'static str,
    /// What their names end in.
    pub ending: &'static str,
    /// Largest file in bytes: the head of a larger one says nothing.
    pub largest: u64,
}

/// All of them.
pub static TARGETS: [Target; 3] = [
    Target {
        name: "decode",
        longest: 24 << 10,
        real_files: &[
            RealFiles { variable: "SCATTER_TEST_STRESS", ending: "", largest: 100_000 },
            RealFiles { variable: "SCATTER_TEST_AUDIO", ending: "", largest: 100_000 },
        ],
    },
    Target {
        name: "dataset",
        longest: 8 << 10,
        real_files: &[RealFiles { variable: "SCATTER_TEST_LEGACY", ending: ".json", largest: 8 << 10 }],
    },
    Target {
        name: "hdf5",
        longest: 24 << 10,
        real_files: &[RealFiles { variable: "SCATTER_MODELS", ending: ".h5", largest: 64 << 20 }],
    },
];

impl Target {
    /// The target of this name.
    ///
    /// # Errors
    /// When there is none; the message lists those that there are.
    pub fn named(name: &str) -> Result<&'static Self> {
        let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        let found = TARGETS.iter().find(|target| target.name == name);
        found.with_context(|| format!("there is no target {name:?}; there are {}", names.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_name_is_answered_with_the_right_ones() {
        assert_eq!(Target::named("hdf5").unwrap().name, "hdf5");
        let error = Target::named("hdf").unwrap_err().to_string();
        assert_eq!(error, "there is no target \"hdf\"; there are decode, dataset, hdf5");
    }
}

//! The file that describes a model which is not YAMNet.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::EmbedError;
use crate::spec::{ClassNames, ModelInput, ModelSpec};

/// Most bytes of a description; a page of text has 4,000.
const MOST_BYTES: u64 = 1 << 16;
/// Most bytes of a list of classes: 100 a line for 80,000 species.
const MOST_CLASS_BYTES: u64 = 8 << 20;
/// Rates from telephone speech to bat detectors, as for audio files.
const RATES: std::ops::RangeInclusive<u32> = 1_000..=768_000;
/// Most samples that a point may give a model, 4 MB: many points are under way at once.
const MOST_SAMPLES: f64 = (1 << 20) as f64;
/// Longest name, in characters.
const LONGEST_NAME: usize = 100;

/// What may stand in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Described {
    name: Option<String>,
    input: Input,
    input_name: Option<String>,
    sample_rate: Option<u32>,
    window: Option<f64>,
    embedding: String,
    scores: Option<String>,
    classes: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Input {
    LogMel,
    Waveform,
}

impl ModelSpec {
    /// What the file beside `model` says, `birds.toml` beside `birds.onnx`; YAMNet where there is none.
    ///
    /// # Errors
    /// [`EmbedError::Read`]; [`EmbedError::Described`] with the key at fault.
    pub fn of(model: &Path) -> Result<Self, EmbedError> {
        let path = model.with_extension("toml");
        let invalid = |problem| EmbedError::Described { path: path.clone(), problem };
        match read(&path, MOST_BYTES) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::yamnet()),
            Err(source) => Err(EmbedError::Read { path: path.clone(), source }),
            Ok(text) => {
                let described =
                    toml::from_str(&text).map_err(|error| invalid(error.to_string().trim().to_owned()))?;
                Self::described(described, &path).map_err(invalid)
            }
        }
    }

    fn described(described: Described, path: &Path) -> Result<Self, String> {
        let Described { name, input, input_name, sample_rate, window, embedding, scores, classes } =
            described;
        for (key, name) in [
            ("name", name.as_ref()),
            ("input_name", input_name.as_ref()),
            ("embedding", Some(&embedding)),
            ("scores", scores.as_ref()),
        ] {
            check_name(key, name)?;
        }
        let input = match (input, sample_rate, window) {
            (Input::LogMel, None, None) => ModelInput::LogMel,
            (Input::LogMel, ..) => {
                return Err("`sample_rate` and `window` are of a waveform: input = \"log-mel\" has its own"
                    .to_owned());
            }
            (Input::Waveform, Some(sample_rate), Some(window)) => waveform(sample_rate, window)?,
            (Input::Waveform, ..) => {
                return Err("input = \"waveform\" needs `sample_rate` (Hz) and `window` (seconds)".to_owned());
            }
        };
        let classes = match (&scores, classes) {
            (_, None) => ClassNames::Unnamed,
            (None, Some(_)) => return Err("`classes` names scores, but there is no `scores`".to_owned()),
            (Some(_), Some(file)) => ClassNames::Own(class_names(&path.with_file_name(file))?),
        };
        let described_in = Some(path.to_owned());
        Ok(Self { name, input, input_name, embedding, dimensions: None, scores, classes, described_in })
    }
}

fn waveform(sample_rate: u32, window: f64) -> Result<ModelInput, String> {
    if !RATES.contains(&sample_rate) {
        return Err(format!(
            "`sample_rate` is {sample_rate}: {} to {} Hz can be given",
            RATES.start(),
            RATES.end()
        ));
    }
    let samples = (window * f64::from(sample_rate)).round();
    // No plain comparison with the upper end: `nan` is a number in TOML.
    if !(1.0..=MOST_SAMPLES).contains(&samples) {
        return Err(format!(
            "`window` is {window} s, {samples} samples at {sample_rate} Hz: 1 to {MOST_SAMPLES} samples can be given"
        ));
    }
    Ok(ModelInput::Waveform { sample_rate, samples: samples as usize })
}

fn check_name(key: &str, name: Option<&String>) -> Result<(), String> {
    let fits = |name: &String| {
        !name.trim().is_empty() && name.chars().count() <= LONGEST_NAME && !name.contains(char::is_control)
    };
    match name {
        Some(name) if !fits(name) => {
            Err(format!("`{key}` is no name: 1 to {LONGEST_NAME} characters of one line"))
        }
        _ => Ok(()),
    }
}

/// One name a line, in the order of the scores.
fn class_names(file: &Path) -> Result<Vec<String>, String> {
    let shown = file.display();
    let text = read(file, MOST_CLASS_BYTES)
        .map_err(|error| format!("`classes`: {shown} cannot be read: {error}"))?;
    let names: Vec<String> = text.lines().map(|line| line.trim().to_owned()).collect();
    match names.iter().position(String::is_empty) {
        Some(line) => Err(format!("`classes`: line {} of {shown} is empty", line + 1)),
        None if names.is_empty() => Err(format!("`classes`: {shown} is empty")),
        None => Ok(names),
    }
}

/// A text of at most `most` bytes.
fn read(path: &Path, most: u64) -> std::io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(most + 1).read_to_string(&mut text)?;
    if text.len() as u64 > most {
        return Err(std::io::Error::other(format!("it has more than {most} bytes")));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(toml: &str) -> Result<ModelSpec, EmbedError> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("birds.txt"), "Wren\nRobin\n").unwrap();
        std::fs::write(folder.path().join("gap.txt"), "Wren\n\nRobin\n").unwrap();
        std::fs::write(folder.path().join("birds.toml"), toml).unwrap();
        ModelSpec::of(&folder.path().join("birds.onnx"))
    }

    #[test]
    fn a_waveform_model_is_described_by_its_rate_window_and_outputs() {
        let spec = of(
            "name = \"Birds\"\ninput = \"waveform\"\ninput_name = \"x\"\nsample_rate = 48000\nwindow = 3\n\
             embedding = \"e\"\nscores = \"s\"\nclasses = \"birds.txt\"\n",
        )
        .unwrap();
        assert_eq!(spec.input, ModelInput::Waveform { sample_rate: 48_000, samples: 144_000 });
        assert_eq!((spec.name.as_deref(), spec.classes.name(1)), (Some("Birds"), "Robin".to_owned()));
        assert_eq!((spec.classes.count(), spec.classes.name(2)), (Some(2), "class 2".to_owned()));
        assert_eq!(
            spec.needed(),
            "input `x [batch, 144000]`, outputs `e [batch, dimensions]` and `s [batch, 2]`, all float32"
        );
    }

    #[test]
    fn the_example_in_the_models_readme_is_a_description() {
        let readme = include_str!("../../../models/README.md");
        let (example, _) = readme.split_once("```toml\n").unwrap().1.split_once("```").unwrap();
        let spec = of(example).unwrap();
        assert_eq!(spec.input, ModelInput::Waveform { sample_rate: 48_000, samples: 144_000 });
        assert_eq!((spec.scores.as_deref(), spec.classes.count()), (Some("probabilities"), Some(2)));
    }

    #[test]
    fn without_a_file_it_is_yamnet() {
        let folder = tempfile::tempdir().unwrap();
        let spec = ModelSpec::of(&folder.path().join("yamnet.onnx")).unwrap();
        assert_eq!(spec, ModelSpec::yamnet());
        assert_eq!(
            spec.needed(),
            "input `patches [batch, 96, 64]`, outputs `embeddings [batch, 1024]` and `scores [batch, 521]`, all float32"
        );
    }

    #[test]
    fn each_mistake_is_named_with_its_key_and_the_file() {
        let wave = "input = \"waveform\"\nembedding = \"e\"\n";
        let patch = "input = \"log-mel\"\nembedding = \"e\"\n";
        for (toml, wanted) in [
            ("input = ", "birds.toml"),
            ("input = \"log-mel\"\n", "embedding"),
            ("input = \"picture\"\nembedding = \"e\"\n", "picture"),
            (&format!("{patch}colour = 1\n"), "colour"),
            (&format!("{patch}window = 1\n"), "`sample_rate` and `window` are of a waveform"),
            (wave, "needs `sample_rate` (Hz) and `window` (seconds)"),
            (&format!("{wave}sample_rate = 48000\nwindow = nan\n"), "`window` is NaN"),
            (&format!("{wave}sample_rate = 48000\nwindow = -1.0\n"), "`window` is -1"),
            (&format!("{wave}sample_rate = 48000\nwindow = 1e9\n"), "`window`"),
            (&format!("{wave}sample_rate = 10\nwindow = 1\n"), "`sample_rate` is 10"),
            (&format!("{patch}name = \"\"\n"), "`name` is no name"),
            (&format!("{patch}scores = \"a\\nb\"\n"), "`scores` is no name"),
            (&format!("{patch}classes = \"birds.txt\"\n"), "there is no `scores`"),
            (&format!("{patch}scores = \"s\"\nclasses = \"none.txt\"\n"), "none.txt cannot be read"),
            (&format!("{patch}scores = \"s\"\nclasses = \"gap.txt\"\n"), "line 2 of"),
            (&format!("{patch}# {}\n", "x".repeat(70_000)), "more than 65536 bytes"),
        ] {
            let error = of(toml).unwrap_err();
            let whole = match std::error::Error::source(&error) {
                Some(source) => format!("{error}: {source}"),
                None => error.to_string(),
            };
            assert!(
                whole.contains(wanted) && whole.contains("birds.toml"),
                "{wanted} is missing in: {whole}"
            );
        }
    }
}

//! A fresh folder with made sounds, and the binary to run in it.

use std::f64::consts::TAU;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use scatter_dataset::{Config, Projections};
use serde_json::Value;
use tempfile::TempDir;

/// A folder of its own for one test.
pub struct Workspace {
    folder: TempDir,
    model: PathBuf,
}

/// A dataset as read back.
pub struct Dataset {
    pub folder: PathBuf,
    pub config: Config,
    pub projections: Projections,
}

/// The value of an environment variable that names a folder, or `None` after saying what is skipped.
pub fn folder_from(variable: &str, test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os(variable).map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: {test}: {variable} is not set");
    }
    folder
}

impl Workspace {
    /// A folder and a small model of fixed random weights, so that the whole pipeline runs where YAMNet is not at
    /// hand. `None`, after saying so, where ONNX Runtime is not installed.
    pub fn new(test: &str) -> Option<Self> {
        if let Err(error) = scatter_embed::find_runtime(None) {
            println!("skipped: {test}: {error}");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let model = folder.path().join("projection.onnx");
        fs::write(&model, scatter_embed::onnx::projection_model(1)).unwrap();
        Some(Self { folder, model })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The binary with the small model, run in the folder.
    pub fn prepare(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// The same, not started yet.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = binary(self.path(), arguments);
        command.arg("--model").arg(&self.model);
        command
    }

    /// The binary, run in the folder.
    pub fn run(&self, arguments: &[&str]) -> Output {
        binary(self.path(), arguments).output().unwrap()
    }

    /// Reads a dataset back through the crate that the page reads it with.
    pub fn dataset(&self, name: &str) -> Dataset {
        let folder = self.path().join("data").join(name);
        let config = Config::from_json(&fs::read(folder.join("config.json")).unwrap()).unwrap();
        let json = fs::read(folder.join(&config.projections_file)).unwrap();
        let projections = Projections::from_json(&json, &config).unwrap();
        Dataset { folder, config, projections }
    }

    /// Writes a wav of `seconds` with a decaying tone at `hertz` that begins at `onset` seconds.
    pub fn tone(&self, file: &str, (rate, channels): (u32, u16), hertz: f64, seconds: f64, onset: f64) {
        let path = self.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let spec = hound::WavSpec {
            channels,
            sample_rate: rate,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(path, spec).unwrap();
        for i in 0..(seconds * f64::from(rate)) as u32 {
            let t = f64::from(i) / f64::from(rate) - onset;
            let level = if t < 0.0 { 0.0 } else { 0.7 * (-3.0 * t).exp() * (TAU * hertz * t).sin() };
            for channel in 0..channels {
                writer.write_sample((level * 32_767.0 / f64::from(1 + channel)) as i16).unwrap();
            }
        }
        writer.finalize().unwrap();
    }

    /// Eighteen tones in two folders, of several rates, lengths and channel counts.
    pub fn tones(&self) {
        for k in 0..18u32 {
            let rate = [16_000, 44_100, 22_050, 48_000, 8_000, 11_025][k as usize % 6];
            let kind = if k < 9 { "low" } else { "high" };
            let hertz = if k < 9 { 200.0 } else { 2_000.0 } * 1.03f64.powi(k as i32);
            let seconds = 0.3 + 0.25 * f64::from(k % 9);
            let file = format!("sounds/{kind}/{k:02}.wav");
            self.tone(&file, (rate, 1 + (k % 2) as u16), hertz, seconds, 0.1 * f64::from(k % 9));
        }
    }
}

/// The binary in a folder. What it hears is kept in `kept/` there, where the arguments do not say otherwise: no test hears
/// with another's ears.
pub fn binary(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scatter-prep"));
    command.args(arguments).current_dir(folder);
    let prepares = arguments.first().is_some_and(|first| matches!(*first, "-d" | "-f"));
    if prepares && !arguments.iter().any(|argument| matches!(*argument, "--cache" | "--no-cache")) {
        command.args(["--cache", "kept"]);
    }
    command
}

/// The events on standard output.
pub fn events(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The report at the end of standard output, after the run was checked to have worked.
pub fn report(output: &Output) -> Value {
    assert!(output.status.success(), "{}", complaint(output));
    let last = events(output).pop().unwrap();
    assert_eq!(last["event"], "finished");
    last["report"].clone()
}

/// Everything on standard error.
pub fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

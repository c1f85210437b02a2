//! Asks decoders' processes for clips and recordings.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Context;
use scatter_audio::Excerpt;

use super::blocks::ProcessBlocks;
use super::fate::Fate;
use super::process::Process;
use super::protocol::{ClipRead, Reply, Request};

/// How decoders are run.
#[derive(Debug, Clone)]
pub struct ReaderSettings {
    /// What is cut out beside the clip.
    pub excerpt: Option<Excerpt>,
    /// Longest time that a clip, or the next part of a recording, may take.
    pub timeout: Duration,
    /// How much of a file is read, in seconds of sound.
    pub max_seconds: f64,
    /// Most memory of a process, in MiB.
    pub memory: u64,
}

impl ReaderSettings {
    fn command(&self) -> anyhow::Result<Command> {
        let mut command = Command::new(own_executable()?);
        // What the system's list of processes shows.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::arg0(&mut command, env!("CARGO_PKG_NAME"));
        command.arg("reader");
        command.args(["--memory", &self.memory.to_string(), "--max-duration", &self.max_seconds.to_string()]);
        if let Some(Excerpt { sample_rate, samples }) = self.excerpt {
            command.args(["--excerpt-rate", &sample_rate.to_string()]);
            command.args(["--excerpt-samples", &samples.to_string()]);
        }
        Ok(command)
    }
}

/// This program, even where its file was replaced since it was started.
fn own_executable() -> anyhow::Result<PathBuf> {
    let own = Path::new("/proc/self/exe");
    if cfg!(target_os = "linux") && own.exists() {
        return Ok(own.to_owned());
    }
    std::env::current_exe().context("this program's own file cannot be found")
}

/// Has one process at a time read files, one after the other.
#[derive(Debug)]
pub struct Reader<'a> {
    settings: &'a ReaderSettings,
    process: Option<Process>,
}

impl<'a> Reader<'a> {
    /// A reader whose process starts with its first file.
    pub fn new(settings: &'a ReaderSettings) -> Self {
        Self { settings, process: None }
    }

    /// The clip of the file at `path`, or why there is none.
    ///
    /// # Errors
    /// When no process can be started.
    pub fn clip(&mut self, path: &Path) -> anyhow::Result<Result<ClipRead, String>> {
        let request = Request::Clip(path.into());
        let mut process = self.process()?;
        let mut asked = process.ask(&request);
        if asked.is_err() {
            // It died after an earlier file, which is not this one's fault.
            process = self.process()?;
            asked = process.ask(&request);
        }
        let reply = asked.and_then(|()| process.reply(self.settings.timeout));
        Ok(match reply {
            Ok(Reply::Clip(clip)) => {
                self.process = Some(process);
                Ok(*clip)
            }
            Ok(Reply::Refused(reason)) => {
                self.process = Some(process);
                Err(reason)
            }
            Ok(_) => Err(Fate::Ended.sentence(self.settings.memory)),
            Err(fate) => Err(fate.sentence(self.settings.memory)),
        })
    }

    /// All of the file at `path`, as it is decoded, or why it cannot be read.
    ///
    /// # Errors
    /// When no process can be started.
    pub fn recording(mut self, path: &Path) -> anyhow::Result<Result<ProcessBlocks, String>> {
        let mut process = self.process()?;
        let ReaderSettings { timeout, memory, .. } = *self.settings;
        let reply = process.ask(&Request::Recording(path.into())).and_then(|()| process.reply(timeout));
        Ok(match reply {
            Ok(Reply::Opened { rate, channels }) => {
                Ok(ProcessBlocks::new(process, path, (rate, channels), timeout, memory))
            }
            Ok(Reply::Refused(reason)) => Err(reason),
            Ok(_) => Err(Fate::Ended.sentence(memory)),
            Err(fate) => Err(fate.sentence(memory)),
        })
    }

    fn process(&mut self) -> anyhow::Result<Process> {
        match self.process.take() {
            Some(process) => Ok(process),
            None => Process::start(&mut self.settings.command()?)
                .context("no process for decoding can be started"),
        }
    }
}

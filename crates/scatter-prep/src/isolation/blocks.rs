//! A recording as it comes from its decoder's process.

use std::path::{Path, PathBuf};
use std::time::Duration;

use scatter_audio::{AudioError, BlockSource};

use super::process::Process;
use super::protocol::Reply;

/// Blocks of a recording.
///
/// When its decoder breaks down on the way, the recording ends there, as one that was cut short: hours of it may be good.
#[derive(Debug)]
pub struct ProcessBlocks {
    process: Option<Process>,
    path: PathBuf,
    rate: u32,
    channels: usize,
    timeout: Duration,
    memory: u64,
    block: Vec<f32>,
    samples: u64,
    notes: Vec<String>,
    partial: bool,
}

impl ProcessBlocks {
    /// What `process` sends from now on.
    pub fn new(
        process: Process,
        path: &Path,
        (rate, channels): (u32, usize),
        timeout: Duration,
        memory: u64,
    ) -> Self {
        Self {
            process: Some(process),
            path: path.to_owned(),
            rate,
            channels,
            timeout,
            memory,
            block: Vec::new(),
            samples: 0,
            notes: Vec::new(),
            partial: false,
        }
    }

    fn broke_down(&mut self, why: &str) {
        let seconds = self.samples as f64 / f64::from(self.rate.max(1));
        self.notes.push(format!("partial: {seconds:.2} s could be read: {why}"));
        self.partial = true;
    }
}

impl BlockSource for ProcessBlocks {
    fn sample_rate(&self) -> u32 {
        self.rate
    }

    fn channels(&self) -> usize {
        self.channels
    }

    fn next_block(&mut self) -> Result<Option<&[f32]>, AudioError> {
        let Some(mut process) = self.process.take() else { return Ok(None) };
        match process.reply(self.timeout) {
            Ok(Reply::Blocks(block)) => {
                self.process = Some(process);
                self.samples += block.len() as u64;
                self.block = block;
                return Ok(Some(&self.block));
            }
            Ok(Reply::Ended { notes, partial }) => {
                self.notes.extend(notes);
                self.partial = partial;
            }
            Ok(Reply::Refused(reason)) => return Err(AudioError::reported(&self.path, reason)),
            Ok(_) => self.broke_down("its decoder sent what was not asked for"),
            Err(fate) => {
                let sentence = fate.sentence(self.memory);
                self.broke_down(&sentence);
            }
        }
        Ok(None)
    }

    fn warnings(&self) -> Vec<String> {
        self.notes.clone()
    }

    fn is_partial(&self) -> bool {
        self.partial
    }
}

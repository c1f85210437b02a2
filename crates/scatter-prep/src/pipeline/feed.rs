//! Hands out the tasks: files of a folder, or windows of a recording, that were not heard before.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{anyhow, bail};
use crossbeam_channel::Sender;
use scatter_audio::{Recording, Window, pcm16};

use super::Tools;
use super::analysis::{Task, Work};
use super::plan::{Plan, SourceRecording};
use crate::heard::{Key, RecordingEnd};
use crate::isolation::Reader;
use crate::stage::Stage;

/// The thread that hands out tasks.
pub struct Feed<'a> {
    /// Where tasks go, numbered from 0.
    pub tasks: Sender<(usize, Task)>,
    /// One ticket a task, taken here.
    pub tickets: Sender<()>,
    /// For the recording's decoder.
    pub tools: &'a Tools<'a>,
}

impl Feed<'_> {
    /// Hands out all of `plan` that `is_heard` does not know; stops early without an error when nobody listens any more.
    /// Gives what is known of a recording at its end.
    ///
    /// # Errors
    /// When a recording cannot be read.
    pub fn run(self, plan: &Plan, is_heard: impl Fn(&Key) -> bool) -> anyhow::Result<Option<RecordingEnd>> {
        match plan {
            Plan::Files(files) => {
                let unheard = files.iter().filter(|file| !is_heard(&file.key));
                for (number, file) in unheard.enumerate() {
                    let work = Work::File(file.path.clone());
                    if !self.send(number, Task { key: file.key, source: file.source.clone(), work }) {
                        break;
                    }
                }
                Ok(None)
            }
            Plan::Recording(recording) => self.run_recording(recording, is_heard),
        }
    }

    fn run_recording(
        &self,
        source: &SourceRecording,
        is_heard: impl Fn(&Key) -> bool,
    ) -> anyhow::Result<Option<RecordingEnd>> {
        let SourceRecording { path, name, hop_samples, file } = source;
        let mut recording = self.open(path, *hop_samples)?;
        let clock = self.tools.clock;
        let mut sound = Vec::new();
        let mut sent = 0;
        // A window waits for the next one, or the end, to know what is played from it.
        let mut waiting: Option<Window> = None;
        for number in 0_u64.. {
            let (began, mut ready) = (Instant::now(), Duration::ZERO);
            let window = recording.next_window(&mut |samples| {
                let began = Instant::now();
                sound.extend(samples.iter().map(|&sample| pcm16(sample)));
                ready += began.elapsed();
            });
            clock.add(Stage::Read, began.elapsed().saturating_sub(ready));
            let window = window.map_err(|error| anyhow!("{}: {}", path.display(), error.reason()))?;
            let end = window.is_none();
            if let Some(previous) = waiting.take() {
                let played = if end { sound.len() } else { sound.len().min(*hop_samples as usize) };
                let played: Vec<i16> = sound.drain(..played).collect();
                let key = file.window(number - 1);
                if !is_heard(&key) {
                    let work = Work::Window { window: Box::new(previous), sound: played };
                    if !self.send(sent, Task { key, source: name.clone(), work }) {
                        return Ok(None);
                    }
                    sent += 1;
                }
            }
            if end {
                return Ok(Some(RecordingEnd {
                    windows: number,
                    seconds: recording.seconds(),
                    notes: recording.warnings(),
                    partial: recording.is_partial(),
                }));
            }
            waiting = window;
        }
        Ok(None)
    }

    fn open(&self, path: &Path, hop_samples: u32) -> anyhow::Result<Recording> {
        let blocks = match Reader::new(self.tools.readers).recording(path)? {
            Ok(blocks) => blocks,
            Err(reason) => bail!("{}: {reason}", path.display()),
        };
        let mut recording = Recording::from_blocks(path, Box::new(blocks), hop_samples as usize)?;
        if let Some(excerpt) = self.tools.readers.excerpt {
            recording = recording.with_excerpts(excerpt)?;
        }
        Ok(recording)
    }

    fn send(&self, number: usize, task: Task) -> bool {
        self.tickets.send(()).is_ok() && self.tasks.send((number, task)).is_ok()
    }
}

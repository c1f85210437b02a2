//! Hands out the tasks: files of a folder, or windows of a recording.

use std::time::{Duration, Instant};

use anyhow::Context;
use crossbeam_channel::Sender;
use scatter_audio::{AudioSprite, Recording};
use scatter_dataset::AUDIO_FILE;

use super::analysis::Task;
use super::listing::SourceFile;
use super::{Tools, excerpt};
use crate::report::Note;
use crate::settings::Input;
use crate::stage::Stage;

/// Task number, the source it comes from, and the task.
pub type Numbered = (usize, String, Task);

/// The thread that hands out tasks.
pub struct Feed<'a> {
    /// Where tasks go.
    pub tasks: Sender<Numbered>,
    /// One ticket a task, taken here.
    pub tickets: Sender<()>,
    /// For the audio sprite of a recording.
    pub tools: &'a Tools<'a>,
}

/// What is known of a recording at its end.
#[derive(Debug)]
pub struct RecordingEnd {
    /// Samples in the audio sprite.
    pub samples: u64,
    /// Length in seconds.
    pub seconds: f64,
    /// What was odd about the file.
    pub notes: Vec<Note>,
}

impl Feed<'_> {
    /// Hands out everything; stops early without an error when nobody listens any more.
    ///
    /// # Errors
    /// When a recording cannot be read, or its audio sprite cannot be written.
    pub fn run(self, input: &Input, files: Vec<SourceFile>) -> anyhow::Result<Option<RecordingEnd>> {
        match input {
            Input::Folder { .. } => {
                for (number, file) in files.into_iter().enumerate() {
                    if !self.send((number, file.relative.clone(), Task::File(file))) {
                        break;
                    }
                }
                Ok(None)
            }
            Input::Recording { path, hop_samples, .. } => {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let mut recording = Recording::open(path, *hop_samples as usize)?;
                if let Some(excerpt) = excerpt(self.tools.spec) {
                    recording = recording.with_excerpts(excerpt)?;
                }
                let mut sprite = AudioSprite::create(&self.tools.folder.file(AUDIO_FILE))?;
                let clock = self.tools.clock;
                for number in 0.. {
                    let (began, mut writing) = (Instant::now(), Duration::ZERO);
                    let mut written = Ok(());
                    let window = recording.next_window(&mut |samples| {
                        let began = Instant::now();
                        if written.is_ok() {
                            written = sprite.push(samples);
                        }
                        writing += began.elapsed();
                    })?;
                    clock.add(Stage::Read, began.elapsed().saturating_sub(writing));
                    clock.add(Stage::AudioSprite, writing);
                    written.context("the sound cannot be written")?;
                    let Some(window) = window else { break };
                    if !self.send((number, name.clone(), Task::Window(window))) {
                        return Ok(None);
                    }
                }
                let summary = clock.time(Stage::AudioSprite, || sprite.finish())?;
                let notes =
                    recording.warnings().into_iter().map(|note| Note { file: name.clone(), note }).collect();
                Ok(Some(RecordingEnd { samples: summary.samples, seconds: recording.seconds(), notes }))
            }
        }
    }

    fn send(&self, task: Numbered) -> bool {
        self.tickets.send(()).is_ok() && self.tasks.send(task).is_ok()
    }
}

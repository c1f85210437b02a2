//! Spoken digits: ten words by many voices, a set whose classes lie close together.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{process, setup::programs};

const VOICES: [&str; 12] = ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "f1", "f2", "f3", "f4", "f5"];
const ACCENTS: [&str; 3] = ["en-us", "en-gb", "en-gb-scotland"];
/// Of 0 to 99, as espeak-ng counts.
const PITCHES: [&str; 2] = ["35", "65"];
/// Words a minute.
const SPEEDS: [&str; 2] = ["120", "175"];

/// Has espeak-ng say the digits into `folder/DIGIT/`, unless they are there, and gives `folder`.
///
/// # Errors
/// When espeak-ng cannot be installed or does not speak.
pub fn words(folder: &Path) -> Result<PathBuf> {
    // Written last, so that half a set is made again.
    let receipt = folder.join("spoken.txt");
    if receipt.is_file() {
        return Ok(folder.to_owned());
    }
    if process::on_path("espeak-ng").is_none() {
        programs::install(&[&programs::ESPEAK])?;
    }
    println!("quality: espeak-ng says the digits into {}", folder.display());
    for digit in ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"] {
        let words = folder.join(digit);
        fs::create_dir_all(&words).with_context(|| format!("cannot make {}", words.display()))?;
        for (voice, accent) in VOICES.iter().flat_map(|voice| ACCENTS.map(|accent| (voice, accent))) {
            for (pitch, speed) in PITCHES.iter().flat_map(|pitch| SPEEDS.map(|speed| (pitch, speed))) {
                let file = words.join(format!("{accent}-{voice}-{pitch}-{speed}.wav"));
                let speaker = format!("{accent}+{voice}");
                process::run(
                    Command::new("espeak-ng")
                        .args(["-v", &speaker, "-p", pitch, "-s", speed, "-w"])
                        .arg(file)
                        .arg(digit),
                )?;
            }
        }
    }
    fs::write(&receipt, "").with_context(|| format!("cannot write {}", receipt.display()))?;
    Ok(folder.to_owned())
}

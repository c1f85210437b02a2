//! What can go wrong, each as a sentence for the person in front of the page.

use scatter_dataset::{DatasetName, FormatError};
use thiserror::Error;

/// Why the page, or a part of it, cannot be shown.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum Trouble {
    /// The data folder holds no dataset.
    #[error("There is no dataset yet. Make one with: scatter-prep -d folder")]
    NoDatasets,
    /// `?dataset=` names none of those in the list.
    #[error(
        "There is no dataset “{0}” here. Choose another, or make it with: scatter-prep -d folder --name {0}"
    )]
    Unknown(DatasetName),
    /// A file is not what the format says.
    #[error("This dataset cannot be opened: {0}.")]
    Format(#[from] FormatError),
    /// The server has no such file.
    #[error("{file} is missing (the server answered {status}). Prepare the dataset again.")]
    Missing {
        /// Base name.
        file: String,
        /// HTTP status.
        status: u16,
    },
    /// The server did not answer, or stopped in the middle.
    #[error("{file} could not be loaded: {reason}. Is the server still running?")]
    Unreachable {
        /// Base name.
        file: String,
        /// The browser's words.
        reason: String,
    },
    /// A file ended early or was changed after the dataset was made.
    #[error("{file} has {found} bytes where {expected} are expected. Prepare the dataset again.")]
    Size {
        /// Base name.
        file: String,
        /// Bytes received.
        found: u64,
        /// Bytes in `config.json`.
        expected: u64,
    },
    /// A file is longer than any that is read.
    #[error("{file} is longer than {} MB, more than is read of such a file.", most / 1_000_000)]
    TooLarge {
        /// Base name.
        file: String,
        /// Bytes that would have been read.
        most: u64,
    },
    /// A sprite page is no JPEG.
    #[error("{file} cannot be read as a picture, so the sounds are shown as points.")]
    Picture {
        /// Base name.
        file: String,
    },
    /// A sprite page has not the size its grid needs, or more than the device can hold.
    #[error("{file} is {found}, where the tiles need {expected}, so the sounds are shown as points.")]
    PictureSize {
        /// Base name.
        file: String,
        /// Width and height.
        found: String,
        /// What would do.
        expected: String,
    },
    /// The sound file is no FLAC, or holds nothing.
    #[error("{file} cannot be read as sound, so the map stays silent.")]
    Sound {
        /// Base name.
        file: String,
    },
    /// The sound file unpacks to more than the browser can hold, or names a rate that no sound has.
    #[error("{file} holds {found}, which cannot be unpacked here, so the map stays silent.")]
    SoundSize {
        /// Base name.
        file: String,
        /// Samples, rate and channels.
        found: String,
    },
    /// The server does not keep to what a request for a part of a file is.
    #[error("{file} cannot be read in parts: {reason}. Serve the folder with: scatter-prep serve")]
    Part {
        /// Base name.
        file: String,
        /// What the server did.
        reason: String,
    },
    /// A stretch of the sound file is not what its head says.
    #[error(
        "{file} is broken at {at} ({reason}), so that some sounds are not heard. Prepare the dataset again."
    )]
    SoundPart {
        /// Base name.
        file: String,
        /// Where, as a time.
        at: String,
        /// What is wrong.
        reason: String,
    },
    /// No WebGL2.
    #[error("This browser cannot draw in three dimensions here (WebGL2 is off or missing): {0}.")]
    NoWebGl(String),
    /// The context was lost.
    #[error(
        "The graphics driver took the picture away. It comes back by itself in most cases. Reload the page if it does not."
    )]
    ContextLost,
    /// The page itself lacks a part.
    #[error("The page is incomplete: {0}. Load it again, or install the web folder anew.")]
    Page(String),
}

impl Trouble {
    /// Whether the file itself is at fault, so that asking again would not help.
    pub fn is_of_the_file(&self) -> bool {
        matches!(self, Self::SoundPart { .. } | Self::Part { .. })
    }

    /// Whether a file simply is not there, which for a sprite or the sound is no fault of the dataset.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing { status: 404 | 410, .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_reads_what_failed_and_what_to_do() {
        let name = DatasetName::new("bells").unwrap();
        assert_eq!(
            Trouble::Unknown(name).to_string(),
            "There is no dataset “bells” here. Choose another, or make it with: scatter-prep -d folder --name bells"
        );
        let (file, what) = ("projections.json".to_owned(), "spherical".to_owned());
        let broken = FormatError::Length { file, what, found: 3, expected: 4 };
        assert_eq!(
            Trouble::from(broken).to_string(),
            "This dataset cannot be opened: projections.json: spherical holds 3 entries where 4 are expected."
        );
    }

    #[test]
    fn only_an_absent_file_counts_as_missing() {
        let answered = |status| Trouble::Missing { file: "a.flac".to_owned(), status }.is_missing();
        assert!(answered(404) && !answered(500));
    }
}

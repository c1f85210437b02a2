//! Which model a run uses: where none is installed, YAMNet is offered, and the small one inside takes its place.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use anyhow::Context;
use scatter_embed::{EmbedError, Model, find_model};

use super::fetch::{Request, fetch};
use super::source::Source;
use crate::settings::ModelChoice;
use crate::shown;

/// What is said where the small model takes YAMNet's place.
const INSTEAD: &str = "YAMNet is not installed, so the small model inside this program (scatter-mini) was used, which \
    hears less finely. `scatter-prep model fetch` gets YAMNet (15 MB; without a connection, download \
    https://storage.googleapis.com/audioset/yamnet.h5 elsewhere and add --from yamnet.h5); the same command then makes \
    the map with it.";

/// Questions before an answer that is neither yes nor no counts as no.
const QUESTIONS: usize = 3;
/// Longest line that is read as an answer.
const LONGEST_ANSWER: u64 = 1_000;

/// The model of a run.
#[derive(Debug)]
pub struct Chosen {
    /// The model.
    pub model: Model,
    /// Why it is not YAMNet, though nobody asked for another, and what to do.
    pub advice: Option<String>,
}

impl From<Model> for Chosen {
    fn from(model: Model) -> Self {
        Self { model, advice: None }
    }
}

/// The model that a run uses: the one named, else the installed one. Where none is installed, YAMNet is: at once if
/// `unasked`, after a question if somebody sits at a terminal. Who cannot have it, or does not want it now, gets the
/// small model inside this program.
///
/// # Errors
/// [`find_model`]'s for a file that is not there, [`fetch`]'s where `unasked` could not be done.
pub fn choose(choice: Option<&ModelChoice>, unasked: bool) -> anyhow::Result<Chosen> {
    let named = match choice {
        Some(ModelChoice::Mini) => return Ok(Model::Mini.into()),
        Some(ModelChoice::File(path)) => Some(path.as_path()),
        None => None,
    };
    match find_model(named) {
        Ok(file) => return Ok(Model::File(file).into()),
        Err(EmbedError::ModelNotFound { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    if unasked {
        let why = "--model mini makes a map with the small model inside this program";
        return install().context(why).map(Chosen::from);
    }
    let at_a_terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
    if at_a_terminal && agrees(&question(&request()?), &mut io::stdin().lock(), &mut io::stderr())? {
        match install() {
            Ok(model) => return Ok(model.into()),
            Err(error) => eprintln!("{}", shown::lines(&format!("{error:#}"))),
        }
    }
    Ok(Chosen { model: Model::Mini, advice: Some(INSTEAD.to_owned()) })
}

fn request() -> anyhow::Result<Request> {
    Request::resolve(None, None, None)
}

fn install() -> anyhow::Result<Model> {
    let model = fetch(&request()?)?.model;
    eprintln!("YAMNet is installed: {}", model.path.display());
    Ok(model.into())
}

fn question(request: &Request) -> String {
    let from = match &request.source {
        Source::Address(address) => format!("Download 15 MB from {}", address.shown()),
        Source::File(path) => format!("Make it from {}", path.display()),
    };
    let folder = request.place.parent().unwrap_or(&request.place);
    format!("YAMNet is not installed. {from} and install it in {}? [Y/n] ", folder.display())
}

/// Asks until the answer is yes (an empty line too) or no; the end of the input is no.
fn agrees(question: &str, answers: &mut dyn BufRead, out: &mut dyn Write) -> io::Result<bool> {
    for _ in 0..QUESTIONS {
        write!(out, "{question}")?;
        out.flush()?;
        let mut answer = String::new();
        if answers.take(LONGEST_ANSWER).read_line(&mut answer)? == 0 {
            break;
        }
        match answer.trim().to_lowercase().as_str() {
            "" | "y" | "yes" => return Ok(true),
            "n" | "no" => return Ok(false),
            _ => {}
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(answers: &str) -> (bool, usize) {
        let mut out = Vec::new();
        let agreed = agrees("install? ", &mut answers.as_bytes(), &mut out).unwrap();
        (agreed, String::from_utf8(out).unwrap().matches("install? ").count())
    }

    #[test]
    fn yes_no_and_an_empty_line_are_answers_and_all_else_is_asked_again() {
        for yes in ["\n", "y\n", "Yes\r\n", "what\ny\n"] {
            assert!(answered(yes).0, "{yes:?}");
        }
        for no in ["n\n", "NO\n", "", "y n\nn\n"] {
            assert!(!answered(no).0, "{no:?}");
        }
        assert_eq!(answered("a\nb\nc\ny\n"), (false, 3));
    }
}

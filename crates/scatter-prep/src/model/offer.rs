//! The first run: where no model is installed, it is offered.

use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::path::Path;

use scatter_embed::{EmbedError, ModelFile, find_model};

use super::fetch::{Request, fetch};
use super::source::Source;

/// Questions before an answer that is neither yes nor no counts as no.
const QUESTIONS: usize = 3;
/// Longest line that is read as an answer.
const LONGEST_ANSWER: u64 = 1_000;

/// The model that a run uses: `explicit`, else the installed one. Where none is installed, YAMNet is: at once if
/// `unasked`, after a question if somebody sits at a terminal.
///
/// # Errors
/// [`find_model`]'s where nothing was to be installed, [`fetch`]'s where that failed.
pub fn find_or_install(explicit: Option<&Path>, unasked: bool) -> anyhow::Result<ModelFile> {
    let missing = match find_model(explicit) {
        Err(missing @ EmbedError::ModelNotFound { .. }) => missing,
        found => return Ok(found?),
    };
    let at_a_terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
    if !unasked && !at_a_terminal {
        return Err(missing.into());
    }
    let request = Request::resolve(None, None, None)?;
    if !unasked && !agrees(&question(&request), &mut io::stdin().lock(), &mut io::stderr())? {
        return Err(missing.into());
    }
    let model = fetch(&request)?.model;
    eprintln!("YAMNet is installed: {}", model.path.display());
    Ok(model)
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

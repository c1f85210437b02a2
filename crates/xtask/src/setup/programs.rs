//! The programs that must be on the search path.

use std::{env, path::PathBuf};

use anyhow::{Result, bail};

use super::{Outcome, Scope, apt};
use crate::process;

/// A program, the packages that bring it, and what it is for.
#[derive(Debug)]
pub struct Program {
    /// Any one of these will do.
    names: &'static [&'static str],
    packages: &'static [&'static str],
    purpose: &'static str,
}

const TO_BUILD: [Program; 4] = [
    Program {
        names: &["cc", "gcc", "clang"],
        packages: &["gcc", "libc6-dev"],
        purpose: "links every program",
    },
    Program { names: &["c++", "g++", "clang++"], packages: &["g++"], purpose: "builds libFLAC" },
    Program { names: &["make", "gmake", "ninja"], packages: &["make"], purpose: "builds libFLAC" },
    Program { names: &["cmake"], packages: &["cmake"], purpose: "builds libFLAC" },
];

const TO_TEST: [Program; 3] = [
    Program { names: &["node"], packages: &["nodejs"], purpose: "runs the browser tests" },
    Program { names: &["npm"], packages: &["npm"], purpose: "fetches the browser tests' driver" },
    Program {
        names: &CHROMIUM,
        packages: &["chromium", "fonts-liberation"],
        purpose: "shows the page in the browser tests",
    },
];

/// Python, needed only to fetch ONNX Runtime.
pub const PYTHON: Program =
    Program { names: &["python3"], packages: &["python3", "python3-pip"], purpose: "fetches ONNX Runtime" };

/// Python with environments, needed only to measure quality.
pub const PYTHON_VENV: Program = Program {
    names: &["python3"],
    packages: &["python3", "python3-venv"],
    purpose: "runs the reference implementations",
};

/// A voice, needed only to measure quality.
pub const ESPEAK: Program =
    Program { names: &["espeak-ng"], packages: &["espeak-ng"], purpose: "speaks the set of digits" };

const CHROMIUM: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/// The browser for the tests: `$CHROMIUM`, or one on the search path.
pub fn chromium() -> Option<PathBuf> {
    let chosen = env::var_os("CHROMIUM").map(PathBuf::from);
    chosen.or_else(|| CHROMIUM.iter().find_map(|name| process::on_path(name)))
}

/// Installs what the scope needs and the search path lacks.
pub fn ensure(scope: Scope) -> Result<Outcome> {
    let tests: &[Program] = if scope == Scope::Everything { &TO_TEST } else { &[] };
    ensure_all(&TO_BUILD.iter().chain(tests).collect::<Vec<_>>())
}

/// Installs those of the programs that the search path lacks.
fn ensure_all(programs: &[&Program]) -> Result<Outcome> {
    let missing = missing(programs, |name| process::on_path(name).is_some());
    if missing.is_empty() {
        return Ok(Outcome::InPlace);
    }
    install(&missing)?;
    Ok(Outcome::Installed)
}

/// Installs programs, there or not.
pub fn install(missing: &[&Program]) -> Result<()> {
    if !apt::is_here() {
        let list: Vec<String> =
            missing.iter().map(|program| format!("{} ({})", program.names[0], program.purpose)).collect();
        bail!(
            "not installed: {}; install them with this system's package manager, then run this again",
            list.join(", ")
        );
    }
    let packages: Vec<&str> = missing.iter().flat_map(|program| program.packages).copied().collect();
    apt::install(&packages)
}

fn missing<'a>(programs: &[&'a Program], is_there: impl Fn(&str) -> bool) -> Vec<&'a Program> {
    programs.iter().copied().filter(|program| !program.names.iter().any(|name| is_there(name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_of_a_program_will_do() {
        let all: Vec<&Program> = TO_BUILD.iter().collect();
        let found = missing(&all, |name| ["clang", "g++", "ninja"].contains(&name));
        assert_eq!(found.iter().map(|program| program.names[0]).collect::<Vec<_>>(), ["cmake"]);
    }
}

//! Debian's packages: what is offered, and installing it.

use std::{
    path::Path,
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
};

use anyhow::{Context, Result, bail};

use crate::process;

/// Whether this system has apt.
pub fn is_here() -> bool {
    process::on_path("apt-get").is_some()
}

/// Installs packages, as root or through sudo.
///
/// # Errors
/// When apt-get fails or may not be run; the message holds the command to be run by hand.
pub fn install(packages: &[&str]) -> Result<()> {
    println!("setup: installing {} (apt-get)", packages.join(", "));
    refresh();
    let mut command =
        as_root(&["apt-get", "install", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"])?;
    process::run(command.args(packages)).with_context(|| {
        format!(
            "could not install; try `apt-get update && apt-get install {}` by hand, then run this again",
            packages.join(" ")
        )
    })
}

/// Fetches packages into a folder without installing them.
///
/// # Errors
/// When one of them cannot be fetched.
pub fn download(folder: &Path, packages: &[String]) -> Result<()> {
    process::run(Command::new("apt-get").args(["download", "-q"]).args(packages).current_dir(folder))
}

/// The version of a package that would be installed, after an update if none is known.
///
/// # Errors
/// When apt knows no such package.
pub fn candidate(package: &str) -> Result<String> {
    let ask = || -> Result<Option<String>> {
        Ok(candidate_in(&process::output(Command::new("apt-cache").args(["policy", package]))?))
    };
    if let Some(version) = ask()? {
        return Ok(version);
    }
    refresh();
    ask()?.with_context(|| format!("apt offers no package {package}"))
}

/// The names of the packages that this one depends on.
///
/// # Errors
/// When apt-cache fails.
pub fn depends(package: &str) -> Result<Vec<String>> {
    Ok(depends_in(&process::output(Command::new("apt-cache").args(["depends", package]))?))
}

/// Updates the package lists once a run. Not being able to is no error yet: the lists at hand may do.
fn refresh() {
    static DONE: AtomicBool = AtomicBool::new(false);
    if DONE.swap(true, Ordering::Relaxed) {
        return;
    }
    println!("setup: updating the package lists (apt-get)");
    let updated = as_root(&["apt-get", "update", "-qq"]).and_then(|mut command| process::run(&mut command));
    if let Err(error) = updated {
        eprintln!("setup: {error:#}; going on with the lists at hand");
    }
}

fn as_root(words: &[&str]) -> Result<Command> {
    let root = process::output(Command::new("id").arg("-u"))? == "0";
    if !root && process::on_path("sudo").is_none() {
        bail!("`{}` needs root, and there is no sudo: run it as root, then run this again", words.join(" "));
    }
    let mut command = Command::new(if root { "env" } else { "sudo" });
    command.arg("DEBIAN_FRONTEND=noninteractive").args(words);
    Ok(command)
}

fn candidate_in(policy: &str) -> Option<String> {
    let version = policy.lines().find_map(|line| line.trim().strip_prefix("Candidate:"))?.trim();
    (version != "(none)").then(|| version.to_owned())
}

fn depends_in(listing: &str) -> Vec<String> {
    listing
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Depends: "))
        .map(|name| name.trim().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_candidate_is_read_and_none_is_none() {
        let policy =
            "rustc-web:\n  Installed: (none)\n  Candidate: 1.96.0+dfsg1-1~deb12u2\n  Version table:\n";
        assert_eq!(candidate_in(policy).unwrap(), "1.96.0+dfsg1-1~deb12u2");
        assert_eq!(candidate_in("x:\n  Installed: (none)\n  Candidate: (none)\n"), None);
        assert_eq!(candidate_in(""), None);
    }

    #[test]
    fn depends_lists_only_true_dependencies() {
        let listing = "libstd-rust-web-1.96\n  Depends: libc6\n  Depends: libllvm22\n  Conflicts: <rustup>\n";
        assert_eq!(depends_in(listing), ["libc6", "libllvm22"]);
    }
}

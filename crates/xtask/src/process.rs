//! Running other programs, and saying plainly which one failed.

use std::{
    env,
    ffi::OsStr,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

/// The cargo that runs this task.
pub fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The rustc that cargo uses, unless told otherwise.
pub fn rustc() -> Command {
    Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
}

/// A program on the search path.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// Runs a command to its end; its output goes where ours goes.
///
/// # Errors
/// When it cannot be started or does not succeed; the message holds the whole command line.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start `{}`", line(command)))?;
    succeeded(command, status)
}

/// Runs a command and gives what it printed, without the last line break.
///
/// # Errors
/// As [`run`]; the message also holds what the command said.
pub fn output(command: &mut Command) -> Result<String> {
    let done = command.output().with_context(|| format!("cannot start `{}`", line(command)))?;
    succeeded(command, done.status)
        .with_context(|| String::from_utf8_lossy(&done.stderr).trim().replace('\n', " / "))?;
    Ok(String::from_utf8_lossy(&done.stdout).trim_end().to_owned())
}

/// Runs a command and hands over each line of its standard output.
///
/// # Errors
/// When it cannot be started or read; a failure is in the status.
pub fn stream(command: &mut Command, mut take: impl FnMut(&str)) -> Result<ExitStatus> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{}`", line(command)))?;
    if let Some(stdout) = child.stdout.take() {
        for bytes in BufReader::new(stdout).split(b'\n') {
            take(String::from_utf8_lossy(&bytes?).trim_end_matches('\r'));
        }
    }
    child.wait().with_context(|| format!("lost `{}`", line(command)))
}

/// Runs a command that must end within a time; ends it otherwise.
///
/// # Errors
/// As [`run`], or when the time is over.
pub fn run_within(command: &mut Command, limit: Duration) -> Result<()> {
    let mut child = command.spawn().with_context(|| format!("cannot start `{}`", line(command)))?;
    let start = Instant::now();
    while start.elapsed() < limit {
        if let Some(status) = child.try_wait()? {
            return succeeded(command, status);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill()?;
    child.wait()?;
    bail!("`{}` did not end within {} s", line(command), limit.as_secs())
}

/// Whether the program runs at all with these arguments: a probe without output.
pub fn works(program: impl AsRef<OsStr>, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The command as one would type it, with the program's name but not its folder.
pub fn line(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args()).map(|word| {
        let word = word.to_string_lossy();
        if word.is_empty() || word.contains([' ', '\'', '"', '*', '$']) {
            format!("{word:?}")
        } else {
            word.into_owned()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

fn succeeded(command: &Command, status: ExitStatus) -> Result<()> {
    if status.success() { Ok(()) } else { bail!("`{}` failed ({status})", line(command)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_can_be_typed_again() {
        let mut command = Command::new("/usr/bin/cargo");
        command.args(["build", "-p", "a b"]);
        assert_eq!(line(&command), r#"cargo build -p "a b""#);
    }

    #[test]
    fn a_failing_command_is_named() {
        let error = run(Command::new("cargo").args(["no-such-task-x"]).stderr(Stdio::null())).unwrap_err();
        assert!(error.to_string().starts_with("`cargo no-such-task-x` failed"), "{error}");
        let error = run(&mut Command::new("no-such-program-x")).unwrap_err();
        assert!(error.to_string().contains("no-such-program-x"), "{error}");
    }
}

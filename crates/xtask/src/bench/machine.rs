//! What a run was measured on.

use std::{fs, path::Path, process::Command, thread};

use anyhow::Result;

use crate::{process, workspace::Workspace};

/// Names of the columns that [`describe`] fills.
pub const COLUMNS: [&str; 9] =
    ["date", "commit", "processor", "cores", "memory", "system", "rustc", "ONNX Runtime", "load before"];

/// A cell for each of [`COLUMNS`]; `runtime` is the model's library, where one was used.
///
/// # Errors
/// When the date cannot be told.
pub fn describe(workspace: &Workspace, runtime: Option<&Path>) -> Result<[String; 9]> {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let unknown = || "unknown".to_owned();
    let rustc = process::output(process::rustc().arg("--version")).ok();
    // The library lies in a folder of its version, unless someone named another.
    let version = runtime.and_then(Path::parent).and_then(Path::file_name);
    let version = version.map(|name| name.to_string_lossy().into_owned());
    Ok([
        process::output(Command::new("date").args(["-u", "+%Y-%m-%d"]))?,
        commit(workspace),
        value(&read("/proc/cpuinfo"), "model name", ':').unwrap_or_else(unknown),
        thread::available_parallelism().map_or(0, usize::from).to_string(),
        gigabytes(&read("/proc/meminfo")).unwrap_or_else(unknown),
        value(&read("/etc/os-release"), "PRETTY_NAME", '=').unwrap_or_else(unknown),
        rustc.and_then(|line| line.split(' ').nth(1).map(str::to_owned)).unwrap_or_else(unknown),
        match runtime {
            Some(_) => {
                version.filter(|name| name.starts_with(|c: char| c.is_ascii_digit())).unwrap_or_else(unknown)
            }
            None => String::new(),
        },
        read("/proc/loadavg").split(' ').next().unwrap_or_default().to_owned(),
    ])
}

/// The commit that was measured, with a `+` where files differ from it.
fn commit(workspace: &Workspace) -> String {
    let git = |arguments: &[&str]| {
        process::output(Command::new("git").current_dir(workspace.root()).args(arguments))
    };
    let Ok(commit) = git(&["rev-parse", "--short", "HEAD"]) else { return "unknown".to_owned() };
    let changed =
        git(&["status", "--porcelain", "--untracked-files=no"]).is_ok_and(|files| !files.is_empty());
    format!("{commit}{}", if changed { "+" } else { "" })
}

/// The value of the first line that begins with `name`.
fn value(text: &str, name: &str, separator: char) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    let (_, value) = line.split_once(separator)?;
    Some(value.trim().trim_matches('"').to_owned())
}

fn gigabytes(meminfo: &str) -> Option<String> {
    let kibibytes: f64 = value(meminfo, "MemTotal", ':')?.strip_suffix("kB")?.trim().parse().ok()?;
    Some(format!("{:.0} GB", kibibytes * 1_024.0 / 1e9))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_files_are_read() {
        assert_eq!(value("a : 1\nmodel name\t: X 2 GHz\n", "model name", ':').as_deref(), Some("X 2 GHz"));
        assert_eq!(value("PRETTY_NAME=\"Y 1\"", "PRETTY_NAME", '=').as_deref(), Some("Y 1"));
        assert_eq!(value("", "a", '='), None);
        assert_eq!(gigabytes("MemTotal:  24000000 kB\n").as_deref(), Some("25 GB"));
    }
}

//! The memory of a process and of everything that it starts.

use std::{
    collections::BTreeMap,
    fs,
    process::{Child, ExitStatus},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

/// What was seen.
#[derive(Debug, Clone, Copy)]
pub struct Watched {
    /// Greatest sum over the processes, in bytes. What several share counts once.
    pub peak: u64,
    /// When that was, in seconds from the start.
    pub peak_at: f64,
    /// How long the process ran.
    pub seconds: f64,
    /// How it ended.
    pub status: ExitStatus,
}

/// Watches a process until it ends.
///
/// # Errors
/// When the system has no `/proc`, or loses the process.
pub fn until_it_ends(child: &mut Child, interval: Duration) -> Result<Watched> {
    let start = Instant::now();
    let (mut peak, mut peak_at) = (0, 0.0);
    loop {
        let memory = of_tree(child.id())?;
        if memory > peak {
            (peak, peak_at) = (memory, start.elapsed().as_secs_f64());
        }
        if let Some(status) = child.try_wait().context("lost the process")? {
            return Ok(Watched { peak, peak_at, seconds: start.elapsed().as_secs_f64(), status });
        }
        thread::sleep(interval);
    }
}

/// Bytes held by a process and by its children, their children and so on.
fn of_tree(root: u32) -> Result<u64> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for entry in fs::read_dir("/proc").context("cannot read /proc")? {
        let name = entry.context("cannot read /proc")?.file_name();
        let Some(process) = name.to_str().and_then(|name| name.parse().ok()) else { continue };
        // It may have ended since the folder was read.
        let Ok(line) = fs::read_to_string(format!("/proc/{process}/stat")) else { continue };
        if let Some(parent) = parent(&line) {
            children.entry(parent).or_default().push(process);
        }
    }
    let (mut all, mut waiting) = (0, vec![root]);
    while let Some(process) = waiting.pop() {
        all += held(process);
        waiting.extend(children.remove(&process).unwrap_or_default());
    }
    Ok(all)
}

/// The parent in a line of `stat`: the second field after the name, which stands in brackets and may hold any character.
fn parent(stat: &str) -> Option<u32> {
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// A process's share of the memory that it uses; 0 when it has ended.
fn held(process: u32) -> u64 {
    let read = |file: &str| fs::read_to_string(format!("/proc/{process}/{file}")).ok();
    let share = read("smaps_rollup").and_then(|text| field(&text, "Pss:"));
    // Some systems keep that file from users: then all that is resident, though others may share it.
    share.or_else(|| read("status").and_then(|text| field(&text, "VmRSS:"))).unwrap_or(0)
}

/// `Name:   123 kB` in bytes.
fn field(text: &str, name: &str) -> Option<u64> {
    let value = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: u64 = value.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(1024 * kilobytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_lines_are_read() {
        assert_eq!(parent("12 (a b) c) S 7 12 12 0"), Some(7));
        assert_eq!(parent("12 (a"), None);
        assert_eq!(field("Rss:   9 kB\nPss:     25 kB\nPss_Anon: 3 kB", "Pss:"), Some(25 * 1024));
        assert_eq!(field("VmRSS:\t 8 pages", "VmRSS:"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_a_child_of_a_child_holds_is_seen() {
        use std::process::Command;
        // The inner shell holds a text of 40 MB; the outer one waits for it.
        let script = r#"sh -c 'x=$(head -c 40000000 /dev/zero | tr "\0" x); sleep 0.3; test ${#x} = 40000000'; test $? = 0"#;
        let mut child = Command::new("sh").args(["-c", script]).spawn().unwrap();
        let watched = until_it_ends(&mut child, Duration::from_millis(10)).unwrap();
        assert!(watched.status.success());
        assert!(watched.peak > 40_000_000, "{watched:?}");
        assert!(watched.peak_at <= watched.seconds && watched.seconds >= 0.3, "{watched:?}");
    }
}

//! What to do with a published folder, and what a host may not like about it.

use std::path::Path;

use super::plan::{Maps, Plan};

/// Largest file that GitHub takes, and what a site there may weigh (GitHub's documentation, "About large files" and "GitHub
/// Pages limits").
const GITHUB_FILE: u64 = 100 << 20;
const GITHUB_SITE: u64 = 1 << 30;

/// The lines that are printed.
pub fn of(plan: &Plan, maps: &Maps<'_>, folder: &Path) -> String {
    let (shown, bytes) = (folder.display(), plan.bytes());
    let count = maps.index.datasets.len();
    let what = if count == 1 { "1 map".to_owned() } else { format!("{count} maps") };
    let mut lines = vec![
        format!("published {what} to {shown}: {} files, {}", plan.files.len() + 1, megabytes(bytes)),
        format!("look at it:  python3 -m http.server --directory {shown} 8000, then http://127.0.0.1:8000/"),
        "then put the folder on any host of plain files, at its top or below (docs/hosting.md)".to_owned(),
    ];
    let large = plan.files.iter().filter(|file| file.bytes > GITHUB_FILE);
    for file in large {
        lines.push(format!(
            "note: {} has {}: GitHub takes no file above 100 MB",
            file.to,
            megabytes(file.bytes)
        ));
    }
    if bytes > GITHUB_SITE {
        lines.push(format!("note: GitHub Pages takes sites up to 1 GB, this one has {}", megabytes(bytes)));
    }
    lines.join("\n")
}

/// Tenths of a megabyte, of a million bytes.
fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10)
}

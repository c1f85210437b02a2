//! Names of clips that every system takes, and of which no two are equal.

/// Most characters of the source's name that are kept.
const LONGEST: usize = 80;

/// A name for the clip of `point` of `count`, cut from `path` at `start` seconds where that tells clips apart.
///
/// The point's number stands first: names differ, sort like the points, and are none that Windows keeps for itself.
/// Characters that a system refuses or a person cannot see become `_`.
pub fn clip_name(point: usize, count: usize, path: &str, start: Option<f64>) -> String {
    let digits = count.saturating_sub(1).to_string().len().max(4);
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| if stem.is_empty() { file } else { stem });
    let safe: String = stem.chars().take(LONGEST).map(|c| if is_safe(c) { c } else { '_' }).collect();
    let safe = safe.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let safe = if safe.is_empty() { "clip" } else { safe };
    let time = start.map(|seconds| format!("_{seconds:.2}s")).unwrap_or_default();
    format!("{point:0digits$}_{safe}{time}.wav")
}

fn is_safe(c: char) -> bool {
    // Marks that turn the direction of writing, and other invisible ones.
    let invisible = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}');
    !c.is_control() && !invisible && !"<>:\"/\\|?*".contains(c)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_tell_the_point_its_source_and_a_windows_time() {
        assert_eq!(clip_name(7, 400, "birds/wren 2.ogg", None), "0007_wren 2.wav");
        assert_eq!(clip_name(12_345, 100_000, "night.flac", Some(5_925.6)), "12345_night_5925.60s.wav");
        assert_eq!(clip_name(0, 1, "a/..", None), "0000_clip.wav");
        assert_eq!(clip_name(1, 9, "x/.wav", None), "0001_wav.wav");
        assert_eq!(clip_name(2, 9, "con.wav", None), "0002_con.wav");
        assert_eq!(clip_name(3, 9, "a\u{202e}3pm:*?.exe.mp3", None), "0003_a_3pm___.exe.wav");
        assert_eq!(clip_name(4, 9, "Vögel/Ü 鳥.wav", None), "0004_Ü 鳥.wav");
    }

    proptest! {
        #[test]
        fn whatever_the_paths_names_are_safe_short_and_unique(paths in prop::collection::vec(".{0,200}", 1..30)) {
            let names: HashSet<String> =
                paths.iter().enumerate().map(|(k, path)| clip_name(k, paths.len(), path, None)).collect();
            prop_assert_eq!(names.len(), paths.len());
            for name in names {
                prop_assert!(name.chars().all(is_safe) && name.ends_with(".wav") && name.chars().count() <= 100);
                prop_assert!(name.starts_with(|c: char| c.is_ascii_digit()), "{name}");
            }
        }
    }
}

//! Where a clip lies in the file that it was cut from.

use scatter_dataset::{Column, Config, Kind, Projections, columns};

/// A clip's place, in seconds of its source file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Where it begins.
    pub start: f64,
    /// Where it ends.
    pub end: f64,
    /// How long the file is.
    pub whole: f64,
}

impl Place {
    /// Beginning and end as shares of the file, 0 to 1.
    pub fn shares(&self) -> (f64, f64) {
        ((self.start / self.whole).clamp(0.0, 1.0), (self.end / self.whole).clamp(0.0, 1.0))
    }
}

/// The place of point `index`; `None` where it is not known.
pub fn place(config: &Config, data: &Projections, index: usize) -> Option<Place> {
    let audio = &config.audio;
    let rate = f64::from(audio.sample_rate);
    let clip = audio.clip_seconds(index);
    let number = |name: &str| match data.metadata.get(name) {
        Some(Column::Number(values)) => values.get(index).copied().flatten().filter(|v| v.is_finite()),
        _ => None,
    };
    let known = number(columns::START).zip(number(columns::DURATION));
    let (start, whole) = match (known, config.kind) {
        (Some(known), _) => known,
        (None, Kind::Recording) => (clip.start, audio.samples? as f64 / rate),
        (None, Kind::Clips) => return None,
    };
    let end = (start + clip.end - clip.start).min(whole);
    (start >= 0.0 && whole > 0.0 && end >= start).then_some(Place { start, end, whole })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use scatter_dataset::{AudioLayout, Projected, SpriteLayout};

    use super::*;

    fn config(kind: Kind, audio: AudioLayout) -> Config {
        let json = serde_json::json!({
            "formatVersion": 1, "name": "a", "kind": kind, "count": 2, "audioFile": "a.flac", "spriteFile": "sprite.jpg",
            "projectionsFile": "p.json", "imgDim": 96, "audio": audio, "sprite": SpriteLayout::log_mel(2, -7.0, 1.0),
            "projections": [{"name": "pca", "dims": 3}], "columns": [],
        });
        Config::from_json(json.to_string().as_bytes()).unwrap()
    }

    fn data(start: Option<f64>, duration: Option<f64>) -> Projections {
        let column = |v| Column::Number(vec![Some(0.0), v]);
        let metadata: BTreeMap<_, _> = [(columns::START, start), (columns::DURATION, duration)]
            .into_iter()
            .map(|(name, v)| (name.to_owned(), column(v)))
            .collect();
        let first = Projected { points: Vec::new(), spherical: Vec::new() };
        Projections {
            idx: vec![],
            metadata,
            first,
            further: BTreeMap::new(),
            neighbours: vec![],
            classes: None,
        }
    }

    #[test]
    fn a_clip_lies_where_its_columns_say_and_nowhere_else() {
        let clips = config(Kind::Clips, AudioLayout::clips(30_720));
        let found = place(&clips, &data(Some(3.76), Some(5.0)), 1).unwrap();
        assert_eq!((found.start, found.whole), (3.76, 5.0));
        assert!((found.end - 4.72).abs() < 1e-9 && (found.shares().0 - 0.752).abs() < 1e-9);
        // Shorter than its clip: the rest is padding.
        assert_eq!(place(&clips, &data(Some(0.0), Some(0.3)), 1).unwrap().shares(), (0.0, 1.0));
        for (start, duration) in
            [(None, Some(5.0)), (Some(1.0), None), (Some(-1.0), Some(5.0)), (Some(9.0), Some(5.0))]
        {
            assert_eq!(place(&clips, &data(start, duration), 1), None);
        }
    }

    #[test]
    fn a_window_lies_in_its_recording() {
        let recording = config(Kind::Recording, AudioLayout::recording(7_680, 20_000));
        let found = place(&recording, &data(None, None), 1).unwrap();
        assert_eq!((found.start, found.end, found.whole), (0.48, 1.25, 1.25));
    }
}

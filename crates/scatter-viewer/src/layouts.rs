//! Every way in which the points can be laid out: the dataset's projections, and time for a recording.

use scatter_dataset::{Config, Kind, Projected, Projections};

use crate::describe::{LONGEST, cut, projection_title};
use crate::time_path::TimePath;

/// Key of the layout along time, in links. A projection of the dataset with this name would come first.
pub const TIME: &str = "time";

/// One way to lay the points out.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Its name in links.
    pub key: String,
    /// What the page calls it.
    pub title: String,
    /// A sentence about it; empty for none.
    pub hint: String,
    /// From where it is looked at first.
    pub stance: Stance,
    source: Source,
}

/// From where a layout is looked at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stance {
    /// From any side.
    Free,
    /// From its front: all points lie in the plane of the screen.
    Front,
    /// From its side, so that it runs from left to right.
    Side,
}

#[derive(Debug, Clone, PartialEq)]
enum Source {
    First,
    Further(String),
    Made(Projected),
}

/// The layouts of a dataset, in the order to offer them; the first one always exists.
#[derive(Debug, Clone, PartialEq)]
pub struct Layouts {
    /// The layouts.
    pub all: Vec<Layout>,
}

impl Layouts {
    /// The layouts of a dataset.
    pub fn of(config: &Config, data: &Projections) -> Self {
        let projection = |(k, info): (usize, &scatter_dataset::ProjectionInfo)| Layout {
            key: info.name.clone(),
            title: projection_title(&cut(&info.name, LONGEST)),
            hint: String::new(),
            stance: if info.dims < 3 { Stance::Front } else { Stance::Free },
            source: if k == 0 { Source::First } else { Source::Further(info.name.clone()) },
        };
        let mut all: Vec<Layout> = config.projections.iter().enumerate().map(projection).collect();
        if config.kind == Kind::Recording && config.count > 1 {
            let start = |k: usize| config.audio.clip_seconds(k).start;
            let path = TimePath::new(start(config.count - 1));
            let along =
                |at: fn(&TimePath, f64) -> [f32; 3]| (0..config.count).map(|k| at(&path, start(k))).collect();
            let made = Projected { points: along(TimePath::helix), spherical: along(TimePath::spiral) };
            all.push(Layout {
                key: TIME.to_owned(),
                title: "Time".to_owned(),
                hint: format!("From left to right; a turn takes {}.", path.turn_words),
                stance: Stance::Side,
                source: Source::Made(made),
            });
        }
        debug_assert_eq!(data.first.points.len(), config.count);
        Self { all }
    }

    /// Where the layout with `key` stands.
    pub fn find(&self, key: &str) -> Option<usize> {
        self.all.iter().position(|layout| layout.key == key)
    }

    /// Points of layout `index`, on a sphere or not; those of the first where there is no such layout.
    pub fn points<'a>(&'a self, data: &'a Projections, index: usize, spherical: bool) -> &'a [[f32; 3]] {
        let projected = match self.all.get(index).map(|layout| &layout.source) {
            Some(Source::Made(made)) => made,
            Some(Source::Further(name)) => data.further.get(name).unwrap_or(&data.first),
            Some(Source::First) | None => &data.first,
        };
        if spherical { &projected.spherical } else { &projected.points }
    }

    /// From where layout `index` is looked at first; spheres from any side.
    pub fn stance(&self, index: usize, spherical: bool) -> Stance {
        self.all.get(index).filter(|_| !spherical).map_or(Stance::Free, |layout| layout.stance)
    }
}

#[cfg(test)]
mod tests {
    use scatter_dataset::{DatasetName, FlatConfig};

    use super::*;

    fn layouts(metadata: &str) -> (Layouts, Projections) {
        let name = DatasetName::new("x").unwrap();
        let json = br#"{"projectionsFile":"./data/p.json","imgDim":150}"#;
        let data = format!(r#"{{"metadata":{metadata},"projections":[[1,2,3],[4,5,6]]}}"#);
        let (config, data, _) =
            FlatConfig::from_json(&name, json).unwrap().read(&name, data.as_bytes()).unwrap();
        (Layouts::of(&config, &data), data)
    }

    #[test]
    fn a_recording_can_be_laid_out_along_time_and_clips_cannot() {
        let (recording, data) =
            layouts(r#"{"labels":[],"labelnames":["0.00 sec","0.48 sec"],"filenames":["c","c"]}"#);
        let time = recording.find(TIME).unwrap();
        let places = recording.points(&data, time, false);
        assert!(places[0][0] < places[1][0]);
        assert_eq!(recording.points(&data, 0, false), [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
        assert_eq!(recording.points(&data, 99, false), recording.points(&data, 0, false));
        let (clips, _) = layouts(r#"{"labels":["0","1"],"labelnames":["a","b"],"filenames":["c","d"]}"#);
        assert_eq!(clips.find(TIME), None);
    }
}

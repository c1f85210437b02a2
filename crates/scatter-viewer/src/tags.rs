//! Named selections with notes, and the text in which a browser keeps them.

use serde_json::{Map, Value, json};

use crate::link::Ranges;
use crate::point_set::PointSet;

/// Tags of a dataset at most.
pub const MOST: usize = 100;
/// Characters of a name at most.
pub const LONGEST_NAME: usize = 60;
/// Characters of a note at most.
pub const LONGEST_NOTE: usize = 2_000;
/// Bytes of the kept text at most.
pub const LONGEST_TEXT: usize = 2 << 20;
/// Version of the kept text.
const VERSION: u64 = 1;

/// A named selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Its name, not empty, unlike all others.
    pub name: String,
    /// What the person wrote about it.
    pub note: String,
    /// Its points.
    pub points: PointSet,
}

/// The tags of one dataset, in the order in which they were made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tags {
    all: Vec<Tag>,
    count: usize,
}

/// Why a tag cannot be made or named so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoTag {
    /// Nothing is left of the name without spaces.
    #[error("A tag needs a name.")]
    Nameless,
    /// Another tag has the name.
    #[error("Another tag has this name.")]
    Taken,
    /// There are [`MOST`] already.
    #[error("There are 100 tags already: delete one first.")]
    TooMany,
    /// Nothing is selected.
    #[error("Select some sounds first.")]
    Empty,
}

/// Why a kept text is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotKept {
    /// It was not written by this program, or by another version of it.
    Foreign,
    /// It belongs to other points: the dataset was made anew since.
    OtherPoints,
}

impl Tags {
    /// No tags of `count` points.
    pub fn none(count: usize) -> Self {
        Self { all: Vec::new(), count }
    }

    /// The tags.
    pub fn all(&self) -> &[Tag] {
        &self.all
    }

    /// Names of the tags of point `index`.
    pub fn of(&self, index: usize) -> impl Iterator<Item = &str> {
        self.all.iter().filter(move |tag| tag.points.contains(index)).map(|tag| tag.name.as_str())
    }

    /// Tags `points` as `name`: a new tag, or more of the one that is called so. Its place.
    ///
    /// # Errors
    /// [`NoTag`] when there is no name, no point, or no room.
    pub fn add(&mut self, name: &str, points: &PointSet) -> Result<usize, NoTag> {
        let name = tidy(name).ok_or(NoTag::Nameless)?;
        if points.is_empty() {
            return Err(NoTag::Empty);
        }
        if let Some(place) = self.find(&name) {
            self.all[place].points.add(points);
            return Ok(place);
        }
        if self.all.len() >= MOST {
            return Err(NoTag::TooMany);
        }
        let mut own = PointSet::none(self.count);
        own.add(points);
        self.all.push(Tag { name, note: String::new(), points: own });
        Ok(self.all.len() - 1)
    }

    /// Calls tag `place` `name`.
    ///
    /// # Errors
    /// [`NoTag`] when there is no name, or another tag has it.
    pub fn rename(&mut self, place: usize, name: &str) -> Result<(), NoTag> {
        let name = tidy(name).ok_or(NoTag::Nameless)?;
        if self.find(&name).is_some_and(|other| other != place) {
            return Err(NoTag::Taken);
        }
        if let Some(tag) = self.all.get_mut(place) {
            tag.name = name;
        }
        Ok(())
    }

    /// Writes a note to tag `place`.
    pub fn note(&mut self, place: usize, note: &str) {
        if let Some(tag) = self.all.get_mut(place) {
            tag.note = note.chars().take(LONGEST_NOTE).collect();
        }
    }

    /// Gives tag `place` just `points`.
    pub fn set(&mut self, place: usize, points: &PointSet) {
        if let Some(tag) = self.all.get_mut(place).filter(|_| points.capacity() == self.count) {
            tag.points.clone_from(points);
        }
    }

    /// Forgets tag `place`; its sounds stay.
    pub fn delete(&mut self, place: usize) {
        if place < self.all.len() {
            self.all.remove(place);
        }
    }

    /// Where the tag called `name` stands, whichever case.
    pub fn find(&self, name: &str) -> Option<usize> {
        let name = tidy(name)?.to_lowercase();
        self.all.iter().position(|tag| tag.name.to_lowercase() == name)
    }

    /// The text to keep. `mark` tells this dataset's points from others of the same name.
    pub fn write(&self, mark: &str) -> String {
        let tag = |tag: &Tag| json!({"name": tag.name, "note": tag.note, "points": tag.points.ranges()});
        let tags: Vec<Value> = self.all.iter().map(tag).collect();
        json!({"version": VERSION, "count": self.count, "mark": mark, "tags": tags}).to_string()
    }

    /// Reads a kept text, which anything may have written.
    ///
    /// # Errors
    /// [`NotKept`] unless it is just what [`Tags::write`] writes for the same points.
    pub fn read(text: &str, count: usize, mark: &str) -> Result<Self, NotKept> {
        if text.len() > LONGEST_TEXT {
            return Err(NotKept::Foreign);
        }
        let value: Value = serde_json::from_str(text).map_err(|_| NotKept::Foreign)?;
        let kept = fields(&value, &["version", "count", "mark", "tags"]).ok_or(NotKept::Foreign)?;
        let (version, own) = (kept["version"].as_u64(), kept["mark"].as_str());
        let tags = kept["tags"].as_array().filter(|tags| tags.len() <= MOST);
        let (Some(VERSION), Some(own), Some(written), Some(tags)) =
            (version, own, kept["count"].as_u64(), tags)
        else {
            return Err(NotKept::Foreign);
        };
        if written != count as u64 || own != mark {
            return Err(NotKept::OtherPoints);
        }
        let mut read = Self::none(count);
        for value in tags {
            let tag = tag(value, count).filter(|tag| read.find(&tag.name).is_none());
            read.all.push(tag.ok_or(NotKept::Foreign)?);
        }
        Ok(read)
    }
}

/// A name without spaces at its ends and without line breaks, cut to what is kept; `None` where nothing is left.
fn tidy(name: &str) -> Option<String> {
    let plain: String =
        name.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_NAME).collect();
    let plain = plain.trim().to_owned();
    (!plain.is_empty()).then_some(plain)
}

/// The fields of an object that has just these.
fn fields<'a>(value: &'a Value, names: &[&str]) -> Option<&'a Map<String, Value>> {
    let map = value.as_object()?;
    (map.len() == names.len() && names.iter().all(|name| map.contains_key(*name))).then_some(map)
}

fn tag(value: &Value, count: usize) -> Option<Tag> {
    let tag = fields(value, &["name", "note", "points"])?;
    let (name, note) = (tag["name"].as_str()?, tag["note"].as_str()?);
    if tidy(name).as_deref() != Some(name) || note.chars().count() > LONGEST_NOTE {
        return None;
    }
    let mut ranges = Ranges::new();
    let mut next = 0;
    for range in tag["points"].as_array()? {
        let [start, end] = range.as_array()?.as_slice() else { return None };
        let (start, end) = (usize::try_from(start.as_u64()?).ok()?, usize::try_from(end.as_u64()?).ok()?);
        if start < next || start > end || end >= count {
            return None;
        }
        next = end + 1;
        ranges.push((start, end));
    }
    Some(Tag { name: name.to_owned(), note: note.to_owned(), points: PointSet::of_ranges(count, &ranges) })
}

/// A mark of the points called `names`, in their order (64-bit FNV-1a).
pub fn mark<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut take = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    for name in names {
        name.bytes().for_each(&mut take);
        take(0);
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn set(points: &[usize]) -> PointSet {
        PointSet::of(10, points.iter().copied())
    }

    fn named(tags: &Tags) -> Vec<(&str, Vec<usize>)> {
        tags.all().iter().map(|tag| (tag.name.as_str(), tag.points.iter().collect())).collect()
    }

    #[test]
    fn selections_are_named_added_to_renamed_noted_and_deleted() {
        let mut tags = Tags::none(10);
        assert_eq!(tags.add(" Good ones\n", &set(&[1, 2])), Ok(0));
        assert_eq!(tags.add("GOOD ONES", &set(&[5])), Ok(0));
        assert_eq!(tags.add("noise", &set(&[2])), Ok(1));
        assert_eq!(named(&tags), [("Good ones", vec![1, 2, 5]), ("noise", vec![2])]);
        assert_eq!(tags.of(2).collect::<Vec<_>>(), ["Good ones", "noise"]);
        assert_eq!(tags.add("  ", &set(&[1])), Err(NoTag::Nameless));
        assert_eq!(tags.add("x", &set(&[])), Err(NoTag::Empty));
        assert_eq!(tags.rename(1, "good Ones"), Err(NoTag::Taken));
        assert_eq!(tags.rename(1, "Noise"), Ok(()));
        tags.note(1, "wind on the microphone");
        tags.set(1, &set(&[7]));
        tags.delete(0);
        assert_eq!(
            (named(&tags), tags.all()[0].note.as_str()),
            (vec![("Noise", vec![7])], "wind on the microphone")
        );
        for k in 1..MOST {
            tags.add(&k.to_string(), &set(&[1])).unwrap();
        }
        assert_eq!(tags.add("one more", &set(&[1])), Err(NoTag::TooMany));
    }

    #[test]
    fn what_is_kept_belongs_to_the_same_points() {
        let mut tags = Tags::none(10);
        tags.add("a", &set(&[0, 1, 9])).unwrap();
        let text = tags.write("m");
        assert_eq!(Tags::read(&text, 10, "m"), Ok(tags));
        assert_eq!(Tags::read(&text, 11, "m"), Err(NotKept::OtherPoints));
        assert_eq!(Tags::read(&text, 10, "n"), Err(NotKept::OtherPoints));
        assert_ne!(mark(["ab", "c"].into_iter()), mark(["a", "bc"].into_iter()));
    }

    #[test]
    fn a_foreign_text_is_not_read() {
        let text = |tags: &str| format!(r#"{{"version":1,"count":10,"mark":"m","tags":{tags}}}"#);
        let ok = r#"[{"name":"a","note":"","points":[[0,3],[5,5]]}]"#;
        assert!(Tags::read(&text(ok), 10, "m").is_ok());
        let long = format!(r#"[{{"name":"{}","note":"","points":[]}}]"#, "x".repeat(LONGEST_NAME + 1));
        let many = format!("[{}]", vec![r#"{"name":"a","note":"","points":[]}"#; MOST + 1].join(","));
        let twice = r#"[{"name":"a","note":"","points":[]},{"name":"A","note":"","points":[]}]"#;
        for tags in [
            "{}",
            "[1]",
            r#"[{"name":"a","note":""}]"#,
            r#"[{"name":"a","note":"","points":[],"x":1}]"#,
            r#"[{"name":"","note":"","points":[]}]"#,
            r#"[{"name":" a","note":"","points":[]}]"#,
            r#"[{"name":"a","note":1,"points":[]}]"#,
            r#"[{"name":"a","note":"","points":[[0,10]]}]"#,
            r#"[{"name":"a","note":"","points":[[3,2]]}]"#,
            r#"[{"name":"a","note":"","points":[[0,3],[3,4]]}]"#,
            r#"[{"name":"a","note":"","points":[[-1,2]]}]"#,
            r#"[{"name":"a","note":"","points":[[0]]}]"#,
            twice,
            &long,
            &many,
        ] {
            assert_eq!(Tags::read(&text(tags), 10, "m"), Err(NotKept::Foreign), "{tags}");
        }
        for text in [
            "",
            "null",
            "[]",
            &"[".repeat(100_000),
            &" ".repeat(LONGEST_TEXT + 1),
            &text(ok).replace(":1,", ":2,"),
        ] {
            assert_eq!(Tags::read(text, 10, "m"), Err(NotKept::Foreign));
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_as_it_was(
            tags in prop::collection::vec(("\\PC{1,70}", "(\\PC|\n){0,90}", prop::collection::vec(0usize..300, 1..40)), 0..8),
        ) {
            let mut kept = Tags::none(300);
            for (name, note, points) in tags {
                if let Ok(place) = kept.add(&name, &PointSet::of(300, points)) {
                    kept.note(place, &note);
                }
            }
            prop_assert_eq!(Tags::read(&kept.write("m"), 300, "m"), Ok(kept));
        }

        #[test]
        fn no_text_is_too_broken_to_be_refused(text in r#"[\[\]{}",:a-z0-9]{0,80}|\{"version":1,"count":3,"mark":"","tags":\[[\[\]{}",:a-z0-9]{0,60}"#) {
            if let Ok(tags) = Tags::read(&text, 3, "") {
                prop_assert!(tags.all().len() <= MOST);
            }
        }
    }
}

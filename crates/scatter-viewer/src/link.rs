//! The view as the last part of an address: what is chosen, where the camera is, what is selected.
//!
//! `#map=pca&colour=labels&hide=labels:0-2&camera=1,2,3,0.5,0.3,9&focus=12&selected=0-5,9`. Only what differs from the
//! first view is written. Reading believes nothing: what is no view is passed over, and what a dataset cannot show is cut
//! by whoever applies it.

use crate::escape::{escape, unescape};
use crate::query::LONGEST as LONGEST_SEARCH;

/// The parts of a view that a link carries.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Link {
    /// Key of the layout.
    pub layout: Option<String>,
    /// On a sphere.
    pub spherical: bool,
    /// Discs instead of tiles.
    pub discs: bool,
    /// Key of the column that colours.
    pub colour: Option<String>,
    /// Key of the column that sizes.
    pub size_by: Option<String>,
    /// Size of all points, as a power of two.
    pub size: f32,
    /// No names float.
    pub nameless: bool,
    /// Hidden groups by the key of their column.
    pub hidden: Vec<(String, Ranges)>,
    /// Shown ranges by the key of their column.
    pub ranges: Vec<(String, [f32; 2])>,
    /// What is searched for; empty for nothing.
    pub search: String,
    /// Target x, y, z, yaw, pitch and distance, where the camera is not where a layout puts it.
    pub camera: Option<[f32; 6]>,
    /// The point that is described.
    pub focus: Option<usize>,
    /// The selected points.
    pub selected: Ranges,
}

/// Runs of numbers, first and last of each.
pub type Ranges = Vec<(usize, usize)>;

/// Bytes of an address that are read, and entries of each list in it.
const LONGEST: usize = 1 << 18;
const MOST: usize = 4_000;
/// Columns with a cut.
const MOST_CUTS: usize = 100;

impl Link {
    /// The view to show once a dataset offers more than it did: `asked` for by an address, shown as `opened` as far as that
    /// went, and `now` after what a person did since. What they changed stays; what nobody touched is as it was asked for.
    pub fn reconciled(asked: &Self, opened: &Self, now: &Self) -> Self {
        fn pick<T: Clone + PartialEq>([asked, opened, now]: [&T; 3]) -> T {
            if now == opened { asked.clone() } else { now.clone() }
        }
        let each = [asked, opened, now];
        Self {
            layout: pick(each.map(|link| &link.layout)),
            spherical: pick(each.map(|link| &link.spherical)),
            discs: pick(each.map(|link| &link.discs)),
            colour: pick(each.map(|link| &link.colour)),
            size_by: pick(each.map(|link| &link.size_by)),
            size: pick(each.map(|link| &link.size)),
            nameless: pick(each.map(|link| &link.nameless)),
            hidden: pick(each.map(|link| &link.hidden)),
            ranges: pick(each.map(|link| &link.ranges)),
            search: pick(each.map(|link| &link.search)),
            camera: pick(each.map(|link| &link.camera)),
            focus: pick(each.map(|link| &link.focus)),
            selected: pick(each.map(|link| &link.selected)),
        }
    }

    /// Reads what follows the `#` of an address.
    pub fn read(text: &str) -> Self {
        let mut link = Self::default();
        let text = text.trim_start_matches('#');
        if text.len() > LONGEST {
            return link;
        }
        let words = |value: &str| unescape(value).filter(|v| !v.is_empty());
        for (key, value) in text.split('&').filter_map(|pair| pair.split_once('=')) {
            match key {
                "map" => link.layout = words(value),
                "shape" => link.spherical = value == "sphere",
                "show" => link.discs = value == "points",
                "colour" => link.colour = words(value),
                "size-by" => link.size_by = words(value),
                "size" => link.size = number(value).unwrap_or(0.0),
                "names" => link.nameless = value == "off",
                "hide" if link.hidden.len() < MOST_CUTS => {
                    link.hidden.extend(of_column(value).map(|(key, value)| (key, ranges(value))));
                }
                "range" if link.ranges.len() < MOST_CUTS => {
                    link.ranges
                        .extend(of_column(value).and_then(|(key, value)| Some((key, between(value)?))));
                }
                "search" => {
                    link.search = unescape(value).unwrap_or_default().chars().take(LONGEST_SEARCH).collect();
                }
                "camera" => link.camera = camera(value),
                "focus" => link.focus = value.parse().ok(),
                "selected" => link.selected = ranges(value),
                _ => {}
            }
        }
        link
    }

    /// Whether an address has room for the selection.
    pub fn holds_selection(&self) -> bool {
        self.selected.len() <= MOST
    }

    /// Writes it; nothing for the first view. A selection of more than some thousand runs is left out.
    pub fn write(&self) -> String {
        let mut parts = Vec::new();
        let mut add = |key: &str, value: String| parts.push(format!("{key}={value}"));
        if let Some(layout) = &self.layout {
            add("map", escape(layout));
        }
        for (is, key, value) in [
            (self.spherical, "shape", "sphere"),
            (self.discs, "show", "points"),
            (self.nameless, "names", "off"),
        ] {
            if is {
                add(key, value.to_owned());
            }
        }
        for (key, column) in [("colour", &self.colour), ("size-by", &self.size_by)] {
            if let Some(column) = column {
                add(key, escape(column));
            }
        }
        if self.size != 0.0 {
            add("size", self.size.to_string());
        }
        for (column, groups) in &self.hidden {
            add("hide", format!("{}:{}", escape(column), listed(groups)));
        }
        for (column, [low, high]) in &self.ranges {
            add("range", format!("{}:{low}..{high}", escape(column)));
        }
        if !self.search.is_empty() {
            add("search", escape(&self.search));
        }
        if let Some(camera) = &self.camera {
            add("camera", camera.map(|v| short(v).to_string()).join(","));
        }
        if let Some(focus) = self.focus {
            add("focus", focus.to_string());
        }
        if !self.selected.is_empty() && self.holds_selection() {
            add("selected", listed(&self.selected));
        }
        parts.join("&")
    }
}

/// Seven digits: the same pixels, even at the edges of discs.
pub fn short(value: f32) -> f32 {
    format!("{value:.6e}").parse().unwrap_or(value)
}

fn number(text: &str) -> Option<f32> {
    text.parse().ok().filter(|v: &f32| v.is_finite())
}

/// A column's key, and what stands behind it.
fn of_column(text: &str) -> Option<(String, &str)> {
    let (key, rest) = text.split_once(':')?;
    Some((unescape(key)?, rest))
}

fn between(text: &str) -> Option<[f32; 2]> {
    let (low, high) = text.split_once("..")?;
    let range = [number(low)?, number(high)?];
    (range[0] <= range[1]).then_some(range)
}

fn camera(text: &str) -> Option<[f32; 6]> {
    let numbers: Vec<f32> = text.split(',').take(7).map_while(number).collect();
    numbers.try_into().ok()
}

fn ranges(text: &str) -> Ranges {
    let range = |part: &str| {
        let (start, end) = part.split_once('-').unwrap_or((part, part));
        let (start, end) = (start.parse().ok()?, end.parse().ok()?);
        (start <= end).then_some((start, end))
    };
    text.split(',').take(MOST).filter_map(range).collect()
}

fn listed(ranges: &[(usize, usize)]) -> String {
    let one = |&(start, end): &(usize, usize)| match start == end {
        true => start.to_string(),
        false => format!("{start}-{end}"),
    };
    ranges.iter().map(one).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_could_not_be_shown_yet_is_shown_later_unless_the_person_chose_otherwise() {
        let asked = Link::read("map=pca&colour=rms&search=rain");
        // Before the table is there: neither the other layout nor the column.
        let opened = Link::read("search=rain");
        assert_eq!(Link::reconciled(&asked, &opened, &opened), asked);
        let now = Link::read("colour=labels&focus=3&search=rain");
        let wanted = Link::read("map=pca&colour=labels&focus=3&search=rain");
        assert_eq!(Link::reconciled(&asked, &opened, &now), wanted);
        // Who ended the search has ended it.
        assert_eq!(Link::reconciled(&asked, &opened, &Link::default()), Link::read("map=pca&colour=rms"));
    }

    use proptest::prelude::*;

    use super::*;

    fn number() -> impl Strategy<Value = f32> {
        prop::num::f32::NORMAL | prop::num::f32::ZERO
    }

    fn word() -> impl Strategy<Value = String> {
        any::<String>().prop_filter("a name", |s| !s.is_empty())
    }

    fn runs() -> impl Strategy<Value = Ranges> {
        prop::collection::vec((0usize..1_000_000, 0usize..99), 0..8)
            .prop_map(|runs| runs.into_iter().map(|(start, length)| (start, start + length)).collect())
    }

    prop_compose! {
        fn link()(
            (layout, colour, size_by) in
                (prop::option::of(word()), prop::option::of(word()), prop::option::of(word())),
            (spherical, discs, nameless) in any::<(bool, bool, bool)>(),
            size in number(),
            hidden in prop::collection::vec((any::<String>(), runs()), 0..4),
            ranges in prop::collection::vec((any::<String>(), (number(), number())), 0..4),
            camera in prop::option::of(prop::array::uniform6(number().prop_map(short))),
            focus in prop::option::of(any::<usize>()),
            selected in runs(), search in "\\PC{0,30}",
        ) -> Link {
            let ranges = ranges.into_iter().map(|(key, (a, b))| (key, [a.min(b), a.max(b)])).collect();
            // Seven digits may round the greatest numbers up to no number.
            let camera = camera.filter(|c| c.iter().all(|v| v.is_finite()));
            Link { layout, spherical, discs, colour, size_by, size, nameless, hidden, ranges, search, camera, focus, selected }
        }
    }

    proptest! {
        #[test]
        fn a_written_link_is_read_as_it_was(link in link()) {
            let text = link.write();
            prop_assert!(text.bytes().all(|b| b.is_ascii_graphic() && b != b'#' && b != b'?'), "{text}");
            prop_assert_eq!(Link::read(&format!("#{text}")), link);
        }

        #[test]
        fn no_address_is_too_broken_to_be_read(
            text in "#?((map|colour|size|hide|range|search|camera|focus|selected|shape|x)?=?[-0-9.,:&=%a-fN#inf]{0,30}&?){0,6}|\\PC{0,60}",
        ) {
            let read = Link::read(&text);
            prop_assert_eq!(Link::read(&read.write()), Link { camera: read.camera.map(|c| c.map(short)), ..read });
        }
    }

    #[test]
    fn a_view_is_written_so_that_a_person_can_read_it() {
        let link = Link {
            layout: Some("pca".to_owned()),
            colour: Some("@folder".to_owned()),
            hidden: vec![("labels".to_owned(), vec![(0, 2), (7, 7)])],
            ranges: vec![("rms".to_owned(), [-40.5, -10.0])],
            camera: Some([1.0, -2.5, 0.333_333, 0.5, 0.35, 12.0]),
            focus: Some(12),
            selected: vec![(0, 5), (9, 9)],
            ..Link::default()
        };
        assert_eq!(
            link.write(),
            "map=pca&colour=%40folder&hide=labels:0-2,7&range=rms:-40.5..-10&camera=1,-2.5,0.333333,0.5,0.35,12\
             &focus=12&selected=0-5,9"
        );
        assert_eq!(Link::default().write(), "");
    }

    #[test]
    fn a_selection_of_too_many_runs_is_left_out_and_the_link_knows_it() {
        let runs =
            |count: usize| Link { selected: (0..count).map(|k| (2 * k, 2 * k)).collect(), ..Link::default() };
        assert!(runs(MOST).holds_selection() && runs(MOST).write().starts_with("selected=0,2,4"));
        assert!(!runs(MOST + 1).holds_selection() && runs(MOST + 1).write().is_empty());
    }

    #[test]
    fn what_is_no_view_is_passed_over() {
        let text = "#map=&colour=%ff&size=NaN&hide=labels&hide=a:x,3-1,4&range=rms:9..1&range=rms:1..inf&camera=1,2&camera=1,2,3,4,5,6,7\
                    &focus=-1&selected=99999999999999999999999,5-&__proto__=1&&=&shape";
        let expected = Link { hidden: vec![("a".to_owned(), vec![(4, 4)])], ..Link::default() };
        assert_eq!(Link::read(text), expected);
        assert_eq!(Link::read(&"&focus=1".repeat(1 << 17)), Link::default());
    }
}

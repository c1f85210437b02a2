//! Windows of a recording as the labels of other programs: Audacity's label track, Raven's selection table.

use scatter_dataset::columns;

use super::Taken;

/// Least score of a class that names a window.
const LEAST: f32 = 0.15;

/// A stretch of the recording, in seconds, with one label.
#[derive(Debug, Clone, PartialEq)]
struct Span {
    start: f64,
    end: f64,
    label: String,
}

/// The taken windows; those that follow one another and bear one label are one stretch.
///
/// A window's label is its class where windows are labelled, else the class that the model heard best in it, if it is
/// sure enough.
fn spans(taken: &Taken<'_>) -> Vec<Span> {
    let labelled = taken.data.metadata.contains_key(columns::LABELS);
    let mut spans: Vec<Span> = Vec::new();
    let mut last = None;
    for &point in taken.points {
        let name = taken.text(columns::LABEL_NAMES, point);
        let label = match labelled {
            true if name.is_empty() => taken.text(columns::LABELS, point),
            true => name,
            false => {
                let best = taken.classes(point).next().filter(|(_, score)| *score >= LEAST);
                best.map(|(name, _)| name.to_owned()).unwrap_or_default()
            }
        };
        // A label is one cell: what would end it becomes a space.
        let label: String = label.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let time = taken.config.audio.clip_seconds(point);
        match spans.last_mut() {
            Some(span) if last == point.checked_sub(1) && span.label == label => span.end = time.end,
            _ => spans.push(Span { start: time.start, end: time.end, label }),
        }
        last = Some(point);
    }
    spans
}

/// A label track: start, end and label, parted by tabs, a stretch a line. Empty for a dataset of clips.
pub fn audacity(taken: &Taken<'_>) -> String {
    if !taken.is_recording() {
        return String::new();
    }
    spans(taken).iter().map(|s| format!("{:.6}\t{:.6}\t{}\n", s.start, s.end, s.label)).collect()
}

/// A selection table with the columns that Raven wants, and the label as `Annotation`. Empty for a dataset of clips.
pub fn raven(taken: &Taken<'_>) -> String {
    if !taken.is_recording() {
        return String::new();
    }
    let high = f64::from(taken.config.audio.sample_rate) / 2.0;
    let mut table =
        "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\tAnnotation\n"
            .to_owned();
    for (k, s) in spans(taken).iter().enumerate() {
        table += &format!(
            "{}\tSpectrogram 1\t1\t{:.6}\t{:.6}\t0.0\t{high:.1}\t{}\n",
            k + 1,
            s.start,
            s.end,
            s.label
        );
    }
    table
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use scatter_dataset::{Column, Kind};

    use super::super::tests::{dataset, hears, with};
    use super::*;
    use crate::tags::Tags;

    #[test]
    fn windows_in_a_row_with_one_class_are_one_label() {
        let (config, mut data) = dataset(Kind::Recording, &["n"; 6]);
        hears(
            &mut data,
            &[("Bird", 0.9), ("Bird", 0.5), ("Rain\t!", 0.6), ("Bird", 0.9), ("Hum", 0.1), ("Bird", 0.9)],
        );
        // The second Bird of `names` is a class of its own here, with an equal name.
        let taken = Taken {
            config: &config,
            data: &data,
            points: &[0, 1, 2, 4, 5],
            tags: &Tags::default(),
            layout: ("umap", &[]),
        };
        let wanted = "0.000000\t1.440000\tBird\n0.960000\t1.920000\tRain !\n1.920000\t2.880000\t\n2.400000\t3.360000\tBird\n";
        assert_eq!(audacity(&taken), wanted);
        let raven = raven(&taken);
        let lines: Vec<&str> = raven.lines().collect();
        assert!(lines[0].starts_with("Selection\tView\tChannel\tBegin Time (s)"));
        assert_eq!(lines[1], "1\tSpectrogram 1\t1\t0.000000\t1.440000\t0.0\t8000.0\tBird");
        assert_eq!(lines.len(), 5);
    }

    #[test]
    fn labels_of_the_dataset_win_over_what_was_heard_and_clips_have_no_track() {
        let (mut config, mut data) = dataset(Kind::Recording, &["n"; 2]);
        hears(&mut data, &[("Bird", 0.9), ("Bird", 0.9)]);
        with(&mut config, &mut data, columns::LABELS, Column::Text(vec!["wren".into(), "tit".into()]));
        let taken = Taken {
            config: &config,
            data: &data,
            points: &[0, 1],
            tags: &Tags::default(),
            layout: ("umap", &[]),
        };
        assert_eq!(audacity(&taken), "0.000000\t0.960000\twren\n0.480000\t1.440000\ttit\n");
        let (config, data) = dataset(Kind::Clips, &["a.wav"]);
        let clips = Taken {
            config: &config,
            data: &data,
            points: &[0],
            tags: &Tags::default(),
            layout: ("umap", &[]),
        };
        assert_eq!((audacity(&clips), raven(&clips)), (String::new(), String::new()));
    }

    proptest! {
        #[test]
        fn every_window_lies_in_a_stretch_and_stretches_are_in_order(
            chosen in prop::collection::btree_set(0usize..20, 0..20), labels in prop::collection::vec("[ab]", 20),
        ) {
            let (mut config, mut data) = dataset(Kind::Recording, &["n"; 20]);
            with(&mut config, &mut data, columns::LABELS, Column::Text(labels.clone()));
            let points: Vec<usize> = chosen.into_iter().collect();
            let taken = Taken { config: &config, data: &data, points: &points, tags: &Tags::default(), layout: ("umap", &[]) };
            let spans = spans(&taken);
            for &point in &points {
                let time = config.audio.clip_seconds(point);
                let inside = |s: &Span| s.start <= time.start && time.end <= s.end && s.label == labels[point];
                prop_assert!(spans.iter().any(inside));
            }
            prop_assert!(spans.windows(2).all(|pair| pair[0].start < pair[1].start));
        }
    }
}

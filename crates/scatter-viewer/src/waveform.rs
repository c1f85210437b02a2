//! A waveform for the eye: the lowest and highest sample of each column of pixels.

/// Lowest and highest of the samples that fall into each of `columns` columns, in order. A column that none falls into
/// repeats the sample at its place; no samples, no columns.
pub fn outline(samples: &[f32], columns: usize) -> Vec<(f32, f32)> {
    if samples.is_empty() {
        return Vec::new();
    }
    let edge = |column: usize| column * samples.len() / columns;
    let extent = |column: usize| {
        let (from, to) = (edge(column), edge(column + 1).max(edge(column) + 1).min(samples.len()));
        let part = &samples[from.min(samples.len() - 1)..to];
        part.iter().fold((f32::MAX, f32::MIN), |(low, high), &s| (low.min(s), high.max(s)))
    };
    (0..columns).map(extent).collect()
}

/// The samples around their mean: a constant offset is heard by nobody, and would push the waveform out of the picture.
pub fn centred(samples: &[f32]) -> Vec<f32> {
    let mean = samples.iter().map(|&s| f64::from(s)).sum::<f64>() / samples.len().max(1) as f64;
    samples.iter().map(|&s| s - mean as f32).collect()
}

/// Greatest absolute sample.
pub fn peak(samples: &[f32]) -> f32 {
    samples.iter().fold(0.0, |most, s| most.max(s.abs()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_peak_is_lost_and_none_is_made_up(
            samples in prop::collection::vec(-1f32..1.0, 1..500), columns in 1usize..700,
        ) {
            let outline = outline(&samples, columns);
            prop_assert_eq!(outline.len(), columns);
            for &(low, high) in &outline {
                prop_assert!(low <= high && samples.contains(&low) && samples.contains(&high));
            }
            if columns <= samples.len() {
                let most = outline.iter().fold(0f32, |most, (l, h)| most.max(l.abs()).max(h.abs()));
                prop_assert_eq!(most, peak(&samples));
            }
        }
    }

    #[test]
    fn silence_is_a_line_and_nothing_is_nothing() {
        assert_eq!(outline(&[0.0; 9], 3), [(0.0, 0.0); 3]);
        assert_eq!(outline(&[], 3), []);
        assert_eq!((centred(&[0.5, 0.25, 0.0]), centred(&[])), (vec![0.25, 0.0, -0.25], vec![]));
        assert_eq!(outline(&[0.5], 2), [(0.5, 0.5), (0.5, 0.5)]);
    }
}

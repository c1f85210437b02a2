//! The ends of a clip: one cut from a sound begins and ends anywhere in a wave, and would click there.

/// Brings the first and last `fade` samples of a clip to nothing in a line, so that it comes and goes without a jump, also
/// where it meets itself in a loop.
/// A clip shorter than two fades has none longer than its half.
pub fn soften(samples: &mut [f32], fade: usize) {
    let count = samples.len();
    let fade = fade.min(count / 2);
    for k in 0..fade {
        let level = k as f32 / fade as f32;
        samples[k] *= level;
        samples[count - 1 - k] *= level;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_loop_meets_itself_in_silence_and_its_middle_is_untouched(
            clip in prop::collection::vec(-1f32..1.0, 2..400), fade in 1usize..100,
        ) {
            let mut soft = clip.clone();
            soften(&mut soft, fade);
            prop_assert_eq!((soft[0], soft[clip.len() - 1]), (0.0, 0.0));
            let inner = fade.min(clip.len() / 2)..clip.len() - fade.min(clip.len() / 2);
            prop_assert_eq!(&soft[inner.clone()], &clip[inner]);
            prop_assert!(soft.iter().zip(&clip).all(|(a, b)| a.abs() <= b.abs()));
        }
    }

    #[test]
    fn a_clip_of_nothing_stays_nothing() {
        soften(&mut [], 80);
        let mut one = [0.5];
        soften(&mut one, 80);
        assert_eq!(one, [0.5]);
    }
}

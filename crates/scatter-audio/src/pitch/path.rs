//! The likeliest course of pitch through the candidates of all frames.

use super::HOP;
use super::yin::Candidates;
use crate::SAMPLE_RATE;

/// Chance of turning voiced or unvoiced from one frame to the next (pYIN).
const SWITCH: f32 = 0.01;
/// Octaves in a second that pitch moves at most: the greater the step, the less likely (librosa's default for pYIN).
const OCTAVES_A_SECOND: f64 = 35.92;
/// Least weight of a step, and of a candidate: nothing is impossible, or one odd frame would forbid every course.
const LEAST: f32 = 1e-3;

/// Pitches of the voiced frames along the likeliest course, in Hz (the Viterbi algorithm).
pub(super) fn likeliest(frames: &[Candidates]) -> Vec<f64> {
    // By frame and state, the state before it on the best course; the last state of a frame is the unvoiced one.
    let mut origins: Vec<Vec<usize>> = Vec::with_capacity(frames.len());
    let mut scores: Vec<f32> = Vec::new();
    for (index, frame) in frames.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| frames.get(before));
        let states = 0..=frame.pitches.len();
        let best = |state: usize| {
            let steps = scores.iter().enumerate().map(|(origin, score)| {
                let weight = before.map_or(1.0, |before| step(before, origin, frame, state));
                (origin, score + weight.ln())
            });
            let (origin, score) = steps.max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((0, 0.0));
            let weight = frame.pitches.get(state).map_or(frame.unvoiced, |&(_, probability)| probability);
            (origin, score + weight.max(LEAST * LEAST).ln())
        };
        let (from, reached) = states.map(best).unzip();
        origins.push(from);
        scores = reached;
    }
    let last = scores.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    let mut state = last.map_or(0, |(state, _)| state);
    let mut pitches = Vec::new();
    for (frame, origins) in frames.iter().zip(&origins).rev() {
        pitches.extend(frame.pitches.get(state).map(|&(hz, _)| hz));
        state = origins.get(state).copied().unwrap_or(0);
    }
    pitches
}

/// Weight of a step from state `origin` of a frame to `state` of the next.
fn step(before: &Candidates, origin: usize, frame: &Candidates, state: usize) -> f32 {
    match (before.pitches.get(origin), frame.pitches.get(state)) {
        (Some((from, _)), Some((to, _))) => {
            let most = OCTAVES_A_SECOND * HOP as f64 / f64::from(SAMPLE_RATE);
            let share = (to / from).log2().abs() / most;
            (1.0 - SWITCH) * (1.0 - share as f32).max(LEAST)
        }
        (None, None) => 1.0 - SWITCH,
        _ => SWITCH,
    }
}

//! t-SNE's gradient descent, with the repulsion summed over cells of a tree (Barnes & Hut 1986).

use barnes_hut_tree::{BarnesHutTree, Dim, Morton};
use rayon::prelude::*;

use super::affinities::Affinities;

/// Affinities are exaggerated for the first iterations, so that what belongs together finds together.
const EXAGGERATION: f32 = 12.0;
const EXAGGERATED_ITERATIONS: usize = 250;
const ITERATIONS: usize = 750;
/// Learning rate: points by exaggeration, at least this (Belkina et al. 2019; openTSNE).
const LEAST_RATE: f32 = 200.0;
const MOMENTUM: f32 = 0.8;
/// Gains of Jacobs (1988), and the longest step of a point (openTSNE).
const GAIN_STEP: f32 = 0.2;
const GAIN_DECAY: f32 = 0.8;
const LEAST_GAIN: f32 = 0.01;
const LONGEST_STEP: f32 = 5.0;
/// A cell counts as one point where its half width is below this part of its distance. scikit-learn's and openTSNE's
/// 0.5 is of the whole width. On 1,797 digits the divergence ends at 0.744 in 2-D with 0.25 (openTSNE: 0.738), at 0.764
/// with 0.5, which takes two thirds of the time.
const THETA: f32 = 0.25;
/// The same for more than [`SMALL_SET`] points, for the sake of time.
const COARSE_THETA: f32 = 0.5;
const SMALL_SET: usize = 10_000;

/// What moves a point: pull, push before it is divided by the sum of all closeness, and its part of that sum.
#[derive(Clone, Copy)]
struct Forces<const D: usize> {
    pull: [f32; D],
    push: [f32; D],
    closeness: f32,
}

/// A point's last step and the gain of each axis.
#[derive(Clone, Copy)]
struct Motion<const D: usize> {
    step: [f32; D],
    gain: [f32; D],
}

/// Moves `places` to where the affinities of the map resemble `graph`; keeps them centred on the origin.
///
/// Sums over points are taken one after the other, so that the number of threads does not matter.
pub(super) fn descend<const D: usize>(places: &mut [[f32; D]], graph: &Affinities)
where
    Dim<D>: Morton<D>,
{
    let rate = (places.len() as f32 / EXAGGERATION).max(LEAST_RATE);
    let theta = if places.len() <= SMALL_SET { THETA } else { COARSE_THETA };
    let mut tree = BarnesHutTree::<f32, <Dim<D> as Morton<D>>::Word, D>::empty();
    let mut motions = vec![Motion { step: [0.0; D], gain: [1.0; D] }; places.len()];
    let mut forces = vec![Forces { pull: [0.0; D], push: [0.0; D], closeness: 0.0 }; places.len()];
    for iteration in 0..ITERATIONS {
        let exaggeration = if iteration < EXAGGERATED_ITERATIONS { EXAGGERATION } else { 1.0 };
        if iteration == EXAGGERATED_ITERATIONS {
            motions.fill(Motion { step: [0.0; D], gain: [1.0; D] });
        }
        tree.rebuild_uniform(places.as_flattened());
        forces_on(places, graph, &tree, theta, &mut forces);
        let closeness = forces.iter().map(|forces| f64::from(forces.closeness)).sum::<f64>() as f32;
        places.par_iter_mut().zip(&mut motions).zip(&forces).for_each(|((place, motion), forces)| {
            motion.advance(place, forces, exaggeration, closeness, rate);
        });
        centre(places);
    }
}

impl<const D: usize> Motion<D> {
    fn advance(
        &mut self,
        place: &mut [f32; D],
        forces: &Forces<D>,
        exaggeration: f32,
        closeness: f32,
        rate: f32,
    ) {
        for axis in 0..D {
            let gradient = exaggeration * forces.pull[axis] - forces.push[axis] / closeness;
            let onward = (gradient > 0.0) != (self.step[axis] > 0.0);
            let gain = if onward { self.gain[axis] + GAIN_STEP } else { self.gain[axis] * GAIN_DECAY };
            self.gain[axis] = gain.max(LEAST_GAIN);
            self.step[axis] = MOMENTUM * self.step[axis] - rate * self.gain[axis] * gradient;
        }
        let length = self.step.iter().map(|v| v * v).sum::<f32>().sqrt();
        let shorter = if length > LONGEST_STEP { LONGEST_STEP / length } else { 1.0 };
        for (place, step) in place.iter_mut().zip(&mut self.step) {
            *step *= shorter;
            *place += *step;
        }
    }
}

fn forces_on<const D: usize>(
    places: &[[f32; D]],
    graph: &Affinities,
    tree: &BarnesHutTree<f32, <Dim<D> as Morton<D>>::Word, D>,
    theta: f32,
    forces: &mut [Forces<D>],
) where
    Dim<D>: Morton<D>,
{
    forces.par_iter_mut().enumerate().for_each_init(
        <Dim<D> as Morton<D>>::empty_stack,
        |stack, (point, forces)| {
            *forces = Forces { pull: [0.0; D], push: [0.0; D], closeness: 0.0 };
            let place = &places[point];
            for &(other, affinity) in graph.row(point) {
                let offset: [f32; D] = std::array::from_fn(|axis| place[axis] - places[other as usize][axis]);
                let weight = affinity / (1.0 + offset.iter().map(|v| v * v).sum::<f32>());
                forces.pull.iter_mut().zip(offset).for_each(|(pull, offset)| *pull += weight * offset);
            }
            tree.compute_non_edge_forces(
                point,
                theta * theta,
                places.as_flattened(),
                &mut forces.push,
                &mut forces.closeness,
                stack.as_mut(),
            );
        },
    );
}

fn centre<const D: usize>(places: &mut [[f32; D]]) {
    let mut sum = [0.0_f64; D];
    for place in places.iter() {
        sum.iter_mut().zip(place).for_each(|(sum, &v)| *sum += f64::from(v));
    }
    let mean = sum.map(|sum| (sum / places.len() as f64) as f32);
    places.par_iter_mut().for_each(|place| place.iter_mut().zip(mean).for_each(|(v, mean)| *v -= mean));
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::super::affinities::affinities;
    use super::*;
    use crate::random::SplitMix64;
    use crate::{Metric, exact_neighbours};

    /// The gradient of the Kullback–Leibler divergence by its formula (van der Maaten & Hinton 2008, eq. 5), less its
    /// factor of 4.
    fn plain_gradient<const D: usize>(places: &[[f32; D]], graph: &Affinities) -> Vec<[f64; D]> {
        let n = places.len();
        let offset = |i: usize, j: usize| -> [f64; D] {
            std::array::from_fn(|axis| f64::from(places[i][axis]) - f64::from(places[j][axis]))
        };
        let closeness = |i: usize, j: usize| 1.0 / (1.0 + offset(i, j).iter().map(|v| v * v).sum::<f64>());
        let pairs = || (0..n).flat_map(|i| (0..n).filter(move |&j| j != i).map(move |j| (i, j)));
        let total: f64 = pairs().map(|(i, j)| closeness(i, j)).sum();
        let mut gradient = vec![[0.0; D]; n];
        for (i, j) in pairs() {
            let p = graph
                .row(i)
                .iter()
                .find(|&&(other, _)| other as usize == j)
                .map_or(0.0, |&(_, p)| f64::from(p));
            let factor = (p - closeness(i, j) / total) * closeness(i, j);
            gradient[i].iter_mut().zip(offset(i, j)).for_each(|(to, v)| *to += factor * v);
        }
        gradient
    }

    fn relative_error<const D: usize>(theta: f32) -> f64
    where
        Dim<D>: Morton<D>,
    {
        let points = Array2::from_shape_fn((300, 5), |(i, j)| ((i * (j + 3) * 31) % 97) as f32 / 40.0);
        let nearest = exact_neighbours(points.view(), 30, Metric::Euclidean).unwrap();
        let graph = affinities(&nearest, 30, 10.0);
        let mut random = SplitMix64(1);
        let mut place = || std::array::from_fn(|_| random.below(100_000) as f32 / 1e4);
        let places: Vec<[f32; D]> = (0..300).map(|_| place()).collect();
        let tree = BarnesHutTree::new_uniform(places.as_flattened());
        let mut forces = vec![Forces { pull: [0.0; D], push: [0.0; D], closeness: 0.0 }; 300];
        forces_on(&places, &graph, &tree, theta, &mut forces);
        let closeness: f32 = forces.iter().map(|forces| forces.closeness).sum();
        let expected = plain_gradient(&places, &graph);
        let length = |of: &mut dyn Iterator<Item = f64>| of.map(|v| v * v).sum::<f64>().sqrt();
        let mut errors = forces.iter().zip(&expected).flat_map(|(forces, expected)| {
            (0..D).map(move |axis| {
                f64::from(forces.pull[axis] - forces.push[axis] / closeness) - expected[axis]
            })
        });
        length(&mut errors) / length(&mut expected.iter().flatten().copied())
    }

    #[test]
    fn the_gradient_is_that_of_the_divergence_and_the_nearer_to_it_the_smaller_the_cells() {
        for error in [relative_error::<2>, relative_error::<3>] {
            let errors = [error(1e-3), error(THETA), error(COARSE_THETA)];
            assert!(errors[0] < 1e-4 && errors[1] < 0.03 && errors[1] < errors[2] / 2.0, "{errors:?}");
        }
    }
}

//! Embeddings in, places on a map out.
//!
//! Goes in: one embedding vector per point, as an `[points, dimensions]` view. Comes out: the same points in two or three
//! dimensions ([`umap`], [`tsne`], [`pca`], [`spherical`]), the list of each point's nearest others ([`neighbours`], by a
//! [`Metric`]), which of them are the same sound ([`duplicates`]), and figures which say how far a map can be trusted
//! ([`quality`]).
//!
//! The usual order is `prepare → neighbours → umap, tsne, duplicates`, with [`pca`] on the embeddings as they are.
//!
//! Every function gives the same bytes for the same input, whatever the number of threads. The work is spread over
//! the rayon pool of the caller. This crate knows arrays of numbers only: it must never import `scatter-audio`,
//! `scatter-embed`, `scatter-dataset` or `scatter-prep`.

mod cube_root;
mod curve;
mod duplicates;
mod error;
mod fuzzy_graph;
mod layout;
mod moments;
mod neighbours;
mod pca;
mod prepare;
pub mod quality;
mod random;
mod sphere;
mod tsne;
mod umap;

/// Steps that the benches measure by themselves; no promise is made about them.
#[doc(hidden)]
pub mod kernels {
    pub use crate::fuzzy_graph::fuzzy_graph;
    pub use crate::layout::{Curve, optimize};
}

pub use curve::curve_order;
pub use duplicates::{DuplicateKind, DuplicateParams, Duplicates, duplicates};
pub use error::{MAP_DIMENSIONS, MapError};
pub use neighbours::{EXACT_UP_TO, Metric, Neighbours, approximate_neighbours, exact_neighbours, neighbours};
pub use pca::{Pca, pca};
pub use prepare::{DEFAULT_COMPONENTS, Prepare, prepare};
pub use sphere::{SPHERE_RADIUS, spherical};
pub use tsne::{FEWEST_POINTS_FOR_TSNE, TSNE_RADIUS, TsneParams, tsne, tsne_from_neighbours};
pub use umap::{FEWEST_POINTS_FOR_UMAP, UmapParams, umap, umap_from_neighbours};

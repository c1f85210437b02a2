//! What the person chose to see.

use crate::filter::Filter;

/// The choices that decide what is drawn, apart from where the camera is.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Tiles, or points alone.
    pub sprites: bool,
    /// On a sphere.
    pub spherical: bool,
    /// Index into the layouts.
    pub layout: usize,
    /// Column that colours the points.
    pub colour: Option<usize>,
    /// Column of numbers that sizes them.
    pub size_by: Option<usize>,
    /// Size of all points, as a power of two.
    pub size: f32,
    /// Which points are shown.
    pub filter: Filter,
    /// Names float over groups of points.
    pub names: bool,
    /// The cloud turns by itself.
    pub auto_orbit: bool,
    /// What a drag selects with; nothing while it turns the cloud.
    pub choosing: Option<Choosing>,
}

/// A way to select with the pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choosing {
    /// What lies in a box.
    Box,
    /// What lies in an outline drawn by hand.
    Lasso,
    /// What a disc passes over.
    Brush,
}

/// Largest and smallest size, as a power of two: the ends of the page's slider.
pub const SIZES: [f32; 2] = [-2.0, 2.0];

impl Default for View {
    fn default() -> Self {
        Self {
            sprites: true,
            spherical: false,
            layout: 0,
            colour: None,
            size_by: None,
            size: 0.0,
            filter: Filter::default(),
            names: true,
            auto_orbit: false,
            choosing: None,
        }
    }
}

//! The table of the points: labels, file names, descriptors, neighbours.

use std::collections::BTreeMap;

use scatter_dataset::{
    Column, ColumnInfo, Projected, ProjectionInfo, Projections, SPHERE_RADIUS, columns, round_coordinate,
    round_to,
};

use super::cloud::Cloud;
use super::sounds::hertz;

/// Neighbours of each point.
const NEIGHBOURS: usize = 15;
/// Steps along the curve within which they are looked for.
const WITHIN: usize = 24;

/// The one projection that there is.
pub fn projection() -> ProjectionInfo {
    ProjectionInfo { name: "made".to_owned(), dims: 3, params: BTreeMap::new() }
}

/// The dataset, and its columns in their order.
pub fn of(cloud: &Cloud) -> (Projections, Vec<ColumnInfo>) {
    let count = cloud.points.len();
    let each = |of: &dyn Fn(usize) -> String| Column::Text((0..count).map(of).collect());
    let number = |decimals, of: &dyn Fn(usize) -> f64| {
        Column::Number((0..count).map(|k| Some(round_to(of(k), decimals))).collect())
    };
    let group = |k: usize| usize::from(cloud.groups[k]);
    let pitch = |k: usize| f64::from(hertz(group(k), cloud.depths[k]));
    let table = [
        (columns::LABELS, None, each(&|k| group(k).to_string())),
        (columns::LABEL_NAMES, None, each(&|k| format!("group {}", group(k)))),
        (columns::FILE_NAMES, None, each(&|k| format!("group {:02}/{k:07}.wav", group(k)))),
        (columns::CENTROID, Some("Hz"), number(2, &|k| 1.5 * pitch(k))),
        (columns::RMS, Some("dBFS"), number(2, &|k| -20.0 - 20.0 * f64::from(cloud.depths[k]))),
        (columns::F0, Some("Hz"), number(2, &pitch)),
    ];
    let infos = table.iter().map(|(name, unit, column)| ColumnInfo {
        name: (*name).to_owned(),
        kind: column.kind(),
        unit: unit.map(str::to_owned),
    });
    let infos = infos.collect();
    let data = Projections {
        idx: (0..count as u64).collect(),
        metadata: table.into_iter().map(|(name, _, column)| (name.to_owned(), column)).collect(),
        first: Projected {
            points: cloud.points.clone(),
            spherical: cloud.points.iter().map(|&point| on_sphere(point)).collect(),
        },
        further: BTreeMap::new(),
        neighbours: (0..count).map(|k| neighbours(&cloud.points, k)).collect(),
        classes: None,
    };
    (data, infos)
}

fn on_sphere(point: [f32; 3]) -> [f32; 3] {
    let length = point.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-6);
    point.map(|x| round_coordinate(x / length * SPHERE_RADIUS))
}

/// Those of the points beside it on the curve that are nearest.
fn neighbours(points: &[[f32; 3]], k: usize) -> Vec<u32> {
    let distance = |other: usize| (0..3).map(|a| (points[k][a] - points[other][a]).powi(2)).sum::<f32>();
    let around = k.saturating_sub(WITHIN)..points.len().min(k + WITHIN + 1);
    let mut near: Vec<(f32, u32)> =
        around.filter(|&other| other != k).map(|other| (distance(other), other as u32)).collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    near.into_iter().take(NEIGHBOURS).map(|(_, other)| other).collect()
}

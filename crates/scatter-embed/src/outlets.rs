//! Whether a model's inputs and outputs are those that it is said to have.

use crate::backend::{Outlet, OutletKind};
use crate::spec::ModelSpec;

/// Most values of an embedding: more is no embedding, and would fill the memory.
const MOST_DIMENSIONS: usize = 1 << 16;
/// Most classes.
const MOST_CLASSES: usize = 1 << 17;

/// How many points the model takes at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Batch {
    /// Any number, `[batch, …]`.
    Open,
    /// One, `[1, …]`.
    One,
    /// One, without an axis for it.
    Bare,
}

/// What was found out about a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlets {
    /// Name of the input.
    pub input: String,
    /// How many points it takes.
    pub batch: Batch,
    /// Values of one embedding, where the model declares them.
    pub dimensions: Option<usize>,
    /// Classes scored, where the model declares them; 0 where it scores none.
    pub classes: Option<usize>,
}

impl Outlets {
    /// Compares a model's `inputs` and `outputs` with `spec`.
    ///
    /// # Errors
    /// What differs, in words.
    pub fn of(inputs: &[Outlet], outputs: &[Outlet], spec: &ModelSpec) -> Result<Self, String> {
        let [input] = inputs else {
            return Err(format!("it has {} inputs", inputs.len()));
        };
        if let Some(name) = spec.input_name.as_deref().filter(|&name| name != input.name) {
            return Err(missing("input", inputs, name, &spec.key("input_name")));
        }
        let batch = batch(input, spec)?;
        let output = |name: &str, key: &str, wanted: Option<usize>, most: usize| {
            let key = spec.key(key);
            match outputs.iter().find(|outlet| outlet.name == name) {
                Some(outlet) => length(outlet, batch, &key, wanted, most),
                None => Err(missing("output", outputs, name, &key)),
            }
        };
        let dimensions = output(&spec.embedding, "embedding", spec.dimensions, MOST_DIMENSIONS)?;
        let classes = match &spec.scores {
            Some(scores) => output(scores, "scores", spec.classes.count(), MOST_CLASSES)?,
            None => Some(0),
        };
        Ok(Self { input: input.name.clone(), batch, dimensions, classes })
    }
}

fn missing(kind: &str, outlets: &[Outlet], name: &str, key: &str) -> String {
    let names: Vec<&str> = outlets.iter().map(|outlet| outlet.name.as_str()).collect();
    format!("it has no {kind} `{name}`{key} (it has: {})", names.join(", "))
}

/// The axes of a float32 tensor, −1 for an open one.
fn axes<'a>(outlet: &'a Outlet, kind: &str) -> Result<&'a [i64], String> {
    match &outlet.kind {
        OutletKind::Float32(axes) => Ok(axes),
        OutletKind::Other(other) => Err(format!("its {kind} `{}` is {other}", outlet.name)),
    }
}

fn batch(input: &Outlet, spec: &ModelSpec) -> Result<Batch, String> {
    let axes = axes(input, "input")?;
    let item = spec.input.shape();
    let fits = |axes: &[i64]| {
        axes.len() == item.len()
            && axes.iter().zip(&item).all(|(&found, &wanted)| found < 0 || found == wanted as i64)
    };
    match axes {
        [batch, rest @ ..] if *batch < 0 && fits(rest) => Ok(Batch::Open),
        [1, rest @ ..] if fits(rest) => Ok(Batch::One),
        // Only samples may come without an axis for the batch: a patch without one could be a batch of rows.
        _ if item.len() == 1 && fits(axes) => Ok(Batch::Bare),
        _ => {
            let key = if item.len() == 1 { "window" } else { "input" };
            Err(format!("its input `{}`{} has the shape {axes:?}", input.name, spec.key(key)))
        }
    }
}

/// Length of an output's last axis, where the model declares it.
fn length(
    output: &Outlet,
    batch: Batch,
    key: &str,
    wanted: Option<usize>,
    most: usize,
) -> Result<Option<usize>, String> {
    let axes = axes(output, "output")?;
    let last = match axes {
        [first, last] if *first < 0 || (batch != Batch::Open && *first == 1) => *last,
        [last] if batch != Batch::Open => *last,
        _ => return Err(format!("its output `{}`{key} has the shape {axes:?}", output.name)),
    };
    let declared = usize::try_from(last).ok();
    let fits = declared.is_none_or(|n| (1..=most).contains(&n) && wanted.is_none_or(|wanted| n == wanted));
    match fits {
        true => Ok(declared.or(wanted)),
        false => Err(format!("its output `{}`{key} has the shape {axes:?}", output.name)),
    }
}

//! Writes the random-projection model, a stand-in for YAMNet that needs no weights:
//! `cargo run -p scatter-embed --example projection_model -- OUT.onnx`

use std::error::Error;

/// Any number would do; this one is used wherever the stand-in is made by hand.
const SEED: u64 = 1;

fn main() -> Result<(), Box<dyn Error>> {
    let out = std::env::args_os().nth(1).ok_or("usage: projection_model OUT.onnx")?;
    std::fs::write(&out, scatter_embed::onnx::projection_model(SEED))?;
    println!("wrote {}", out.display());
    Ok(())
}

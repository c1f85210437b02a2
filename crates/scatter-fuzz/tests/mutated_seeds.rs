//! Each reader against thousands of files that begin as valid ones, the same each time. `cargo xtask fuzz` goes further,
//! led by the code that its inputs reach, and needs a build of its own.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::alloc::System;
use std::panic;

use cap::Cap;
use scatter_fuzz::{MEMORY_BYTES, Seed, Target};

/// Beyond it an allocation fails, which ends the test. Three targets share it.
#[global_allocator]
static HEAP: Cap<System> = Cap::new(System, 3 * MEMORY_BYTES);

/// Numbers that lengths and counts go wrong at.
const EDGES: [u32; 8] = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0xffff_ffff];

/// Marsaglia's xorshift of 64 bits (2003).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end.max(1)
    }
}

/// One to four changes: a bit, a byte, a number at an edge, a piece cut out, doubled, or taken from `other`; the end cut off.
fn mutated(random: &mut Random, seed: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=random.below(4) {
        let place = random.below(bytes.len());
        let piece = place..bytes.len().min(place + 1 + random.below(64));
        match random.below(7) {
            0 => bytes.iter_mut().skip(place).take(1).for_each(|byte| *byte ^= 1 << random.below(8)),
            1 => bytes.iter_mut().skip(place).take(1).for_each(|byte| *byte = random.below(256) as u8),
            2 => {
                let edge = EDGES[random.below(EDGES.len())];
                let number = if random.below(2) == 0 { edge.to_le_bytes() } else { edge.to_be_bytes() };
                bytes.iter_mut().skip(place).zip(number).for_each(|(byte, new)| *byte = new);
            }
            3 => drop(bytes.drain(piece)),
            4 => drop(bytes.splice(place..place, bytes[piece.clone()].to_vec())),
            5 => {
                let from = random.below(other.len());
                let taken = &other[from..other.len().min(from + piece.len())];
                drop(bytes.splice(piece, taken.iter().copied()));
            }
            _ => bytes.truncate(place),
        }
    }
    bytes
}

fn attack(target: Target, inputs: u32) {
    let seeds: Vec<Seed> = target.seeds().unwrap();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for input in 0..inputs {
        let (seed, other) = (&seeds[random.below(seeds.len())], &seeds[random.below(seeds.len())]);
        let bytes = mutated(&mut random, &seed.bytes, &other.bytes);
        if let Err(fault) = panic::catch_unwind(|| target.run(&bytes)) {
            eprintln!("{target:?}: input {input}, from {}, {} bytes", seed.name, bytes.len());
            panic::resume_unwind(fault);
        }
    }
}

#[test]
fn no_mutated_sound_breaks_its_decoder() {
    attack(Target::Decode, 6_000);
}

#[test]
fn no_mutated_dataset_breaks_its_reader() {
    attack(Target::Dataset, 30_000);
}

#[test]
fn no_mutated_weights_break_their_reader() {
    attack(Target::Hdf5, 30_000);
}

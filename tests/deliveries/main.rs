//! Deliveries as they go wrong: exports that are missing, empty, cut off, swapped, shuffled, written otherwise, hostile. Each
//! fault is named, the rest is checked, and nothing that rests on what did not arrive is judged.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test")]

mod cut;
mod harness;
mod hostile;
mod missing;
mod privacy;
mod same;
mod swapped;

//! Every quirk of real deliveries: its fixture, how it is read, and what the reading report says of it.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

#[path = "awkward/harness.rs"]
mod harness;

#[path = "awkward/lists.rs"]
mod lists;

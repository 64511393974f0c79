//! `sagstjek` reads a folder of exports as they were delivered, settles what each file is, reads it into typed, columnar
//! tables that remember the cell each value came from, joins them by case, evaluates a pack of declarative rules over
//! every row, and reports one immutable result in any number of forms.
//!
//! The modules are rooms along the flow of data; a room imports only rooms listed above it (`tests/layers.rs`).

pub mod calendar;
pub mod config;
pub mod demo;
pub mod engine;
pub mod export;
pub mod finding;
pub mod intake;
pub mod locale;
pub mod model;
pub mod night;
pub mod privacy;
pub mod problem;
pub mod progress;
pub mod report;
pub mod rule;
pub mod scorecard;
pub mod store;
pub mod value;

//! Runs rules over a store: plan, evaluation, explanation, examples.

pub mod result;

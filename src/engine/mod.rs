//! Runs rules over a store: preparation, judgement, explanation, examples.
//!
//! [`prepare()`] completes a store, [`run()`] judges every row by every rule and explains what is not in order,
//! [`run_examples`] does the same for the examples of a rule, [`evaluate`] evaluates one expression.

mod cost;
mod eval;
mod examples;
mod explain;
mod figure;
mod judge;
mod kernel;
mod near;
mod needs;
pub mod outline;
mod pins;
mod prepare;
pub mod result;
mod run;
mod scalar;
mod verdicts;
mod walk;
mod why;

pub use cost::{Cost, Limits, SourceCost, cost};
pub use eval::{Evaluated, eval, evaluate, rows_by_key};
pub use examples::{Because, ExampleOutcome, ExampleRow, item_names, run_examples};
pub use figure::{FigureOutcome, prepare_figures, printed, result as figures, run_figure_examples, run_figures};
pub use pins::{Covered, Mutation, coverage, mutate, remarks};
pub use prepare::prepare;
pub use run::{RunOptions, run, run_watched};
pub use verdicts::{Evaluators, RowVerdict, tally, verdicts};
pub use why::{Asked, Condition, Joined, Why, find, item_behind, state, why};

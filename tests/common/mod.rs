//! What several integration tests share.

pub mod language_table;

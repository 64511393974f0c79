//! What several integration tests share.

pub(crate) mod language_table;

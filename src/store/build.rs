//! Building a store.

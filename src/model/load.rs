//! Loading a pack.

//! The TOML shapes of pack files.

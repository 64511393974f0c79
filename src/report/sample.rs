//! The report that every format renders in tests.

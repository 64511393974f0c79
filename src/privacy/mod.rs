//! What may be shown where, and pseudonyms for what may not.

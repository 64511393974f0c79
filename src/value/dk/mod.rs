//! Danish vocabularies.

//! Keyed digests and how they are written.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Sixteen letters, one for each half of a byte: `z` for 0 to `k` for 15.
const LETTERS: &[u8; 16] = b"zyxwvutsrqponmlk";

/// HMAC-SHA-256 of `domain` and `content` under `key`.
pub(super) fn mac(key: &[u8], domain: &[u8], content: &[u8]) -> [u8; 32] {
    // HMAC takes keys of any length, so the error cannot occur; an empty key stands in rather than a panic.
    let keyed = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| Hmac::<Sha256>::new(&Default::default()));
    keyed.chain_update(domain).chain_update(content).finalize().into_bytes().into()
}

/// The first forty bits as eight characters of Crockford's base 32.
pub(super) fn base32(digest: &[u8; 32]) -> String {
    let bits = digest[..5].iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    (0..8).rev().map(|i| char::from(CROCKFORD[(bits >> (5 * i) & 31) as usize])).collect()
}

/// Bytes as letters, two a byte.
pub(super) fn letters(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).map(|half| char::from(LETTERS[usize::from(half)])).collect()
}

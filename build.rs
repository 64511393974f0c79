//! Rebuilds the library when a file of the embedded pack is added or taken away.

fn main() {
    println!("cargo::rerun-if-changed=rules");
}

//! Rebuilds the library when a file of the embedded pack is added or taken away.

fn main() {
    #[expect(clippy::disallowed_macros, reason = "a build script speaks to cargo on its standard output")]
    {
        println!("cargo::rerun-if-changed=rules");
    }
}

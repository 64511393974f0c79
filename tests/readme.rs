//! What README shows is what the program prints.

use std::path::Path;
use std::process::Command;

#[test]
fn the_screens_of_the_readme_are_real() {
    let output = Command::new(env!("CARGO_BIN_EXE_sagstjek"))
        .args(["check", "fixtures/demo"])
        .env_clear()
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    let readme = std::fs::read_to_string("README.md").expect("README.md");
    let screens: Vec<&str> = readme.split("```text\n").skip(1).filter_map(|part| part.split("\n```").next()).collect();
    assert_eq!(screens.len(), 2);
    for screen in screens {
        assert!(printed.contains(screen), "README shows what the program does not print:\n{screen}\n\nit prints:\n{printed}");
    }
}

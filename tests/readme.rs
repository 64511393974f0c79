//! What README shows is what the program prints.
#![allow(clippy::expect_used, reason = "helpers of tests")]

use std::path::Path;
use std::process::Command;

#[test]
fn the_screens_of_the_readme_are_real() {
    let (short, full) = (printed(&[]), printed(&["--format", "full"]));
    let readme = std::fs::read_to_string("README.md").expect("README.md");
    let screens: Vec<&str> = readme.split("```text\n").skip(1).filter_map(|part| part.split("\n```").next()).collect();
    assert_eq!(screens.len(), 2);
    for (screen, printed) in screens.into_iter().zip([full, short]) {
        assert!(printed.contains(screen), "README shows what the program does not print:\n{screen}\n\nit prints:\n{printed}");
    }
}

/// What the check of the demo prints.
fn printed(more: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_sagstjek"))
        .args(["check", "fixtures/demo"])
        .args(more)
        .env_clear()
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn the_screen_of_the_demo_is_a_few_screens() {
    let lines = |text: &str| text.lines().count();
    let short = printed(&[]);
    let last = short.split("Status pr.").nth(1).expect("a last screen");
    assert!(lines(last) <= 50, "the last screen has {} lines", lines(last));
    assert!(lines(&short) <= 600, "{} lines", lines(&short));
    assert_eq!(short.matches(" fund mere af ").count(), 1, "what is left is counted in one line");
    assert!(printed(&["--format", "full"]).contains("fejl[SAG-107]"), "full shows what the short form leaves out");
    assert!(!short.contains("fejl[SAG-107]"));
}

//! The files of a delivery: which there are, which are left out, which pattern a path meets.

use std::fs;
use std::io;
use std::path::Path;

use unicode_normalization::UnicodeNormalization;

use super::Found;
use crate::export::io_why;
use crate::locale::Bilingual;
use crate::problem::{Place, Problem, Severity};

/// Files of one delivery at most: rows remember their file in 16 bits.
const MOST_FILES: usize = 65_535;

/// What a folder holds.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Files to read, ordered by path.
    pub(super) found: Vec<Found>,
    /// Folders that could not be read, and files left out.
    pub(super) problems: Vec<Problem>,
    /// Files and folders that a pattern of `ignore` met.
    pub(super) ignored: Vec<String>,
}

/// Lists the files under `root` (or `root` itself), those that a pattern of `ignore` meets left out. Hidden files and the
/// lock files of spreadsheet programs are left out with a note; links to folders are not followed.
pub(super) fn list(root: &Path, ignore: &[String]) -> Listing {
    let mut listing = Listing::default();
    match fs::metadata(root) {
        Ok(meta) if meta.is_dir() => walk(root, "", ignore, &mut listing),
        Ok(_) => listing.found.push(Found { path: root.to_owned(), shown: name_of(root) }),
        Err(error) => listing.problems.push(unreadable(&name_of(root), &error)),
    }
    listing.found.sort_by(|a, b| a.shown.cmp(&b.shown));
    let told = listing.problems.iter().any(|problem| problem.severity() == Severity::Failure);
    listing.problems.extend(too_many_or_none(root, &mut listing.found, told));
    listing.problems.sort();
    listing
}

/// Takes back the files that are too many, and says so; or says that there are none, unless something else is `told` already.
fn too_many_or_none(root: &Path, found: &mut Vec<Found>, told: bool) -> Option<Problem> {
    let rest = found.split_off(found.len().min(MOST_FILES));
    let why = match rest.first() {
        Some(first) => Bilingual::new(
            format!("den har over {MOST_FILES} filer; {} er ikke læst, den første er {}", rest.len(), first.shown),
            format!("it has more than {MOST_FILES} files; {} were not read, the first is {}", rest.len(), first.shown),
        ),
        None if found.is_empty() && !told => Bilingual::new("der er ingen filer i den", "there are no files in it"),
        None => return None,
    };
    Some(Problem::FileUnreadable { place: Place::file(name_of(root)), why })
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| ".".to_owned(), |name| name.to_string_lossy().nfc().collect())
}

fn unreadable(shown: &str, error: &io::Error) -> Problem {
    Problem::FileUnreadable { place: Place::file(shown), why: io_why(error) }
}

fn walk(folder: &Path, prefix: &str, ignore: &[String], listing: &mut Listing) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            let shown = if prefix.is_empty() { name_of(folder) } else { prefix.trim_end_matches('/').to_owned() };
            listing.problems.push(unreadable(&shown, &error));
            return;
        }
    };
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                listing.problems.push(unreadable(prefix.trim_end_matches('/'), &error));
                continue;
            }
        };
        let path = entry.path();
        let name = name_of(&path);
        let shown = format!("{prefix}{name}");
        if ignore.iter().any(|pattern| meets(pattern, &shown)) {
            listing.ignored.push(shown);
            continue;
        }
        if name.starts_with('.') || name.starts_with("~$") {
            listing.problems.push(Problem::LeftOut { place: Place::file(shown) });
            continue;
        }
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder {
            walk(&path, &format!("{shown}/"), ignore, listing);
        } else if !fs::metadata(&path).is_ok_and(|meta| meta.is_dir()) {
            listing.found.push(Found { path, shown });
        }
    }
}

/// Whether a path meets a pattern: `*` stands for any characters within a name, `?` for one; case does not matter, and `\\` is
/// as good as `/`.
pub fn meets(pattern: &str, path: &str) -> bool {
    let fold = |s: &str| s.nfc().flat_map(char::to_lowercase).map(|c| if c == '\\' { '/' } else { c }).collect::<Vec<char>>();
    wild(&fold(pattern), &fold(path))
}

/// The usual two-pointer match: after a mismatch the last star takes one character more.
fn wild(pattern: &[char], text: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p + 1, t));
                p += 1;
            }
            Some('?') if text[t] != '/' => (p, t) = (p + 1, t + 1),
            Some(c) if *c == text[t] => (p, t) = (p + 1, t + 1),
            _ => match star {
                Some((after, taken)) if text[taken] != '/' => {
                    star = Some((after, taken + 1));
                    (p, t) = (after, taken + 1);
                }
                _ => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, path) in [
            ("DUBU_sager*.csv", "dubu_sager_2026-10-31.CSV"),
            ("*", "a.csv"),
            ("2026/*.csv", "2026/a.csv"),
            ("a?.csv", "a1.csv"),
            ("*a*b*", "xxaxxbxx"),
            ("SÅG*.csv", "sa\u{30a}g1.csv"),
            ("a.csv", "a.csv"),
            ("*/*", "x/y"),
            (r"OPUS\*.TXT", "opus/a.txt"),
        ] {
            assert!(meets(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("*.csv", "2026/a.csv"),
            ("a?.csv", "a.csv"),
            ("a*", "b"),
            ("", "a"),
            ("a?b", "a/b"),
            ("*a", "ab"),
            ("a.csv", "axcsv"),
        ] {
            assert!(!meets(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn a_delivery_of_no_files_or_too_many_is_told() {
        let file = |n: usize| Found { path: n.to_string().into(), shown: format!("{n:05}.csv") };
        let says = |found: &mut Vec<Found>, told| {
            let problem = too_many_or_none(Path::new("nat"), found, told)?;
            assert_eq!(problem.severity(), Severity::Failure);
            Some(crate::locale::Localized::text(&problem, crate::locale::Lang::En))
        };
        assert_eq!(says(&mut Vec::new(), false).as_deref(), Some("nat cannot be read: there are no files in it"));
        assert_eq!(says(&mut Vec::new(), true), None, "that the folder cannot be read is enough");
        assert_eq!(says(&mut vec![file(1)], false), None);
        let mut many: Vec<Found> = (0..MOST_FILES + 2).map(file).collect();
        let told = says(&mut many, false).expect("told");
        assert!(told.contains("2 were not read, the first is 65535.csv") && many.len() == MOST_FILES, "{told}");
    }

    #[test]
    fn lists_by_path_and_leaves_out_what_is_no_export() {
        let root = std::env::temp_dir().join(format!("sagstjek-files-{}", std::process::id()));
        fs::create_dir_all(root.join("under")).expect("folder");
        for name in ["b.csv", "a.csv", "~$a.xlsx", ".DS_Store", "sagstjek.toml", "under/c.csv"] {
            fs::write(root.join(name), "x").expect("file");
        }
        let listing = list(&root, &["sagstjek.toml".to_owned()]);
        let one = list(&root.join("a.csv"), &[]);
        let none = list(&root.join("missing"), &[]);
        fs::remove_dir_all(&root).expect("removed");
        let shown: Vec<&str> = listing.found.iter().map(|f| f.shown.as_str()).collect();
        assert_eq!(shown, ["a.csv", "b.csv", "under/c.csv"]);
        assert_eq!(listing.problems.len(), 2);
        assert!(listing.problems.iter().all(|p| matches!(p, Problem::LeftOut { .. })));
        assert_eq!(one.found.len(), 1);
        assert_eq!(one.found[0].shown, "a.csv");
        assert!(matches!(&none.problems[..], [Problem::FileUnreadable { .. }]));
    }
}

//! The Danish pack's profiles do not take each other's files.

use super::*;
use crate::intake::header::{HeaderRow, normalise};
use crate::intake::matching::Matcher;
use crate::model::{FeedSource, Profile};

fn danish() -> Pack {
    load::load(load::embedded()).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
}

/// Every group of spellings of a profile: its signature first, then each column's.
fn groups(pack: &Pack, profile: &Profile) -> Vec<Vec<String>> {
    let mut groups = profile.signature.clone();
    for feed in &profile.feeds {
        for column in &feed.columns {
            let model = &pack.get(feed.dataset).columns[column.to.index()];
            match &column.from {
                FeedSource::Header(headers) => {
                    let own =
                        std::iter::once(model.name.to_string()).chain(model.aliases.iter().cloned()).filter(|_| !column.exact);
                    groups.push(headers.iter().cloned().chain(own).collect());
                }
                FeedSource::Negated(headers) => groups.push(headers.clone()),
                FeedSource::Joined(parts, _) => groups.extend(parts.iter().cloned()),
                FeedSource::SheetName | FeedSource::FileName | FeedSource::Constant(_) => {}
            }
            groups.extend(column.only.iter().map(|(headers, _)| headers.clone()));
        }
        groups.extend(feed.unfold.iter().flat_map(|unfold| unfold.months.iter().cloned()));
        groups.extend(feed.spread.iter().flat_map(|spread| [spread.first.clone(), spread.last.clone()]));
    }
    groups
}

/// A header row of the profile: of each group the `nth` spelling, where no header of the group stands already.
fn header_row(pack: &Pack, profile: &Profile, nth: usize) -> Vec<String> {
    let without: Vec<String> = profile.without.iter().flatten().map(|s| normalise(s)).collect();
    let mut row: Vec<String> = Vec::new();
    for group in groups(pack, profile) {
        let stands = |spelling: &String| row.iter().any(|held| normalise(held) == normalise(spelling));
        if group.iter().any(stands) {
            continue;
        }
        let allowed: Vec<&String> = group.iter().filter(|s| !without.contains(&normalise(s))).collect();
        if let Some(spelling) = allowed.get(nth % allowed.len().max(1)) {
            row.push((*spelling).clone());
        }
    }
    row
}

fn as_headers(row: &[String]) -> HeaderRow {
    HeaderRow::new(1, (0_u16..).zip(row.iter().cloned()))
}

/// An order that no system writes: every third from the back.
fn shuffled(row: &[String]) -> Vec<String> {
    (0..3).flat_map(|start| row.iter().rev().skip(start).step_by(3).cloned().collect::<Vec<_>>()).collect()
}

#[test]
fn every_layout_is_taken_by_its_own_profile_alone() {
    let pack = danish();
    let matcher = Matcher::new(&pack);
    let name = |id: ProfileId| pack.profiles[id.index()].name.to_string();
    let mut wrong = Vec::new();
    for profile in &pack.profiles {
        for nth in 0..12 {
            let row = shuffled(&header_row(&pack, profile, nth));
            let found = matcher.choose(&[as_headers(&row)], None, "");
            let found = found.map(|m| (name(m.profile), m.rival.map(name)));
            if found != Some((profile.name.to_string(), None)) {
                wrong.push(format!("{} #{nth}: {found:?} {row:?}", profile.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn of_two_layouts_with_the_same_headers_the_path_decides() {
    let pack = danish();
    let index = pack.profiles.iter().position(|profile| !profile.signature.is_empty()).expect("a profile");
    let mut twin = pack.profiles[index].clone();
    (twin.name, twin.files) = ("twin".into(), vec!["*_LAST*.csv".to_owned()]);
    let row = as_headers(&header_row(&pack, &twin, 0));
    let own = pack.profiles[index].name.clone();
    for first in [false, true] {
        let mut pack = pack.clone();
        pack.profiles.insert(if first { 0 } else { pack.profiles.len() }, twin.clone());
        let matcher = Matcher::new(&pack);
        let chosen = |path: &str| {
            let found = matcher.choose(std::slice::from_ref(&row), None, path).expect("a profile");
            (pack.profiles[found.profile.index()].name.clone(), found.rival)
        };
        assert_eq!(chosen("x/header_last.csv"), ("twin".into(), None));
        assert_eq!(chosen("x/header.csv"), (own.clone(), None));
    }
}

#[test]
fn under_its_own_headers_no_other_profile_fits_at_all() {
    let pack = danish();
    let matcher = Matcher::new(&pack);
    let mut wrong = Vec::new();
    for profile in &pack.profiles {
        let row = header_row(&pack, profile, 0);
        let signed = matcher.signed(&as_headers(&shuffled(&row)));
        let fits = pack.profiles.iter().zip(signed).filter(|(_, fits)| *fits);
        let fits: Vec<&str> = fits.map(|(profile, _)| &*profile.name).collect();
        if fits != [&*profile.name] {
            wrong.push(format!("{}: {fits:?} {row:?}", profile.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

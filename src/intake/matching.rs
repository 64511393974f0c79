//! Which profile a sheet follows, and which of its first rows is the header.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::Source;
use super::files::meets;
use super::header::{HeaderRow, normalise};
use crate::model::{ColumnId, DatasetId, Feed, FeedSource, Pack, Profile, ProfileId};

/// Rows looked at for a header.
pub(super) const FIRST_ROWS: usize = 30;

/// A sheet's profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    /// The profile.
    pub(super) profile: ProfileId,
    /// Index of the header row among the rows given.
    pub(super) row: usize,
    /// Another profile that fits equally well.
    pub(super) rival: Option<ProfileId>,
    /// Headers that mean something to the profile, of all headers.
    pub(super) score: (u32, u32),
    /// The next best profile, and its score.
    pub(super) runner_up: Option<(ProfileId, (u32, u32))>,
}

/// The headers of every profile, as compared.
#[derive(Debug)]
pub(super) struct Matcher {
    profiles: Vec<Names>,
}

#[derive(Debug)]
struct Names {
    all: HashSet<String>,
    /// Datasets it feeds.
    datasets: Vec<DatasetId>,
    signature: Vec<Vec<String>>,
    without: Vec<Vec<String>>,
    files: Vec<String>,
}

/// Mapped headers of all headers.
#[derive(Debug, Clone, Copy)]
struct Share(usize, usize);

impl Share {
    fn score(self) -> (u32, u32) {
        (self.0 as u32, self.1 as u32)
    }

    fn compare(self, other: Share) -> Ordering {
        (self.0 * other.1).cmp(&(other.0 * self.1))
    }
}

impl Matcher {
    /// Prepares the profiles of a pack.
    pub(super) fn new(pack: &Pack) -> Matcher {
        Matcher { profiles: pack.profiles.iter().map(|profile| Names::new(pack, profile)).collect() }
    }

    /// For each profile whether it fits a header row.
    #[cfg(test)]
    pub(super) fn signed(&self, row: &HeaderRow) -> Vec<bool> {
        self.profiles.iter().map(|names| names.is_signed(row)).collect()
    }

    /// Chooses among the first rows of a sheet. Without word from the config a profile fits where all headers of its
    /// signature stand and none that it excludes, and where the path meets its patterns; the largest share of mapped headers
    /// wins, and of equal ones the profile that asks for the path. A profile that the config names needs neither signature nor
    /// path: a layout that lost a column is still that layout.
    pub(super) fn choose(&self, rows: &[HeaderRow], source: Option<&Source>, path: &str) -> Option<Match> {
        let header_row = source.and_then(|source| source.header_row);
        let candidates = || rows.iter().enumerate().filter(|(_, row)| header_row.is_none_or(|n| row.sheet_row == n));
        let own: HashSet<String> =
            source.map(|s| s.columns.iter().map(|(_, _, header)| normalise(header)).collect()).unwrap_or_default();
        let named = source.and_then(|source| source.profile);
        let dataset = source.and_then(|source| source.dataset);
        let mut best: Option<(Share, Match)> = None;
        for (i, names) in self.profiles.iter().enumerate() {
            let profile = ProfileId(i as u16);
            if named.is_some_and(|named| named != profile) || dataset.is_some_and(|id| !names.datasets.contains(&id)) {
                continue;
            }
            let by_path = !names.files.is_empty();
            if by_path && named.is_none() && !names.is_of(path) {
                continue;
            }
            let signed = candidates().filter(|(_, row)| names.is_signed(row));
            let Some((row, share)) = first_best(signed.map(|(row, headers)| (row, names.share(headers, &own))), Share::compare)
            else {
                continue;
            };
            let runner_up = best.map(|(share, found)| (found.profile, share.score()));
            match best.as_mut() {
                Some((held, found)) => match share.compare(*held).then(by_path.cmp(&self.asks_for_path(found.profile))) {
                    Ordering::Greater => {
                        best = Some((share, Match { profile, row, rival: None, score: share.score(), runner_up }));
                    }
                    Ordering::Equal => {
                        found.rival = found.rival.or(Some(profile));
                        found.runner_up = Some((profile, share.score()));
                    }
                    Ordering::Less => {
                        let better = |&(_, (mapped, of)): &(ProfileId, (u32, u32))| {
                            share.compare(Share(mapped as usize, of as usize)) != Ordering::Greater
                        };
                        found.runner_up = found.runner_up.filter(better).or(Some((profile, share.score())));
                    }
                },
                None => best = Some((share, Match { profile, row, rival: None, score: share.score(), runner_up: None })),
            }
        }
        best.map(|(_, found)| found).or_else(|| {
            let profile = named?;
            let names = self.profiles.get(profile.index())?;
            let counted = candidates().map(|(row, headers)| (row, names.share(headers, &own).0));
            let (row, mapped) = first_best(counted, |a: usize, b| a.cmp(&b))?;
            let score = rows.get(row).map_or((0, 0), |headers| names.share(headers, &own).score());
            (mapped >= 2 || header_row.is_some()).then_some(Match { profile, row, rival: None, score, runner_up: None })
        })
    }
}

impl Matcher {
    fn asks_for_path(&self, profile: ProfileId) -> bool {
        self.profiles.get(profile.index()).is_some_and(|names| !names.files.is_empty())
    }
}

/// The first of the best.
fn first_best<S: Copy>(of: impl Iterator<Item = (usize, S)>, compare: impl Fn(S, S) -> Ordering) -> Option<(usize, S)> {
    of.reduce(|held, next| if compare(next.1, held.1) == Ordering::Greater { next } else { held })
}

impl Names {
    fn new(pack: &Pack, profile: &Profile) -> Names {
        let lists = |lists: &[Vec<String>]| lists.iter().map(|list| list.iter().map(|s| normalise(s)).collect()).collect();
        let mut all = HashSet::new();
        for feed in &profile.feeds {
            spellings(pack, feed, &mut |s| {
                all.insert(normalise(s));
            });
        }
        all.remove("");
        let datasets = profile.feeds.iter().map(|feed| feed.dataset).collect();
        Names {
            all,
            datasets,
            signature: lists(&profile.signature),
            without: lists(&profile.without),
            files: profile.files.clone(),
        }
    }

    /// Whether a path, or the file's name alone, meets one of the patterns.
    fn is_of(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        self.files.iter().any(|pattern| meets(pattern, path) || meets(pattern, name))
    }

    fn is_signed(&self, row: &HeaderRow) -> bool {
        let has = |list: &Vec<String>| row.headers.iter().any(|header| header.is_among(|name| list.contains(name)));
        !self.signature.is_empty() && self.signature.iter().all(has) && !self.without.iter().any(has)
    }

    fn share(&self, row: &HeaderRow, own: &HashSet<String>) -> Share {
        let first = |i: usize| row.headers[..i].iter().all(|header| header.name != row.headers[i].name);
        let mapped = (0..row.headers.len())
            .filter(|&i| row.headers[i].is_among(|name| self.all.contains(name) || own.contains(name)) && first(i));
        Share(mapped.count(), row.headers.len())
    }
}

/// Whether two headers compare equal: case, punctuation and blanks do not matter.
pub fn same_header(one: &str, other: &str) -> bool {
    normalise(one) == normalise(other)
}

/// Whether a profile finds a column under a header without being told; no profile finds nothing.
pub fn is_known(pack: &Pack, profile: Option<ProfileId>, (dataset, column): (DatasetId, ColumnId), header: &str) -> bool {
    let Some(profile) = profile.and_then(|id| pack.profiles.get(id.index())) else { return false };
    let wanted = normalise(header);
    let of = |feed: &&Feed| feed.dataset == dataset;
    profile.feeds.iter().filter(of).flat_map(|feed| &feed.columns).filter(|entry| entry.to == column).any(|entry| {
        let FeedSource::Header(spellings) = &entry.from else { return false };
        let model = pack.get(dataset).columns.get(column.index());
        let general = model.into_iter().flat_map(|c| std::iter::once(&*c.name).chain(c.aliases.iter().map(String::as_str)));
        spellings.iter().map(String::as_str).chain(general).any(|spelling| normalise(spelling) == wanted)
    })
}

/// Every header that a feed looks at.
fn spellings(pack: &Pack, feed: &Feed, found: &mut impl FnMut(&str)) {
    for column in &feed.columns {
        match &column.from {
            FeedSource::Header(spellings) => {
                let of_model = pack.get(feed.dataset).columns.get(column.to.index());
                spellings.iter().for_each(|s| found(s));
                of_model.into_iter().filter(|_| !column.exact).for_each(|c| {
                    found(&c.name);
                    c.aliases.iter().for_each(|s| found(s));
                });
            }
            from => of_source(from, found),
        }
        if let Some((spellings, _)) = &column.only {
            spellings.iter().for_each(|s| found(s));
        }
    }
    if let Some(spread) = &feed.spread {
        spread.first.iter().chain(&spread.last).for_each(|s| found(s));
    }
    if let Some(unfold) = &feed.unfold {
        unfold.months.iter().flatten().for_each(|s| found(s));
        of_source(&unfold.year, found);
        for (_, patterns) in &unfold.also {
            for pattern in patterns {
                unfold.months.iter().flatten().for_each(|month| found(&pattern.replace("{month}", month)));
            }
        }
    }
}

fn of_source(from: &FeedSource, found: &mut impl FnMut(&str)) {
    match from {
        FeedSource::Header(spellings) | FeedSource::Negated(spellings) => spellings.iter().for_each(|s| found(s)),
        FeedSource::Joined(parts, _) => parts.iter().flatten().for_each(|s| found(s)),
        FeedSource::SheetName | FeedSource::FileName | FeedSource::Constant(_) => {}
    }
}

//! What each column of one sheet is for: the profile's feeds resolved against the sheet's headers.

use super::Source;
use super::cells::{Habits, Read, Reader, Tally};
use super::header::HeaderRow;
use super::unfold::{self, Months};
use crate::export::RawCell;
use crate::model::{ColumnId, DatasetId, Feed, FeedColumn, FeedSource, ListId, Pack, Profile};
use crate::value::Kind;

/// Where a slot's raw cell stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum From<'p> {
    /// One column.
    One(u16),
    /// Several columns, joined by a text.
    Joined(Vec<u16>, &'p str),
}

/// One reading of a sheet's column; however many dataset columns it feeds, each cell is read once.
#[derive(Debug)]
pub(super) struct Slot<'p> {
    /// Where its cells stand.
    pub(super) from: From<'p>,
    /// Index of the condition under which it is read.
    pub(super) only: Option<usize>,
    /// How it is read.
    pub(super) reader: Reader<'p>,
    /// What it feeds.
    pub(super) targets: Vec<(DatasetId, ColumnId)>,
    /// Index of its (first) header.
    pub(super) header: usize,
    /// Cells with something in them.
    pub(super) filled: u32,
    /// Cells that do not read.
    pub(super) malformed: u32,
    /// What the first of those look like.
    pub(super) shapes: Vec<String>,
    /// Characters of its longest text, and how many texts are that long.
    pub(super) longest: (usize, u32),
    same: (Kind, Option<ListId>, bool, bool, Habits),
}

/// A column that must have one of some texts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Condition {
    /// Its sheet column.
    pub(super) sheet_column: u16,
    /// Index of its header.
    pub(super) header: usize,
    /// The texts, as compared.
    pub(super) texts: Vec<String>,
    /// Digits of the longest text, if all are digits: what such a column holds is short numbers.
    pub(super) digits: Option<usize>,
}

impl Condition {
    /// Whether a text could be a code of this column, known or not.
    pub(super) fn is_code(&self, text: &str) -> bool {
        let text = text.trim();
        self.digits.is_none_or(|longest| text.len() <= longest && text.bytes().all(|b| b.is_ascii_digit()))
    }

    /// Case and lost leading zeros do not matter: `02` is `2` in a workbook.
    pub(super) fn fold(text: &str) -> String {
        let text = text.trim().to_lowercase();
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if digits { text.trim_start_matches('0').to_owned() } else { text }
    }
}

/// Where a dataset column's value comes from, in this sheet.
#[derive(Debug)]
pub(super) enum Supply {
    /// The sheet does not have it.
    Absent,
    /// A slot.
    Slot(usize),
    /// The same for every row.
    Fixed(Read<'static>),
    /// The month of an unfolded row.
    Month,
    /// A slot a month.
    ByMonth([Option<usize>; 12]),
}

/// One feed, resolved.
#[derive(Debug)]
pub(super) struct FeedPlan<'p> {
    /// The feed.
    pub(super) feed: &'p Feed,
    /// One for each column of the dataset.
    pub(super) supplies: Vec<Supply>,
    /// How rows unfold to months.
    pub(super) months: Option<Months>,
    /// The slots of the first and the last day of a row that is spread over months.
    pub(super) spread: Option<(usize, usize)>,
}

/// A sheet's headers, resolved.
#[derive(Debug)]
pub(super) struct Layout<'p> {
    /// What is read.
    pub(super) slots: Vec<Slot<'p>>,
    /// Conditions of slots.
    pub(super) conditions: Vec<Condition>,
    /// Feeds that this sheet can supply.
    pub(super) feeds: Vec<FeedPlan<'p>>,
}

/// What a sheet is called.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names<'a> {
    /// Sheet name, for workbooks.
    pub(super) sheet: Option<&'a str>,
    /// File name without its ending.
    pub(super) file: &'a str,
}

/// Resolves headers.
#[derive(Debug)]
pub(super) struct Resolver<'p, 'a> {
    /// The pack.
    pub(super) pack: &'p Pack,
    /// The sheet's header.
    pub(super) header: &'a HeaderRow,
    /// Names of sheet and file.
    pub(super) names: Names<'a>,
    /// What the config says.
    pub(super) source: Option<&'a Source>,
    slots: Vec<Slot<'p>>,
    conditions: Vec<Condition>,
}

impl<'p, 'a> Resolver<'p, 'a> {
    /// For one sheet.
    pub(super) fn new(pack: &'p Pack, header: &'a HeaderRow, names: Names<'a>, source: Option<&'a Source>) -> Self {
        Resolver { pack, header, names, source, slots: Vec::new(), conditions: Vec::new() }
    }

    /// Resolves all feeds of a profile.
    pub(super) fn resolve(mut self, profile: &'p Profile) -> Layout<'p> {
        let only = self.source.and_then(|source| source.dataset);
        let feeds = profile.feeds.iter().filter(|feed| only.is_none_or(|only| only == feed.dataset));
        let feeds = feeds.filter_map(|feed| self.feed(feed)).collect();
        Layout { slots: self.slots, conditions: self.conditions, feeds }
    }

    /// A feed that finds none of its headers, or not those it needs, is not supplied by this sheet. One that asks for none is.
    fn feed(&mut self, feed: &'p Feed) -> Option<FeedPlan<'p>> {
        let claimed: Vec<usize> = feed.columns.iter().filter_map(|column| self.named(feed, column)).collect();
        let mut supplies: Vec<Supply> = self.pack.get(feed.dataset).columns.iter().map(|_| Supply::Absent).collect();
        for column in &feed.columns {
            let supply = self.supply(feed, column, &claimed);
            // A later entry for the same column is another place to look.
            if let Some(held) = supplies.get_mut(column.to.index()).filter(|held| matches!(held, Supply::Absent)) {
                *held = supply;
            }
        }
        let months = match &feed.unfold {
            None => None,
            Some(unfold) => {
                let months = unfold::resolve(self, feed.dataset, unfold)?;
                if let Some(held) = supplies.get_mut(unfold.month.index()) {
                    *held = Supply::Month;
                }
                if let Some(held) = supplies.get_mut(unfold.value.index()) {
                    *held = Supply::ByMonth(months.values);
                }
                for (column, _) in &unfold.also {
                    let slots = unfold::also(self, feed.dataset, unfold, *column);
                    if let Some(held) = supplies.get_mut(column.index()).filter(|_| slots.iter().any(Option::is_some)) {
                        *held = Supply::ByMonth(slots);
                    }
                }
                Some(months)
            }
        };
        let spread = match &feed.spread {
            None => None,
            Some(spread) => {
                let mut day = |spellings| {
                    let header = self.header.find_any(spellings)?;
                    Some(self.slot(vec![header], None, Kind::Date, None, false, None, (feed.dataset, spread.month)))
                };
                let days = day(&spread.first).zip(day(&spread.last))?;
                if let Some(held) = supplies.get_mut(spread.month.index()) {
                    *held = Supply::Month;
                }
                Some(days)
            }
        };
        let needed = feed.needs.iter().all(|column| !matches!(supplies.get(column.index()), None | Some(Supply::Absent)));
        let any = supplies.iter().any(|supply| matches!(supply, Supply::Slot(_) | Supply::ByMonth(_)));
        let is_fixed =
            |column: &FeedColumn| matches!(column.from, FeedSource::Constant(_) | FeedSource::SheetName | FeedSource::FileName);
        let asks = feed.unfold.is_some() || feed.spread.is_some() || !feed.columns.iter().all(is_fixed);
        (needed && (any || !asks)).then_some(FeedPlan { feed, supplies, months, spread })
    }

    /// The header that the config or the profile names for a column, by index.
    fn named(&self, feed: &Feed, column: &FeedColumn) -> Option<usize> {
        let of_config = self.source.into_iter().flat_map(|source| &source.columns);
        let own = of_config
            .filter(|(dataset, to, _)| (*dataset, *to) == (feed.dataset, column.to))
            .find_map(|(.., header)| self.header.find(header));
        own.or_else(|| match &column.from {
            FeedSource::Header(spellings) | FeedSource::Negated(spellings) => self.header.find_any(spellings),
            _ => None,
        })
    }

    fn supply(&mut self, feed: &'p Feed, column: &'p FeedColumn, claimed: &[usize]) -> Supply {
        let Some(model) = self.pack.get(feed.dataset).columns.get(column.to.index()) else { return Supply::Absent };
        let only = match &column.only {
            None => None,
            Some((spellings, texts)) => match self.condition(spellings, texts) {
                Some(condition) => Some(condition),
                // Whose number it is cannot be told.
                None => return Supply::Absent,
            },
        };
        let to = (feed.dataset, column.to);
        let general = || {
            let spellings = std::iter::once(&*model.name).chain(model.aliases.iter().map(String::as_str));
            spellings.filter_map(|s| self.header.find(s)).find(|i| !claimed.contains(i))
        };
        let fixed = |text: Option<&str>| match text {
            Some(text) => Supply::Fixed(self.fixed(model.kind, model.codes, text)),
            None => Supply::Absent,
        };
        let found = match &column.from {
            FeedSource::Header(_) => self.named(feed, column).or_else(|| if column.exact { None } else { general() }),
            FeedSource::Negated(_) => self.named(feed, column),
            FeedSource::Joined(parts, by) => {
                let found: Option<Vec<usize>> = parts.iter().map(|spellings| self.header.find_any(spellings)).collect();
                return match found.filter(|found| !found.is_empty()) {
                    Some(found) => Supply::Slot(self.slot(found, Some(by.as_str()), model.kind, model.codes, false, only, to)),
                    None => Supply::Absent,
                };
            }
            FeedSource::SheetName => return fixed(self.names.sheet),
            FeedSource::FileName => return fixed(Some(self.names.file)),
            FeedSource::Constant(text) => return fixed(Some(text)),
        };
        match found {
            Some(header) => {
                let negated = matches!(column.from, FeedSource::Negated(_));
                Supply::Slot(self.slot(vec![header], None, model.kind, model.codes, negated, only, to))
            }
            None => Supply::Absent,
        }
    }

    fn fixed(&self, kind: Kind, codes: Option<ListId>, text: &str) -> Read<'static> {
        let mut reader = Reader::new(kind, self.list(codes), false);
        reader.read(RawCell::Text(text), &mut Tally::default()).into_owned()
    }

    fn list(&self, codes: Option<ListId>) -> Option<&'p crate::model::CodeList> {
        codes.and_then(|id| self.pack.lists.get(id.index()))
    }

    fn condition(&mut self, spellings: &[String], texts: &[String]) -> Option<usize> {
        let header = self.header.find_any(spellings)?;
        let sheet_column = self.header.headers[header].sheet_column;
        let are_digits = texts.iter().all(|text| text.bytes().all(|b| b.is_ascii_digit()));
        let longest = texts.iter().map(String::len).max().filter(|_| are_digits);
        let texts = texts.iter().map(|t| Condition::fold(t)).collect();
        let condition = Condition { sheet_column, header, texts, digits: longest };
        Some(self.conditions.iter().position(|held| *held == condition).unwrap_or_else(|| {
            self.conditions.push(condition);
            self.conditions.len() - 1
        }))
    }

    /// What the config says of how a column's cells are written.
    fn habits(&self, (dataset, column): (DatasetId, ColumnId)) -> Habits {
        let Some(source) = self.source else { return Habits::default() };
        let format = source.formats.iter().find(|(d, c, _)| (*d, *c) == (dataset, column)).map(|(.., format)| *format);
        let sentinels = source.sentinels.iter().filter(|(d, c, _)| (*d, *c) == (dataset, column));
        Habits { format, sentinels: sentinels.flat_map(|(.., texts)| texts.iter().cloned()).collect() }
    }

    /// A slot for one header and a column of the model.
    pub(super) fn slot_for(&mut self, header: usize, dataset: DatasetId, column: ColumnId) -> Option<usize> {
        let model = self.pack.get(dataset).columns.get(column.index())?;
        Some(self.slot(vec![header], None, model.kind, model.codes, false, None, (dataset, column)))
    }

    /// A slot that reads a year; it counts for the column of the month.
    pub(super) fn year_slot(&mut self, header: usize, dataset: DatasetId, month: ColumnId) -> usize {
        self.slot(vec![header], None, Kind::Integer, None, false, None, (dataset, month))
    }

    #[expect(clippy::too_many_arguments, reason = "all of them tell one slot from another")]
    fn slot(
        &mut self,
        headers: Vec<usize>,
        by: Option<&'p str>,
        kind: Kind,
        codes: Option<ListId>,
        negated: bool,
        only: Option<usize>,
        to: (DatasetId, ColumnId),
    ) -> usize {
        let at = |header: &usize| self.header.headers[*header].sheet_column;
        let from = match (by, &headers[..]) {
            (None, [header, ..]) => From::One(at(header)),
            (by, headers) => From::Joined(headers.iter().map(at).collect(), by.unwrap_or("")),
        };
        let habits = self.habits(to);
        let model = self.pack.get(to.0).columns.get(to.1.index());
        let names = kind == Kind::Text && model.is_some_and(|column| column.names);
        let same = (kind, codes, negated, names, habits.clone());
        if let Some(i) = self.slots.iter().position(|slot| slot.from == from && slot.only == only && slot.same == same) {
            if !self.slots[i].targets.contains(&to) {
                self.slots[i].targets.push(to);
            }
            return i;
        }
        let reader = Reader::new(kind, self.list(codes), negated).of_names(names).with(habits);
        let header = headers.first().copied().unwrap_or(0);
        self.slots.push(Slot {
            from,
            only,
            reader,
            targets: vec![to],
            header,
            filled: 0,
            malformed: 0,
            shapes: Vec::new(),
            longest: (0, 0),
            same,
        });
        self.slots.len() - 1
    }
}

impl FeedPlan<'_> {
    /// The sheet column of each dataset column.
    pub(super) fn sheet_columns(&self, slots: &[Slot<'_>]) -> Vec<Option<u16>> {
        let of = |supply: &Supply| match supply {
            Supply::Slot(slot) => Some(slots[*slot].first_column()),
            _ => None,
        };
        self.supplies.iter().map(of).collect()
    }

    /// The columns that come once a month, with their sheet columns.
    pub(super) fn month_columns(&self, slots: &[Slot<'_>]) -> Option<Vec<(ColumnId, [Option<u16>; 12])>> {
        self.months.as_ref()?;
        let of = |(i, supply): (usize, &Supply)| match supply {
            Supply::ByMonth(months) => Some((ColumnId(i as u16), months.map(|slot| slot.map(|slot| slots[slot].first_column())))),
            _ => None,
        };
        Some(self.supplies.iter().enumerate().filter_map(of).collect())
    }
}

impl<'p> Slot<'p> {
    /// The same, before any cell.
    pub(super) fn fresh(&self) -> Slot<'p> {
        Slot {
            from: self.from.clone(),
            only: self.only,
            reader: self.reader.again(),
            targets: self.targets.clone(),
            header: self.header,
            filled: 0,
            malformed: 0,
            shapes: Vec::new(),
            longest: (0, 0),
            same: self.same.clone(),
        }
    }

    fn first_column(&self) -> u16 {
        match &self.from {
            From::One(column) => *column,
            From::Joined(columns, _) => columns.first().copied().unwrap_or(0),
        }
    }
}

//! A synthetic municipality: exports of its case, payment and finance systems, with known faults and the facit that says
//! what the rules must answer.
//!
//! The only room that knows the Danish pack. It imports neither the rule language nor the engine, so that the facit can only
//! come from what was planted. The way of a delivery: `life` makes lawful lives (with `town`), `plant` puts faults into them,
//! `steps` takes the steps that the law demands around them, `ledger` pays and books month by month (with the faults that
//! `plant` has put into the books), `write` writes each system's files, `facit` the answers.

mod config;
mod facit;
mod histories;
mod law;
mod ledger;
mod life;
mod outlet;
mod people;
mod plant;
mod random;
mod record;
mod service;
mod staff;
mod steps;
#[cfg(test)]
mod tests;
mod town;
mod write;

use std::io::{self, Write};

use crate::locale::{Lang, Localized};
use outlet::Memory;
pub use outlet::{DemoFile, Folder, Outlet};

/// What municipality to make. Equal options give equal bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoOptions {
    /// Number of cases; every forty hold each part once, and each plant. From 1,000 on the accounts go back to January 2022,
    /// below that to August 2026 (payments to May), so that a small demo can be read.
    pub cases: u32,
    /// Seed of everything that is drawn.
    pub seed: u64,
    /// Without faults.
    pub clean: bool,
}

impl DemoOptions {
    fn planting(&self) -> Planting<'static> {
        if self.clean { Planting::Nothing } else { Planting::Everything }
    }
}

/// Which faults a municipality gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planting<'a> {
    /// None.
    Nothing,
    /// Each plant, in every block of forty cases.
    Everything,
    /// Those that speak to one rule, each in blocks that are drawn: about half of them, one at least.
    Drawn {
        /// The rule's id.
        rule: &'a str,
        /// Seed of the draw.
        seed: u64,
    },
}

/// Name and rule of each plant there is.
pub fn plants() -> impl Iterator<Item = (&'static str, &'static str)> {
    plant::all().map(|plant| (plant.name, plant.rule))
}

/// Why there is no municipality.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A workbook could not be written, such as one with more rows than a sheet holds.
    #[error("a workbook of the demo cannot be written: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// An OpenDocument spreadsheet could not be packed.
    #[error("a spreadsheet of the demo cannot be written: {0}")]
    OpenDocument(#[from] zip::result::ZipError),
    /// A file could not be written.
    #[error("a file of the demo cannot be written: {0}")]
    File(#[from] io::Error),
}

impl Localized for DemoError {
    fn text(&self, lang: Lang) -> String {
        match self {
            DemoError::Workbook(why) => {
                format!(
                    "{}: {why}",
                    lang.pick("en projektmappe i demoen kan ikke skrives", "a workbook of the demo cannot be written")
                )
            }
            DemoError::OpenDocument(why) => {
                format!(
                    "{}: {why}",
                    lang.pick("et regneark i demoen kan ikke skrives", "a spreadsheet of the demo cannot be written")
                )
            }
            DemoError::File(why) => {
                format!("{}: {why}", lang.pick("en fil i demoen kan ikke skrives", "a file of the demo cannot be written"))
            }
        }
    }

    fn help(&self, lang: Lang) -> Option<String> {
        match self {
            DemoError::Workbook(_) => Some(lang.pick("vælg færre sager", "ask for fewer cases").to_owned()),
            DemoError::OpenDocument(_) | DemoError::File(_) => None,
        }
    }
}

/// What was delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivered {
    /// Number of files.
    pub files: u32,
    /// Rows of the accounts.
    pub postings: u32,
    /// Rows of the payment system.
    pub payments: u32,
    /// Answers that the facit demands.
    pub answers: u32,
}

/// Writes a municipality's files: its exports, `sagstjek.toml`, `hemmelighed.txt` and `facit.toml`. Payments and postings are
/// written as they are booked and never held.
///
/// # Errors
/// When a file cannot be written, or a workbook cannot hold the rows.
pub fn deliver(options: &DemoOptions, outlet: &mut dyn Outlet) -> Result<Delivered, DemoError> {
    deliver_planted(options, options.planting(), outlet)
}

/// As [`deliver`], with chosen faults, whatever the options say of them.
///
/// # Errors
/// As [`deliver`].
pub fn deliver_planted(options: &DemoOptions, planting: Planting, outlet: &mut dyn Outlet) -> Result<Delivered, DemoError> {
    let mut out = Counted { outlet, files: 0 };
    let town = planted(options, planting);
    let mut layouts = facit::Layouts::default();
    write::records(&town.m, &mut out, &mut layouts)?;
    let (payments, postings) = write::books(&town, options, &mut out, &mut layouts)?;
    let facit = facit::text(options, &town, &layouts);
    let answers = facit::answers(&town, &layouts);
    for (name, text) in [("sagstjek.toml", config::text()), ("hemmelighed.txt", config::SECRET.to_owned()), ("facit.toml", facit)]
    {
        let mut file = out.open(name)?;
        file.write_all(text.as_bytes())?;
        file.flush()?;
    }
    Ok(Delivered { files: out.files, postings, payments, answers })
}

/// The files of a municipality, held in memory.
///
/// # Errors
/// As [`deliver`].
pub fn municipality(options: &DemoOptions) -> Result<Vec<DemoFile>, DemoError> {
    municipality_planted(options, options.planting())
}

/// As [`municipality`], with chosen faults, whatever the options say of them.
///
/// # Errors
/// As [`deliver`].
pub fn municipality_planted(options: &DemoOptions, planting: Planting) -> Result<Vec<DemoFile>, DemoError> {
    let mut memory = Memory::default();
    deliver_planted(options, planting, &mut memory)?;
    Ok(memory.files())
}

/// The lives of a municipality, with the faults that were planted and what the rules must answer.
fn planted(options: &DemoOptions, planting: Planting) -> plant::Planted {
    let m = life::municipality(options.cases as usize, options.seed);
    let mut planted = plant::Planted::new(m);
    plant::plant(&mut planted, plant::Phase::Lives, planting);
    steps::take(&mut planted.m, options.seed);
    plant::plant(&mut planted, plant::Phase::Steps, planting);
    planted
}

/// Counts the files it passes on.
struct Counted<'a> {
    outlet: &'a mut dyn Outlet,
    files: u32,
}

impl Outlet for Counted<'_> {
    fn open(&mut self, name: &str) -> io::Result<Box<dyn io::Write + Send>> {
        self.files += 1;
        self.outlet.open(name)
    }
}

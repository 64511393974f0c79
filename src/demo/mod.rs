//! A synthetic municipality: exports of its case, payment and finance systems, with known faults and the facit that says
//! what the rules must answer.
//!
//! The only room that knows the Danish pack. It imports neither the rule language nor the engine, so that the facit can only
//! come from what was planted. The way of a delivery: `life` makes lawful lives (with `town`), `plant` puts faults into them,
//! `ledger` pays and books a month, `plant` puts faults into the books, `write` writes each system's files, `facit` the
//! answers.

mod config;
mod facit;
mod law;
mod ledger;
mod life;
mod people;
mod plant;
mod random;
mod record;
mod service;
#[cfg(test)]
mod tests;
mod town;
mod write;

use crate::locale::{Lang, Localized};

/// What municipality to make. Equal options give equal bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoOptions {
    /// Number of cases; every twenty hold each part once, and each plant.
    pub cases: u32,
    /// Seed of everything that is drawn.
    pub seed: u64,
    /// Without faults.
    pub clean: bool,
}

/// A file of the delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoFile {
    /// Name, without a folder.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// Why there is no municipality.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A workbook could not be written, such as one with more rows than a sheet holds.
    #[error("a workbook of the demo cannot be written: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
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
        }
    }

    fn help(&self, lang: Lang) -> Option<String> {
        Some(lang.pick("vælg færre sager", "ask for fewer cases").to_owned())
    }
}

/// The files of a municipality: six exports, `sagstjek.toml`, `hemmelighed.txt` and `facit.toml`.
///
/// # Errors
/// When a workbook cannot hold the rows.
pub fn municipality(options: &DemoOptions) -> Result<Vec<DemoFile>, DemoError> {
    let mut expected = Vec::new();
    let mut m = life::municipality(options.cases as usize, options.seed);
    if !options.clean {
        plant::plant(&mut m, plant::Phase::Lives, &mut expected);
    }
    ledger::month(&mut m, options.seed);
    if !options.clean {
        plant::plant(&mut m, plant::Phase::Books, &mut expected);
    }
    let (exams, exams_at) = write::examinations(&m);
    let (grants, grants_at) = write::grants(&m)?;
    let (postings, postings_at) = write::postings(&m);
    let (earnings, earnings_at) = write::lost_earnings(&m)?;
    let layouts = facit::Layouts { exams: exams_at, grants: grants_at, postings: postings_at, earnings: earnings_at };
    let text = |name: &str, text: String| DemoFile { name: name.to_owned(), bytes: text.into_bytes() };
    let [cases, payments] = write::cases_and_payments(&m);
    Ok(vec![
        cases,
        exams,
        grants,
        postings,
        payments,
        earnings,
        text("sagstjek.toml", config::text()),
        text("hemmelighed.txt", config::SECRET.to_owned()),
        text("facit.toml", facit::text(options, &m, &layouts, &expected)),
    ])
}

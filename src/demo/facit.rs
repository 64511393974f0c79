//! The facit: what the rules must answer on the delivery, written from the plants.

use super::DemoOptions;
use super::config::SECRET;
use super::law::extract_date;
use super::plant::{self, Answer, Expected, Judged};
use super::record::Municipality;
use super::write::{Layout, MONTHS};
use crate::privacy::Gate;
use crate::value::Kind;

/// Where examinations, grants, postings and lost earnings stand.
#[derive(Debug)]
pub(super) struct Layouts {
    pub(super) exams: Layout,
    pub(super) grants: Layout,
    pub(super) postings: Layout,
    pub(super) earnings: Layout,
}

impl Layouts {
    /// File, sheet, data record and sheet row of a judged record.
    fn place(&self, judged: Judged) -> Option<(&str, Option<&str>, u32, u32)> {
        let (layout, index) = match judged {
            Judged::Exam(i) => (&self.exams, i),
            Judged::Grant(i) => (&self.grants, i),
            Judged::Posting(i) => (&self.postings, i),
            Judged::Month(i, _) => (&self.earnings, i),
        };
        let (sheet, record, row) = layout.places.get(&index)?;
        Some((&layout.file, sheet.as_deref(), *record, *row))
    }
}

/// The text of `facit.toml`.
pub(super) fn text(options: &DemoOptions, m: &Municipality, layouts: &Layouts, expected: &[Expected]) -> String {
    let mut out = format!(
        "# Facit: hvad reglerne skal svare på denne levering. Skrevet ud fra det, der er plantet, ikke ud fra en kørsel.\n\
         # also = true: en række mere af samme årsag. Rækker, der ikke nævnes, er i orden eller uden for reglerne.\n\n\
         cases = {}\nseed = {}\nclean = {}\nextract_date = {}\n",
        options.cases,
        options.seed,
        options.clean,
        extract_date(),
    );
    if !options.clean {
        for plant in plant::all().filter(|p| p.part < m.cases.len()) {
            out.push_str(&format!(
                "\n[[plant]]\nname = {}\nrule = {}\nda = {}\nen = {}\n",
                q(plant.name),
                q(plant.rule),
                q(plant.da),
                q(plant.en)
            ));
        }
    }
    let gate = Gate::new(Some(SECRET.as_bytes()), false);
    let mut sorted: Vec<_> = expected.iter().filter_map(|e| Some((e.rule, layouts.place(e.judged)?, e))).collect();
    sorted.sort_by(|a, b| (a.0, a.1, a.2.judged).cmp(&(b.0, b.1, b.2.judged)));
    for (rule, (file, sheet, record, row), expected) in sorted {
        let (dataset, key) = key(&gate, m, expected.judged);
        let key: Vec<String> = key.iter().map(|part| q(part)).collect();
        let verdict = match expected.answer {
            Answer::Violation => "violation",
            Answer::NotAssessed => "not assessed",
        };
        let month = match expected.judged {
            Judged::Month(_, month) => MONTHS.get(month).copied().unwrap_or_default(),
            Judged::Exam(_) | Judged::Grant(_) | Judged::Posting(_) => "",
        };
        out.push_str(&format!(
            "\n[[finding]]\nrule = {}\ndataset = {}\nkey = [{}]\nverdict = {}\n",
            q(rule),
            q(dataset),
            key.join(", "),
            q(verdict)
        ));
        out.push_str(&format!("file = {}\n", q(file)));
        if let Some(sheet) = sheet {
            out.push_str(&format!("sheet = {}\n", q(sheet)));
        }
        out.push_str(&format!("record = {record}\nsheet_row = {row}\ncolumn = {}\n", q(expected.column.unwrap_or(month))));
        out.push_str(&format!("cause = {}\n", q(expected.cause)));
        if expected.also {
            out.push_str("also = true\n");
        }
    }
    out
}

/// The dataset and business key as a report shows them: days and months in ISO form, CPR numbers by pseudonym.
fn key(gate: &Gate, m: &Municipality, judged: Judged) -> (&'static str, Vec<String>) {
    let person = |cpr: &str| gate.pseudonym(Kind::Cpr, cpr);
    match judged {
        Judged::Exam(i) => {
            let exam = &m.exams[i];
            let kind = if exam.kind == "Screening" { "screening" } else { "børnefaglig" };
            ("undersøgelse", vec![m.cases[exam.case].sagsnr.clone(), kind.to_owned(), exam.started.to_string()])
        }
        Judged::Grant(i) => ("bevilling", vec![m.grants[i].id.clone()]),
        Judged::Posting(i) => ("postering", vec![m.postings[i].id.clone()]),
        Judged::Month(i, month) => {
            let row = &m.earnings[i];
            let month = format!("{:04}-{:02}", row.year, month + 1);
            ("taf_måned", vec![person(&row.parent.cpr), person(&m.cases[row.case].child.cpr), month])
        }
    }
}

/// A TOML basic string.
fn q(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

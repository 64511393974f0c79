//! The facit: what the rules must answer on the delivery, written from the plants.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::DemoOptions;
use super::config::SECRET;
use super::law::extract_date;
use super::plant::{self, Answer, Expected, Judged, Planted};
use super::record::{Day, Municipality};
use super::write::MONTHS;
use crate::privacy::Gate;
use crate::value::Kind;

/// Where a record came to stand.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) file: Rc<str>,
    pub(super) sheet: Option<Rc<str>>,
    /// Data record in the sheet, from 1.
    pub(super) record: u32,
    /// Row as Excel shows it.
    pub(super) row: u32,
    /// The key that the record was given when it was written.
    pub(super) id: Option<String>,
}

/// Where examinations, grants, lost earnings, and postings with a fault stand. The months of one row stand together.
#[derive(Debug, Default)]
pub(super) struct Layouts(BTreeMap<Judged, Place>);

impl Layouts {
    pub(super) fn put(&mut self, judged: Judged, place: Place) {
        self.0.insert(judged, place);
    }

    fn place(&self, judged: Judged) -> Option<&Place> {
        let row = match judged {
            Judged::Month(i, _) => Judged::Month(i, 0),
            Judged::Decision(i) => Judged::Grant(i),
            other => other,
        };
        self.0.get(&row)
    }
}

/// How many answers the facit demands.
pub(super) fn answers(planted: &Planted, layouts: &Layouts) -> u32 {
    planted.expected.iter().filter(|e| layouts.place(e.judged).is_some()).count() as u32
}

/// The text of `facit.toml`.
pub(super) fn text(options: &DemoOptions, planted: &Planted, layouts: &Layouts) -> String {
    let Planted { m, expected, plants } = planted;
    let mut out = format!(
        "# Facit: hvad reglerne skal svare på denne levering. Skrevet ud fra det, der er plantet, ikke ud fra en kørsel.\n\
         # also = true: en række mere af samme årsag. Rækker, der ikke nævnes, er i orden eller uden for reglerne.\n\n\
         cases = {}\nseed = {}\nclean = {}\nextract_date = {}\n",
        options.cases,
        options.seed,
        options.clean,
        extract_date(),
    );
    for plant in plant::all().filter(|p| plants.contains(p.name)) {
        out.push_str(&format!(
            "\n[[plant]]\nname = {}\nrule = {}\nda = {}\nen = {}\n",
            q(plant.name),
            q(plant.rule),
            q(plant.da),
            q(plant.en)
        ));
    }
    let gate = Gate::new(Some(SECRET.as_bytes()), false);
    let mut sorted: Vec<_> = expected.iter().filter_map(|e| Some((e.rule, layouts.place(e.judged)?, e))).collect();
    sorted.sort_by(|a, b| {
        (a.0, &a.1.file, &a.1.sheet, a.1.row, a.2.judged).cmp(&(b.0, &b.1.file, &b.1.sheet, b.1.row, b.2.judged))
    });
    for (rule, Place { file, sheet, record, row, id }, expected) in sorted {
        let (dataset, key) = key(&gate, m, expected, id.as_deref());
        let key: Vec<String> = key.iter().map(|part| q(part)).collect();
        let verdict = match expected.answer {
            Answer::Violation => "violation",
            Answer::Partly => "partly",
            Answer::NotAssessed => "not assessed",
        };
        let month = match expected.judged {
            Judged::Month(_, month) => MONTHS.get(month).copied().unwrap_or_default(),
            _ => "",
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
fn key(gate: &Gate, m: &Municipality, expected: &Expected, id: Option<&str>) -> (&'static str, Vec<String>) {
    let person = |cpr: &str| gate.pseudonym(Kind::Cpr, cpr);
    match expected.judged {
        Judged::Exam(i) => {
            let exam = &m.exams[i];
            let kind = match exam.kind {
                "Screening" => "screening",
                "Afdækning" => "afdækning",
                "§ 50-undersøgelse" => "§ 50",
                _ => "børnefaglig",
            };
            ("undersøgelse", vec![m.cases[exam.case].sagsnr.clone(), kind.to_owned(), exam.started.to_string()])
        }
        Judged::Grant(i) => ("bevilling", vec![m.grants[i].id.clone()]),
        Judged::Notification(i) => ("underretning", vec![m.steps.notifications[i].id.clone()]),
        Judged::Decision(i) => ("afgørelse", vec!["bevilling".to_owned(), m.grants[i].id.clone()]),
        Judged::FollowUp(i) => {
            let follow_up = &m.steps.follow_ups[i];
            ("opfølgning", vec![m.grants[follow_up.grant].id.clone(), follow_up.planned.to_string()])
        }
        Judged::Placement(i) => {
            let placement = &m.steps.placements[i];
            let start = m.grants[placement.grant].start.to_string();
            let child = &m.cases[placement.case];
            match placement.decided {
                Day::Empty => ("anbringelse", vec![child.sagsnr.clone(), start]),
                decided => {
                    let decided = decided.date().map(|day| day.to_string()).unwrap_or_default();
                    ("anbringelse", vec![person(&child.child.cpr), decided, start])
                }
            }
        }
        Judged::Parental(i) => {
            let row = &m.steps.parental[i];
            ("forældrebetaling", vec![person(&m.cases[row.case].child.cpr), person(&row.parent), row.from.to_string()])
        }
        Judged::Payment(_) => ("betaling", vec![id.unwrap_or_default().to_owned()]),
        Judged::Posting(_) => ("postering", vec![id.unwrap_or_default().to_owned()]),
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

//! A small pack for the tests of this room.

use std::sync::Arc;

use crate::calendar::Date;
use crate::locale::Bilingual;
use crate::model::{
    Code, CodeList, Column, ColumnId, Dataset, DatasetId, Family, Figure, Link, ListId, Pack, Role, Snippet, SourceFile, Status,
    Table,
};
use crate::value::{Decimal, Kind, Value};

fn both(text: &str) -> Bilingual {
    Bilingual::new(text, text)
}

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.into(), text: text.into() }
}

pub(crate) fn snippet(text: &str) -> Snippet {
    let whole = format!("derived = '{text}'");
    Snippet { span: 11..11 + text.len(), file: file("model/test.toml", &whole) }
}

fn column(name: &str, kind: Kind) -> Column {
    Column { name: name.into(), kind, open: true, role: None, names: false, codes: None, derived: None, aliases: Vec::new() }
}

fn dataset(name: &str, columns: &[(&str, Kind)], keys: &[&[&str]]) -> Dataset {
    let columns: Vec<Column> = columns.iter().map(|(name, kind)| column(name, *kind)).collect();
    let find = |name: &str| ColumnId(columns.iter().position(|c| &*c.name == name).expect(name) as u16);
    let keys = keys.iter().map(|key| key.iter().map(|name| find(name)).collect()).collect();
    Dataset {
        name: name.into(),
        title: both(name),
        columns,
        keys,
        closed: None,
        expectations: Vec::new(),
        repeats: false,
        union: Vec::new(),
        file: file("model/test.toml", ""),
    }
}

fn list(name: &str, codes: &[&str]) -> CodeList {
    let code = |code: &&str| Code { code: (*code).into(), title: both(code), aliases: Vec::new(), from: None, until: None };
    CodeList {
        name: name.into(),
        title: both(name),
        kind: Kind::Text,
        codes: codes.iter().map(code).collect(),
        others: false,
        status: Status::Printed,
        source: "".into(),
        file: file("kodelister/test.toml", ""),
    }
}

fn table(name: &str, keys: &[Kind], dated: bool, kind: Kind, value: Value) -> Table {
    let figure = Figure {
        from: dated.then(|| Date::from_ymd(2024, 1, 1)).flatten(),
        until: None,
        keys: keys.iter().map(|_| Value::Text("a".into())).collect(),
        value,
        status: Status::Printed,
        source: "".into(),
    };
    Table {
        name: name.into(),
        title: both(name),
        keys: keys.to_vec(),
        banded: false,
        dated,
        kind,
        local: false,
        rows: vec![figure],
        file: file("satser/test.toml", ""),
    }
}

/// Datasets sag, person, bevilling, betaling, plan; a chain betaling -> bevilling -> sag -> person.
pub(crate) fn pack() -> Pack {
    let mut sag = dataset(
        "sag",
        &[("sagsnr", Kind::Text), ("cpr", Kind::Cpr), ("status", Kind::Text), ("afsluttet", Kind::Date)],
        &[&["sagsnr"]],
    );
    sag.closed = Some(snippet("afsluttet is present"));
    sag.columns[0].role = Some(Role::Case);
    let person = dataset("person", &[("cpr", Kind::Cpr), ("fødselsdato", Kind::Date)], &[&["cpr"]]);
    let mut bevilling = dataset(
        "bevilling",
        &[
            ("ydelse_id", Kind::Text),
            ("sagsnr", Kind::Text),
            ("ydelsestype", Kind::Text),
            ("start", Kind::Date),
            ("slut", Kind::Date),
            ("paragraf", Kind::Paragraf),
            ("timer", Kind::Decimal(2)),
            ("vurderet", Kind::Timestamp),
            ("årsag", Kind::TextList),
        ],
        &[&["ydelse_id"]],
    );
    bevilling.columns[8].codes = Some(ListId(1));
    let mut betaling = dataset(
        "betaling",
        &[
            ("id", Kind::Text),
            ("ydelse_id", Kind::Text),
            ("beløb", Kind::Money(2)),
            ("dato", Kind::Date),
            ("art", Kind::Text),
            ("måned", Kind::Month),
            ("konto", Kind::Konto),
            ("antal", Kind::Integer),
        ],
        &[&["id"]],
    );
    betaling.columns[4].codes = Some(ListId(0));
    let plan = dataset("plan", &[("sagsnr", Kind::Text), ("dato", Kind::Date)], &[&["sagsnr", "dato"]]);
    let datasets = vec![sag, person, bevilling, betaling, plan];
    let link = |from: u16, to: u16, name: &str, pairs: &[(&str, &str)]| Link {
        from: DatasetId(from),
        to: DatasetId(to),
        name: name.into(),
        back: datasets[usize::from(from)].name.clone(),
        ways: vec![
            pairs
                .iter()
                .map(|(a, b)| {
                    let a = datasets[usize::from(from)].column(a).expect(a);
                    (a, datasets[usize::from(to)].column(b).expect(b))
                })
                .collect(),
        ],
        one: true,
    };
    let links = vec![
        link(0, 1, "person", &[("cpr", "cpr")]),
        link(2, 0, "sag", &[("sagsnr", "sagsnr")]),
        link(3, 2, "bevilling", &[("ydelse_id", "ydelse_id")]),
        link(4, 0, "sag", &[("sagsnr", "sagsnr")]),
    ];
    let mut konti = list("forældrebetaling_konti", &["5.28.20.1.092"]);
    konti.kind = Kind::Konto;
    let money = |units| Value::Money(Decimal::new(units, 2));
    Pack {
        name: "test".into(),
        version: "0.1.0".into(),
        vocabulary_dk: true,
        currency: "kr".into(),
        figure_folders: vec![Family { folder: "tal".into(), title: both("Tal") }],
        figures: Vec::new(),
        families: ["bevilling", "tabt"].iter().map(|f| Family { folder: (*f).to_owned(), title: both(f) }).collect(),
        datasets,
        links,
        tables: vec![
            table("taf_loft", &[], true, Kind::Money(2), money(3_000_000)),
            table("satser", &[Kind::Text], true, Kind::Money(2), money(100)),
            table("psp_konto", &[Kind::Text], false, Kind::Konto, Value::Text("5.28.20.1.092".into())),
        ],
        lists: vec![list("arter", &["TAF", "MER"]), list("årsager", &["overgreb", "svigt"]), konti],
        ..Pack::default()
    }
}

/// The pack with these rule files.
pub(crate) fn pack_with(rules: &[(&str, &str)]) -> Pack {
    let rules = rules.iter().map(|(path, text)| SourceFile { path: Arc::from(*path), text: Arc::from(*text) }).collect();
    Pack { rules, ..pack() }
}

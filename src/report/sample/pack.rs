//! The sample's pack: five datasets, their links, one table.

use super::{BEVILLING, POSTERING, SAG, TAF, UNDERSØGELSE};
use crate::calendar::Date;
use crate::locale::Bilingual;
use crate::model::{self, ColumnId, Dataset, Family, Figure, Link, Pack, Profile, Role, SourceFile, Status};
use crate::value::{Decimal, Kind, Value};

fn column(name: &str, kind: Kind, open: bool, role: Option<Role>) -> model::Column {
    model::Column { name: name.into(), kind, open, role, names: false, codes: None, derived: None, aliases: Vec::new() }
}

fn dataset(name: &str, columns: Vec<model::Column>, keys: &[&[u16]]) -> Dataset {
    Dataset {
        name: name.into(),
        title: Bilingual::new(name, name),
        columns,
        keys: keys.iter().map(|key| key.iter().map(|c| ColumnId(*c)).collect()).collect(),
        closed: None,
        expectations: Vec::new(),
        repeats: false,
        union: Vec::new(),
        file: file("model/sample.toml", ""),
    }
}

pub(super) fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.into(), text: text.into() }
}

pub(super) fn pack() -> Pack {
    let (text, date, kr) = (Kind::Text, Kind::Date, Kind::Money(2));
    let mut konto = column("konto", Kind::Text, true, None);
    konto.derived = Some(model::Snippet { file: file("model/postering.toml", "psp_konto[psp]"), span: 0..14 });
    let mut sag = dataset(
        "sag",
        vec![
            column("sagsnr", text, true, Some(Role::Case)),
            column("cpr", Kind::Cpr, false, Some(Role::Person)),
            column("sagsbehandler", text, true, Some(Role::Owner)),
            column("afdeling", text, true, Some(Role::Team)),
        ],
        &[&[0], &[1]],
    );
    sag.closed = Some(model::Snippet { file: file("model/sag.toml", "false"), span: 0..5 });
    let bevilling = vec![
        column("ydelse_id", text, true, None),
        column("sagsnr", text, true, Some(Role::Case)),
        column("cpr", Kind::Cpr, false, Some(Role::Person)),
        column("ydelsestype", text, true, None),
        column("start", date, false, None),
        column("slut", date, false, None),
    ];
    let undersøgelse = vec![
        column("sagsnr", text, true, Some(Role::Case)),
        column("opmærksom", date, false, None),
        column("foreløbig_vurdering", date, false, None),
        column("afsluttet", date, false, None),
    ];
    let taf = vec![
        column("forælder_cpr", Kind::Cpr, false, None),
        column("barn_cpr", Kind::Cpr, false, Some(Role::Person)),
        column("måned", Kind::Month, false, None),
        column("timer_uge", Kind::Decimal(2), false, None),
        column("normtid", Kind::Decimal(2), false, None),
        column("bruttoløn_md", kr, false, None),
        column("beregnet_md", kr, false, Some(Role::Amount)),
    ];
    let postering = vec![
        column("bilagsnr", text, true, None),
        column("psp", text, true, None),
        konto,
        column("beløb", kr, false, Some(Role::Amount)),
        column("tekst", text, false, None),
        column("ydelsesmodtager", Kind::Cpr, false, Some(Role::Person)),
        column("artskonto", text, true, None),
    ];
    let link = |from, way: &[(u16, u16)]| Link {
        from,
        to: SAG,
        name: "sag".into(),
        back: "tilbage".into(),
        ways: way.iter().map(|(a, b)| vec![(ColumnId(*a), ColumnId(*b))]).collect(),
        one: true,
    };
    let profile = |name: &str| Profile {
        name: name.into(),
        system: String::new(),
        title: Bilingual::default(),
        signature: Vec::new(),
        without: Vec::new(),
        files: Vec::new(),
        final_line_end: true,
        total: None,
        feeds: Vec::new(),
        file: file("profiler/sample.toml", ""),
    };
    let loft = model::Table {
        name: "taf_loft".into(),
        title: Bilingual::new("Loft pr. måned", "Monthly cap"),
        keys: Vec::new(),
        banded: false,
        dated: true,
        kind: kr,
        local: false,
        rows: vec![Figure {
            from: Date::from_ymd(2025, 1, 1),
            until: None,
            keys: Vec::new(),
            value: Value::Money(Decimal::new(3_524_700, 2)),
            status: Status::Unverified,
            source: "Sekundær kilde".into(),
        }],
        file: file("satser/taf.toml", ""),
    };
    let family = |folder: &str, da: &str, en: &str| Family { folder: folder.to_owned(), title: Bilingual::new(da, en) };
    Pack {
        name: "dk".to_owned(),
        version: "0.1.0".to_owned(),
        vocabulary_dk: true,
        currency: "kr".to_owned(),
        currency_sign: "kr.".to_owned(),
        years_back: None,
        families: vec![
            family("sagsskridt", "Sagsskridt", "Case steps"),
            family("bevilling", "Bevilling", "Grants"),
            family("foraeldrebetaling", "Forældrebetaling", "Parental payment"),
            family("tabt-arbejdsfortjeneste", "Tabt arbejdsfortjeneste", "Lost earnings"),
        ],
        datasets: vec![
            sag,
            dataset("bevilling", bevilling, &[&[0], &[2, 4]]),
            dataset("undersøgelse", undersøgelse, &[&[0, 1]]),
            dataset("taf_måned", taf, &[&[0, 1, 2]]),
            dataset("postering", postering, &[&[0]]),
        ],
        links: vec![
            link(BEVILLING, &[(1, 0), (2, 1)]),
            link(UNDERSØGELSE, &[(0, 0)]),
            link(TAF, &[(1, 1)]),
            link(POSTERING, &[(5, 1)]),
        ],
        tables: vec![loft],
        profiles: ["dubu-sager", "dubu-undersoegelser", "dubu-ydelser", "opus-omposteringer", "tabt-arbejdsfortjeneste"]
            .map(profile)
            .into(),
        hash: "f00d".repeat(16),
        ..Pack::default()
    }
}

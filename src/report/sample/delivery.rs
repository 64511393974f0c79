//! The sample's files and tables: every place by hand.

use std::collections::BTreeMap;

use super::{BEVILLING, CHILD, OTHER_CHILD, PARENT, POSTERING, SAG, TAF, UNDERSØGELSE};
use crate::calendar::Date;
use crate::export::{Dialect, Format, Grammar, Separator};
use crate::intake::{
    Chunk, Column, Delivery, ExtractDate, FileReading, HeaderReading, Merged, Repair, SheetReading, Skip, Table,
};
use crate::model::{ColumnId, DatasetId, Pack, ProfileId};
use crate::value::{Cause, Cell, Decimal, Value};

fn headers(names: &[&str], feeds: &[(u16, DatasetId, u16)]) -> Vec<HeaderReading> {
    (0_u16..)
        .zip(names)
        .map(|(i, name)| HeaderReading {
            text: (*name).into(),
            sheet_column: i,
            feeds: feeds.iter().filter(|f| f.0 == i).map(|f| (f.1, ColumnId(f.2))).collect(),
            filled: 4,
            malformed: 0,
            shapes: Vec::new(),
        })
        .collect()
}

fn reading(path: &str, format: Format, sheets: Vec<SheetReading>) -> FileReading {
    let text = format == Format::Csv;
    FileReading {
        path: path.into(),
        sha256: "ab".repeat(32),
        size: 1234,
        format: Some(format),
        dialect: text.then_some(Dialect {
            encoding: "UTF-8",
            bom: true,
            grammar: Some(Grammar::plain(Separator::byte(b';'))),
            undecodable: 0,
            nuls: 0,
        }),
        sheets,
        export: None,
    }
}

pub(super) fn delivery(owner_header: &str) -> Delivery {
    let sheet = |profile: u16, headers: Vec<HeaderReading>, records: u32| SheetReading {
        profile: Some(ProfileId(profile)),
        header_row: Some(1),
        headers,
        records,
        ..SheetReading::default()
    };
    let sager = sheet(
        0,
        headers(
            &["Sagsnummer", "CPR-nr.", "Navn", "Sagsbehandler", "Afdeling"],
            &[(0, SAG, 0), (1, SAG, 1), (3, SAG, 2), (4, SAG, 3)],
        ),
        3,
    );
    let mut undersøgelser = sheet(
        1,
        headers(
            &["Sagsnummer", "Opmærksom dato", "Foreløbig vurdering", "Afsluttet"],
            &[(0, UNDERSØGELSE, 0), (1, UNDERSØGELSE, 1), (2, UNDERSØGELSE, 2), (3, UNDERSØGELSE, 3)],
        ),
        2,
    );
    undersøgelser.headers[2].malformed = 1;
    let mut ydelser = sheet(
        2,
        headers(
            &["Ydelses-ID", "Sagsnummer", "CPR-nr.", "Ydelsestype", "Startdato", "Slutdato", owner_header],
            &[(0, BEVILLING, 0), (1, BEVILLING, 1), (2, BEVILLING, 2), (3, BEVILLING, 3), (4, BEVILLING, 4), (5, BEVILLING, 5)],
        ),
        6,
    );
    ydelser.name = Some("Ydelser".into());
    ydelser.header_row = Some(3);
    ydelser.repairs = BTreeMap::from([(Repair::CprZero, 2), (Repair::SerialDate, 11)]);
    let mut posteringer = sheet(
        3,
        headers(
            &["Artskonto", "PSP-element", "Beløb", "Tekst", "Ydelsesmodtagernr.", "Referencenøgle"],
            &[(0, POSTERING, 6), (1, POSTERING, 1), (2, POSTERING, 3), (3, POSTERING, 4), (4, POSTERING, 5), (5, POSTERING, 0)],
        ),
        2,
    );
    posteringer.skipped = BTreeMap::from([(Skip::Total, 1), (Skip::Shifted, 1)]);
    posteringer.totals = vec![("Beløb".into(), "-4.250,00".to_owned(), "-4.250,00".to_owned(), true)];
    let mut taf = sheet(
        4,
        headers(
            &["Forælder CPR", "Barnets CPR", "Timer/uge", "Normtid", "Månedsløn", "Januar", "Februar"],
            &[(0, TAF, 0), (1, TAF, 1), (2, TAF, 3), (3, TAF, 4), (4, TAF, 5), (5, TAF, 6), (6, TAF, 6)],
        ),
        1,
    );
    taf.name = Some("2025".into());
    taf.header_row = Some(3);
    Delivery {
        files: vec![
            reading("DUBU_sager_2026-10-31.csv", Format::Csv, vec![sager]),
            reading("DUBU_undersoegelser_2026-10-31.csv", Format::Csv, vec![undersøgelser]),
            reading("DUBU_ydelser_2026-10-31.xlsx", Format::Xlsx, vec![ydelser]),
            reading("OPUS_posteringer_2026-10.csv", Format::Csv, vec![posteringer]),
            reading("Tabt_arbejdsfortjeneste_2026-10-31.xlsx", Format::Xlsx, vec![taf]),
        ],
        tables: Vec::new(),
        problems: Vec::new(),
        ignored: Vec::new(),
        extract_date: ExtractDate { oldest: Date::from_ymd(2026, 10, 31), newest: Date::from_ymd(2026, 10, 31) },
    }
}

fn t(text: &str) -> Cell {
    Cell::Present(Value::Text(text.into()))
}

fn d(text: &str) -> Cell {
    Cell::Present(Value::Date(Date::parse_iso(text).expect(text)))
}

fn kr(øre: i128) -> Cell {
    Cell::Present(Value::Money(Decimal::new(øre, 2)))
}

fn n(hundredths: i128) -> Cell {
    Cell::Present(Value::Number(Decimal::new(hundredths, 2)))
}

/// Rows of a table: where each stands (sheet row, line), its month (0 = none), and its cells.
type Rows = Vec<Place>;
/// One of them.
type Place = ((u32, u32), u8, Vec<Cell>);

struct Feed<'a> {
    dataset: DatasetId,
    file: u16,
    columns: &'a [Option<u16>],
    months: Option<Vec<(ColumnId, [Option<u16>; 12])>>,
    rows: Rows,
}

fn table(pack: &Pack, mut feed: Feed<'_>, shuffle: &[u32]) -> Table {
    if shuffle.len() >= feed.rows.len() {
        let mut rank: Vec<usize> = (0..feed.rows.len()).collect();
        rank.sort_by_key(|&i| shuffle[i]);
        let records: Vec<_> = rank.iter().map(|&i| (i, feed.rows[i].clone())).collect();
        return filled(pack, feed.dataset, feed.file, feed.columns, feed.months.take(), &records);
    }
    let records: Vec<_> = feed.rows.iter().cloned().enumerate().collect();
    filled(pack, feed.dataset, feed.file, feed.columns, feed.months.take(), &records)
}

fn filled(
    pack: &Pack,
    dataset: DatasetId,
    file: u16,
    sheet_columns: &[Option<u16>],
    month_columns: Option<Vec<(ColumnId, [Option<u16>; 12])>>,
    rows: &[(usize, Place)],
) -> Table {
    let mut columns: Vec<Column> = pack.get(dataset).columns.iter().map(|c| Column::new(c.kind)).collect();
    for (_, (_, _, cells)) in rows {
        columns.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell.clone()));
    }
    Table {
        dataset,
        chunks: vec![Chunk {
            file,
            sheet: 0,
            first: 0,
            rows: rows.len() as u32,
            sheet_columns: sheet_columns.to_vec(),
            month_columns,
            delivered: vec![true; columns.len()],
        }],
        records: rows.iter().map(|(record, row)| if row.1 > 0 { 1 } else { *record as u32 + 1 }).collect(),
        places: rows.iter().map(|(_, row)| row.0).collect(),
        unfolded: rows.iter().map(|(_, row)| row.1).collect(),
        merged: Merged::default(),
        incomplete: Vec::new(),
        refused: u32::from(dataset == POSTERING),
        columns,
    }
}

pub(super) fn tables(pack: &Pack, owner: &str, shuffle: &[u32]) -> Vec<Table> {
    let plain = |n: u16| (0..n).map(Some).collect::<Vec<_>>();
    let sag = |row: u32, nr: &str, cpr: &str, team: &str| ((row, row), 0, vec![t(nr), t(cpr), t(owner), t(team)]);
    let ydelse = |row: u32, id: &str, nr: &str, cpr: &str, kind: &str, start: &str, slut: Cell| {
        ((row, row), 0, vec![t(id), t(nr), t(cpr), t(kind), d(start), slut])
    };
    let taf = |month: u8, amount| {
        let day = Date::from_ymd(2025, u32::from(month), 1).expect("a month");
        let cells = vec![t(PARENT), t(CHILD), Cell::Present(Value::Date(day)), n(1500), n(3700), kr(4_000_000), kr(amount)];
        ((4, 4), month, cells)
    };
    let (six, four) = (plain(6), plain(4));
    let mut months = [None; 12];
    months[0] = Some(5);
    months[1] = Some(6);
    let feeds = vec![
        Feed {
            dataset: SAG,
            file: 0,
            columns: &[Some(0), Some(1), Some(3), Some(4)],
            months: None,
            rows: vec![
                sag(2, "2024-0113", CHILD, "Familie Vest"),
                sag(3, "2025-0007", OTHER_CHILD, "Familie Øst"),
                sag(4, "2026-0201", PARENT, "Familie Vest"),
            ],
        },
        Feed {
            dataset: BEVILLING,
            file: 2,
            columns: &six,
            months: None,
            rows: vec![
                ydelse(4, "B1001", "2024-0113", CHILD, "Aflastning", "2024-03-01", Cell::Empty),
                ydelse(5, "B1002", "2024-0113", CHILD, "Fast kontaktperson", "2025-01-01", Cell::Empty),
                ydelse(9, "B1003", "2025-0007", OTHER_CHILD, "Aflastning", "2025-06-01", Cell::Empty),
                ydelse(118, "B1004", "2025-0007", OTHER_CHILD, "Aflastning", "2026-02-01", Cell::Empty),
                ydelse(119, "B1005", "2025-0007", OTHER_CHILD, "Praktisk støtte", "2025-02-01", d("2026-12-31")),
                ydelse(1204, "B1006", "2026-0201", PARENT, "Aflastning", "2026-05-01", Cell::Unknown(Cause::Unreadable)),
            ],
        },
        Feed {
            dataset: UNDERSØGELSE,
            file: 1,
            columns: &four,
            months: None,
            rows: vec![
                ((2, 2), 0, vec![t("2024-0113"), d("2025-01-10"), d("2025-04-01"), d("2025-06-20")]),
                ((3, 6), 0, vec![t("2025-0007"), d("2026-04-15"), Cell::Unknown(Cause::Unreadable), Cell::Empty]),
            ],
        },
        Feed {
            dataset: TAF,
            file: 4,
            columns: &[Some(0), Some(1), None, Some(2), Some(3), Some(4), None],
            months: Some(vec![(ColumnId(6), months)]),
            rows: vec![taf(1, 1_428_932), taf(2, 1_621_622)],
        },
        Feed {
            dataset: POSTERING,
            file: 3,
            columns: &[Some(5), Some(1), None, Some(2), Some(3), Some(4), Some(0)],
            months: None,
            rows: vec![
                (
                    (2, 2),
                    0,
                    vec![
                        t("R-17"),
                        t("XA-0000001-00020"),
                        t("5.28.20.1.092"),
                        kr(-125_000),
                        t("Egenbetaling Testperson"),
                        t(CHILD),
                        t("79900000"),
                    ],
                ),
                (
                    (3, 3),
                    0,
                    vec![
                        t("R-18"),
                        t("XA-0000001-00030"),
                        t("5.28.21.1.092"),
                        kr(-300_000),
                        t("Egenbetaling"),
                        t(OTHER_CHILD),
                        t("79900000"),
                    ],
                ),
            ],
        },
    ];
    feeds.into_iter().map(|feed| table(pack, feed, shuffle)).collect()
}

/// Gives the first column of a dataset another value in the rows that have this one.
pub(super) fn rename(tables: &mut [Table], dataset: DatasetId, from: &str, to: &str) {
    for table in tables.iter_mut().filter(|t| t.dataset == dataset) {
        let mut renamed = Column::new(table.columns[0].kind());
        for row in 0..table.columns[0].len() as u32 {
            let cell = table.columns[0].get(row);
            renamed.push(if cell == t(from) { t(to) } else { cell });
        }
        table.columns[0] = renamed;
    }
}

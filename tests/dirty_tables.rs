//! Clean tables made dirty in every way that text files are found dirty, each read without a word of help.
//!
//! The kinds are those of a public survey of CSV files: other separators, quotes, escapes and line ends, for the file or for one
//! row; headers of none to three lines; rows above the table; several tables; a delimiter or quote too many or too few.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests may fail like tests")]

use std::fs;
use std::path::PathBuf;

use sagstjek::export::{Export, ExportOptions, GridReport, Piece};

type Rows = Vec<Vec<String>>;

/// The tables that are made dirty: header first, no two alike in shape.
fn clean_tables() -> Vec<Rows> {
    let staff = ["Ana Holm", "Bo Lind", "Cai Rask, vikar", "Dea \"D\" Krog", "Eli Juul", "Fie Møller-Å"];
    let cases = (0..40).map(|i| {
        let (day, name) = (i % 28 + 1, staff[i % staff.len()]);
        let amount = format!("{}.{:03},{:02}", i + 1, (i * 37) % 1000, i % 100);
        let note = if i % 3 == 0 { String::new() } else { format!("Møde nr. {i}, se referat") };
        vec![format!("{}", 1000 + i), format!("{day:02}-03-2026"), format!("S-2026-{:04}", i * 7), name.to_owned(), amount, note]
    });
    let shops = (0..25).map(|i| {
        let text = format!("Shop \"{i}\" at the corner, open {} days", i % 7 + 1);
        vec![
            text,
            format!("https://shop.example/{i}"),
            format!("${}.{:02}", i * 3, i % 100),
            format!("{:02}:{:02}", i % 24, i % 60),
        ]
    });
    let hours = (0..60)
        .map(|i| vec![format!("2026-{:02}-{:02}", i % 12 + 1, i % 28 + 1), format!("{}", i * 11 % 37), format!("{}", i % 5)]);
    let table = |header: &[&str], rows: Rows| {
        let header: Vec<String> = header.iter().map(|c| (*c).to_owned()).collect();
        std::iter::once(header).chain(rows).collect::<Rows>()
    };
    vec![
        table(&["Løbenr", "Dato", "Sagsnr", "Rådgiver", "Beløb", "Bemærkning"], cases.collect()),
        table(&["Name", "Address", "Price", "Opens"], shops.collect()),
        table(&["Dag", "Timer", "Fravær"], hours.collect()),
    ]
}

/// How a file is written.
#[derive(Clone, Copy)]
struct Style<'a> {
    separator: &'a str,
    quote: char,
    /// What stands before a quote inside quotes.
    escape: &'a str,
    end: &'a str,
}

const PLAIN: Style<'static> = Style { separator: ",", quote: '"', escape: "\"", end: "\n" };

fn cell(text: &str, style: Style<'_>) -> String {
    let must = text.contains(style.separator) || text.contains([style.quote, '\n', '"', ',', ';', ' ']);
    if !must {
        return text.to_owned();
    }
    let inner = text.replace(style.quote, &format!("{}{}", style.escape, style.quote));
    format!("{0}{inner}{0}", style.quote)
}

fn record(cells: &[String], style: Style<'_>) -> String {
    cells.iter().map(|text| cell(text, style)).collect::<Vec<_>>().join(style.separator)
}

fn text(rows: &Rows, style: Style<'_>) -> String {
    rows.iter().map(|row| record(row, style) + style.end).collect()
}

/// What a file's tables hold, header first, and what was done.
fn read(name: &str, bytes: impl AsRef<[u8]>) -> (Rows, GridReport) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("dirty");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    let export = Export::open(&path, name.into(), &ExportOptions::default()).unwrap();
    let mut rows = Vec::new();
    let report = export
        .tables(0, &mut |piece| {
            match piece {
                Piece::Table { header, .. } => rows.extend(header.map(<[String]>::to_vec)),
                Piece::Row { cells, .. } => rows.push(cells.to_vec()),
            }
            true
        })
        .unwrap();
    (rows, report)
}

fn assert_reads(name: &str, bytes: impl AsRef<[u8]>, expected: &Rows) -> GridReport {
    let (found, report) = read(name, bytes);
    for (i, (a, b)) in found.iter().zip(expected).enumerate() {
        assert_eq!(a, b, "{name}: row {i}");
    }
    assert_eq!(found.len(), expected.len(), "{name}");
    report
}

#[test]
fn a_file_may_have_any_separator_quote_escape_and_line_end() {
    for (t, table) in clean_tables().iter().enumerate() {
        for separator in [",", ";", "\t", "|", " ", ", ", "||", "~", "^", "§", "\u{1f}", "~|~"] {
            for (quote, escape, end) in
                [('"', "\"", "\n"), ('"', "\"", "\r\n"), ('"', "\"", "\r"), ('\'', "'", "\n"), ('"', "\\", "\n")]
            {
                let style = Style { separator, quote, escape, end };
                let name = format!("{t}-{separator:?}-{quote}{escape}-{end:?}.csv").replace(['\\', '"', '|', '{', '}'], "_");
                let report = assert_reads(&name, text(table, style), table);
                assert_eq!((report.uneven.0, report.tables), (0, 1), "{name}");
            }
        }
    }
}

#[test]
fn quotes_inside_quotes_need_not_be_escaped() {
    for (t, table) in clean_tables().iter().enumerate() {
        for separator in [",", ";"] {
            assert_reads(&format!("bare-{t}{separator}.csv"), text(table, Style { separator, escape: "", ..PLAIN }), table);
        }
    }
}

#[test]
fn a_table_has_none_or_several_header_lines_and_rows_above_it() {
    for (t, table) in clean_tables().iter().enumerate() {
        for separator in [",", ";", "\t"] {
            let style = Style { separator, ..PLAIN };
            let body = text(table, style);
            let (header, rows) = (&table[0], table[1..].to_vec());
            let name = |kind: &str| format!("{kind}-{t}.csv");
            assert_reads(&name("no-header"), text(&rows, style), &rows);
            assert_reads(&name("header-only"), text(&vec![header.clone()], style), &vec![header.clone()]);
            assert_reads(&name("one-row"), text(&table[..2].to_vec(), style), &table[..2].to_vec());
            assert_reads(&name("no-end"), body.trim_end_matches('\n'), table);
            assert_reads(&name("blank-end"), format!("{body}\n\n{separator}{separator}\n"), table);
            for lines in [2, 3] {
                let joined: Vec<String> = header.iter().map(|h| vec![h.as_str(); lines].join(" ")).collect();
                let expected: Rows = std::iter::once(joined).chain(rows.clone()).collect();
                assert_reads(&name("lines"), (record(header, style) + "\n").repeat(lines - 1) + &body, &expected);
            }
            let padding = separator.repeat(header.len() - 1);
            for above in [
                format!("Udtræk{padding}\n{padding}\n"),
                "Udtræk af sager\n\n".to_owned(),
                "Udtræk af sager\nUdtrukket den 31. oktober 2026\n\n".to_owned(),
                format!("Udtrukket{separator}31-10-2026\nAf{separator}LMJ\n\n"),
            ] {
                let report = assert_reads(&name("above"), above + &body, table);
                assert!(report.above > 0, "{t}");
            }
        }
    }
}

#[test]
fn tables_follow_each_other() {
    let tables = clean_tables();
    for (a, b) in [(0, 1), (1, 0), (0, 2), (2, 1)] {
        let expected: Rows = tables[a].iter().chain(&tables[b]).cloned().collect();
        for between in ["", "\n", "\nTabel 2\n"] {
            let body = text(&tables[a], PLAIN) + between + &text(&tables[b], PLAIN);
            let report = assert_reads("two.csv", body, &expected);
            assert_eq!(report.tables, 2, "{a} {b} {between:?}");
        }
    }
    let twice: Rows = tables[0].iter().chain(&tables[0]).cloned().collect();
    assert_eq!(assert_reads("same.csv", text(&twice, PLAIN), &twice).tables, 2);
}

/// Each third row of each table damaged in each cell: how many there are, how many readings are right, how many are wrong and
/// not told, and how many were mended wrongly.
fn damage(kind: &str, make: impl Fn(&[String], usize) -> Option<(String, Vec<String>)>) -> (usize, usize, usize, usize) {
    let (mut all, mut right, mut silent, mut misled) = (0, 0, 0, 0);
    for table in &clean_tables() {
        for at in (0..table.len()).step_by(3) {
            for column in 0..table[0].len() {
                let Some((line, cells)) = make(&table[at], column) else { continue };
                let mut expected = table.clone();
                expected[at] = cells;
                let body = text(&table[..at].to_vec(), PLAIN) + &line + "\n" + &text(&table[at + 1..].to_vec(), PLAIN);
                let (found, report) = read(&format!("{kind}.csv"), body);
                let hits = found.iter().filter(|row| expected.contains(row)).count();
                assert!(hits + 2 >= expected.len(), "{kind} row {at} column {column}: {hits} of {}", expected.len());
                all += 1;
                right += usize::from(found == expected);
                silent += usize::from(found != expected && report.uneven.0 + report.mended.0 == 0);
                misled += usize::from(found != expected && report.mended.0 > 0);
            }
        }
    }
    (all, right, silent, misled)
}

/// One table of typed columns, a text that ends in an inch mark among them, with one of its lines replaced.
fn with_line(at: usize, line: &str) -> (String, Rows) {
    let rows = (1..13).map(|i| {
        let (sag, dag) = (format!("{i:03}-{:02}", i * 7 % 100), format!("{:02}-03-2026", i % 28 + 1));
        vec![sag, dag, format!("Rør {i}\""), format!("{i},50"), format!("tekst {i}")]
    });
    let header = ["Sag", "Dato", "Vare", "Pris", "Note"].map(str::to_owned).to_vec();
    let table: Rows = std::iter::once(header).chain(rows).collect();
    let style = Style { separator: ";", ..PLAIN };
    let lines: Vec<String> = table.iter().map(|row| record(row, style)).collect();
    let lines = lines.iter().enumerate().map(|(i, whole)| if i == at { line } else { whole.as_str() });
    (lines.collect::<Vec<_>>().join("\n") + "\n", table)
}

#[test]
fn a_row_is_mended_where_one_reading_fits_its_columns() {
    for (at, line) in [
        (5, "005-3506-03-2026;\"Rør 5\"\"\";5,50;tekst 5"),
        (5, "005-35;06-03-2026\"Rør 5\"\"\";5,50;tekst 5"),
        (5, "005-35;06-03-2026;\"Rør 5\"\"\"5,50;tekst 5"),
        (5, "005-35;06-03-2026;\"Rør 5\"\"\";5,50tekst 5"),
        (5, "005-35;;06-03-2026;\"Rør 5\"\"\";5,50;tekst 5"),
        (5, "005-35\t06-03-2026\t\"Rør 5\"\"\"\t5,50\ttekst 5"),
        // The first record is no second line of the header.
        (1, "001-0702-03-2026;\"Rør 1\"\"\";1,50;tekst 1"),
        (1, ";001-07;02-03-2026;\"Rør 1\"\"\";1,50;tekst 1"),
        (1, "001-07|02-03-2026|\"Rør 1\"\"\"|1,50|tekst 1"),
    ] {
        let (body, table) = with_line(at, line);
        let report = assert_reads("mended.csv", body, &table);
        assert_eq!((report.mended.0, report.uneven.0, report.header_lines), (1, 0, 1), "{line}");
    }
}

#[test]
fn a_row_of_which_two_readings_fit_is_left_as_it_stands_and_told() {
    let rows: String = (0..20).map(|i| format!("Person {i},By {i},note {i}\n")).collect();
    for damaged in ["Person 20,Bynote 20", "Person 20By,note 20"] {
        let (found, report) = read("tie.csv", format!("Navn,By,Note\n{rows}{damaged}\n"));
        let as_it_stands: Vec<&str> = damaged.split(',').chain([""]).collect();
        assert_eq!(found[21], as_it_stands, "{damaged}");
        assert_eq!((report.mended.0, report.uneven), (0, (1, vec![22])), "{damaged}");
    }
}

#[test]
fn a_header_over_words_may_be_damaged_or_repeated() {
    let rows = "\"Holm, Ana\",Ribe,\"x, y\"\nBo,Vejle,z\nCai,Ribe,æ\n";
    let records = [["Holm, Ana", "Ribe", "x, y"], ["Bo", "Vejle", "z"], ["Cai", "Ribe", "æ"]];
    for (header, expected) in [
        ("Navn,By,Note\nNavn,By,Note\n", ["Navn Navn", "By By", "Note Note"]),
        ("Navn,By,\"Note,\n", ["Navn", "By", "\"Note"]),
        ("Navn,,By,Note\n", ["Navn", "By", "Note"]),
    ] {
        let table: Rows = std::iter::once(expected).chain(records).map(|row| row.map(str::to_owned).to_vec()).collect();
        assert_reads("words.csv", format!("{header}{rows}"), &table);
    }
    let (found, report) = read("again.csv", format!("Navn,By,Note\n{rows}Navn,By\nDea,Ribe\nEli,Vejle\n"));
    assert_eq!((report.tables, found.len(), &found[5][..]), (2, 7, &["Dea".to_owned(), "Ribe".to_owned()][..]));
}

/// Small files as they are found in public: what is read of each, cells divided by `|`, and how many rows are told.
#[test]
fn odd_public_files_are_read_as_a_person_would() {
    for (name, text, expected, told) in [
        ("trailing delimiter in the header", "a;b;c;\n1;2;x\n3;4;y\n", "a|b|c\n1|2|x\n3|4|y", 1),
        ("trailing delimiters in the rows", "a;b;c\n1;2;x;\n3;4;y;\n5;6;z;\n", "a|b|c\n1|2|x|\n3|4|y|\n5|6|z|", 1),
        ("ragged", "id;n;tag\n1;A;x\n2;B;x;y\n3;C\n4;D;x\n5;E;x\n", "id|n|tag\n1|A|x\n2|B|x|y\n3|C|\n4|D|x\n5|E|x", 2),
        ("comments", "# af system\nid;navn;tal\n1;A;2,5\n2;B;3,5\n# slut\n", "id|navn|tal\n1|A|2,5\n2|B|3,5\n# slut||", 1),
        ("blank lines first", "\n\n\nid,navn\n1,A\n2,B\n", "id|navn\n1|A\n2|B", 0),
        ("blank lines between", "id;n\n\n1;2\n\n3;4\n", "id|n\n1|2\n3|4", 0),
        ("footnotes", "id;tal\n1;2,5\n2;3,5\n\nKilde: DST\nNote: x\n", "id|tal\n1|2,5\n2|3,5\nKilde: DST|\nNote: x|", 2),
        ("totals", "id;navn;tal\n1;A;2,5\n2;B;3,5\nI alt;;6,0\n", "id|navn|tal\n1|A|2,5\n2|B|3,5\nI alt||6,0", 0),
        ("empty columns", "a;;b;;\n1;;2;;\n3;;4;;\n", "a||b||\n1||2||\n3||4||", 0),
        (
            "one column of sentences",
            "Note\nHej, med dig\nJa\nNej, tak, ellers\nMåske\n",
            "Note\nHej, med dig\nJa\nNej, tak, ellers\nMåske",
            0,
        ),
        ("one column of amounts", "Beløb\n1,50\n2,75\n", "Beløb\n1,50\n2,75", 0),
        ("decimal commas", "a;b\n1,5;2,5\n3,5;4,5\n", "a|b\n1,5|2,5\n3,5|4,5", 0),
        ("fixed width", "Navn   Alder\nAna      12,5\nBo        7,0\n", "Navn   Alder\nAna      12,5\nBo        7,0", 0),
        (
            "tabs and blanks",
            "Navn\t  Alder\t  By\nAna\t  12\t  Ribe\nBo\t  7\t  Vejle\n",
            "Navn|Alder|By\nAna|12|Ribe\nBo|7|Vejle",
            0,
        ),
        ("blanks behind commas", "a, b, c\n1, \"x, y\", 3\n2, z, 4\n", "a|b|c\n1|x, y|3\n2|z|4", 0),
        ("a quote that never closes", "id;text;n\n1;\"abc;2\n2;def;3\n3;ghi;4\n", "id|text|n\n1|\"abc|2\n2|def|3\n3|ghi|4", 1),
        (
            "inch marks",
            "vare;mål;pris\nRør;5\";12,50\nPlade;3\" lang;2,50\n",
            "vare|mål|pris\nRør|5\"|12,50\nPlade|3\" lang|2,50",
            0,
        ),
        ("line ends of three kinds", "a;b;c\r\n1;2;x\n3;4;y\r5;6;z\r\n", "a|b|c\n1|2|x\n3|4|y\n5|6|z", 0),
        ("years", "By;2022;2023;2024\nA;1,5;2,5;3,5\nB;4,5;5,5;6,5\n", "By|2022|2023|2024\nA|1,5|2,5|3,5\nB|4,5|5,5|6,5", 0),
        ("groups", "id;navn\nNord\n1;A\n2;B\nSyd\n3;C\n4;D\n", "id|navn\nNord|\n1|A\n2|B\nSyd|\n3|C\n4|D", 2),
        (
            "a repeated header",
            "id;navn;tal\n1;A;2,5\n2;B;3,5\nid;navn;tal\n3;C;4,5\n",
            "id|navn|tal\n1|A|2,5\n2|B|3,5\nid|navn|tal\n3|C|4,5",
            0,
        ),
        (
            "facts above",
            "Rapport: x\nAf: LMJ\n\nSag;Dato;Tal\n1;01-02-2026;2,5\n2;02-02-2026;3,5\n",
            "Sag|Dato|Tal\n1|01-02-2026|2,5\n2|02-02-2026|3,5",
            0,
        ),
        ("delimiters only", ";;;\n;;;\n", "", 0),
    ] {
        let (found, report) = read("public.csv", text);
        let found: Vec<String> = found.iter().map(|row| row.join("|")).collect();
        assert_eq!(found.join("\n"), expected, "{name}");
        assert_eq!(report.mended.0 + report.uneven.0, told, "{name}");
    }
}

#[test]
fn a_mark_that_is_always_doubled_is_meant_once() {
    let (found, _) = read("marks.csv", "navn,'nr','rum'\nx,'Rør 5\"\"','a,b'\ny,'Muffe 3\"\" kort','c,d'\nz,'plade','e'\n");
    assert_eq!((found[1][1].as_str(), found[2][1].as_str()), ("Rør 5\"", "Muffe 3\" kort"));
}

#[test]
fn a_damaged_row_harms_no_other_and_is_told() {
    let fields = |row: &[String]| row.iter().map(|c| cell(c, PLAIN)).collect::<Vec<_>>();
    let more = damage("more", |row, column| {
        let mut cells = fields(row);
        cells.insert(column, String::new());
        Some((cells.join(","), row.to_vec()))
    });
    let less = damage("less", |row, column| {
        let mut cells = fields(row);
        let glued = (column > 0).then(|| cells.remove(column))?;
        cells[column - 1].push_str(&glued);
        Some((cells.join(","), row.to_vec()))
    });
    let quote = damage("quote", |row, column| {
        let mut cells = fields(row);
        cells[column].insert(0, '"');
        let mut expected = row.to_vec();
        expected[column].insert(0, '"');
        Some((cells.join(","), expected))
    });
    let other =
        damage("other", |row, column| (column == 0).then(|| (record(row, Style { separator: " ", ..PLAIN }), row.to_vec())));
    for (kind, (all, right, silent, misled), least) in
        [("more", more, 95), ("less", less, 65), ("quote", quote, 95), ("other", other, 90)]
    {
        assert!(right * 100 >= all * least, "{kind}: {right} of {all}");
        assert_eq!(silent, 0, "{kind}: wrong and not told");
        assert!(misled * 100 <= all * 3, "{kind}: {misled} of {all} mended wrongly");
    }
}

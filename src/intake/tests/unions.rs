//! Datasets whose rows are those of others, rows spread over the months of a period, and lists that allow other texts.

use super::*;

const MORE: &[(&str, &str)] = &[
    (
        "kodelister/typer.toml",
        "list = 'typer'\ntitle = { da = 'T', en = 'T' }\nstatus = 'printed'\nsource = 'prøve'\nothers = true
        code = [{ code = 'afgørelse', title = { da = 'Afgørelse', en = 'Decision' }, aliases = ['Beslutning'] }]",
    ),
    (
        "model/a_union.toml",
        "dataset = 'afgørelse'\ntitle = { da = 'A', en = 'A' }\nkeys = [['kilde', 'id']]
        column = [{ name = 'kilde', kind = 'text', open = true }, { name = 'id', kind = 'text' }, { name = 'dag', kind = 'date' },
                  { name = 'sum', kind = 'money' }]
        union = [{ dataset = 'hændelse', only = { column = 'type', is = ['afgørelse'] },
                   columns = [{ to = 'dag', from = 'tid' }, { to = 'id' }, { to = 'kilde', constant = 'hændelse' }] },
                 { dataset = 'post', columns = [{ to = 'sum', from = 'beløb' }, { to = 'id' }, { to = 'kilde', constant = 'post' }] }]",
    ),
    (
        "model/e_hændelse.toml",
        "dataset = 'hændelse'\ntitle = { da = 'H', en = 'H' }\nkeys = [['id']]
        column = [{ name = 'id', kind = 'text' }, { name = 'type', kind = 'text', open = true, codes = 'typer' },
                  { name = 'tid', kind = 'timestamp' }]",
    ),
    (
        "profiler/hændelser.toml",
        "profile = 'hændelser'\nsystem = 'H'\ntitle = { da = 'H', en = 'H' }\nsignature = ['Hændelse']\nsignature_columns = ['tid']
        [[feeds]]\ndataset = 'hændelse'\ncolumns = [{ to = 'tid', header = 'Tidspunkt' }, { to = 'type' }, { to = 'id', header = 'Hændelse' }]",
    ),
    (
        "profiler/perioder.toml",
        "profile = 'perioder'\nsystem = 'P'\ntitle = { da = 'P', en = 'P' }\nsignature = ['Barnets CPR', 'Fra', 'Til']
        [[feeds]]\ndataset = 'md'\ncolumns = [{ to = 'barn', header = 'Barnets CPR' }, { to = 'ydelse' }]
        [feeds.spread]\nmonth = 'måned'\nfirst = 'Fra'\nlast = ['Til og med', 'Til']",
    ),
];

fn load_with(more: &[(&str, &str)]) -> Result<Pack, Vec<String>> {
    let files = PACK.iter().chain(more).map(|(path, text)| SourceFile { path: Arc::from(*path), text: Arc::from(*text) });
    let lang = crate::locale::Lang::En;
    load::load(files.collect())
        .map_err(|mistakes| mistakes.iter().map(|m| crate::locale::Localized::text(m, lang).to_string()).collect())
}

fn read_more(name: &str, files: &[(&str, &str)]) -> Reading {
    let folder = Folder::new(name, files);
    let pack = load_with(MORE).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
    let delivery = read(&pack, &everything(&pack), &folder.0, &IntakeOptions::default());
    Reading { pack, delivery }
}

const HÆNDELSER: &str = "Type;Hændelse;Tidspunkt\nNotat;H1;2026-01-01\nBeslutning;H2;2026-03-31T22:30:00Z\nAfgørelse;H3;\n";
const POSTER: &str = "Bilag;Beløb\nB1;1,50\nI alt;1,50\n";

#[test]
fn a_union_holds_the_rows_of_its_datasets_at_their_places() {
    let poster = "Note;Beløb;Bilag\nx;1,50;B1\nx;2,50;B2\nI alt;4,00;\n";
    let reading = read_more("union", &[("a_hændelser.csv", HÆNDELSER), ("b_poster.csv", poster)]);
    assert_eq!(
        reading.column("hændelse", "type"),
        [text("Notat"), text("afgørelse"), text("afgørelse")],
        "others stay as written"
    );
    assert_eq!(reading.column("afgørelse", "kilde"), ["hændelse", "hændelse", "post", "post"].map(text));
    assert_eq!(reading.column("afgørelse", "id"), ["H2", "H3", "B1", "B2"].map(text));
    let summer = day("2026-04-01");
    assert_eq!(reading.column("afgørelse", "dag"), [summer, Cell::Empty, NOT_DELIVERED, NOT_DELIVERED], "the Danish day");
    assert_eq!(reading.column("afgørelse", "sum"), [NOT_DELIVERED, NOT_DELIVERED, money("1.5"), money("2.5")]);
    let table = reading.table("afgørelse");
    assert_eq!((&table.records[..], &table.places[..]), (&[2, 3, 1, 2][..], &[(3, 3), (4, 4), (2, 2), (3, 3)][..]));
    assert!(table.incomplete.is_empty() && table.refused == 0);
    let order: Vec<_> = reading.delivery.tables.iter().map(|t| t.dataset).collect();
    assert!(order.is_sorted(), "tables stand in the order of the datasets");

    let columns: Vec<_> =
        table.chunks.iter().map(|chunk| (chunk.file, chunk.first, chunk.rows, &chunk.sheet_columns[..])).collect();
    let wanted: [(u16, u32, u32, &[Option<u16>]); 2] =
        [(0, 0, 2, &[None, Some(1), Some(2), None]), (1, 2, 2, &[None, Some(2), None, Some(1)])];
    assert_eq!(columns, wanted, "every cell stands where its row's own file has it");
    assert_eq!(table.chunks[0].delivered, [true, true, true, false]);
}

#[test]
fn a_union_is_whole_only_with_all_its_datasets() {
    let reading = read_more("half", &[("hændelser.csv", HÆNDELSER)]);
    assert_eq!(reading.incomplete(), ["afgørelse"]);
    assert_eq!(reading.table("afgørelse").incomplete, [Place::file("post")]);
    let untyped = read_more("untyped", &[("h.csv", "Hændelse;Tidspunkt\nH1;2026-01-01\n"), ("p.csv", POSTER)]);
    assert_eq!(untyped.table("afgørelse").refused, 1, "whether it is one cannot be told");
    assert!(read_more("none", &[("sager.csv", "Sagsnummer;Sagsstatus\nS1;Åben\n")]).try_table("afgørelse").is_none());
}

#[test]
fn mistakes_in_unions_are_told() {
    let wrong = [
        (
            "model/z_union.toml",
            "dataset = 'z'\ntitle = { da = 'Z', en = 'Z' }\ncolumn = [{ name = 'navn', kind = 'text', open = true }, { name = 'x', kind = 'date' }]
            union = [{ dataset = 'person', columns = [{ to = 'navn' }, { to = 'x', from = 'cpr' }, { to = 'y' }, { to = 'x', constant = 'a' }] },
                     { dataset = 'y' }]",
        ),
        (
            "model/y_union.toml",
            "dataset = 'y'\ntitle = { da = 'Y', en = 'Y' }\ncolumn = [{ name = 'navn', kind = 'text' }]
            union = [{ dataset = 'person', columns = [{ to = 'navn' }] }]",
        ),
        (
            "profiler/z.toml",
            "profile = 'z'\nsystem = 'Z'\ntitle = { da = 'Z', en = 'Z' }\nsignature_columns = ['navn']\n[[feeds]]\ndataset = 'y'\ncolumns = []",
        ),
    ];
    let closed = (
        "model/v.toml",
        "dataset = 'v'\ntitle = { da = 'V', en = 'V' }\ncolumn = [{ name = 'a', kind = 'text', codes = 'typer' }]",
    );
    let wrong: Vec<_> = wrong.into_iter().chain([closed, MORE[0]]).collect();
    let told = load_with(&wrong).expect_err("mistakes");
    let wanted = [
        "the column «navn» is personal, «navn» is not",
        "the columns «cpr» and «x» are of different kinds",
        "unknown column: «y»",
        "the name «x» is used twice",
        "a constant needs a text column",
        "a union cannot take from a union",
        "a union is fed by its datasets, not by a profile",
        "the first [[feeds]] does not read «navn» from a header",
        "the code list «typer» allows other texts; the column must be open = true",
    ];
    for text in wanted {
        assert!(told.iter().any(|said| said == text), "{text}: {told:#?}");
    }
}

#[test]
fn a_row_of_a_period_is_a_row_for_each_month_it_touches() {
    let sheet = "Barnets CPR;Ydelse;Til;Fra\n071203-1234;100,00;01-02-2026;15-11-2025\n150312-4321;5,00;31-12-9999;01-01-2026\n\
        150312-4321;6,00;01-01-2026;02-01-2026\n";
    let reading = read_more("spread", &[("perioder.csv", sheet)]);
    let months = ["2025-11-01", "2025-12-01", "2026-01-01", "2026-02-01"].map(day);
    assert_eq!(reading.column("md", "måned")[..4], months);
    assert_eq!(reading.column("md", "måned")[4..], [UNREADABLE, UNREADABLE], "without an end, or with one before its start");
    assert_eq!(reading.column("md", "ydelse")[..5], ["100", "100", "100", "100", "5"].map(money));
    let table = reading.table("md");
    assert_eq!(table.records, [1, 1, 1, 1, 2, 3]);
    let feeds: Vec<usize> = reading.sheet(0).headers.iter().map(|h| h.feeds.len()).collect();
    assert_eq!(feeds, [1, 1, 1, 1], "first and last day are used");
}

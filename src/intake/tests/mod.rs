//! Small deliveries, written to a folder and read whole. CPR numbers are dates other than 1 January whose modulus 11 fails.

mod danish_profiles;
mod feeds;
mod folding;
mod matching;
mod pieces;
mod trouble;
mod unions;
mod workbooks;

use std::path::PathBuf;
use std::sync::Arc;

use super::*;
use crate::model::{Pack, SourceFile, load};
use crate::rule::LoadPlan;
use crate::value::{Cause, Cell, Decimal, Value};

const PACK: &[(&str, &str)] = &[
    (
        "pack.toml",
        "name = 'prøve'\nversion = '0'\ncurrency = 'kr'\nvocabulary = ['dk']",
    ),
    (
        "kodelister/status.toml",
        "list = 'status'\ntitle = { da = 'S', en = 'S' }\nstatus = 'printed'\nsource = 'prøve'
        code = [{ code = 'åben', title = { da = 'Åben', en = 'Open' }, aliases = ['Aktiv'] },
                { code = 'lukket', title = { da = 'Lukket', en = 'Closed' } }]",
    ),
    (
        "model/a_sag.toml",
        "dataset = 'sag'\ntitle = { da = 'Sag', en = 'Case' }\nkeys = [['sagsnr']]
        column = [{ name = 'dag', kind = 'date', role = 'snapshot', aliases = ['Dato'] },
                  { name = 'sagsnr', kind = 'text', role = 'case', aliases = ['Sagsnummer'] },
                  { name = 'cpr', kind = 'cpr', role = 'person', aliases = ['CPR-nr.'] },
                  { name = 'status', kind = 'text', codes = 'status' },
                  { name = 'oprettet', kind = 'date' },
                  { name = 'afsluttet', kind = 'date' }]",
    ),
    (
        "model/b_person.toml",
        "dataset = 'person'\ntitle = { da = 'Person', en = 'Person' }\nkeys = [['cpr']]
        column = [{ name = 'cpr', kind = 'cpr' }, { name = 'navn', kind = 'text' }]",
    ),
    (
        "model/c_post.toml",
        "dataset = 'post'\ntitle = { da = 'Post', en = 'Posting' }\nkeys = [['id']]
        column = [{ name = 'id', kind = 'text' }, { name = 'beløb', kind = 'money' }, { name = 'modtager', kind = 'cpr' },
                  { name = 'firma', kind = 'cvr' }, { name = 'art', kind = 'text' }]",
    ),
    (
        "model/d_måned.toml",
        "dataset = 'md'\ntitle = { da = 'Måned', en = 'Month' }\nkeys = [['barn', 'måned']]
        column = [{ name = 'barn', kind = 'cpr' }, { name = 'måned', kind = 'month' }, { name = 'ydelse', kind = 'money' },
                  { name = 'timer', kind = 'decimal(2)' }]",
    ),
    (
        "links.toml",
        "[[link]]\nfrom = 'sag'\nto = 'person'\nvia = [['cpr']]\none = true",
    ),
    (
        "profiler/sager.toml",
        "profile = 'sager'\nsystem = 'X'\ntitle = { da = 'X', en = 'X' }\nsignature = ['Sagsnummer', 'Sagsstatus']
        [[feeds]]\ndataset = 'sag'\ncolumns = [{ to = 'dag' }, { to = 'sagsnr' }, { to = 'cpr' }, { to = 'status', header = 'Sagsstatus' },
           { to = 'oprettet' }, { to = 'afsluttet' }]
        [[feeds]]\ndataset = 'person'\ndistinct = true\nneeds = ['cpr']\ncolumns = [{ to = 'cpr', header = 'CPR-nr.' }, { to = 'navn' }]",
    ),
    (
        "profiler/poster.toml",
        "profile = 'poster'\nsystem = 'Y'\ntitle = { da = 'Y', en = 'Y' }\nsignature = ['Beløb', 'Bilag']\nfinal_line_end = true
        [total]\nmarks = ['I alt']\nsums = ['Beløb']\nrequired = true
        [[feeds]]\ndataset = 'post'
        columns = [{ to = 'id', header = 'Bilag' }, { to = 'beløb' }, { to = 'art', constant = 'drift' },
           { to = 'modtager', header = 'Modtagernr.', only = { header = 'Kode', is = ['02'] } },
           { to = 'firma', header = 'Modtagernr.', only = { header = 'Kode', is = ['03'] } }]",
    ),
    (
        "profiler/ydelser.toml",
        "profile = 'ydelser'\nsystem = 'X'\ntitle = { da = 'X', en = 'X' }\nsignature = ['Ydelse', 'Sag nr.']
        [[feeds]]\ndataset = 'post'\ncolumns = [{ to = 'id', header = 'Ydelse' }]
        [[feeds]]\ndataset = 'sag'\ndistinct = true\nsecondary = true\nneeds = ['sagsnr']
        columns = [{ to = 'sagsnr', header = 'Sag nr.' }, { to = 'cpr' }]",
    ),
    (
        "profiler/timer.toml",
        "profile = 'timer'\nsystem = 'Z'\ntitle = { da = 'Z', en = 'Z' }\nsignature = ['Barnets CPR', 'Januar']
        [[feeds]]\ndataset = 'md'\ncolumns = [{ to = 'barn', header = 'Barnets CPR' }, { to = 'timer', header = 'Timer/uge' }]
        [feeds.unfold]\nvalue = 'ydelse'\nmonth = 'måned'\nyear = { file_name = true }
        months = ['Januar', 'Februar', 'Marts', 'April', 'Maj', 'Juni', 'Juli', 'August', 'September', 'Oktober', 'November', 'December']",
    ),
];

fn pack() -> Pack {
    let files = PACK.iter().map(|(path, text)| SourceFile { path: Arc::from(*path), text: Arc::from(*text) });
    match load::load(files.collect()) {
        Ok(pack) => pack,
        Err(mistakes) => panic!("{mistakes:#?}"),
    }
}

/// A plan that wants every column.
fn everything(pack: &Pack) -> LoadPlan {
    let datasets = (0..pack.datasets.len() as u16).map(DatasetId);
    let columns = datasets.clone().flat_map(|d| (0..pack.get(d).columns.len() as u16).map(move |c| (d, ColumnId(c))));
    LoadPlan { columns: columns.collect(), datasets: datasets.collect() }
}

/// A folder that goes away with its test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Folder {
        let root = std::env::temp_dir().join(format!("sagstjek-intake-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&root).expect("folder");
        for (file, text) in files {
            std::fs::write(root.join(file), text).expect("file");
        }
        Folder(root)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A delivery with everything wanted.
struct Reading {
    pack: Pack,
    delivery: Delivery,
}

fn read_with(name: &str, files: &[(&str, &str)], options: &IntakeOptions) -> Reading {
    let folder = Folder::new(name, files);
    let pack = pack();
    let delivery = read(&pack, &everything(&pack), &folder.0, options);
    Reading { pack, delivery }
}

fn read_all(name: &str, files: &[(&str, &str)]) -> Reading {
    read_with(name, files, &IntakeOptions::default())
}

impl Reading {
    fn table(&self, dataset: &str) -> &Table {
        self.try_table(dataset).expect("a table")
    }

    fn try_table(&self, dataset: &str) -> Option<&Table> {
        let id = self.pack.dataset(dataset).expect("a dataset");
        self.delivery.tables.iter().find(|t| t.dataset == id)
    }

    fn column(&self, dataset: &str, column: &str) -> Vec<Cell> {
        let id = self.pack.dataset(dataset).expect("a dataset");
        let column = self.pack.get(id).column(column).expect("a column");
        let table = self.table(dataset);
        (0..table.records.len() as u32).map(|row| table.columns[column.index()].get(row)).collect()
    }

    fn codes(&self) -> Vec<&'static str> {
        self.delivery.problems.iter().map(Problem::code).collect()
    }

    /// Names of the datasets that are not whole.
    fn incomplete(&self) -> Vec<&str> {
        let broken = self.delivery.tables.iter().filter(|t| !t.incomplete.is_empty());
        broken.map(|t| &*self.pack.get(t.dataset).name).collect()
    }

    fn sheet(&self, file: usize) -> &SheetReading {
        &self.delivery.files[file].sheets[0]
    }
}

fn text(s: &str) -> Cell {
    Cell::Present(Value::Text(s.into()))
}

fn day(s: &str) -> Cell {
    Cell::Present(Value::Date(Date::parse_iso(s).expect(s)))
}

fn money(s: &str) -> Cell {
    Cell::Present(Value::Money(Decimal::parse(s).expect(s)))
}

const UNREADABLE: Cell = Cell::Unknown(Cause::Unreadable);
const NOT_DELIVERED: Cell = Cell::Unknown(Cause::NotDelivered);

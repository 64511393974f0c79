//! Reading one fixture, or files made for a test, with the Danish pack and nothing else.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sagstjek::intake::{self, Delivery, IntakeOptions};
use sagstjek::locale::{Lang, Localized};
use sagstjek::model::load::{embedded, load};
use sagstjek::model::{ColumnId, DatasetId, LinkId, Pack};
use sagstjek::privacy::Gate;
use sagstjek::report::{self, Reading, RenderOptions};
use sagstjek::rule::{LoadPlan, compile_model};
use sagstjek::store::Store;
use sagstjek::value::{Cell, show};

/// What reading gave.
pub(crate) struct Read {
    pub(crate) pack: Pack,
    pub(crate) delivery: Delivery,
}

/// A folder under the test's own that is empty.
pub(crate) fn folder(name: &str) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("awkward").join(name);
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(&root).expect("folder");
    root
}

/// Reads one fixture by its name.
pub(crate) fn fixture(name: &str) -> Read {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/awkward").join(name))
}

/// Reads a file or a folder.
pub(crate) fn read(path: &Path) -> Read {
    read_with(path, &IntakeOptions::default())
}

/// Reads a file or a folder under options.
pub(crate) fn read_with(path: &Path, options: &IntakeOptions) -> Read {
    let pack = load(embedded()).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
    compile_model(&pack).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
    let datasets = || (0..pack.datasets.len() as u16).map(DatasetId);
    let columns = datasets().flat_map(|d| (0..pack.get(d).columns.len() as u16).map(move |c| (d, ColumnId(c))));
    let plan = LoadPlan { columns: columns.collect(), datasets: datasets().collect() };
    let delivery = intake::read(&pack, &plan, path, options);
    Read { pack, delivery }
}

impl Read {
    /// The rows of a dataset, each as its columns' values with ` | ` between; `tom` is empty, an unknown shows its cause.
    pub(crate) fn rows(&self, dataset: &str, columns: &[&str]) -> Vec<String> {
        let id = self.pack.dataset(dataset).unwrap_or_else(|| panic!("no dataset {dataset}"));
        let Some(table) = self.delivery.tables.iter().find(|table| table.dataset == id) else { return Vec::new() };
        let column = |name: &&str| self.pack.get(id).column(name).unwrap_or_else(|| panic!("no column {dataset}.{name}"));
        let columns: Vec<ColumnId> = columns.iter().map(column).collect();
        let cell = |row: u32, column: &ColumnId| match table.columns[column.index()].get(row) {
            Cell::Present(value) => show(&value, "kr.", Lang::Da),
            Cell::Empty => "tom".to_owned(),
            Cell::Unknown(cause) => format!("({})", cause.text(Lang::Da)),
        };
        let row = |row: u32| columns.iter().map(|column| cell(row, column)).collect::<Vec<_>>().join(" | ");
        (0..table.records.len() as u32).map(row).collect()
    }

    /// One column of a dataset.
    pub(crate) fn column(&self, dataset: &str, column: &str) -> Vec<String> {
        self.rows(dataset, &[column])
    }

    /// How many rows each way of a link found.
    pub(crate) fn matched(&self, from: &str, to: &str) -> Vec<u64> {
        let ids = (self.pack.dataset(from).expect("a dataset"), self.pack.dataset(to).expect("a dataset"));
        let link = self.pack.links.iter().position(|link| (link.from, link.to) == ids).expect("a link");
        let store = Store::build(Arc::new(self.pack.clone()), self.delivery.tables.clone());
        store.links().counts(LinkId(link as u16)).matched
    }

    /// Physical lines of a dataset's rows.
    pub(crate) fn lines(&self, dataset: &str) -> Vec<u32> {
        let id = self.pack.dataset(dataset).expect("a dataset");
        self.delivery
            .tables
            .iter()
            .find(|table| table.dataset == id)
            .map_or(Vec::new(), |t| t.places.iter().map(|p| p.1).collect())
    }

    /// The problems in Danish.
    pub(crate) fn problems(&self) -> Vec<String> {
        self.delivery.problems.iter().map(|problem| problem.text(Lang::Da)).collect()
    }

    /// The whole reading report as `sagstjek inspect` prints it, white space folded.
    pub(crate) fn report(&self) -> String {
        let gate = Gate::new(None, false);
        let reading = Reading { pack: &self.pack, delivery: &self.delivery, store: None, gate: &gate };
        let options = RenderOptions { width: 4_000, ..RenderOptions::default() };
        let text = report::reading::render(&reading, &self.delivery.problems, &options);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Fails unless the report says each of these.
    pub(crate) fn says(&self, wanted: &[&str]) {
        let report = self.report();
        for part in wanted {
            assert!(report.contains(part), "«{part}» is not in:\n{report}");
        }
    }
}

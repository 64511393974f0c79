//! Reads the tables of functions in `docs/language.md`.

use std::path::Path;

use sagstjek::rule::typed::Ty;
use sagstjek::value::Kind;

/// One line of a table of functions.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// Name in rules; `count distinct` for the count of distinct values.
    pub(crate) name: String,
    /// Example expression.
    pub(crate) example: String,
    /// Type of the example.
    pub(crate) ty: String,
    /// An expression of the same value, `empty`, or `unknown`; `None` where the example needs rows or gives a list.
    pub(crate) gives: Option<String>,
    /// 1-based line of the file.
    pub(crate) line: usize,
}

/// Every line of every table whose header begins with `| name | arguments |`.
pub(crate) fn lines() -> Vec<Line> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/language.md");
    let text = std::fs::read_to_string(path).expect("docs/language.md");
    let mut out = Vec::new();
    let mut inside = false;
    for (i, line) in text.lines().enumerate() {
        if line.starts_with("| name | arguments |") {
            inside = true;
        } else if !line.starts_with('|') {
            inside = false;
        } else if inside && !line.starts_with("|---") {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [name, _, _, _, example, ty, gives] = cells.as_slice() else {
                panic!("docs/language.md:{}: {} cells", i + 1, cells.len());
            };
            let bare = |cell: &str| cell.trim_matches('`').to_owned();
            out.push(Line {
                name: bare(name),
                example: bare(example),
                ty: (*ty).to_owned(),
                gives: (!gives.is_empty()).then(|| bare(gives)),
                line: i + 1,
            });
        }
    }
    out
}

/// A type in the words of the tables.
pub(crate) fn type_name(ty: Ty) -> String {
    let kind = match ty {
        Ty::Value(kind) => kind,
        Ty::Row(_) => return "row".to_owned(),
        Ty::Periods => return "periods".to_owned(),
        Ty::Months => return "months".to_owned(),
    };
    match kind {
        Kind::Text => "text".to_owned(),
        Kind::TextList => "text list".to_owned(),
        Kind::Integer => "integer".to_owned(),
        Kind::Decimal(n) => format!("decimal({n})"),
        Kind::Money(n) => format!("money({n})"),
        Kind::Percent(n) => format!("percent({n})"),
        Kind::Ratio => "ratio".to_owned(),
        Kind::MoneyRatio => "money ratio".to_owned(),
        Kind::Date => "date".to_owned(),
        Kind::Month => "month".to_owned(),
        Kind::Timestamp => "timestamp".to_owned(),
        Kind::Duration => "duration".to_owned(),
        Kind::WorkingDays => "working days".to_owned(),
        Kind::Period => "period".to_owned(),
        Kind::Bool => "bool".to_owned(),
        Kind::Cpr => "cpr".to_owned(),
        Kind::Paragraf => "paragraf".to_owned(),
        Kind::Konto => "konto".to_owned(),
        Kind::Cvr => "cvr".to_owned(),
        Kind::Kommune => "kommune".to_owned(),
    }
}

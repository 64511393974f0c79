//! A new rule to begin from: a file that loads and whose examples come true.

use std::fmt::Write;

use super::typed::Rule;
use crate::model::{Column, ColumnId, Dataset, Family, Pack};
use crate::value::Kind;

/// What to make.
#[derive(Debug, Clone, Copy)]
pub struct Scaffold<'a> {
    /// The folder it stands in.
    pub family: &'a Family,
    /// The dataset judged.
    pub dataset: &'a Dataset,
}

/// The text of a rule that asks whether a column is filled, under the family's next free id.
pub fn text(pack: &Pack, rules: &[Rule], make: &Scaffold<'_>) -> String {
    let Scaffold { family, dataset } = *make;
    let key = dataset.keys.first().map_or(&[][..], Vec::as_slice);
    let asked = asked(dataset, key);
    let row = dataset.name.chars().next().filter(|c| c.is_alphabetic()).unwrap_or('r');
    let cell = format!("{row}.{}", asked.name);
    let mut out = format!(
        "id       = \"{}\"\nseverity = \"warning\"\nsince    = \"{}\"\nscope    = \"all\"\neach     = \"{} as {row}\"\n",
        next_id(rules, &family.folder),
        pack.version,
        dataset.name,
    );
    let _ = write!(out, "require  = '{cell} is present'\nmark     = [\"{cell}\"]\n");
    let texts = [
        ("da", "Felt mangler", "Hvorfor det betyder noget.", "Hvad man gør ved det.", "Feltet er tomt", "mangler"),
        ("en", "Field missing", "Why it matters.", "What to do about it.", "The field is empty", "missing"),
    ];
    for (lang, title, why, fix, message, label) in texts {
        let _ = write!(
            out,
            "\n[{lang}]\ntitle   = '{title}'\nwhy     = '{why}'\nfix     = '{fix}'\nmessage = '{message}'\n\
             label   = {{ \"{cell}\" = '{label}' }}\n"
        );
    }
    let rows = [0, 1, 2].map(|nth| {
        let of_key = key.iter().map(|column| &dataset.columns[column.index()]);
        let filled = of_key.chain((nth == 0).then_some(asked));
        let mut cells: Vec<String> =
            filled.map(|column| format!("{} = {}", quoted(&column.name), sample(pack, dataset, column, nth))).collect();
        if nth == 2 {
            cells.push(format!("{} = {{ unknown = \"unreadable\" }}", quoted(&asked.name)));
        }
        cells.join(", ")
    });
    let names = [0, 1, 2].map(|nth| {
        key.iter().map(|c| named(&sample(pack, dataset, &dataset.columns[c.index()], nth))).collect::<Vec<_>>().join(" ")
    });
    let _ = write!(
        out,
        "\n[[example]]\nexpect       = {{ \"{}\" = \"compliant\", \"{}\" = \"violation\", \"{}\" = \"not assessed\" }}\nextract_date = 2024-06-30\n{} = [\n    \
         {{ {} }},\n    {{ {} }},\n    {{ {} }},\n]\n",
        names[0],
        names[1],
        names[2],
        quoted(&dataset.name),
        rows[0],
        rows[1],
        rows[2],
    );
    out
}

/// The first column that is no part of the key and stands in exports.
fn asked<'d>(dataset: &'d Dataset, key: &[ColumnId]) -> &'d Column {
    let other = |(i, column): &(usize, &Column)| !key.contains(&ColumnId(*i as u16)) && column.derived.is_none();
    let found = dataset.columns.iter().enumerate().find(other);
    found.map_or(&dataset.columns[0], |(_, column)| column)
}

/// The number after the family's highest, with its prefix; a prefix from the folder where it has no rule yet.
fn next_id(rules: &[Rule], folder: &str) -> String {
    let of_family = rules.iter().filter(|rule| *rule.family == *folder);
    let highest = of_family.filter_map(|rule| {
        let (prefix, number) = rule.id.rsplit_once('-')?;
        Some((number.parse::<u32>().ok()?, prefix.to_owned()))
    });
    match highest.max() {
        Some((number, prefix)) => format!("{prefix}-{}", number + 1),
        None => format!("{}-101", folder.chars().filter(char::is_ascii_alphabetic).take(3).collect::<String>().to_uppercase()),
    }
}

/// A TOML key: bare where it may be.
fn quoted(name: &str) -> String {
    let bare = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if bare { name.to_owned() } else { format!("\"{name}\"") }
}

/// A value of a column as an example writes it; another for the second row.
fn sample(pack: &Pack, dataset: &Dataset, column: &Column, nth: usize) -> String {
    let code = column.codes.map(|list| &pack.lists[list.index()].codes);
    if let Some(code) = code.and_then(|codes| codes.get(nth).or_else(|| codes.first())) {
        return format!("\"{}\"", code.code);
    }
    let n = nth + 1;
    match column.kind {
        Kind::Integer | Kind::Decimal(0) => n.to_string(),
        Kind::Decimal(scale) | Kind::Money(scale) | Kind::Percent(scale) => {
            format!("{n}.{}", "0".repeat(usize::from(scale.max(1))))
        }
        Kind::Date => format!("2024-01-0{n}"),
        Kind::Month => format!("\"2024-0{n}\""),
        Kind::Timestamp => format!("2024-01-0{n}T08:00:00"),
        Kind::Bool => "true".to_owned(),
        Kind::TextList => format!("[\"{n}\"]"),
        // The first person of a row is the child, another a parent.
        Kind::Cpr
            if dataset.columns.iter().find(|other| other.kind == Kind::Cpr).is_some_and(|first| first.name == column.name) =>
        {
            ["\"0511124327\"", "\"2208134322\"", "\"0703144321\""][nth].to_owned()
        }
        Kind::Cpr => ["\"1307851234\"", "\"2409831177\"", "\"1911814323\""][nth].to_owned(),
        Kind::Cvr => format!("\"9011122{n}\""),
        Kind::Kommune => format!("\"10{n}\""),
        Kind::Paragraf => format!("\"BL § {n}\""),
        Kind::Konto => format!("\"5.28.2{n}\""),
        _ => format!("\"A{n}\""),
    }
}

/// The same as a key in `expect` writes it.
fn named(sample: &str) -> String {
    sample.trim_matches('"').to_owned()
}

//! A pack with a column of every kind and links of every sort.

use std::sync::Arc;

use sagstjek::model::{Pack, SourceFile, load};
use sagstjek::rule::typed::{ModelExprs, Rule};
use sagstjek::rule::{compile_model, load_rules};

const FILES: &[(&str, &str)] = &[
    (
        "pack.toml",
        "name = \"test\"\nversion = \"1\"\nvocabulary = [\"dk\"]\ncurrency = \"kr\"\n\
         [[family]]\nfolder = \"regler\"\ntitle = { da = \"Regler\", en = \"Rules\" }\n",
    ),
    (
        "kodelister/arter.toml",
        r#"list = "arter"
title = { da = "Arter", en = "Sorts" }
status = "unverified"
source = "prøve"
others = true
[[code]]
code = "a"
title = { da = "A", en = "A" }
until = 2024-03-31
[[code]]
code = "b"
title = { da = "B", en = "B" }
from = 2024-02-01
[[code]]
code = "c"
title = { da = "C", en = "C" }
"#,
    ),
    (
        "satser/loft.toml",
        r#"table = "loft"
title = { da = "Loft", en = "Cap" }
kind = "money"
[[row]]
from = 2023-06-01
until = 2023-12-31
value = 900
status = "printed"
source = "prøve"
[[row]]
from = 2024-02-01
until = 2024-03-31
value = 1000.50
status = "printed"
source = "prøve"
[[row]]
from = 2024-04-01
value = 1100
status = "printed"
source = "prøve"
"#,
    ),
    (
        "satser/andel.toml",
        r#"table = "andel"
title = { da = "Andel", en = "Share" }
keys = ["text"]
kind = "percent(1)"
[[row]]
keys = ["a"]
value = 12.5
status = "printed"
source = "prøve"
[[row]]
keys = ["b"]
value = 50
status = "printed"
source = "prøve"
"#,
    ),
    (
        "satser/trin.toml",
        r#"table = "trin"
title = { da = "Trin", en = "Tiers" }
keys = ["decimal(2)"]
banded = true
kind = "money"
[[row]]
from = 2023-01-01
keys = [0]
value = 0
status = "printed"
source = "prøve"
[[row]]
from = 2023-01-01
until = 2024-05-31
keys = [10]
value = 100
status = "printed"
source = "prøve"
[[row]]
from = 2024-06-01
keys = [10]
value = 120
status = "printed"
source = "prøve"
"#,
    ),
    (
        "links.toml",
        "[[link]]\nfrom = \"bevilling\"\nto = \"sag\"\nvia = [[\"sagsnr\"], [\"cpr\"]]\n\
         [[link]]\nfrom = \"betaling\"\nto = \"bevilling\"\nvia = [[\"id\"]]\n\
         [[link]]\nfrom = \"besøg\"\nto = \"bevilling\"\nvia = [[\"sagsnr\"]]\none = false\n",
    ),
];

/// Columns with their kinds.
type Columns = &'static [(&'static str, &'static str)];

/// Dataset, key, further lines, and its columns.
pub(crate) const DATASETS: &[(&str, &str, &str, Columns)] = &[
    (
        "sag",
        "sagsnr",
        "closed = 'lukket'",
        &[
            ("sagsnr", "text"),
            ("cpr", "cpr"),
            ("åbnet", "date"),
            ("lukket", "bool"),
            ("modtaget", "timestamp"),
            ("art", "text"),
            ("antal", "integer"),
            ("ramme", "money"),
        ],
    ),
    (
        "bevilling",
        "id",
        "",
        &[
            ("id", "text"),
            ("sagsnr", "text"),
            ("cpr", "cpr"),
            ("art", "text"),
            ("grupper", "text list"),
            ("start", "date"),
            ("slut", "date"),
            ("måned", "month"),
            ("stempel", "timestamp"),
            ("beløb", "money"),
            ("timer", "decimal(2)"),
            ("antal", "integer"),
            ("andel", "percent(1)"),
            ("aktiv", "bool"),
            ("paragraf", "paragraf"),
            ("konto", "konto"),
            ("alder", "integer"),
        ],
    ),
    (
        "betaling",
        "nr",
        "",
        &[
            ("nr", "text"),
            ("id", "text"),
            ("art", "text"),
            ("beløb", "money"),
            ("dato", "date"),
            ("fra", "date"),
            ("til", "date"),
            ("antal", "integer"),
            ("sendt", "timestamp"),
        ],
    ),
    ("besøg", "nr", "", &[("nr", "text"), ("sagsnr", "text"), ("dato", "date"), ("art", "text"), ("antal", "integer")]),
];

fn model(dataset: &(&str, &str, &str, Columns)) -> String {
    let (name, key, more, columns) = dataset;
    let mut text =
        format!("dataset = \"{name}\"\ntitle = {{ da = \"{name}\", en = \"{name}\" }}\nkeys = [[\"{key}\"]]\n{more}\n");
    for (column, kind) in *columns {
        let open = if matches!(*kind, "text" | "text list") { "open = true\n" } else { "" };
        let role = match *column {
            "sagsnr" => "role = \"case\"\n",
            "cpr" => "role = \"person\"\n",
            _ => "",
        };
        let derived = if *column == "alder" { "derived = 'age(sag.åbnet, start)'\n" } else { "" };
        text.push_str(&format!("[[column]]\nname = \"{column}\"\nkind = \"{kind}\"\n{open}{role}{derived}"));
    }
    text
}

/// The pack and the rule of this body, or what is wrong with it.
pub(crate) fn compile(body: &str, each: &str) -> Result<(Arc<Pack>, ModelExprs, Rule), String> {
    let (_, key, _, _) = DATASETS.iter().find(|(name, ..)| *name == each).expect("a dataset");
    let rule = format!(
        "id = \"T-1\"\nseverity = \"error\"\nsince = \"1\"\neach = \"{each} as r\"\nmark = [\"r.{key}\"]\n{body}\n\
         [da]\ntitle = 'P'\nwhy = 'P'\nfix = 'P'\nmessage = 'P'\n[en]\ntitle = 'P'\nwhy = 'P'\nfix = 'P'\nmessage = 'P'\n\
         [[example]]\nexpect = {{ x = \"compliant\", y = \"violation\" }}\nextract_date = 2024-06-30\n"
    );
    let file = |path: String, text: String| SourceFile { path: path.into(), text: text.into() };
    let fixed = FILES.iter().map(|(path, text)| file((*path).to_owned(), (*text).to_owned()));
    let models = DATASETS.iter().map(|dataset| file(format!("model/{}.toml", dataset.0), model(dataset)));
    let files = fixed.chain(models).chain([file("regler/proeve.toml".into(), rule)]).collect();
    let told =
        |mistakes: Vec<sagstjek::problem::Mistake>| mistakes.iter().map(|m| m.message.en.clone()).collect::<Vec<_>>().join("; ");
    let pack = load::load(files).map_err(|mistakes| format!("pack: {}", told(mistakes)))?;
    let model = compile_model(&pack).map_err(|mistakes| format!("model: {}", told(mistakes)))?;
    let loaded = load_rules(&pack).map_err(told)?;
    let rule = loaded.rules.into_iter().next().ok_or("no rule")?;
    Ok((Arc::new(pack), model, rule))
}

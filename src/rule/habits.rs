//! What authors write by habit, of SQL, spreadsheets, Python or Danish, and what to write instead.

use crate::locale::Bilingual;

/// Words that stand for one word of the language wherever they stand, but after a dot: read as meant, and told.
const READ_AS: &[(&str, &str)] = &[
    ("AND", "and"),
    ("And", "and"),
    ("og", "and"),
    ("OR", "or"),
    ("Or", "or"),
    ("eller", "or"),
    ("NOT", "not"),
    ("Not", "not"),
    ("ikke", "not"),
    ("IS", "is"),
    ("er", "is"),
    ("IN", "in"),
    ("BETWEEN", "between"),
    ("mellem", "between"),
    ("WHERE", "where"),
    ("hvor", "where"),
    ("THEN", "then"),
    ("så", "then"),
    ("ELSE", "else"),
    ("ellers", "else"),
    ("COUNT", "count"),
    ("DISTINCT", "distinct"),
    ("NULL", "null"),
    ("None", "null"),
    ("TRUE", "true"),
    ("True", "true"),
    ("sand", "true"),
    ("FALSE", "false"),
    ("False", "false"),
    ("falsk", "false"),
    ("indeholder", "contains"),
];

/// What a word is read as, if it stands for a word of the language.
pub(crate) fn read_as(word: &str) -> Option<&'static str> {
    READ_AS.iter().find(|(written, _)| *written == word).map(|(_, read)| *read)
}

/// Words and functions of other languages, in lower case, and what says the same here.
const INSTEAD: &[(&[&str], &str)] = &[
    (
        &[
            "null",
            "none",
            "nan",
            "nat",
            "nil",
            "na",
            "blank",
            "empty",
            "tom",
            "tomt",
            "mangler",
            "manglende",
            "isnull",
            "isna",
            "is_null",
            "isblank",
            "ertom",
            "is_missing",
            "ismissing",
        ],
        "… is missing",
    ),
    (&["notnull", "notna", "udfyldt", "filled", "is_present", "ispresent", "not_null"], "… is present"),
    (&["coalesce", "nvl", "ifnull", "fillna", "ellers"], "or_else(a, b)"),
    (&["datediff", "date_diff", "dato_forskel", "dage"], "days_between(a, b)"),
    (&["dateadd", "date_add", "edate", "timedelta", "relativedelta"], "date + 3 months"),
    (
        &["today", "now", "getdate", "sysdate", "current_date", "curdate", "idag", "i_dag", "dags_dato", "dagsdato", "nu"],
        "extract_date",
    ),
    (&["len", "strlen", "længde"], "length(x)"),
    (&["substr", "left", "right", "mid", "venstre", "højre", "midt"], "substring(x, 1, 3)"),
    (&["avg", "average", "gennemsnit", "snit", "middel", "middelværdi"], "mean(x.column for x in path)"),
    (&["countif", "countifs", "tæl", "antal", "nrow", "size"], "count(x in path where …)"),
    (&["nunique", "unique", "distinct"], "count(distinct x.column for x in path)"),
    (&["sumif", "sumifs", "summen"], "sum(x.column for x in path where …)"),
    (&["like", "ilike"], "… starts with \"…\", … contains \"…\" or … matches \"…\""),
    (&["regex", "regexp", "rlike", "re", "fullmatch", "match", "regex_match", "regexp_like"], "… matches \"…\""),
    (&["isin", "in_list"], "x in [\"a\", \"b\"]"),
    (&["startswith", "begynder", "starter"], "… starts with \"…\""),
    (&["endswith", "slutter"], "… ends with \"…\""),
    (&["exists", "any", "findes", "nogen"], "some x in path where …"),
    (&["all", "alle", "each", "foreach", "hver"], "every x in path satisfies …"),
    (&["ingen"], "no x in path where …"),
    (&["case", "when", "end", "switch", "iif", "if", "hvis", "ifelse"], "if … then … else …"),
    (&["select", "from", "join", "lookup", "vlookup", "lopslag", "filter"], "some x in path where …"),
    (&["lag", "shift", "forrige"], "previous(x in path by x.date)"),
    (&["lead", "næste"], "next(x in path by x.date)"),
    (&["row_number", "rownum", "rank", "cumcount"], "count(x in path where x.date <= b.date)"),
    (&["order", "group", "groupby", "sort", "sorted"], "first(x in path by x.date)"),
    (&["before", "før", "mindre", "less"], "a < b"),
    (&["after", "efter", "større", "greater"], "a > b"),
    (&["equals", "equal", "lig"], "a = b"),
    (&["xor"], "(a) != (b)"),
    (&["implies", "medfører", "unless", "medmindre"], "(not a) or b"),
    (&["within", "indenfor"], "days_between(a, b) <= 7"),
    (&["latest", "newest", "most_recent", "seneste", "sidste"], "last(x in path by x.date)"),
    (&["earliest", "oldest", "tidligste", "første"], "first(x in path by x.date)"),
    (
        &["is_unique", "duplicated", "duplicates", "duplicate", "dublet"],
        "no x in dataset where x.column = b.column satisfies x is not b",
    ),
    (&["år", "aar", "yr"], "year(x)"),
    (&["måned", "maaned"], "month(x)"),
    (&["dag"], "day(x)"),
    (&["ugedag", "dayofweek"], "weekday(x)"),
    (&["alder"], "age(born, day)"),
    (&["fødselsdag"], "birthday(born, 18)"),
    (&["networkdays", "arbejdsdage", "antal_arbejdsdage"], "working_days_between(a, b)"),
    (&["workday"], "add_working_days(date, 5)"),
    (&["eomonth", "last_day"], "end_of_month(x)"),
    (&["round_half_up", "afrund", "rund"], "round(x, 2)"),
    (&["ucase", "store_bogstaver"], "upper(x)"),
    (&["lcase", "små_bogstaver"], "lower(x)"),
    (&["int", "to_number", "number", "val", "tal", "heltal"], "to_integer(text)"),
    (&["to_date", "todate", "cast", "convert", "parse_date", "to_datetime", "strptime", "datevalue"], "2024-01-31"),
];

/// What to write instead of a word of another language.
pub(crate) fn instead(word: &str) -> Option<Bilingual> {
    let lower = word.to_lowercase();
    let found = INSTEAD.iter().find(|(words, _)| words.contains(&lower.as_str()));
    found.map(|(_, advice)| Bilingual::new(format!("skriv {}", danish(advice)), format!("write {advice}")))
}

/// Placeholders of an advice in Danish; the words of the language are the same.
fn danish(advice: &str) -> String {
    advice
        .replace("x.column", "x.kolonne")
        .replace("b.column", "b.kolonne")
        .replace("x in dataset", "x in datasæt")
        .replace("path", "sti")
        .replace("x.date", "x.dato")
        .replace("b.date", "b.dato")
        .replace("date +", "dato +")
        .replace("(date,", "(dato,")
        .replace("(born,", "(født,")
        .replace(", day)", ", dag)")
}

/// Words that begin a search of rows where a name and `in` follow.
pub(crate) fn quantifier(word: &str) -> Option<&'static str> {
    Some(match word.to_lowercase().as_str() {
        "exists" | "any" | "findes" | "nogen" | "some" | "there" => "some",
        "all" | "alle" | "each" | "hver" | "for" | "foreach" | "every" => "every",
        "none" | "ingen" | "no" => "no",
        _ => return None,
    })
}

/// Words of money other than the pack's.
pub(crate) fn is_currency(word: &str) -> bool {
    matches!(word.to_lowercase().as_str(), "dkk" | "kr" | "kroner" | "krone" | "eur" | "euro" | "gbp" | "usd" | "sek" | "nok")
}

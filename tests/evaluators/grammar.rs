//! Random rules, well typed as far as that is easy to say; what the checker refuses is thrown away.

use super::chance::Chance;
use super::pack::DATASETS;

/// What an expression is wanted to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    Bool,
    Money,
    Integer,
    Decimal,
    Percent,
    Ratio,
    Date,
    Stamp,
    Text,
    Period,
    Periods,
}

/// Writes one rule.
pub(crate) struct Writer<'c> {
    pub(crate) chance: &'c mut Chance,
    /// Names bound here, with their datasets; the judged row first.
    rows: Vec<(String, &'static str)>,
    steps: Vec<(String, Want)>,
    names: usize,
    questions: bool,
}

const KINDS: &[Want] = &[
    Want::Money,
    Want::Money,
    Want::Integer,
    Want::Integer,
    Want::Decimal,
    Want::Percent,
    Want::Date,
    Want::Date,
    Want::Stamp,
    Want::Text,
];

/// Paths of several rows from a row of a dataset, and what they lead to.
const PATHS: &[(&str, &str, &str)] = &[
    ("sag", "bevilling", "bevilling"),
    ("sag", "bevilling.betaling", "betaling"),
    ("sag", "bevilling.besøg", "besøg"),
    ("bevilling", "sag.bevilling", "bevilling"),
    ("bevilling", "sag.bevilling", "bevilling"),
    ("bevilling", "betaling", "betaling"),
    ("bevilling", "sag.bevilling.betaling", "betaling"),
    ("bevilling", "besøg", "besøg"),
    ("bevilling", "sag", "sag"),
    ("betaling", "bevilling.betaling", "betaling"),
    ("betaling", "bevilling.sag.bevilling", "bevilling"),
    ("betaling", "bevilling.besøg", "besøg"),
    ("besøg", "bevilling", "bevilling"),
    ("besøg", "bevilling.betaling", "betaling"),
    ("besøg", "bevilling.sag", "sag"),
];

fn kind_word(want: Want) -> &'static [&'static str] {
    match want {
        Want::Bool => &["bool"],
        Want::Money => &["money"],
        Want::Integer => &["integer"],
        Want::Decimal => &["decimal(2)"],
        Want::Percent => &["percent(1)"],
        Want::Date => &["date", "month"],
        Want::Stamp => &["timestamp"],
        Want::Text => &["text"],
        Want::Ratio | Want::Period | Want::Periods => &[],
    }
}

impl Writer<'_> {
    /// The body of a rule over one of the datasets.
    pub(crate) fn rule(chance: &mut Chance) -> (String, &'static str) {
        let each = chance.of(&["bevilling", "bevilling", "sag", "betaling", "besøg"]);
        let questions = chance.percent(12);
        let mut writer = Writer { chance, rows: vec![("r".to_owned(), each)], steps: Vec::new(), names: 0, questions };
        let mut body = String::new();
        let mut steps = Vec::new();
        for i in 0..writer.chance.of(&[0, 0, 1, 2]) {
            let want =
                writer.chance.of(&[Want::Money, Want::Integer, Want::Date, Want::Text, Want::Bool, Want::Ratio, Want::Periods]);
            steps.push(format!("'trin{i} = {}'", writer.expr(want, 3)));
            writer.steps.push((format!("trin{i}"), want));
        }
        if !steps.is_empty() {
            body.push_str(&format!("steps = [{}]\n", steps.join(", ")));
        }
        if writer.chance.percent(50) {
            body.push_str("scope = \"all\"\n");
        }
        if writer.chance.percent(15) && !questions {
            let items = match writer.chance.below(2) {
                0 => format!("months({})", writer.expr(Want::Period, 2)),
                _ => writer.expr(Want::Periods, 2),
            };
            body.push_str(&format!("per = 'm in {items}'\n"));
            if items.starts_with("months") {
                writer.steps.push(("m".to_owned(), Want::Date));
            } else {
                writer.steps.push(("m".to_owned(), Want::Period));
            }
        }
        if writer.chance.percent(50) {
            body.push_str(&format!("when = '{}'\n", writer.expr(Want::Bool, 3)));
        }
        let deadline = writer.chance.percent(20);
        if deadline {
            let want = writer.chance.of(&[Want::Date, Want::Stamp]);
            let (due, done) = (writer.expr(want, 2), writer.expr(want, 2));
            body.push_str(&format!("deadline = {{ due = '{due}', done = '{done}' }}\n"));
        }
        if !deadline || writer.chance.percent(50) {
            body.push_str(&format!("require = '{}'\n", writer.expr(Want::Bool, 5)));
            if writer.chance.percent(20) {
                body.push_str(&format!("partly = '{}'\n", writer.expr(Want::Bool, 2)));
            }
        }
        if writer.chance.percent(20) {
            let word = writer.chance.of(&["violation", "compliant", "report"]);
            body.push_str(&format!("if_missing = \"{word}\"\n"));
        }
        (body, each)
    }

    /// An expression of this kind.
    pub(crate) fn expr(&mut self, want: Want, depth: usize) -> String {
        let steps: Vec<String> = self.steps.iter().filter(|(_, kind)| *kind == want).map(|(name, _)| name.clone()).collect();
        if !steps.is_empty() && self.chance.percent(25) {
            return steps[self.chance.below(steps.len())].clone();
        }
        if depth == 0 {
            return self.leaf(want);
        }
        if want != Want::Periods && want != Want::Ratio && self.chance.percent(5) {
            let (condition, a, b) = (self.expr(Want::Bool, depth - 1), self.leaf(want), self.expr(want, depth - 1));
            return format!("(if {condition} then {a} else {b})");
        }
        if self.questions && want != Want::Bool && want != Want::Periods && self.chance.percent(15) {
            return format!("either({}, {})", self.leaf(want), self.expr(want, depth - 1));
        }
        if want != Want::Bool && want != Want::Periods && want != Want::Ratio && self.chance.percent(8) {
            return format!("or_else({}, {})", self.expr(want, depth - 1), self.leaf(want));
        }
        match want {
            Want::Bool => self.condition(depth),
            Want::Money => self.money(depth - 1),
            Want::Integer => self.integer(depth - 1),
            Want::Decimal => self.decimal(depth - 1),
            Want::Percent => match self.chance.below(3) {
                0 => format!("({} + {})", self.leaf(want), self.expr(want, depth - 1)),
                1 => format!("andel[{}]", self.expr(Want::Text, depth - 1)),
                _ => self.leaf(want),
            },
            Want::Ratio => self.ratio(depth - 1),
            Want::Date => self.date(depth - 1),
            Want::Stamp => match self.chance.below(4) {
                0 => {
                    let hours = self.chance.of(&["24 hours", "5 hours", "2 days", "1 month"]);
                    let op = self.chance.of(&["+", "-"]);
                    format!("({} {op} {hours})", self.expr(want, depth - 1))
                }
                1 => self.fold(want, depth - 1),
                _ => self.leaf(want),
            },
            Want::Text => self.text(depth - 1),
            Want::Period => match self.chance.below(5) {
                0 => format!("clip({}, {})", self.expr(want, depth - 1), self.expr(want, depth - 1)),
                1 => format!("longest_run({})", self.expr(Want::Periods, depth - 1)),
                _ => format!("period({}, {})", self.expr(Want::Date, depth - 1), self.expr(Want::Date, depth - 1)),
            },
            Want::Periods => match self.chance.below(3) {
                0 => format!("spells_of({}, {})", self.expr(Want::Period, depth - 1), self.expr(Want::Period, depth - 1)),
                1 => {
                    let (rows, part) = self.over(depth - 1, |w| w.own(Want::Period));
                    format!("spells_of({part} for {rows})")
                }
                _ => {
                    let whole = self.expr(Want::Period, depth - 1);
                    let (rows, part) = self.over(depth - 1, |w| w.own(Want::Period));
                    format!("uncovered({whole}, {part} for {rows})")
                }
            },
        }
    }

    /// A field of a row in scope, or a literal.
    fn leaf(&mut self, want: Want) -> String {
        let scope = self.rows.len();
        // Rows bound last are named most, so that conditions of a source mention its row.
        for i in (0..scope).rev().cycle().take(2 * scope) {
            if self.chance.percent(70)
                && let Some(field) = self.field(i, want)
            {
                return field;
            }
        }
        match want {
            Want::Bool => self.chance.of(&["true", "false"]).to_owned(),
            Want::Money => self.chance.of(&["1_000 kr", "0 kr", "1_000.50 kr", "100 kr"]).to_owned(),
            Want::Integer => self.chance.of(&["0", "1", "2", "12", "3"]).to_owned(),
            Want::Decimal => self.chance.of(&["0.5", "10.00", "37.25"]).to_owned(),
            Want::Percent => self.chance.of(&["12.5 %", "50 %"]).to_owned(),
            Want::Ratio => "1 / 3".to_owned(),
            Want::Date => self.chance.of(&["2024-02-15", "extract_date", "2024-04-01"]).to_owned(),
            Want::Stamp => if self.rows[0].1 == "bevilling" { "r.stempel" } else { "r.modtaget" }.to_owned(),
            Want::Text => self.chance.of(&["\"a\"", "\"b\"", "\"3\""]).to_owned(),
            Want::Period => "period(2024-01-15, 2024-03-31)".to_owned(),
            Want::Periods => "spells_of(period(2024-01-15, 2024-03-31))".to_owned(),
        }
    }

    /// A column of the row at this place.
    fn field(&mut self, place: usize, want: Want) -> Option<String> {
        let (name, dataset) = self.rows[place].clone();
        if want == Want::Period {
            let (from, to) = match dataset {
                "bevilling" => ("start", "slut"),
                "betaling" => ("fra", "til"),
                _ => return None,
            };
            return Some(format!("period({name}.{from}, {name}.{to})"));
        }
        // Now and then of the row one link away.
        let (name, dataset) = match dataset {
            "bevilling" if self.chance.percent(20) => (format!("{name}.sag"), "sag"),
            "betaling" if self.chance.percent(20) => (format!("{name}.bevilling"), "bevilling"),
            _ => (name, dataset),
        };
        let (.., columns) = DATASETS.iter().find(|(of, ..)| *of == dataset)?;
        let fit: Vec<&str> = columns.iter().filter(|(_, kind)| kind_word(want).contains(kind)).map(|(c, _)| *c).collect();
        (!fit.is_empty()).then(|| format!("{name}.{}", fit[self.chance.below(fit.len())]))
    }

    /// An expression that names the row bound last, whatever else is in it.
    fn own(&mut self, want: Want) -> String {
        let last = self.rows.len() - 1;
        self.field(last, want).unwrap_or_else(|| {
            let name = self.rows[last].0.clone();
            match want {
                Want::Period => format!("period({name}.dato, {name}.dato)"),
                Want::Integer => format!("{name}.antal"),
                _ => format!("length({name}.art)"),
            }
        })
    }

    /// A source of rows with its name bound while `of` writes.
    fn over<T>(&mut self, depth: usize, of: impl FnOnce(&mut Self) -> T) -> (String, T) {
        let from = self.chance.below(self.rows.len());
        let (start, dataset) = self.rows[from].clone();
        self.names += 1;
        // Names recur beside each other, so that their slots are shared.
        let name = format!("{}{}", self.chance.of(&["x", "y"]), if self.rows.len() > 1 { self.rows.len() } else { 0 });
        let name = if self.rows.iter().any(|(used, _)| *used == name) { format!("z{}", self.names) } else { name };
        let whole = self.chance.percent(20);
        let (path, to) = if whole {
            let to = self.chance.of(&["bevilling", "betaling"]);
            (to.to_owned(), to)
        } else {
            let paths: Vec<_> = PATHS.iter().filter(|(of, ..)| *of == dataset).collect();
            let (_, path, to) = paths[self.chance.below(paths.len())];
            (format!("{start}.{path}"), *to)
        };
        self.rows.push((name.clone(), to));
        let mut filter = Vec::new();
        if whole {
            let outer = match self.chance.below(2) {
                0 => format!("{start}.art"),
                _ => "\"b\"".to_owned(),
            };
            let key = format!("{start}.antal");
            filter.push(match self.chance.below(3) {
                0 => format!("{name}.antal = {key}"),
                _ => format!("{name}.art = {}", if outer.starts_with('"') { format!("{start}.art") } else { outer }),
            });
        }
        for _ in 0..self.chance.of(&[0, 0, 1, 1, 2]) {
            filter.push(self.about_own(depth));
        }
        let what = of(self);
        self.rows.pop();
        let filter = if filter.is_empty() { String::new() } else { format!(" where {}", filter.join(" and ")) };
        (format!("{name} in {path}{filter}"), what)
    }

    /// A condition that names the row bound last.
    fn about_own(&mut self, depth: usize) -> String {
        let last = self.rows.len() - 1;
        let (name, dataset) = self.rows[last].clone();
        let other = self.rows.iter().position(|(_, of)| *of == dataset).filter(|place| *place != last);
        if let Some(other) = other
            && self.chance.percent(30)
        {
            return format!("{name} is not {}", self.rows[other].0);
        }
        if depth > 0 && self.chance.percent(15) {
            return format!("({} or {})", self.about_own(depth - 1), self.expr(Want::Bool, depth - 1));
        }
        let want = self.chance.of(KINDS);
        match self.field(last, want) {
            Some(own) if self.chance.percent(25) => {
                let test = self.chance.of(&["is missing", "is present", "is known", "is not missing"]);
                format!("{own} {test}")
            }
            Some(own) if want == Want::Text => format!("{own} {} {}", self.chance.of(&["=", "!="]), self.leaf(want)),
            Some(own) => {
                let op = self.chance.of(&["=", "!=", "<", "<=", ">", ">="]);
                format!("{own} {op} {}", self.expr(want, depth.min(1)))
            }
            None => format!("{name}.art in [\"a\", \"b\"]"),
        }
    }

    fn condition(&mut self, depth: usize) -> String {
        let less = depth - 1;
        match self.chance.below(24) {
            22 => {
                let want = self.chance.of(KINDS);
                format!("same({}, {})", self.expr(want, less), self.leaf(want))
            }
            23 => self.closed(Want::Bool),
            0 => format!("({} and {})", self.expr(Want::Bool, less), self.expr(Want::Bool, less)),
            1 => format!("({} or {})", self.expr(Want::Bool, less), self.expr(Want::Bool, less)),
            2 => format!("not ({})", self.expr(Want::Bool, less)),
            3 => {
                let want = self.chance.of(KINDS);
                let test = self.chance.of(&["missing", "present", "known", "not missing", "not known"]);
                format!("{} is {test}", self.expr(want, less))
            }
            4 => {
                let want = self.chance.of(&[Want::Money, Want::Integer, Want::Date]);
                format!("{} between {} and {}", self.expr(want, less), self.expr(want, less), self.leaf(want))
            }
            5 => {
                let want = self.chance.of(&[Want::Integer, Want::Text]);
                let not = self.chance.of(&["", "not "]);
                let (a, b, c) = (self.expr(want, less), self.leaf(want), self.leaf(want));
                format!("{a} {not}in [{b}, {c}]")
            }
            6 => {
                let list = self.chance.of(&["r.grupper", "split(r.art, \"b\")", "split(r.sagsnr, \",\")"]);
                format!("{} in {list}", self.expr(Want::Text, less))
            }
            7 => {
                let day = if self.chance.percent(50) { format!(" at {}", self.expr(Want::Date, 0)) } else { String::new() };
                let not = self.chance.of(&["", "not "]);
                format!("{} {not}in arter{day}", self.expr(Want::Text, less))
            }
            8 => {
                let test = self.chance.of(&[
                    "starts with \"a\"",
                    "ends with \"b\"",
                    "contains \"A\"",
                    "matches \"[ab]+\"",
                    "not contains \"a\"",
                ]);
                format!("{} {test}", self.expr(Want::Text, less))
            }
            9 => {
                self.chance.of(&["r.paragraf under \"BL § 32\"", "r.konto under \"5.28.20\"", "cpr_modulus_ok(r.cpr)"]).to_owned()
            }
            10 | 11 => {
                let test = self.chance.of(&["overlaps", "meets", "during", "covers", "not overlaps"]);
                let b = if test != "meets" && test != "during" && self.chance.percent(30) && test == "covers" {
                    self.expr(Want::Date, less)
                } else {
                    self.expr(Want::Period, less)
                };
                format!("{} {test} {b}", self.expr(Want::Period, less))
            }
            12..=16 => {
                let word = self.chance.of(&["every", "some", "no", "some", "no"]);
                let bare = word != "every" && self.chance.percent(40);
                let (rows, satisfies) = self.over(less, |w| {
                    let one = w.about_own(less.min(2));
                    if w.chance.percent(40) { format!("{one} and {}", w.about_own(0)) } else { one }
                });
                if bare { format!("({word} {rows})") } else { format!("({word} {rows} satisfies {satisfies})") }
            }
            17 => {
                let pick = self.pick(less);
                let test = self.chance.of(&["missing", "present", "known"]);
                format!("{} is {test}", pick.0)
            }
            18 => self.leaf(Want::Bool),
            _ => {
                let want = self.chance.of(KINDS);
                let op = if want == Want::Text {
                    self.chance.of(&["=", "!="])
                } else {
                    self.chance.of(&["=", "!=", "<", "<=", ">", ">="])
                };
                format!("{} {op} {}", self.expr(want, less), self.expr(want, less))
            }
        }
    }

    /// Something over all of a dataset: it is the same for every row, so it names none of them.
    fn closed(&mut self, want: Want) -> String {
        let to = self.chance.of(&["bevilling", "betaling"]);
        let outer = std::mem::replace(&mut self.rows, vec![("w".to_owned(), to)]);
        let steps = std::mem::take(&mut self.steps);
        let questions = std::mem::replace(&mut self.questions, false);
        let (own, value) = (self.about_own(0), self.own(Want::Integer));
        (self.rows, self.steps, self.questions) = (outer, steps, questions);
        match (want, self.chance.below(2)) {
            (Want::Bool, 0) => format!("(some w in {to} where {own})"),
            (Want::Bool, _) => format!("(every w in {to} satisfies {own})"),
            (_, 0) => format!("count(w in {to} where {own})"),
            _ => format!("sum({value} for w in {to} where {own})"),
        }
    }

    /// A picked row and its dataset.
    fn pick(&mut self, depth: usize) -> (String, &'static str) {
        let each = self.rows[0].1;
        let relative = self.chance.percent(50) && each == "bevilling";
        if relative {
            let word = self.chance.of(&["previous", "next"]);
            let by = self.chance.of(&["y9.start", "y9.start, y9.id", "y9.art, y9.slut", "y9.stempel", "y9.beløb"]);
            let filter = if self.chance.percent(30) { " where y9.art != \"d\"" } else { "" };
            return (format!("{word}(y9 in r.sag.bevilling{filter} by {by})"), "bevilling");
        }
        let word = self.chance.of(&["first", "last"]);
        let mut to = "";
        let (rows, by) = self.over(depth, |w| {
            to = w.rows[w.rows.len() - 1].1;
            let name = w.rows[w.rows.len() - 1].0.clone();
            let want = w.chance.of(&[Want::Date, Want::Integer, Want::Text, Want::Stamp, Want::Money]);
            let key = w.own(want);
            if w.chance.percent(40) { format!("{key}, {name}.art") } else { key }
        });
        (format!("{word}({rows} by {by})"), to)
    }

    /// The least, greatest or one picked value of this kind.
    fn fold(&mut self, want: Want, depth: usize) -> String {
        if self.chance.percent(40) {
            let (pick, to) = self.pick(depth);
            let columns = DATASETS.iter().find(|(of, ..)| *of == to).map_or(&[][..], |(.., columns)| columns);
            if let Some((column, _)) = columns.iter().find(|(_, kind)| kind_word(want).contains(kind)) {
                return format!("{pick}.{column}");
            }
        }
        let word = self.chance.of(&["min", "max"]);
        let (rows, of) = self.over(depth, |w| w.own(want));
        format!("{word}({of} for {rows})")
    }

    fn money(&mut self, depth: usize) -> String {
        let m = Want::Money;
        match self.chance.below(12) {
            0 => format!("({} + {})", self.expr(m, depth), self.expr(m, depth)),
            1 => format!("({} - {})", self.expr(m, depth), self.expr(m, depth)),
            2 => format!("round({} * {}, 2)", self.expr(m, depth), self.expr(Want::Decimal, depth)),
            3 => format!("round({} * {}, 2)", self.expr(m, depth), self.expr(Want::Percent, depth)),
            4 => format!("round({} / {}, 2)", self.expr(m, depth), self.expr(Want::Integer, depth)),
            5 => format!("{}({}, {})", self.chance.of(&["min", "max"]), self.expr(m, depth), self.expr(m, depth)),
            6 => format!("{}({})", self.chance.of(&["abs", "floor", "ceil", "-"]), self.expr(m, depth)),
            7 => format!("loft at {}", self.leaf(Want::Date)),
            8 => format!("trin[{}] at {}", self.expr(Want::Decimal, depth), self.leaf(Want::Date)),
            9 => {
                let (rows, of) = self.over(depth, |w| w.own(Want::Money));
                format!("sum({of} for {rows})")
            }
            10 => {
                let word = self.chance.of(&["mean", "median"]);
                let (rows, of) = self.over(depth, |w| w.own(Want::Money));
                format!("round({word}({of} for {rows}), 2)")
            }
            _ => self.fold(m, depth),
        }
    }

    fn integer(&mut self, depth: usize) -> String {
        let n = Want::Integer;
        match self.chance.below(22) {
            19 => {
                let (a, b) = (self.expr(Want::Bool, depth), self.leaf(Want::Bool));
                format!("how_many({a}, {b}, {})", self.expr(Want::Bool, 0))
            }
            20 => format!("to_integer({})", self.expr(Want::Text, depth)),
            21 => self.closed(n),
            0 => format!("({} {} {})", self.expr(n, depth), self.chance.of(&["+", "-", "*"]), self.expr(n, depth)),
            1 => {
                let of = self.chance.of(&["year", "month", "day", "quarter_of", "weekday"]);
                format!("{of}({})", self.expr(Want::Date, depth))
            }
            2 => {
                let of = self.chance.of(&["age", "days_between", "months_between", "working_days_between"]);
                format!("{of}({}, {})", self.expr(Want::Date, depth), self.expr(Want::Date, depth))
            }
            3 => format!("working_days_between({}, {}, \"saturdays\")", self.leaf(Want::Date), self.leaf(Want::Date)),
            4 => format!("length({})", self.expr(Want::Text, depth)),
            5 | 6 => format!("count({})", self.over(depth, |_| ()).0),
            7 | 8 => {
                let want = self.chance.of(&[Want::Text, Want::Date, Want::Integer, Want::Stamp, Want::Money]);
                let (rows, of) = self.over(depth, |w| w.own(want));
                format!("count(distinct {of} for {rows})")
            }
            9 => format!("{}({})", self.chance.of(&["floor", "ceil", "round"]), self.expr(Want::Decimal, depth)),
            10 => format!("round({})", self.expr(Want::Ratio, depth)),
            11 => format!("days_in({})", self.expr(Want::Period, depth)),
            12 => format!("days_in({})", self.expr(Want::Periods, depth)),
            13 => format!("years({})", self.expr(Want::Period, depth)),
            14 => format!("{}({})", self.chance.of(&["abs", "-"]), self.expr(n, depth)),
            15 => {
                let (rows, of) = self.over(depth, |w| w.own(Want::Integer));
                format!("sum({of} for {rows})")
            }
            16 => format!("{}({}, {})", self.chance.of(&["min", "max"]), self.expr(n, depth), self.leaf(n)),
            _ => self.fold(n, depth),
        }
    }

    fn decimal(&mut self, depth: usize) -> String {
        match self.chance.below(5) {
            0 => {
                format!("({} {} {})", self.leaf(Want::Decimal), self.chance.of(&["+", "-", "*"]), self.expr(Want::Decimal, depth))
            }
            1 => format!("round({}, 2)", self.expr(Want::Ratio, depth)),
            2 => format!("({} * {})", self.expr(Want::Integer, depth), self.expr(Want::Percent, depth)),
            3 => format!("-{}", self.leaf(Want::Decimal)),
            _ => self.leaf(Want::Decimal),
        }
    }

    fn ratio(&mut self, depth: usize) -> String {
        match self.chance.below(4) {
            0 => format!("({} / {})", self.expr(Want::Money, depth), self.expr(Want::Money, depth)),
            1 => {
                let (rows, of) = self.over(depth, |w| w.own(Want::Integer));
                format!("{}({of} for {rows})", self.chance.of(&["mean", "median"]))
            }
            _ => format!("({} / {})", self.expr(Want::Integer, depth), self.expr(Want::Integer, depth)),
        }
    }

    fn date(&mut self, depth: usize) -> String {
        let d = Want::Date;
        match self.chance.below(15) {
            13 => format!("start_of({})", self.expr(Want::Period, depth)),
            14 => format!("end_of({})", self.expr(Want::Period, depth)),
            0 | 1 => {
                let by = self.chance.of(&["14 days", "1 month", "3 months", "5 working days", "1 year", "2 weeks"]);
                format!("({} {} {by})", self.expr(d, depth), self.chance.of(&["+", "-"]))
            }
            2 => {
                let by = self.chance.of(&["days", "weeks", "months_of", "working_days"]);
                format!("({} + {by}({}))", self.leaf(d), self.chance.of(&["3", "-2", "1 * 2"]))
            }
            3 => format!("{}({})", self.chance.of(&["start_of_month", "end_of_month", "start_of_year"]), self.expr(d, depth)),
            4 => format!("birthday({}, {})", self.expr(d, depth), self.chance.of(&["18", "1", "0"])),
            5 => format!("date_of({})", self.expr(Want::Stamp, depth)),
            6 => format!(
                "date({}, {}, {})",
                self.chance.of(&["2024", "2023"]),
                self.leaf(Want::Integer),
                self.chance.of(&["29", "1"])
            ),
            7 => {
                let saturdays = self.chance.of(&["", ", \"saturdays\""]);
                format!("add_working_days({}, {}{saturdays})", self.leaf(d), self.chance.of(&["3", "-2"]))
            }
            8 => format!("{}({}, {})", self.chance.of(&["min", "max"]), self.expr(d, depth), self.leaf(d)),
            9 => "cpr_date(r.cpr)".to_owned(),
            _ => self.fold(d, depth),
        }
    }

    fn text(&mut self, depth: usize) -> String {
        let t = Want::Text;
        match self.chance.below(7) {
            0 => format!("{}({})", self.chance.of(&["upper", "lower", "trim"]), self.expr(t, depth)),
            1 => format!("substring({}, {})", self.expr(t, depth), self.chance.of(&["1", "-1", "2, 1"])),
            2 => format!("replace({}, \"a\", \"{}\")", self.expr(t, depth), self.chance.of(&["", "b"])),
            3 => self.chance.of(&["cpr_class(r.cpr)", "account_part(r.konto, \"gruppering\")"]).to_owned(),
            4 => {
                let (pick, _) = self.pick(depth);
                format!("{pick}.art")
            }
            _ => self.leaf(t),
        }
    }
}

//! Why a code is not in a list or a table has no figure: it is not there at all, or not on that day; and what is nearest.

use crate::calendar::Date;
use crate::locale::{Bilingual, Lang};
use crate::model::{Code, CodeList, Figure, Table};
use crate::problem::nearest;
use crate::value::{Kind, Value, dk, show};

/// What a reader is told of a code that a list does not have on that day (on any day, where none is asked for).
pub(super) fn of_list(list: &CodeList, value: &str, day: Option<Date>) -> Bilingual {
    let holds = |code: &Code| day.is_none_or(|day| in_force((code.from, code.until), day));
    let fits = |code: &Code| match list.kind {
        Kind::Konto | Kind::Paragraf => dk::under(list.kind, value, &code.code) == Some(true),
        _ => &*code.code == value,
    };
    let periods = list.codes.iter().filter(|code| fits(code)).map(|code| (code.from, code.until));
    let near = nearest(value, list.codes.iter().filter(|code| holds(code)).map(|code| &*code.code));
    let near = near.and_then(|near| list.codes.iter().find(|code| *code.code == *near));
    let named = |code: &Code, lang: Lang| match code.title.get(lang) {
        title if title == &*code.code => title.to_owned(),
        title => format!("{} ({title})", code.code),
    };
    told(
        &list.title,
        &periods.collect::<Vec<_>>(),
        ("koden", "the code"),
        near.map(|code| Bilingual::new(named(code, Lang::Da), named(code, Lang::En))),
    )
}

/// What a reader is told where a table has no figure for these keys on that day.
pub(super) fn of_table(table: &Table, keys: &[Value], day: Option<Date>) -> Bilingual {
    let exact = |keys: &[Value]| keys.len() - usize::from(table.banded && !keys.is_empty());
    let wanted = &keys[..exact(keys)];
    let has = |figure: &&Figure| figure.keys.get(..exact(&figure.keys)) == Some(wanted);
    let mut periods: Vec<Days> = table.rows.iter().filter(has).filter(|_| table.dated).map(|f| (f.from, f.until)).collect();
    periods.dedup();
    let key = |keys: &[Value], lang| keys.iter().map(|key| show(key, "", lang)).collect::<Vec<_>>().join(" ");
    let known: Vec<String> = table
        .rows
        .iter()
        .filter(|figure| !table.dated || day.is_none_or(|day| in_force((figure.from, figure.until), day)))
        .map(|figure| key(figure.keys.get(..exact(&figure.keys)).unwrap_or_default(), Lang::Da))
        .collect();
    let asked = key(wanted, Lang::Da);
    // A key that is there needs no other.
    let near = nearest(&asked, known.iter().map(String::as_str)).filter(|near| **near != asked && !wanted.is_empty());
    told(&table.title, &periods, ("et tal", "a figure"), near.map(|near| Bilingual::new(near, near)))
}

/// First and last day.
type Days = (Option<Date>, Option<Date>);

fn in_force((from, until): Days, day: Date) -> bool {
    from.is_none_or(|from| from <= day) && until.is_none_or(|until| day <= until)
}

fn told(title: &Bilingual, periods: &[Days], what: (&str, &str), near: Option<Bilingual>) -> Bilingual {
    let text = |lang: Lang| {
        let (what, title) = (lang.pick(what.0, what.1), title.get(lang));
        let days = periods.iter().map(|days| shown(*days, lang)).collect::<Vec<_>>().join(", ");
        let has = match lang {
            Lang::Da if periods.is_empty() => format!("«{title}» har ikke {what}"),
            Lang::En if periods.is_empty() => format!("«{title}» does not have {what}"),
            Lang::Da => format!("«{title}» har kun {what} {days}"),
            Lang::En => format!("«{title}» has {what} only {days}"),
        };
        match &near {
            Some(near) => format!("{has}; {} {}", lang.pick("nærmest er", "the nearest is"), near.get(lang)),
            None => has,
        }
    };
    Bilingual::new(text(Lang::Da), text(Lang::En))
}

fn shown((from, until): Days, lang: Lang) -> String {
    let (since, to) = (lang.pick("fra", "from"), lang.pick("til", "until"));
    match (from, until) {
        (Some(from), Some(until)) => format!("{since} {} {to} {}", from.show(lang), until.show(lang)),
        (Some(from), None) => format!("{since} {}", from.show(lang)),
        (None, Some(until)) => format!("{to} {}", until.show(lang)),
        (None, None) => lang.pick("uden datoer", "without dates").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::{SourceFile, Status};
    use crate::value::Decimal;

    fn d(text: &str) -> Date {
        Date::parse_iso(text).expect(text)
    }

    fn file() -> SourceFile {
        SourceFile { path: Arc::from(""), text: Arc::from("") }
    }

    fn accounts() -> CodeList {
        let code = |code: &str, title: &str, from, until| Code {
            code: code.into(),
            title: Bilingual::new(title, title),
            aliases: Vec::new(),
            from,
            until,
        };
        CodeList {
            name: "konti".into(),
            title: Bilingual::new("Konti", "Accounts"),
            kind: Kind::Konto,
            codes: vec![
                code("5.28.20.1.092", "Opholdssteder", None, None),
                code("5.28.22.1.092", "Plejefamilier", Some(d("2024-01-01")), None),
                code("5.28.22.1.001", "5.28.22.1.001", None, Some(d("2023-12-31"))),
            ],
            others: false,
            status: Status::Unverified,
            source: "en kilde".into(),
            file: file(),
        }
    }

    #[test]
    fn an_unknown_code_and_one_of_another_day_are_told_apart() {
        let list = accounts();
        let told = |value, day| of_list(&list, value, day).da;
        assert_eq!(
            told("5.28.22.1.093", Some(d("2024-05-01"))),
            "«Konti» har ikke koden; nærmest er 5.28.22.1.092 (Plejefamilier)"
        );
        // The nearest is one that holds on the day.
        assert_eq!(
            told("5.28.22.1.093", Some(d("2023-05-01"))),
            "«Konti» har ikke koden; nærmest er 5.28.20.1.092 (Opholdssteder)"
        );
        assert_eq!(
            told("5.28.22.1.092", Some(d("2023-05-01"))),
            "«Konti» har kun koden fra 01-01-2024; nærmest er 5.28.20.1.092 (Opholdssteder)"
        );
        assert_eq!(
            of_list(&list, "5.28.22.1.001", Some(d("2024-05-01"))).en,
            "«Accounts» has the code only until 31-12-2023; the nearest is 5.28.22.1.092 (Plejefamilier)"
        );
        assert_eq!(told("7.9", None), "«Konti» har ikke koden");
    }

    #[test]
    fn a_table_without_a_figure() {
        let figure = |key: &str, from, until| Figure {
            from,
            until,
            keys: vec![Value::Text(key.into())],
            value: Value::Money(Decimal::whole(1)),
            status: Status::Printed,
            source: "en kilde".into(),
        };
        let table = Table {
            name: "loft".into(),
            title: Bilingual::new("Loft", "Cap"),
            keys: vec![Kind::Text],
            banded: false,
            dated: true,
            kind: Kind::Money(2),
            local: false,
            rows: vec![figure("lov", Some(d("2024-01-01")), Some(d("2024-12-31"))), figure("lov", Some(d("2025-01-01")), None)],
            file: file(),
        };
        let told = |key: &str, day| of_table(&table, &[Value::Text(key.into())], Some(d(day))).da;
        assert_eq!(told("lov", "2020-01-01"), "«Loft» har kun et tal fra 01-01-2024 til 31-12-2024, fra 01-01-2025");
        assert_eq!(told("lob", "2024-05-01"), "«Loft» har ikke et tal; nærmest er lov");
    }
}

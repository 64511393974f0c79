//! Every example of `docs/language.md` that needs no row gives what the page says.

mod common;

use std::sync::Arc;

use common::language_table::lines;
use sagstjek::calendar::Date;
use sagstjek::engine::eval;
use sagstjek::model::{Pack, load};
use sagstjek::rule::parse_expression;
use sagstjek::value::Cell;

fn value(pack: &Arc<Pack>, text: &str) -> Cell {
    let expr = parse_expression(pack, text).unwrap_or_else(|mistakes| panic!("{text}: {}", mistakes[0].message.en));
    eval(pack, &expr, Date::from_ymd(2024, 6, 30).expect("a day")).value
}

#[test]
fn every_example_gives_what_the_page_says() {
    let pack = Arc::new(load::load(load::embedded()).expect("the pack loads"));
    let mut seen = 0;
    for line in lines() {
        let Some(gives) = line.gives else { continue };
        let got = value(&pack, &line.example);
        let at = format!("docs/language.md:{}: {} gives {got:?}, not {gives}", line.line, line.example);
        match gives.as_str() {
            "empty" => assert_eq!(got, Cell::Empty, "{at}"),
            "unknown" => assert!(matches!(got, Cell::Unknown(_)), "{at}"),
            _ => {
                let wanted = value(&pack, &gives);
                assert!(matches!(wanted, Cell::Present(_)), "{at}");
                assert_eq!(got, wanted, "{at}");
            }
        }
        seen += 1;
    }
    assert!(seen > 40, "{seen} examples read");
}

//! Pages of key figures in Markdown, and their index. A test keeps the committed pages equal to what this makes.

use std::fmt::Write;

use super::pages::{cell, comment_above, heading, section};
use crate::locale::Lang;
use crate::model::Pack;
use crate::rule::explain_figure::{FigureExplanation, explain_figure};
use crate::rule::figure::KeyFigure;

/// The page of a key figure: Danish, then English, then its examples.
pub fn figure_page(pack: &Pack, figure: &KeyFigure) -> String {
    let mut out = String::new();
    for lang in [Lang::Da, Lang::En] {
        let (told, texts) = (explain_figure(figure, pack, lang), figure.texts(lang));
        let _ = writeln!(out, "{} {}: {}\n", lang.pick("#", "##"), figure.id, cell(&texts.title));
        if lang == Lang::Da {
            let note = "Siden er dannet af nøgletallets fil / this page is made from the key figure's file";
            let _ = writeln!(out, "*{note}: [{0}](../../rules/{0})*\n", figure.file.path);
        }
        let _ = writeln!(out, "{}", one_line(&texts.why));
        if let Some(note) = &texts.note {
            let _ = writeln!(out, "\n{}", one_line(note));
        }
        heading(&mut out, lang.pick("Kolonner", "Columns"), lang);
        let _ = writeln!(out, "{}\n|---|---|---|", lang.pick("| kolonne | udtryk | andel |", "| column | expression | share |"));
        for (title, value, share) in &told.columns {
            let share = share.as_deref().unwrap_or("");
            let _ = writeln!(out, "| {} | `{}` | {} |", cell(title), cell(&one_line(value)), cell(&one_line(share)));
        }
        if let Some(source) = &figure.source {
            section(&mut out, lang.pick("Kilde", "Source"), source, lang);
        }
        let reads: Vec<String> = told.reads.iter().map(|column| format!("`{column}`")).collect();
        section(&mut out, lang.pick("Hvad det læser", "What it reads"), &reads.join(", "), lang);
    }
    expressions(&mut out, pack, figure, &explain_figure(figure, pack, Lang::En));
    examples(&mut out, figure);
    out
}

fn expressions(out: &mut String, pack: &Pack, figure: &KeyFigure, told: &FigureExplanation) {
    let _ =
        writeln!(out, "\n## Nøgletallet / The key figure\n\n```\neach      {} as {}", pack.get(figure.each).name, figure.row.0);
    for (key, text) in &told.expressions {
        let _ = writeln!(out, "{key:<10}{}", one_line(text));
    }
    out.push_str("```\n");
}

/// Each example as the table it must give.
fn examples(out: &mut String, figure: &KeyFigure) {
    out.push_str("\n## Eksempler / Examples\n");
    for (i, example) in figure.examples.iter().enumerate() {
        let said = comment_above(&figure.file.text, example.span.start);
        let _ = writeln!(out, "\n{}. ({}) {said}\n", i + 1, example.extract_date.show(Lang::Da));
        let keys = figure.by.iter().map(|head| head.title.da.as_str());
        let heads: Vec<String> = match &figure.across {
            Some(_) => keys.map(str::to_owned).chain(example.expect.across.iter().cloned()).collect(),
            None => keys.chain(figure.columns.iter().map(|column| column.title.da.as_str())).map(str::to_owned).collect(),
        };
        let line = |cells: &[String]| format!("   | {} |", cells.iter().map(|text| cell(text)).collect::<Vec<_>>().join(" | "));
        let _ = writeln!(out, "{}\n   |{}", line(&heads), "---|".repeat(heads.len()));
        for row in &example.expect.rows {
            let _ = writeln!(out, "{}", line(row));
        }
    }
}

/// The index: a table of the key figures of each folder, with their pages.
pub fn figure_index(pack: &Pack, figures: &[KeyFigure]) -> String {
    let mut out = String::from("| id | viser | shows | spor / tracks |\n|---|---|---|---|\n");
    for figure in figures.iter().filter(|figure| pack.figure_folders.iter().any(|f| *f.folder == *figure.folder)) {
        let row = [figure.da.title.as_str(), &figure.en.title, &figure.tracks.join(", ")].map(cell);
        let _ = writeln!(out, "| [{0}](../docs/figures/{0}.md) | {1} |", figure.id, row.join(" | "));
    }
    out
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

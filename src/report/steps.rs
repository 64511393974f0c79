//! How a finding was computed: an aligned table of steps, the cells of their factors and the figures they rest on.

use unicode_width::UnicodeWidthStr;

use super::pen::{Look, Pen, left, middle, right, wrapped};
use crate::finding::excerpt::clip;
use crate::finding::{CellView, FigureView, Finding, StepView};
use crate::locale::Lang;
use crate::model::Status;
use crate::privacy::terminal;
use crate::value::show;

/// A line of the table: step and value (first line of a step only), then factor, its value and where it stands.
#[derive(Default)]
struct Line {
    step: String,
    value: String,
    factor: String,
    factor_value: String,
    place: String,
}

pub(super) fn render(finding: &Finding, pen: &Pen<'_>) -> String {
    table(&finding.steps, &finding.figures, Some(&finding.primary.place.file), pen)
}

/// Steps and figures; cells of the file `home` are told without its name.
pub(super) fn table(steps: &[StepView], figures: &[FigureView], home: Option<&str>, pen: &Pen<'_>) -> String {
    let mut notes = Vec::new();
    let lines = lines(steps, figures, home, pen, &mut notes);
    if lines.is_empty() {
        return String::new();
    }
    let widest = |cell: fn(&Line) -> &String| lines.iter().map(|l| cell(l).width()).max().unwrap_or(0);
    let (step, value) = (widest(|l| &l.step), widest(|l| &l.value));
    let (factor, factor_value) = (widest(|l| &l.factor), widest(|l| &l.factor_value));
    let mut out = format!("  {}\n", pen.paint(Look::Dim, pen.lang.pick("sådan er det regnet", "how it was computed")));
    for line in &lines {
        let row = format!(
            "    {}  {}   {}  {}  {}",
            left(&line.step, step),
            right(&line.value, value),
            left(&line.factor, factor),
            right(&line.factor_value, factor_value),
            pen.paint(Look::Dim, &line.place),
        );
        out.push_str(row.trim_end());
        out.push('\n');
    }
    for (i, note) in notes.iter().enumerate() {
        let mark = format!("[{}] ", i + 1);
        for (j, line) in wrapped(note, pen.width.saturating_sub(4 + mark.len())).iter().enumerate() {
            let lead = if j == 0 { mark.clone() } else { " ".repeat(mark.len()) };
            out.push_str(&format!("    {}\n", pen.paint(Look::Dim, &format!("{lead}{line}"))));
        }
    }
    out
}

/// The table's lines; where figures stand goes to `notes`, each source once.
fn lines(steps: &[StepView], figures: &[FigureView], home: Option<&str>, pen: &Pen<'_>, notes: &mut Vec<String>) -> Vec<Line> {
    let mut lines = Vec::new();
    for step in steps {
        let mut of_step: Vec<Line> = step.factors.iter().map(|cell| factor(cell, home, pen)).collect();
        of_step.extend(step.figures.iter().map(|f| figure(f, pen, notes)));
        if of_step.is_empty() {
            of_step.push(Line::default());
        }
        of_step[0].step = terminal(&step.name).into_owned();
        of_step[0].value = terminal(&step.value.show(pen.currency, pen.lang)).into_owned();
        lines.append(&mut of_step);
    }
    // Figures that no step names decided it all the same.
    let in_steps = |f: &FigureView| steps.iter().any(|s| s.figures.contains(f));
    lines.extend(figures.iter().filter(|f| !in_steps(f)).map(|f| figure(f, pen, notes)));
    lines
}

fn factor(cell: &CellView, home: Option<&str>, pen: &Pen<'_>) -> Line {
    let place = place(cell, home);
    Line {
        factor: clip(&terminal(cell.name()), 28),
        factor_value: clip(&terminal(&cell.shown.show(pen.currency, pen.lang)), 28),
        place,
        ..Line::default()
    }
}

/// Where a cell stands: `E7`, with the file before it unless that is `home`.
pub(super) fn place(cell: &CellView, home: Option<&str>) -> String {
    let excel = terminal(&cell.place.excel()).into_owned();
    if home == Some(&*cell.place.file) { excel } else { format!("{} {excel}", middle(&terminal(&cell.place.file), 24)) }
}

fn figure(figure: &FigureView, pen: &Pen<'_>, notes: &mut Vec<String>) -> Line {
    let since = figure.from.map_or(String::new(), |day| format!("{} {}: ", pen.lang.pick("fra", "from"), day.show(pen.lang)));
    let note = format!("{since}{}", pen.safe(&figure.source));
    let number = notes.iter().position(|known| *known == note).unwrap_or_else(|| {
        notes.push(note);
        notes.len() - 1
    });
    Line {
        factor: clip(&terminal(figure.title.get(pen.lang)), 32),
        factor_value: terminal(&show(&figure.value, pen.currency, pen.lang)).into_owned(),
        place: format!("{}[{}]", status_mark(figure.status, pen.lang), number + 1),
        ..Line::default()
    }
}

/// What must be said of a figure that is not printed.
pub(super) fn status_mark(status: Status, lang: Lang) -> &'static str {
    match status {
        Status::Printed => "",
        Status::Derived => lang.pick("(afledt) ", "(derived) "),
        Status::Unverified => lang.pick("(ikke efterprøvet) ", "(unverified) "),
        Status::Local => lang.pick("(lokal) ", "(local) "),
    }
}

//! `sagstjek.toml`: what a municipality settles about its delivery, checked against the pack and turned into each stage's own
//! options. Entries that match nothing are reported at their line.

mod file;
pub mod init;
pub mod schema;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use crate::calendar::Date;
use crate::engine::Limits;
use crate::intake::{FileReading, SheetReading, Source, is_known, meets, same_header};
use crate::locale::{Bilingual, Lang};
use crate::model::{ColumnId, DatasetId, Figure, Pack, SourceFile, Status, TableId};
use crate::problem::{Mistake, Severity, nearest};
use crate::report::FailOn;
use crate::rule::figure::KeyFigure;
use crate::rule::typed::Rule;

/// A config, valid for a pack. Without a file it is the default: every rule, no sources, nothing local.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Language of all output.
    pub lang: Option<Lang>,
    /// The day the data describes.
    pub extract_date: Option<Date>,
    /// Sources, in file order.
    pub sources: Vec<Source>,
    /// Files that are no exports.
    pub ignore: Vec<Entry>,
    /// File that holds the secret, relative to the config.
    pub secret_file: Option<PathBuf>,
    /// Which rules run.
    pub selection: Selection,
    /// How many candidate pairs a rule may look at.
    pub limits: Limits,
    /// Least severity that sets exit code 1.
    pub fail_on: Option<FailOn>,
    severities: Vec<(Entry, Severity)>,
    local: Vec<(TableId, Vec<Figure>)>,
    source_spans: Vec<SourceSpans>,
    file: Option<SourceFile>,
}

/// Where a `[[source]]` and its entries stand, in the order of the source's own lists.
#[derive(Debug, Clone, Default)]
struct SourceSpans {
    whole: Range<usize>,
    columns: Vec<Range<usize>>,
    formats: Vec<Range<usize>>,
    sentinels: Vec<Range<usize>>,
}

/// Rules by id, id prefix (`BEV`), name or family; from the config or the command line.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Only these; all when empty.
    pub select: Vec<Entry>,
    /// Not these.
    pub ignore: Vec<Entry>,
}

/// A word of the config and where it stands; command line words have no span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// As written.
    pub text: String,
    /// Byte range in the config.
    pub span: Option<Range<usize>>,
}

impl Entry {
    /// A word of the command line.
    pub fn typed(text: &str) -> Entry {
        Entry { text: text.to_owned(), span: None }
    }

    /// Whether it means this rule.
    pub fn means(&self, rule: &Rule) -> bool {
        self.names(&rule.id, &rule.name, &rule.family)
    }

    /// Whether it means this key figure.
    pub fn means_figure(&self, figure: &KeyFigure) -> bool {
        self.names(&figure.id, &figure.name, &figure.folder)
    }

    fn names(&self, id: &str, name: &str, folder: &str) -> bool {
        let text = self.text.as_str();
        let prefix = id.len() > text.len() && id.starts_with(text) && id.as_bytes()[text.len()] == b'-';
        id == text || prefix || name == text || folder == text
    }
}

impl Selection {
    /// Whether the rule runs.
    pub fn takes(&self, rule: &Rule) -> bool {
        (self.select.is_empty() || self.select.iter().any(|e| e.means(rule))) && !self.ignore.iter().any(|e| e.means(rule))
    }

    /// Whether the key figure is computed. Where only some rules are wanted, so are only the key figures that are named.
    pub fn takes_figure(&self, figure: &KeyFigure) -> bool {
        (self.select.is_empty() || self.select.iter().any(|e| e.means_figure(figure)))
            && !self.ignore.iter().any(|e| e.means_figure(figure))
    }

    /// Words that mean no rule or key figure of the pack, with the nearest id.
    pub fn unknown<'a>(
        &'a self,
        rules: &'a [Rule],
        figures: &'a [KeyFigure],
    ) -> impl Iterator<Item = (&'a Entry, Option<&'a str>)> {
        let entries = self.select.iter().chain(&self.ignore);
        let known = move |e: &Entry| rules.iter().any(|r| e.means(r)) || figures.iter().any(|f| e.means_figure(f));
        let ids = move || rules.iter().map(|r| &*r.id).chain(figures.iter().map(|f| &*f.id));
        entries.filter(move |e| !known(e)).map(move |e| (e, nearest(&e.text, ids())))
    }
}

impl Config {
    /// Reads a config for a pack. `shown` is the file as the user names it.
    ///
    /// # Errors
    /// All mistakes of the file at once.
    pub fn parse(shown: &str, text: &str, pack: &Pack) -> Result<Config, Vec<Mistake>> {
        file::parse(SourceFile { path: shown.into(), text: text.into() }, pack)
    }

    /// Patterns of files that are no exports.
    pub fn ignored(&self) -> impl Iterator<Item = String> + '_ {
        self.ignore.iter().map(|entry| entry.text.clone())
    }

    /// Puts the local figures into the pack.
    pub fn fill_local(&self, pack: &mut Pack) {
        for (table, figures) in &self.local {
            pack.tables[table.index()].rows.clone_from(figures);
        }
    }

    /// Gives rules the severities of the config.
    pub fn set_severities(&self, rules: &mut [Rule]) {
        for rule in rules {
            if let Some((_, severity)) = self.severities.iter().find(|(entry, _)| entry.means(rule)) {
                rule.severity = *severity;
            }
        }
    }

    /// Entries that match nothing or are not needed: rule words without a rule, patterns without a file, headers and columns
    /// that no file of their source has, headers that are known without being told. A required source without a file is a
    /// problem of the delivery and not told here. `left_out` are files that the folder holds and nobody read.
    pub fn unmatched(
        &self,
        (rules, figures): (&[Rule], &[KeyFigure]),
        pack: &Pack,
        files: &[FileReading],
        left_out: &[String],
    ) -> Vec<Mistake> {
        let mut found = Vec::new();
        let words = self.selection.unknown(rules, figures).map(|(entry, near)| (entry.clone(), near.map(str::to_owned)));
        let severities = self.severities.iter().filter(|(e, _)| !rules.iter().any(|rule| e.means(rule)));
        for (entry, near) in words.chain(severities.map(|(e, _)| (e.clone(), None))) {
            let Some(span) = entry.span else { continue };
            let message =
                Bilingual::new(format!("ingen regel hedder «{}»", entry.text), format!("no rule is called «{}»", entry.text));
            found.extend(self.warn(span, message, near.as_deref()));
        }
        for entry in self.ignore.iter().filter(|entry| !left_out.iter().any(|file| meets(&entry.text, file))) {
            let Some(span) = entry.span.clone() else { continue };
            let message =
                Bilingual::new(format!("ingen fil hedder «{}»", entry.text), format!("no file is called «{}»", entry.text));
            found.extend(self.warn(span, message, None));
        }
        for (source, spans) in self.sources.iter().zip(&self.source_spans) {
            self.idle_source(source, spans, pack, files, &mut found);
        }
        found
    }

    /// What of a source did nothing.
    fn idle_source(&self, source: &Source, spans: &SourceSpans, pack: &Pack, files: &[FileReading], found: &mut Vec<Mistake>) {
        let mut say = |span: &Range<usize>, da: String, en: String| {
            found.extend(self.warn(span.clone(), Bilingual::new(da, en), None));
        };
        let met: Vec<&FileReading> = files.iter().filter(|file| meets(&source.files, &file.path)).collect();
        let first = |file: &&FileReading| self.sources.iter().find(|s| meets(&s.files, &file.path));
        let own: Vec<&FileReading> =
            met.iter().copied().filter(|file| first(file).is_some_and(|first| std::ptr::eq(first, source))).collect();
        if own.is_empty() {
            let name = &source.name;
            match met.first().and_then(first) {
                Some(other) => say(
                    &spans.whole,
                    format!("kilden «{name}» bruges ikke: kilden «{}» står før og tager dens filer", other.name),
                    format!("the source «{name}» is not used: the source «{}» stands before it and takes its files", other.name),
                ),
                None if source.required => {}
                None => say(
                    &spans.whole,
                    format!("kilden «{name}» passer ikke til nogen fil"),
                    format!("the source «{name}» matches no file"),
                ),
            }
            return;
        }
        let sheets: Vec<&SheetReading> = own.iter().flat_map(|file| &file.sheets).filter(|s| s.profile.is_some()).collect();
        let headers = || sheets.iter().flat_map(|sheet| &sheet.headers);
        let is_fed = |to: (DatasetId, ColumnId)| headers().any(|header| header.feeds.contains(&to));
        for ((dataset, column, header), span) in source.columns.iter().zip(&spans.columns) {
            let to = (*dataset, *column);
            if !headers().any(|found| found.feeds.contains(&to) && same_header(&found.text, header)) {
                say(
                    span,
                    format!("ingen af kildens filer bruger overskriften «{header}» til dette"),
                    format!("no file of the source uses the header «{header}» for this"),
                );
            } else if sheets.iter().all(|sheet| is_known(pack, sheet.profile, to, header)) {
                say(
                    span,
                    format!("ikke nødvendig: «{header}» kendes i forvejen"),
                    format!("not needed: «{header}» is known already"),
                );
            }
        }
        let formats = source.formats.iter().map(|(dataset, column, _)| (*dataset, *column)).zip(&spans.formats);
        let sentinels = source.sentinels.iter().map(|(dataset, column, _)| (*dataset, *column)).zip(&spans.sentinels);
        for (to, span) in formats.chain(sentinels).filter(|(to, _)| !is_fed(*to)) {
            let name = &pack.get(to.0).columns[to.1.index()].name;
            say(
                span,
                format!("ingen af kildens filer har kolonnen «{name}»"),
                format!("no file of the source has the column «{name}»"),
            );
        }
    }

    fn warn(&self, span: Range<usize>, message: Bilingual, near: Option<&str>) -> Option<Mistake> {
        let file = self.file.as_ref()?;
        let mut mistake = Mistake::at(&file.path, &file.text, span, message);
        mistake.severity = Severity::Warning;
        mistake.help = near.map(|near| Bilingual::new(format!("mente du «{near}»?"), format!("did you mean «{near}»?")));
        Some(mistake)
    }

    /// The config as it was read, for the manifest's hash.
    pub fn text(&self) -> Option<&Arc<str>> {
        self.file.as_ref().map(|file| &file.text)
    }
}

fn local_figure(keys: Vec<crate::value::Value>, value: crate::value::Value) -> Figure {
    Figure { from: None, until: None, keys, value, status: Status::Local, source: "sagstjek.toml".into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::load::load;

    fn pack() -> Pack {
        let file = |path: &str, text: &str| SourceFile { path: path.into(), text: text.into() };
        load(vec![
            file("pack.toml", "name = 'p'\nversion = '1'\ncurrency = 'kr'\nvocabulary = ['dk']"),
            file(
                "satser/konto.toml",
                "table = 'psp_konto'\ntitle = { da = 'a', en = 'b' }\nkeys = ['text']\nkind = 'konto'\nlocal = true",
            ),
            file("model/sag.toml", "dataset = 'sag'\ntitle = { da = 'a', en = 'b' }\n[[column]]\nname = 'sagsnr'\nkind = 'text'"),
        ])
        .unwrap_or_else(|mistakes| panic!("{:?}", mistakes.iter().map(|m| &m.message.en).collect::<Vec<_>>()))
    }

    #[test]
    fn reads_what_a_municipality_settles() {
        let text = "lang = 'en'\nextract_date = 2026-10-31\nignore = ['facit.toml']\n[privacy]\nsecret_file = 's.txt'\n[rules]\nselect = ['BEV']\n\
            fail_on = 'warning'\n[[source]]\nname = 'OPUS'\nfiles = 'OPUS_*.csv'\ndelimiter = 'tab'\nrequired = false\n\
            columns = { \"sag.sagsnr\" = 'Nr' }\n[local.psp_konto]\nXG-1 = '528201092'\n";
        let config = Config::parse("sagstjek.toml", text, &pack()).expect("a valid config");
        assert_eq!(config.lang, Some(Lang::En));
        assert_eq!(config.extract_date, Date::parse_iso("2026-10-31"));
        assert_eq!(config.fail_on.map(|f| f.severity), Some(Severity::Warning));
        let source = &config.sources[0];
        assert_eq!((source.files.as_str(), source.export.delimiter, source.required), ("OPUS_*.csv", Some(b'\t'.into()), false));
        assert_eq!(source.columns, [(DatasetId(0), ColumnId(0), "Nr".to_owned())]);
        let mut pack = pack();
        config.fill_local(&mut pack);
        let row = &pack.tables[0].rows[0];
        assert_eq!(row.value, crate::value::Value::Text("5.28.20.1.092".into()));
        assert_eq!(row.status, Status::Local);
        let idle = config.unmatched((&[], &[]), &pack, &[], &[]);
        assert_eq!(idle.len(), 3, "a word that means no rule, a pattern and a source without a file: {idle:#?}");
    }

    #[test]
    fn tells_all_mistakes_at_once_at_their_places() {
        let text = "lang = 'dk'\nsecret = 1\n[[source]]\nprofile = 'dubu'\ndelimiter = 'x'\n[local]\npsp_kont = { A = 'x' }\n";
        let mistakes = Config::parse("sagstjek.toml", text, &pack()).expect_err("a config with mistakes");
        let at: Vec<(usize, usize)> = mistakes.iter().map(Mistake::line_column).collect();
        assert_eq!(at, [(1, 8), (2, 1), (3, 1), (4, 11), (5, 13), (7, 1)], "{mistakes:#?}");
        assert!(mistakes[5].help.as_ref().is_some_and(|help| help.en.contains("psp_konto")));
    }
}

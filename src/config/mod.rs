//! `sagstjek.toml`: what a municipality settles about its delivery, checked against the pack and turned into each stage's own
//! options. Entries that match nothing are reported at their line.

mod file;
pub mod init;
pub mod schema;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use crate::calendar::Date;
use crate::intake::Source;
use crate::locale::{Bilingual, Lang};
use crate::model::{Figure, Pack, SourceFile, Status, TableId};
use crate::problem::{Mistake, Severity, nearest};
use crate::report::FailOn;
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
    pub ignore: Vec<String>,
    /// File that holds the secret, relative to the config.
    pub secret_file: Option<PathBuf>,
    /// Which rules run.
    pub selection: Selection,
    /// Least severity that sets exit code 1.
    pub fail_on: Option<FailOn>,
    severities: Vec<(Entry, Severity)>,
    local: Vec<(TableId, Vec<Figure>)>,
    source_spans: Vec<Range<usize>>,
    file: Option<SourceFile>,
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
        let text = self.text.as_str();
        let prefix = rule.id.len() > text.len() && rule.id.starts_with(text) && rule.id.as_bytes()[text.len()] == b'-';
        *rule.id == *text || prefix || *rule.name == *text || *rule.family == *text
    }
}

impl Selection {
    /// Whether the rule runs.
    pub fn takes(&self, rule: &Rule) -> bool {
        (self.select.is_empty() || self.select.iter().any(|e| e.means(rule))) && !self.ignore.iter().any(|e| e.means(rule))
    }

    /// Words that mean no rule of the pack, with the nearest id.
    pub fn unknown<'a>(&'a self, rules: &'a [Rule]) -> impl Iterator<Item = (&'a Entry, Option<&'a str>)> {
        let entries = self.select.iter().chain(&self.ignore);
        entries.filter(|e| !rules.iter().any(|rule| e.means(rule))).map(|e| (e, nearest(&e.text, rules.iter().map(|r| &*r.id))))
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

    /// Entries that match nothing: rule words without a rule, optional sources without a file (required ones are problems
    /// of the delivery). `matched` tells for each source whether a file matched.
    pub fn unmatched(&self, rules: &[Rule], matched: &[bool]) -> Vec<Mistake> {
        let mut found = Vec::new();
        let words = self.selection.unknown(rules).map(|(entry, near)| (entry.clone(), near.map(str::to_owned)));
        let severities = self.severities.iter().filter(|(e, _)| !rules.iter().any(|rule| e.means(rule)));
        for (entry, near) in words.chain(severities.map(|(e, _)| (e.clone(), None))) {
            let Some(span) = entry.span else { continue };
            let message =
                Bilingual::new(format!("ingen regel hedder «{}»", entry.text), format!("no rule is called «{}»", entry.text));
            found.extend(self.warn(span, message, near.as_deref()));
        }
        for ((source, span), matched) in self.sources.iter().zip(&self.source_spans).zip(matched) {
            if !matched && !source.required {
                let message = Bilingual::new(
                    format!("kilden «{}» passer ikke til nogen fil", source.name),
                    format!("the source «{}» matches no file", source.name),
                );
                found.extend(self.warn(span.clone(), message, None));
            }
        }
        found
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
        assert_eq!(source.columns, [("sag".to_owned(), "sagsnr".to_owned(), "Nr".to_owned())]);
        let mut pack = pack();
        config.fill_local(&mut pack);
        let row = &pack.tables[0].rows[0];
        assert_eq!(row.value, crate::value::Value::Text("5.28.20.1.092".into()));
        assert_eq!(row.status, Status::Local);
        assert_eq!(config.unmatched(&[], &[false]).len(), 2, "a word that means no rule, a source without a file");
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

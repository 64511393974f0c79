//! A first `sagstjek.toml` for a folder: one source for each kind of file that was recognised, and, as comments, what a
//! person has to settle.

use std::collections::{BTreeMap, BTreeSet};

use crate::intake::{Delivery, FileReading, SheetReading, meets};
use crate::locale::Lang;
use crate::model::{Pack, Profile, ProfileId};
use crate::privacy::Gate;

/// A file that fits two profiles equally well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The file, as the delivery shows it.
    pub file: String,
    /// The profiles, the one that reading took first.
    pub profiles: [ProfileId; 2],
}

/// Files of the same system and layout.
struct Group {
    profile: ProfileId,
    files: Vec<String>,
}

/// Files that fit two profiles equally well, by file.
pub fn choices(delivery: &Delivery) -> Vec<Choice> {
    let choice = |file: &FileReading| {
        let profiles = file.sheets.iter().find_map(|sheet| Some([sheet.profile?, sheet.rival?]))?;
        Some(Choice { file: file.path.to_string(), profiles })
    };
    delivery.files.iter().filter_map(choice).collect()
}

/// The config as text. `chosen` settles [`choices`]; the others are left to the reader of the file. Names that hold personal
/// data are masked by `gate`, and then left as a comment.
pub fn draft(pack: &Pack, delivery: &Delivery, chosen: &BTreeMap<String, ProfileId>, gate: &Gate, lang: Lang) -> String {
    let open = choices(delivery).into_iter().filter(|choice| !chosen.contains_key(&choice.file)).collect();
    let mut draft = Draft { pack, delivery, open, gate, lang, out: String::new() };
    draft.settings();
    let groups = groups(delivery, chosen);
    for group in &groups {
        draft.group(group, &groups);
    }
    draft.unknown();
    draft.local();
    draft.out
}

/// The text as it grows, and what it speaks of.
struct Draft<'a> {
    pack: &'a Pack,
    delivery: &'a Delivery,
    open: Vec<Choice>,
    gate: &'a Gate,
    lang: Lang,
    out: String,
}

/// Recognised files by profile and the pattern of their names, in the order of the files.
fn groups(delivery: &Delivery, chosen: &BTreeMap<String, ProfileId>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for file in &delivery.files {
        let found: BTreeSet<ProfileId> = file.sheets.iter().filter_map(|sheet| sheet.profile).collect();
        let profile = chosen.get(&*file.path).copied().or_else(|| found.first().copied());
        let Some(profile) = profile else { continue };
        let same = |g: &&mut Group| g.profile == profile && pattern(&g.files[0]) == pattern(&file.path);
        match groups.iter_mut().find(same) {
            Some(group) => group.files.push(file.path.to_string()),
            None => groups.push(Group { profile, files: vec![file.path.to_string()] }),
        }
    }
    groups
}

impl Draft<'_> {
    fn say(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn settings(&mut self) {
        let lang = self.lang;
        let lines = [
            lang.pick(
                "# Opsætning af sagstjek for denne mappe. Linjer med # er bemærkninger; fjern tegnet foran det, der skal gælde.",
                "# Set-up of sagstjek for this folder. Lines with # are remarks; take the sign away before what shall hold.",
            ),
            "",
            lang.pick(
                "# Den dag, udtrækket beskriver, hvis filerne ikke selv siger det.",
                "# The day the extract describes, if the files do not say it themselves.",
            ),
            "# extract_date = 2026-01-31",
            "",
            lang.pick("# Filer i mappen, som ikke er leveringer.", "# Files of the folder that are no exports."),
            "# ignore = [\"noter.xlsx\"]",
            "",
            lang.pick(
                "# En fil med kommunens hemmelighed, mindst 32 tilfældige tegn; uden den er dæknavne ikke beskyttet.",
                "# A file with the municipality's secret, at least 32 random characters; without it pseudonyms are not protected.",
            ),
            "# [privacy]",
            "# secret_file = \"hemmelighed.txt\"",
            "",
            lang.pick(
                "# Hvilke regler der kører (id, begyndelse på id, navn eller gruppe), og hvad der giver kode 1.",
                "# Which rules run (id, start of an id, name or family), and what makes the exit code 1.",
            ),
            "# [rules]",
            "# ignore = [\"FOR\"]",
            "# fail_on = \"error\"",
            "",
        ];
        for line in lines {
            self.say(line);
        }
    }

    /// A group under one pattern, or file by file where the pattern would take files of another group.
    fn group(&mut self, group: &Group, all: &[Group]) {
        let wide = pattern(&group.files[0]);
        let others = all.iter().filter(|other| !std::ptr::eq(*other, group)).flat_map(|other| &other.files);
        if others.into_iter().any(|file| meets(&wide, file)) {
            for file in &group.files {
                self.source(group, file);
            }
        } else {
            self.source(group, &wide);
        }
    }

    fn source(&mut self, group: &Group, files: &str) {
        let (pack, lang) = (self.pack, self.lang);
        let Some(profile) = pack.profiles.get(group.profile.index()) else { return };
        if self.gate.mask(files) != files {
            let why = lang.pick(
                "en fils navn ligner et CPR-nummer; skriv et mønster uden det",
                "a file's name looks like a CPR number; write a pattern without it",
            );
            self.say(&format!("# [[source]]   # {why}\n# files = \"*\"\n# profile = {}\n", quoted(&profile.name)));
            return;
        }
        self.say(&format!("[[source]]\nname = {}\nfiles = {}", quoted(profile.title.get(lang)), quoted(files)));
        let readings = self.delivery.files.iter().filter(|file| group.files.iter().any(|name| *name == *file.path));
        let sheets: Vec<&SheetReading> = readings.flat_map(|file| &file.sheets).collect();
        let profiles: BTreeSet<ProfileId> = sheets.iter().filter_map(|sheet| sheet.profile).collect();
        if profiles.len() > 1 {
            let names: Vec<&str> = profiles.iter().filter_map(|id| Some(&*pack.profiles.get(id.index())?.name)).collect();
            let why = lang.pick("arkene har hver sin opstilling", "its sheets have layouts of their own");
            self.say(&format!("# {why}: {}", names.join(", ")));
        } else {
            self.say(&format!("profile = {}", quoted(&profile.name)));
        }
        if let Some(choice) = self.open.iter().find(|choice| group.files.contains(&choice.file)) {
            let names = choice.profiles.map(|id| pack.profiles.get(id.index()).map_or("", |p| &*p.name)).join(", ");
            let why = lang.pick("VÆLG: filen passer lige godt til", "CHOOSE: the file fits equally well");
            self.say(&format!("# {why} {names}"));
        }
        self.unused(profile, &sheets);
        self.say(&format!("# required = false   # {}\n", lang.pick("filen må mangle en nat", "the file may lack some night")));
    }

    /// Headers that nothing uses, and how to use them.
    fn unused(&mut self, profile: &Profile, sheets: &[&SheetReading]) {
        let headers = sheets.iter().flat_map(|sheet| &sheet.headers).filter(|h| h.feeds.is_empty() && h.filled > 0);
        let texts = headers.map(|header| self.gate.scrub(header.text.trim()).replace(char::is_control, " "));
        let texts: BTreeSet<String> = texts.filter(|text| !text.is_empty()).collect();
        if texts.is_empty() {
            return;
        }
        let dataset = profile.feeds.first().map_or("", |feed| &self.pack.get(feed.dataset).name);
        let lang = self.lang;
        let (column, header) = (lang.pick("kolonne", "column"), lang.pick("Overskrift", "Header"));
        let texts = texts.into_iter().collect::<Vec<_>>().join(", ");
        self.say(&format!("# {}: {texts}", lang.pick("kolonner, der ikke bruges", "columns that nothing uses")));
        self.say(&format!("# columns = {{ \"{dataset}.{column}\" = \"{header}\" }}"));
    }

    /// Files of no profile, as comments.
    fn unknown(&mut self) {
        let lost = |file: &&FileReading| file.sheets.iter().all(|sheet| sheet.profile.is_none());
        for file in self.delivery.files.iter().filter(lost) {
            let why = match file.format {
                None => self.lang.pick("kan ikke læses", "cannot be read"),
                Some(_) => self.lang.pick(
                    "genkendes ikke: vælg en profil, eller skriv filen under ignore",
                    "not recognised: choose a profile, or put the file under ignore",
                ),
            };
            let name = self.gate.mask(&file.path).replace(char::is_control, " ");
            self.say(&format!("# [[source]]   # {why}\n# files = {}\n# profile = \"\"\n", quoted(&name)));
        }
    }

    /// Local tables, as comments.
    fn local(&mut self) {
        let (pack, lang) = (self.pack, self.lang);
        if !pack.tables.iter().any(|table| table.local) {
            return;
        }
        self.say(lang.pick(
            "# Kommunens egne tal og konti. Regler, der bruger en tabel, som ikke er sat, springes over og siger det.",
            "# The municipality's own figures and accounts. Rules that use a table that is not set are skipped and say so.",
        ));
        let of = |keyed: bool| pack.tables.iter().filter(move |table| table.local && table.keys.is_empty() != keyed);
        for (i, table) in of(false).enumerate() {
            if i == 0 {
                self.say("# [local]");
            }
            self.say(&format!("# {} = 0   # {}", quoted_key(&table.name), table.title.get(lang)));
        }
        for table in of(true) {
            let (key, value) = (lang.pick("nøgle", "key"), lang.pick("værdi", "value"));
            let title = table.title.get(lang);
            self.say(&format!("# [local.{}]   # {title}\n# \"{key}\" = \"{value}\"", quoted_key(&table.name)));
        }
    }
}

/// The name of a file with its dates and part numbers replaced: `DUBU_sager_2026-10-31.csv` gives `DUBU_sager_*.csv`.
fn pattern(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
    let (stem, ending) = name.rsplit_once('.').map_or((name, ""), |(stem, ending)| (stem, ending));
    let mut out = String::new();
    let mut rest = stem;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let run = rest[start..].find(|c: char| !(c.is_ascii_digit() || "-_. ".contains(c))).map_or(rest.len(), |end| start + end);
        let digits = rest[start..run].trim_end_matches(|c: char| !c.is_ascii_digit());
        out.push_str(&rest[..start]);
        if digits.bytes().filter(u8::is_ascii_digit).count() >= 4 {
            out.push('*');
        } else {
            out.push_str(digits);
        }
        rest = &rest[start + digits.len()..];
    }
    out.push_str(rest);
    let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let ending = if ending.is_empty() { String::new() } else { format!(".{ending}") };
    format!("{folder}{out}{ending}")
}

/// A TOML text.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A TOML key.
fn quoted_key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if name.chars().all(bare) { name.to_owned() } else { quoted(name) }
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn dates_in_names_become_stars_and_other_digits_stay() {
        assert_eq!(pattern("DUBU_sager_2026-10-31.csv"), "DUBU_sager_*.csv");
        assert_eq!(pattern("OPUS_posteringer_2026-10.csv"), "OPUS_posteringer_*.csv");
        assert_eq!(pattern("uge 3/BSDUBU2 20261031 kl 0730.xlsx"), "uge 3/BSDUBU* kl *.xlsx");
        assert_eq!(pattern("Blanket 20.xlsx"), "Blanket 20.xlsx");
        assert_eq!(pattern("BSBetaling2401.csv"), "BSBetaling*.csv");
        assert_eq!(pattern("sager"), "sager");
    }
}

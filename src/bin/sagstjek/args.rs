//! The command line as typed. `--help` is English; what the commands print follows `--lang`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use sagstjek::calendar::Date;
use sagstjek::locale::Lang;
use sagstjek::report::{FailOn, Format};

/// Checks every case of a children and families department against readable rules.
#[derive(Parser)]
#[command(name = "sagstjek", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct App {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

const EXIT_CODES: &str = "Exit codes: 0 no finding at or above --fail-on; 1 such findings; \
2 the tool or its input failed (usage, config, rule mistake, missing, unreadable or cut-off files).";

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Check a folder of exports, or one file
    Check(CheckArgs),
    /// Print the key figures of a folder of exports, or one file: no rule is run
    ///
    /// A figure that cannot be given is `?`; under the table stand the rows that lack and why. Exit code 0: printed; 2: something
    /// could not be read.
    Figures(FiguresArgs),
    /// Show how a folder of exports, or one file, is read: no rule is run
    Inspect(InspectArgs),
    /// Write the tables of a file or folder as they were read, to compare in a spreadsheet
    ///
    /// Rows above a header are left out, the lines of a header joined, damaged rows mended where only one reading makes sense;
    /// what was done is told on stderr. Exit code 0: something was read; 1: there was nothing; 2: something could not be read.
    ///
    /// Personal values are masked. Without --raw, cells of columns that no profile knows are masked, too. With --raw a file that
    /// follows no profile of the pack is written as it is, but for what reads as a CPR number; in a file that is recognised the
    /// personal and unknown columns stay masked.
    Tables(TablesArgs),
    /// Look after rules: check, test and list them
    Rules(RulesArgs),
    /// Explain one rule: what it asks, why, by which law, and how to mend a finding
    Explain(ExplainArgs),
    /// Work out an expression of the rule language, with every intermediate value
    Eval(EvalArgs),
    /// Write a first sagstjek.toml for a folder of exports
    Init(InitArgs),
    /// Print the JSON Schema of sagstjek.toml, of rules, or of a pack's data files, for editors
    Schema(SchemaArgs),
    /// Write a synthetic municipality's exports, to try sagstjek on
    Demo(DemoArgs),
}

/// How to print.
#[derive(Args, Clone)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs {
    /// Language of everything printed but --help [default: da, or the config's]
    #[arg(long, global = true, value_enum)]
    pub(crate) lang: Option<LangArg>,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value = "auto")]
    pub(crate) color: ColorArg,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum LangArg {
    /// Danish
    Da,
    /// English
    En,
}

impl From<LangArg> for Lang {
    fn from(arg: LangArg) -> Lang {
        match arg {
            LangArg::Da => Lang::Da,
            LangArg::En => Lang::En,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorArg {
    /// On a terminal, unless NO_COLOR says otherwise
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Where the rules come from.
#[derive(Args, Clone, Default)]
#[command(next_help_heading = "Rules")]
pub(crate) struct PackArgs {
    /// Folder of a whole pack, in place of the shipped one
    #[arg(long, value_name = "DIR")]
    pub(crate) pack: Option<PathBuf>,
    /// Folder of further pack files: the same rule id replaces a shipped rule, `off = true` removes it
    #[arg(long, value_name = "DIR")]
    pub(crate) rules: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct CheckArgs {
    /// Folder of exports, or one file
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// Config file [default: sagstjek.toml beside the exports]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The day the data describes (yyyy-mm-dd) [default: as the config or the files say, else today]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) extract_date: Option<Date>,
    /// Form of the report: terminal, full, concise, summary, rows or json; FORMAT=FILE writes it to a file. Repeatable
    /// [default: terminal]
    #[arg(long, value_name = "FORMAT[=FILE]", help_heading = "Output")]
    pub(crate) format: Vec<FormatArg>,
    /// Show personal data; on a terminal only, never in CI
    #[arg(long, help_heading = "Output")]
    pub(crate) show_personal: bool,
    /// Least severity of findings that makes the exit code 1: partly, info, warning, error or never [default: error, or the config's]
    #[arg(long, value_name = "LEVEL", value_parser = fail_on)]
    pub(crate) fail_on: Option<FailOn>,
    /// Turn exit code 1 into 0; never 2
    #[arg(long)]
    pub(crate) exit_zero: bool,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
    /// Only these rules: id, prefix (BEV), name or family. Repeatable
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    pub(crate) select: Vec<String>,
    /// Not these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    pub(crate) ignore: Vec<String>,
    /// Threads; the result does not depend on it [default: one a core]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
}

#[derive(Args)]
pub(crate) struct FiguresArgs {
    /// Folder of exports, or one file
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// Only these key figures: id, prefix (NT) or name
    pub(crate) only: Vec<String>,
    /// As CSV for a spreadsheet: semicolons and decimal commas in Danish, commas and dots in English
    #[arg(long, conflicts_with = "json", help_heading = "Output")]
    pub(crate) csv: bool,
    /// As JSON
    #[arg(long, help_heading = "Output")]
    pub(crate) json: bool,
    /// Show personal data; on a terminal only, never in CI
    #[arg(long, help_heading = "Output")]
    pub(crate) show_personal: bool,
    /// Config file [default: sagstjek.toml beside the exports]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The day the data describes (yyyy-mm-dd) [default: as the config or the files say, else today]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) extract_date: Option<Date>,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
}

#[derive(Args)]
pub(crate) struct InspectArgs {
    /// Folder of exports, or one file
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// Config file [default: sagstjek.toml beside the exports]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
}

#[derive(Args)]
pub(crate) struct TablesArgs {
    /// Folder of exports, or one file
    pub(crate) path: PathBuf,
    /// The text as it stands: formulas are not made harmless, and files of no profile are not masked but for CPR numbers
    #[arg(long)]
    pub(crate) raw: bool,
    /// As CSV (RFC 4180, UTF-8), tables one after another: the default on the screen; files of --out have semicolons without it
    #[arg(long, conflicts_with = "json", help_heading = "Output")]
    pub(crate) csv: bool,
    /// As JSON
    #[arg(long, help_heading = "Output")]
    pub(crate) json: bool,
    /// Folder to write to, a file for each table, as a Danish spreadsheet opens them: UTF-8 with its mark, semicolons
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(crate) out: Option<PathBuf>,
    /// Show personal data; on a terminal only, never in CI
    #[arg(long, help_heading = "Output")]
    pub(crate) show_personal: bool,
    /// Config file [default: sagstjek.toml beside the exports]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
}

#[derive(Args)]
pub(crate) struct RulesArgs {
    #[command(subcommand)]
    pub(crate) action: RulesAction,
}

#[derive(Subcommand)]
pub(crate) enum RulesAction {
    /// Check all files of the pack and show every mistake at its place
    Check {
        #[command(flatten)]
        pack: PackArgs,
    },
    /// Run the rules' own examples
    Test {
        #[command(flatten)]
        pack: PackArgs,
        /// Name the conditions that the examples do not answer both yes and no
        #[arg(long)]
        coverage: bool,
        /// Change each rule in every small way and name the changes that no example notices
        #[arg(long)]
        mutate: bool,
        /// Only these rules
        only: Vec<String>,
    },
    /// List the rules
    List {
        #[command(flatten)]
        pack: PackArgs,
    },
    /// Write a rule to begin from: it loads, and its examples come true
    New {
        /// Family and name, such as sagsskridt/plan-uden-dato
        name: String,
        /// Dataset whose rows it judges
        #[arg(long, value_name = "DATASET")]
        each: String,
        #[command(flatten)]
        pack: PackArgs,
    },
    /// Tell why a row of a delivery got its verdict from a rule, whichever it is
    Why(WhyArgs),
    /// Print how a rule will be evaluated: what is asked in which order, and with DIR how much it looks at
    Plan(PlanArgs),
    /// Print every figure with its days, source and status, and the days that lack one
    Rates {
        #[command(flatten)]
        pack: PackArgs,
        /// Config file whose local figures are printed too
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// Tell gaps up to this day (yyyy-mm-dd) [default: today]
        #[arg(long, value_name = "DATE", value_parser = date)]
        until: Option<Date>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
pub(crate) struct InitArgs {
    /// Folder of exports
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// Print the config instead of writing it into the folder
    #[arg(long)]
    pub(crate) stdout: bool,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
}

#[derive(Args)]
pub(crate) struct SchemaArgs {
    /// Which files: sagstjek.toml, a rule, or the data files of a pack
    pub(crate) of: SchemaArg,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum SchemaArg {
    Config,
    Rule,
    Model,
}

#[derive(Args)]
pub(crate) struct WhyArgs {
    /// Rule id or name
    pub(crate) rule: String,
    /// Key of the row, as examples and reports write it: its values in order with a space between, and the item of `per` last
    pub(crate) key: String,
    /// Folder of exports, or one file
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// Config file [default: sagstjek.toml beside the exports]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The day the data describes (yyyy-mm-dd) [default: as the config or the files say, else today]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) extract_date: Option<Date>,
    /// Show personal data; on a terminal only, never in CI
    #[arg(long, help_heading = "Output")]
    pub(crate) show_personal: bool,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
}

#[derive(Args)]
pub(crate) struct PlanArgs {
    /// Rule id or name
    pub(crate) rule: String,
    /// Folder of exports, or one file, to count rows, groups and candidate pairs of
    #[arg(value_name = "DIR")]
    pub(crate) path: Option<PathBuf>,
    /// Config file [default: sagstjek.toml beside the exports]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
}

#[derive(Args)]
pub(crate) struct ExplainArgs {
    /// Rule id or name
    pub(crate) rule: String,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
}

#[derive(Args)]
pub(crate) struct EvalArgs {
    /// Expression, such as `round(35_247 kr * 15 / 37, 2)` or `count(b in bevilling where b.slut is missing)`
    pub(crate) expression: String,
    /// Folder of exports, or one file, whose rows the expression may speak of
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Dataset and name of the row that the expression speaks of, such as `bevilling as b`
    #[arg(long, value_name = "DATASET as NAME", requires = "data", requires = "key")]
    pub(crate) each: Option<String>,
    /// Key of that row: its values in order with a space between
    #[arg(long, value_name = "KEY", requires = "each")]
    pub(crate) key: Option<String>,
    /// Config file [default: sagstjek.toml beside the exports]
    #[arg(long, value_name = "FILE", requires = "data")]
    pub(crate) config: Option<PathBuf>,
    /// The day that extract_date stands for (yyyy-mm-dd) [default: as the config or the files say, else today]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) extract_date: Option<Date>,
    /// Show personal data; on a terminal only, never in CI
    #[arg(long, help_heading = "Output", requires = "data")]
    pub(crate) show_personal: bool,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
}

#[derive(Args)]
pub(crate) struct DemoArgs {
    /// Number of cases
    #[arg(long, default_value_t = 20)]
    pub(crate) cases: u32,
    /// Seed: the same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Folder to write to; must be empty or not there yet
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Plant no faults
    #[arg(long)]
    pub(crate) clean: bool,
}

fn date(text: &str) -> Result<Date, String> {
    Date::parse_iso(text).ok_or_else(|| format!("'{text}' is not a date; write yyyy-mm-dd"))
}

fn fail_on(text: &str) -> Result<FailOn, String> {
    let found = FailOn::WORDS.into_iter().find(|(word, _)| *word == text).map(|(_, value)| value);
    found.ok_or_else(|| format!("'{text}' is none of {}", FailOn::WORDS.map(|(word, _)| word).join(", ")))
}

/// `json` or `json=out.json`.
#[derive(Clone)]
pub(crate) struct FormatArg {
    pub(crate) format: Format,
    pub(crate) file: Option<PathBuf>,
}

impl std::str::FromStr for FormatArg {
    type Err = String;

    fn from_str(text: &str) -> Result<FormatArg, String> {
        let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(PathBuf::from(file))));
        if file.as_ref().is_some_and(|f| f.as_os_str().is_empty()) {
            return Err(format!("'{text}' names no file"));
        }
        let format = Format::named(name).ok_or_else(|| {
            let known: Vec<&str> = Format::ALL.into_iter().map(Format::name).collect();
            format!("'{name}' is no format; there are {}", known.join(", "))
        })?;
        Ok(FormatArg { format, file })
    }
}

//! The closed list of functions. Their signatures stand in `docs/language.md`, which a test compares with this list.

macro_rules! functions {
    ($($variant:ident = $name:literal),* $(,)?) => {
        /// A function of the language, version 1.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "docs/language.md is the reference, tested against this list")]
        pub enum Function {
            $($variant,)*
        }

        impl Function {
            /// Every function, in the order of `docs/language.md`.
            pub const ALL: &'static [Function] = &[$(Function::$variant,)*];

            /// Its name in rules.
            pub fn name(self) -> &'static str {
                match self {
                    $(Function::$variant => $name,)*
                }
            }

            /// The function of this name.
            pub fn from_name(name: &str) -> Option<Function> {
                match name {
                    $($name => Some(Function::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

functions! {
    Round = "round",
    Floor = "floor",
    Ceil = "ceil",
    Min = "min",
    Max = "max",
    Abs = "abs",
    OrElse = "or_else",
    Either = "either",
    Length = "length",
    Upper = "upper",
    Lower = "lower",
    Trim = "trim",
    Substring = "substring",
    Split = "split",
    Replace = "replace",
    Year = "year",
    Month = "month",
    Day = "day",
    Date = "date",
    DateOf = "date_of",
    StartOfMonth = "start_of_month",
    EndOfMonth = "end_of_month",
    StartOfYear = "start_of_year",
    Months = "months",
    Years = "years",
    QuarterOf = "quarter_of",
    Age = "age",
    Birthday = "birthday",
    Weekday = "weekday",
    DaysBetween = "days_between",
    MonthsBetween = "months_between",
    Days = "days",
    Weeks = "weeks",
    MonthsOf = "months_of",
    WorkingDays = "working_days",
    AddWorkingDays = "add_working_days",
    WorkingDaysBetween = "working_days_between",
    Period = "period",
    DaysIn = "days_in",
    Clip = "clip",
    LongestRun = "longest_run",
    SpellsOf = "spells_of",
    CprDate = "cpr_date",
    CprClass = "cpr_class",
    CprModulusOk = "cpr_modulus_ok",
    AccountPart = "account_part",
}

impl Function {
    /// Whether it exists only under the vocabulary `dk`.
    pub fn is_dk(self) -> bool {
        matches!(self, Function::CprDate | Function::CprClass | Function::CprModulusOk | Function::AccountPart)
    }
}

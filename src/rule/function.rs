//! The closed list of functions. Their signatures stand in `docs/language.md`, which a test compares with this list.

macro_rules! functions {
    ($($variant:ident = $name:literal as $usage:literal),* $(,)?) => {
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

            /// How it is written.
            pub fn usage(self) -> &'static str {
                match self {
                    $(Function::$variant => $usage,)*
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
    Round = "round" as "round(x, 2)",
    Floor = "floor" as "floor(x)",
    Ceil = "ceil" as "ceil(x)",
    Min = "min" as "min(a, b)",
    Max = "max" as "max(a, b)",
    Abs = "abs" as "abs(x)",
    OrElse = "or_else" as "or_else(a, b)",
    Same = "same" as "same(a, b)",
    HowMany = "how_many" as "how_many(condition, condition)",
    Either = "either" as "either(a, b)",
    Length = "length" as "length(text)",
    Upper = "upper" as "upper(text)",
    Lower = "lower" as "lower(text)",
    Trim = "trim" as "trim(text)",
    Substring = "substring" as "substring(text, first, length)",
    Split = "split" as "split(text, separator)",
    Replace = "replace" as "replace(text, old, new)",
    ToInteger = "to_integer" as "to_integer(text)",
    Year = "year" as "year(date)",
    Month = "month" as "month(date)",
    Day = "day" as "day(date)",
    Date = "date" as "date(year, month, day)",
    DateOf = "date_of" as "date_of(timestamp)",
    StartOfMonth = "start_of_month" as "start_of_month(date)",
    EndOfMonth = "end_of_month" as "end_of_month(date)",
    StartOfYear = "start_of_year" as "start_of_year(date)",
    Months = "months" as "months(period)",
    Years = "years" as "years(period)",
    QuarterOf = "quarter_of" as "quarter_of(date)",
    Age = "age" as "age(born, day)",
    Birthday = "birthday" as "birthday(born, years)",
    Weekday = "weekday" as "weekday(date)",
    DaysBetween = "days_between" as "days_between(from, to)",
    MonthsBetween = "months_between" as "months_between(from, to)",
    Days = "days" as "days(n)",
    Weeks = "weeks" as "weeks(n)",
    MonthsOf = "months_of" as "months_of(n)",
    WorkingDays = "working_days" as "working_days(n)",
    AddWorkingDays = "add_working_days" as "add_working_days(date, n)",
    WorkingDaysBetween = "working_days_between" as "working_days_between(from, to)",
    Period = "period" as "period(start, end)",
    StartOf = "start_of" as "start_of(period)",
    EndOf = "end_of" as "end_of(period)",
    DaysIn = "days_in" as "days_in(period)",
    Clip = "clip" as "clip(period, period)",
    LongestRun = "longest_run" as "longest_run(periods)",
    SpellsOf = "spells_of" as "spells_of(period for rows)",
    CprDate = "cpr_date" as "cpr_date(cpr)",
    CprClass = "cpr_class" as "cpr_class(cpr)",
    CprModulusOk = "cpr_modulus_ok" as "cpr_modulus_ok(cpr)",
    AccountPart = "account_part" as "account_part(account, part)",
}

impl Function {
    /// Whether it exists only under the vocabulary `dk`.
    pub fn is_dk(self) -> bool {
        matches!(self, Function::CprDate | Function::CprClass | Function::CprModulusOk | Function::AccountPart)
    }
}

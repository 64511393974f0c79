//! What a run's exit code is and what it means, and the words for severities and verdicts.

use super::Report;
use crate::locale::Lang;
use crate::problem::Severity;
use crate::rule::typed::Verdict;

/// From what on findings set exit code 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailOn {
    /// Findings of rules of at least this severity count.
    pub severity: Severity,
    /// Whether partly-verdicts count too.
    pub partly: bool,
    /// `--exit-zero`: findings never set it.
    pub never: bool,
}

impl FailOn {
    /// The words of `--fail-on` and the config, mildest first.
    pub const WORDS: [(&str, FailOn); 5] = [
        ("partly", FailOn { severity: Severity::Note, partly: true, never: false }),
        ("info", FailOn { severity: Severity::Note, partly: false, never: false }),
        ("warning", FailOn { severity: Severity::Warning, partly: false, never: false }),
        ("error", FailOn { severity: Severity::Failure, partly: false, never: false }),
        ("never", FailOn { severity: Severity::Failure, partly: false, never: true }),
    ];
}

impl Default for FailOn {
    fn default() -> FailOn {
        FailOn { severity: Severity::Failure, partly: false, never: false }
    }
}

impl Report<'_> {
    /// 2 = part of the input failed, 1 = findings that count, 0 = neither.
    pub fn exit_code(&self) -> u8 {
        if self.problems.iter().chain(&self.findings.problems).any(|p| p.severity() == Severity::Failure) {
            2
        } else if self.counting() && !self.fail_on.never {
            1
        } else {
            0
        }
    }

    fn counting(&self) -> bool {
        self.findings
            .findings
            .iter()
            .any(|f| f.severity >= self.fail_on.severity && (f.verdict == Verdict::Violation || self.fail_on.partly))
    }

    /// The exit code in words.
    pub fn exit_meaning(&self, lang: Lang) -> String {
        let level = severity_word(self.fail_on.severity, lang);
        let none = self.findings.findings.is_empty();
        match (self.exit_code(), lang) {
            (2, Lang::Da) => "ikke alt kunne bruges".to_owned(),
            (2, Lang::En) => "not all could be used".to_owned(),
            (1, Lang::Da) => format!("fund på niveau {level}"),
            (1, Lang::En) => format!("findings at level {level}"),
            (_, Lang::Da) if none => "ingen fund".to_owned(),
            (_, Lang::En) if none => "no findings".to_owned(),
            (_, Lang::Da) if self.counting() => "fund tæller ikke (--exit-zero)".to_owned(),
            (_, Lang::En) if self.counting() => "findings do not count (--exit-zero)".to_owned(),
            (_, Lang::Da) => format!("ingen fund på niveau {level}"),
            (_, Lang::En) => format!("no findings at level {level}"),
        }
    }
}

/// A severity as users read it.
pub fn severity_word(severity: Severity, lang: Lang) -> &'static str {
    match severity {
        Severity::Failure => lang.pick("fejl", "error"),
        Severity::Warning => lang.pick("advarsel", "warning"),
        Severity::Note => lang.pick("oplysning", "info"),
    }
}

/// A verdict in one or two words.
pub fn verdict_word(verdict: Verdict, lang: Lang) -> &'static str {
    match verdict {
        Verdict::NotApplicable => lang.pick("ikke relevant", "not applicable"),
        Verdict::Compliant => lang.pick("overholdt", "compliant"),
        Verdict::Partly => lang.pick("delvist", "partly"),
        Verdict::Violation => lang.pick("brud", "violation"),
        Verdict::NotAssessed => lang.pick("ikke vurderet", "not assessed"),
    }
}

//! Counts and money.

use super::*;

#[test]
fn shares_are_of_judged_rows_rounded_half_up() {
    let counts = Counts { not_applicable: 50, compliant: 266, partly: 5, violation: 200, not_assessed: 9 };
    let score = Score { counts, stake: Stake::default() };
    assert_eq!(score.fully(), Some(Share { part: 266, whole: 471, percent: 56 }));
    assert_eq!(score.fully_or_partly(), Some(Share { part: 271, whole: 471, percent: 58 }));
    assert_eq!(score.findings(), 205);
    assert_eq!(Score::default().fully(), None);
    let half = Score { counts: Counts { compliant: 1, violation: 199, ..Counts::default() }, stake: Stake::default() };
    assert_eq!(half.fully().map(|s| s.percent), Some(1));
}

#[test]
fn skipped_rules_say_why() {
    assert_eq!(
        State::InputMissing(vec!["sag".into(), "sag.cpr".into()]).reason(Lang::Da),
        Some("ikke leveret: sag, sag.cpr".into())
    );
    assert_eq!(State::LocalNotSet(vec!["loft".into()]).reason(Lang::En), Some("local value not set: loft".into()));
    assert_eq!(State::NoRow.reason(Lang::Da), None);
}

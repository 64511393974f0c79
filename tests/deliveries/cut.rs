//! Files that end too early.

use super::harness::*;

/// The last bytes of a file, and some places all over it.
fn places(bytes: &[u8], seed: u64) -> Vec<usize> {
    let mut random = Random(seed);
    let mut places: Vec<usize> = (bytes.len().saturating_sub(400)..bytes.len()).collect();
    places.extend((0..40).map(|_| random.below(bytes.len())));
    places.sort_unstable();
    places.dedup();
    places
}

/// Whether only whole records are left: what is cut off then shows in no byte. A lone CR ends a line too.
fn at_record_end(bytes: &[u8], at: usize) -> bool {
    at > 0 && matches!(bytes[at - 1], b'\n' | b'\r')
}

fn cut_everywhere(file: &str, total: bool, harmed: &[&str]) {
    let delivery = Delivery::new();
    let bytes = delivery.bytes(file);
    let header = bytes.iter().position(|b| *b == b'\n').unwrap() + 1;
    for at in places(&bytes, 7) {
        delivery.write(file, &bytes[..at]);
        let (code, failures) = delivery.named();
        let what = format!("{file} cut at byte {at} of {}", bytes.len());
        // The end of the last record but for its line feed, and ends of records where no total row is expected.
        let unseen = at_record_end(&bytes, at) && at > header && (!total || at + 1 == bytes.len());
        if unseen {
            // What a reader cannot see: a file of whole records that has fewer of them.
            assert_eq!((code, failures), (1, Vec::new()), "{what}");
            continue;
        }
        assert_eq!(code, 2, "{what}");
        assert!(failures.iter().any(|text| text.contains(file) || text.contains("is required")), "{what}: {failures:?}");
        // Bytes of one record are alike; every fifth is asked what its rules say.
        if at % 5 == 0 {
            delivery.check().assert_no_bolder(harmed, &what);
        }
    }
}

#[test]
fn a_cut_list_of_cases_is_named() {
    cut_everywhere(CASES, false, &["SAG-103", "BEV-101"]);
}

#[test]
fn a_cut_list_of_examinations_is_named() {
    cut_everywhere(EXAMINATIONS, false, &["SAG-103"]);
}

#[test]
fn cut_postings_are_named() {
    cut_everywhere(POSTINGS, true, &["FOR-104"]);
}

#[test]
fn cut_payments_are_named_and_no_parent_is_missed() {
    cut_everywhere(PAYMENTS, false, &["FOR-104"]);
}

/// Without the payments' last lines some parents are not known to be parents: where none is found, nobody can say.
#[test]
fn a_parent_who_may_have_been_cut_off_is_no_stranger() {
    let delivery = Delivery::new();
    let bytes = delivery.bytes(PAYMENTS);
    delivery.write(PAYMENTS, &bytes[..bytes.len() / 6]);
    let checked = delivery.check();
    let (now, before) = (checked.counts("FOR-104"), WHOLE.counts("FOR-104"));
    assert!(now.not_assessed > before.not_assessed, "{now:?}");
    let sum = |c: Counts| c.not_applicable + c.compliant + c.violation + c.not_assessed;
    assert_eq!(sum(now), sum(before));
}

#[test]
fn a_cut_workbook_cannot_be_read() {
    for (file, harmed) in [(GRANTS, ["BEV-101"]), (EARNINGS, ["TAF-102"])] {
        let delivery = Delivery::new();
        let bytes = delivery.bytes(file);
        let mut random = Random(11);
        let mut places: Vec<usize> = (0..40).map(|_| random.below(bytes.len())).collect();
        places.extend([0, 1, 4, 100, bytes.len() - 23, bytes.len() - 22, bytes.len() - 2, bytes.len() - 1]);
        for at in places {
            delivery.write(file, &bytes[..at]);
            let checked = delivery.check();
            let what = format!("{file} cut at byte {at} of {}", bytes.len());
            assert_eq!(checked.code, 2, "{what}");
            // What is left of a few bytes is taken for text; then the source of the config is what is missed.
            let failures = checked.failures();
            assert!(failures.iter().any(|text| text.contains(file) || text.contains("is required")), "{what}: {failures:?}");
            checked.assert_no_bolder(&harmed, &what);
            let counts = checked.counts(harmed[0]);
            assert_eq!((counts.compliant, counts.violation), (0, 0), "{what}");
        }
    }
}

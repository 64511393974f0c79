//! The finance system: Windows-1252, trailing minus, grouped amounts, a total as the last line.

use super::csv::{Csv, Text};
use super::{Layout, danish};
use crate::demo::DemoFile;
use crate::demo::record::Municipality;
use crate::demo::service::psp;
use crate::locale::Lang;
use crate::value::Decimal;

const POSTINGS: &str = "OPUS_posteringer_2026-10.csv";
const HEADER: &str = "Artskonto;Omkostningssted;PSP-element;Profitcenter;Ordre;Debet/kredit;Beløb;Næste agent;Tekst;\
                      Betalingsart;Påligningsår;\
                      Betalingsmodtagernr.;Betalingsmodtagernr.kode;Ydelsesmodtagernr.;Ydelsesmodtagernr.kode;Ydelsesperiode fra;\
                      Ydelsesperiode til;Oplysningspligtnr.;Oplysningspligtmodtagernr.kode;Oplysningspligtkode;\
                      Netværk;Operation;Mængde;\
                      Mængdeenhed;Referencenøgle";

/// Postings in the order they were booked.
pub(in crate::demo) fn postings(m: &Municipality) -> (DemoFile, Layout) {
    let mut csv = Csv::new(HEADER, "\r\n");
    let mut total = Decimal::new(0, 2);
    for posting in &m.postings {
        total = total.plus(posting.amount).unwrap_or(total);
        let income = posting.amount < Decimal::whole(0);
        let (amount, year) = (sap(posting.amount), posting.month.year().to_string());
        let (from, to) = (danish(posting.month, '.'), danish(posting.month.end_of_month(), '.'));
        let (number, code) = (&posting.payer.0, posting.payer.1);
        let way = if income { "Kredit" } else { "Debet" };
        let mut fields = [""; 25];
        fields[0] = posting.art;
        fields[2] = psp(posting.konto);
        fields[3] = "0000001000";
        fields[5] = way;
        fields[6] = &amount;
        fields[8] = &posting.text;
        fields[10] = &year;
        fields[11] = number;
        fields[12] = code;
        fields[13] = &posting.receiver;
        fields[14] = "02";
        fields[15] = &from;
        fields[16] = &to;
        fields[24] = &posting.id;
        csv.row(fields);
    }
    let sum = sap(total);
    let mut last = [""; 25];
    last[0] = "I alt";
    last[6] = &sum;
    csv.row(last);
    let order: Vec<usize> = (0..m.postings.len()).collect();
    (DemoFile { name: POSTINGS.to_owned(), bytes: csv.bytes(Text::Ansi) }, Layout::in_order(POSTINGS, None, &order, 1))
}

/// `1.250,00-`.
fn sap(amount: Decimal) -> String {
    let shown = amount.show(Lang::Da);
    shown.strip_prefix('-').map_or_else(|| shown.clone(), |magnitude| format!("{magnitude}-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minus_trails() {
        assert_eq!(sap(Decimal::new(-125_000, 2)), "1.250,00-");
        assert_eq!(sap(Decimal::new(-50, 2)), "0,50-");
        assert_eq!(sap(Decimal::new(2_450_075, 2)), "24.500,75");
    }

    #[test]
    fn the_header_has_25_names() {
        assert_eq!(HEADER.split(';').count(), 25);
        assert_eq!(HEADER.split(';').nth(24), Some("Referencenøgle"));
    }
}

//! The finance system: Windows-1252, trailing minus, grouped amounts, a total as the last line.

use std::io;
use std::rc::Rc;

use super::csv::{Csv, Text};
use super::danish;
use crate::demo::Outlet;
use crate::demo::facit::Place;
use crate::demo::law::extract_date;
use crate::demo::record::Posting;
use crate::demo::service::psp;
use crate::locale::Lang;
use crate::value::Decimal;

const HEADER: &str = "Artskonto;Omkostningssted;PSP-element;Profitcenter;Ordre;Debet/kredit;Beløb;Næste agent;Tekst;\
                      Betalingsart;Påligningsår;\
                      Betalingsmodtagernr.;Betalingsmodtagernr.kode;Ydelsesmodtagernr.;Ydelsesmodtagernr.kode;Ydelsesperiode fra;\
                      Ydelsesperiode til;Oplysningspligtnr.;Oplysningspligtmodtagernr.kode;Oplysningspligtkode;\
                      Netværk;Operation;Mængde;\
                      Mængdeenhed;Referencenøgle";

/// Postings in the order they were booked, a file a year.
pub(super) struct Postings<'a> {
    outlet: &'a mut dyn Outlet,
    year: Option<Year>,
    rows: u32,
}

/// A year's file, and what its rows add up to.
struct Year {
    year: i32,
    file: Rc<str>,
    csv: Csv,
    total: Decimal,
}

impl<'a> Postings<'a> {
    pub(super) fn new(outlet: &'a mut dyn Outlet) -> Postings<'a> {
        Postings { outlet, year: None, rows: 0 }
    }

    /// Writes a posting; where a fault came to stand, if there is one in it.
    pub(super) fn row(&mut self, posting: &Posting) -> io::Result<Option<Place>> {
        let year = posting.period.1.year();
        self.begin(year)?;
        let Some(open) = &mut self.year else { return Ok(None) };
        open.total = open.total.plus(posting.amount).unwrap_or(open.total);
        let income = posting.amount < Decimal::whole(0);
        let (amount, year) = (sap(posting.amount), year.to_string());
        let (from, to) = (danish(posting.period.0, '.'), danish(posting.period.1, '.'));
        let mut fields = [""; 25];
        fields[0] = posting.art;
        fields[2] = psp(posting.konto);
        fields[3] = "0000001000";
        fields[5] = if income { "Kredit" } else { "Debet" };
        fields[6] = &amount;
        fields[8] = &posting.text;
        fields[10] = &year;
        (fields[11], fields[12]) = (&posting.payer.0, posting.payer.1);
        (fields[13], fields[14]) = (&posting.receiver, "02");
        (fields[15], fields[16]) = (&from, &to);
        fields[24] = &posting.id;
        let record = open.csv.row(fields)?;
        self.rows += 1;
        let file = open.file.clone();
        let place = || Place { file, sheet: None, record, row: record + 1, id: Some(posting.id.clone()) };
        Ok(posting.fault.is_some().then(place))
    }

    /// Opens the year's file, unless it is open.
    fn begin(&mut self, year: i32) -> io::Result<()> {
        if self.year.as_ref().is_some_and(|open| open.year == year) {
            return Ok(());
        }
        self.end()?;
        let month = if year == extract_date().year() { extract_date().month() } else { 12 };
        let name = format!("OPUS_posteringer_{year}-{month:02}.csv");
        let csv = Csv::new(self.outlet.open(&name)?, Text::Ansi, HEADER, "\r\n")?;
        self.year = Some(Year { year, file: name.into(), csv, total: Decimal::new(0, 2) });
        Ok(())
    }

    /// Ends the year's file with its total.
    fn end(&mut self) -> io::Result<()> {
        let Some(mut open) = self.year.take() else { return Ok(()) };
        let sum = sap(open.total);
        let mut last = [""; 25];
        last[0] = "I alt";
        last[6] = &sum;
        open.csv.row(last)?;
        open.csv.close()
    }

    /// Ends the last file; how many postings there are.
    pub(super) fn close(mut self) -> io::Result<u32> {
        // The year of the extract has a file even if nothing was booked in it.
        self.begin(extract_date().year())?;
        self.end()?;
        Ok(self.rows)
    }
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

//! Binary workbooks: XLS of two versions, and XLSB.

use super::workbooks::{biff, brt, wide, xls_with, xlsb_with};
use super::{open, rows};

/// A place, and no format.
fn at(row: u16, column: u16) -> Vec<u8> {
    [row, column, 0].map(u16::to_le_bytes).concat()
}

fn rk(whole: i32) -> [u8; 4] {
    (whole << 2 | 2).to_le_bytes()
}

#[test]
fn an_xls_of_every_kind_of_record() {
    let formula = |place: Vec<u8>, value: [u8; 8]| biff(0x0006, &[&place[..], &value, &[0; 6], &[0, 0]].concat());
    let records = [
        biff(0x0208, &[0, 0, 0, 0, 9, 0, 255, 0, 0, 0, 0, 0, 0x20, 1, 0, 0]),
        biff(0x0203, &[at(0, 0), 1.5_f64.to_le_bytes().to_vec()].concat()),
        biff(0x027E, &[at(0, 1), rk(-7).to_vec()].concat()),
        biff(0x00BD, &[&[0, 0, 2, 0, 0, 0][..], &rk(8), &[0, 0], &rk(9), &[3, 0]].concat()),
        biff(0x0205, &[at(0, 4), vec![1, 0]].concat()),
        biff(0x0205, &[at(0, 5), vec![0x2A, 1]].concat()),
        formula(at(1, 0), 2.5_f64.to_le_bytes()),
        formula(at(1, 1), [2, 0, 0x07, 0, 0, 0, 0xFF, 0xFF]),
        formula(at(1, 2), [1, 0, 1, 0, 0, 0, 0xFF, 0xFF]),
        formula(at(1, 3), [0, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
        biff(0x0207, &[&[3, 0, 0][..], b"s\xE6r"].concat()),
        formula(at(1, 4), [3, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
        biff(0x00FD, &[at(2, 0), vec![0, 0, 0, 0]].concat()),
    ]
    .concat();
    let strings = biff(0x00FC, &[&[1, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0][..], b"f\xE6ls"].concat());
    let bytes = xls_with(0x0600, &strings, 3, &records);
    let wanted = ["1: #1.5|#-7|#8|#9|true|!#N/A", "2: #2.5|!#DIV/0!|true|sær", "3: fæls"];
    assert_eq!(rows("kinds.xls", &bytes).unwrap(), wanted);
    assert_eq!(open("kinds.xls", &bytes).unwrap().hidden(0).rows, 1);
}

#[test]
fn an_xls_of_excel_95() {
    let codepage = biff(0x0042, &[0xE4, 0x04]);
    let label = biff(0x0204, &[&at(0, 0)[..], &[5, 0], b"Sag \xF8"].concat());
    let number = biff(0x0203, &[at(0, 1), 1250.5_f64.to_le_bytes().to_vec()].concat());
    assert_eq!(rows("95.xls", &xls_with(0x0500, &codepage, 1, &[label, number].concat())).unwrap(), ["1: Sag ø|#1250.5"]);
}

#[test]
fn an_xls_that_counts_from_1904() {
    let number = biff(0x0203, &[at(0, 0), 43_891_f64.to_le_bytes().to_vec()].concat());
    assert!(open("1904.xls", &xls_with(0x0600, &biff(0x0022, &[1, 0]), 1, &number)).unwrap().epoch_1904());
}

#[test]
fn an_xlsb_of_every_kind_of_record() {
    let cell = |column: u32| [column.to_le_bytes(), [0; 4]].concat();
    let row = |row: u32, flags: u8| brt(0x0000, &[&row.to_le_bytes()[..], &[0; 7], &[flags], &[0; 5]].concat());
    let records = [
        row(0, 0),
        brt(0x0002, &[cell(0), rk(42).to_vec()].concat()),
        brt(0x0003, &[cell(1), vec![0x07]].concat()),
        brt(0x0004, &[cell(2), vec![1]].concat()),
        brt(0x0005, &[cell(3), 2.5_f64.to_le_bytes().to_vec()].concat()),
        row(1, 0x10),
        brt(0x000B, &[cell(0), vec![0x2A, 0, 0, 0, 0, 0, 0]].concat()),
        brt(0x0006, &[cell(1), wide("tekst")].concat()),
        brt(0x003E, &[cell(2), vec![1], wide("fed"), vec![0; 4]].concat()),
        row(2, 0),
        brt(0x000B, &[cell(1), vec![0x17, 0, 0, 0, 0, 0, 0]].concat()),
    ]
    .concat();
    let bytes = xlsb_with([0, 2, 0, 3], &records);
    assert_eq!(rows("kinds.xlsb", &bytes).unwrap(), ["1: #42|!#DIV/0!|true|#2.5", "2: !#N/A|tekst|fed", "3: |!#REF!"]);
    assert_eq!(open("kinds.xlsb", &bytes).unwrap().hidden(0).rows, 1);
}

//! Why a file cannot be read, in words for the person who delivered it. Never with a cell's text in them.

use std::io;

use crate::locale::Bilingual;

fn say(da: impl Into<String>, en: impl Into<String>) -> Bilingual {
    Bilingual::new(da, en)
}

/// What the operating system answered, in words of ours where they help.
pub(crate) fn io(error: &io::Error) -> Bilingual {
    if cfg!(windows) && error.raw_os_error().is_some_and(is_held_open) {
        return held_open();
    }
    match error.kind() {
        io::ErrorKind::NotFound => say("filen findes ikke", "the file does not exist"),
        io::ErrorKind::PermissionDenied => say("programmet har ikke adgang til filen", "the program may not open the file"),
        _ => say(format!("styresystemet svarer: {error}"), format!("the operating system says: {error}")),
    }
}

/// Whether a code of Windows says that another program has a file open: a sharing or a lock violation.
fn is_held_open(code: i32) -> bool {
    matches!(code, 32 | 33)
}

fn held_open() -> Bilingual {
    say(
        "et andet program, sikkert Excel, har filen åben; luk den dér, og kør igen",
        "another program, probably Excel, has the file open; close it there and run again",
    )
}

pub(super) fn dead_link() -> Bilingual {
    say("den er en henvisning, der ikke fører til nogen fil", "it is a symbolic link that leads to no file")
}

pub(super) fn directory() -> Bilingual {
    say("den er en mappe", "it is a folder")
}

pub(super) fn special() -> Bilingual {
    say("den er ikke en almindelig fil", "it is not a regular file")
}

pub(super) fn lock_file() -> Bilingual {
    say(
        "den er Excels låsefil for et regneark, som nogen har åbent",
        "it is the lock file Excel keeps while somebody has the workbook open",
    )
}

pub(super) fn no_table() -> Bilingual {
    say(
        "den er en webside (HTML) uden nogen tabel, måske en fejlside eller et login; hent udtrækket igen",
        "it is a web page (HTML) without any table, perhaps a page of an error or a login; run the export again",
    )
}

pub(super) fn xml() -> Bilingual {
    say(
        "den er XML, måske et XML-regneark; gem den som rigtig CSV eller XLSX",
        "it is XML, perhaps an XML spreadsheet; save it as real CSV or XLSX",
    )
}

pub(super) fn pdf() -> Bilingual {
    say("den er en PDF; lever tabellen som CSV eller XLSX", "it is a PDF; deliver the table as CSV or XLSX")
}

pub(super) fn archive() -> Bilingual {
    say(
        "den er et pakket arkiv og ikke et regneark; pak den ud, og lever filerne i den",
        "it is a packed archive, not a workbook; unpack it and deliver the files in it",
    )
}

pub(super) fn image() -> Bilingual {
    say("den er et billede; lever tabellen som CSV eller XLSX", "it is a picture; deliver the table as CSV or XLSX")
}

pub(super) fn json() -> Bilingual {
    say("den er JSON; lever tabellen som CSV eller XLSX", "it is JSON; deliver the table as CSV or XLSX")
}

pub(super) fn parquet() -> Bilingual {
    say("den er en Parquet-fil; lever tabellen som CSV eller XLSX", "it is a Parquet file; deliver the table as CSV or XLSX")
}

pub(super) fn database() -> Bilingual {
    say("den er en database; lever tabellen som CSV eller XLSX", "it is a database; deliver the table as CSV or XLSX")
}

pub(super) fn numbers() -> Bilingual {
    say(
        "den er et dokument fra Apple Numbers eller Pages; gem tabellen som XLSX eller CSV",
        "it is a document of Apple Numbers or Pages; save the table as XLSX or CSV",
    )
}

pub(super) fn web_archive() -> Bilingual {
    say(
        "den er et webarkiv (MHT), gemt under et andet navn; gem den som rigtig CSV eller XLSX",
        "it is a web archive (MHT) under another name; save it as real CSV or XLSX",
    )
}

pub(super) fn not_a_workbook() -> Bilingual {
    say("den er et Office-dokument, men ikke et regneark", "it is an Office document, but not a workbook")
}

pub(super) fn not_text() -> Bilingual {
    say("den er hverken tekst eller et regneark, vi kender", "it is neither text nor a workbook of a known kind")
}

pub(super) fn zeros() -> Bilingual {
    say("den er fyldt med nul-bytes; den er ikke skrevet færdig", "it is filled with zero bytes; it was never written to its end")
}

pub(super) fn encrypted() -> Bilingual {
    say("den er beskyttet med adgangskode; gem den uden", "it is protected by a password; save it without one")
}

pub(super) fn damaged() -> Bilingual {
    say("regnearket er beskadiget eller afbrudt", "the workbook is damaged or cut off")
}

pub(super) fn odd_error() -> Bilingual {
    say(
        "arket har en fejlcelle af en art, læseren ikke kender; ret den i Excel, eller gem arket som CSV",
        "the sheet has an error cell of a kind the reader does not know; mend it in Excel, or save the sheet as CSV",
    )
}

pub(super) fn old_excel() -> Bilingual {
    say(
        "den er et regneark fra en Excel før 1995; åbn den i Excel, og gem den som XLSX",
        "it is a workbook of an Excel from before 1995; open it in Excel and save it as XLSX",
    )
}

pub(super) fn gave_up() -> Bilingual {
    say(
        "regnearkets indhold er så forkert, at læseren opgav; åbn det i Excel, og gem det igen",
        "the workbook's content is so wrong that the reader gave up; open it in Excel and save it again",
    )
}

pub(super) fn no_sheet() -> Bilingual {
    say("arket findes ikke", "the sheet is not there")
}

pub(super) fn rows_out_of_order() -> Bilingual {
    say("arkets rækker står ikke i rækkefølge", "the rows of the sheet are not in order")
}

pub(super) fn beyond_excel() -> Bilingual {
    say(
        "arket har flere rækker eller kolonner, end et regneark kan have (1.048.576 rækker, 16.384 kolonner)",
        "the sheet has more rows or columns than a workbook can have (1,048,576 rows, 16,384 columns)",
    )
}

pub(super) fn too_many_cells() -> Bilingual {
    say(
        "regnearket fylder flere celler ud, end programmet vil læse på én gang",
        "the workbook fills more cells than the program will read at once",
    )
}

pub(super) fn bomb() -> Bilingual {
    say(
        "regnearket pakker ud til langt mere, end det kan rumme i virkeligheden",
        "the workbook unpacks to far more than it can really hold",
    )
}

pub(super) fn long_token() -> Bilingual {
    say(
        "regnearket har et stykke tekst på over 16 MiB; det er ikke en tabel",
        "the workbook has a piece of text of more than 16 MiB; this is not a table",
    )
}

pub(super) fn too_many_parts() -> Bilingual {
    say("regnearket består af alt for mange dele", "the workbook consists of far too many parts")
}

pub(super) fn too_deep() -> Bilingual {
    say("regnearkets dele ligger alt for dybt inde i hinanden", "the parts of the workbook are nested far too deep")
}

pub(super) fn too_large(mebibytes: u64) -> Bilingual {
    say(format!("den er større end {mebibytes} MiB"), format!("it is larger than {mebibytes} MiB"))
}

pub(super) fn long_record(line: u32, mebibytes: usize) -> Bilingual {
    say(
        format!("rækken ved linje {line} fylder over {mebibytes} MiB; det er ikke en tabel"),
        format!("the row at line {line} is longer than {mebibytes} MiB; this is not a table"),
    )
}

pub(super) fn wide_record(line: u32) -> Bilingual {
    say(
        format!("rækken ved linje {line} har over 16.384 felter; er skilletegnet rigtigt?"),
        format!("the row at line {line} has more than 16,384 fields; is the delimiter right?"),
    )
}

pub(super) fn too_many_rows() -> Bilingual {
    say("den har flere rækker, end programmet kan tælle", "it has more rows than the program can count")
}

pub(super) fn unknown_encoding(label: &str) -> Bilingual {
    say(
        format!("tegnsættet «{label}» fra konfigurationen findes ikke"),
        format!("there is no encoding «{label}», as the config says"),
    )
}

pub(super) fn bad_delimiter() -> Bilingual {
    say("skilletegnet fra konfigurationen kan ikke skille felter", "the delimiter of the config cannot separate fields")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Lang;

    #[test]
    fn codes_of_windows_for_a_file_that_is_held_open() {
        assert!(is_held_open(32) && is_held_open(33) && !is_held_open(5) && !is_held_open(2));
        assert!(held_open().get(Lang::En).contains("close it"));
        // Elsewhere the same numbers mean something else.
        let says_so = io(&io::Error::from_raw_os_error(32)).get(Lang::En).contains("close it");
        assert_eq!(says_so, cfg!(windows));
    }
}

//! Opening an export and streaming its rows.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::block::{Base, Block};
use super::csv::{self, Checkpoint, CsvBlocks, Measure, Unsplit};
use super::cutter::{PIECE, TextFile};
use super::detect::{self, Nature};
use super::grammar::{Grammar, Separator};
use super::grid::{self, GridReport, Piece, SheetRows, TextRows};
use super::hidden::Hidden;
use super::html::{self, HtmlBlocks};
use super::package::{self, Package, Seen};
use super::sap_list::{self, ListBlocks, ListLayout};
use super::workbook::{self, Wanted, WorkbookBlocks};
use super::{Dialect, ExportOptions, Format, SheetInfo, SheetState, compound, dialect, encoding, shown, survey, why};
use crate::locale::Bilingual;
use crate::problem::{CutSign, Place, Problem};

/// A file, opened and recognised; rows are read on demand. It holds no open file.
#[derive(Debug)]
pub struct Export {
    path: PathBuf,
    shown: Arc<str>,
    format: Format,
    size: u64,
    sha256: String,
    sheets: Vec<SheetInfo>,
    body: Body,
}

#[derive(Debug)]
enum Body {
    Text {
        text: TextFile,
        dialect: Dialect,
        layout: TextLayout,
        /// Where pieces begin, once the file has been read to its end.
        checkpoints: OnceLock<Vec<Checkpoint>>,
    },
    Workbook {
        epoch_1904: bool,
        /// What was seen of each sheet when it was looked over.
        seen: Vec<Seen>,
        uncalculated: bool,
    },
}

/// How the rows of a text file are laid out.
#[derive(Debug)]
enum TextLayout {
    Delimited,
    /// A printed list, with the places of its columns.
    List(ListLayout),
    Html,
}

impl Export {
    /// Opens and recognises a file: one pass over all its bytes. `shown` is its path relative to the delivery.
    ///
    /// # Errors
    /// [`Problem::FileUnreadable`] or [`Problem::FileEmpty`].
    pub fn open(path: &Path, shown: Arc<str>, options: &ExportOptions) -> Result<Export, Problem> {
        let unreadable = |why| Problem::FileUnreadable { place: Place::file(shown.clone()), why };
        let size = regular_file(path).map_err(unreadable)?;
        if size == 0 {
            return Err(Problem::FileEmpty { place: Place::file(shown) });
        }
        let head = survey::head(path, detect::HEAD).map_err(|error| unreadable(why::io(&error)))?;
        let nature = detect::nature(&head).map_err(unreadable)?;
        let opened = match nature {
            Nature::Text => open_text(path, &head, size, options),
            Nature::Html => open_html(path, &head, options),
            Nature::Zip => package::look_over(path).and_then(|package| open_workbook(path, package)),
            Nature::Compound => compound::look_over(path).and_then(|hidden| {
                let sheets = hidden.into_iter().map(|hidden| Seen { hidden, ..Seen::default() }).collect();
                open_workbook(path, Package { format: Format::Xls, sheets, uncalculated: false })
            }),
        };
        let (format, sha256, sheets, body) = opened.map_err(unreadable)?;
        if let Body::Text { text, .. } = &body
            && size <= text.bom
        {
            return Err(Problem::FileEmpty { place: Place::file(shown) });
        }
        Ok(Export { path: path.to_owned(), shown, format, size, sha256, sheets, body })
    }

    /// What it is.
    pub fn format(&self) -> Format {
        self.format
    }

    /// How it is written, for text files.
    pub fn dialect(&self) -> Option<&Dialect> {
        match &self.body {
            Body::Text { dialect, .. } => Some(dialect),
            Body::Workbook { .. } => None,
        }
    }

    /// Whether it is a workbook that counts days from 1904. Its [`RawCell::Serial`](super::RawCell) cells are moved already; a
    /// number without date format that is meant as a day still has to be moved by 1,462 days.
    pub fn epoch_1904(&self) -> bool {
        matches!(self.body, Body::Workbook { epoch_1904: true, .. })
    }

    /// Rows and columns of a sheet that a spreadsheet program does not show; they are read all the same.
    pub fn hidden(&self, sheet: usize) -> Hidden {
        match &self.body {
            Body::Workbook { seen, .. } => seen.get(sheet).map(|seen| seen.hidden.clone()).unwrap_or_default(),
            Body::Text { .. } => Hidden::default(),
        }
    }

    /// Size in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// SHA-256 of its bytes, hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Its sheets, in order; text files have one without a name.
    pub fn sheets(&self) -> &[SheetInfo] {
        &self.sheets
    }

    /// Streams the rows of a sheet, blank rows left out but counted in the places.
    ///
    /// # Errors
    /// [`Problem::FileUnreadable`] when the sheet cannot be read.
    pub fn blocks(&self, sheet: usize) -> Result<Blocks<'_>, Problem> {
        let kind = match &self.body {
            Body::Text { text, layout: TextLayout::Delimited, .. } => CsvBlocks::new(text).map(Kind::Csv),
            Body::Text { text, layout: TextLayout::List(list), .. } => ListBlocks::new(text, list).map(Kind::List),
            Body::Text { text, layout: TextLayout::Html, .. } => HtmlBlocks::new(text).map(Kind::Html),
            Body::Workbook { .. } => self.workbook(sheet, u32::MAX).map(Kind::Workbook),
        };
        match kind {
            Ok(kind) => Ok(Blocks { export: self, sheet, kind, finished: false }),
            Err(why) => Err(self.unreadable(sheet, why)),
        }
    }

    /// The tables of a sheet as they are written, one after the other: rows above them dropped, damaged records mended where
    /// only one reading makes sense. `sink` says whether to go on.
    ///
    /// # Errors
    /// [`Problem::FileUnreadable`] when the sheet cannot be read.
    pub fn tables(&self, sheet: usize, sink: &mut dyn FnMut(Piece<'_>) -> bool) -> Result<GridReport, Problem> {
        let read = match &self.body {
            Body::Text { text, layout: TextLayout::Delimited, .. } => {
                TextRows::new(text).and_then(|mut rows| grid::read(&mut rows, sink))
            }
            Body::Text { .. } | Body::Workbook { .. } => {
                let mut rows = SheetRows::new(self.blocks(sheet)?);
                grid::read(&mut rows, sink)
            }
        };
        read.map_err(|why| self.unreadable(sheet, why))
    }

    /// The raw texts of rows of a sheet, each by its 1-based sheet row in rising order; cells from sheet column A on.
    /// `None` for a row that is not there any more. Reads the whole file once more to see whether it is still the same.
    ///
    /// # Errors
    /// [`Problem::ChangedWhileRead`] when the file is no longer the one that was read.
    pub fn reread(&self, sheet: usize, sheet_rows: &[u32]) -> Result<Vec<Option<Vec<String>>>, Problem> {
        if !survey::pass(&self.path, |_| {}).is_ok_and(|hash| hash == self.sha256) {
            return Err(Problem::ChangedWhileRead { place: self.place(sheet) });
        }
        let found = match &self.body {
            Body::Text { text, layout: TextLayout::Delimited, checkpoints, .. } => {
                csv::reread(text, checkpoints.get().map_or(&[], Vec::as_slice), sheet_rows)
            }
            Body::Text { text, layout: TextLayout::List(list), .. } => sap_list::reread(text, list, sheet_rows),
            Body::Text { text, layout: TextLayout::Html, .. } => html::reread(text, sheet_rows),
            Body::Workbook { .. } => self.reread_workbook(sheet, sheet_rows),
        };
        let mut found = found.map_err(|why| self.unreadable(sheet, why))?;
        Ok(sheet_rows.iter().map(|row| found.remove(row)).collect())
    }

    fn workbook(&self, sheet: usize, last_wanted: u32) -> Result<WorkbookBlocks, Bilingual> {
        let name = self.sheets.get(sheet).and_then(|info| info.name.clone()).ok_or_else(why::no_sheet)?;
        let (uncalculated, lost) = match &self.body {
            Body::Workbook { seen, uncalculated, .. } => (*uncalculated, seen.get(sheet).map(|seen| seen.lost.clone())),
            Body::Text { .. } => (false, None),
        };
        let wanted = Wanted { sheet: name, last_row: last_wanted, uncalculated, lost: lost.unwrap_or_default() };
        WorkbookBlocks::new(self.path.clone(), self.format, wanted)
    }

    /// One more pass over the sheet, up to the last row that is wanted.
    fn reread_workbook(&self, sheet: usize, sheet_rows: &[u32]) -> Result<BTreeMap<u32, Vec<String>>, Bilingual> {
        let wanted: BTreeSet<u32> = sheet_rows.iter().copied().collect();
        let mut blocks = self.workbook(sheet, wanted.last().copied().unwrap_or(0))?;
        let mut found = BTreeMap::new();
        while let Some(block) = blocks.next()? {
            for row in block.rows().filter(|row| wanted.contains(&row.place().sheet_row)) {
                found.insert(row.place().sheet_row, shown::row(&row));
            }
        }
        Ok(found)
    }

    fn place(&self, sheet: usize) -> Place {
        Place { file: self.shown.clone(), sheet: self.sheets.get(sheet).and_then(|info| info.name.clone()) }
    }

    fn unreadable(&self, sheet: usize, why: Bilingual) -> Problem {
        Problem::FileUnreadable { place: self.place(sheet), why }
    }
}

/// The size of a file that can be read at all. Opening a pipe or a device could wait for ever.
fn regular_file(path: &Path) -> Result<u64, Bilingual> {
    if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("~$")) {
        return Err(why::lock_file());
    }
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(_) if fs::symlink_metadata(path).is_ok_and(|link| link.is_symlink()) => return Err(why::dead_link()),
        Err(error) => return Err(why::io(&error)),
    };
    if metadata.is_dir() {
        return Err(why::directory());
    }
    if !metadata.is_file() {
        return Err(why::special());
    }
    Ok(metadata.len())
}

type Opened = (Format, String, Vec<SheetInfo>, Body);

fn open_text(path: &Path, head: &[u8], size: u64, options: &ExportOptions) -> Result<Opened, Bilingual> {
    if options.delimiter.is_some_and(|delimiter| !delimiter.is_usable()) {
        return Err(why::bad_delimiter());
    }
    let start = encoding::start(head, options.encoding.as_deref(), None)?;
    let (sha256, verdict) = surveyed(path, &start)?;
    let sample = verdict.charset.decode(&head[start.bom..]);
    let separator = dialect::separator_line(&sample);
    let whole = size <= head.len() as u64;
    let body = if separator.is_some() { sample.split_once('\n').map_or("", |(_, body)| body) } else { &sample };
    let grammar = dialect::sniff(body, whole, options.delimiter.or(separator));
    let text = TextFile {
        path: path.to_owned(),
        charset: verdict.charset,
        bom: start.bom as u64,
        grammar,
        separator_line: separator.is_some(),
        piece: options.piece.unwrap_or(PIECE),
    };
    let list = if text.is_direct() && options.delimiter.is_none() { sap_list::layout(&sample) } else { None };
    let (format, layout) = match list {
        Some(list) => (Format::SapList, TextLayout::List(list)),
        None => (Format::Csv, TextLayout::Delimited),
    };
    Ok(text_body(format, sha256, text, verdict.dialect(start.bom > 0, Some(grammar)), layout))
}

fn open_html(path: &Path, head: &[u8], options: &ExportOptions) -> Result<Opened, Bilingual> {
    let start = encoding::start(head, options.encoding.as_deref(), html::claimed_charset(head).as_deref())?;
    let (sha256, verdict) = surveyed(path, &start)?;
    let text = TextFile {
        path: path.to_owned(),
        charset: verdict.charset,
        bom: start.bom as u64,
        grammar: Grammar::plain(Separator::byte(b'\t')),
        separator_line: false,
        piece: PIECE,
    };
    Ok(text_body(Format::Html, sha256, text, verdict.dialect(start.bom > 0, None), TextLayout::Html))
}

/// One pass over all bytes of a text file.
fn surveyed(path: &Path, start: &encoding::Start) -> Result<(String, encoding::Verdict), Bilingual> {
    let mut survey = encoding::Survey::new(start);
    let mut mark = start.bom;
    let sha256 = survey::pass(path, |bytes| {
        let text = &bytes[mark.min(bytes.len())..];
        mark = 0;
        survey.feed(text);
    })
    .map_err(|error| why::io(&error))?;
    Ok((sha256, survey.finish()))
}

fn text_body(format: Format, sha256: String, text: TextFile, dialect: Dialect, layout: TextLayout) -> Opened {
    let sheets = vec![SheetInfo { name: None, state: SheetState::Visible }];
    (format, sha256, sheets, Body::Text { text, dialect, layout, checkpoints: OnceLock::new() })
}

fn open_workbook(path: &Path, package: Package) -> Result<Opened, Bilingual> {
    let Package { format, sheets, uncalculated } = package;
    let sha256 = survey::pass(path, |_| {}).map_err(|error| why::io(&error))?;
    let contents = workbook::contents(path, format, sheets)?;
    let body = Body::Workbook { epoch_1904: contents.epoch_1904, seen: contents.seen, uncalculated };
    Ok((format, sha256, contents.sheets, body))
}

/// Rows of a sheet, block by block.
#[derive(Debug)]
pub struct Blocks<'a> {
    export: &'a Export,
    sheet: usize,
    kind: Kind<'a>,
    finished: bool,
}

#[derive(Debug)]
enum Kind<'a> {
    Csv(CsvBlocks<'a>),
    List(ListBlocks<'a>),
    Html(HtmlBlocks),
    Workbook(WorkbookBlocks),
}

impl Blocks<'_> {
    /// [`Export::epoch_1904`] of the file.
    pub fn epoch_1904(&self) -> bool {
        self.export.epoch_1904()
    }

    /// After the last block: how the data shows that it was cut off, and the physical line, if it does.
    ///
    /// A short last record is handed out like any other (it may be a total row; the line is where it begins). A record whose
    /// quotes never close is not, nor anything behind it: it may have swallowed rows. Its line is that of the quote.
    pub fn cut(&self) -> Option<(CutSign, u32)> {
        match &self.kind {
            Kind::Csv(csv) => csv.cut(),
            Kind::List(list) => list.cut(),
            Kind::Html(html) => html.cut(),
            Kind::Workbook(_) => None,
        }
    }

    /// After the last block: the physical line of a last record that has no line end, where that record begins. It is handed
    /// out, even when all its cells are empty.
    pub fn open_last_line(&self) -> Option<u32> {
        match &self.kind {
            Kind::Csv(csv) => csv.open_last_line(),
            Kind::List(list) => list.open_last_line(),
            Kind::Html(_) | Kind::Workbook(_) => None,
        }
    }

    /// After the last block: formulas that were saved without a value, and show as [`RawCell::Error`](super::RawCell). A 0
    /// counts as none in a workbook that leaves all its formulas to be worked out when it is opened.
    pub fn formulas_without_value(&self) -> u32 {
        match &self.kind {
            Kind::Workbook(workbook) => workbook.unvalued(),
            Kind::Csv(_) | Kind::List(_) | Kind::Html(_) => 0,
        }
    }

    /// Rows without content passed over so far; they are not handed out.
    pub fn blank_rows(&self) -> u32 {
        match &self.kind {
            Kind::Csv(csv) => csv.blank_rows(),
            Kind::List(list) => list.blank_rows(),
            Kind::Html(html) => html.blank_rows(),
            Kind::Workbook(workbook) => workbook.blank_rows(),
        }
    }
}

/// Rows that any thread can make a block of.
#[derive(Debug)]
pub(crate) struct Rough<'a>(RoughKind<'a>);

#[derive(Debug)]
enum RoughKind<'a> {
    Unsplit(Unsplit<'a>),
    /// Of a kind that is read in order.
    Whole(Block),
}

/// What [`Blocks::settle`] needs to know of a block.
#[derive(Debug)]
pub(crate) struct Measured(Option<Measure>);

impl Measured {
    /// Bytes of the file, where that is known before its end.
    pub(crate) fn bytes(&self) -> u64 {
        self.0.as_ref().map_or(0, Measure::bytes)
    }
}

impl Rough<'_> {
    /// The block; the places of its rows are counted from what [`Blocks::settle`] will say.
    pub(crate) fn split(self) -> (Block, Measured) {
        match self.0 {
            RoughKind::Unsplit(unsplit) => {
                let (block, measure) = unsplit.split();
                (block, Measured(Some(measure)))
            }
            RoughKind::Whole(block) => (block, Measured(None)),
        }
    }
}

impl<'a> Blocks<'a> {
    /// The next rows, not yet split where that can be done on any thread. Every one must be settled, in order, before
    /// [`Blocks::cut`] and its like are asked.
    pub(crate) fn next_rough(&mut self) -> Option<Result<Rough<'a>, Problem>> {
        let Kind::Csv(csv) = &mut self.kind else {
            return self.next().map(|block| Ok(Rough(RoughKind::Whole(block?))));
        };
        if self.finished {
            return None;
        }
        match csv.next_unsplit() {
            Ok(Some(unsplit)) => Some(Ok(Rough(RoughKind::Unsplit(unsplit)))),
            Ok(None) => {
                self.finished = true;
                None
            }
            Err(why) => {
                self.finished = true;
                Some(Err(self.export.unreadable(self.sheet, why)))
            }
        }
    }

    /// Takes what splitting measured, and says what the places of the block's rows are counted from.
    pub(crate) fn settle(&mut self, measured: Measured) -> Result<Base, Problem> {
        match (&mut self.kind, measured.0) {
            (Kind::Csv(csv), Some(measure)) => csv.settle(measure).map_err(|why| self.export.unreadable(self.sheet, why)),
            _ => Ok(Base::default()),
        }
    }

    /// After the last block was settled: keeps what reading rows again begins from.
    pub(crate) fn finish(&mut self) {
        if let (Kind::Csv(csv), Body::Text { checkpoints, .. }) = (&mut self.kind, &self.export.body) {
            // Reading the sheet again finds the same ones.
            let _ = checkpoints.set(csv.take_checkpoints());
        }
    }
}

impl Iterator for Blocks<'_> {
    type Item = Result<Block, Problem>;

    /// The next block that has rows. After an error there is nothing more.
    fn next(&mut self) -> Option<Self::Item> {
        while !self.finished {
            let next = match &mut self.kind {
                Kind::Csv(csv) => csv.next(),
                Kind::List(list) => list.next(),
                Kind::Html(html) => html.next(),
                Kind::Workbook(workbook) => workbook.next(),
            };
            match next {
                Ok(Some(block)) if block.row_count() == 0 => {}
                Ok(Some(block)) => return Some(Ok(block)),
                Ok(None) => {
                    self.finished = true;
                    self.finish();
                }
                Err(why) => {
                    self.finished = true;
                    return Some(Err(self.export.unreadable(self.sheet, why)));
                }
            }
        }
        None
    }
}

//! Files that others make from the notes on the systems' exports: every header that the notes list for a column, in any order of
//! columns, encoding and delimiter, finds its column without a config.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::path::{Path, PathBuf};

use sagstjek::intake::{self, IntakeOptions};
use sagstjek::model::load::{embedded, load};
use sagstjek::model::{Column, Pack};
use sagstjek::rule::LoadPlan;
use sagstjek::value::Kind;

/// A kind of record as somebody would deliver it: the headers every file has, then column by column the headers that are listed for
/// it. A header that stands in the first list under another name is replaced by the one in turn.
struct Listed {
    dataset: &'static str,
    always: &'static [(&'static str, &'static str)],
    columns: &'static [(&'static str, &'static [&'static str])],
}

const CASE: &[&str] = &["Sagsnummer", "Sag rækkeID", "sbsys_id", "Sagsnr.", "Sags-ID", "SagsID", "Journalnr."];
const CPR: &[&str] = &[
    "CPR-nr.",
    "Cpr.nr.",
    "CPR",
    "CPR nummer",
    "Personnummer",
    "Personnummer formateret",
    "ID-nummer",
    "cprnr",
    "CPR-nummer",
    "Barnets CPR",
];

const LISTED: &[Listed] = &[
    Listed {
        dataset: "sag",
        always: &[("sagsnr", "Sagsnummer"), ("cpr", "CPR-nr."), ("status", "Sag status"), ("oprettet", "Oprettet")],
        columns: &[
            ("sagsnr", CASE),
            ("sagsnr", &["Sag"]),
            ("cpr", CPR),
            ("sagstype", &["Sagstype", "SagType", "Sagskategori"]),
            ("status", &["Sag status", "Sagsstatus"]),
            ("oprettet", &["Oprettet", "Oprettelsesdato", "OprettetDato", "Åbnet"]),
            ("afsluttet", &["Afsluttet", "Lukkedato", "Afsluttet dato"]),
            ("sagsbehandler", &["PrimærAnsvarlig", "Sagsbehandler", "Rådgiver", "Primær behandler", "case_worker"]),
            ("afdeling", &["Afdeling", "AfdelingNavn", "Enhed", "Distrikt"]),
            ("team", &["team"]),
            ("målgruppe", &["Målgruppe", "Målgruppe.Målgruppe", "target_group"]),
            ("handlekommune", &["Handlekommune"]),
            ("betalingskommune", &["Betalings-kommune", "paying_municipality"]),
            ("opholdskommune", &["OpholdsKommune"]),
            ("næste_frist", &["fristDato", "Førstkommende frist", "Activity_EscalationDate"]),
            ("tvang", &["Tvang"]),
            ("følsom", &["isSensitive", "Følsom"]),
            ("udtræksdato", &["Dato", "Udtræksdato", "Udtrukket den", "Pr. dato"]),
        ],
    },
    Listed {
        dataset: "person",
        always: &[("cpr", "CPR"), ("navn", "Navn"), ("status", "CPR-status")],
        columns: &[
            ("cpr", CPR),
            ("navn", &["fuldeNavn", "Navn", "Barnets navn"]),
            ("fødselsdato", &["FOEDDAG", "Fødselsdag", "Fødselsdato"]),
            ("køn", &["KOEN", "Køn"]),
            ("status", &["Afdød", "CPR-status"]),
            ("adressebeskyttet", &["Adressebeskyttelse", "Beskyttet adresse"]),
        ],
    },
    Listed {
        dataset: "relation",
        always: &[("barn_cpr", "Barnets CPR"), ("part_cpr", "Part CPR"), ("relation", "Relation")],
        columns: &[
            ("part_cpr", &["Forælder CPR", "Part"]),
            ("relation", &["relation"]),
            ("myndighed", &["Forældremyndighed", "Fuld/delt myndighed"]),
        ],
    },
    Listed {
        dataset: "underretning",
        always: &[("sagsnr", "Sagsnummer"), ("cpr", "CPR-nr."), ("modtaget", "Modtaget"), ("underretter", "Underretter")],
        columns: &[
            ("sagsnr", CASE),
            ("cpr", CPR),
            ("modtaget", &["Modtaget", "Modtagelsesdato", "Underretningsdato", "Dato for modtagelse"]),
            ("vurderet_24t", &["Vurderet", "Vurderingsdato", "24-timers vurdering"]),
            ("underretter", &["Underretter", "Underretterens relation", "Afsender"]),
            ("årsag", &["Årsag", "Bekymring"]),
            ("kvitteret", &["Kvittering", "Bekræftelse sendt"]),
            ("orienteret", &["Orientering til underretter"]),
            ("resultat", &["Beslutning", "Reaktion", "Videre forløb"]),
        ],
    },
    Listed {
        dataset: "undersøgelse",
        always: &[("sagsnr", "Sagsnummer"), ("type", "Undersøgelsestype"), ("startet", "Startdato")],
        columns: &[
            ("sagsnr", CASE),
            ("cpr", CPR),
            ("type", &["Undersøgelse", "Undersøgelsestype", "BFU"]),
            ("startet", &["Startdato", "Igangsat", "Opstart", "Dato for beslutning"]),
            ("frist", &["Frist", "Deadline"]),
            ("afsluttet", &["Slutdato", "Afsluttet", "Færdiggjort"]),
            ("samtykke", &["samtykke", "medSamtykkeLbu"]),
            ("grundlag", &["undersoegelsenGennemfoertEfter", "grundlagForUndersoegelsen"]),
            ("konklusion", &["Konklusion", "Resultat"]),
        ],
    },
    Listed {
        dataset: "børnesamtale",
        always: &[("sagsnr", "Sagsnummer"), ("dato", "Samtaledato"), ("afholdt", "Afholdt")],
        columns: &[
            ("sagsnr", CASE),
            ("dato", &["Samtaledato", "Dato for samtale", "Børnesamtale"]),
            ("afholdt", &["Afholdt", "Gennemført"]),
            ("grund_udeladt", &["Begrundelse", "Årsag til undladelse"]),
            ("form", &["inddragelseFormer"]),
            ("vedrører", &["vedroerer", "Emne"]),
            ("knyttet_til", &["DecisionVisitContact_ChildMeeting_Id", "boernesamtalerForAktivitet", "Aktivitets-ID"]),
        ],
    },
    Listed {
        dataset: "plan",
        always: &[("sagsnr", "Sagsnummer"), ("type", "Plantype"), ("dato", "Udarbejdet"), ("antal_mål", "Antal mål")],
        columns: &[
            ("sagsnr", CASE),
            ("type", &["Plantype", "Handleplan", "Barnets plan", "Forældrehandleplan"]),
            ("dato", &["Udarbejdet", "Oprettet", "Godkendt"]),
            ("revideret", &["Revideret"]),
            ("antal_mål", &["Antal mål", "Mål"]),
            ("næste_opfølgning", &["Næste opfølgning", "Opfølgningsdato", "Frist"]),
            ("status", &["Status", "Aktiv"]),
        ],
    },
    Listed {
        dataset: "bevilling",
        always: &[
            ("ydelse_id", "Ydelses-ID"),
            ("sagsnr", "Sagsnummer"),
            ("ydelsestype", "Ydelsestype"),
            ("start", "Startdato"),
            ("slut", "Slutdato"),
            ("afgørelsesparagraf", "Afgørelsesparagraf"),
            ("status", "Status"),
        ],
        columns: &[
            ("ydelse_id", &["Ydelses-ID", "Bevillings-ID", "Rækkenr."]),
            ("sagsnr", CASE),
            ("cpr", CPR),
            ("ydelsestype", &["Ydelsestype", "Indsatstype", "Indsats", "Foranstaltning", "Ydelse"]),
            ("variant", &["Ydelsesvariant"]),
            ("tilbudstype", &["Tilbudstype", "Tilbud", "Tilbudsbeskrivelse"]),
            ("afgørelsesparagraf", &["Afgørelsesparagraf", "Lovhjemmel", "section", "Afg. §"]),
            ("foranstaltningsparagraf", &["Foranstaltningsparagraf"]),
            ("afgørelse_dato", &["appropriation_date", "Afgørelsesdato", "Bevillingsdato", "Dato for afgørelse"]),
            ("start", &["Ydelse startdato", "Startdato", "IndsatsStartDato", "Iværksættelsesdato", "Fra", "Gyldig fra"]),
            ("slut", &["Ydelse slutdato", "Slutdato", "IndsatsSlutDato", "Stopdato", "Til", "Ophørsdato", "Gyldig til"]),
            ("status", &["Status", "IndsatsStatus", "Bevillingsstatus"]),
            ("takst", &["Takst", "Ydelsesbeløb", "Pris pr stk", "Pris pr dag", "Pris pr måned", "Enhedspris"]),
            ("antal", &["Antal", "units", "Sidst gældende antal ugentlige timer", "Timer"]),
            ("enhed", &["Enheds angivelse"]),
            ("frekvens", &["Frekvens", "Beregningsfrekvens"]),
            ("beregnet_total", &["Beregnet total", "Indeværende år", "Sum"]),
            ("leverandør", &["Leverandør", "LeverandørNavn", "service_provider"]),
            ("leverandør_cvr", &["CVR", "CVR-nr."]),
            ("leverandørkommune", &["Leverandør beliggenhedskommune"]),
            ("funktion", &["Funktion"]),
            ("konto", &["account_string", "Kontostreng", "Konto"]),
            ("tvang", &["Tvang"]),
            ("samtykke", &["samtykke"]),
            ("fortsætter", &["Fortsættelse af"]),
            ("ophørsårsag", &["Årsag til ophør", "AfslutningsÅrsag"]),
            ("trin", &["effort_step", "Indsatstrappe", "Trin"]),
            ("bevilget_af", &["approval_user", "Bevillingskompetence"]),
        ],
    },
    Listed {
        dataset: "opfølgning",
        always: &[("sagsnr", "Sagsnummer"), ("planlagt", "Opfølgningsfrist"), ("udført", "Udført")],
        columns: &[
            ("sagsnr", CASE),
            ("planlagt", &["Frist", "Næste opfølgning", "Opfølgningsfrist", "fristDato"]),
            ("udført", &["UdførtDato", "Opfølgningsdato", "Gennemført"]),
            ("type", &["Opfølgningstype", "undertype"]),
            ("konklusion", &["Resultat", "Konklusion"]),
        ],
    },
    Listed {
        dataset: "tilsyn",
        always: &[("cpr", "CPR-nr."), ("dato", "Tilsynsdato"), ("samtale_med_barn", "Talt med barnet")],
        columns: &[
            ("cpr", CPR),
            ("dato", &["Tilsynsdato", "Besøgsdato"]),
            ("samtale_med_barn", &["Talt med barnet", "Samtale under tilsyn"]),
            ("sted", &["Anbringelsessted", "Leverandør"]),
        ],
    },
    Listed {
        dataset: "anbringelse",
        always: &[
            ("cpr", "CPR-nr."),
            ("afgørelse_dato", "Afgørelsesdato"),
            ("start", "Anbringelsesdato"),
            ("paragraf", "Anbringelsesgrundlag"),
        ],
        columns: &[
            ("cpr", CPR),
            ("afgørelse_dato", &["Afgørelsesdato", "Dato for afgørelse"]),
            ("start", &["Anbringelsesdato", "Iværksat", "SAG_VFRA"]),
            ("slut", &["Hjemgivelsesdato", "Ophør", "SAG_VTIL"]),
            ("paragraf", &["Anbringelsesgrundlag", "Lovhjemmel"]),
            ("dst_kode", &["PGF"]),
            ("tvang", &["Tvang"]),
            ("samtykke", &["Samtykke"]),
            ("stedtype", &["STSTED", "Tilbudstype", "Anbringelsessted type"]),
            ("sted", &["Anbringelsessted"]),
            ("stedkommune", &["Leverandør beliggenhedskommune"]),
            ("hændelse", &["HAENDELSE"]),
            ("udsted", &["UDSTED"]),
            ("slutgrund", &["SLUTGRUND"]),
            ("efter", &["EFTHJEM"]),
            ("indberettet", &["DecisionTakenObligation_StatusOfReporting", "Indberettet til DST/AST"]),
        ],
    },
    Listed {
        dataset: "betaling",
        always: &[("fakturanr", "Faktura nr."), ("beløb", "Fakturabeløb"), ("forfald", "Fakturadato")],
        columns: &[
            ("fakturanr", &["Faktura nr."]),
            ("sagsnr", &["Sagsnummer"]),
            ("cpr", &["CPR-nr.", "CPR"]),
            ("forfald", &["Fakturadato"]),
            ("periode_fra", &["Ydelse startdato", "Periode fra"]),
            ("periode_til", &["Ydelse slutdato", "Periode til"]),
            ("beløb", &["Fakturabeløb", "Beløb inkl. moms", "Beløb ekskl. moms"]),
            ("betalt", &["paid", "Betalt"]),
            ("betalt_dato", &["paid_date"]),
            ("betalt_beløb", &["paid_amount"]),
            ("modtagertype", &["recipient_type"]),
            ("modtager", &["recipient_name"]),
            ("modtager_id", &["recipient_id"]),
            ("metode", &["payment_method"]),
            ("antal", &["units"]),
            ("pris", &["price_per_unit"]),
            ("status", &["Status"]),
            ("konto", &["account_string"]),
        ],
    },
    Listed {
        dataset: "postering",
        always: &[
            ("bilagsnr", "Bilagsnummer"),
            ("bogført", "Bogføringsdato"),
            ("beløb", "Beløb"),
            ("artskonto", "Artskonto"),
            ("psp", "PSP-element"),
        ],
        columns: &[
            ("bilagsnr", &["Bilagsnummer", "RefBilNr", "Bilagsnr.", "Dok.nr."]),
            ("linje", &["BoL", "Pos."]),
            ("bogført", &["Bogføringsdato", "Posteringsdato"]),
            ("bilagsdato", &["Bilagsdato"]),
            ("valør", &["Valørdato"]),
            ("år", &["År", "Regnskabsår"]),
            ("periode", &["Periode", "Pulje"]),
            ("beløb", &["Beløb", "Vrd./CO-områdevaluta", "Saldo", "Forbrug", "Beløb i DKK"]),
            ("debet_kredit", &["Debet/kredit", "D/K"]),
            ("artskonto", &["Artskonto", "Omk.art", "Art"]),
            ("konto", &["account_string", "Kontostreng", "Autoriseret konto", "Funktionsområde"]),
            ("omkostningssted", &["Omkostningssted"]),
            ("profitcenter", &["Profitcenter"]),
            ("ordre", &["Ordre"]),
            ("tekst", &["Tekst", "Bilagstoptekst", "Betegnelse", "Posteringstekst"]),
            ("leverandør", &["Kreditor", "Leverandørnr."]),
            ("ydelsesmodtager", &["CPR-nr."]),
        ],
    },
    Listed {
        dataset: "forældrebetaling",
        always: &[("barn_cpr", "Barnets CPR"), ("forælder_cpr", "Forælder CPR"), ("indkomst", "Indkomstgrundlag")],
        columns: &[
            ("indkomst", &["Indkomstgrundlag", "Husstandsindkomst"]),
            ("beregnet_md", &["Betaling pr. md.", "Egenbetaling"]),
            ("fritaget", &["Fritagelse"]),
            ("grund", &["Begrundelse"]),
            ("afgørelse_dato", &["Afgørelsesdato"]),
            ("gyldig_fra", &["Gyldig fra"]),
            ("gyldig_til", &["Gyldig til"]),
        ],
    },
    Listed {
        dataset: "taf_måned",
        always: &[
            ("forælder_cpr", "Forælder CPR"),
            ("barn_cpr", "Barnets CPR"),
            ("måned", "Måned"),
            ("timer_uge", "Bevilgede timer"),
        ],
        columns: &[
            ("timer_uge", &["Bevilgede timer", "Fraværstimer"]),
            ("normtid", &["Normtid"]),
            ("bruttoløn_md", &["Månedsløn", "Bruttoløn"]),
            ("beregnet_md", &["Beregnet ydelse"]),
            ("pension", &["Pensionsbidrag"]),
            ("atp", &["ATP"]),
            ("udbetalt_md", &["Udbetalt"]),
        ],
    },
    Listed {
        dataset: "medarbejder",
        always: &[("bruger_id", "Initialer"), ("navn", "Navn"), ("afdeling", "Afdeling")],
        columns: &[
            ("bruger_id", &["brugernavn", "Initialer"]),
            ("navn", &["fuldeNavn", "Navn"]),
            ("stilling", &["position", "Stilling"]),
            ("ansat_fra", &["entryDate", "Ansat fra"]),
            ("ansat_til", &["gyldigTil", "Ansat til"]),
            ("normtid", &["Ugetimer"]),
            ("leder", &["isManager", "leader"]),
        ],
    },
    Listed {
        dataset: "indskrivning",
        always: &[("cpr", "CPR-nr."), ("indskrevet", "Indskrivningsdato"), ("afsluttet", "Afslutningsdato")],
        columns: &[
            ("cpr", CPR),
            ("modtaget", &["Henvisningsdato", "Modtaget"]),
            ("afsluttet", &["Afslutningsdato", "Udskrevet"]),
            ("dage", &["Indskrivningstid i dage"]),
            ("afregnet", &["Afregnet", "Faktureret"]),
        ],
    },
];

fn value(pack: &Pack, column: &Column, row: usize) -> String {
    if let Some(code) = column.codes.and_then(|id| pack.lists[id.index()].codes.first()) {
        return code.code.to_string();
    }
    match column.kind {
        Kind::Cpr => ["0511124327", "1307851234", "2409831177", "1805154321"][row % 4].to_owned(),
        Kind::Date => format!("{:02}-02-2026", row + 1),
        Kind::Timestamp => format!("{:02}-02-2026 10:00", row + 1),
        Kind::Month => "2026-02".to_owned(),
        Kind::Integer => "10".to_owned(),
        Kind::Decimal(_) | Kind::Money(_) => "10,00".to_owned(),
        Kind::Percent(_) => "10 %".to_owned(),
        Kind::Bool => "Ja".to_owned(),
        Kind::Paragraf => "BL § 32".to_owned(),
        Kind::Konto => "5.28.20.1.092".to_owned(),
        Kind::Cvr => "90111222".to_owned(),
        Kind::Kommune => "607".to_owned(),
        _ => format!("{}{row}", column.name.to_uppercase()),
    }
}

/// Pseudo-random, the same every time.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

/// Writes a file with these headers (column, header) and gives what was mapped wrong.
fn wrong(pack: &Pack, root: &Path, dataset: &str, headers: &[(&str, &str)], style: usize) -> Vec<String> {
    let id = pack.dataset(dataset).expect(dataset);
    let model = pack.get(id);
    let delimiter = [";", "\t", ",", "|"][style % 4];
    let quoted = |text: &str| if text.contains(delimiter) { format!("\"{text}\"") } else { text.to_owned() };
    let line = |cells: Vec<String>| cells.iter().map(|c| quoted(c)).collect::<Vec<_>>().join(delimiter) + "\r\n";
    let mut text = line(headers.iter().map(|(_, header)| (*header).to_owned()).collect());
    for row in 0..4 {
        let of = |(column, _): &(&str, &str)| {
            let column = model.column(column).unwrap_or_else(|| panic!("{dataset}.{column}"));
            value(pack, &model.columns[column.index()], row)
        };
        text += &line(headers.iter().map(of).collect());
    }
    let bytes = match style / 4 % 3 {
        0 => text.into_bytes(),
        1 => encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
        _ => [vec![0xff, 0xfe], text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat(),
    };
    let path = root.join("fil.csv");
    std::fs::write(&path, bytes).expect("a file");
    let delivery = intake::read(pack, &LoadPlan::default(), &path, &IntakeOptions::default());
    let sheet = &delivery.files[0].sheets[0];
    let profile = sheet.profile.map_or("no profile", |id| &pack.profiles[id.index()].name);
    let mut wrong = Vec::new();
    for (i, (column, header)) in headers.iter().enumerate() {
        let wanted = model.column(column).expect("a column");
        let fed = sheet.headers.iter().find(|h| usize::from(h.sheet_column) == i).map_or(&[][..], |h| &h.feeds[..]);
        if !fed.contains(&(id, wanted)) {
            let fed: Vec<String> =
                fed.iter().map(|&(d, c)| format!("{}.{}", pack.get(d).name, pack.get(d).columns[c.index()].name)).collect();
            wrong.push(format!("{profile}: «{header}» feeds {fed:?}, not {dataset}.{column}"));
        }
    }
    wrong
}

fn setup(name: &str) -> (Pack, PathBuf) {
    let pack = load(embedded()).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("aliases").join(name);
    std::fs::create_dir_all(&root).expect("a folder");
    (pack, root)
}

#[test]
fn every_listed_header_finds_its_column() {
    let (pack, root) = setup("one");
    let mut all: Vec<String> = Vec::new();
    let mut style = 0;
    for listed in LISTED {
        for (column, headers) in listed.columns {
            for header in *headers {
                let mut row: Vec<(&str, &str)> =
                    listed.always.iter().filter(|(c, h)| c != column && h != header).copied().collect();
                row.push((*column, *header));
                Random(style as u64 + 7).shuffle(&mut row);
                all.extend(wrong(&pack, &root, listed.dataset, &row, style));
                style += 1;
            }
        }
    }
    assert!(all.is_empty(), "{} of {style} files:\n{}", all.len(), all.join("\n"));
}

#[test]
fn whole_files_of_listed_headers_find_theirs() {
    let (pack, root) = setup("many");
    let mut all: Vec<String> = Vec::new();
    for (i, listed) in LISTED.iter().enumerate() {
        for draw in 0..12 {
            let mut random = Random((i * 100 + draw) as u64);
            let mut row: Vec<(&str, &str)> = Vec::new();
            for (column, headers) in listed.columns {
                let header = headers[random.below(headers.len())];
                let taken = |(c, h): &(&str, &str)| c == column || h.to_lowercase() == header.to_lowercase();
                if !row.iter().any(taken) {
                    row.push((*column, header));
                }
            }
            for &(column, header) in listed.always {
                if !row.iter().any(|(c, h)| *c == column || *h == header) {
                    row.push((column, header));
                }
            }
            random.shuffle(&mut row);
            all.extend(wrong(&pack, &root, listed.dataset, &row, draw));
        }
    }
    all.sort();
    all.dedup();
    assert!(all.is_empty(), "{}", all.join("\n"));
}

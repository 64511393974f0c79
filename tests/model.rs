//! The Danish model: every dataset is whole, and every header that was seen in a real export, interface or register finds its
//! column under its profile. The table is written by hand from the notes on the systems' exports.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use sagstjek::intake::{self, IntakeOptions, Source};
use sagstjek::model::load::{embedded, load};
use sagstjek::model::{Pack, Role};
use sagstjek::rule::{LoadPlan, compile_model};
use sagstjek::store::{CellRef, Store};
use sagstjek::value::{Cell, Value};

fn danish() -> Pack {
    load(embedded()).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
}

#[test]
fn every_dataset_has_a_key_a_title_and_a_way_to_its_case() {
    let pack = danish();
    compile_model(&pack).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
    let names: BTreeSet<&str> = pack.datasets.iter().map(|d| &*d.name).collect();
    let wanted = [
        "afgørelse",
        "aktivitet",
        "anbringelse",
        "betaling",
        "bevilling",
        "børnesamtale",
        "forældrebetaling",
        "indsats",
        "indskrivning",
        "kombination",
        "krav",
        "medarbejder",
        "opfølgning",
        "person",
        "plan",
        "postering",
        "prognose",
        "relation",
        "sag",
        "specialtilbud",
        "taf_måned",
        "tilbud",
        "tilsyn",
        "tilsynspunkt",
        "underretning",
        "undersøgelse",
    ];
    assert_eq!(names, BTreeSet::from(wanted));
    let case = pack.case_dataset().expect("cases");
    for (i, dataset) in pack.datasets.iter().enumerate() {
        assert!(!dataset.keys.is_empty() && dataset.keys.iter().all(|key| !key.is_empty()), "{}", dataset.name);
        assert!(!dataset.title.da.is_empty() && !dataset.title.en.is_empty(), "{}", dataset.name);
        let of_no_case = ["sag", "person", "medarbejder", "kombination", "tilbud", "indsats"].contains(&&*dataset.name);
        let leads = pack.links.iter().any(|link| link.from.index() == i && link.to == case);
        assert!(leads != of_no_case, "{}", dataset.name);
        let fed = pack.profiles.iter().any(|p| p.feeds.iter().any(|feed| feed.dataset.index() == i));
        assert!(fed == dataset.union.is_empty(), "{}: a profile feeds it, or it is a union", dataset.name);
        let texts = dataset.columns.iter().filter(|c| matches!(c.role, Some(Role::Case | Role::Owner | Role::Team)));
        assert!(texts.clone().all(|c| c.open), "{}: case, owner and team are open", dataset.name);
    }
}

#[test]
fn the_other_datasets_show_no_text_but_what_is_open() {
    let pack = danish();
    let personal = |dataset: &str| -> Vec<String> {
        let data = pack.get(pack.dataset(dataset).expect(dataset));
        data.columns.iter().filter(|c| c.is_personal()).map(|c| c.name.to_string()).collect()
    };
    for (dataset, wanted) in [
        ("underretning", &["cpr", "årsag", "resultat"][..]),
        ("børnesamtale", &["cpr", "grund_udeladt", "vedrører"]),
        ("plan", &["cpr"]),
        ("opfølgning", &["cpr"]),
        ("tilsyn", &["cpr", "sted", "bemærkning"]),
        ("anbringelse", &["cpr", "sted", "sted_cvr"]),
        ("forældrebetaling", &["barn_cpr", "forælder_cpr", "grund"]),
        ("medarbejder", &["cpr", "navn"]),
        ("indskrivning", &["cpr"]),
        ("specialtilbud", &["cpr"]),
        ("aktivitet", &["cpr", "vedrører", "begrundelse"]),
        ("afgørelse", &["cpr"]),
        ("indsats", &["barn_id", "koordinator", "ophørsårsag", "link"]),
        ("tilsynspunkt", &[]),
        ("prognose", &[]),
        ("kombination", &[]),
        ("tilbud", &["cvr", "navn"]),
        ("krav", &["cpr"]),
    ] {
        assert_eq!(personal(dataset), wanted, "{dataset}");
    }
}

/// Profile; a header and those it needs beside it, joined by `;`; the column that the first must feed.
const SEEN: &[(&str, &str, &str)] = &[
    // 1 sag
    ("dubu-sager", "Sagsnummer", "sag.sagsnr"),
    ("dubu-sager", "Sag rækkeID", "sag.sagsnr"),
    ("dubu-sager", "sbsys_id", "sag.sagsnr"),
    ("dubu-sager", "CPR-nr.", "sag.cpr"),
    ("dubu-sager", "Cpr.nr.", "sag.cpr"),
    ("dubu-sager", "CPR", "sag.cpr"),
    ("dubu-sager", "CPR nummer", "sag.cpr"),
    ("dubu-sager", "Personnummer", "sag.cpr"),
    ("dubu-sager", "Personnummer formateret", "sag.cpr"),
    ("dubu-sager", "ID-nummer", "sag.cpr"),
    ("dubu-sager", "cprnr", "sag.cpr"),
    ("dubu-sager-api", "primaerPerson.cprnr", "sag.cpr"),
    ("dubu-sager", "Sagstype", "sag.sagstype"),
    ("dubu-sager", "SagType", "sag.sagstype"),
    ("dubu-sager", "Sag status", "sag.status"),
    ("dubu-sager", "OprettetDato", "sag.oprettet"),
    ("dubu-sager-api", "primaerBehandler", "sag.sagsbehandler"),
    ("dubu-sager", "PrimærAnsvarlig", "sag.sagsbehandler"),
    ("dubu-sager", "case_worker", "sag.sagsbehandler"),
    ("dubu-sager", "Afdeling", "sag.afdeling"),
    ("dubu-sager", "AfdelingNavn", "sag.afdeling"),
    ("dubu-sager", "team", "sag.team"),
    ("dubu-sager", "Målgruppe", "sag.målgruppe"),
    ("dubu-sager", "Målgruppe.Målgruppe", "sag.målgruppe"),
    ("dubu-sager", "target_group", "sag.målgruppe"),
    ("dubu-sager", "Betalings-kommune", "sag.betalingskommune"),
    ("dubu-sager", "paying_municipality", "sag.betalingskommune"),
    ("dubu-sager", "OpholdsKommune", "sag.opholdskommune"),
    ("dubu-sager-api", "foerstkommendeFrist.fristDato", "sag.næste_frist"),
    ("dubu-sager", "fristDato", "sag.næste_frist"),
    ("dubu-sager", "Activity_EscalationDate", "sag.næste_frist"),
    ("dubu-sager", "Tvang", "sag.tvang"),
    ("dubu-sager-api", "isSensitive", "sag.følsom"),
    ("dubu-sager", "Dato", "sag.udtræksdato"),
    // 2 person and relation
    ("dubu-sager-api", "primaerPerson.fuldeNavn;cprnr", "person.navn"),
    ("dubu-sager-api", "fornavn;efternavn;cprnr", "person.navn"),
    ("personer", "fuldeNavn;CPR", "person.navn"),
    ("personer", "Fornavn;Efternavn;CPR", "person.navn"),
    ("personer", "FOEDDAG;CPR", "person.fødselsdato"),
    ("personer", "KOEN;CPR", "person.køn"),
    ("personer", "Afdød;CPR", "person.status"),
    ("pecunia-betalinger", "mother_cpr;cpr_number", "relation.part_cpr"),
    ("pecunia-betalinger", "father_cpr;cpr_number", "relation.part_cpr"),
    ("dst-foranstaltninger", "FormynderCPRidentifikator;UdsatBarnCPRidentifikator", "relation.part_cpr"),
    ("relationer", "relation", "relation.relation"),
    // 3 underretning
    ("underretninger", "haendelsesDato", "underretning.modtaget"),
    ("dubu-aktiviteter", "haendelsesDato;id;type", "underretning.modtaget"),
    (
        "dubu-aktiviteter",
        "baggrundeForUnderretningBarnet;baggrundeForUnderretningHjemmet;baggrundeForUnderretningAndet;id;type",
        "underretning.årsag",
    ),
    // 4 undersøgelse
    ("dubu-aktiviteter", "type;id", "undersøgelse.type"),
    ("dubu-aktiviteter", "undertype;id;type", "undersøgelse.type"),
    ("dubu-undersoegelser", "undertype", "undersøgelse.type"),
    ("dubu-undersoegelser", "Deadline", "undersøgelse.frist"),
    ("dubu-aktiviteter", "samtykke;id;type", "undersøgelse.samtykke"),
    ("dubu-aktiviteter", "medSamtykkeLbu;id;type", "undersøgelse.samtykke"),
    ("dubu-aktiviteter", "undersoegelsenGennemfoertEfter;id;type", "undersøgelse.grundlag"),
    ("dubu-aktiviteter", "grundlagForUndersoegelsen;id;type", "undersøgelse.grundlag"),
    // 5 børnesamtale
    ("dubu-aktiviteter", "haendelsesDato;id;type", "børnesamtale.dato"),
    ("dubu-aktiviteter", "udeladtSamtale;id;type", "børnesamtale.afholdt"),
    ("dubu-aktiviteter", "inddragelseFormer;id;type", "børnesamtale.form"),
    ("dubu-aktiviteter", "vedroerer;id;type", "børnesamtale.vedrører"),
    ("dubu-aktiviteter", "boernesamtalerForAktivitet;id;type", "børnesamtale.knyttet_til"),
    ("boernesamtaler", "DecisionVisitContact_ChildMeeting_Id", "børnesamtale.knyttet_til"),
    // 7 bevilling
    ("dst-handicap", "INDSATSFORLOEB_ID", "bevilling.ydelse_id"),
    ("dst-foranstaltninger", "ForanstaltningId", "bevilling.ydelse_id"),
    ("dubu-ydelser", "Ydelsestype", "bevilling.ydelsestype"),
    ("sensum-indsatser", "Indsats", "bevilling.ydelsestype"),
    ("dubu-ydelser-priser", "Ydelsesvariant", "bevilling.variant"),
    ("dubu-ydelser-priser", "Tilbudstype", "bevilling.tilbudstype"),
    ("dubu-ydelser", "Tilbud", "bevilling.tilbudstype"),
    ("dubu-ydelser-priser", "Tilbudsbeskrivelse", "bevilling.tilbudstype"),
    ("dubu-ydelser", "Afgørelsesparagraf", "bevilling.afgørelsesparagraf"),
    ("dubu-ydelser-priser", "Lovhjemmel", "bevilling.afgørelsesparagraf"),
    ("dubu-ydelser", "section", "bevilling.afgørelsesparagraf"),
    ("dubu-ydelser", "Foranstaltningsparagraf", "bevilling.foranstaltningsparagraf"),
    // Three digits are no section: they have a column of their own.
    ("dst-foranstaltninger", "ForanstaltningKode", "bevilling.dst_kode"),
    ("dst-handicap", "INDSATS_KODE", "bevilling.dst_kode"),
    ("dubu-ydelser", "appropriation_date", "bevilling.afgørelse_dato"),
    ("dubu-ydelser-priser", "Ydelse startdato", "bevilling.start"),
    ("dubu-ydelser", "Startdato", "bevilling.start"),
    ("sensum-indsatser", "IndsatsStartDato", "bevilling.start"),
    ("dubu-ydelser-priser", "Ydelse slutdato", "bevilling.slut"),
    ("dubu-ydelser", "Slutdato", "bevilling.slut"),
    ("sensum-indsatser", "IndsatsSlutDato", "bevilling.slut"),
    ("dubu-ydelser", "Status", "bevilling.status"),
    ("dubu-ydelser-priser", "Status;Sag status", "bevilling.status"),
    ("sensum-indsatser", "IndsatsStatus", "bevilling.status"),
    ("dubu-ydelser-priser", "Takst", "bevilling.takst"),
    ("dubu-ydelser", "Ydelsesbeløb", "bevilling.takst"),
    ("dubu-ydelser-priser", "Pris pr stk", "bevilling.takst"),
    ("dubu-ydelser-priser", "Pris pr dag", "bevilling.takst"),
    ("dubu-ydelser-priser", "Pris pr måned", "bevilling.takst"),
    ("dubu-ydelser", "Antal", "bevilling.antal"),
    ("dubu-ydelser", "units", "bevilling.antal"),
    ("dubu-ydelser", "Enheds angivelse", "bevilling.enhed"),
    ("dubu-ydelser-priser", "Frekvens", "bevilling.frekvens"),
    ("dubu-ydelser", "Beregningsfrekvens", "bevilling.frekvens"),
    ("dubu-ydelser-priser", "Beregnet total", "bevilling.beregnet_total"),
    ("dubu-ydelser-priser", "Indeværende år", "bevilling.beregnet_total"),
    ("dubu-ydelser-priser", "Sum", "bevilling.beregnet_total"),
    ("dubu-ydelser", "Leverandør", "bevilling.leverandør"),
    ("sensum-indsatser", "LeverandørNavn", "bevilling.leverandør"),
    ("dubu-ydelser", "service_provider", "bevilling.leverandør"),
    ("dubu-ydelser-priser", "Leverandør beliggenhedskommune", "bevilling.leverandørkommune"),
    ("dubu-ydelser-priser", "Funktion", "bevilling.funktion"),
    ("dubu-ydelser", "account_string", "bevilling.konto"),
    ("dubu-ydelser-priser", "Tvang", "bevilling.tvang"),
    ("dubu-ydelser", "samtykke", "bevilling.samtykke"),
    ("sensum-indsatser", "AfslutningsÅrsag", "bevilling.ophørsårsag"),
    ("dubu-ydelser", "effort_step", "bevilling.trin"),
    ("dubu-ydelser", "approval_user", "bevilling.bevilget_af"),
    // 8 opfølgning, 9 tilsyn, 10 anbringelse
    ("opfoelgninger", "fristDato", "opfølgning.planlagt"),
    ("opfoelgninger", "UdførtDato", "opfølgning.udført"),
    ("opfoelgninger", "undertype", "opfølgning.type"),
    ("tilsyn", "Leverandør", "tilsyn.sted"),
    ("anbringelser", "SAG_VFRA", "anbringelse.start"),
    ("anbringelser", "SAG_VTIL", "anbringelse.slut"),
    ("anbringelser", "PGF", "anbringelse.dst_kode"),
    ("anbringelser", "Lovhjemmel", "anbringelse.paragraf"),
    ("anbringelser", "Tvang", "anbringelse.tvang"),
    ("anbringelser", "STSTED", "anbringelse.stedtype"),
    ("anbringelser", "Tilbudstype", "anbringelse.stedtype"),
    ("anbringelser", "Leverandør beliggenhedskommune", "anbringelse.stedkommune"),
    ("anbringelser", "HAENDELSE", "anbringelse.hændelse"),
    ("anbringelser", "UDSTED", "anbringelse.udsted"),
    ("anbringelser", "SLUTGRUND", "anbringelse.slutgrund"),
    ("anbringelser", "EFTHJEM", "anbringelse.efter"),
    ("anbringelser", "DecisionTakenObligation_StatusOfReporting", "anbringelse.indberettet"),
    // 11 betaling
    ("pecunia-betalinger", "id", "betaling.id"),
    ("pecunia-betalinger", "date", "betaling.forfald"),
    ("dubu-betaling-2401", "Ydelse startdato", "betaling.periode_fra"),
    ("dubu-betaling-2401", "Ydelse slutdato", "betaling.periode_til"),
    ("pecunia-betalinger", "amount", "betaling.beløb"),
    ("pecunia-betalinger", "paid", "betaling.betalt"),
    ("pecunia-betalinger", "paid_date", "betaling.betalt_dato"),
    ("pecunia-betalinger", "paid_amount", "betaling.betalt_beløb"),
    ("pecunia-betalinger", "recipient_type", "betaling.modtagertype"),
    ("pecunia-betalinger", "recipient_name", "betaling.modtager"),
    ("pecunia-betalinger", "recipient_id", "betaling.modtager_id"),
    ("pecunia-betalinger", "payment_method", "betaling.metode"),
    ("pecunia-betalinger", "units", "betaling.antal"),
    ("pecunia-betalinger", "price_per_unit", "betaling.pris"),
    ("pecunia-betalinger", "account_string", "betaling.konto"),
    ("pecunia-betalinger", "account_alias", "betaling.kontoalias"),
    ("pecunia-betalinger", "fictive", "betaling.fiktiv"),
    // 12 postering
    ("opus-omposteringer", "Bilagsnummer", "postering.bilagsnr"),
    ("opus-omposteringer", "Beløb", "postering.beløb"),
    ("opus-omposteringer", "Debet/kredit", "postering.debet_kredit"),
    ("opus-omposteringer", "Artskonto", "postering.artskonto"),
    ("opus-omposteringer", "PSP-element", "postering.psp"),
    ("opus-omposteringer", "Omkostningssted", "postering.omkostningssted"),
    ("opus-omposteringer", "Profitcenter", "postering.profitcenter"),
    ("opus-omposteringer", "Ordre", "postering.ordre"),
    ("opus-omposteringer", "Tekst", "postering.tekst"),
    ("opus-omposteringer", "Ydelsesmodtagernr.;Ydelsesmodtagernr.kode", "postering.ydelsesmodtager"),
    ("opus-omposteringer", "Ydelsesperiode fra", "postering.ydelsesperiode_fra"),
    ("opus-omposteringer", "Ydelsesperiode til", "postering.ydelsesperiode_til"),
    ("opus-omposteringer", "Betalingsmodtagernr.;Betalingsmodtagernr.kode", "postering.leverandør_cvr"),
    // 15 medarbejder
    ("medarbejdere", "brugernavn", "medarbejder.bruger_id"),
    ("medarbejdere", "Activity_CompletedBy", "medarbejder.bruger_id"),
    ("dubu-arkiv-aktiviteter", "Activity_CompletedBy", "aktivitet.udført_af"),
    ("medarbejdere", "fuldeNavn", "medarbejder.navn"),
    ("opus-loen", "firstName;lastName", "medarbejder.navn"),
    ("opus-loen", "orgUnit", "medarbejder.afdeling"),
    ("opus-loen", "position", "medarbejder.stilling"),
    ("opus-loen", "entryDate", "medarbejder.ansat_fra"),
    ("opus-loen", "leaveDate", "medarbejder.ansat_til"),
    ("medarbejdere", "gyldigTil", "medarbejder.ansat_til"),
    ("opus-loen", "numerator", "medarbejder.tæller"),
    ("opus-loen", "denominator", "medarbejder.nævner"),
    ("opus-loen", "isManager", "medarbejder.leder"),
    ("medarbejdere", "leader", "medarbejder.leder"),
    // what providers do
    ("sofus-indsatser", "Indsats ID", "indsats.indsats_id"),
    ("sofus-indsatser", "Indsatstype", "indsats.indsatstype"),
    ("sofus-indsatser", "Iværksættelsesdato", "indsats.start"),
    ("sofus-indsatser", "Stopdato", "indsats.slut"),
    ("sofus-indsatser", "Sidst gældende antal ugentlige timer", "indsats.timer_uge"),
    ("sofus-indsatser", "Årsag til ophør", "indsats.ophørsårsag"),
    ("sofus-indsatser", "Barn/ung ID", "indsats.barn_id"),
    ("sofus-indsatser", "Barn/ung udførerområde", "indsats.afdeling"),
    ("sofus-indsatser", "Teamleder/Koordinator", "indsats.koordinator"),
    ("sofus-indsatser", "Teamleder/Koordinator ID", "indsats.sagsbehandler"),
    ("sofus-indsatser", "Barn/ung status", "indsats.barn_status"),
    ("sofus-indsatser", "Link", "indsats.link"),
    ("sofus-indsatser", "Henvisningsdato", "indsats.henvist"),
    ("sofus-indsatser", "Dato for match", "indsats.matchet"),
];

#[test]
fn every_header_that_was_seen_feeds_its_column() {
    let pack = danish();
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("model-headers");
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(&root).expect("a folder");
    let mut sources = Vec::new();
    for (i, (profile, headers, _)) in SEEN.iter().enumerate() {
        let file = format!("{i:03}.csv");
        let cells = vec!["1"; headers.split(';').count()].join(";");
        std::fs::write(root.join(&file), format!("{headers};Intet\n{cells};1\n")).expect("a file");
        let profile = Some(pack.profile(profile).unwrap_or_else(|| panic!("no profile {profile}")));
        sources.push(Source { files: file, profile, header_row: Some(1), ..Source::default() });
    }
    let options = IntakeOptions { sources, ..IntakeOptions::default() };
    let delivery = intake::read(&pack, &LoadPlan::all(&pack), &root, &options);
    assert_eq!(delivery.files.len(), SEEN.len());
    let mut wrong = Vec::new();
    for (file, (profile, headers, wanted)) in delivery.files.iter().zip(SEEN) {
        let fed: Vec<String> = file.sheets[0].headers.first().map_or(Vec::new(), |header| {
            let named = header.feeds.iter().map(|(dataset, column)| {
                let dataset = pack.get(*dataset);
                format!("{}.{}", dataset.name, dataset.columns[column.index()].name)
            });
            named.collect()
        });
        if !fed.iter().any(|column| column == wanted) {
            wrong.push(format!("{profile}: {headers} feeds {fed:?}, not {wanted}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn notifiers_are_coded_by_the_year() {
    let pack = danish();
    let list = &pack.lists[pack.list("underrettere").expect("list").index()];
    let days = |code: &str| {
        let code = list.codes.iter().find(|c| &*c.code == code).expect("code");
        (code.from.map(|d| d.to_string()), code.until.map(|d| d.to_string()))
    };
    assert_eq!(days("7"), (None, Some("2023-12-31".into())));
    assert_eq!(days("12"), (Some("2024-01-01".into()), None));
    assert_eq!(days("13"), (Some("2024-01-01".into()), None));
    assert_eq!(list.find("barnet selv").map(|c| &*c.code), Some("12"));
    let places = &pack.lists[pack.list("anbringelsessteder").expect("list").index()];
    let codes: Vec<&str> = places.codes.iter().map(|c| &*c.code).collect();
    assert_eq!(codes, ["1", "21", "22", "23", "24", "25", "26", "9", "7", "8", "27", "11", "6", "99"]);
}

#[test]
fn decisions_are_those_of_grants_placements_and_activities() {
    let pack = danish();
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("model-decisions");
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(&root).expect("a folder");
    for (file, text) in [
        (
            "a.csv",
            "type;Sagsnummer;id;haendelsesDato;undertype\nSamvær og kontakt;S1;A1;2026-03-31T22:30:00Z;x\nNotat;S1;A2;2026-04-02T10:00:00Z;x\n",
        ),
        (
            "b.csv",
            "Dato;Sagsnummer;Ydelses-ID;Ydelsestype;Startdato;Slutdato;Afgørelsesparagraf;Afgørelsesdato\n31-10-2026;S1;Y1;Aflastning;01-02-2026;;BL § 32;15-01-2026\n",
        ),
        ("c.csv", "Sagsnummer;Afgørelsesdato;Anbringelsesdato;Anbringelsesgrundlag\nS2;01-03-2026;02-03-2026;BL § 46\n"),
    ] {
        std::fs::write(root.join(file), text).expect("a file");
    }
    let delivery = intake::read(&pack, &LoadPlan::all(&pack), &root, &IntakeOptions::default());
    assert_eq!(delivery.problems, []);
    let id = pack.dataset("afgørelse").expect("dataset");
    let of = |name: &str| pack.get(id).column(name).expect("column");
    let (source, day, law) = (of("kilde"), of("dato"), of("paragraf"));
    let store = Store::build(Arc::new(pack.clone()), delivery.tables);
    let mut rows: Vec<_> = (0..store.rows(id))
        .map(|row| {
            let at = |column| CellRef { dataset: id, row, column };
            let shown = |column| match store.cell(at(column)) {
                Cell::Present(Value::Text(text)) => text.to_string(),
                Cell::Present(Value::Date(day)) => day.to_string(),
                other => format!("{other:?}"),
            };
            let origin = |column| store.origin(at(column)).expect("origin");
            let (place, sheet_row) = (origin(day), origin(source));
            (shown(source), shown(day), (place.file, sheet_row.sheet_row, place.sheet_column), origin(law).sheet_column)
        })
        .collect();
    rows.sort();
    let wanted = [
        ("aktivitet", "2026-04-01", (0, 2, Some(3)), None),
        ("anbringelse", "2026-03-01", (2, 2, Some(1)), Some(3)),
        ("bevilling", "2026-01-15", (1, 2, Some(7)), Some(6)),
    ];
    assert_eq!(rows, wanted.map(|(source, day, place, law)| (source.to_owned(), day.to_owned(), place, law)));
}

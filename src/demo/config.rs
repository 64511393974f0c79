//! The demo's own `sagstjek.toml` and secret.

use super::service::{OTHER_MUNICIPALITY, PSP, STATE};

/// The secret under which the demo's pseudonyms are made. It protects nobody, and need not: nobody in the demo exists.
pub(super) const SECRET: &str = "demokommunens hemmelighed; alle maa kende den";

/// The config that stands beside the exports.
pub(super) fn text() -> String {
    let mut out = String::from(
        r#"# Demokommunens levering. Alt er opdigtet: ingen i den findes. Ingen CPR- eller CVR-numre opfylder modulus 11, så de kan ikke
# være nogens; det er derfor, læserapporten tæller dem.

# Filer i mappen, som ikke er leveringer.
ignore = ["facit.toml", "hemmelighed.txt", "sagstjek.toml"]

"#,
    );
    for (name, files, profile) in [
        ("DUBU sager", "DUBU_sager_*.csv", "dubu-sager"),
        ("DUBU personer", "DUBU_personer_*.csv", "personer"),
        ("DUBU undersøgelser", "DUBU_undersoegelser_*.csv", "dubu-undersoegelser"),
        ("DUBU ydelser", "DUBU_ydelser_*.xlsx", "dubu-ydelser"),
        ("DUBU underretninger", "DUBU_underretninger_*.csv", "underretninger"),
        ("DUBU børnesamtaler", "DUBU_boernesamtaler_*.csv", "boernesamtaler"),
        ("DUBU planer", "DUBU_planer_*.csv", "planer"),
        ("DUBU opfølgninger", "DUBU_opfoelgninger_*.csv", "opfoelgninger"),
        ("DUBU aktiviteter", "DUBU_aktiviteter_*.csv", "dubu-aktiviteter"),
        ("DUBU anbringelser", "DUBU_anbringelser_*.csv", "anbringelser"),
        ("DUBU brugere", "DUBU_brugere_*.csv", "medarbejdere"),
        ("Personrettet tilsyn", "Personrettet_tilsyn_*.xlsx", "tilsyn"),
        ("Forældrebetaling", "Foraeldrebetaling_*.xlsx", "foraeldrebetaling"),
        ("OPUS posteringer", "OPUS_posteringer_*.csv", "opus-omposteringer"),
        ("Pecunia betalinger", "Pecunia_betalinger_*.csv", "pecunia-betalinger"),
        ("Sofus indsatser", "Sofus_indsatser_*.csv", "sofus-indsatser"),
        ("Calibra prognose", "Calibra_prognose_*.txt", "calibra-prognose"),
        ("Børnehus indskrivninger", "Boernehus_indskrivninger_*.ods", "boernehus-indskrivninger"),
        ("DUBU Blanket 20", "DUBU_Blanket20_*.xlsx", "blanket-20"),
        ("Ledelsestilsyn", "Ledelsestilsyn_*.xlsx", "tilsynspunkter"),
        ("Tabt arbejdsfortjeneste", "Tabt_arbejdsfortjeneste_*.xlsx", "tabt-arbejdsfortjeneste"),
    ] {
        out.push_str(&format!("[[source]]\nname = \"{name}\"\nfiles = \"{files}\"\nprofile = \"{profile}\"\n\n"));
    }
    out.push_str("[privacy]\nsecret_file = \"hemmelighed.txt\"\n\n");
    out.push_str(
        "# Hvilken autoriseret konto hvert PSP-element står for; posteringerne har kun PSP-elementet.\n[local.psp_konto]\n",
    );
    for (psp, konto) in PSP {
        out.push_str(&format!("\"{psp}\" = \"{konto}\"\n"));
    }
    out.push_str("\n# Hvem et CVR-nummer er, når det ikke er en leverandør.\n[local.modpart_cvr]\n");
    for (cvr, who) in [(OTHER_MUNICIPALITY.1, "kommune"), (STATE.1, "stat")] {
        out.push_str(&format!("\"{cvr}\" = \"{who}\"\n"));
    }
    out
}

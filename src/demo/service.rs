//! What this municipality grants, and whom it pays. Every name is invented.

use super::record::{PaidTo, Service};

macro_rules! services {
    ($($id:ident: $kind:literal, $name:literal, $offer:literal;
       $decision:literal, $measure:literal, $konto:literal, $low:literal - $high:literal, $paid:ident;)*) => {
        $(pub(super) static $id: Service = Service {
            kind: $kind,
            name: $name,
            offer: $offer,
            decision: $decision,
            measure: $measure,
            konto: $konto,
            monthly: ($low, $high),
            paid_to: PaidTo::$paid,
        };)*

        /// Every service.
        pub(super) static ALL: &[&Service] = &[$(&$id),*];
    };
}

// Kind, ydelsestype, tilbud; deciding section, section of the measure, account, hundreds of kroner a month, who is paid.
// The sections are written in the several ways that people write them.
services! {
    FOSTER: "Anbringelse", "Plejefamilie", "Almen plejefamilie";
        "BL § 46 stk. 1", "BL § 43 stk. 1 nr. 1", "5.28.22.1.002", 200 - 290, Family;
    FOSTER_STRENGTHENED: "Anbringelse", "Plejefamilie", "Forstærket plejefamilie";
        "BL §  46 stk. 1", "BL § 43 stk. 1 nr. 2", "5.28.22.1.002", 270 - 360, Family;
    FOSTER_SPECIAL: "Anbringelse", "Plejefamilie", "Specialiseret plejefamilie";
        "BL § 46, stk. 1", "BL § 43 stk. 1 nr.3", "5.28.22.1.002", 330 - 450, Family;
    NETWORK: "Anbringelse", "Netværksplejefamilie", "Netværksplejefamilie";
        "BL § 46 stk. 1", "BL § 43 stk. 1 nr. 4", "5.28.22.1.005", 90 - 180, Family;
    OLD_FOSTER: "Anbringelse", "Plejefamilie", "Plejefamilie";
        "SEL § 52 stk. 3 nr. 7", "SEL § 66 stk. 1", "5.28.22.1.002", 200 - 300, Family;
    CONVERTED_FOSTER: "Anbringelse", "Plejefamilie", "Almen plejefamilie";
        "BL § 46, stk. 1", "BL § 43 stk. 1 nr. 1", "5.28.22.1.002", 200 - 300, Family;
    PERMANENT: "Anbringelse", "Plejefamilie", "Almen plejefamilie";
        "BL § 67 stk. 1", "BL § 43 stk. 1 nr. 1", "5.28.22.1.002", 200 - 300, Family;
    WITHOUT_CONSENT: "Anbringelse", "Opholdssted", "Opholdssted";
        "BL § 47 stk. 1", "BL § 43 stk. 1 nr. 6", "5.28.20.1.003", 620 - 980, Company;
    EMERGENCY: "Anbringelse", "Akutanbringelse", "Opholdssted";
        "BL § 143 stk. 1", "BL § 43 stk. 1 nr. 6", "5.28.20.1.003", 620 - 980, Company;
    OWN_ROOM: "Anbringelse", "Eget værelse", "Eget værelse";
        "BL § 46 stk. 1", "BL § 43 stk. 1 nr. 5", "5.28.20.1.005", 60 - 120, Company;
    BOARDING: "Anbringelse", "Efterskole", "Efterskole";
        "BL § 46 stk. 1", "BL § 43 stk. 1 nr. 7", "5.28.20.1.004", 90 - 160, Company;
    OLD_SUPPORT: "Foranstaltning", "Praktisk og pædagogisk støtte i hjemmet", "Hjemme-hos";
        "SEL § 52, stk. 3, nr. 2", "SEL § 52, stk. 3, nr. 2", "5.28.21.1.002", 25 - 80, Company;
    OLD_TREATMENT: "Foranstaltning", "Familiebehandling", "Familiehus";
        "SEL § 52 stk. 3 nr.3", "SEL § 52 stk. 3 nr. 3", "5.28.21.1.003", 35 - 85, Company;
    YOUTH: "Ungestøtte", "Kontaktperson til ung", "Kontaktperson";
        "BL § 114 stk. 1", "BL § 114 stk. 1", "5.28.21.1.007", 20 - 50, Company;
    OLD_YOUTH: "Efterværn", "Kontaktperson til ung", "Kontaktperson";
        "SEL § 76 stk. 2", "SEL § 76 stk. 2", "5.28.21.1.007", 20 - 50, Company;
    RELIEF: "Ydelse", "Afløsning i hjemmet", "Afløsning";
        "BL § 90 stk. 1", "BL § 90 stk. 1", "5.28.21.1.005", 20 - 60, Company;
    RESIDENTIAL: "Anbringelse", "Opholdssted", "Opholdssted";
        "BL § 46 stk. 1", "BL § 43 stk. 1 nr. 6", "5.28.20.1.003", 620 - 980, Company;
    INSTITUTION: "Anbringelse", "Døgninstitution", "Døgninstitution";
        "BL § 46 stk. 1", "BL § 43 stk. 1 nr. 6", "5.28.23.1.002", 750 - 2300, Company;
    SUPPORT: "Foranstaltning", "Praktisk og pædagogisk støtte i hjemmet", "Hjemme-hos";
        "BL § 32 stk. 1", "BL § 32 stk. 1", "5.28.21.1.002", 25 - 90, Company;
    TREATMENT: "Foranstaltning", "Familiebehandling", "Familiehus";
        "BL § 32, stk. 1", "BL § 32 stk. 1", "5.28.21.1.003", 40 - 90, Company;
    RESPITE: "Foranstaltning", "Aflastning", "Aflastningsfamilie";
        "BL §32 stk. 1", "BL § 32 stk. 1", "5.28.21.1.005", 20 - 60, Family;
    CONTACT: "Foranstaltning", "Fast kontaktperson", "Kontaktperson";
        "BL § 32 stk. 1", "BL § 32 stk. 1", "5.28.21.1.007", 20 - 50, Company;
    ORDER: "Pålæg", "Pålæg", "Pålæg";
        "BL § 38 stk. 1", "BL § 38 stk. 1", "5.28.21.1.002", 0 - 0, Mother;
    COMPENSATION: "Ydelse", "Kompensationsydelse", "Kontant ydelse";
        "BL § 86 stk. 1", "BL § 86 stk. 1", "5.57.72.1.009", 11 - 11, Mother;
    LOST: "Ydelse", "Tabt arbejdsfortjeneste", "Kontant ydelse";
        "BL § 87 stk. 1", "BL § 87 stk. 1", "5.57.72.1.015", 0 - 0, Mother;
    OLD_LOST: "Ydelse", "Tabt arbejdsfortjeneste", "Kontant ydelse";
        "SEL § 42 stk. 1", "SEL § 42 stk. 1", "5.57.72.1.015", 0 - 0, Mother;
}

/// Companies, by the account they are paid on. Their CVR numbers fail the register's own check.
pub(super) const COMPANIES: [(&str, &str, &str); 13] = [
    ("5.28.20.1.003", "Opholdsstedet Attrapgården ApS", "90111222"),
    ("5.28.20.1.003", "Fonden Kulissebo", "90222334"),
    ("5.28.20.1.003", "Opholdsstedet Fiktivhus", "90122331"),
    ("5.28.20.1.004", "Demodal Efterskole", "90133442"),
    ("5.28.20.1.005", "Ungdomsboligerne Opdigt", "90144554"),
    ("5.28.23.1.002", "Døgninstitutionen Skinhøj", "90333444"),
    ("5.28.23.1.002", "Døgninstitutionen Prøvestrøm", "90155664"),
    ("5.28.21.1.002", "Hjemme-hos Påfund A/S", "90444555"),
    ("5.28.21.1.002", "Familiehjælpen Eksempellund", "90166775"),
    ("5.28.21.1.003", "Familiehuset Modelbæk", "90555667"),
    ("5.28.21.1.005", "Afløserkorpset Skinmose", "90177886"),
    ("5.28.21.1.007", "Kontakt & Prøve; støtte til unge", "90666777"),
    ("5.28.21.1.007", "Ungekontakten Model ApS", "90188997"),
];

/// The municipality that another child moved in from, as a payer.
pub(super) const OTHER_MUNICIPALITY: (&str, &str, &str) = ("Fiktivborg Kommune", "90777888", "0898");
/// The state, as a payer of refund.
pub(super) const STATE: (&str, &str) = ("Statskassen", "90999002");
/// Our own code; no Danish municipality has it.
pub(super) const OWN_MUNICIPALITY: &str = "0899";

/// PSP elements and the authorised accounts they stand for: what `[local.psp_konto]` says.
pub(super) const PSP: [(&str, &str); 16] = [
    ("XG-5282000000-00003", "5.28.20.1.003"),
    ("XG-5282000000-00004", "5.28.20.1.004"),
    ("XG-5282000000-00005", "5.28.20.1.005"),
    ("XG-5282000000-00092", "5.28.20.1.092"),
    ("XG-5282100000-00002", "5.28.21.1.002"),
    ("XG-5282100000-00003", "5.28.21.1.003"),
    ("XG-5282100000-00005", "5.28.21.1.005"),
    ("XG-5282100000-00007", "5.28.21.1.007"),
    ("XG-5282200000-00002", "5.28.22.1.002"),
    ("XG-5282200000-00005", "5.28.22.1.005"),
    ("XG-5282200000-00092", "5.28.22.1.092"),
    ("XG-5282300000-00002", "5.28.23.1.002"),
    ("XG-5282300000-00092", "5.28.23.1.092"),
    ("XG-5577200000-00009", "5.57.72.1.009"),
    ("XG-5577200000-00015", "5.57.72.1.015"),
    ("XG-5577200002-00002", "5.57.72.2.002"),
];
/// A PSP element that somebody opened and never mapped.
pub(super) const UNMAPPED_PSP: &str = "XG-5282000000-00199";

/// What the books call the account of [`UNMAPPED_PSP`].
pub(super) const UNMAPPED_ACCOUNT: &str = "uden konto";

/// The PSP element of an account; an account without one gives [`UNMAPPED_PSP`].
pub(super) fn psp(konto: &str) -> &'static str {
    PSP.iter().find(|(_, of)| *of == konto).map_or(UNMAPPED_PSP, |(psp, _)| psp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_company_can_exist() {
        let weights = [2, 7, 6, 5, 4, 3, 2, 1];
        for cvr in COMPANIES.iter().map(|(_, _, cvr)| *cvr).chain([OTHER_MUNICIPALITY.1, STATE.1]) {
            let sum: u32 = cvr.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
            assert_ne!(sum % 11, 0, "{cvr}");
        }
    }
}

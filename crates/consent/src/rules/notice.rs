//! The words the law wants beside what leaves: 42 CFR §2.32, and the risk text a person reads before e-mail.

/// The short form of the notice of 42 CFR §2.32(a)(2), verbatim. On every page and part of what goes to a third party.
pub const PROHIBITION: &str = "42 CFR part 2 prohibits unauthorized use or disclosure of these records.";

/// Which wording was printed, kept with each disclosure.
pub const PROHIBITION_VERSION: &str = "2.32(a)(2), 2024";

/// What a person is told before choosing e-mail or text.
pub const ELECTRONIC_RISK: &str = "E-mail and text are not fully private. Other people who use your phone, computer or \
account may see them, and they can be read on the way. We keep them short and do not mention your care. You can say no \
and still get all services.";

/// The version of [`ELECTRONIC_RISK`] a consent refers to.
pub const ELECTRONIC_RISK_VERSION: &str = "electronic-risk-1";

/// What a person chooses after reading [`ELECTRONIC_RISK`]: each way with its answers.
pub const ELECTRONIC_CHOICES: [(&str, &[&str]); 3] = [
    ("e-mail", &["yes", "no"]),
    ("text", &["yes", "no"]),
    ("voicemail", &["nothing", "name and number only"]),
];

foundation::words! {
    /// Something that leaves the house or stays in it, as far as the notice is concerned.
    pub enum Paper {
        OwnCopy = "own_copy", "the person’s own copy",
        ThirdPartyPdf = "third_party_pdf", "a PDF for a third party: the foot of every page",
        ProviderMail = "provider_mail", "a hand-off by e-mail: the body",
        FaxCover = "fax_cover", "a fax: the cover",
        Csv = "csv", "a CSV: the header and the last row",
        Workbook = "workbook", "a workbook: the sheet “About”",
        FhirBundle = "fhir_bundle", "a FHIR bundle: label and text",
        PrintedNote = "printed_note", "printed notes for a third party",
        Internal = "internal", "papers of staff with a need to know",
        ServiceOrganization = "service_organization", "an agreement with a service organization",
    }
}

impl Paper {
    /// Whether [`PROHIBITION`] must be on it (§2.32). On the person's own copy it must not: it would tell by itself.
    #[must_use]
    pub fn needs_notice(self) -> bool {
        !matches!(self, Self::OwnCopy | Self::Internal | Self::ServiceOrganization)
    }

    /// Whether a text may be rendered on this paper: with the notice where it is due, without a word of it on the
    /// person's own copy.
    #[must_use]
    pub fn may_render(self, text: &str) -> bool {
        match self {
            Self::OwnCopy => !text.to_lowercase().contains("42 cfr"),
            paper => !paper.needs_notice() || text.contains(PROHIBITION),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_to_dr_park_carries_the_notice_and_zoes_own_copy_does_not() {
        let with = format!("My plan\n{PROHIBITION}");
        assert!(Paper::ThirdPartyPdf.may_render(&with) && !Paper::ThirdPartyPdf.may_render("My plan"));
        assert!(Paper::OwnCopy.may_render("My plan") && !Paper::OwnCopy.may_render(&with));
        assert!(Paper::Internal.may_render("My plan"));
    }

    #[test]
    fn the_short_form_is_the_regulations_own_sentence() {
        assert_eq!(PROHIBITION, "42 CFR part 2 prohibits unauthorized use or disclosure of these records.");
        assert_eq!(Paper::ALL.iter().filter(|paper| paper.needs_notice()).count(), 7);
    }
}

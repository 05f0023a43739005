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

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

/// The paper whose words are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// The person's own copy: the notice must not be on it, it would tell by itself.
    OwnCopy,
    /// A copy for someone else: the notice must be on it (§2.32).
    ForSomeoneElse,
}

impl Paper {
    /// Whether a text may be on this paper.
    #[must_use]
    pub fn may_render(self, text: &str) -> bool {
        match self {
            Self::OwnCopy => !text.to_lowercase().contains("42 cfr"),
            Self::ForSomeoneElse => text.contains(PROHIBITION),
        }
    }
}

/// How the notice goes along with what someone else is told (domain reference 1.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice<'a> {
    /// On the paper itself: these words of it.
    OnPaper(&'a str),
    /// It was told on the phone: the notice follows in writing, as the page of the call says.
    InWritingAfterwards,
}

impl Notice<'_> {
    /// Whether it does.
    #[must_use]
    pub fn goes_along(self) -> bool {
        match self {
            Self::OnPaper(words) => Paper::ForSomeoneElse.may_render(words),
            Self::InWritingAfterwards => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_to_dr_park_carries_the_notice_and_zoes_own_copy_does_not() {
        let with = format!("My plan\n{PROHIBITION}");
        assert!(Paper::ForSomeoneElse.may_render(&with) && !Paper::ForSomeoneElse.may_render("My plan"));
        assert!(Paper::OwnCopy.may_render("My plan") && !Paper::OwnCopy.may_render(&with));
        assert!(Notice::OnPaper(&with).goes_along() && !Notice::OnPaper("My plan").goes_along());
    }

    #[test]
    fn the_short_form_is_the_regulations_own_sentence() {
        assert_eq!(PROHIBITION, "42 CFR part 2 prohibits unauthorized use or disclosure of these records.");
    }
}

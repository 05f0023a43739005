//! The paper "Permission to share" (domain reference B.3), to be read and signed before anything is recorded: every
//! element of 42 CFR §2.31(a), and every statement the law asks for. The file name and the title tell nothing.

use consent::consents::{Aim, REVOCATION_HOW, Scope};
use foundation::center::Center;
use foundation::{Day, Faults};
use typeset::{Block, Document, Fact, Level};

/// Name of the file: whoever finds it learns nothing from it.
pub const FILE_NAME: &str = "form.pdf";

/// What stands on the paper before it is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    recipient: String,
    scope: Vec<Scope>,
    purpose: String,
    aim: Aim,
    until: Option<Day>,
}

impl Permission {
    /// Checks what was typed; the last day may be left for the pen.
    ///
    /// # Errors
    /// At each field without which the paper would be no consent.
    pub fn parse(
        recipient: &str,
        scope: &[Scope],
        purpose: &str,
        aim: Option<Aim>,
        until: Option<Day>,
    ) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let (recipient, purpose) = (recipient.trim(), purpose.trim());
        if recipient.is_empty() {
            faults.add("recipient", "Enter the name of the person or organization who may read it");
        }
        if scope.is_empty() {
            faults.add("scope", "Choose what may be shared");
        }
        if purpose.is_empty() {
            faults.add("purpose", "Enter what it is for");
        }
        if aim.is_none() {
            faults.add("aim", "Choose what kind of purpose it is");
        }
        faults.or(|| Self {
            recipient: recipient.to_owned(),
            scope: scope.to_vec(),
            purpose: purpose.to_owned(),
            aim: aim.unwrap_or(Aim::Care),
            until,
        })
    }

    /// The paper of the person of this name.
    #[must_use]
    pub fn draw(&self, name: &str, center: &Center, today: Day) -> Document {
        let mut document = Document::new("Form", "en", today);
        let pen = "____________________";
        let what: Vec<&str> = self.scope.iter().map(|scope| scope.words()).collect();
        let until = self.until.map_or_else(|| pen.to_owned(), crate::paper::said);
        document.blocks = vec![
            Block::heading(Level::One, "Permission to share"),
            Block::Facts(vec![
                Fact::new("I am", name),
                Fact::new("Who may share", center.name.as_str()),
                Fact::new("What about me", what.join("; ")),
                Fact::new("With whom", self.recipient.as_str()),
                Fact::new("What it is for", self.purpose.as_str()),
                Fact::new("Kind of purpose", self.aim.words()),
                Fact::new("This ends on", until),
            ]),
            Block::paragraph("What is shared may tell about care for alcohol or drug use."),
            Block::heading(Level::Two, "What I should know"),
            Block::Bullets(self.statements(center).into_iter().map(Into::into).collect()),
            Block::heading(Level::Two, "I agree"),
            Block::CheckBox { ticked: false, text: "I read this, or it was read to me.".into() },
            Block::CheckBox { ticked: false, text: "I was given a copy.".into() },
            Block::paragraph("My name, my signature and the date:"),
            Block::WritingLines(2),
            Block::paragraph(
                "If someone signs for me: their name, and why (parent, guardian, personal representative):",
            ),
            Block::WritingLines(1),
            Block::paragraph("Explained by (staff), in which language, with which interpreter:"),
            Block::WritingLines(1),
        ];
        document
    }

    fn statements(&self, center: &Center) -> Vec<String> {
        let Self { recipient, aim, .. } = self;
        // What is for care may go further, and the paper says so (42 CFR 2.31(a)(4)(iii), (10)); what is for anything else may
        // not (2.32).
        let again = match aim {
            Aim::Care => {
                "Those who get it may share it again, and then it may no longer be protected by the same rule. If a health \
                 care provider or a health plan gets it, they may share it again as the health privacy law (HIPAA) allows."
            }
            Aim::Other => "Whoever gets it must not share it again, unless I allow it or the law does.",
        };
        let without = match aim {
            Aim::Care => format!(
                "If I do not sign: nothing is shared under this paper, and I am still cared for here. {recipient} may \
                 then not be able to go on with my care or to pay for it, and I may have to pay myself."
            ),
            Aim::Other => {
                "If I do not sign: nothing is shared under this paper. My care stays the same.".to_owned()
            }
        };
        vec![
            format!(
                "I can take this back at any time, {REVOCATION_HOW}. I can write to {}, or call {}. What was shared before \
                 then stays shared.",
                center.name, center.neutral_phone
            ),
            again.to_owned(),
            "It may not be used against me in court or in any official case without my written permission or a judge’s \
             order."
                .to_owned(),
            without,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_that_names_nobody_and_nothing_is_not_printed() {
        let faults = Permission::parse(" ", &[], "", None, None).unwrap_err();
        let fields: Vec<&str> = faults.0.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["recipient", "scope", "purpose", "aim"]);
    }

    #[test]
    fn neither_the_title_nor_the_file_name_tells_what_it_is_about() {
        let told = format!("{FILE_NAME} Form").to_lowercase();
        assert!(!["care", "recovery", "consent", "permission"].iter().any(|word| told.contains(word)));
    }
}

//! The center's fixed replies to whoever writes about somebody else. They say nothing of anybody, so they may leave
//! without a consent and without a second person (domain reference 1.11).

use foundation::Lang;

use crate::own_words::{OwnWords, SubjectLine};

foundation::words! {
    /// A fixed reply, by what it says.
    pub enum FixedReply {
        WeHaveYourNote = "we_have_your_note", "We have your note",
        PleaseCall = "please_call", "Please call me",
        MissedYou = "missed_you", "I tried to call you",
        SameForEveryName = "same_for_every_name", "The same answer for every name",
        NotByMail = "not_by_mail", "I cannot answer this by e-mail",
        HelpNow = "help_now", "If someone is in danger now",
    }
}

impl FixedReply {
    fn subject_line(self) -> SubjectLine {
        match self {
            Self::WeHaveYourNote | Self::HelpNow => SubjectLine::Hello,
            Self::PleaseCall => SubjectLine::OurCall,
            Self::MissedYou => SubjectLine::MissedYou,
            Self::SameForEveryName | Self::NotByMail => SubjectLine::Question,
        }
    }

    /// What it says, above the name of who sends it and the center's number.
    #[must_use]
    pub fn text(self, lang: Lang) -> &'static str {
        match (lang, self) {
            (Lang::English, Self::WeHaveYourNote) => {
                "Hello,\n\nThank you for writing. We have your note, and we read it with care. If you want to talk, call \
                 the number below."
            }
            (Lang::English, Self::PleaseCall) => {
                "Hello,\n\nI would like to talk with you. Please call me at the number below, or write back when I can \
                 call you."
            }
            (Lang::English, Self::MissedYou) => {
                "Hello,\n\nI tried to call you and missed you. When is a good time? Write back, or call the number below."
            }
            (Lang::English, Self::SameForEveryName) => {
                "Hello,\n\nI can’t say whether anyone is or was here. We give that answer for every name. If it is about \
                 someone we know, they can decide. You can always call us with questions of your own."
            }
            (Lang::English, Self::NotByMail) => {
                "Hello,\n\nI can’t answer this by e-mail. Please call us at the number below."
            }
            (Lang::English, Self::HelpNow) => {
                "Hello,\n\nIf anyone is in danger right now, call 911. If you are worried about someone’s life, or your \
                 own, call or text 988, day or night. You can also call us at the number below."
            }
            (Lang::Spanish, Self::WeHaveYourNote) => {
                "Hola:\n\nGracias por escribirnos. Tenemos su nota y la leemos con atención. Si quiere hablar, llame al \
                 número de abajo."
            }
            (Lang::Spanish, Self::PleaseCall) => {
                "Hola:\n\nMe gustaría hablar con usted. Llámeme al número de abajo, o escriba cuándo le puedo llamar."
            }
            (Lang::Spanish, Self::MissedYou) => {
                "Hola:\n\nLe llamé y no pude hablar con usted. ¿Cuándo es un buen momento? Escriba, o llame al número de \
                 abajo."
            }
            (Lang::Spanish, Self::SameForEveryName) => {
                "Hola:\n\nNo puedo decir si alguien está o estuvo aquí. Damos esa respuesta para todos los nombres. Si es \
                 alguien que conocemos, esa persona puede decidir. Siempre puede llamarnos con sus propias preguntas."
            }
            (Lang::Spanish, Self::NotByMail) => {
                "Hola:\n\nNo puedo responder a esto por correo. Llámenos al número de abajo."
            }
            (Lang::Spanish, Self::HelpNow) => {
                "Hola:\n\nSi alguien está en peligro ahora, llame al 911. Si le preocupa la vida de alguien, o la suya, \
                 llame al 988 y marque 2, o envíe AYUDA al 988, de día o de noche. También puede llamarnos al número de \
                 abajo."
            }
        }
    }

    /// The letter.
    #[must_use]
    pub fn letter(self, lang: Lang) -> OwnWords {
        OwnWords { line: self.subject_line(), lang, body: self.text(lang).to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use consent::rules::discreet::{Part, revealing};

    #[test]
    fn a_fixed_reply_says_nothing_in_either_language() {
        for reply in FixedReply::ALL {
            for lang in [Lang::English, Lang::Spanish] {
                let letter = reply.letter(lang);
                for text in [letter.body(), letter.line.on_paper(lang)] {
                    assert!(revealing(text, Part::Outside, "Cedar Recovery Center").is_empty(), "{text}");
                }
                // The place of a name would make it a letter about somebody.
                assert!(!letter.body().contains('{'), "{reply}");
            }
        }
    }
}

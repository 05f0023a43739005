//! Two sets of rules become one, of each answer the stricter: when two records are merged (domain reference A.5, 16),
//! and when someone other than the person speaks, who may only tighten (domain reference 1.12).

use foundation::{Error, PersonId, Unit};
use sea_orm::ActiveModelTrait;

use super::{CallHours, ContactRules, Risks, entity, forget, of};
use crate::rules::contact::{Answering, Hours, Permission, Voicemail};

/// Moves the rules of `from` to the survivor.
pub(crate) async fn move_to(unit: &Unit, from: PersonId, survivor: PersonId) -> Result<(), Error> {
    let (theirs, own) = (of(unit.tx(), from).await?, of(unit.tx(), survivor).await?);
    let Some(theirs) = theirs else { return Ok(()) };
    let row = match own {
        None => ContactRules { person_id: survivor, ..theirs },
        Some(own) => stricter(own, &theirs),
    };
    forget(unit, from).await?;
    forget(unit, survivor).await?;
    let row: entity::ActiveModel = row.into();
    unit.insert(row.reset_all()).await
}

/// `own`, tightened by every answer of `theirs`. What the rules rest on (who said so, when) stays that of `own`, except
/// that the older of two words decides when to ask again.
pub(crate) fn stricter(own: ContactRules, theirs: &ContactRules) -> ContactRules {
    let (call, hours) = calls((own.call, own.call_hours.0), (theirs.call, theirs.call_hours.0));
    ContactRules {
        call,
        call_hours: CallHours(hours),
        voicemail: own.voicemail.stricter(theirs.voicemail),
        text_message: own.text_message.stricter(theirs.text_message),
        email: own.email.stricter(theirs.email),
        if_someone_else_answers: quieter(own.if_someone_else_answers, theirs.if_someone_else_answers),
        ask_for: own.ask_for.or_else(|| theirs.ask_for.clone()),
        identify_as: own.identify_as.or_else(|| theirs.identify_as.clone()),
        code_word: own.code_word.or_else(|| theirs.code_word.clone()),
        risks: union(own.risks, &theirs.risks),
        confirmed_by_voice: own.confirmed_by_voice && theirs.confirmed_by_voice,
        captured_at: own.captured_at.min(theirs.captured_at),
        do_not_contact_at: own.do_not_contact_at.or(theirs.do_not_contact_at),
        version: own.version + 1,
        ..own
    }
}

/// What `theirs` leaves of a person whom nobody asked: every no of theirs holds, no yes does.
pub(crate) fn stricter_than_nothing(theirs: &ContactRules) -> ContactRules {
    let unasked = Permission::NotAsked;
    ContactRules {
        call: theirs.call.stricter(unasked),
        text_message: theirs.text_message.stricter(unasked),
        email: theirs.email.stricter(unasked),
        voicemail: theirs.voicemail.stricter(Voicemail::NotAsked),
        if_someone_else_answers: quieter(theirs.if_someone_else_answers, Answering::NotAsked),
        ..theirs.clone()
    }
}

/// Whether someone may be called, and in which hours.
pub(crate) type Calls = (Permission, Option<Hours>);

/// Calls only in hours that both named. When they share none, no hour is safe.
pub(crate) fn calls(own: Calls, theirs: Calls) -> Calls {
    let call = own.0.stricter(theirs.0);
    match (own.1, theirs.1) {
        (None, hours) | (hours, None) => (call, hours),
        (Some(a), Some(b)) => {
            let weekdays_only = a.weekdays_only || b.weekdays_only;
            match Hours::new(a.from.max(b.from), a.until.min(b.until), weekdays_only) {
                Some(both) => (call, Some(both)),
                None => (Permission::Never, None),
            }
        }
    }
}

/// The one that says less to whoever answers.
pub(crate) fn quieter(a: Answering, b: Answering) -> Answering {
    let rank = |answering| match answering {
        Answering::AskByName => 0,
        Answering::NotSure => 1,
        Answering::NotAsked => 2,
        Answering::HangUp => 3,
    };
    if rank(a) >= rank(b) { a } else { b }
}

fn union(own: Risks, theirs: &Risks) -> Risks {
    let mut all = own.0;
    all.extend(theirs.0.iter().copied());
    all.sort_unstable();
    all.dedup();
    Risks(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::contact::SaidBy;

    fn welcome() -> ContactRules {
        ContactRules {
            person_id: sea_orm::prelude::Uuid::nil().into(),
            call: Permission::Ok,
            call_hours: CallHours(None),
            voicemail: Voicemail::NameAndNumber,
            text_message: Permission::Ok,
            email: Permission::Ok,
            if_someone_else_answers: Answering::AskByName,
            said_by: SaidBy::Voice,
            confirmed_by_voice: true,
            captured_at: "2026-03-02T15:00:00Z".parse().unwrap(),
            captured_by: None,
            ask_for: None,
            identify_as: None,
            code_word: None,
            risks: Risks::default(),
            do_not_contact_at: None,
            version: 1,
        }
    }

    fn hours(from: u8, until: u8, weekdays_only: bool) -> CallHours {
        CallHours(Hours::new(from, until, weekdays_only))
    }

    #[test]
    fn one_no_of_two_is_a_no_whichever_side_it_came_from() {
        let no = ContactRules {
            email: Permission::Never,
            voicemail: Voicemail::Never,
            if_someone_else_answers: Answering::HangUp,
            ..welcome()
        };
        for merged in [stricter(welcome(), &no), stricter(no.clone(), &welcome())] {
            assert_eq!(merged.email, Permission::Never);
            assert_eq!(merged.voicemail, Voicemail::Never);
            assert_eq!(merged.if_someone_else_answers, Answering::HangUp);
            assert_eq!(merged.call, Permission::Ok);
        }
    }

    #[test]
    fn only_hours_that_both_named_are_safe() {
        let mornings = ContactRules { call_hours: hours(8, 12, false), ..welcome() };
        let workdays = ContactRules { call_hours: hours(9, 16, true), ..welcome() };
        let evenings = ContactRules { call_hours: hours(18, 20, false), ..welcome() };
        assert_eq!(stricter(mornings.clone(), &workdays).call_hours, hours(9, 12, true));
        assert_eq!(stricter(mornings.clone(), &welcome()).call_hours, hours(8, 12, false));
        let none = stricter(mornings, &evenings);
        assert_eq!((none.call, none.call_hours), (Permission::Never, CallHours(None)));
    }

    #[test]
    fn a_risk_known_on_either_side_is_known_and_the_older_word_decides_when_to_ask_again() {
        use super::super::Risk;
        let old = ContactRules {
            risks: Risks(vec![Risk::SharedDevice]),
            captured_at: "2025-06-02T15:00:00Z".parse().unwrap(),
            ..welcome()
        };
        let merged = stricter(welcome(), &old);
        assert_eq!(merged.risks.0, [Risk::SharedDevice]);
        assert_eq!(merged.captured_at, old.captured_at);
    }
}

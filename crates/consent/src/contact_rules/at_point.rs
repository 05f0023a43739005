//! The rules as they hold at one number or address: what was said of all, tightened by what was said of this one.

use super::{CallHours, ContactRules};
use crate::contact_point::{ContactPoint, Kind, OwnRules};
use crate::rules::contact::Permission;

/// The rules at one number or address. What nobody asked of the person is what was said of this one; where both were
/// asked, the stricter counts.
pub(crate) fn at_point(rules: ContactRules, point: &ContactPoint) -> ContactRules {
    let Some(own) = &point.own_rules else { return rules };
    let all = OwnRules {
        may_use: if point.kind == Kind::Email { rules.email } else { rules.call },
        voicemail: rules.voicemail,
        answering: rules.if_someone_else_answers,
        hours: rules.call_hours.0,
        said_at: rules.captured_at,
    };
    let here = all.stricter(own);
    if point.kind == Kind::Email {
        return ContactRules { email: here.may_use, captured_at: here.said_at, ..rules };
    }
    ContactRules {
        call: here.may_use,
        call_hours: CallHours(here.hours),
        text_message: if here.may_use == Permission::Never { Permission::Never } else { rules.text_message },
        voicemail: here.voicemail,
        if_someone_else_answers: here.answering,
        captured_at: here.said_at,
        ..rules
    }
}

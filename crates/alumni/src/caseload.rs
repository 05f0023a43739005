//! Whose alumni: the subject of an act here, and the filter every question here starts from. Names the tables of
//! clients and staff as text, because a list of everyone must be one statement.

use foundation::acts::{Reach, reach_of};
use foundation::{Act, Actor, Error, PersonId, StaffId, Subject, may};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, SelectStatement};
use sea_orm::{ConnectionTrait, JoinType};

/// The subject of an act on something of `person`: it carries counselor and supervisor for the permission table.
/// [`Error::NotFound`] when the person has no record here.
pub async fn subject(
    reader: &impl ConnectionTrait,
    kind: &'static str,
    id: impl Into<Uuid>,
    person: PersonId,
) -> Result<Subject, Error> {
    let care = clients::client::subject(reader, person).await?;
    Ok(Subject::of(kind, id).concerning(person).cared_for_as(&care))
}

/// Joins the counselor of `clients c` as `staff s`.
pub(crate) fn with_counselor(ask: &mut SelectStatement) -> &mut SelectStatement {
    ask.join_as(JoinType::LeftJoin, "staff", "s", Expr::col(("s", "id")).equals(("c", "counselor_id")))
}

/// Lets a question about one person pass, or says [`Error::NotFound`]: the invisible is never told from the absent.
pub(crate) async fn seen_by(
    viewer: &Actor,
    act: Act,
    reader: &impl ConnectionTrait,
    person: PersonId,
) -> Result<(), Error> {
    let subject = subject(reader, "client", person, person).await?;
    if may(viewer, act, &subject) { Ok(()) } else { Err(Error::NotFound) }
}

/// Whom a list may show, over `clients c` and their counselor `staff s`: those for whom the viewer may do `act`, if
/// the viewer may see such a list at all.
pub(crate) fn whom(viewer: &Actor, list: Act, act: Act) -> Result<Condition, Error> {
    if reach_of(viewer, list) == Reach::No {
        return Err(Error::Forbidden(list));
    }
    let mine = |me: StaffId| Expr::col(("c", "counselor_id")).eq(me.0);
    match (reach_of(viewer, act), viewer.staff_id()) {
        (Reach::Everyone, _) => Ok(Condition::all()),
        (Reach::Caseload, Some(me)) => Ok(Condition::all().add(mine(me))),
        (Reach::Team, Some(me)) => Ok(Condition::any()
            .add(mine(me))
            .add(Expr::col(("s", "supervisor_id")).eq(me.0))
            // Whom no counselor who works here carries: every supervisor answers for them.
            .add(Expr::col(("c", "counselor_id")).is_null())
            .add(Expr::col(("s", "disabled_at")).is_not_null())),
        _ => Err(Error::Forbidden(act)),
    }
}

//! What was said of one number or address beside what holds for the person: who answers there, whether a message may be
//! left, when it is best. A way that is safe on one phone can be dangerous on another (domain reference 1.12).

use foundation::{Act, Error, Instant, Subject, Unit};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use super::{ContactPointId, entity};
use crate::contact_rules;
use crate::rules::contact::{Answering, Hours, Permission, Voicemail};

/// What holds for one number or address only. What nobody asked of it holds as it does for the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sea_orm::FromJsonQueryResult)]
pub struct OwnRules {
    /// Whether we may call or write there at all.
    pub may_use: Permission,
    /// Of a phone number, what may be left on its voicemail.
    pub voicemail: Voicemail,
    /// Of a phone number, what to do when someone else answers.
    pub answering: Answering,
    /// The best hours to call there.
    pub hours: Option<Hours>,
    /// When it was said or confirmed last.
    pub said_at: Instant,
}

impl OwnRules {
    /// Nothing but when it was asked: what a form fills in.
    #[must_use]
    pub fn asked_at(said_at: Instant) -> Self {
        Self {
            may_use: Permission::NotAsked,
            voicemail: Voicemail::NotAsked,
            answering: Answering::NotAsked,
            hours: None,
            said_at,
        }
    }

    /// Whether it says anything beside what holds for the person.
    #[must_use]
    pub fn says_nothing(&self) -> bool {
        *self == Self::asked_at(self.said_at)
    }

    /// Of each answer the stricter, as of the older word: when two records of one person become one.
    pub(crate) fn stricter(self, theirs: &Self) -> Self {
        let said = |own, theirs| match (own, theirs) {
            (Permission::NotAsked, said) | (said, Permission::NotAsked) => said,
            (own, theirs) => Permission::stricter(own, theirs),
        };
        let voicemail = match (self.voicemail, theirs.voicemail) {
            (Voicemail::NotAsked, said) | (said, Voicemail::NotAsked) => said,
            (own, theirs) => own.stricter(theirs),
        };
        let answering = match (self.answering, theirs.answering) {
            (Answering::NotAsked, said) | (said, Answering::NotAsked) => said,
            (own, theirs) => contact_rules::quieter(own, theirs),
        };
        let may_use = said(self.may_use, theirs.may_use);
        let both = contact_rules::calls((may_use, self.hours), (Permission::Ok, theirs.hours));
        let may_use = if both.0 == Permission::Never { Permission::Never } else { may_use };
        let said_at = self.said_at.min(theirs.said_at);
        Self { may_use, voicemail, answering, hours: both.1, said_at }
    }
}

/// Writes down what is safe at one number or address, in place of what was said of it before. `before` is when that was
/// said, as the form showed it.
///
/// # Errors
/// [`Error::Stale`] when somebody else wrote it down meanwhile; [`Error::NotFound`] when it is in use no more.
pub async fn set_own_rules(
    unit: &mut Unit,
    id: ContactPointId,
    care: &Subject,
    before: Option<Instant>,
    own: OwnRules,
) -> Result<(), Error> {
    let permit = unit.permit(Act::SetSafeContact, care)?;
    let point = entity::Entity::find_by_id(id)
        .filter(entity::Column::PersonId.eq(care.person))
        .filter(entity::Column::EndedAt.is_null())
        .lock(LockType::Update)
        .one(unit.tx())
        .await?
        .ok_or(Error::NotFound)?;
    if point.own_rules.as_ref().map(|own| own.said_at) != before {
        return Err(Error::Stale);
    }
    contact_rules::or_nothing_asked(unit, care).await?;
    keep(unit, id, Some(own).filter(|own| !own.says_nothing())).await?;
    unit.record(permit, serde_json::json!({ "contact_point": id, "fields": ["own_rules"] }));
    Ok(())
}

/// They said that everything still holds: what was said of each number and address does too.
pub(crate) async fn confirm(unit: &Unit, person: foundation::PersonId) -> Result<(), Error> {
    for point in held(unit, person).await? {
        if let Some(own) = point.own_rules {
            keep(unit, point.id, Some(OwnRules { said_at: unit.now(), ..own })).await?;
        }
    }
    Ok(())
}

/// The contact points of a person in use, held so that no one else says something of them before this is done.
pub(super) async fn held(
    unit: &Unit,
    person: foundation::PersonId,
) -> Result<Vec<super::ContactPoint>, Error> {
    Ok(entity::Entity::find()
        .filter(entity::Column::PersonId.eq(person))
        .filter(entity::Column::EndedAt.is_null())
        .order_by_asc(entity::Column::Id)
        .lock(LockType::Update)
        .all(unit.tx())
        .await?)
}

pub(super) async fn keep(unit: &Unit, id: ContactPointId, own: Option<OwnRules>) -> Result<(), Error> {
    let own = own.map(|own| serde_json::to_value(own).unwrap_or_default());
    entity::Entity::update_many()
        .col_expr(entity::Column::OwnRules, Expr::value(own))
        .filter(entity::Column::Id.eq(id))
        .exec(unit.tx())
        .await?;
    Ok(())
}

//! A person's right to their own record (45 CFR 164.524), and its one limit here: what somebody else said about them, or of
//! themselves, in confidence. It is withheld until the privacy officer decided, item by item, with the ground.

use std::collections::HashMap;

use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder, Set};
use serde_json::{Value as Json, json};

use crate::acts::Act;
use crate::clock::Instant;
use crate::error::{Error, Faults};
use crate::holding::{Holding, Holds};
use crate::ids::{PersonId, StaffId};
use crate::sealed::Keyring;
use crate::subject::Subject;
use crate::unit::{News, Unit};

const REASON: &str = "access_decisions.reason";
/// Characters of a reason at the most.
const LONGEST: usize = 1000;

crate::id! {
    /// A decision about one item.
    AccessDecisionId
}

crate::words! {
    /// What was decided.
    pub enum AccessAnswer {
        Release = "release", "Give it to the person",
        Withhold = "withhold", "Withhold it",
    }
}

crate::words! {
    /// On what ground.
    pub enum AccessGround {
        InConfidence = "in_confidence", "It was said in confidence and would show who said it (45 CFR 164.524(a)(2)(v))",
        HarmToAnother = "harm_to_another", "It could bring serious harm to someone else it names (164.524(a)(3)(ii))",
        HarmToThem = "harm_to_them", "It could endanger the person’s life or safety (164.524(a)(3)(i))",
        NotInConfidence = "not_in_confidence", "It was not said in confidence",
        SourceAgrees = "source_agrees", "Whoever said it agrees",
        FromProvider = "from_provider", "It comes from a health care provider",
    }
}

impl AccessGround {
    /// Which decision it is a ground for.
    #[must_use]
    pub fn is_for(self) -> AccessAnswer {
        match self {
            Self::InConfidence | Self::HarmToAnother | Self::HarmToThem => AccessAnswer::Withhold,
            Self::NotInConfidence | Self::SourceAgrees | Self::FromProvider => AccessAnswer::Release,
        }
    }
}

mod row {
    //! A row of `access_decisions`; the newest of an item holds.
    use sea_orm::entity::prelude::*;

    use super::{AccessAnswer, AccessDecisionId, AccessGround};
    use crate::clock::Instant;
    use crate::ids::{PersonId, StaffId};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "access_decisions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: AccessDecisionId,
        pub person_id: PersonId,
        pub item: String,
        pub decision: AccessAnswer,
        pub ground: AccessGround,
        /// Sealed under the person's key.
        pub reason: Option<Vec<u8>>,
        pub decided_by: StaffId,
        pub decided_at: Instant,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A decision about to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccessDecision {
    answer: AccessAnswer,
    ground: AccessGround,
    reason: String,
}

impl NewAccessDecision {
    /// Parses a form's strings. The ground says what is decided.
    ///
    /// # Errors
    /// No ground at `ground`, a reason that is too long at `reason`.
    pub fn parse(ground: &str, reason: &str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let (ground, reason) = (AccessGround::parse(ground), reason.trim().to_owned());
        if ground.is_none() {
            faults.add("ground", "Choose the ground");
        }
        if reason.chars().count() > LONGEST {
            faults.add("reason", "Shorten it to 1,000 characters");
        }
        match ground {
            Some(ground) if faults.0.is_empty() => Ok(Self { answer: ground.is_for(), ground, reason }),
            _ => Err(faults),
        }
    }
}

/// What was decided about one item, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessDecision {
    pub answer: AccessAnswer,
    pub ground: AccessGround,
    pub reason: Option<String>,
    pub decided_by: StaffId,
    pub decided_at: Instant,
}

/// Decides about one item of a person's record. A later decision takes the place of an earlier one, which stays.
pub async fn decide(
    unit: &mut Unit,
    record: &Subject,
    item: &str,
    new: NewAccessDecision,
) -> Result<(), Error> {
    let person = record.person.ok_or(Error::NotFound)?;
    let permit = unit.permit(Act::DecideAccess, record)?;
    let me = unit.actor().staff_id().ok_or(Error::Forbidden(Act::DecideAccess))?;
    let reason = match new.reason.as_str() {
        "" => None,
        text => Some(unit.seal(person, REASON, text).await?),
    };
    let id: AccessDecisionId = unit.id();
    let row = row::ActiveModel {
        id: Set(id),
        person_id: Set(person),
        item: Set(item.to_owned()),
        decision: Set(new.answer),
        ground: Set(new.ground),
        reason: Set(reason),
        decided_by: Set(me),
        decided_at: Set(unit.now()),
    };
    unit.insert(row).await?;
    unit.record(permit, json!({ "item": item, "decision": new.answer, "ground": new.ground }));
    unit.tell(News::Privacy);
    Ok(())
}

/// What holds about each item of a person's record that was decided about.
pub async fn decisions_about(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    person: PersonId,
) -> Result<HashMap<String, AccessDecision>, Error> {
    let rows = row::Entity::find()
        .filter(row::Column::PersonId.eq(person))
        .order_by_asc(row::Column::Id)
        .all(reader)
        .await?;
    let mut decisions = HashMap::new();
    for row in rows {
        let reason = match &row.reason {
            Some(sealed) => Some(keyring.open(reader, person, REASON, sealed).await?),
            None => None,
        };
        let decision = AccessDecision {
            answer: row.decision,
            ground: row.ground,
            reason,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
        };
        decisions.insert(row.item, decision);
    }
    Ok(decisions)
}

/// The decisions as this room keeps them: the person gets what they decide, not the officer's own words about it.
pub struct AccessHolding;

impl Holding for AccessHolding {
    fn name(&self) -> &'static str {
        "access"
    }

    fn columns(&self) -> &'static [(&'static str, &'static str)] {
        &[("access_decisions", "person_id")]
    }

    fn export<'a>(&'a self, _: &'a DatabaseConnection, _: &'a Keyring, _: PersonId) -> Holds<'a, Json> {
        Box::pin(async { Ok(json!({})) })
    }

    fn move_to<'a>(&'a self, unit: &'a mut Unit, from: PersonId, survivor: PersonId) -> Holds<'a, ()> {
        Box::pin(async move {
            let keyring = unit.db().keyring().clone();
            let rows = row::Entity::find().filter(row::Column::PersonId.eq(from)).all(unit.tx()).await?;
            for old in rows {
                let reason = match &old.reason {
                    Some(sealed) => {
                        let text = keyring.open(unit.tx(), from, REASON, sealed).await?;
                        Some(unit.seal(survivor, REASON, &text).await?)
                    }
                    None => None,
                };
                row::Entity::update_many()
                    .col_expr(row::Column::PersonId, sea_orm::sea_query::Expr::value(survivor))
                    .col_expr(row::Column::Reason, sea_orm::sea_query::Expr::value(reason))
                    .filter(row::Column::Id.eq(old.id))
                    .exec(unit.tx())
                    .await?;
            }
            Ok(())
        })
    }

    fn forget<'a>(&'a self, unit: &'a mut Unit, person: PersonId) -> Holds<'a, ()> {
        Box::pin(async move {
            row::Entity::delete_many().filter(row::Column::PersonId.eq(person)).exec(unit.tx()).await?;
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ground_says_what_is_decided_and_none_decides_nothing() {
        for ground in AccessGround::ALL {
            let new = NewAccessDecision::parse(ground.as_str(), "").unwrap();
            assert_eq!(new.answer, ground.is_for());
        }
        assert!(NewAccessDecision::parse("", "").unwrap_err().of("ground").is_some());
        assert!(NewAccessDecision::parse("in_confidence", &"x".repeat(1001)).is_err());
    }
}

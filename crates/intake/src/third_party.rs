//! Third-party inquiries: "Is my brother there?" The answer is the same for every name (42 CFR §2.13(c)), so nothing here
//! looks anyone up: what was asked is written down, unlinked, for a counselor to think about.

use foundation::acts::{Reach, reach_of};
use foundation::sealed::Keyring;
use foundation::{Act, Actor, Error, Faults, Instant, StaffId, Subject, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect, Set};

use crate::entity::inquiry;
pub use crate::entity::inquiry::InquiryId;

const ANSWERS: &str = "third_party_inquiries.answers";
/// Characters of a line, and of a note.
const LINE: usize = 200;
const NOTE: usize = 2000;
/// Inquiries shown at once.
const MOST: u64 = 100;

/// What is said, to everyone, in these words (domain reference 1.11).
pub const SAY: &str = "I can’t say whether anyone is or was here. We give that answer for every name. If you like, leave \
    your name and number; if it concerns someone we know, they can decide. If this is an emergency, call 911. If you are \
    worried about someone, call or text 988.";

/// What somebody asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Asked {
    /// Who asks.
    pub name: String,
    pub phone: String,
    /// Who they say they are to the one they ask after.
    pub relationship: String,
    /// After whom they ask, in their words.
    pub about: String,
    pub note: String,
}

impl Asked {
    /// Parses what was typed.
    ///
    /// # Errors
    /// Nothing was written down, or too much, at its field.
    pub fn parse<'a>(text: impl Fn(&str) -> &'a str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut take = |name: &str, most: usize| {
            let value = text(name).trim();
            if value.chars().count() > most {
                faults.add(name, format!("Write less here, up to {most} characters"));
            }
            value.to_owned()
        };
        let asked = Self {
            name: take("name", LINE),
            phone: take("phone", LINE),
            relationship: take("relationship", LINE),
            about: take("about", LINE),
            note: take("note", NOTE),
        };
        if asked.about.is_empty() && asked.note.is_empty() {
            faults.add("about", "Enter after whom they asked, or a note about the call");
        }
        faults.or(|| asked)
    }
}

/// Writes an inquiry down. Nobody is looked up, before or after.
pub async fn take(unit: &mut Unit, asked: &Asked) -> Result<InquiryId, Error> {
    let id: InquiryId = unit.id();
    let permit = unit.permit(Act::TakeInquiry, &Subject::of("third_party_inquiry", id))?;
    let me = unit.actor().staff_id().ok_or(Error::Forbidden(Act::TakeInquiry))?;
    let text = serde_json::to_string(asked).map_err(|e| Error::Broken(format!("an inquiry: {e}")))?;
    let answers = unit.seal_for_center(ANSWERS, &text)?;
    let row = inquiry::ActiveModel {
        id: Set(id),
        staff_id: Set(me),
        answers: Set(answers),
        taken_at: Set(unit.now()),
        settled_at: Set(None),
        settled_by: Set(None),
    };
    unit.insert(row).await?;
    unit.record(permit, serde_json::json!({}));
    Ok(id)
}

/// Somebody thought about it and did what was to be done; what that was stands where it belongs.
pub async fn settle(unit: &mut Unit, id: InquiryId) -> Result<(), Error> {
    let permit = unit.permit(Act::SettleInquiry, &Subject::of("third_party_inquiry", id))?;
    let done = inquiry::Entity::update_many()
        .col_expr(inquiry::Column::SettledAt, Expr::value(Some(unit.now())))
        .col_expr(inquiry::Column::SettledBy, Expr::value(unit.actor().staff_id()))
        .filter(inquiry::Column::Id.eq(id))
        .filter(inquiry::Column::SettledAt.is_null())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(refused("settled", "Somebody has settled this already."));
    }
    unit.record(permit, serde_json::json!({}));
    Ok(())
}

/// An inquiry to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inquiry {
    pub id: InquiryId,
    pub taken_at: Instant,
    pub by: StaffId,
    pub asked: Asked,
}

/// Inquiries that nobody has settled, oldest first, for those who may think about them.
pub async fn open(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    viewer: &Actor,
) -> Result<Vec<Inquiry>, Error> {
    if reach_of(viewer, Act::SettleInquiry) == Reach::No {
        return Err(Error::Forbidden(Act::SettleInquiry));
    }
    let rows = inquiry::Entity::find()
        .filter(inquiry::Column::SettledAt.is_null())
        .order_by_asc(inquiry::Column::Id)
        .limit(MOST)
        .all(reader)
        .await?;
    let read = rows.into_iter().map(|row| {
        let text = keyring.open_for_center(ANSWERS, &row.answers)?;
        let asked = serde_json::from_slice(&text).map_err(|e| Error::Broken(format!("an inquiry: {e}")))?;
        Ok(Inquiry { id: row.id, taken_at: row.taken_at, by: row.staff_id, asked })
    });
    read.collect()
}

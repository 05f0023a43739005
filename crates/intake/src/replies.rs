//! Saved replies: for oneself or for everyone, in English and Spanish, with placeholders that are checked.

mod using;

use clients::person::plain;
use foundation::center::Center;
use foundation::sealed::Keyring;
use foundation::{Act, Actor, Error, Faults, StaffId, Subject, Unit, refused};
use mail::own_words::{LONGEST, SubjectLine, blocked};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, QueryOrder, Set};

use crate::entity::saved_reply;
pub use crate::entity::saved_reply::ReplyId;
use crate::rules::replies::wrong;
use crate::whose::{Kept, Whose, share, take_away, theirs, there, visible, write_over};

pub use using::{Filled, by_name, filled, matching};

const NAME: &str = "saved_replies.name";
const ENGLISH: &str = "saved_replies.english";
const SPANISH: &str = "saved_replies.spanish";
/// Replies somebody can have beside each other.
const MOST: u64 = 200;

/// A reply about to be saved.
#[derive(Clone, Debug)]
pub struct NewReply {
    name: String,
    line: SubjectLine,
    english: String,
    spanish: Option<String>,
    shared: bool,
}

impl NewReply {
    /// Parses a form's strings.
    ///
    /// # Errors
    /// No name, no subject, no English text, a placeholder nobody knows, or a word that gives something away, each at its
    /// field.
    pub fn parse<'a>(text: impl Fn(&str) -> &'a str, shared: bool, center: &Center) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let name = plain(text("reply_name"));
        if name.is_empty() || name.chars().count() > 60 {
            faults.add("reply_name", "Enter a short name, up to 60 characters");
        }
        let line = SubjectLine::parse(text("subject_line"));
        if line.is_none() {
            faults.add("subject_line", "Choose a subject. It says nothing on purpose");
        }
        let words = |field: &str| text(field).replace("\r\n", "\n").trim().to_owned();
        let (english, spanish) = (words("english"), words("spanish"));
        if english.is_empty() {
            faults.add("english", "Write the reply in English");
        }
        for (field, words) in [("english", &english), ("spanish", &spanish)] {
            if words.chars().count() > LONGEST {
                faults.add(field, "Shorten it to 4,000 characters");
            } else if let Some(why) = wrong(words).or_else(|| blocked(words, center)) {
                faults.add(field, why);
            }
        }
        match line {
            Some(line) if faults.0.is_empty() => {
                Ok(Self { name, line, english, spanish: Some(spanish).filter(|s| !s.is_empty()), shared })
            }
            _ => Err(faults),
        }
    }
}

/// Saves a reply.
pub async fn save(unit: &mut Unit, new: NewReply) -> Result<ReplyId, Error> {
    let id: ReplyId = unit.id();
    let permit = unit.permit(Act::SaveReply, &subject(id))?;
    let me = unit.actor().staff_id().ok_or(Error::Forbidden(Act::SaveReply))?;
    if visible::<saved_reply::Entity>(me).count(unit.tx()).await? >= MOST {
        return Err(refused("reply_name", format!("{MOST} replies are there. Take one away first.")));
    }
    is_a_new_name(unit, me, &new.name, None).await?;
    share(unit, &subject(id), new.shared)?;
    let row = saved_reply::ActiveModel {
        id: Set(id),
        staff_id: Set(me),
        name: Set(unit.seal_for_center(NAME, &new.name)?),
        subject_line: Set(new.line),
        english: Set(unit.seal_for_center(ENGLISH, &new.english)?),
        spanish: Set(new.spanish.as_deref().map(|text| unit.seal_for_center(SPANISH, text)).transpose()?),
        shared: Set(new.shared),
        saved_at: Set(unit.now()),
        ended_at: Set(None),
        version: Set(1),
    };
    unit.insert(row).await?;
    unit.record(permit, serde_json::json!({ "shared": new.shared }));
    Ok(id)
}

/// Changes a reply. `version` is the one the form was shown with.
pub async fn change(unit: &mut Unit, id: ReplyId, version: i32, new: NewReply) -> Result<(), Error> {
    let permit = unit.permit(Act::SaveReply, &subject(id))?;
    let row = theirs::<saved_reply::Entity>(unit, &subject(id)).await?;
    is_a_new_name(unit, row.staff_id, &new.name, Some(id)).await?;
    share(unit, &subject(id), new.shared || row.shared)?;
    let spanish = new.spanish.as_deref().map(|text| unit.seal_for_center(SPANISH, text)).transpose()?;
    let content = saved_reply::Entity::update_many()
        .col_expr(saved_reply::Column::Name, Expr::value(unit.seal_for_center(NAME, &new.name)?))
        .col_expr(saved_reply::Column::SubjectLine, Expr::value(new.line))
        .col_expr(saved_reply::Column::English, Expr::value(unit.seal_for_center(ENGLISH, &new.english)?))
        .col_expr(saved_reply::Column::Spanish, Expr::value(spanish));
    write_over(unit, &subject(id), version, new.shared, content).await?;
    unit.record(permit, serde_json::json!({ "shared": new.shared, "changed": true }));
    Ok(())
}

/// Takes a reply away: one's own, or a shared one by who may share.
pub async fn end(unit: &mut Unit, id: ReplyId) -> Result<(), Error> {
    let permit = unit.permit(Act::EndReply, &subject(id))?;
    take_away::<saved_reply::Entity>(unit, &subject(id)).await?;
    unit.record(permit, serde_json::json!({}));
    Ok(())
}

fn subject(id: ReplyId) -> Subject {
    Subject::of("saved_reply", id)
}

/// Two replies of one name could not be told apart where they are put in by name.
async fn is_a_new_name(unit: &Unit, me: StaffId, name: &str, but: Option<ReplyId>) -> Result<(), Error> {
    let wanted = foundation::search::fold(name);
    for one in all(unit.tx(), unit.db().keyring()).await? {
        if one.whose.is_for(Some(me)) && Some(one.id) != but && foundation::search::fold(&one.name) == wanted
        {
            let mut faults = Faults::default();
            faults.add("reply_name", "A reply of this name is there. Choose another name");
            return Err(faults.into());
        }
    }
    Ok(())
}

/// A saved reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub id: ReplyId,
    pub whose: Whose,
    pub name: String,
    pub line: SubjectLine,
    pub english: String,
    pub spanish: Option<String>,
    pub version: i32,
}

impl Reply {
    /// Whether this colleague may change it or take it away.
    pub fn is_theirs(&self, viewer: &Actor) -> bool {
        self.whose.is_theirs(viewer, &subject(self.id))
    }
}

/// Every reply there is, oldest first; which of them somebody sees, [`Whose::is_for`] tells.
pub async fn all(reader: &impl ConnectionTrait, keyring: &Keyring) -> Result<Vec<Reply>, Error> {
    let rows = there::<saved_reply::Entity>().order_by_asc(saved_reply::Column::Id).all(reader).await?;
    let open = |place: &str, sealed: &[u8]| {
        keyring.open_for_center(place, sealed).map(|text| String::from_utf8_lossy(&text).into_owned())
    };
    let read = rows.into_iter().map(|row| {
        Ok(Reply {
            id: row.id,
            whose: saved_reply::Entity::whose(&row),
            name: open(NAME, &row.name)?,
            line: row.subject_line,
            english: open(ENGLISH, &row.english)?,
            spanish: row.spanish.as_deref().map(|text| open(SPANISH, text)).transpose()?,
            version: row.version,
        })
    });
    read.collect()
}

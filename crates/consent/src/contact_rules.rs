//! Contact rules: by which ways, in which hours and with which words a person may be reached, and who said so.
//! Asked once, kept for everyone who picks up a phone (42 CFR §2.13(c): even a voicemail can be a disclosure).

use foundation::{Act, Error, Instant, PersonId, StaffId, Subject, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, Set};
use serde::{Deserialize, Serialize};

use crate::rules::contact::{Answering, Hours, Permission, SaidBy, Voicemail};

/// After so long the rules are asked again (domain practice: contact preferences older than 180 days are stale).
pub const GOOD_FOR_DAYS: i64 = 180;

/// Hours of a week, kept as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, sea_orm::FromJsonQueryResult)]
pub struct CallHours(pub Option<Hours>);

mod entity {
    //! A row of `contact_rules`: one a person.
    use foundation::{Instant, PersonId, StaffId};
    use sea_orm::entity::prelude::*;

    use super::CallHours;
    use crate::rules::contact::{Answering, Permission, SaidBy, Voicemail};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "contact_rules")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: PersonId,
        pub call: Permission,
        #[sea_orm(column_type = "JsonBinary")]
        pub call_hours: CallHours,
        pub voicemail: Voicemail,
        pub text_message: Permission,
        pub email: Permission,
        pub if_someone_else_answers: Answering,
        pub said_by: SaidBy,
        pub confirmed_by_voice: bool,
        pub captured_at: Instant,
        pub captured_by: Option<StaffId>,
        pub note: Option<Vec<u8>>,
        pub do_not_contact_at: Option<Instant>,
        pub version: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub use entity::Model as ContactRules;

/// What a person said about being reached. Everything not said is "not asked", which is not a yes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewContactRules {
    pub call: Permission,
    pub hours: Option<Hours>,
    pub voicemail: Voicemail,
    pub text_message: Permission,
    pub email: Permission,
    pub if_someone_else_answers: Answering,
    pub said_by: SaidBy,
}

impl Default for NewContactRules {
    fn default() -> Self {
        Self {
            call: Permission::NotAsked,
            hours: None,
            voicemail: Voicemail::NotAsked,
            text_message: Permission::NotAsked,
            email: Permission::NotAsked,
            if_someone_else_answers: Answering::NotAsked,
            said_by: SaidBy::Self_,
        }
    }
}

/// Writes down what a person said, in place of what was said before.
pub async fn set(unit: &mut Unit, care: &Subject, new: NewContactRules) -> Result<(), Error> {
    let person = care.person.ok_or(Error::NotFound)?;
    let permit = unit.permit(Act::SetSafeContact, care)?;
    let before = entity::Entity::find_by_id(person).one(unit.tx()).await?;
    let row = entity::ActiveModel {
        person_id: Set(person),
        call: Set(new.call),
        call_hours: Set(CallHours(new.hours)),
        voicemail: Set(new.voicemail),
        text_message: Set(new.text_message),
        email: Set(new.email),
        if_someone_else_answers: Set(new.if_someone_else_answers),
        said_by: Set(new.said_by),
        confirmed_by_voice: Set(new.said_by == SaidBy::Voice),
        captured_at: Set(unit.now()),
        captured_by: Set(unit.actor().staff_id()),
        note: Set(None),
        do_not_contact_at: Set(before.as_ref().and_then(|b| b.do_not_contact_at)),
        version: Set(before.as_ref().map_or(1, |b| b.version + 1)),
    };
    match before {
        Some(_) => {
            entity::Entity::update(row).exec(unit.tx()).await?;
        }
        None => unit.insert(row).await?,
    }
    unit.record(permit, serde_json::json!({ "fields": ["call", "voicemail", "text_message", "email"] }));
    Ok(())
}

/// Nobody writes or calls from now on, whatever else was agreed. Anyone may tighten; only the person may loosen.
pub async fn do_not_contact(unit: &mut Unit, care: &Subject) -> Result<(), Error> {
    let person = care.person.ok_or(Error::NotFound)?;
    let permit = unit.permit(Act::SetSafeContact, care)?;
    let done = entity::Entity::update_many()
        .col_expr(entity::Column::DoNotContactAt, Expr::value(Some(unit.now())))
        .filter(entity::Column::PersonId.eq(person))
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    unit.record(permit, serde_json::json!({ "fields": ["do_not_contact_at"] }));
    Ok(())
}

/// The rules of a person, if anything was ever said.
pub async fn of(reader: &impl ConnectionTrait, person: PersonId) -> Result<Option<ContactRules>, Error> {
    Ok(entity::Entity::find_by_id(person).one(reader).await?)
}

/// What everyone who may call this person sees first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafeContactCard {
    /// "Safe contact: certain hours only".
    pub heading: String,
    /// The words to say, to be read aloud.
    pub say: String,
    /// The ways: mark class (`yes`, `no`, `some`, `unk`), way, words.
    pub ways: Vec<Way>,
    /// Who said so and when.
    pub source: String,
    /// Whether it is time to ask again.
    pub stale: bool,
}

/// One way of reaching a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    pub class: &'static str,
    pub mark: &'static str,
    pub name: &'static str,
    pub words: String,
}

/// The card for a person: `name` as used, `phone` to dial, `me` the first name of who calls.
pub fn card(
    rules: Option<&ContactRules>,
    name: &str,
    phone: Option<&str>,
    me: &str,
    now: Instant,
) -> SafeContactCard {
    let Some(rules) = rules else {
        return SafeContactCard {
            heading: "Safe contact: not asked yet".into(),
            say: "Nobody has asked how this person may be reached. Ask first: “Is it safe to talk?”".into(),
            ways: ["Call", "Voicemail", "Text", "E-mail"]
                .into_iter()
                .map(|n| way(n, Permission::NotAsked, ""))
                .collect(),
            source: "No rules are written down.".into(),
            stale: true,
        };
    };
    let age = (now - rules.captured_at).num_days();
    SafeContactCard {
        heading: heading(rules),
        say: crate::rules::contact::words_to_say(
            rules.call,
            rules.call_hours.0.as_ref(),
            rules.if_someone_else_answers,
            name,
            phone,
            me,
        ),
        ways: vec![
            way("Call", rules.call, &rules.call_hours.0.as_ref().map(Hours::words).unwrap_or_default()),
            Way {
                class: rules.voicemail.class(),
                mark: rules.voicemail.mark(),
                name: "Voicemail",
                words: rules.voicemail.words().into(),
            },
            way("Text", rules.text_message, ""),
            way("E-mail", rules.email, ""),
        ],
        source: source(rules, age),
        stale: age >= GOOD_FOR_DAYS,
    }
}

fn heading(rules: &ContactRules) -> String {
    let how = match (rules.do_not_contact_at, rules.call) {
        (Some(_), _) => "asked not to be contacted",
        (None, Permission::Never) => "do not call",
        (None, Permission::NotAsked) => "not asked yet",
        (None, _) if rules.call_hours.0.is_some() => "certain hours only",
        (None, Permission::Ok | Permission::OnlyUrgent) => "may be called",
    };
    format!("Safe contact: {how}")
}

fn way(name: &'static str, permission: Permission, hours: &str) -> Way {
    let some = permission == Permission::Ok && !hours.is_empty();
    let (class, mark) = if some { ("some", "half") } else { (permission.class(), permission.mark()) };
    let words = if some { hours.to_owned() } else { permission.words().to_owned() };
    Way { class, mark, name, words }
}

fn source(rules: &ContactRules, age: i64) -> String {
    let when = match age {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        days => format!("{days} days ago"),
    };
    let voice = if rules.confirmed_by_voice { "" } else { " Not confirmed by voice yet." };
    let again = if age >= GOOD_FOR_DAYS { " Ask again at the next call." } else { "" };
    format!("{}, {when}.{voice}{again}", rules.said_by.words())
}

pub(crate) async fn forget(unit: &Unit, person: PersonId) -> Result<(), Error> {
    entity::Entity::delete_by_id(person).exec(unit.tx()).await?;
    Ok(())
}

/// Two sets of rules become one: of each answer the stricter stays (A.5 of the domain reference, case 16).
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

fn stricter(own: ContactRules, theirs: &ContactRules) -> ContactRules {
    let captured_by: Option<StaffId> = own.captured_by;
    ContactRules {
        call: own.call.stricter(theirs.call),
        call_hours: if own.call_hours.0.is_some() { own.call_hours } else { theirs.call_hours.clone() },
        voicemail: own.voicemail.stricter(theirs.voicemail),
        text_message: own.text_message.stricter(theirs.text_message),
        email: own.email.stricter(theirs.email),
        do_not_contact_at: own.do_not_contact_at.or(theirs.do_not_contact_at),
        captured_by,
        version: own.version + 1,
        ..own
    }
}

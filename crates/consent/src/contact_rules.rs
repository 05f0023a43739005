//! Contact rules: by which ways, in which hours and with which words a person may be reached, and who said so.
//! Asked once, kept for everyone who picks up a phone (42 CFR §2.13(c): even a voicemail can be a disclosure).

use foundation::links::{self, Purpose};
use foundation::{Act, Error, Faults, PersonId, Subject, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ConnectionTrait};
use serde::{Deserialize, Serialize};

mod at_point;
mod card;
mod caution;
mod merging;
mod renewing;

pub(crate) use at_point::at_point;
pub(crate) use card::card;
pub use card::{SafeContactCard, Way};
pub use caution::{Caution, cautions_of};
pub(crate) use merging::{calls, move_to, quieter, stricter, stricter_than_nothing};
pub use renewing::{StillHolds, asked_again, confirm, is_stale};

use crate::contact_point;
use crate::rules::contact::{Answering, Hours, Permission, SaidBy, Voicemail};

/// After so long the rules are asked again (domain practice: contact preferences older than 180 days are stale).
pub const GOOD_FOR_DAYS: i64 = 180;

/// Hours of a week, kept as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, sea_orm::FromJsonQueryResult)]
pub struct CallHours(pub Option<Hours>);

foundation::words! {
    /// Who else may read or hear what is meant for the person (domain reference 1.12).
    pub enum Risk {
        SharedDevice = "shared_device", "Others use the same phone or mailbox",
        AbuserInHousehold = "abuser_in_household", "Someone at home could harm them",
        EmployerMonitored = "employer_monitored", "Their employer can read it",
        ParentMonitored = "parent_monitored", "A parent can read it",
    }
}

/// The risks that are known of, kept as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, sea_orm::FromJsonQueryResult)]
pub struct Risks(pub Vec<Risk>);

mod entity {
    //! A row of `contact_rules`: one a person.
    use foundation::{Instant, PersonId, StaffId};
    use sea_orm::entity::prelude::*;

    use super::{CallHours, Risks};
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
        /// The name to ask for, when it is not the name used.
        pub ask_for: Option<String>,
        /// How the caller introduces; a first name when missing.
        pub identify_as: Option<String>,
        /// The word by which each knows the other, or that means "I cannot talk now".
        pub code_word: Option<String>,
        #[sea_orm(column_type = "JsonBinary")]
        pub risks: Risks,
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

/// Writes down what was said, in place of what was said before. The person may loosen; anyone else may only tighten, so
/// of each answer the stricter stays when someone close or a referrer speaks. [`Error::Stale`] when two save at once.
pub async fn set(unit: &mut Unit, care: &Subject, new: NewContactRules) -> Result<(), Error> {
    let person = care.person.ok_or(Error::NotFound)?;
    let permit = unit.permit(Act::SetSafeContact, care)?;
    let said = fresh(unit, person, &new);
    match of(unit.tx(), person).await? {
        None => unit.insert(entity::ActiveModel::from(said).reset_all()).await?,
        Some(before) if is_own_word(said.said_by) => {
            let row = ContactRules {
                ask_for: before.ask_for,
                identify_as: before.identify_as,
                code_word: before.code_word,
                risks: before.risks,
                do_not_contact_at: before.do_not_contact_at,
                version: before.version + 1,
                ..said
            };
            replace(unit, row, before.version).await?;
        }
        Some(before) => {
            let version = before.version;
            let confirmed_by_voice = before.confirmed_by_voice;
            let row = ContactRules { confirmed_by_voice, ..merging::stricter(before, &said) };
            replace(unit, row, version).await?;
        }
    }
    unit.record(permit, serde_json::json!({ "fields": ["call", "voicemail", "text_message", "email"] }));
    Ok(())
}

fn fresh(unit: &Unit, person: PersonId, new: &NewContactRules) -> ContactRules {
    ContactRules {
        person_id: person,
        call: new.call,
        call_hours: CallHours(new.hours),
        voicemail: new.voicemail,
        text_message: new.text_message,
        email: new.email,
        if_someone_else_answers: new.if_someone_else_answers,
        said_by: new.said_by,
        confirmed_by_voice: new.said_by == SaidBy::Voice,
        captured_at: unit.now(),
        captured_by: unit.actor().staff_id(),
        ask_for: None,
        identify_as: None,
        code_word: None,
        risks: Risks::default(),
        do_not_contact_at: None,
        version: 1,
    }
}

fn is_own_word(said_by: SaidBy) -> bool {
    matches!(said_by, SaidBy::Self_ | SaidBy::Voice | SaidBy::Mail)
}

async fn replace(unit: &Unit, row: ContactRules, version: i32) -> Result<(), Error> {
    let person = row.person_id;
    let done = entity::Entity::update_many()
        .set(entity::ActiveModel::from(row).reset_all())
        .filter(entity::Column::PersonId.eq(person))
        .filter(entity::Column::Version.eq(version))
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
}

/// How to ask for a person, how the caller introduces, the word both know, and who else may listen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    ask_for: Option<String>,
    identify_as: Option<String>,
    code_word: Option<String>,
    risks: Vec<Risk>,
}

impl Manner {
    /// Parses a form's strings; empty ones mean the name used, the caller's first name, and no code word.
    pub fn parse<'a>(text: impl Fn(&str) -> &'a str, risks: &[Risk]) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut line = |field: &str, fault: &str| {
            let typed = text(field).trim();
            if typed.chars().count() > 80 || typed.chars().any(char::is_control) {
                faults.add(field, fault);
            }
            Some(typed.to_owned()).filter(|typed| !typed.is_empty())
        };
        let name = "Enter a name on one line, up to 80 characters";
        let (ask_for, identify_as) = (line("ask_for", name), line("identify_as", name));
        let code_word = line("code_word", "Enter a word or two on one line, up to 80 characters");
        faults.or(|| Self { ask_for, identify_as, code_word, risks: risks.to_vec() })
    }
}

/// Whether the rules of a person are still those a page was shown with: the version it had, 0 when nothing was asked.
///
/// # Errors
/// [`Error::Stale`] when somebody wrote them down meanwhile.
pub async fn as_shown(unit: &Unit, person: PersonId, version: &str) -> Result<(), Error> {
    let now = of(unit.tx(), person).await?.map_or(0, |rules| rules.version);
    if now.to_string() == version { Ok(()) } else { Err(Error::Stale) }
}

/// Writes down the manner of calling. Ways that were never asked stay not asked.
pub async fn set_manner(unit: &mut Unit, care: &Subject, manner: Manner) -> Result<(), Error> {
    let permit = unit.permit(Act::SetSafeContact, care)?;
    let before = or_nothing_asked(unit, care).await?;
    let version = before.version;
    let row = ContactRules {
        ask_for: manner.ask_for,
        identify_as: manner.identify_as,
        code_word: manner.code_word,
        risks: Risks(manner.risks),
        version: version + 1,
        ..before
    };
    replace(unit, row, version).await?;
    unit.record(permit, serde_json::json!({ "fields": ["ask_for", "identify_as", "code_word", "risks"] }));
    Ok(())
}

/// The rules of a person; when nothing was ever asked, that is written down first.
pub(crate) async fn or_nothing_asked(unit: &Unit, care: &Subject) -> Result<ContactRules, Error> {
    let person = care.person.ok_or(Error::NotFound)?;
    if let Some(rules) = of(unit.tx(), person).await? {
        return Ok(rules);
    }
    let nothing = fresh(unit, person, &NewContactRules::default());
    match unit.insert(entity::ActiveModel::from(nothing.clone()).reset_all()).await {
        Ok(()) => Ok(nothing),
        // A colleague asked at the same moment.
        Err(Error::Exists) => Err(Error::Stale),
        Err(other) => Err(other),
    }
}

/// Nobody writes or calls from now on, whatever else was agreed. Anyone may say so for a person; said twice, the first
/// time counts.
pub async fn do_not_contact(unit: &mut Unit, care: &Subject) -> Result<(), Error> {
    let permit = unit.permit(Act::SetSafeContact, care)?;
    let before = or_nothing_asked(unit, care).await?;
    let version = before.version;
    let since = before.do_not_contact_at.unwrap_or_else(|| unit.now());
    let row = ContactRules { do_not_contact_at: Some(since), version: version + 1, ..before };
    let person = row.person_id;
    replace(unit, row, version).await?;
    links::revoke_all(unit, person, Purpose::CheckIn).await?;
    unit.record(permit, serde_json::json!({ "fields": ["do_not_contact_at"] }));
    Ok(())
}

/// They may be contacted again, by the ways they allowed. Only the person can say so.
pub async fn contact_again(unit: &mut Unit, care: &Subject, said_by: SaidBy) -> Result<(), Error> {
    let permit = unit.permit(Act::SetSafeContact, care)?;
    if !is_own_word(said_by) {
        return Err(refused("own_word", "Only they themselves can ask to be contacted again."));
    }
    let person = care.person.ok_or(Error::NotFound)?;
    let before = of(unit.tx(), person).await?.filter(|rules| rules.do_not_contact_at.is_some());
    let before = before.ok_or(Error::NotFound)?;
    let version = before.version;
    let row = ContactRules { do_not_contact_at: None, version: version + 1, ..before };
    replace(unit, row, version).await?;
    unit.record(
        permit,
        serde_json::json!({ "fields": ["do_not_contact_at"], "lifted": true, "said_by": said_by }),
    );
    Ok(())
}

/// The rules of a person, if anything was ever said.
pub async fn of(reader: &impl ConnectionTrait, person: PersonId) -> Result<Option<ContactRules>, Error> {
    Ok(entity::Entity::find_by_id(person).one(reader).await?)
}

/// Whether somebody who holds one of these addresses said that nobody should write there, or not contact them at all.
/// All of them are asked, however many hold it.
pub async fn anyone_refuses_mail(reader: &impl ConnectionTrait, folded: &[String]) -> Result<bool, Error> {
    if folded.is_empty() {
        return Ok(false);
    }
    let refuses = Condition::any()
        .add(entity::Column::Email.eq(Permission::Never))
        .add(entity::Column::DoNotContactAt.is_not_null());
    let one = entity::Entity::find()
        .filter(entity::Column::PersonId.in_subquery(contact_point::held_by(folded)))
        .filter(refuses)
        .one(reader)
        .await?;
    // Who holds one may also have said so of this address alone.
    Ok(one.is_some() || contact_point::refused(reader, folded).await?)
}

pub(crate) async fn forget(unit: &Unit, person: PersonId) -> Result<(), Error> {
    entity::Entity::delete_by_id(person).exec(unit.tx()).await?;
    Ok(())
}

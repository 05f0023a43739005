//! The second factor: a code of an authenticator (TOTP, RFC 6238) or one of ten recovery codes, each good once.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{EntityTrait, Set};
use totp_rs::{Builder, Totp};

use super::sessions::{self, Session};
use super::throttle::{self, Scope};
use super::{account, devices, recovery_code};
use crate::actor::Actor;
use crate::acts::Act;
use crate::chance::{Secret, hash_of};
use crate::db::Db;
use crate::error::{Error, refused};
use crate::ids::StaffId;
use crate::subject::Subject;
use crate::unit::Unit;

/// Recovery codes handed out at once.
const CODES: usize = 10;

/// A factor about to be set up; shown once, kept only when a first code proves that the authenticator has it.
#[derive(Clone)]
pub struct NewFactor {
    /// For typing by hand.
    pub base32: String,
    /// For a QR code on the same page.
    pub url: String,
}

/// A new secret for an account's authenticator, under the center's neutral name.
pub fn propose(db: &Db, sign_in_name: &str, issuer: &str) -> Result<NewFactor, Error> {
    let secret = db.chance().bytes::<20>();
    factor(&totp(secret.to_vec(), sign_in_name, issuer)?, &secret)
}

/// The same proposal again from what the form carried, to show the page a second time.
pub fn propose_again(base32: &str, sign_in_name: &str, issuer: &str) -> Result<NewFactor, Error> {
    let secret = from_base32(base32)?;
    factor(&totp(secret.clone(), sign_in_name, issuer)?, &secret)
}

fn factor(totp: &Totp, secret: &[u8]) -> Result<NewFactor, Error> {
    let url = totp.to_url().map_err(|e| Error::Broken(e.to_string()))?;
    Ok(NewFactor { base32: totp_rs::Secret::from(secret.to_vec()).to_base32(), url })
}

/// What setting up a second step gives back: the only time either is seen.
#[derive(Debug)]
pub struct Enrolled {
    /// The recovery codes.
    pub codes: Vec<String>,
    /// The new value of the session.
    pub token: Secret,
}

/// Keeps the factor if `code` is right for it.
pub async fn enrol(unit: &mut Unit, session: &Session, base32: &str, code: &str) -> Result<Enrolled, Error> {
    let staff = session.staff.id;
    let permit = unit.permit(Act::ChangeOwnAccount, &Subject::of("staff", staff))?;
    let secret = from_base32(base32)?;
    let step = check(&secret, code, unit.now())?.ok_or_else(wrong_code)?;
    let sealed = unit.db().keyring().seal_for_center("staff.totp_secret", &secret, unit.chance())?;
    account::Entity::update_many()
        .col_expr(account::Column::TotpSecret, Expr::value(sealed))
        .col_expr(account::Column::TotpLastStep, Expr::value(step))
        .filter(account::Column::Id.eq(staff))
        .exec(unit.tx())
        .await?;
    let codes = new_codes(unit, staff).await?;
    let token = sessions::factor_given(unit, session.id).await?;
    sessions::end_all(unit, staff, Some(session.id)).await?;
    unit.record(permit, serde_json::json!({ "fields": ["second_factor"] }));
    Ok(Enrolled { codes, token })
}

/// Lets a session in whose code is right. A code works once: the step is kept by compare-and-set. Whoever has the
/// password and not the code is refused, counted and in the ledger. Returns the new value of the session.
pub async fn give(db: &Db, session: &Session, code: &str, device: Option<&str>) -> Result<Secret, Error> {
    let staff = session.staff.id;
    let account = account::Entity::find_by_id(staff).one(db.reader()).await?.ok_or(Error::NotFound)?;
    let scope = Scope::codes(staff, devices::is_known(db, Some(&account), device));
    throttle::count(db.store(), std::slice::from_ref(&scope), db.now()).await?;
    let let_in = db
        .write(&session.actor(), async |unit| {
            let permit = unit.permit(Act::SignIn, &Subject::of("staff", staff))?;
            let by = right_code(unit, staff, code).await?;
            let token = sessions::factor_given(unit, session.id).await?;
            throttle::forgive(unit.tx(), std::slice::from_ref(&scope), "").await?;
            unit.record(permit, serde_json::json!({ "factor": by }));
            Ok(token)
        })
        .await;
    if let Err(Error::Refused(_)) = &let_in {
        db.write(&Actor::Visitor, async |unit| {
            let permit = unit.permit(Act::RefuseSignIn, &Subject::of("staff", staff))?;
            unit.record(permit, serde_json::json!({ "factor": "code" }));
            Ok(())
        })
        .await?;
    }
    let_in
}

/// Spends the code, and says which kind it was.
async fn right_code(unit: &Unit, staff: StaffId, code: &str) -> Result<&'static str, Error> {
    let account = account::Entity::find_by_id(staff).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    let sealed = account.totp_secret.ok_or(Error::NotFound)?;
    let secret = unit.db().keyring().open_for_center("staff.totp_secret", &sealed)?;
    match check(&secret, code, unit.now())? {
        Some(step) if spend_step(unit, staff, step).await? => Ok("code"),
        None if spend_recovery_code(unit, staff, code).await? => Ok("recovery_code"),
        Some(_) | None => Err(wrong_code()),
    }
}

fn wrong_code() -> Error {
    refused("code", "That code is not right, or it was used before. Wait for the next one and try again.")
}

async fn spend_step(unit: &Unit, staff: StaffId, step: i64) -> Result<bool, Error> {
    let spent = account::Entity::update_many()
        .col_expr(account::Column::TotpLastStep, Expr::value(step))
        .filter(account::Column::Id.eq(staff))
        .filter(account::Column::TotpLastStep.lt(step))
        .exec(unit.tx())
        .await?;
    Ok(spent.rows_affected == 1)
}

async fn spend_recovery_code(unit: &Unit, staff: StaffId, code: &str) -> Result<bool, Error> {
    let spent = recovery_code::Entity::update_many()
        .col_expr(recovery_code::Column::UsedAt, Expr::value(unit.now()))
        .filter(recovery_code::Column::StaffId.eq(staff))
        .filter(recovery_code::Column::CodeHash.eq(hash_of(&plain(code))))
        .filter(recovery_code::Column::UsedAt.is_null())
        .exec(unit.tx())
        .await?;
    Ok(spent.rows_affected == 1)
}

async fn new_codes(unit: &mut Unit, staff: StaffId) -> Result<Vec<String>, Error> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::StaffId.eq(staff))
        .exec(unit.tx())
        .await?;
    let codes: Vec<String> = (0..CODES)
        .map(|_| format!("{}-{}", unit.chance().reference("R"), unit.chance().reference("R")))
        .collect();
    let rows: Vec<_> = codes
        .iter()
        .map(|code| recovery_code::ActiveModel {
            id: Set(unit.id()),
            staff_id: Set(staff),
            code_hash: Set(hash_of(&plain(code))),
            used_at: Set(None),
        })
        .collect();
    recovery_code::Entity::insert_many(rows).exec_without_returning(unit.tx()).await?;
    Ok(codes)
}

fn plain(code: &str) -> String {
    code.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

fn check(secret: &[u8], code: &str, now: crate::clock::Instant) -> Result<Option<i64>, Error> {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let time = u64::try_from(now.timestamp()).unwrap_or(0);
    let step = totp(secret.to_vec(), "", "")?.check(&digits, time);
    Ok(step.and_then(|s| i64::try_from(s).ok()))
}

fn totp(secret: Vec<u8>, name: &str, issuer: &str) -> Result<Totp, Error> {
    let issuer = (!issuer.is_empty()).then(|| issuer.replace(':', " "));
    Builder::new()
        .with_secret(secret)
        .with_account_name(name.replace(':', " "))
        .with_issuer(issuer)
        .build()
        .map_err(|e| Error::Broken(format!("a second factor: {e}")))
}

fn from_base32(text: &str) -> Result<Vec<u8>, Error> {
    let secret = totp_rs::Secret::try_from_base32(text).map_err(|_| wrong_code())?;
    Ok(secret.as_ref().to_vec())
}

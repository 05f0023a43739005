//! Signing in: one answer and one time for an unknown name, a wrong password and a disabled account.

use std::sync::Arc;

use sea_orm::entity::prelude::*;

use super::{account, passwords, sessions, throttle};
use crate::actor::{Actor, StaffActor};
use crate::acts::Act;
use crate::chance::Secret;
use crate::db::Db;
use crate::error::{Error, refused};
use crate::search::fold;
use crate::subject::Subject;

/// Checks name and password and begins a session, whose [`super::Stage`] says what is asked for next.
/// `from` is the address the try comes from, cut to a network.
pub async fn sign_in(db: &Db, name: &str, password: &str, from: &str) -> Result<Secret, Error> {
    let name = sign_in_name(name);
    if throttle::is_unwelcome(db.reader(), from, db.now()).await? {
        return Err(refused(
            "too_many_tries",
            "There were too many tries from here. Wait 15 minutes, then try again.",
        ));
    }
    tokio::time::sleep(throttle::wait(db.reader(), &name, db.now()).await?).await;
    let account =
        account::Entity::find().filter(account::Column::SignInName.eq(&name)).one(db.reader()).await?;
    let hash = account.as_ref().map(|a| a.password_hash.clone());
    let fits = passwords::fits(password.to_owned(), hash).await?;
    match account.filter(|a| fits && a.disabled_at.is_none()) {
        Some(account) => let_in(db, account, &name).await,
        None => refuse(db, &name, from).await,
    }
}

/// Sign-in names are folded, so that Ana.Ruiz and ana.ruiz are one.
pub(super) fn sign_in_name(typed: &str) -> String {
    fold(typed).replace(' ', ".")
}

async fn let_in(db: &Db, account: account::Model, name: &str) -> Result<Secret, Error> {
    let staff = StaffActor {
        id: account.id,
        name: account.name.into(),
        roles: account.roles.0.into(),
        opened: Arc::default(),
    };
    db.write(&Actor::Staff(staff), async |unit| {
        let permit = unit.permit(Act::SignIn, &Subject::of("staff", account.id))?;
        throttle::forget(unit.tx(), &throttle::account(name)).await?;
        let token = sessions::begin(unit, account.id).await?;
        unit.record(permit, serde_json::json!({}));
        Ok(token)
    })
    .await
}

async fn refuse(db: &Db, name: &str, from: &str) -> Result<Secret, Error> {
    db.write(&Actor::Visitor, async |unit| {
        let permit = unit.permit(Act::RefuseSignIn, &Subject::center())?;
        let now = unit.now();
        throttle::note_miss(unit.tx(), throttle::account(name), now).await?;
        throttle::note_miss(unit.tx(), throttle::address(from), now).await?;
        unit.record(permit, serde_json::json!({ "from": from }));
        Ok(())
    })
    .await?;
    Err(refused("sign_in", "The name or the password is not right. Check both and try again."))
}

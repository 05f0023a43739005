//! Signing in: one answer and one time for an unknown name, a wrong password and a disabled account.

use std::sync::Arc;

use sea_orm::entity::prelude::*;

use super::throttle::{self, Scope};
use super::{account, devices, passwords, sessions};
use crate::actor::{Actor, StaffActor};
use crate::acts::Act;
use crate::chance::Secret;
use crate::db::Db;
use crate::error::{Error, refused};
use crate::ids::StaffId;
use crate::restored::Restored;
use crate::role::Role;
use crate::search::fold;
use crate::subject::Subject;

/// A session that has begun.
pub struct Begun {
    /// For the cookie.
    pub token: Secret,
    pub staff: StaffId,
    /// Whether a code of a second factor is asked for next.
    pub asks_code: bool,
}

/// The network of whoever comes through a proxy that does not say from where: guesses are counted by the account alone, or
/// one stranger would keep everyone out.
pub const UNREADABLE: &str = "unreadable";

/// Where a try comes from.
#[derive(Clone, Copy, Debug)]
pub struct From<'a> {
    /// The address, cut to a network.
    pub network: &'a str,
    /// The word of [`devices::remember`], when the browser carries one.
    pub device: Option<&'a str>,
}

/// Checks name and password and begins a session, whose [`super::Stage`] says what is asked for next.
pub async fn sign_in(db: &Db, name: &str, password: &str, from: From<'_>) -> Result<Begun, Error> {
    // No sign-in name is longer; what is cut here is nobody's.
    let name: String = sign_in_name(name).chars().take(61).collect();
    let account =
        account::Entity::find().filter(account::Column::SignInName.eq(&name)).one(db.reader()).await?;
    let scopes = if devices::is_known(db, account.as_ref(), from.device) {
        vec![Scope::known_device(&name)]
    } else if from.network == UNREADABLE {
        vec![Scope::account(&name)]
    } else {
        let network = from.network;
        vec![Scope::account(&name), Scope::network_at(&name, network), Scope::network(network)]
    };
    let wait = throttle::count(db.store(), &scopes, db.now()).await?;
    tokio::time::sleep(wait).await;
    let hash = account.as_ref().map(|a| a.password_hash.clone());
    let fits = passwords::fits(password.to_owned(), hash).await?;
    match account.filter(|a| fits && a.disabled_at.is_none()) {
        Some(account) => let_in(db, account, &scopes, from.network).await,
        None => refuse(db, from.network).await,
    }
}

/// Sign-in names are folded, so that Ana.Ruiz and ana.ruiz are one.
pub(super) fn sign_in_name(typed: &str) -> String {
    fold(typed).replace(' ', ".")
}

async fn let_in(db: &Db, account: account::Model, scopes: &[Scope], network: &str) -> Result<Begun, Error> {
    if !account.roles.0.contains(&Role::Admin) && Restored::on_hold(db.reader()).await?.is_some() {
        return Err(refused(
            "on_hold",
            "This center was restored from a backup. You can sign in as soon as an administrator has looked at it and \
             lets it go on.",
        ));
    }
    let asks_code = account.totp_secret.is_some();
    let staff = StaffActor {
        id: account.id,
        name: account.name.into(),
        roles: account.roles.0.into(),
        opened: Arc::default(),
    };
    db.write(&Actor::Staff(staff), async |unit| {
        let permit = unit.permit(Act::SignIn, &Subject::of("staff", account.id))?;
        throttle::forgive(unit.tx(), scopes, network).await?;
        let token = sessions::begin(unit, account.id).await?;
        unit.record(permit, serde_json::json!({}));
        Ok(Begun { token, staff: account.id, asks_code })
    })
    .await
}

async fn refuse(db: &Db, network: &str) -> Result<Begun, Error> {
    db.write(&Actor::Visitor, async |unit| {
        let permit = unit.permit(Act::RefuseSignIn, &Subject::center())?;
        unit.record(permit, serde_json::json!({ "from": network }));
        Ok(())
    })
    .await?;
    Err(refused("sign_in", "The name or the password is not right. Check both and try again."))
}

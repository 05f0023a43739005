//! Accounts come and get new passwords: invited with a password to be changed, reset. Nothing here skips the second
//! factor, and no administrator can choose a password that stays.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder, Set};

use super::account::{self, Member, Roles};
use super::membership::{self, Membership};
use super::passwords::{self, Hashed, Password};
use super::sessions::{self, Session};
use super::signing_in::sign_in_name;
use super::throttle::{self, Scope};
use crate::acts::Act;
use crate::center::Center;
use crate::db::Db;
use crate::error::{Error, Faults, refused};
use crate::ids::StaffId;
use crate::role::Role;
use crate::subject::Subject;
use crate::unit::Unit;

/// An account about to be made. The hash is made before the unit, because hashing is slow.
#[derive(Clone, Debug)]
pub struct NewMember {
    name: String,
    sign_in_name: String,
    membership: Membership,
    hash: String,
    must_change: bool,
}

impl NewMember {
    /// Parses name, sign-in name, roles and password; hashes the password.
    pub async fn parse(
        name: &str,
        sign_in: &str,
        roles: &[Role],
        password: &str,
        must_change: bool,
        chance: &crate::chance::Chance,
    ) -> Result<Self, Error> {
        let mut faults = Faults::default();
        let name = name.trim();
        let sign_in = sign_in_name(sign_in);
        if name.is_empty() || name.chars().count() > 120 || name.chars().any(char::is_control) {
            faults.add("name", "Enter the name colleagues will see, up to 120 characters");
        }
        if sign_in.is_empty() || sign_in.chars().count() > 60 {
            faults.add("sign_in_name", "Enter a sign-in name, like ana.ruiz");
        }
        let membership = Membership::parse(roles, None).map_err(|f| faults.0.extend(f.0));
        let password = Password::parse(password, &[name, &sign_in]).map_err(|f| faults.0.extend(f.0));
        let (Ok(password), Ok(membership), true) = (password, membership, faults.0.is_empty()) else {
            return Err(faults.into());
        };
        let Hashed(hash) = passwords::hash(password, chance).await?;
        Ok(Self { name: name.to_owned(), sign_in_name: sign_in, membership, hash, must_change })
    }

    /// Whose team it is.
    #[must_use]
    pub fn supervised_by(mut self, supervisor: StaffId) -> Self {
        self.membership.supervisor = Some(supervisor);
        self
    }
}

/// Makes an account. The first one, before any other, is made by the house while setting up.
pub async fn invite(unit: &mut Unit, new: NewMember) -> Result<StaffId, Error> {
    let id: StaffId = unit.id();
    let first = account::Entity::find().one(unit.tx()).await?.is_none();
    let act = if first { Act::SetUpCenter } else { Act::ManageStaff };
    let permit = unit.permit(act, &Subject::of("staff", id))?;
    membership::check(&everyone(unit.tx()).await?, id, &new.membership).or(|| ())?;
    let Membership { roles, supervisor } = new.membership;
    let row = account::ActiveModel {
        id: Set(id),
        name: Set(new.name),
        sign_in_name: Set(new.sign_in_name),
        roles: Set(Roles(roles.clone())),
        supervisor_id: Set(supervisor),
        password_hash: Set(new.hash),
        must_change_password: Set(new.must_change),
        totp_secret: Set(None),
        totp_last_step: Set(0),
        created_at: Set(unit.now()),
        disabled_at: Set(None),
        version: Set(1),
    };
    match unit.insert(row).await {
        Err(Error::Exists) => Err(refused("sign_in_name", "That sign-in name is taken. Choose another.")),
        other => other,
    }?;
    unit.house_changed();
    unit.record(
        permit,
        serde_json::json!({ "fields": ["name", "roles"], "roles": roles, "supervisor": supervisor }),
    );
    Ok(id)
}

/// Gives an account a password that must be changed at the next sign-in, and ends its sessions. The second factor
/// stays; `forget_factor` removes it as well, for someone who lost the device.
pub async fn reset(
    unit: &mut Unit,
    staff: StaffId,
    Hashed(hash): Hashed,
    forget_factor: bool,
) -> Result<(), Error> {
    let permit = unit.permit(Act::ManageStaff, &Subject::of("staff", staff))?;
    let found = member(unit.tx(), staff).await?;
    // A new password for a closed account lets nobody in: whoever asked for it would be told something untrue.
    if found.disabled_at.is_some() {
        let name = found.name;
        return Err(refused("closed", format!("The account of {name} is closed. Open it again first.")));
    }
    let mut update = account::Entity::update_many()
        .col_expr(account::Column::PasswordHash, Expr::value(hash))
        .col_expr(account::Column::MustChangePassword, Expr::value(true))
        .filter(account::Column::Id.eq(staff));
    if forget_factor {
        update = update.col_expr(account::Column::TotpSecret, Expr::value(Option::<Vec<u8>>::None));
    }
    update.exec(unit.tx()).await?;
    sessions::end_all(unit, staff, None).await?;
    unit.record(permit, serde_json::json!({ "fields": ["password"], "factor_removed": forget_factor }));
    Ok(())
}

/// A new password of one's own, ready to be kept. `current` is the one in use, where it is asked for: a screen that was
/// left open is not enough to change it. The one that is replaced cannot be chosen again.
pub async fn own_password(
    db: &Db,
    session: &Session,
    current: Option<&str>,
    typed: &str,
) -> Result<Hashed, Error> {
    let center = Center::load(db.reader()).await?;
    let names = [&*session.staff.name, &session.sign_in_name, &center.name, &center.neutral_name];
    let password = Password::parse(typed, &names)?;
    let staff = session.staff.id;
    let account = account::Entity::find_by_id(staff).one(db.reader()).await?.ok_or(Error::NotFound)?;
    let is_it =
        async |typed: &str| passwords::fits(typed.to_owned(), Some(account.password_hash.clone())).await;
    let mut faults = Faults::default();
    if let Some(current) = current {
        throttle::count(db.store(), &[Scope::own_password(staff)], db.now()).await?;
        if !is_it(current).await? {
            faults.add("current", "Enter the password you use now");
        }
    }
    if is_it(typed).await? {
        faults.add("password", "Choose a password that is not the one you have now");
    }
    faults.or(|| ())?;
    passwords::hash(password, db.chance()).await
}

/// Changes the own password; other sessions end.
pub async fn change_own_password(
    unit: &mut Unit,
    session: &Session,
    Hashed(hash): Hashed,
) -> Result<(), Error> {
    let permit = unit.permit(Act::ChangeOwnAccount, &Subject::of("staff", session.staff.id))?;
    account::Entity::update_many()
        .col_expr(account::Column::PasswordHash, Expr::value(hash))
        .col_expr(account::Column::MustChangePassword, Expr::value(false))
        .filter(account::Column::Id.eq(session.staff.id))
        .exec(unit.tx())
        .await?;
    sessions::end_all(unit, session.staff.id, Some(session.id)).await?;
    unit.record(permit, serde_json::json!({ "fields": ["password"] }));
    Ok(())
}

/// Everyone on the staff, by name.
pub async fn everyone(reader: &impl ConnectionTrait) -> Result<Vec<Member>, Error> {
    let rows = account::Entity::find().order_by_asc(account::Column::Name).all(reader).await?;
    Ok(rows.into_iter().map(Member::from).collect())
}

/// One member of staff.
pub async fn member(reader: &impl ConnectionTrait, id: StaffId) -> Result<Member, Error> {
    account::Entity::find_by_id(id).one(reader).await?.map(Member::from).ok_or(Error::NotFound)
}

/// The member with a sign-in name.
pub async fn by_sign_in_name(reader: &impl ConnectionTrait, name: &str) -> Result<Member, Error> {
    let found = account::Entity::find()
        .filter(account::Column::SignInName.eq(sign_in_name(name)))
        .one(reader)
        .await?;
    found.map(Member::from).ok_or(Error::NotFound)
}

/// Whether nobody has an account yet: only then does `/setup` answer.
pub async fn is_empty(reader: &impl ConnectionTrait) -> Result<bool, Error> {
    Ok(account::Entity::find().one(reader).await?.is_none())
}

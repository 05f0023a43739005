//! Devices that finished a sign-in before. Whoever guesses from the same network must not lock the right person out, so
//! a browser that was let in once carries a sealed word for its account, and its tries are counted apart from everyone
//! else's. The word opens nothing: password and code are asked for all the same.

use sea_orm::EntityTrait;
use sha2::{Digest, Sha256};

use super::account;
use crate::chance::{hex, unhex};
use crate::db::Db;
use crate::error::Error;
use crate::ids::StaffId;

const PLACE: &str = "staff.device";

/// The word for a browser that was let in. A changed password makes it worthless.
pub async fn remember(db: &Db, staff: StaffId) -> Result<String, Error> {
    let account = account::Entity::find_by_id(staff).one(db.reader()).await?.ok_or(Error::NotFound)?;
    Ok(hex(&db.keyring().seal_for_center(PLACE, &content(&account), db.chance())?))
}

/// Whether this word was given to a browser of this account.
pub(super) fn is_known(db: &Db, account: Option<&account::Model>, word: Option<&str>) -> bool {
    let sealed = word.and_then(unhex);
    let Some((account, sealed)) = account.zip(sealed) else { return false };
    db.keyring().open_for_center(PLACE, &sealed).is_ok_and(|opened| opened == content(account))
}

fn content(account: &account::Model) -> Vec<u8> {
    let mut content = account.id.0.as_bytes().to_vec();
    content.extend(Sha256::digest(account.password_hash.as_bytes()));
    content
}

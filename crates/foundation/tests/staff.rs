//! Accounts as an administrator sees to them: roles and supervisors, closing with a reason, opening again.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

use foundation::ledger::asking::{Of, entries};
use foundation::staff::closing::{self, ClosingReason};
use foundation::staff::passwords::{Password, hash};
use foundation::staff::signing_in::{self, From};
use foundation::staff::{Membership, inviting, membership, sessions};
use foundation::testing::{Cast, House, staff_named};
use foundation::{Act, Actor, Error, Role, StaffId};

const AT_WORK: From<'static> = From { network: "203.0.113.9", device: None };
const PASS: &str = "a long enough pass phrase";

fn id(of: &Actor) -> StaffId {
    of.staff_id().unwrap()
}

async fn change(
    house: &House,
    by: &Actor,
    who: &Actor,
    roles: &[Role],
    supervisor: Option<&Actor>,
) -> Result<(), Error> {
    let version = inviting::member(house.reader(), id(who)).await?.version;
    let to = Membership::parse(roles, supervisor.map(id))?;
    house.write(by, async |unit| membership::change(unit, id(who), version, to).await).await
}

#[tokio::test]
async fn ray_becomes_a_supervisor_and_it_holds_at_his_next_click() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let token = signing_in::sign_in(&house, "ray.okafor", PASS, AT_WORK).await.unwrap().token;
    let both = [Role::Counselor, Role::Supervisor];
    let roles = async || {
        let session = sessions::of(&house, token.reveal(), false).await.unwrap().unwrap();
        session.staff.roles.to_vec()
    };
    assert_eq!(roles().await, [Role::Counselor]);
    change(&house, &cast.linus, &cast.ray, &both, Some(&cast.mina)).await.unwrap();
    assert_eq!(roles().await, both, "not at the next request");
    // Ines gets him as her supervisor; nobody else than an administrator says so.
    let no = change(&house, &cast.mina, &cast.ines, &[Role::Counselor], Some(&cast.ray)).await;
    assert!(matches!(no, Err(Error::Forbidden(Act::ChangeRoles))));
    change(&house, &cast.linus, &cast.ines, &[Role::Counselor], Some(&cast.ray)).await.unwrap();
    // Saved on a page that was open before somebody else's change.
    let to = Membership::parse(&[Role::Counselor], None).unwrap();
    let stale =
        house.write(&cast.linus, async |unit| membership::change(unit, id(&cast.ines), 1, to).await).await;
    assert!(matches!(stale, Err(Error::Stale)));
    let told = entries(house.reader(), Of::Subject(id(&cast.ines).0), None, 20).await.unwrap();
    let entry = told.iter().find(|entry| entry.act == Act::ChangeRoles).unwrap();
    assert_eq!(entry.details["supervisor"], serde_json::json!(id(&cast.ray)));
    house.close().await;
}

#[tokio::test]
async fn the_last_administrator_stays_whoever_closes_whom() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let close = async |by: &Actor, who: &Actor| {
        house.write(by, async |unit| closing::close(unit, id(who), ClosingReason::Left).await).await
    };
    let is_last =
        |done: Result<(), Error>| matches!(done, Err(Error::Refused(r)) if r.code == "last_administrator");
    assert!(is_last(close(&cast.linus, &cast.linus).await));
    assert!(is_last(close(&Actor::House, &cast.linus).await), "from the terminal");
    assert!(
        change(&house, &cast.linus, &cast.linus, &[Role::Intake], None).await.is_err(),
        "the role as well"
    );
    let ada = staff_named(&house, "Ada Root", &[Role::Admin], None).await;
    // Each closes the other at one moment.
    let (one, two) = tokio::join!(close(&cast.linus, &ada), close(&ada, &cast.linus));
    assert!(is_last(one) != is_last(two), "both or neither");
    house.close().await;
}

#[tokio::test]
async fn a_closed_account_is_signed_out_at_once_gets_no_new_password_and_opens_again() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let token = signing_in::sign_in(&house, "ray.okafor", PASS, AT_WORK).await.unwrap().token;
    let ray = id(&cast.ray);
    let fresh = async || {
        hash(Password::parse("another long pass phrase", &["ray.okafor"]).unwrap(), house.chance())
            .await
            .unwrap()
    };
    house
        .write(&cast.linus, async |unit| closing::close(unit, ray, ClosingReason::OnLeave).await)
        .await
        .unwrap();
    assert!(sessions::of(&house, token.reveal(), false).await.unwrap().is_none());
    let hashed = fresh().await;
    let reset = house.write(&cast.linus, async |unit| inviting::reset(unit, ray, hashed, false).await).await;
    assert!(matches!(reset, Err(Error::Refused(r)) if r.code == "closed"), "a reset that lets nobody in");
    // Mina, who supervised him, leaves meanwhile.
    house
        .write(&cast.linus, async |unit| closing::close(unit, id(&cast.mina), ClosingReason::Left).await)
        .await
        .unwrap();
    let hashed = fresh().await;
    house.write(&cast.linus, async |unit| closing::reopen(unit, ray, hashed).await).await.unwrap();
    let member = inviting::member(house.reader(), ray).await.unwrap();
    assert_eq!((member.disabled_at, member.has_factor, member.supervisor_id), (None, false, None));
    assert!(signing_in::sign_in(&house, "ray.okafor", "another long pass phrase", AT_WORK).await.is_ok());
    house.close().await;
}

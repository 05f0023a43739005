//! May this person be reached, and how: contact points and rules, told with people.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

mod people;

use consent::contact_point::{OwnRules, set_own_rules};
use consent::contact_rules::{Manner, Risk, contact_again, do_not_contact, set, set_manner};
use consent::gate::{self, Answer, Purpose};
use consent::reaching::at_this_hour;
use consent::rules::contact::{Answering, Hours, Permission, SaidBy, Voicemail};
use consent::rules::quiet_hours::WhyNow;
use consent::{
    ConsentHolding, ContactPointId, ContactRules, NewContactPoint, NewContactRules, Reaching,
    SafeContactCard, contact_point, contact_rules,
};
use foundation::holding::Holding;
use foundation::testing::{Cast, House};
use foundation::{Act, Error, Faults, Instant, PersonId, Subject};
use sea_orm::prelude::Uuid;

use people::{acts, care, client, house, person, reachable, welcome};

#[tokio::test]
async fn a_counselor_writes_down_a_number_for_the_own_caseload_only() {
    let (house, cast) = house().await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let number = NewContactPoint::phone("(212) 555-0142").unwrap();
    let by_ines = house.write(&cast.ines, async |u| contact_point::add(u, zoe, number.clone()).await).await;
    assert!(matches!(by_ines, Err(Error::Forbidden(Act::SetContactPoint))), "{by_ines:?}");
    for allowed in [&cast.ray, &cast.mina] {
        house.write(allowed, async |u| contact_point::add(u, zoe, number.clone()).await).await.unwrap();
    }
    let points = contact_point::of(house.reader(), zoe).await.unwrap();
    assert_eq!(points.len(), 1, "the same number twice is one");
    assert_eq!((points[0].value.as_str(), points[0].folded.as_str()), ("(212) 555-0142", "2125550142"));
    assert_eq!(acts(&house, zoe).await.iter().filter(|act| **act == Act::SetContactPoint).count(), 1);
    house.close().await;
}

#[tokio::test]
async fn an_address_that_ended_is_used_no_more_and_can_come_back() {
    let (house, cast) = house().await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    reachable(&house, &cast, zoe, "zoe@example.com").await;
    let point = contact_point::email_of(house.reader(), zoe).await.unwrap().unwrap();
    let hers = care(zoe, &cast.ray, cast.mina.staff_id());
    house.write(&cast.ray, async |u| contact_point::end(u, point.id, &hers).await).await.unwrap();
    assert!(contact_point::email_of(house.reader(), zoe).await.unwrap().is_none());
    let twice = house.write(&cast.ray, async |u| contact_point::end(u, point.id, &hers).await).await;
    assert!(matches!(twice, Err(Error::NotFound)));
    let again = NewContactPoint::email("Zoe@Example.com").unwrap();
    let id = house.write(&cast.ray, async |u| contact_point::add(u, zoe, again.clone()).await).await.unwrap();
    assert_ne!(id, point.id);
    house.close().await;
}

#[tokio::test]
async fn someone_elses_number_cannot_be_ended_through_the_own_record() {
    let (house, cast) = house().await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let tom = client(&house, "Tom", &cast.ines).await;
    reachable(&house, &cast, zoe, "zoe@example.com").await;
    let point = contact_point::email_of(house.reader(), zoe).await.unwrap().unwrap();
    let toms = care(tom, &cast.ines, None);
    let no = house.write(&cast.ines, async |u| contact_point::end(u, point.id, &toms).await).await;
    assert!(matches!(no, Err(Error::NotFound)));
    house.close().await;
}

#[tokio::test]
async fn her_mother_may_tighten_what_zoe_allowed_and_loosens_nothing() {
    let (house, cast) = house().await;
    let zoe = person(&house, "Zoë").await;
    let hers = Subject::of("person", zoe).concerning(zoe);
    let hours = Hours::new(9, 16, false);
    let first = NewContactRules { hours, voicemail: consent::rules::contact::Voicemail::Never, ..welcome() };
    house.write(&cast.ana, async |u| set(u, &hers, first.clone()).await).await.unwrap();
    let mother = NewContactRules { email: Permission::Never, said_by: SaidBy::Family, ..welcome() };
    house.write(&cast.ana, async |u| set(u, &hers, mother.clone()).await).await.unwrap();
    let rules = contact_rules::of(house.reader(), zoe).await.unwrap().unwrap();
    assert_eq!(rules.email, Permission::Never, "tightened");
    assert_eq!(rules.voicemail, consent::rules::contact::Voicemail::Never, "not loosened");
    assert_eq!(rules.call_hours.0, hours, "her hours stay");
    assert_eq!((rules.said_by, rules.version), (SaidBy::Voice, 2));
    // Zoë herself may loosen.
    house.write(&cast.ana, async |u| set(u, &hers, welcome()).await).await.unwrap();
    let rules = contact_rules::of(house.reader(), zoe).await.unwrap().unwrap();
    assert_eq!((rules.email, rules.call_hours.0), (Permission::Ok, None));
    house.close().await;
}

#[tokio::test]
async fn do_not_contact_holds_for_who_was_never_asked_and_only_they_lift_it() {
    let (house, cast) = house().await;
    let jo = person(&house, "Jo").await;
    let hers = Subject::of("person", jo).concerning(jo);
    house.write(&cast.ana, async |u| do_not_contact(u, &hers).await).await.unwrap();
    let card = |rules: &consent::ContactRules| card_of(Some(rules.clone()), house.now());
    let rules = contact_rules::of(house.reader(), jo).await.unwrap().unwrap();
    assert_eq!(card(&rules).heading, "Safe contact: asked not to be contacted");
    assert!(!card(&rules).say.contains("555-0142"), "{}", card(&rules).say);
    assert!(card(&rules).ways.iter().all(|way| way.words == "never"), "a line below it says otherwise");
    // What is said later about the ways does not lift it.
    house.write(&cast.ana, async |u| set(u, &hers, welcome()).await).await.unwrap();
    let rules = contact_rules::of(house.reader(), jo).await.unwrap().unwrap();
    assert!(card(&rules).ways.iter().all(|way| way.words == "never"), "Call any time, beneath Do not call");
    assert!(rules.do_not_contact_at.is_some());
    let sister = house.write(&cast.ana, async |u| contact_again(u, &hers, SaidBy::Family).await).await;
    assert!(matches!(sister, Err(Error::Refused(r)) if r.code == "own_word"));
    house.write(&cast.ana, async |u| contact_again(u, &hers, SaidBy::Voice).await).await.unwrap();
    let rules = contact_rules::of(house.reader(), jo).await.unwrap().unwrap();
    assert!(rules.do_not_contact_at.is_none());
    assert_eq!(card(&rules).heading, "Safe contact: no number to call");
    house.close().await;
}

#[tokio::test]
async fn the_caller_asks_for_the_name_said_aloud_and_knows_who_listens() {
    let (house, cast) = house().await;
    let jo = person(&house, "Jo").await;
    let hers = Subject::of("person", jo).concerning(jo);
    let kept = manner(" Johanna ", " The blue boat ").unwrap();
    house.write(&cast.ana, async |u| set_manner(u, &hers, kept.clone()).await).await.unwrap();
    house.write(&cast.ana, async |u| set(u, &hers, welcome()).await).await.unwrap();
    point(&house, &cast, jo, NewContactPoint::phone("312 555 0142").unwrap()).await;
    let card = Reaching::of(house.reader(), jo).await.unwrap().card("Jo", "Ana", house.now());
    assert!(card.say.contains("Ask for Johanna"), "{}", card.say);
    assert_eq!(card.risks, ["Someone at home could harm them"]);
    assert_eq!(card.code_word.as_deref(), Some("The blue boat"));
    assert!(manner("Jo\nhanna", "").is_err());
    assert!(manner("", &"x".repeat(81)).unwrap_err().of("code_word").is_some());
    house.close().await;
}

#[tokio::test]
async fn after_half_a_year_the_card_asks_to_ask_again() {
    let (house, cast) = house().await;
    let jo = person(&house, "Jo").await;
    reachable(&house, &cast, jo, "jo@example.com").await;
    let rules = contact_rules::of(house.reader(), jo).await.unwrap();
    let stale = |house: &foundation::testing::House| card_of(rules.clone(), house.now()).stale;
    house.later(chrono::TimeDelta::days(179));
    assert!(!stale(&house));
    house.later(chrono::TimeDelta::days(1));
    assert!(stale(&house));
    // Ana asks, Jo says that it still holds.
    let hers = Subject::of("person", jo).concerning(jo);
    house.write(&cast.ana, async |u| contact_rules::confirm(u, &hers).await).await.unwrap();
    let now = contact_rules::of(house.reader(), jo).await.unwrap().unwrap();
    assert!(!card_of(Some(now.clone()), house.now()).stale);
    let before = rules.as_ref().unwrap();
    assert_eq!((now.call, now.voicemail, now.email), (before.call, before.voicemail, before.email));
    assert!(now.confirmed_by_voice);
    let nobody = person(&house, "Zoë").await;
    let theirs = Subject::of("person", nobody).concerning(nobody);
    let nothing = house.write(&cast.ana, async |u| contact_rules::confirm(u, &theirs).await).await;
    assert!(matches!(nothing, Err(Error::NotFound)), "what was never said is not confirmed");
    house.close().await;
}

#[tokio::test]
async fn two_records_of_one_person_become_one_and_the_stricter_word_stays() {
    let (house, cast) = house().await;
    let (zoe, also_zoe) = (person(&house, "Zoë").await, person(&house, "Zoe").await);
    reachable(&house, &cast, zoe, "zoe@example.com").await;
    reachable(&house, &cast, also_zoe, "ZOE@example.com").await;
    let theirs = Subject::of("person", also_zoe).concerning(also_zoe);
    let never = NewContactRules { email: Permission::Never, ..welcome() };
    house.write(&cast.carol, async |u| set(u, &theirs, never.clone()).await).await.unwrap();
    house
        .write(&foundation::Actor::House, async |unit| {
            let permit = unit.permit(Act::ChangeClient, &theirs)?;
            ConsentHolding.move_to(unit, also_zoe, zoe).await?;
            unit.record(permit, serde_json::json!({ "survivor": zoe }));
            Ok(())
        })
        .await
        .unwrap();
    let rules = contact_rules::of(house.reader(), zoe).await.unwrap().unwrap();
    assert_eq!((rules.email, rules.call), (Permission::Never, Permission::Ok));
    assert!(contact_rules::of(house.reader(), also_zoe).await.unwrap().is_none());
    assert_eq!(contact_point::of(house.reader(), zoe).await.unwrap().len(), 1, "one address, not two");
    house.close().await;
}

fn manner(ask_for: &str, code_word: &str) -> Result<Manner, Faults> {
    let text = |name: &str| match name {
        "ask_for" => ask_for,
        "code_word" => code_word,
        _ => "",
    };
    Manner::parse(text, &[Risk::AbuserInHousehold])
}

fn card_of(rules: Option<ContactRules>, now: Instant) -> SafeContactCard {
    let mut reaching = Reaching::default();
    reaching.rules = rules;
    reaching.card("Jo", "Ana", now)
}

/// Gives a person one number or address more.
async fn point(house: &House, cast: &Cast, who: PersonId, new: NewContactPoint) -> ContactPointId {
    house.write(&cast.ana, async |unit| contact_point::add(unit, who, new.clone()).await).await.unwrap()
}

async fn say(
    house: &House,
    cast: &Cast,
    who: PersonId,
    point: ContactPointId,
    before: Option<Instant>,
    own: OwnRules,
) -> Result<(), Error> {
    let care = Subject::of("person", who).concerning(who);
    house.write(&cast.ana, async |unit| set_own_rules(unit, point, &care, before, own.clone()).await).await
}

#[tokio::test]
async fn at_work_nobody_leaves_a_message_and_at_home_nobody_calls() {
    let (house, cast) = house().await;
    let jo = person(&house, "Jo").await;
    reachable(&house, &cast, jo, "jo@example.com").await;
    let home = point(&house, &cast, jo, NewContactPoint::phone("312 555 0101").unwrap()).await;
    house.later(chrono::TimeDelta::minutes(1));
    let work = point(&house, &cast, jo, NewContactPoint::phone("312 555 0102").unwrap()).await;
    let asked = OwnRules::asked_at(house.now());
    let never = OwnRules { may_use: Permission::Never, ..asked.clone() };
    say(&house, &cast, jo, home, None, never.clone()).await.unwrap();
    let careful = OwnRules { voicemail: Voicemail::Never, answering: Answering::HangUp, ..asked.clone() };
    say(&house, &cast, jo, work, None, careful).await.unwrap();

    let reaching = Reaching::of(house.reader(), jo).await.unwrap();
    assert_eq!(reaching.phone(), Some("312 555 0102"), "the one at home is not the one to call");
    let card = reaching.card("Jo", "Ana", house.now());
    assert!(card.say.starts_with("Call 312 555 0102") && card.say.contains("hang up"), "{}", card.say);
    assert_eq!(card.ways[1].words, "never", "no voicemail at work");
    let lines: Vec<_> =
        card.lines.iter().map(|l| (l.value.as_str(), l.words.as_str(), l.is_refused)).collect();
    assert_eq!(
        lines,
        [
            ("312 555 0101", "never", true),
            ("312 555 0102", "no voicemail; if someone else answers, hang up", false)
        ]
    );
    // Whoever saves on a page that is older than what a colleague wrote is told.
    let late = say(&house, &cast, jo, home, None, asked.clone()).await;
    assert!(matches!(late, Err(Error::Stale)), "{late:?}");
    let seen = reaching.points.iter().find(|p| p.id == home).unwrap().own_rules.as_ref().unwrap().said_at;
    say(&house, &cast, jo, home, Some(seen), asked).await.unwrap();
    let reaching = Reaching::of(house.reader(), jo).await.unwrap();
    assert_eq!(reaching.phone(), Some("312 555 0101"), "said of all again, it is the one known longest");
    house.close().await;
}

#[tokio::test]
async fn an_address_that_others_read_is_not_written_to_while_another_is() {
    let (house, cast) = house().await;
    let jo = person(&house, "Jo").await;
    reachable(&house, &cast, jo, "jo@example.com").await;
    house.later(chrono::TimeDelta::minutes(1));
    let shared = point(&house, &cast, jo, NewContactPoint::email("home@example.com").unwrap()).await;
    let decide = async || {
        let answer = gate::foresee(house.reader(), jo, Purpose::AnswerRequest, house.now()).await.unwrap();
        let reaching = Reaching::of(house.reader(), jo).await.unwrap();
        (answer, reaching.email().unwrap().value.clone())
    };
    assert_eq!(decide().await, (Answer::Allow, "home@example.com".into()), "the newest");
    let never = OwnRules { may_use: Permission::Never, ..OwnRules::asked_at(house.now()) };
    say(&house, &cast, jo, shared, None, never.clone()).await.unwrap();
    assert_eq!(decide().await, (Answer::Allow, "jo@example.com".into()));
    let folded = ["home@example.com".to_owned()];
    assert!(contact_rules::anyone_refuses_mail(house.reader(), &folded).await.unwrap());
    let own = contact_point::email_of(house.reader(), jo).await.unwrap().unwrap();
    say(&house, &cast, jo, own.id, None, never).await.unwrap();
    assert_eq!(decide().await.0, Answer::Never, "both were refused");
    house.close().await;
}

#[tokio::test]
async fn what_was_said_of_a_number_survives_that_two_records_become_one() {
    let (house, cast) = house().await;
    let (zoe, also_zoe) = (person(&house, "Zoë").await, person(&house, "Zoe").await);
    for who in [zoe, also_zoe] {
        reachable(&house, &cast, who, "zoe@example.com").await;
    }
    let same = contact_point::email_of(house.reader(), also_zoe).await.unwrap().unwrap();
    let never = OwnRules { may_use: Permission::Never, ..OwnRules::asked_at(house.now()) };
    say(&house, &cast, also_zoe, same.id, None, never).await.unwrap();
    house
        .write(&foundation::Actor::House, async |unit| {
            let theirs = Subject::of("person", also_zoe).concerning(also_zoe);
            let permit = unit.permit(Act::ChangeClient, &theirs)?;
            ConsentHolding.move_to(unit, also_zoe, zoe).await?;
            unit.record(permit, serde_json::json!({ "survivor": zoe }));
            Ok(())
        })
        .await
        .unwrap();
    let kept = contact_point::email_of(house.reader(), zoe).await.unwrap().unwrap();
    assert_eq!(kept.own_rules.unwrap().may_use, Permission::Never);
    house.close().await;
}

#[tokio::test]
async fn fresh_rules_of_all_do_not_hide_that_a_number_was_asked_long_ago() {
    let (house, cast) = house().await;
    let jo = person(&house, "Jo").await;
    reachable(&house, &cast, jo, "jo@example.com").await;
    let work = point(&house, &cast, jo, NewContactPoint::phone("312 555 0102").unwrap()).await;
    let own = OwnRules { voicemail: Voicemail::Never, ..OwnRules::asked_at(house.now()) };
    say(&house, &cast, jo, work, None, own).await.unwrap();
    house.later(chrono::TimeDelta::days(179));
    let hers = Subject::of("person", jo).concerning(jo);
    house.write(&cast.ana, async |u| set(u, &hers, welcome()).await).await.unwrap();
    house.later(chrono::TimeDelta::days(2));
    assert!(Reaching::of(house.reader(), jo).await.unwrap().is_stale(house.now()));
    house.write(&cast.ana, async |u| contact_rules::confirm(u, &hers).await).await.unwrap();
    assert!(!Reaching::of(house.reader(), jo).await.unwrap().is_stale(house.now()));
    house.close().await;
}

#[tokio::test]
async fn a_refusal_comes_back_with_the_number_and_goes_along_to_another_record() {
    let (house, cast) = house().await;
    let (jo, record) = (person(&house, "Jo").await, person(&house, "Jo again").await);
    reachable(&house, &cast, jo, "jo@example.com").await;
    let number = NewContactPoint::phone("312 555 0101").unwrap();
    let home = point(&house, &cast, jo, number.clone()).await;
    let never = OwnRules { may_use: Permission::Never, ..OwnRules::asked_at(house.now()) };
    say(&house, &cast, jo, home, None, never).await.unwrap();
    let hers = Subject::of("person", jo).concerning(jo);
    house.write(&cast.ana, async |u| contact_point::end(u, home, &hers).await).await.unwrap();
    point(&house, &cast, jo, number).await;
    let points = contact_point::of(house.reader(), jo).await.unwrap();
    let back = points.into_iter().find(|point| point.folded == "3125550101").unwrap();
    assert!(back.is_refused(), "typed again it may be called");

    house.write(&cast.ana, async |u| contact_point::also_of(u, record, back.clone()).await).await.unwrap();
    let reaching = Reaching::of(house.reader(), record).await.unwrap();
    assert!(reaching.card("Jo", "Ana", house.now()).say.starts_with("Do not call"));
    house.close().await;
}

#[tokio::test]
async fn a_number_that_shares_no_hour_with_what_was_said_is_not_the_one_to_call() {
    let (house, cast) = house().await;
    let jo = person(&house, "Jo").await;
    let hers = Subject::of("person", jo).concerning(jo);
    let mornings = NewContactRules { hours: Hours::new(8, 12, false), ..welcome() };
    house.write(&cast.ana, async |u| set(u, &hers, mornings.clone()).await).await.unwrap();
    let home = point(&house, &cast, jo, NewContactPoint::phone("312 555 0101").unwrap()).await;
    house.later(chrono::TimeDelta::minutes(1));
    point(&house, &cast, jo, NewContactPoint::phone("312 555 0102").unwrap()).await;
    let evenings = OwnRules { hours: Hours::new(18, 20, false), ..OwnRules::asked_at(house.now()) };
    say(&house, &cast, jo, home, None, evenings).await.unwrap();
    let reaching = Reaching::of(house.reader(), jo).await.unwrap();
    assert_eq!((reaching.phone(), reaching.hours()), (Some("312 555 0102"), Hours::new(8, 12, false)));
    house.close().await;
}

/// A request of `who`, for merging. The rows belong to the room above; a story of this room writes what it reads.
async fn request_of(house: &House, who: PersonId, reference: &'static str) -> Uuid {
    let id: Uuid = who.0;
    let sql = "INSERT INTO requests (id, reference, submission, channel, for_whom, caller_id, prospective_id, danger, urgency, \
               received_at, due_at, attempts, version) \
               VALUES ($1, $2, $2, 'phone', 'self', $1, $1, 'no', 'routine', $3, $3, 0, 1)";
    people::beside(house, sql, vec![id.into(), reference.into(), house.now().into()]).await;
    id
}

#[tokio::test]
async fn two_requests_of_jo_are_merged_and_the_stricter_card_holds_until_somebody_asks() {
    let (house, cast) = house().await;
    let (jo, also_jo) = (person(&house, "Jo").await, person(&house, "Jo again").await);
    for who in [jo, also_jo] {
        reachable(&house, &cast, who, "jo@example.com").await;
        point(&house, &cast, who, NewContactPoint::phone("312 555 0101").unwrap()).await;
    }
    let theirs = Subject::of("person", also_jo).concerning(also_jo);
    let no = NewContactRules { voicemail: Voicemail::Never, email: Permission::Never, ..welcome() };
    house.write(&cast.ana, async |u| set(u, &theirs, no.clone()).await).await.unwrap();
    let (on, merged) = (request_of(&house, jo, "CR-JO1").await, request_of(&house, also_jo, "CR-JO2").await);
    house.later(chrono::TimeDelta::minutes(1));
    let sql = "INSERT INTO request_merges (id, merged_id, survivor_id, merged_at, urgency, due_at, person_id, version) \
               VALUES ($1, $1, $2, $3, 'routine', $3, $2, 1)";
    people::beside(&house, sql, vec![merged.into(), on.into(), house.now().into()]).await;

    let card = Reaching::of(house.reader(), jo).await.unwrap().card("Jo", "Ana", house.now());
    assert!(card.unsettled);
    assert_eq!((card.ways[1].words.as_str(), card.ways[3].words.as_str()), ("never", "never"));
    let answer = gate::foresee(house.reader(), jo, Purpose::AnswerRequest, house.now()).await.unwrap();
    assert_eq!(answer, Answer::Never, "the letter goes by one card alone");
    // Ana asks Jo, and writes down what holds.
    house.later(chrono::TimeDelta::minutes(5));
    let hers = Subject::of("person", jo).concerning(jo);
    house.write(&cast.ana, async |u| set(u, &hers, welcome()).await).await.unwrap();
    let card = Reaching::of(house.reader(), jo).await.unwrap().card("Jo", "Ana", house.now());
    assert!(!card.unsettled);
    assert_eq!(
        (card.ways[1].words.as_str(), card.ways[3].words.as_str()),
        ("a first name and a number", "any time")
    );
    house.close().await;
}

#[tokio::test]
async fn mari_lives_in_california_and_is_not_called_at_half_past_eight() {
    let (house, cast) = house().await;
    let mari = person(&house, "Mari").await;
    reachable(&house, &cast, mari, "mari@example.com").await;
    point(&house, &cast, mari, NewContactPoint::phone("(212) 555-0142").unwrap()).await;
    let sql = "UPDATE people SET zone = 'America/Los_Angeles' WHERE id = $1";
    people::beside(&house, sql, vec![mari.0.into()]).await;
    house.later(chrono::TimeDelta::minutes(90));
    let reaching = Reaching::of(house.reader(), mari).await.unwrap();
    let card = reaching.card("Mari", "Ana", house.now());
    assert_eq!(card.not_now.as_deref(), Some("Not now: it is 8:30 am where they live."));
    let faults = at_this_hour(&reaching, None, house.now()).unwrap_err();
    assert!(faults.of("why_now").unwrap().starts_with("Not now: it is 8:30 am"));
    let worried = Some(WhyNow::Worried);
    assert_eq!(at_this_hour(&reaching, worried, house.now()).unwrap(), worried);
    house.later(chrono::TimeDelta::minutes(30));
    assert_eq!(
        at_this_hour(&reaching, worried, house.now()).unwrap(),
        None,
        "no reason is kept where none is wanted"
    );
    house.close().await;
}

#[tokio::test]
async fn lists_name_the_danger_at_home_and_the_wish_for_silence() {
    let (house, cast) = house().await;
    let (jo, tom) = (person(&house, "Jo").await, person(&house, "Tom").await);
    let hers = Subject::of("person", jo).concerning(jo);
    let manner = manner("", "").unwrap();
    house.write(&cast.ana, async |u| set_manner(u, &hers, manner.clone()).await).await.unwrap();
    house.write(&cast.ana, async |u| do_not_contact(u, &hers).await).await.unwrap();
    let cautions = contact_rules::cautions_of(house.reader(), [jo, tom]).await.unwrap();
    assert_eq!(cautions[&jo].words, ["Someone at home could harm them", "Asked not to be contacted"]);
    assert!(!cautions.contains_key(&tom));
    house.close().await;
}

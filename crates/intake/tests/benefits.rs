//! Benefits checks on a real database, told with people.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on is a failed test")]

use chrono::TimeDelta;
use clients::episode::LevelOfCare;
use consent::consents::{self, Aim, NewConsent, Scope, SignedPaper};
use consent::disclosures;
use consent::rules::contact::SaidBy;
use foundation::ledger::asking::{Of, entries};
use foundation::testing::{Cast, House};
use foundation::{Act, Actor, Day, Error, Faults, Role, Subject, day};
use intake::benefits::answering::{self, NotChecked};
use intake::benefits::coverage::Coverage;
use intake::benefits::findings::{Findings, Outcome};
use intake::benefits::queue::{Group, rows, sentence};
use intake::benefits::{self, BenefitCheck, approving, asking, taking};
use intake::clocks::Clocks;
use intake::request::receiving::{NewRequest, TypedRequest, receive};
use intake::request::{by_reference, claiming};
use intake::rules::benefits::amounts::{Amount, Cents, Share};
use intake::rules::benefits::{Network, State, Way};
use intake::rules::words::Channel;
use intake::{IntakeHolding, Request, waiting_on};

const LEVEL: LevelOfCare = LevelOfCare::HighIntensityResidential;

/// The test house, with Tess who checks benefits.
async fn house() -> (House, Cast, Actor) {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let tess = foundation::testing::staff_named(&house, "Tess Moreau", &[Role::Benefits], None).await;
    (house, cast, tess)
}

async fn rosalind(house: &House) -> Request {
    let typed = TypedRequest {
        danger: "no",
        for_whom: "self",
        name: "Rosalind",
        phone: "212 555 0142",
        ..TypedRequest::default()
    };
    let new = NewRequest::parse(&typed, Channel::Web, SaidBy::Self_).unwrap();
    let received =
        house.write(&Actor::Visitor, async |unit| receive(unit, "form-1", new).await).await.unwrap();
    by_reference(house.reader(), &received.reference).await.unwrap()
}

fn today(house: &House) -> Day {
    day(house.now(), chrono_tz::America::Chicago)
}

fn given<'a>(fields: &'a [(&str, &'a str)]) -> impl Fn(&str) -> &'a str {
    |name| fields.iter().find(|(field, _)| *field == name).map_or("", |(_, value)| value)
}

fn cedar_mutual(house: &House) -> Coverage {
    let card =
        [("plan", "Cedar Mutual"), ("plan_kind", "ppo"), ("member_id", "XQ 77-0413"), ("subscriber", "self")];
    Coverage::parse(given(&card), vec![LEVEL], today(house)).unwrap()
}

async fn ask(house: &House, who: &Actor, about: &Request) -> Result<BenefitCheck, Error> {
    let coverage = cedar_mutual(house);
    house.write(who, async |unit| asking::ask(unit, about, &coverage).await).await?;
    newest(house, about).await.ok_or(Error::NotFound)
}

async fn newest(house: &House, about: &Request) -> Option<BenefitCheck> {
    benefits::newest(house.reader(), about.id).await.unwrap()
}

async fn take(house: &House, who: &Actor, on: &BenefitCheck, about: &Request) -> Result<(), Error> {
    house.write(who, async |unit| taking::take(unit, on, about).await).await
}

fn found(house: &House, way: &str) -> Findings {
    let said = [
        ("way", way),
        ("method", "phone"),
        ("call_reference", "I-20731"),
        ("representative", "Marla"),
        ("network_3_5", "in"),
        ("deductible_3_5", "$1,500"),
        ("deductible_met_3_5", "300"),
        ("share_3_5", "20%"),
    ];
    Findings::parse(given(&said), &cedar_mutual(house)).unwrap()
}

async fn answer(house: &House, who: &Actor, about: &Request, way: &str) -> Result<(), Error> {
    let (on, findings) = (newest(house, about).await.unwrap(), found(house, way));
    house.write(who, async |unit| answering::answer(unit, &on, about, findings).await).await
}

fn faults<T: std::fmt::Debug>(result: Result<T, Error>) -> Faults {
    match result {
        Err(Error::Invalid(faults)) => faults,
        other => panic!("{other:?}"),
    }
}

async fn permit(house: &House, who: &Actor, about: &Request, plan: &str, scope: Scope, until: Day) {
    let today = today(house);
    let new =
        NewConsent::named(plan, &[scope], "to learn what the plan pays", today, Some(until), today).unwrap();
    let name = consent::name_on_record(house.reader(), about.prospective_id).await.unwrap();
    let new = new.on(SignedPaper::ours(&name, Aim::Care, "folder 3"));
    let care = Subject::of("person", about.prospective_id).concerning(about.prospective_id);
    house.write(who, async |unit| consents::record(unit, &care, new).await).await.unwrap();
}

async fn page(house: &House, who: &Actor, about: &Request) -> Result<benefits::Page, Error> {
    let today = today(house);
    house
        .look(async |reader| benefits::page(reader, house.keyring(), who, &about.reference, today).await)
        .await
}

#[tokio::test]
async fn what_one_wrote_down_another_looks_over() {
    let (house, cast, tess) = house().await;
    let about = rosalind(&house).await;
    let check = ask(&house, &cast.ana, &about).await.unwrap();
    let approve = async |who: &Actor, on: &BenefitCheck| {
        house.write(who, async |unit| approving::approve(unit, on, &about).await).await
    };
    assert!(
        matches!(approve(&cast.mina, &check).await, Err(Error::Refused(_))),
        "nothing is there to approve"
    );
    take(&house, &tess, &check, &about).await.unwrap();
    answer(&house, &tess, &about, "they_called").await.unwrap();
    let of_now = async || page(&house, &cast.ana, &about).await.unwrap().newest.unwrap().check;
    let answered = of_now().await;
    let groups = async || -> Vec<Group> {
        let rows = rows(&house, &tess).await.unwrap();
        rows.iter().map(|row| row.group(today(&house))).collect()
    };
    assert_eq!(groups().await, [Group::ToApprove]);
    // Not whoever wrote it, and not whoever only asked for it.
    assert!(matches!(approve(&tess, &answered).await, Err(Error::Refused(no)) if no.code == "own"));
    assert!(matches!(approve(&cast.ana, &answered).await, Err(Error::Forbidden(_))));
    approve(&cast.mina, &answered).await.unwrap();
    let approved = of_now().await;
    assert_eq!((approved.state(), approved.approved_by), (State::Approved, cast.mina.staff_id()));
    assert_eq!(groups().await, [Group::Lately]);
    assert!(matches!(approve(&cast.mina, &answered).await, Err(Error::Stale)), "twice from one page");
    house.close().await;
}

#[tokio::test]
async fn a_check_is_asked_for_taken_and_answered_while_nothing_else_waits() {
    let (house, cast, tess) = house().await;
    let about = rosalind(&house).await;
    let check = ask(&house, &cast.ana, &about).await.unwrap();
    assert_eq!((check.state(), check.due_at), (State::Asked, house.now() + TimeDelta::hours(2)));
    assert!(
        !check.coverage.windows(6).any(|w| w == b"Mutual"),
        "the coverage is in the database in plain text"
    );
    take(&house, &tess, &check, &about).await.unwrap();
    house.later(TimeDelta::minutes(40));
    answer(&house, &tess, &about, "they_called").await.unwrap();

    let page = page(&house, &cast.ana, &about).await.unwrap();
    let newest = page.newest.unwrap();
    assert_eq!((newest.check.state(), newest.check.way), (State::Answered, Some(Way::TheyCalled)));
    assert_eq!(newest.check.valid_until, today(&house).checked_add_months(chrono::Months::new(1)));
    assert_eq!(newest.coverage.member_id, "XQ 77-0413");
    let Some(Outcome::Found(findings)) = newest.outcome else { panic!("nothing found") };
    let level = &findings.levels[0];
    assert_eq!((level.network, level.deductible), (Network::In, Amount::Known(Cents(150_000))));
    assert_eq!((level.share, level.most), (Share::Coinsurance(20), Amount::NotAsked));
    // The request went its own way: nobody moved it, and nothing left the house by us.
    let request = by_reference(house.reader(), &about.reference).await.unwrap();
    assert_eq!((request.version, request.is_open()), (about.version, true));
    assert!(disclosures::of(house.reader(), about.prospective_id).await.unwrap().is_empty());
    let told: Vec<Act> = entries(house.reader(), Of::Subject(about.id.0), None, 9)
        .await
        .unwrap()
        .iter()
        .map(|e| e.act)
        .collect();
    assert!(
        [Act::AskBenefits, Act::TakeBenefits, Act::AnswerBenefits].iter().all(|act| told.contains(act)),
        "{told:?}"
    );
    house.close().await;
}

#[tokio::test]
async fn nobody_asks_a_plan_by_name_without_a_written_permission_in_force() {
    let (house, cast, tess) = house().await;
    let about = rosalind(&house).await;
    let check = ask(&house, &cast.ana, &about).await.unwrap();
    take(&house, &tess, &check, &about).await.unwrap();
    let refused = faults(answer(&house, &tess, &about, "by_name").await);
    assert!(refused.of("way").is_some_and(|words| words.contains("written permission")), "{refused}");
    assert!(newest(&house, &about).await.unwrap().is_open(), "the answer was kept all the same");

    // Permission for another plan, or for something else, is none.
    let next_year = today(&house) + TimeDelta::days(365);
    permit(&house, &cast.ana, &about, "Cedar Mutual of Ohio", Scope::Benefits, next_year).await;
    permit(&house, &cast.ana, &about, "Cedar Mutual", Scope::Appointments, next_year).await;
    assert!(faults(answer(&house, &tess, &about, "by_name").await).of("way").is_some());

    permit(&house, &cast.ana, &about, "cedar mutual", Scope::Benefits, next_year).await;
    assert!(page(&house, &tess, &about).await.unwrap().consent.is_some());
    answer(&house, &tess, &about, "by_name").await.unwrap();
    let kept = newest(&house, &about).await.unwrap();
    assert_eq!(kept.way, Some(Way::ByName));
    // Asking was a disclosure, and stands in the accounting with the consent it rests on.
    let left = disclosures::of(house.reader(), about.prospective_id).await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!((left[0].consent_id, left[0].recipient.as_str()), (kept.consent_id, "cedar mutual"));
    house.close().await;
}

#[tokio::test]
async fn a_permission_that_has_run_out_or_was_taken_back_is_none() {
    let (house, cast, tess) = house().await;
    let about = rosalind(&house).await;
    let check = ask(&house, &cast.ana, &about).await.unwrap();
    take(&house, &tess, &check, &about).await.unwrap();
    permit(&house, &cast.ana, &about, "Cedar Mutual", Scope::Benefits, today(&house)).await;
    house.later(TimeDelta::days(1));
    assert!(faults(answer(&house, &tess, &about, "by_name").await).of("way").is_some());
    // Asking in vain tells the plan as much as asking with success.
    let tried = [("why_not", "not_told"), ("tried_way", "by_name"), ("tried", "They wanted a form first.")];
    let not = NotChecked::parse(given(&tried)).unwrap();
    let held = newest(&house, &about).await.unwrap();
    let vain = house.write(&tess, async |unit| answering::give_up(unit, &held, &about, not).await).await;
    assert!(faults(vain).of("tried_way").is_some());
    // The plan told nothing by us is always open.
    answer(&house, &tess, &about, "general").await.unwrap();
    house.close().await;
}

#[tokio::test]
async fn whoever_answers_for_behavioral_health_is_the_one_who_must_be_named() {
    let (house, ..) = house().await;
    let carved = Coverage { administrator: "Harbor Behavioral".into(), ..cedar_mutual(&house) };
    assert_eq!(carved.who_is_asked(), Some("Harbor Behavioral"));
    assert_eq!(cedar_mutual(&house).who_is_asked(), Some("Cedar Mutual"));
    house.close().await;
}

#[tokio::test]
async fn of_two_who_take_a_check_one_has_it_and_only_that_one_answers() {
    let (house, cast, tess) = house().await;
    let about = rosalind(&house).await;
    let check = ask(&house, &cast.ana, &about).await.unwrap();
    take(&house, &tess, &check, &about).await.unwrap();
    let Err(Error::Refused(no)) = take(&house, &cast.ana, &check, &about).await else {
        panic!("two have it")
    };
    assert_eq!(no.sentence, "Tess Moreau has this check already.");
    let other = answer(&house, &cast.ana, &about, "general").await;
    assert!(matches!(other, Err(Error::Refused(ref no)) if no.code == "not_mine"), "{other:?}");
    let again = ask(&house, &cast.ana, &about).await;
    assert!(matches!(again, Err(Error::Refused(ref no)) if no.code == "under_way"), "{again:?}");
    // Tess goes home; Mina gives it back and Ana goes on.
    let held = newest(&house, &about).await.unwrap();
    house.write(&cast.mina, async |unit| taking::give_back(unit, &held, &about).await).await.unwrap();
    take(&house, &cast.ana, &check, &about).await.unwrap();
    answer(&house, &cast.ana, &about, "general").await.unwrap();
    let twice = answer(&house, &cast.ana, &about, "general").await;
    assert!(matches!(twice, Err(Error::Refused(ref no)) if no.code == "answered"), "{twice:?}");
    house.close().await;
}

#[tokio::test]
async fn the_coverage_is_for_those_who_check_it() {
    let (house, cast, tess) = house().await;
    let about = rosalind(&house).await;
    let check = ask(&house, &cast.ana, &about).await.unwrap();
    for stranger in [&cast.ben, &cast.ray, &cast.carol, &cast.linus] {
        assert!(matches!(page(&house, stranger, &about).await, Err(Error::NotFound)));
        assert!(matches!(rows(&house, stranger).await, Err(Error::Forbidden(_))));
        assert!(matches!(take(&house, stranger, &check, &about).await, Err(Error::Forbidden(_))));
    }
    assert!(page(&house, &tess, &about).await.is_ok());
    house.close().await;
}

#[tokio::test]
async fn the_queue_says_who_waits_what_runs_out_and_forgets_what_was_asked_anew() {
    let (house, cast, tess) = house().await;
    let about = rosalind(&house).await;
    let check = ask(&house, &cast.ana, &about).await.unwrap();
    let zone = chrono_tz::America::Chicago;
    house.later(TimeDelta::minutes(80));
    let queue = rows(&house, &tess).await.unwrap();
    assert_eq!((queue[0].name.as_str(), queue[0].coverage.plan.as_str()), ("Rosalind", "Cedar Mutual"));
    let (bold, rest) = sentence(&queue, house.now(), &Clocks::default().office(zone));
    assert_eq!((bold.as_str(), rest.as_str()), ("One check waits.", "The first is due in 40 minutes."));
    take(&house, &tess, &check, &about).await.unwrap();
    assert_eq!(group(&house, &tess).await, [Group::BeingChecked]);
    answer(&house, &tess, &about, "general").await.unwrap();
    assert_eq!(group(&house, &tess).await, [Group::ToApprove]);
    house.later(TimeDelta::days(26));
    assert_eq!(group(&house, &tess).await, [Group::RunningOut]);
    ask(&house, &cast.ana, &about).await.unwrap();
    assert_eq!(group(&house, &tess).await, [Group::Waiting]);
    assert!(page(&house, &tess, &about).await.unwrap().before.is_some(), "the answer of before is gone");
    house.close().await;
}

async fn group(house: &House, who: &Actor) -> Vec<Group> {
    rows(house, who).await.unwrap().iter().map(|row| row.group(today(house))).collect()
}

#[tokio::test]
async fn the_coverage_is_put_right_and_nobody_is_overwritten() {
    let (house, cast, _) = house().await;
    let about = rosalind(&house).await;
    let check = ask(&house, &cast.ana, &about).await.unwrap();
    let right = Coverage { member_id: "XQ 77-0431".into(), ..cedar_mutual(&house) };
    let correct = async |version| {
        house
            .write(&cast.ana, async |unit| asking::correct(unit, &check, &about, version, &right).await)
            .await
    };
    correct(1).await.unwrap();
    assert!(matches!(correct(1).await, Err(Error::Stale)));
    let page = page(&house, &cast.ana, &about).await.unwrap();
    assert_eq!(page.newest.unwrap().coverage.member_id, "XQ 77-0431");
    house.close().await;
}

#[tokio::test]
async fn an_answer_about_a_coverage_that_was_put_right_meanwhile_is_not_kept() {
    let (house, cast, tess) = house().await;
    let about = rosalind(&house).await;
    let check = ask(&house, &cast.ana, &about).await.unwrap();
    take(&house, &tess, &check, &about).await.unwrap();
    let shown = newest(&house, &about).await.unwrap();
    let right = Coverage { plan: "Prairie Health".into(), ..cedar_mutual(&house) };
    let correct = house
        .write(&cast.ana, async |unit| asking::correct(unit, &shown, &about, shown.version, &right).await)
        .await;
    correct.unwrap();
    let findings = found(&house, "general");
    let late = house.write(&tess, async |unit| answering::answer(unit, &shown, &about, findings).await).await;
    assert!(matches!(late, Err(Error::Stale)), "{late:?}");
    assert!(newest(&house, &about).await.unwrap().is_open());
    house.close().await;
}

#[tokio::test]
async fn what_is_wrong_on_the_forms_is_said_at_its_field() {
    let (house, ..) = house().await;
    let card = [("payer_phone", "call them"), ("subscriber_born", "2199-01-01")];
    let no = Coverage::parse(given(&card), vec![], today(&house)).unwrap_err();
    let fields: Vec<&str> = no.0.iter().map(|f| f.field.as_str()).collect();
    assert_eq!(fields, ["plan", "payer_phone", "subscriber_born", "levels"]);

    let said = [
        ("way", "they_called"),
        ("method", "portal"),
        ("network_3_5", "in"),
        ("deductible_3_5", "1,50"),
        ("most_3_5", "100"),
        ("most_met_3_5", "200"),
        ("share_3_5", "20"),
        ("days_3_5", "a month"),
        ("prior_auth_phone_3_5", "555"),
    ];
    let no = Findings::parse(given(&said), &cedar_mutual(&house)).unwrap_err();
    for field in ["method", "deductible_3_5", "most_met_3_5", "share_3_5", "days_3_5", "prior_auth_phone_3_5"]
    {
        assert!(no.of(field).is_some(), "nothing at {field}: {no}");
    }
    let nothing = [("way", "general"), ("method", "portal")];
    let no = Findings::parse(given(&nothing), &cedar_mutual(&house)).unwrap_err();
    assert!(no.of("network_3_5").is_some());
    let nobody = Findings::parse(given(&[("way", "nobody")]), &cedar_mutual(&house)).unwrap_err();
    assert!(nobody.of("way").is_some(), "that nobody was asked is no answer for someone with a plan");
    house.close().await;
}

#[tokio::test]
async fn someone_who_pays_themselves_gets_an_estimate_and_no_plan_is_asked() {
    let (house, ..) = house().await;
    let own = Coverage::parse(given(&[("plan_kind", "self_pay")]), vec![LEVEL], today(&house)).unwrap();
    assert_eq!(own.who_is_asked(), None);
    let no = Findings::parse(given(&[("way", "nobody")]), &own).unwrap_err();
    assert!(no.of("estimate").is_some());
    let said = [("way", "nobody"), ("estimate", "30 days cost about $9,000. You can pay in parts.")];
    let findings = Findings::parse(given(&said), &own).unwrap();
    assert!(findings.levels.is_empty(), "a plan that nobody has said something");
    house.close().await;
}

#[tokio::test]
async fn one_deductible_for_two_levels_is_typed_once() {
    let (house, ..) = house().await;
    let two = Coverage { levels: vec![LevelOfCare::IntensiveOutpatient, LEVEL], ..cedar_mutual(&house) };
    let said = [
        ("way", "general"),
        ("method", "portal"),
        ("deductible_2_1", "1500"),
        ("most_2_1", "?"),
        ("same_3_5", "yes"),
        ("share_3_5", "$40"),
    ];
    let findings = Findings::parse(given(&said), &two).unwrap();
    let residential = &findings.levels[1];
    assert_eq!((residential.deductible, residential.most), (Amount::Known(Cents(150_000)), Amount::NotSaid));
    assert_eq!(findings.levels[0].share, Share::NotAsked);
    house.close().await;
}

#[tokio::test]
async fn a_check_is_exported_moves_with_its_person_and_is_forgotten_with_them() {
    use foundation::holding::Holding;
    let (house, cast, tess) = house().await;
    let about = rosalind(&house).await;
    let check = ask(&house, &cast.ana, &about).await.unwrap();
    take(&house, &tess, &check, &about).await.unwrap();
    answer(&house, &tess, &about, "general").await.unwrap();
    let export = IntakeHolding.export(house.reader(), house.keyring(), about.prospective_id).await.unwrap();
    assert!(export.to_string().contains("Cedar Mutual") && export.to_string().contains("I-20731"));

    let survivor = house
        .write(&cast.ana, async |unit| {
            let new = clients::person::NewPerson::parse("Rosalind Achterberg")?;
            clients::person::add(unit, new, &[]).await
        })
        .await
        .unwrap();
    house
        .write(&cast.ana, async |unit| {
            let permit = unit.permit(Act::NoteRequest, &about.subject())?;
            IntakeHolding.move_to(unit, about.prospective_id, survivor).await?;
            unit.record(permit, serde_json::json!({}));
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    let kept = page(&house, &tess, &about).await.unwrap();
    assert_eq!(
        (kept.name.as_str(), kept.newest.unwrap().coverage.plan.as_str()),
        ("Rosalind Achterberg", "Cedar Mutual")
    );

    house
        .write(&cast.ana, async |unit| {
            let permit = unit.permit(Act::NoteRequest, &about.subject())?;
            IntakeHolding.forget(unit, survivor).await?;
            unit.record(permit, serde_json::json!({}));
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    let gone = page(&house, &tess, &about).await.unwrap().newest.unwrap();
    assert!(gone.coverage.plan.is_empty() && gone.outcome.is_none() && gone.check.answered_at.is_some());
    house.close().await;
}

#[tokio::test]
async fn the_day_of_whoever_has_the_request_says_who_has_the_check() {
    let (house, cast, tess) = house().await;
    let about = rosalind(&house).await;
    let check = ask(&house, &cast.ana, &about).await.unwrap();
    let day = async |who: &Actor| waiting_on::of(house.reader(), who).await.unwrap();
    assert!(day(&cast.ana).await.checks.is_empty(), "it is nobody's request yet");
    house.write(&cast.ana, async |unit| claiming::claim(unit, &about).await).await.unwrap();
    let waits = day(&cast.ana).await.checks;
    assert_eq!((waits[0].name.as_str(), waits[0].taker.as_deref()), ("Rosalind", None));
    take(&house, &tess, &check, &about).await.unwrap();
    assert_eq!(day(&cast.ana).await.checks[0].taker.as_deref(), Some("Tess Moreau"));
    answer(&house, &tess, &about, "general").await.unwrap();
    assert!(day(&cast.ana).await.checks.is_empty());
    assert!(day(&cast.ray).await.checks.is_empty() && day(&cast.linus).await.checks.is_empty());
    house.close().await;
}

//! Referrals in both directions, told with people: a hospital sends somebody, and somebody is sent on.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

mod asking;

use asking::{ask, house, jo, page_of, request, write};
use chrono::TimeDelta;
use consent::consents::{self, Aim, NewConsent, Scope, SignedPaper};
use consent::disclosures;
use consent::rules::notice::PROHIBITION;
use foundation::testing::{Cast, House};
use foundation::{Actor, Error, Subject};
use intake::organization::{NewOrganization, recording};
use intake::referral_in::deciding::{self, Decided};
use intake::referral_in::receiving::{NewReferral, receive_referral};
use intake::referral_out::following::{self, Moved};
use intake::referral_out::packet::Part;
use intake::referral_out::referring::{self, NewReferral as SentOn};
use intake::referral_out::{self, Opened, due};
use intake::request::receiving::{Received, TypedRequest};
use intake::request::{closing, converting, merging};
use intake::rules::outcome::Closing;
use intake::rules::referral::{Agrees, Decision, State, WarmStep};
use intake::rules::source::{SourceKind, TouchWay};
use intake::rules::words::{Channel, Disposition, Urgency};
use intake::{IntakeHolding, Request};

fn given<'a>(fields: &'a [(&str, &'a str)]) -> impl Fn(&str) -> &'a str {
    |name| fields.iter().find(|(field, _)| *field == name).map_or("", |(_, value)| value)
}

/// Dana of Mercy Hospital writes on the public form.
const DANA: [(&str, &str); 13] = [
    ("safe", "yes"),
    ("place", "Ward 4 East"),
    ("name", "Dana Whitcomb"),
    ("organization", "Mercy Hospital"),
    ("kind", "hospital"),
    ("position", "discharge planner"),
    ("phone", "312 555 0170"),
    ("other_name", "Delphine"),
    ("agrees", "yes"),
    ("reason", "Medically clear, shaking has stopped, wants to go on with care."),
    ("soon", "today"),
    ("protected", "yes"),
    ("notice", "short"),
];

fn but<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = DANA.into_iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    kept.chain(changes.iter().copied()).collect()
}

async fn sends(house: &House, form: &str, fields: &[(&str, &str)]) -> Result<Received, Error> {
    let new = NewReferral::parse(given(fields))?;
    house.write(&Actor::Visitor, async |unit| receive_referral(unit, form, new).await).await
}

#[tokio::test]
async fn a_referral_in_the_name_of_somebody_who_wants_no_mail_sends_them_none() {
    let (house, _) = house().await;
    let no = TypedRequest { email: "jo@example.com", email_ok: "no", ..jo() };
    ask(&house, "form-1", &no).await.unwrap();
    let theirs = [("email", "jo@example.com")];
    let received = sends(&house, "form-2", &but(&theirs)).await.unwrap();
    assert!(received.fresh);
    let caller = request(&house, &received.reference).await.caller_id;
    let rules = consent::contact_rules::of(house.reader(), caller).await.unwrap().unwrap();
    assert_eq!(rules.email, consent::rules::contact::Permission::NotAsked);
    house.close().await;
}

async fn place(house: &House, cast: &Cast, name: &str, kind: &str) {
    let typed = [("name", name), ("kind", kind)];
    let new = NewOrganization::parse(given(&typed)).unwrap();
    house.write(&cast.ana, async |unit| recording::record(unit, new).await).await.unwrap();
}

#[tokio::test]
async fn a_hospital_sends_someone_and_hears_within_two_hours() {
    let (house, cast) = house().await;
    place(&house, &cast, "Mercy Hospital", "hospital").await;
    let first = sends(&house, "form-1", &DANA).await.unwrap();
    let again = sends(&house, "form-1", &DANA).await.unwrap();
    assert_eq!((first.fresh, again.fresh, again.id), (true, false, first.id), "sent twice it is one");

    let page = page_of(&house, &cast.ana, &first.reference).await.unwrap();
    assert_eq!((page.caller.as_str(), page.prospective.as_str()), ("Dana Whitcomb", "Delphine"));
    assert_ne!(page.request.caller_id, page.request.prospective_id);
    assert_eq!((page.request.channel, page.request.urgency), (Channel::Referral, Urgency::SameDay));
    assert_eq!(page.request.due_at, house.now() + TimeDelta::hours(2));
    assert_eq!(page.relationship.as_deref(), Some("discharge planner, Mercy Hospital"));
    // The notice stands with the words wherever they are shown.
    assert!(
        page.words.as_ref().unwrap().contains("Medically clear")
            && page.words.unwrap().ends_with(PROHIBITION)
    );
    let sent = page.referred.unwrap();
    let told = sent.told.unwrap();
    assert_eq!((told.agrees, told.notice.as_deref()), (Agrees::Yes, Some(PROHIBITION)));
    assert_eq!(sent.known_as.unwrap().1, "Mercy Hospital");
    let touch = &page.touches[0].touch;
    assert_eq!((touch.way, touch.kind), (TouchWay::Professional, SourceKind::Hospital));
    assert!(touch.organization_id.is_some() && touch.is_primary);
    let row = sent.referral;
    assert!(!row.details.windows(6).any(|w| w == b"Medica"), "it is in the database in plain text");

    let about = request(&house, &first.reference).await;
    let no = Decided::parse(given(&[("decision", "declined")])).unwrap_err();
    assert!(no.of("decision_reason").is_some(), "a no says why");
    let yes = Decided::parse(given(&[("decision", "accepted")])).unwrap();
    let decide = async |who: &Actor| {
        let yes = yes.clone();
        house.write(who, async |unit| deciding::decide(unit, &row, &about, yes).await).await
    };
    assert!(matches!(decide(&cast.ben).await, Err(Error::Forbidden(_))));
    decide(&cast.ana).await.unwrap();
    assert!(matches!(decide(&cast.mina).await, Err(Error::Refused(ref no)) if no.code == "decided"));
    let page = page_of(&house, &cast.ana, &first.reference).await.unwrap();
    assert_eq!(page.referred.unwrap().referral.decision, Some(Decision::Accepted));
    house.close().await;
}

#[tokio::test]
async fn danger_told_by_a_hospital_goes_before_everything_and_yes_no_and_not_known_are_three_answers() {
    let (house, cast) = house().await;
    let danger = sends(&house, "form-1", &but(&[("safe", "no"), ("soon", "can_wait")])).await.unwrap();
    let about = request(&house, &danger.reference).await;
    assert_eq!((about.urgency, about.due_at), (Urgency::Emergency, house.now()));
    for (n, (typed, agrees)) in
        [("yes", Agrees::Yes), ("no", Agrees::No), ("not_known", Agrees::NotKnown)].into_iter().enumerate()
    {
        let sent = sends(&house, &format!("form-a{n}"), &but(&[("agrees", typed)])).await.unwrap();
        let page = page_of(&house, &cast.ana, &sent.reference).await.unwrap();
        assert_eq!(page.referred.unwrap().told.unwrap().agrees, agrees);
    }
    house.close().await;
}

#[tokio::test]
async fn what_is_missing_on_the_form_is_said_at_its_field() {
    let fields = |typed: &[(&'static str, &'static str)]| -> Vec<String> {
        let no = NewReferral::parse(given(typed)).unwrap_err();
        no.0.into_iter().map(|fault| fault.field).collect()
    };
    let all = ["safe", "name", "organization", "kind", "phone", "agrees", "reason", "soon", "protected"];
    assert_eq!(fields(&[]), all);
    assert_eq!(fields(&but(&[("notice", "")])), ["notice"]);
    assert_eq!(fields(&but(&[("notice", "own")])), ["notice_text"]);
    assert_eq!(fields(&but(&[("phone", "12")])), ["phone"]);
    assert_eq!(fields(&but(&[("email", "nobody@")])), ["email"]);
    assert_eq!(fields(&but(&[("kind", "self")])), ["kind"], "an organization sends, not the person");
    let long: &'static str = Box::leak("x".repeat(2301).into_boxed_str());
    assert_eq!(fields(&but(&[("reason", long)])), ["reason"]);
    assert_eq!(fields(&but(&[("other_name", &long[..121])])), ["other_name"]);
    // The longest reason and the longest notice fit together.
    let most: Vec<(&str, &str)> =
        but(&[("reason", &long[..2300]), ("notice", "own"), ("notice_text", &long[..1500])]);
    assert!(NewReferral::parse(given(&most)).is_ok());
}

/// Rosa asks for herself.
async fn rosa(house: &House) -> Request {
    let typed = TypedRequest {
        danger: "no",
        for_whom: "self",
        name: "Rosa Lind",
        phone: "212 555 0142",
        call: "any",
        words: "I need a place this week.",
        ..TypedRequest::default()
    };
    let reference = ask(house, "form-rosa", &typed).await.unwrap().reference;
    request(house, &reference).await
}

fn to_harbor(way: &str) -> SentOn {
    let typed = [("to", "harbor house"), ("need", "A place this week."), ("soon", "this_week"), ("way", way)];
    SentOn::parse(given(&typed), vec![Part::Reason, Part::Safety], vec![WarmStep::ThreeWayCall]).unwrap()
}

async fn sent_on(house: &House, who: &Actor, about: &Request, way: &str) -> Result<Opened, Error> {
    let new = to_harbor(way);
    let id = house.write(who, async |unit| referring::refer(unit, about, new).await).await?;
    referral_out::one(house.reader(), house.keyring(), about, id).await
}

async fn moved(
    house: &House,
    who: &Actor,
    about: &Request,
    fields: &[(&str, &str)],
) -> Result<Opened, Error> {
    let now = referral_out::of(house.reader(), house.keyring(), about.id).await?.remove(0);
    let at = Some(house.now() + TimeDelta::days(2)).filter(|_| fields.contains(&("state", "scheduled")));
    let to = Moved::parse(given(fields), at, house.now())?;
    let on = &now.referral;
    house.write(who, async |unit| following::move_on(unit, on, about, on.version, to).await).await?;
    referral_out::one(house.reader(), house.keyring(), about, on.id).await
}

async fn permits(house: &House, who: &Actor, about: &Request, scope: Scope) {
    let today = house.today(chrono_tz::America::Chicago);
    let until = Some(today + TimeDelta::days(30));
    let new =
        NewConsent::named("Harbor House", &[scope], "to be taken in there", today, until, today).unwrap();
    let name = consent::name_on_record(house.reader(), about.prospective_id).await.unwrap();
    let new = new.on(SignedPaper::ours(&name, Aim::Care, "folder 3"));
    let care = Subject::of("person", about.prospective_id).concerning(about.prospective_id);
    house.write(who, async |unit| consents::record(unit, &care, new).await).await.unwrap();
}

#[tokio::test]
async fn nothing_is_told_without_a_consent_and_what_is_told_is_accounted_for() {
    let (house, cast) = house().await;
    place(&house, &cast, "Harbor House", "residential").await;
    let about = rosa(&house).await;
    let told = async || disclosures::of(house.reader(), about.prospective_id).await.unwrap();
    let no = sent_on(&house, &cast.ana, &about, "packet").await;
    assert!(matches!(no, Err(Error::Invalid(ref faults)) if faults.of("way").is_some()), "{no:?}");
    // A permission for something else is none for this.
    permits(&house, &cast.ana, &about, Scope::Plan).await;
    assert!(sent_on(&house, &cast.ana, &about, "packet").await.is_err());
    // She calls there herself, with Ana beside her: nothing leaves the house.
    let own = sent_on(&house, &cast.ana, &about, "own_call").await.unwrap();
    assert!(own.packet.is_none() && own.referral.consent_id.is_none() && told().await.is_empty());

    permits(&house, &cast.ana, &about, Scope::Referral).await;
    assert!(matches!(sent_on(&house, &cast.ben, &about, "packet").await, Err(Error::Forbidden(_))));
    let with = sent_on(&house, &cast.ana, &about, "packet").await.unwrap();
    let packet = with.packet.unwrap();
    assert_eq!((packet.to.as_str(), packet.notice.as_str()), ("Harbor House", PROHIBITION));
    assert_eq!(packet.lines[0], ("Name".to_owned(), "Rosa Lind".to_owned()));
    assert!(packet.lines.iter().any(|(_, words)| words == "I need a place this week."));
    assert!(!packet.lines.iter().any(|(label, _)| label.starts_with("Call")), "only what was chosen is told");
    assert_eq!(packet.scope, [Scope::Referral.words()]);
    assert!(packet.callback.contains("Ana Ruiz") && packet.callback.contains("(212) 555-0100"));
    let told = told().await;
    assert_eq!((told.len(), told[0].recipient.as_str()), (1, "Harbor House"));
    assert_eq!(told[0].consent_id, with.referral.consent_id);
    house.close().await;
}

#[tokio::test]
async fn she_is_asked_after_until_it_is_known_that_she_arrived_and_only_then_it_counts() {
    let (house, cast) = house().await;
    place(&house, &cast, "Harbor House", "residential").await;
    let about = rosa(&house).await;
    let first = sent_on(&house, &cast.ana, &about, "own_call").await.unwrap();
    assert_eq!(first.referral.confirm_at, Some(house.now() + TimeDelta::days(1)));
    for (typed, field) in [
        (&[("state", "arrived")][..], "known"),
        (&[("state", "declined")], "words"),
        (&[("state", "")], "state"),
    ] {
        let no = moved(&house, &cast.ana, &about, typed).await;
        assert!(matches!(no, Err(Error::Invalid(ref faults)) if faults.of(field).is_some()), "{no:?}");
    }
    let no = moved(&house, &cast.ana, &about, &[("state", "re_engage")]).await;
    assert!(matches!(no, Err(Error::Refused(ref no)) if no.code == "way"), "{no:?}");
    let scheduled = moved(&house, &cast.ana, &about, &[("state", "scheduled")]).await.unwrap();
    assert_eq!(scheduled.referral.confirm_at, Some(house.now() + TimeDelta::days(3)));

    // Closed before anyone knows, it is not connected; and closing ends no care.
    let connected = Closing::parse("referred_out_connected", "", "").unwrap();
    let no = house.write(&cast.ana, async |unit| closing::close(unit, &about, connected).await).await;
    assert!(matches!(no, Err(Error::Refused(ref no)) if no.code == "disposition"), "{no:?}");
    let unconfirmed = Closing::parse("referred_out_unconfirmed", "", "").unwrap();
    house.write(&cast.ana, async |unit| closing::close(unit, &about, unconfirmed).await).await.unwrap();
    let rows = due::rows(house.reader(), &cast.ben).await.unwrap();
    assert_eq!((rows.len(), rows[0].is_due(house.now())), (1, false));
    house.later(TimeDelta::days(3));
    let rows = due::rows(house.reader(), &cast.ben).await.unwrap();
    assert!(rows[0].is_due(house.now()) && rows[0].is_for(cast.ana.staff_id()));
    assert!(matches!(due::rows(house.reader(), &cast.ray).await, Err(Error::Forbidden(_))));

    // Nobody picks up: it is asked again on the seventh day after the appointment.
    let about = request(&house, &about.reference).await;
    let on = referral_out::of(house.reader(), house.keyring(), about.id).await.unwrap().remove(0).referral;
    let twice = async || {
        house
            .write(&cast.ben, async |unit| following::not_known_yet(unit, &on, &about, on.version).await)
            .await
    };
    twice().await.unwrap();
    assert!(matches!(twice().await, Err(Error::Stale)));
    let rows = due::rows(house.reader(), &cast.ben).await.unwrap();
    assert_eq!(rows[0].confirm_at, Some(house.now() + TimeDelta::days(6)));

    // She did not come: she is called the same hour, and is in touch again.
    let known = ("known", "from_person");
    let gone = moved(&house, &cast.ben, &about, &[("state", "no_show"), known]).await.unwrap();
    assert_eq!(gone.referral.confirm_at, Some(house.now() + TimeDelta::hours(1)));
    moved(&house, &cast.ben, &about, &[("state", "re_engage"), ("words", "Bus strike. Wants to go.")])
        .await
        .unwrap();
    // Asking there by name says that she was to come.
    let no = moved(&house, &cast.ana, &about, &[("state", "arrived"), ("known", "from_organization")]).await;
    assert!(matches!(no, Err(Error::Invalid(ref faults)) if faults.of("known").is_some()), "{no:?}");
    let there = moved(&house, &cast.ana, &about, &[("state", "arrived"), known]).await.unwrap();
    assert_eq!((there.referral.state, there.referral.confirm_at), (State::Arrived, None));
    assert_eq!(there.details.happened.len(), 5);
    assert_eq!(request(&house, &about.reference).await.disposition, Some(Disposition::ReferredConnected));
    assert!(due::rows(house.reader(), &cast.ben).await.unwrap().is_empty());
    house.close().await;
}

#[tokio::test]
async fn with_a_consent_they_may_be_asked_there_by_name_and_that_is_a_disclosure_too() {
    let (house, cast) = house().await;
    place(&house, &cast, "Harbor House", "residential").await;
    let about = rosa(&house).await;
    permits(&house, &cast.ana, &about, Scope::Referral).await;
    sent_on(&house, &cast.ana, &about, "packet").await.unwrap();
    moved(&house, &cast.ana, &about, &[("state", "arrived"), ("known", "from_organization")]).await.unwrap();
    let told = disclosures::of(house.reader(), about.prospective_id).await.unwrap();
    assert_eq!(told.len(), 2);
    let connected = Closing::parse("referred_out_connected", "", "").unwrap();
    house.write(&cast.ana, async |unit| closing::close(unit, &about, connected).await).await.unwrap();
    house.close().await;
}

#[tokio::test]
async fn a_referral_is_settled_before_its_request_goes_on_elsewhere_and_ends_with_who_comes_in_here() {
    let (house, cast) = house().await;
    place(&house, &cast, "Harbor House", "residential").await;
    let about = rosa(&house).await;
    sent_on(&house, &cast.ana, &about, "own_call").await.unwrap();
    let other = ask(&house, "form-jo", &jo()).await.unwrap();
    let other = request(&house, &other.reference).await;
    let no = house.write(&cast.ana, async |unit| merging::merge(unit, &about, &other).await).await;
    assert!(matches!(no, Err(Error::Refused(ref no)) if no.code == "referred"), "{no:?}");
    write(&house, &cast.ana, async |unit| {
        converting::convert(unit, &about, converting::ComingIn::default()).await.map(|_| ())
    })
    .await;
    assert!(due::rows(house.reader(), &cast.ana).await.unwrap().is_empty());
    let all = referral_out::of(house.reader(), house.keyring(), about.id).await.unwrap();
    assert_eq!(all[0].referral.state, State::Ended);
    house.close().await;
}

#[tokio::test]
async fn a_professional_who_waits_for_a_word_is_not_closed_away_and_who_comes_in_was_accepted() {
    let (house, cast) = house().await;
    let sent = sends(&house, "form-1", &DANA).await.unwrap();
    let sent = request(&house, &sent.reference).await;
    let over = Closing::parse("information_only", "", "").unwrap();
    let no = house.write(&cast.ana, async |unit| closing::close(unit, &sent, over).await).await;
    assert!(matches!(no, Err(Error::Refused(ref no)) if no.code == "decision"), "{no:?}");
    write(&house, &cast.ana, async |unit| {
        converting::convert(unit, &sent, converting::ComingIn::default()).await.map(|_| ())
    })
    .await;
    let page = page_of(&house, &cast.ana, &sent.reference).await.unwrap();
    let on = page.referred.unwrap().referral;
    assert_eq!((on.decision, on.decided_by), (Some(Decision::Accepted), cast.ana.staff_id()));
    house.close().await;
}

#[tokio::test]
async fn a_referral_is_decided_before_its_request_goes_on_in_another_and_is_seen_there() {
    let (house, cast) = house().await;
    let sent = sends(&house, "form-1", &DANA).await.unwrap();
    let (sent, delphine) = (request(&house, &sent.reference).await, rosa(&house).await);
    let merge = async || {
        house.write(&cast.ana, async |unit| merging::merge(unit, &sent, &delphine).await.map(|_| ())).await
    };
    let no = merge().await;
    assert!(matches!(no, Err(Error::Refused(ref no)) if no.code == "undecided"), "{no:?}");
    let page = page_of(&house, &cast.ana, &sent.reference).await.unwrap();
    let (on, yes) =
        (page.referred.unwrap().referral, Decided::parse(given(&[("decision", "accepted")])).unwrap());
    house.write(&cast.ana, async |unit| deciding::decide(unit, &on, &sent, yes).await).await.unwrap();
    merge().await.unwrap();
    let page = page_of(&house, &cast.ana, &delphine.reference).await.unwrap();
    assert_eq!(page.referred.unwrap().told.unwrap().notice.as_deref(), Some(PROHIBITION));
    house.close().await;
}

#[tokio::test]
async fn referrals_move_with_their_person_and_are_forgotten_with_them() {
    use foundation::holding::Holding;
    let (house, cast) = house().await;
    place(&house, &cast, "Harbor House", "residential").await;
    let sent = sends(&house, "form-1", &DANA).await.unwrap();
    let about = request(&house, &sent.reference).await;
    permits(&house, &cast.ana, &about, Scope::Referral).await;
    sent_on(&house, &cast.ana, &about, "packet").await.unwrap();
    // What the hospital said of her is hers only once the privacy officer has decided; it moves and is forgotten all the same.
    let export = async |person| {
        let own = IntakeHolding.export(house.reader(), house.keyring(), person).await.unwrap().to_string();
        assert!(!own.contains("Ward 4 East"), "the hospital's words in her own copy: {own}");
        let others = IntakeHolding.said_by_others(house.reader(), house.keyring(), person).await.unwrap();
        others.iter().fold(own, |all, words| all + &words.content.to_string())
    };
    let before = export(about.prospective_id).await;
    assert!(before.contains("Ward 4 East") && before.contains("A place this week."));
    let survivor = house
        .write(&cast.ana, async |unit| {
            let new = clients::person::NewPerson::parse("Delphine Okoro")?;
            let survivor = clients::person::add(unit, new, &[]).await?;
            IntakeHolding.move_to(unit, about.prospective_id, survivor).await?;
            Ok::<_, Error>(survivor)
        })
        .await
        .unwrap();
    let after = export(survivor).await;
    assert!(
        after.contains("Ward 4 East") && after.contains("A place this week.") && after.contains(PROHIBITION)
    );
    write(&house, &cast.ana, async |unit| {
        let permit = unit.permit(foundation::Act::NoteRequest, &about.subject())?;
        IntakeHolding.forget(unit, survivor).await?;
        unit.record(permit, serde_json::json!({}));
        Ok(())
    })
    .await;
    let page = page_of(&house, &cast.ana, &sent.reference).await.unwrap();
    assert!(page.referred.unwrap().told.is_none() && page.referrals[0].packet.is_none());
    house.close().await;
}

//! Stories of what is said before the last page, after staff wrote answers down, and in own words.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

mod people;

use alumni::aftercare::AftercareId;
use alumni::alert;
use alumni::check_in::{
    self, CheckInId, answer, ask_for_call, hear, is_heard, list_alum_answers, load_alum_answers, log_answers,
    open,
};
use alumni::flag::{self, Flag, FlagKind, mark_read, settle};
use alumni::rules::response::{Answer, Answers, Level, Reason, Scale};
use alumni::worklist::worklist;
use chrono::TimeDelta;
use foundation::testing::{Cast, House};
use foundation::{Actor, Error, PersonId};

use people::{client, day, enrolled, thoughts_of_dying, well};

/// Zoë, three days home, with a check-in that a letter has opened.
async fn zoe(house: &House, cast: &Cast) -> (PersonId, AftercareId, CheckInId) {
    let zoe = client(house, "Zoë", &cast.ray).await;
    let aftercare = enrolled(house, cast, zoe, "2026-03-02").await;
    let on = day("2026-03-03");
    let id = house.write(&Actor::House, async |unit| open(unit, aftercare, on).await).await.unwrap();
    (zoe, aftercare, id)
}

async fn presses(house: &House, zoe: PersonId, id: CheckInId, said: &Answers) -> Vec<Reason> {
    house.write(&Actor::Alum(zoe), async |unit| hear(unit, id, said, said).await).await.unwrap()
}

async fn flags(house: &House, cast: &Cast, person: PersonId) -> Vec<Flag> {
    flag::of(house.reader(), &cast.ray, person, 9).await.unwrap()
}

fn scale(n: u8) -> Answer<Scale> {
    Answer::Is(Scale::new(n).unwrap())
}

#[tokio::test]
async fn zoe_says_yes_and_closes_the_page_and_has_been_heard() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let (zoe, _, id) = zoe(&house, &cast).await;
    let so_far = Answers { overall: scale(2), ..thoughts_of_dying() };
    for _ in 0..3 {
        assert_eq!(presses(&house, zoe, id, &so_far).await, [Reason::Thoughts]);
    }
    let [red] = &flags(&house, &cast, zoe).await[..] else { panic!("one flag, however often she presses") };
    assert_eq!((red.level, red.kind, red.check_in_id), (Level::Red, FlagKind::Answers, Some(id)));
    assert_eq!(red.reasons.0, ["thoughts"]);

    // Nothing more comes. Ray reads what was said, and the check-in is not answered yet.
    let rows = list_alum_answers(house.reader(), &cast.ray, zoe, 9).await.unwrap();
    assert_eq!((rows.len(), rows[0].finished_at), (1, None));
    let said = load_alum_answers(house.reader(), house.keyring(), &rows[0]).await.unwrap();
    assert_eq!((said.overall, said.thoughts), (scale(2), Answer::Is(true)));
    assert!(check_in::of(house.reader(), &cast.ray, zoe, 9).await.unwrap()[0].answered_at.is_none());
    assert!(is_heard(house.reader(), id).await.unwrap());
    let list = worklist(house.reader(), &cast.ray, day("2026-03-03")).await.unwrap();
    assert_eq!(list.groups[0].1[0].reasons[0], Reason::Thoughts.words());
    assert!(list_alum_answers(house.reader(), &cast.ines, zoe, 9).await.is_err(), "not in her caseload");
    house.close().await;
}

#[tokio::test]
async fn two_presses_at_once_are_one_flag() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let (zoe, _, id) = zoe(&house, &cast).await;
    let said = Answers { danger_signs_now: Answer::Is(true), ..Answers::default() };
    let (first, second, third) = tokio::join!(
        presses(&house, zoe, id, &said),
        presses(&house, zoe, id, &said),
        presses(&house, zoe, id, &said),
    );
    assert_eq!((first, second), (vec![Reason::UsingWithDangerSigns], vec![Reason::UsingWithDangerSigns]));
    assert_eq!(third, [Reason::UsingWithDangerSigns]);
    assert_eq!(flags(&house, &cast, zoe).await.len(), 1);
    assert_eq!(list_alum_answers(house.reader(), &cast.ray, zoe, 9).await.unwrap().len(), 1);
    house.close().await;
}

#[tokio::test]
async fn what_she_finishes_later_completes_the_same_answers_without_a_second_flag() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let (zoe, _, id) = zoe(&house, &cast).await;
    presses(&house, zoe, id, &thoughts_of_dying()).await;
    house.later(TimeDelta::hours(6));
    // From another browser: nothing of the night is in this visit.
    let morning = Answers { overall: scale(4), overdose: Answer::Is(false), ..Answers::default() };
    let done = house.write(&Actor::Alum(zoe), async |unit| answer(unit, id, &morning).await).await.unwrap();
    assert_eq!((done.level, done.is_added), (Level::Red, false));
    let (_, kept) = check_in::with_answers(house.reader(), house.keyring(), &cast.ray, id).await.unwrap();
    let kept = kept.unwrap();
    assert_eq!((kept.thoughts, kept.overall), (Answer::Is(true), scale(4)));
    assert_eq!(flags(&house, &cast, zoe).await.len(), 1);
    assert!(!is_heard(house.reader(), id).await.unwrap(), "the last page has come");
    house.close().await;
}

#[tokio::test]
async fn ray_writes_about_what_he_read_and_not_about_what_she_said_since() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let (zoe, _, id) = zoe(&house, &cast).await;
    let hurt = Answers { violence: Answer::Is(true), ..Answers::default() };
    presses(&house, zoe, id, &hurt).await;
    // Ray has the page open, and says that he handles it.
    let shown = flags(&house, &cast, zoe).await.remove(0);
    house.write(&cast.ray, async |unit| alert::handle(unit, shown.id, shown.version).await).await.unwrap();
    let handled = async || {
        let alerts = alert::list_alerts(house.reader(), &cast.ray).await.unwrap();
        alerts.iter().map(|alert| alert.is_handled(house.now())).collect::<Vec<_>>()
    };
    assert_eq!(handled().await, [true]);
    house.later(TimeDelta::minutes(5));
    presses(&house, zoe, id, &thoughts_of_dying()).await;
    assert_eq!(handled().await, [false], "nobody has said that they handle this");
    let stale = async |done| {
        let said = house.write(&cast.ray, async |u| settle(u, shown.id, shown.version, done).await).await;
        matches!(said, Err(Error::Refused(r)) if r.code == "since")
    };
    assert!(stale("She has left the house.").await, "he settled what he had not read");
    let late = house.write(&cast.ray, async |u| alert::handle(u, shown.id, shown.version).await).await;
    assert!(matches!(late, Err(Error::Refused(r)) if r.code == "since"));
    let now = flags(&house, &cast, zoe).await.remove(0);
    assert!(now.settled_at.is_none() && now.reasons.0.len() > shown.reasons.0.len());
    house
        .write(&cast.ray, async |u| settle(u, now.id, now.version, "Her aunt is with her.").await)
        .await
        .unwrap();
    house.close().await;
}

#[tokio::test]
async fn ray_called_in_the_night_and_her_finishing_is_no_new_alarm_but_a_new_yes_is() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let (zoe, _, id) = zoe(&house, &cast).await;
    presses(&house, zoe, id, &thoughts_of_dying()).await;
    let red = flags(&house, &cast, zoe).await.remove(0);
    house
        .write(&cast.ray, async |unit| settle(unit, red.id, red.version, "Her aunt is with her.").await)
        .await
        .unwrap();
    house.later(TimeDelta::minutes(40));
    presses(&house, zoe, id, &thoughts_of_dying()).await;
    assert_eq!(flags(&house, &cast, zoe).await.len(), 2, "said again after it was settled");
    let again = flags(&house, &cast, zoe).await.remove(0);
    house
        .write(&cast.ray, async |unit| settle(unit, again.id, again.version, "Called again.").await)
        .await
        .unwrap();
    house.write(&Actor::Alum(zoe), async |unit| answer(unit, id, &well()).await).await.unwrap();
    assert_eq!(flags(&house, &cast, zoe).await.len(), 2, "finishing says nothing new");
    house.close().await;
}

#[tokio::test]
async fn going_back_to_no_takes_no_flag_away_and_is_noted() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let (zoe, _, id) = zoe(&house, &cast).await;
    presses(&house, zoe, id, &thoughts_of_dying()).await;
    let no = Answers { thoughts: Answer::Is(false), ..Answers::default() };
    assert_eq!(presses(&house, zoe, id, &no).await, []);
    let done = house.write(&Actor::Alum(zoe), async |unit| answer(unit, id, &no).await).await.unwrap();
    assert_eq!((done.response.level, done.level), (Level::Green, Level::Red), "the gravest stands");
    let [red] = &flags(&house, &cast, zoe).await[..] else { panic!("one flag") };
    assert_eq!((red.level, red.settled_at), (Level::Red, None));
    let rows = list_alum_answers(house.reader(), &cast.ray, zoe, 9).await.unwrap();
    assert_eq!(rows[0].grave.0, ["thoughts"], "that it was said first stays noted");
    let said = load_alum_answers(house.reader(), house.keyring(), &rows[0]).await.unwrap();
    assert_eq!(said.thoughts, Answer::Is(false));
    house.close().await;
}

#[tokio::test]
async fn what_she_says_after_ray_logged_a_call_is_kept_with_every_word() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let (zoe, aftercare, id) = zoe(&house, &cast).await;
    let on = day("2026-03-03");
    let on_the_phone = Answers { urge: scale(8), ..Answers::default() };
    house.write(&cast.ray, async |unit| log_answers(unit, aftercare, on, &on_the_phone).await).await.unwrap();
    let amber = flags(&house, &cast, zoe).await[0].clone();
    assert_eq!(amber.level, Level::Amber);

    house.later(TimeDelta::hours(3));
    let words = "I did not say it on the phone. I took three of his pills.";
    let alone = Answers { would_help: Answer::Is(words.into()), ..thoughts_of_dying() };
    let done = house.write(&Actor::Alum(zoe), async |unit| answer(unit, id, &alone).await).await.unwrap();
    assert_eq!((done.level, done.is_added), (Level::Red, true));

    let (row, first) = check_in::with_answers(house.reader(), house.keyring(), &cast.ray, id).await.unwrap();
    assert_eq!(first, Some(on_the_phone), "what Ray wrote down stands");
    let rows = list_alum_answers(house.reader(), &cast.ray, zoe, 9).await.unwrap();
    assert_eq!((rows.len(), rows[0].check_in_id), (1, row.id));
    let said = load_alum_answers(house.reader(), house.keyring(), &rows[0]).await.unwrap();
    assert_eq!(said, alone, "and hers stand beside it");

    let all = flags(&house, &cast, zoe).await;
    let up = all.iter().find(|f| f.id == amber.id).unwrap();
    assert_eq!((up.level, up.raised_at), (Level::Red, house.now()), "raised higher, and its clock begins");
    assert_eq!(up.reasons.0, ["thoughts", "strong_urge"], "the reasons join");
    assert!(all.iter().any(|f| f.kind == FlagKind::WordsNotRead));
    assert!(all.iter().all(|f| f.kind != FlagKind::AskedForCall), "she asked for no call");
    house.close().await;
}

#[tokio::test]
async fn green_answers_with_words_wait_for_a_reader_once() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let (zoe, _, id) = zoe(&house, &cast).await;
    let said = Answers {
        used: Answer::Declined,
        thoughts: Answer::Declined,
        would_help: Answer::Is("He hit me again.".into()),
        ..Answers::default()
    };
    let done = house.write(&Actor::Alum(zoe), async |unit| answer(unit, id, &said).await).await.unwrap();
    assert_eq!((done.level, done.flag), (Level::Green, None));
    let [words] = &flags(&house, &cast, zoe).await[..] else { panic!("one flag") };
    assert_eq!(words.kind, FlagKind::WordsNotRead);
    let list = worklist(house.reader(), &cast.ray, day("2026-03-03")).await.unwrap();
    let reasons: Vec<&String> = list.groups.iter().flat_map(|(_, l)| l).flat_map(|l| &l.reasons).collect();
    assert!(reasons.iter().any(|r| r.contains("words that nobody has read yet")), "{reasons:?}");

    // A flag that asks for more than reading is not settled by reading.
    let wish = house.write(&Actor::Alum(zoe), async |unit| ask_for_call(unit, id).await).await.unwrap();
    let no = house.write(&cast.ray, async |unit| mark_read(unit, wish, 1).await).await;
    assert!(matches!(no, Err(Error::Refused(_))));
    let (words, seen) = (words.id, words.version);
    house.write(&cast.ray, async |unit| mark_read(unit, words, seen).await).await.unwrap();
    let left = flags(&house, &cast, zoe).await.into_iter().filter(|f| f.settled_at.is_none());
    assert_eq!(left.map(|f| f.kind).collect::<Vec<_>>(), [FlagKind::AskedForCall]);
    house.close().await;
}

#[tokio::test]
async fn what_ray_typed_himself_he_has_read() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let (zoe, aftercare, _) = zoe(&house, &cast).await;
    let said = Answers { would_help: Answer::Is("A ride on Fridays.".into()), ..well() };
    let on = day("2026-03-03");
    house.write(&cast.ray, async |unit| log_answers(unit, aftercare, on, &said).await).await.unwrap();
    assert_eq!(flags(&house, &cast, zoe).await, []);
    house.close().await;
}

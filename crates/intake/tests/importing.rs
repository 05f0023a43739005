//! Old inquiries from a file, told with people.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

mod asking;

use asking::{ask, house, jo, page_of, request, write};
use chrono::TimeDelta;
use foundation::jobs::running::Runner;
use foundation::testing::{Cast, House};
use foundation::{Actor, Error};
use intake::importing::keeping::{self, State};
use intake::importing::reading::Table;
use intake::importing::running::{Plan, Tally, bring_in};
use intake::importing::{Days, Mapping, rejects};
use intake::inbox::{View, rows};
use intake::rules::words::{Channel, Disposition, ForWhom, Urgency};
use sea_orm::{ConnectionTrait, Statement};

/// What the spreadsheet of the years before looked like.
const FILE: &str = "Id;Date;Caller;Phone;E-mail;Client Name;Relationship;Status;Outcome;Closed date;Notes
1;02.03.2025 14:30;Rosa Delgado;(312) 555-0111;;Luis Delgado;mother;Closed;They said no;09.03.2025;Asked about her son.
2;28.02.2026;Tom Hale;;tom@example.com;;;New;;;Wants to come next week.
3;01.02.2026;Nobody;;;;;New;;;
4;30.02.2026;Ann;555 0142;;;;New;;;
5;01.01.2026;=cmd();+1 312 555 0144;;;;closed;do_not_contact;;
6;01.01.2027;Future;555 0142 99;;;;New;;;
1;02.03.2025 14:30;Rosa Delgado;(312) 555-0111;;Luis Delgado;mother;Closed;They said no;09.03.2025;Asked about her son.
8;01.12.2025;Kim;212 555 0142;;;;;;;;too;many
";

fn mapping() -> Mapping {
    Mapping { days: Days::Eu, ..Mapping::default() }
}

async fn plan(house: &House, file: &str) -> Result<Plan, Error> {
    let table = Table::read(file.as_bytes(), &mapping())?;
    let mapping = mapping().guessed(&table.header);
    Plan::of(house, table, mapping).await
}

async fn count(house: &House, sql: &str) -> i64 {
    let asked = Statement::from_string(house.reader().get_database_backend(), sql);
    house.reader().query_one_raw(asked).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn the_spreadsheet_of_the_years_before_is_looked_over_and_then_comes_in() {
    let (house, cast) = house().await;
    ask(&house, "form-1", &jo()).await.unwrap();
    let looked = plan(&house, FILE).await.unwrap();
    let tally = looked.tally();
    assert_eq!(tally, Tally { open: 1, closed: 2, before: 0, rejected: 5 });
    let told: Vec<(u64, String)> = looked.rejected().map(|(row, why)| (row.line, why.join("; "))).collect();
    for (line, words) in [
        (4, "Phone: Enter a phone number or an e-mail address"),
        (5, "Date: enter a day like 02.03.2026"),
        (7, "Date: it lies ahead"),
        (8, "It is the same as line 2"),
        (9, "It has 13 cells and the first row has 11"),
    ] {
        assert!(told.iter().any(|(at, why)| *at == line && why.contains(words)), "{line} {words}: {told:?}");
    }
    // Looked over, nothing is written.
    assert_eq!(count(&house, "SELECT count(*) FROM requests").await, 1);
    assert_eq!(looked.run(&house, &Actor::House, async || {}).await.unwrap(), 3);
    let closed = rows(&house, &cast.mina, View::Closed, None).await.unwrap();
    let rosa = closed.iter().find(|row| row.name == "Rosa Delgado").unwrap();
    let page = page_of(&house, &cast.ana, &rosa.reference).await.unwrap();
    assert_eq!((page.caller.as_str(), page.prospective.as_str()), ("Rosa Delgado", "Luis Delgado"));
    assert_eq!(page.relationship.as_deref(), Some("mother"));
    assert_eq!(page.words.as_deref(), Some("Asked about her son."));
    let r = &page.request;
    assert_eq!((r.channel, r.for_whom, r.urgency), (Channel::OldRecords, ForWhom::Family, Urgency::NotAsked));
    assert_eq!(r.disposition, Some(Disposition::Declined));
    assert_eq!(r.received_at.to_rfc3339(), "2025-03-02T20:30:00+00:00");
    assert_eq!(r.closed_at.unwrap().to_rfc3339(), "2025-03-09T17:00:00+00:00");
    // Tom still waits, from now on by our clock.
    let open = rows(&house, &cast.ana, View::Everyone, None).await.unwrap();
    let tom = open.iter().find(|row| row.name == "Tom Hale").unwrap();
    assert!(tom.due_at > house.now());
    // Who asked not to be contacted then is not contacted now.
    let five = closed.iter().find(|row| row.name == "=cmd()").unwrap();
    let five = request(&house, &five.reference).await;
    let rules = consent::contact_rules::of(house.reader(), five.caller_id).await.unwrap().unwrap();
    assert!(rules.do_not_contact_at.is_some());
    // And nobody got a letter by it.
    assert_eq!(count(&house, "SELECT count(*) FROM messages").await, 0);
    house.close().await;
}

#[tokio::test]
async fn a_file_comes_in_once_however_often_and_what_was_put_right_comes_in_later() {
    let (house, _) = house().await;
    let first = plan(&house, FILE).await.unwrap();
    // Cut off in the middle: some rows are there, whole.
    let (some, _) = first.next(0, 2);
    write(&house, &Actor::House, async |unit| bring_in(unit, &some).await.map(|_| ())).await;
    let again = plan(&house, FILE).await.unwrap();
    let tally = again.tally();
    // The same row twice in a file is told as such, also when it came in before.
    assert_eq!((tally.before, tally.open + tally.closed, tally.rejected), (2, 1, 5));
    assert_eq!(again.run(&house, &Actor::House, async || {}).await.unwrap(), 1);
    // Two who bring the same file in at once bring it in once.
    assert_eq!(first.run(&house, &Actor::House, async || {}).await.unwrap(), 0);
    assert_eq!(count(&house, "SELECT count(*) FROM requests").await, 3);
    let given = String::from_utf8(rejects::file(&again.table, again.rejected())).unwrap();
    let right = given.replace("30.02.2026", "28.02.2026");
    let later = plan(&house, &right).await.unwrap();
    assert_eq!(later.run(&house, &Actor::House, async || {}).await.unwrap(), 1);
    house.close().await;
}

#[tokio::test]
async fn people_who_are_known_are_counted_for_those_who_may_see_them_and_offered_as_the_same() {
    let (house, cast) = house().await;
    let known = ask(&house, "form-1", &jo()).await.unwrap();
    let file = "Date,Caller,Phone,Status\n2026-02-01,Jo Alvarez,(212) 555-0142,open\n";
    let table = Table::read(file.as_bytes(), &Mapping::default()).unwrap();
    let mapping = Mapping::default().guessed(&table.header);
    let plan = Plan::of(&house, table, mapping).await.unwrap();
    assert_eq!(plan.known(house.reader(), &cast.mina).await.unwrap(), Some(1));
    // Linus looks after the house: whether a number has been here is not his to know.
    assert_eq!(plan.known(house.reader(), &cast.linus).await.unwrap(), None);
    plan.run(&house, &Actor::House, async || {}).await.unwrap();
    let page = page_of(&house, &cast.ana, &known.reference).await.unwrap();
    assert_eq!(page.alike.len(), 1);
    house.close().await;
}

#[tokio::test]
async fn a_file_nobody_came_back_to_is_thrown_away_by_itself_after_a_week() {
    let runner = Runner::default()
        .with(keeping::JOB, |db, payload| async move { keeping::go_on(&db, &payload).await });
    let house = House::with(runner).await;
    let cast = Cast::on(&house).await;
    let give =
        async || house.write(&cast.mina, async |unit| keeping::keep(unit, FILE.as_bytes()).await).await;
    let left = give().await.unwrap();
    let came = keeping::one(house.reader(), &cast.mina, give().await.unwrap()).await.unwrap();
    house.later(TimeDelta::days(3));
    let chosen = mapping().guessed(&Table::read(FILE.as_bytes(), &mapping()).unwrap().header);
    write(&house, &cast.mina, async |unit| keeping::map(unit, &came, chosen).await).await;
    let came = keeping::one(house.reader(), &cast.mina, came.id).await.unwrap();
    let plan = keeping::looked_over(&house, &came).await.unwrap().1.unwrap();
    write(&house, &cast.mina, async |unit| keeping::begin(unit, &came, &plan).await).await;
    house.run_jobs().await;
    house.later(TimeDelta::days(4) - TimeDelta::minutes(1));
    assert_eq!(keeping::throw_old_away(&house).await.unwrap(), 0);
    house.later(TimeDelta::minutes(1));
    // The one that was only looked over is gone; of the other the rows that could not come in are there until its week ends.
    assert_eq!(keeping::throw_old_away(&house).await.unwrap(), 1);
    let left = keeping::one(house.reader(), &cast.mina, left).await.unwrap();
    assert_eq!((left.state, left.file, left.mapping), (State::Gone, None, Mapping::default()));
    let done = keeping::one(house.reader(), &cast.mina, came.id).await.unwrap();
    assert_eq!((done.state, done.rejects.is_some()), (State::Done, true));
    house.later(TimeDelta::days(3));
    assert_eq!(keeping::throw_old_away(&house).await.unwrap(), 1);
    let done = keeping::one(house.reader(), &cast.mina, came.id).await.unwrap();
    assert_eq!((done.state, done.rejects, done.mapping), (State::Gone, None, Mapping::default()));
    assert_eq!((done.received, done.rejected), (3, 5), "how many came in stays");
    assert_eq!(keeping::throw_old_away(&house).await.unwrap(), 0);
    house.close().await;
}

#[tokio::test]
async fn a_mapping_that_does_not_fit_says_so_at_its_field() {
    let (house, _) = house().await;
    let table = Table::read(b"When,Who\n2026-01-01,Jo\n", &Mapping::default()).unwrap();
    let Err(Error::Invalid(faults)) = Plan::of(&house, table.clone(), Mapping::default()).await else {
        panic!("it was taken")
    };
    assert!(faults.of("received").is_some() && faults.of("phone").is_some());
    let mut wrong = Mapping::default();
    wrong.columns.insert("phone".into(), "Telephone".into());
    wrong.columns.insert("shoe_size".into(), "Who".into());
    let Err(faults) = wrong.check(&table.header) else { panic!("it was taken") };
    assert!(
        faults.of("phone").unwrap().contains("no column “Telephone”") && faults.of("shoe_size").is_some()
    );
    house.close().await;
}

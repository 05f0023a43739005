//! What the center's own website sends, told with people.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

mod asking;

use asking::{ask, house, jo, page_of, request, write};
use consent::rules::contact::SaidBy;
use foundation::testing::House;
use foundation::{Act, Actor, Error};
use intake::api_key::submitting::{Submission, Submitted, submit};
use intake::api_key::{self, ApiKey, NewKey};
use intake::request::receiving::NewRequest;
use intake::rules::words::Channel;
use sea_orm::{ConnectionTrait, Statement};

async fn key(house: &House, linus: &Actor) -> (String, ApiKey) {
    let new = NewKey::parse("The website", "https://cedar.example").unwrap();
    let secret = house.write(linus, async |unit| api_key::make(unit, new).await).await.unwrap();
    let secret = secret.reveal().to_owned();
    let key = api_key::open(house.reader(), &secret).await.unwrap();
    (secret, key)
}

async fn send(house: &House, key: &ApiKey, idempotency: &str, body: &str) -> Result<Submitted, Error> {
    let sent = Submission::new(house.keyring(), key.clone(), idempotency, body);
    let new = NewRequest::parse(&jo(), Channel::Website, SaidBy::Self_).unwrap();
    match house.write(&Actor::Visitor, async |unit| submit(unit, &sent, new).await).await {
        // At the same moment the other one has written it: what it answered is the answer.
        Err(Error::Exists) => Ok(sent.before(house.reader()).await?.unwrap()),
        other => other,
    }
}

#[tokio::test]
async fn what_the_website_sends_is_a_request_once_however_often_the_line_breaks() {
    let (house, cast) = house().await;
    let (_, website) = key(&house, &cast.linus).await;
    let first = send(&house, &website, "a-key-of-their-own", "{1}").await.unwrap();
    let (again, both) = tokio::join!(
        send(&house, &website, "a-key-of-their-own", "{1}"),
        send(&house, &website, "a-key-of-their-own", "{1}")
    );
    assert_eq!((&again.unwrap(), &both.unwrap()), (&first, &first));
    assert_eq!(send(&house, &website, "a-key-of-their-own", "{2}").await.unwrap(), Submitted::Other);
    let Submitted::Reference(reference) = first else { panic!("no request") };
    let page = page_of(&house, &cast.ana, &reference).await.unwrap();
    assert_eq!((page.request.channel, page.caller.as_str()), (Channel::Website, "Jo Alvarez"));
    assert_ne!(page.request.caller_id, page.request.prospective_id);
    // Another key may use the same idempotency key: it is another website.
    let (_, other) = key(&house, &cast.linus).await;
    assert_ne!(
        send(&house, &other, "a-key-of-their-own", "{1}").await.unwrap(),
        Submitted::Reference(reference)
    );
    house.close().await;
}

#[tokio::test]
async fn who_has_the_tables_alone_cannot_tell_by_trying_what_was_sent() {
    let (house, cast) = house().await;
    let (_, website) = key(&house, &cast.linus).await;
    let body = r#"{"phone":"212 555 0142"}"#;
    send(&house, &website, "a-key-of-their-own", body).await.unwrap();
    let asked = Statement::from_string(
        house.reader().get_database_backend(),
        "SELECT body_hash FROM api_submissions",
    );
    let row = house.reader().query_one_raw(asked).await.unwrap().unwrap();
    let kept: Vec<u8> = row.try_get_by_index(0).unwrap();
    let salt = foundation::hex(&website.secret_hash);
    for guess in [body.to_owned(), format!("{salt} {body}"), format!("{} {body}", website.id)] {
        assert_ne!(kept, foundation::hash_of(&guess));
    }
    house.close().await;
}

#[tokio::test]
async fn a_key_is_made_by_an_administrator_kept_as_a_hash_and_ends_for_good() {
    let (house, cast) = house().await;
    let new = NewKey::parse("Mine", "").unwrap();
    let forbidden = house.write(&cast.ana, async |unit| api_key::make(unit, new).await).await;
    assert!(matches!(forbidden, Err(Error::Forbidden(Act::MakeKey))), "{forbidden:?}");
    let (secret, website) = key(&house, &cast.linus).await;
    assert!(secret.starts_with(&website.begins_with) && secret.len() > 60);
    assert_eq!(website.secret_hash, foundation::hash_of(&secret));
    assert_eq!(website.used_at, None);
    send(&house, &website, "a-key-of-their-own", "{}").await.unwrap();
    assert_eq!(api_key::open(house.reader(), &secret).await.unwrap().used_at, Some(house.now()));
    assert!(api_key::any_allows(house.reader(), "https://cedar.example").await.unwrap());
    write(&house, &cast.linus, async |unit| api_key::end(unit, website.id).await).await;
    assert!(matches!(api_key::open(house.reader(), &secret).await, Err(Error::NotFound)));
    assert!(!api_key::any_allows(house.reader(), "https://cedar.example").await.unwrap());
    // Who was looked at before it ended sends nothing after.
    assert!(matches!(send(&house, &website, "another-key-of-theirs", "{}").await, Err(Error::NotFound)));
    let twice = house.write(&cast.linus, async |unit| api_key::end(unit, website.id).await).await;
    assert!(matches!(twice, Err(Error::NotFound)));
    assert_eq!(api_key::all(house.reader()).await.unwrap().len(), 1);
    house.close().await;
}

#[tokio::test]
async fn somebody_known_and_somebody_new_are_the_same_to_the_website() {
    let (house, cast) = house().await;
    let known = ask(&house, "form-1", &jo()).await.unwrap();
    let (_, website) = key(&house, &cast.linus).await;
    let Submitted::Reference(reference) = send(&house, &website, "a-key-of-their-own", "{}").await.unwrap()
    else {
        panic!("no request")
    };
    assert_ne!(reference, known.reference);
    assert!(request(&house, &reference).await.is_open());
    house.close().await;
}

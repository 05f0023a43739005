//! A letter to the person who asked: written, filled from a saved reply, looked at first, sent, called back.

use axum::extract::{Path, State};
use axum::response::Response;
use consent::consents::Scope;
use foundation::Lang;
use foundation::center::Center;
use foundation::{Act, Actor, Error, Faults};
use intake::Request;
use intake::replies::{self, by_name, filled};
use intake::request::merging::going_on;
use intake::request::undoing::Beside;
use intake::request::{seen, writing};
use mail::MessageId;
use mail::own_words::{self, OwnWords};
use mail::third_party::FixedReply;

use super::{At, Done, act_on, drafting, here, shown, undoable};
use crate::failure::Failure;
use crate::form::{self, Seen, Typed, key};
use crate::house::House;
use crate::routes::{Access, Routes};
use crate::said::Said;
use crate::session::Me;

/// The routes of this file.
pub(super) fn routes() -> Routes {
    let write = Access::Staff(Act::WriteMessage);
    Routes::default()
        .act("/inbox/{reference}/letters", write, send)
        .act("/inbox/{reference}/letters/sight", write, look)
        .act("/inbox/{reference}/letters/fixed", write, send_fixed)
        .act("/inbox/{reference}/letters/reply", write, put_in)
        .act("/inbox/{reference}/letters/{id}/calling-back", Access::Staff(Act::CallMessageBack), call_back)
}

async fn words(house: &House, typed: &Typed) -> Result<OwnWords, Error> {
    let center = Center::of(house).await?;
    let lang = Lang::of(typed.text("language"));
    Ok(OwnWords::parse(typed.text("subject_line"), typed.exact("letter"), lang, &center)?)
}

async fn send(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let words = words(&house, &typed).await?;
        let tells = tells(&typed)?;
        let mut said = Said::LetterWritten;
        let group = undoable(&house, &me, request, async |unit| {
            let written = writing::write(unit, request, words, &tells).await?;
            said = if written.waits { Said::LetterWaits } else { Said::LetterWritten };
            Ok(Beside { messages: vec![written.id], ..Beside::default() })
        })
        .await?;
        drafting::drop(&house, &me, &request.reference, &["subject_line", "language", "letter"]).await?;
        Ok(Done::new(here(&request.reference), said).undone_by(group))
    })
    .await
}

/// What the letter tells about the person, when it goes to somebody else.
fn tells(typed: &Typed) -> Result<Vec<Scope>, Error> {
    typed.many("tells[]").map(|scope| Scope::parse(scope).ok_or(Error::NotFound)).collect()
}

/// One of the center's fixed replies, to somebody who asks about another.
async fn send_fixed(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let reply = FixedReply::parse(typed.text("fixed_reply"));
        let reply = form::chosen(reply, "fixed_reply", "Choose a fixed reply")?;
        let lang = Lang::of(typed.text("language"));
        let group = undoable(&house, &me, request, async |unit| {
            let written = writing::send_fixed(unit, request, reply, lang).await?;
            Ok(Beside { messages: vec![written.id], ..Beside::default() })
        })
        .await?;
        Ok(Done::new(here(&request.reference), Said::LetterWritten).undone_by(group))
    })
    .await
}

async fn one(house: &House, me: &Actor, reference: &str) -> Result<Request, Error> {
    let request = seen(house.reader(), me, reference).await?;
    going_on(house.reader(), request.id).await
}

/// The page again, with what must be put right, or with something to read over.
async fn again(
    house: &House,
    me: &Actor,
    request: &Request,
    typed: &Typed,
    error: Error,
) -> Result<Response, Failure> {
    let faults = Failure::from(error).faults()?;
    shown(house, me, &request.reference, Seen::again(typed, &faults), false, None).await
}

/// The letter as its reader will see it. Nothing is kept and nothing leaves.
async fn look(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let request = one(&house, &me, &reference).await?;
    let words = match words(&house, &typed).await {
        Ok(words) => words,
        Err(error) => return again(&house, &me, &request, &typed, error).await,
    };
    let author = me.staff().map_or("", |staff| &*staff.name);
    let sight = own_words::sight(house.reader(), request.caller_id, author, &words).await?;
    let seen = Seen::again(&typed, &NOTHING);
    shown(&house, &me, &request.reference, seen, false, Some(sight)).await
}

static NOTHING: Faults = Faults(Vec::new());

/// Puts a saved reply into the letter, after what is there.
async fn put_in(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let request = one(&house, &me, &reference).await?;
    match with_reply(&house, &me, &request, &typed).await {
        Ok(typed) => {
            let seen = Seen::again(&typed, &NOTHING);
            shown(&house, &me, &request.reference, seen, false, None).await
        }
        Err(error) => again(&house, &me, &request, &typed, error).await,
    }
}

async fn with_reply(house: &House, me: &Actor, request: &Request, typed: &Typed) -> Result<Typed, Error> {
    let all = replies::all(house.reader(), house.keyring()).await?;
    let reply = by_name(&all, me.staff_id(), typed.text("reply"))?;
    let author = me.staff().map_or("", |staff| &*staff.name);
    let filled = filled(house.reader(), author, request, reply).await?;
    let letter = match typed.text("letter") {
        "" => filled.text,
        before => format!("{before}\n\n{}", filled.text),
    };
    let line = typed.given("subject_line").unwrap_or(filled.line.as_str()).to_owned();
    let typed = typed.clone().with("letter", &letter).with("subject_line", &line).with("reply", "");
    Ok(typed.with("language", filled.lang.tag()))
}

async fn call_back(
    State(house): State<House>,
    Me(me, _): Me,
    Path((reference, id)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Failure> {
    let id: MessageId = key(&id)?;
    act_on(&house, &me, &reference, &typed, async |request| {
        house.write(&me, async |unit| writing::call_back(unit, request, id).await).await?;
        Ok(Done::new(here(&request.reference), Said::LetterCalledBack))
    })
    .await
}

//! Working together today: replies and macros that are there, a letter that was written, a colleague who was named, a
//! request that is watched.

use chrono::TimeDelta;
use clients::tags;
use foundation::Lang;
use foundation::center::Center;
use foundation::{Actor, Db, Error, Instant};
use intake::Request;
use intake::inbox::{Which, rows};
use intake::macros::{self, NewMacro};
use intake::replies::{self, NewReply, ReplyId};
use intake::request::{by_reference, noting, tagging, watching, writing};
use intake::rules::words::Outcome;
use mail::own_words::OwnWords;

use super::Cast;
use super::tries::try_now;

/// Name, subject, English, Spanish.
type Text = (&'static str, &'static str, &'static str, &'static str);

const REPLIES: [Text; 3] = [
    (
        "Offer a time",
        "our_call",
        "Hi {name}, it’s {me}. Would {next_time} work for a call? If not, call me at {phone}.",
        "Hola {name}, soy {me}. ¿Le va bien que hablemos {next_time}? Si no, llámeme al {phone}.",
    ),
    (
        "We missed each other",
        "missed_you",
        "Hi {name}, it’s {me}. I tried to reach you. When is a good time? You can call me at {phone}.",
        "Hola {name}, soy {me}. Intenté hablar con usted. ¿Cuándo le viene bien? Puede llamarme al {phone}.",
    ),
    (
        "The door is open",
        "open_door",
        "Hi {name}, I won’t keep writing. If you want to talk one day, you can reach me at {phone}. Take care.",
        "Hola {name}, no le escribiré más. Si algún día quiere hablar, puede llamarme al {phone}. Cuídese.",
    ),
];

/// Does it all, in the last half hour before the center opens.
pub(super) async fn live(db: &Db, cast: &Cast, now: Instant) -> anyhow::Result<()> {
    let ago = |minutes: i64| db.clock().move_to(now - TimeDelta::minutes(minutes));
    ago(30);
    let mut saved = Vec::new();
    for text in REPLIES {
        saved.push(reply(db, &cast.ana, text).await?);
    }
    let missed = saved.get(1).map(ToString::to_string).unwrap_or_default();
    let unanswered = [
        ("macro_name", "No answer, write and try tomorrow"),
        ("macro_note", "Nobody answered. Wrote instead."),
        ("macro_reply", &*missed),
        ("macro_next", "call again"),
        ("macro_next_at", "tomorrow"),
    ];
    let monday = [
        ("macro_name", "Mine, and rest until Monday"),
        ("macro_owner", "me"),
        ("watch", "yes"),
        ("macro_aside", "monday"),
    ];
    for fields in [&unanswered[..], &monday[..]] {
        let text = |name: &str| fields.iter().find(|field| field.0 == name).map_or("", |field| field.1);
        let new = NewMacro::parse(text, true).map_err(Error::from)?;
        db.write(&cast.ana, async |unit| macros::save(unit, new).await).await?;
    }
    let hollis = of(db, &cast.ana, "Wm. “Buck” Hollis").await?;
    db.write(&cast.ana, async |unit| watching::watch(unit, &hollis).await).await?;

    tags(db, cast, &hollis).await?;
    ago(25);
    let ingrid = of(db, &cast.ana, "Ingrid S.").await?;
    let center = Center::load(db.reader()).await?;
    let words =
        "Hi Ingrid,\n\nthank you for waiting. A place may be free next week. May I call, or shall I write?";
    let words = OwnWords::parse("question", words, Lang::English, &center).map_err(Error::from)?;
    db.write(&cast.ana, async |unit| writing::write(unit, &ingrid, words, &[]).await).await?;
    ago(23);
    cast.work.run_due(db).await?;

    ago(12);
    let sam = &cast.sam;
    db.write(sam, async |unit| {
        try_now(unit, &hollis, Outcome::NoAnswer).await?;
        noting::note(unit, &hollis, "It rang out. His sister says evenings are better.").await.map(|_| ())
    })
    .await?;
    let rosalind = of(db, &cast.ana, "Rosalind").await?;
    let note = "@ana the plan called back: they want the intake date. Can you ask her about Thursday?";
    db.write(sam, async |unit| noting::note(unit, &rosalind, note).await).await?;
    Ok(())
}

/// The center's words, and two of them on whom they tell something of.
async fn tags(db: &Db, cast: &Cast, hollis: &Request) -> anyhow::Result<()> {
    for (version, words) in
        ["Veteran", "Needs an interpreter", "Call the sister first"].into_iter().enumerate()
    {
        let add = tags::Change::Add(words.to_owned());
        let version = i32::try_from(version)?;
        db.write(&cast.linus, async |unit| tags::change(unit, version, add).await).await?;
    }
    let list = tags::load(db.reader()).await?;
    for tag in list.0.iter().filter(|tag| tag.words != "Needs an interpreter") {
        db.write(&cast.ana, async |unit| tagging::tag(unit, hollis, tag.id).await).await?;
    }
    Ok(())
}

async fn reply(db: &Db, who: &Actor, text: Text) -> anyhow::Result<ReplyId> {
    let center = Center::load(db.reader()).await?;
    let field = |name: &str| match name {
        "reply_name" => text.0,
        "subject_line" => text.1,
        "english" => text.2,
        "spanish" => text.3,
        _ => "",
    };
    let new = NewReply::parse(field, true, &center).map_err(Error::from)?;
    Ok(db.write(who, async |unit| replies::save(unit, new).await).await?)
}

/// The request of someone who waits.
async fn of(db: &Db, who: &Actor, name: &str) -> anyhow::Result<Request> {
    let open = rows(db, who, Which::Open, None).await?;
    let row = open.iter().find(|row| row.name == name);
    let row = row.ok_or_else(|| anyhow::anyhow!("{name} does not wait"))?;
    Ok(by_reference(db.reader(), &row.reference).await?)
}

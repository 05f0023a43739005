//! Where the sample center's people come from, and who was sent on: invented hospitals, courts and programs, with the
//! people to call there.

use chrono::TimeDelta;
use consent::consents::{self, Aim, NewConsent, Scope, SignedPaper};
use foundation::{Actor, Db, Error, Instant, Subject};
use intake::organization::contacts::{self, NewContact};
use intake::organization::{NewOrganization, going_on, recording};
use intake::referral_in::receiving::NewReferral;
use intake::referral_out::following::{self, Moved};
use intake::referral_out::packet::Part;
use intake::referral_out::referring::{self, NewReferral as SentOn};
use intake::request::by_reference;
use intake::rules::referral::WarmStep;
use intake::touch::{self, NewTouch};
use intake::{Request, referral_out};

use super::Cast;

/// Name, kind, phone, whom to call, what they do there.
type Place = (&'static str, &'static str, &'static str, &'static str, &'static str);

const PLACES: [Place; 8] = [
    ("Mercy Hospital social work", "hospital", "(312) 555-0170", "Dana Whitcomb", "discharge planner"),
    ("Harbor House", "residential", "(312) 555-0171", "Oluchi Eze", "admissions"),
    ("Lakeside Outpatient", "outpatient", "(312) 555-0172", "Grant Molina", "intake"),
    ("Cook Street Probation", "court", "(312) 555-0173", "Officer T. Hale", "probation officer"),
    ("Prairie Steel EAP", "employer", "(312) 555-0174", "Yasmin Farouk", "counselor"),
    ("Dr. Anand Pillai, family practice", "physician", "(312) 555-0175", "Front desk", ""),
    ("Northside Recovery Club", "recovery_community", "(312) 555-0176", "Big Rick", "peer"),
    ("Willow Lane Sober Living", "recovery_residence", "(312) 555-0177", "Marguerite Dell", "house manager"),
];

/// How people of the history came, about as often as they do: way, kind or place, in their words.
const CAME: [(&str, &str, &str, &str); 9] = [
    ("self_reported", "family_friend", "", "My sister found you."),
    ("professional_referrer", "", "Mercy Hospital social work", ""),
    ("self_reported", "web_search", "", ""),
    ("professional_referrer", "", "Cook Street Probation", ""),
    ("self_reported", "alum", "", "A man who was here years ago."),
    ("first_touch", "", "Northside Recovery Club", "Talked with someone after a meeting."),
    ("professional_referrer", "", "Dr. Anand Pillai, family practice", ""),
    ("self_reported", "find_treatment", "", ""),
    ("professional_referrer", "", "Prairie Steel EAP", ""),
];

fn given<'a>(fields: &'a [(&str, &'a str)]) -> impl Fn(&str) -> &'a str {
    |name| fields.iter().find(|(field, _)| *field == name).map_or("", |(_, value)| value)
}

/// Writes down the organizations.
pub(super) async fn found(db: &Db, cast: &Cast) -> anyhow::Result<()> {
    for (name, kind, phone, who, position) in PLACES {
        let typed = [("name", name), ("kind", kind), ("phone", phone), ("preferred", "phone")];
        let new = NewOrganization::parse(given(&typed)).map_err(Error::from)?;
        let id = db.write(&cast.ana, async |unit| recording::record(unit, new).await).await?;
        let at = going_on(db.reader(), id).await?;
        let typed = [("name", who), ("position", position)];
        let new = NewContact::parse(given(&typed)).map_err(Error::from)?;
        db.write(&cast.ana, async |unit| contacts::add(unit, &at, new).await).await?;
    }
    Ok(())
}

/// How somebody came; every tenth was never asked.
pub(super) async fn came(db: &Db, who: &Actor, reference: &str, n: usize) -> anyhow::Result<()> {
    let Some((way, kind, from, detail)) = CAME.get(n % (CAME.len() + 1)).copied() else { return Ok(()) };
    let about = by_reference(db.reader(), reference).await?;
    let typed = [("way", way), ("kind", kind), ("from", from), ("detail", detail)];
    let new = NewTouch::parse(given(&typed)).map_err(Error::from)?;
    db.write(who, async |unit| touch::add(unit, &about, new).await).await?;
    Ok(())
}

/// What a professional of today wrote on the public form, if this one did.
pub(super) fn referral(name: &str, phone: &str, words: &str) -> Option<NewReferral> {
    if !name.starts_with("Bernadette") {
        return None;
    }
    let reason =
        format!("{words} Forty-one, on the ward since Friday, medically clear, wants to go on with care.");
    let typed = [
        ("safe", "yes"),
        ("place", "Ward 4 East"),
        ("name", name),
        ("organization", "Mercy Hospital social work"),
        ("kind", "hospital"),
        ("position", "discharge planner"),
        ("phone", phone),
        ("other_name", "Delphine"),
        ("agrees", "yes"),
        ("reason", reason.as_str()),
        ("level", "3.5"),
        ("soon", "today"),
        ("protected", "yes"),
        ("notice", "short"),
    ];
    NewReferral::parse(given(&typed)).ok()
}

async fn send_on(
    db: &Db,
    who: &Actor,
    about: &Request,
    to: &str,
    need: &str,
    way: &str,
) -> anyhow::Result<()> {
    let typed = [("to", to), ("need", need), ("soon", "this_week"), ("way", way), ("level", "3.5")];
    let steps = vec![WarmStep::AppointmentMade, WarmStep::Transport];
    let new = SentOn::parse(given(&typed), Part::ALL.to_vec(), steps).map_err(Error::from)?;
    db.write(who, async |unit| referring::refer(unit, about, new).await).await?;
    Ok(())
}

/// Somebody of the history who went to another provider and arrived there.
pub(super) async fn arrived(db: &Db, who: &Actor, reference: &str) -> anyhow::Result<()> {
    let about = by_reference(db.reader(), reference).await?;
    send_on(db, who, &about, "Harbor House", "A place sooner than we have one.", "own_call").await?;
    let now = db.now();
    db.clock().move_to(now + TimeDelta::days(1));
    let all = referral_out::of(db.reader(), db.keyring(), about.id).await?;
    if let Some(on) = all.first().map(|one| &one.referral) {
        let typed = [("state", "arrived"), ("known", "from_person")];
        let moved = Moved::parse(given(&typed), None, db.now()).map_err(Error::from)?;
        db.write(who, async |unit| following::move_on(unit, on, &about, on.version, moved).await).await?;
    }
    Ok(())
}

/// Two of today are on the way to another provider: one of whom nobody knows yet whether he arrived, and one who allowed
/// the center to tell.
pub(super) async fn live(
    db: &Db,
    cast: &Cast,
    now: Instant,
    name: &str,
    reference: &str,
) -> anyhow::Result<()> {
    let about = by_reference(db.reader(), reference).await?;
    match name {
        "Kofi" => {
            db.clock().move_to(now - TimeDelta::hours(26));
            send_on(db, &cast.ana, &about, "Harbor House", "A place this week, near his work.", "own_call")
                .await
        }
        "Rosalind" => {
            let person = about.prospective_id;
            let care = Subject::of("person", person).concerning(person);
            let today = db.today(super::ZONE);
            let until = today + TimeDelta::days(90);
            let new = NewConsent::named(
                "Lakeside Outpatient",
                &[Scope::Referral],
                "to be taken in there meanwhile",
                today,
                Some(until),
                today,
            );
            let name = consent::name_on_record(db.reader(), person).await?;
            let paper = SignedPaper::ours(&name, Aim::Care, "in the paper file, third tab");
            let new = new.map_err(Error::from)?.on(paper);
            db.write(&cast.ana, async |unit| consents::record(unit, &care, new).await).await?;
            send_on(db, &cast.ana, &about, "Lakeside Outpatient", "Evenings, while she waits.", "packet")
                .await
        }
        _ => Ok(()),
    }
}

//! The rules by which colleagues are told of who waits, and “I have it”.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use foundation::acts::{Reach, reach};
use foundation::staff::Directory;
use foundation::{Act, Actor, Error, Faults, Instant, Role, StaffId, Subject, may};
use intake::escalating::{self, Change, Row};
use intake::request::seen;
use intake::rules::escalating::{Rule, Tell, Then, TypedRule};
use intake::rules::routing::RuleId;
use intake::rules::standing::long;
use intake::rules::words::{Channel, Urgency};

use crate::failure::Failure;
use crate::filters;
use crate::form::{Typed, key};
use crate::house::House;
use crate::listing::changed;
use crate::look::{Field, Place, Problem};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    let change = Access::Staff(Act::ChangeSettings);
    Routes::default()
        .page("/admin/escalation", Access::Staff(Act::ViewSettings), page)
        .act("/admin/escalation", change, add)
        .act("/admin/escalation/{rule}/removal", change, remove)
        .act("/inbox/{reference}/answering", Access::Staff(Act::AnswerEscalation), answer)
}

/// A request that the viewer was told of, as My day and the inbox show it.
pub struct ToldLine {
    pub reference: String,
    pub name: String,
    /// How its first call stands, and who has it.
    pub stands: String,
}

/// What the viewer was told of and nobody has answered for.
pub async fn told(house: &House, me: &Actor) -> Result<Vec<ToldLine>, Error> {
    let now = house.now();
    Ok(escalating::told_to(house, me).await?.into_iter().map(|row| told_line(row, me, now)).collect())
}

fn told_line(row: Row, me: &Actor, now: Instant) -> ToldLine {
    let due = if row.due_at <= now {
        format!("The first call is {} late.", long(row.due_at, now))
    } else {
        format!("The first call is due in {}.", long(now, row.due_at))
    };
    let has = match (row.owner_id, row.owner) {
        (Some(id), _) if Some(id) == me.staff_id() => "It is yours.".to_owned(),
        (_, Some(name)) => format!("{name} has it."),
        _ => "Nobody has it.".to_owned(),
    };
    ToldLine {
        name: clients::person::shown(&row.name),
        reference: row.reference,
        stands: format!("{due} {has}"),
    }
}

async fn answer(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): Path<String>,
    _: Typed,
) -> Result<Response, Failure> {
    let wanted = seen(house.reader(), &me, &reference).await?;
    match house.write(&me, async |unit| escalating::answer(unit, &wanted).await).await {
        Ok(()) => Ok(sent_on(&format!("/inbox/{reference}"), Said::HaveIt, &reference)),
        // A colleague was first: the request says who.
        Err(Error::Refused(_)) => {
            Ok(sent_on(&format!("/inbox/{reference}"), Said::SomebodyHasIt, &reference))
        }
        Err(other) => Err(other.into()),
    }
}

async fn page(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    shown(&house, &me, &Typed::default(), &Faults::default()).await
}

async fn shown(house: &House, me: &Actor, typed: &Typed, faults: &Faults) -> Result<Response, Failure> {
    let (rules, version) = escalating::rules(house.reader()).await?;
    let staff = Directory::of(house).await?;
    Ok(show(EscalationPage::new(me, &rules, version, &staff, typed, faults)))
}

async fn change(
    house: &House,
    me: &Actor,
    typed: &Typed,
    change: Result<Change, Faults>,
) -> Result<Response, Failure> {
    let faults = changed(typed, "name", change, async |version, change| {
        house.write(me, async |unit| escalating::change(unit, version, change).await).await
    })
    .await?;
    if faults.0.is_empty() {
        return Ok(sent_on("/admin/escalation", Said::RulesChanged, ""));
    }
    shown(house, me, typed, &faults).await
}

async fn add(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    let rule = TypedRule {
        name: typed.text("name"),
        urgency: typed.text("urgency"),
        channel: typed.text("channel"),
        minutes: typed.text("minutes"),
        side: typed.text("side"),
        tell: typed.text("tell"),
        email: typed.checked("email"),
        then: typed.text("then"),
    };
    let rule = Rule::parse(rule, house.now());
    change(&house, &me, &typed, rule.map(Change::Add)).await
}

async fn remove(
    State(house): State<House>,
    Me(me, _): Me,
    Path(rule): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let rule: RuleId = key(&rule)?;
    change(&house, &me, &typed, Ok(Change::Remove(rule))).await
}

/// A rule as the page shows it.
struct Line {
    id: RuleId,
    name: String,
    when: String,
    of: String,
    tells: String,
    then: String,
}

#[derive(Template)]
#[template(path = "pages/admin/escalation.html")]
struct EscalationPage {
    may_change: bool,
    version: i32,
    rules: Vec<Line>,
    tells: Vec<(String, String)>,
    thens: Vec<(String, String)>,
    name: Field,
    minutes: Field,
    side: Field,
    urgency: Field,
    channel: Field,
    tell: Field,
    then: Field,
    email: Field,
    problem: Problem,
}

impl EscalationPage {
    fn new(
        me: &Actor,
        rules: &[Rule],
        version: i32,
        staff: &Directory,
        typed: &Typed,
        faults: &Faults,
    ) -> Self {
        let field = |name| Field::of(name, typed, faults);
        // Only who may open a request is told of it.
        let openers: Vec<Role> = Role::ALL
            .iter()
            .copied()
            .filter(|role| reach(*role, Act::AnswerEscalation) == Reach::Everyone)
            .collect();
        let takers: Vec<Role> = openers
            .iter()
            .copied()
            .filter(|role| reach(*role, Act::ClaimRequest) == Reach::Everyone)
            .collect();
        let mut tells = vec![
            ("owner".to_owned(), "Whoever has it".to_owned()),
            ("supervisor".to_owned(), "Their supervisor".to_owned()),
        ];
        tells.extend(
            openers.iter().map(|role| (format!("role:{role}"), format!("Everyone: {}", role.words()))),
        );
        tells.extend(staff.working_as(&openers).into_iter().map(|(id, name)| (format!("staff:{id}"), name)));
        let mut thens = vec![("release".to_owned(), "It goes back to everyone".to_owned())];
        let give = staff.working_as(&takers).into_iter();
        thens.extend(give.map(|(id, name)| (id.to_string(), format!("It is given to {name}"))));
        let side = match field("side") {
            side if side.value.is_empty() => Field { value: "after".into(), ..side },
            side => side,
        };
        Self {
            may_change: may(me, Act::ChangeSettings, &Subject::center()),
            version,
            rules: rules.iter().map(|rule| line(rule, staff)).collect(),
            tells,
            thens,
            name: field("name"),
            minutes: field("minutes"),
            side,
            urgency: field("urgency"),
            channel: field("channel"),
            tell: field("tell"),
            then: field("then"),
            email: field("email"),
            problem: Problem::from(faults),
        }
    }

    fn sides() -> [(&'static str, &'static str); 2] {
        [("before", "before the first call is due"), ("after", "after it was due")]
    }

    fn channels() -> Vec<(&'static str, &'static str)> {
        Channel::ALL.iter().map(|channel| (channel.as_str(), channel.words())).collect()
    }

    fn urgencies() -> Vec<(&'static str, &'static str)> {
        Urgency::ALL.iter().map(|urgency| (urgency.as_str(), urgency.words())).collect()
    }
}

fn line(rule: &Rule, staff: &Directory) -> Line {
    let name = |id: StaffId| staff.name(id).unwrap_or("a former colleague").to_owned();
    let of: Vec<&str> =
        rule.urgency.map(Urgency::words).into_iter().chain(rule.channel.map(Channel::words)).collect();
    let tells = match rule.tell {
        Tell::Owner => "Whoever has it".to_owned(),
        Tell::OwnersSupervisor => "Their supervisor".to_owned(),
        Tell::Role(of) => format!("Everyone: {}", of.words()),
        Tell::Staff(id) => name(id),
    };
    Line {
        id: rule.id,
        name: rule.name.clone(),
        when: rule.when(),
        of: if of.is_empty() { "Every request".into() } else { of.join(" · ") },
        tells: if rule.email { format!("{tells}, also by e-mail") } else { tells },
        then: match rule.then {
            Then::Nothing => "Nothing else".into(),
            Then::Release => "It goes back to everyone".into(),
            Then::Give(to) => format!("It is given to {}", name(to)),
        },
    }
}

impl Page for EscalationPage {
    fn title(&self) -> String {
        "Before it is late".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}

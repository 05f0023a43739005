//! "Is my brother there?" One screen that looks nobody up: what to say, and room to write down who asked.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use foundation::acts::{Reach, reach_of};
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::{Act, Actor, Error, Faults};
use intake::third_party::{self, Asked, InquiryId, SAY};

use crate::failure::Failure;
use crate::filters;
use crate::form::{Typed, key};
use crate::house::House;
use crate::inbox::when;
use crate::look::{Field, Place, Problem};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default()
        .page("/third-party", Access::Staff(Act::TakeInquiry), page)
        .act("/third-party", Access::Staff(Act::TakeInquiry), take)
        .act("/third-party/{id}/settled", Access::Staff(Act::SettleInquiry), settle)
}

async fn page(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    Ok(show(ThirdParty::new(&house, &me, &Typed::default(), &Faults::default()).await?))
}

async fn take(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    let asked = match Asked::parse(|name| typed.text(name)) {
        Ok(asked) => asked,
        Err(faults) => return Ok(show(ThirdParty::new(&house, &me, &typed, &faults).await?)),
    };
    house.write(&me, async |unit| third_party::take(unit, &asked).await).await?;
    Ok(sent_on("/third-party", Said::InquiryTaken, "one"))
}

async fn settle(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    _: Typed,
) -> Result<Response, Failure> {
    let id: InquiryId = key(&id)?;
    match house.write(&me, async |unit| third_party::settle(unit, id).await).await {
        // Two who settle it at once wanted the same.
        Ok(()) | Err(Error::Refused(_)) => Ok(sent_on("/third-party", Said::InquirySettled, "one")),
        Err(other) => Err(other.into()),
    }
}

struct Line {
    id: InquiryId,
    when: String,
    by: String,
    asked: Asked,
}

#[derive(Template)]
#[template(path = "pages/third_party/ask.html")]
struct ThirdParty {
    fields: Vec<Field>,
    problem: Problem,
    /// What was asked, for those who may think about it; `None` for everyone else.
    open: Option<Vec<Line>>,
}

impl ThirdParty {
    async fn new(house: &House, me: &Actor, typed: &Typed, faults: &Faults) -> Result<Self, Error> {
        let open =
            if reach_of(me, Act::SettleInquiry) == Reach::No { None } else { Some(lines(house, me).await?) };
        let names = ["name", "phone", "relationship", "about", "note"];
        Ok(Self {
            fields: names.iter().map(|name| Field::of(name, typed, faults)).collect(),
            problem: Problem::from(faults),
            open,
        })
    }

    fn field(&self, name: &str) -> &Field {
        static NONE: Field = Field { name: "", value: String::new(), fault: None };
        self.fields.iter().find(|f| f.name == name).unwrap_or(&NONE)
    }
}

async fn lines(house: &House, me: &Actor) -> Result<Vec<Line>, Error> {
    let zone = Center::of(house).await?.zone;
    let staff = Directory::of(house).await?;
    let open = third_party::open(house.reader(), house.keyring(), me).await?;
    let lines = open.into_iter().map(|one| Line {
        id: one.id,
        when: when(one.taken_at, house.now(), zone),
        by: staff.name(one.by).unwrap_or("A former colleague").to_owned(),
        asked: one.asked,
    });
    Ok(lines.collect())
}

impl Page for ThirdParty {
    fn title(&self) -> String {
        "Somebody asks after somebody".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Inbox)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}

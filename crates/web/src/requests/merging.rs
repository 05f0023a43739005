//! Merging two requests and taking them apart again.

use axum::extract::{Path, State};
use axum::response::Response;
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::{Act, Actor, Error, Faults};
use intake::request::merged::{self, Compared};
use intake::request::page::Around;
use intake::request::{merging, seen};

use super::comparing::{ComparePage, WhichPage};
use super::{At, here, shown};
use crate::failure::Failure;
use crate::form::{Asked, Seen, Typed, chosen};
use crate::house::House;
use crate::page::show;
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

pub(super) fn routes() -> Routes {
    Routes::default()
        .page("/inbox/{reference}/merging", Access::Staff(Act::MergeRequests), compare)
        .act("/inbox/{reference}/merging", Access::Staff(Act::MergeRequests), merge)
        .act("/inbox/{reference}/taking-apart", Access::Staff(Act::UnmergeRequests), take_apart)
}

/// Two requests side by side; without another one, the question for its number.
async fn compare(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    Asked(asked): Asked,
) -> Result<Response, Failure> {
    let with = asked.text("with").to_owned();
    weighed(&house, &me, &reference, &with, &Typed::default(), Faults::default()).await
}

async fn weighed(
    house: &House,
    me: &Actor,
    reference: &str,
    with: &str,
    typed: &Typed,
    faults: Faults,
) -> Result<Response, Failure> {
    let own = seen(house.reader(), me, reference).await?;
    if !foundation::may(me, Act::MergeRequests, &own.subject()) {
        return Err(Error::NotFound.into());
    }
    if with.is_empty() {
        return Ok(show(WhichPage::new(reference, with, &faults)));
    }
    match both(house, me, reference, with).await {
        Ok(compared) if same(&compared) => {
            let words = "Enter the number of another request; this one is the same";
            Ok(show(WhichPage::new(reference, with, &one_fault("with", words.into()))))
        }
        Ok(compared) => Ok(show(ComparePage::new(house, me, compared, typed, &faults).await?)),
        Err(Error::NotFound) => {
            let words = "Enter the number of a request, like CR-4F7K2";
            Ok(show(WhichPage::new(reference, with, &one_fault("with", words.into()))))
        }
        Err(other) => Err(other.into()),
    }
}

fn same(compared: &Compared) -> bool {
    let [a, b] = &compared.sides;
    a.request.id == b.request.id
}

/// Both, recorded as opened before they are shown.
async fn both(house: &House, me: &Actor, reference: &str, with: &str) -> Result<Compared, Error> {
    let staff = Directory::of(house).await?;
    let around = Around::new(house, me, &staff, Center::of(house).await?.zone);
    let references = [reference, with];
    let compared = house.look(async |reader| merged::compared(reader, around, references).await).await?;
    for side in &compared.sides {
        house.readings().record(me, Act::OpenRequest, &side.request.subject()).await?;
    }
    Ok(compared)
}

async fn merge(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let with = typed.text("with").to_owned();
    match merged(&house, &me, &reference, &typed).await {
        Ok((survivor, merged)) => Ok(sent_on(&here(&survivor), Said::Merged, &merged)),
        Err(error) => {
            let faults = match error {
                Error::Invalid(faults) => faults,
                Error::Refused(refusal) => one_fault("survivor", refusal.sentence),
                Error::Stale => {
                    let words = "Someone changed one of them just now. Look again, then merge";
                    one_fault("survivor", words.into())
                }
                other => return Err(other.into()),
            };
            weighed(&house, &me, &reference, &with, &typed, faults).await
        }
    }
}

fn one_fault(field: &str, words: String) -> Faults {
    let mut faults = Faults::default();
    faults.add(field, words);
    faults
}

/// The references of the one that goes on and of the other.
async fn merged(
    house: &House,
    me: &Actor,
    reference: &str,
    typed: &Typed,
) -> Result<(String, String), Error> {
    let (a, b) =
        (seen(house.reader(), me, reference).await?, seen(house.reader(), me, typed.text("with")).await?);
    let survivor = typed.text("survivor");
    let which = match survivor {
        s if s == a.reference => Some((a, b)),
        s if s == b.reference => Some((b, a)),
        _ => None,
    };
    let (survivor, duplicate) = chosen(which, "survivor", "Choose which request goes on")?;
    let survivor = house.write(me, async |unit| merging::merge(unit, &duplicate, &survivor).await).await?;
    Ok((survivor.reference, duplicate.reference))
}

async fn take_apart(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    _: Typed,
) -> Result<Response, Failure> {
    let request = seen(house.reader(), &me, &reference).await?;
    match house.write(&me, async |unit| merging::unmerge(unit, &request).await).await {
        Ok(_) => Ok(sent_on(&here(&reference), Said::TakenApart, &reference)),
        Err(Error::Refused(refusal)) => {
            let on = merging::going_on(house.reader(), request.id).await?;
            let typed = Typed::default();
            let faults = one_fault(&format!("merged-{}", request.reference), refusal.sentence);
            shown(&house, &me, &on.reference, Seen::again(&typed, &faults), false, None).await
        }
        Err(other) => Err(other.into()),
    }
}

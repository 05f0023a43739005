//! Recognizing a client in whoever asks, and taking it back.

use axum::extract::{Path, State};
use axum::response::Response;
use foundation::{Act, PersonId};
use intake::request::recognizing::{self, KnownBy};

use super::{At, act_on, here};
use crate::failure::Failure;
use crate::form::{Typed, chosen};
use crate::house::House;
use crate::routes::{Access, Routes};
use crate::said::Said;
use crate::session::Me;

pub(super) fn routes() -> Routes {
    Routes::default()
        .act("/inbox/{reference}/recognition", Access::Staff(Act::RecognizeClient), recognize)
        .act("/inbox/{reference}/not-them", Access::Staff(Act::RecognizeClient), take_back)
}

async fn recognize(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let by = chosen(
            KnownBy::parse(typed.text("known_by")),
            "known_by",
            "Choose how you know that it is them",
        )?;
        let client: PersonId =
            chosen(typed.text("client").parse().ok(), "known_by", "Choose which client it is")?;
        house.write(&me, async |unit| recognizing::recognize(unit, request, client, by).await).await?;
        Ok((here(&request.reference), Said::Recognized))
    })
    .await
}

async fn take_back(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        house.write(&me, async |unit| recognizing::take_back(unit, request).await).await?;
        Ok((here(&request.reference), Said::NotThem))
    })
    .await
}

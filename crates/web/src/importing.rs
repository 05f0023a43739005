//! Old inquiries from a file: given, looked over with what each column holds, brought in while one goes on working, and
//! thrown away. A file can be seen by whoever gave it.

mod giving;
mod view;

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use foundation::{Act, Actor, Error, Faults};
use intake::importing::keeping::{self, Import, ImportId, State as Stands};
use intake::importing::{Days, Encoding, Field, Mapping, Standing};
use intake::rules::words::Disposition;

use crate::failure::Failure;
use crate::form::{Typed, key};
use crate::house::House;
use crate::page::show;
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;
pub(crate) use giving::{LARGEST, PATH};
use view::{File, Files};

/// The routes of this file.
pub fn routes() -> Routes {
    let access = Access::Staff(Act::ImportRequests);
    Routes::default()
        .page(PATH, access, files)
        .act(PATH, access, giving::give)
        .page("/admin/import/{id}", access, file)
        .act("/admin/import/{id}", access, map)
        .act("/admin/import/{id}/coming-in", access, begin)
        .act("/admin/import/{id}/throwing-away", access, throw_away)
        .page("/admin/import/{id}/rejected.csv", access, rejected)
}

type At = Path<String>;

fn here(id: ImportId) -> String {
    format!("{PATH}/{id}")
}

async fn files(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    Ok(show(Files::new(&house, &me, &Faults::default()).await?))
}

async fn of(house: &House, me: &Actor, id: &str) -> Result<Import, Error> {
    let id: ImportId = key(id)?;
    keeping::one(house.reader(), me, id).await
}

async fn file(State(house): State<House>, Me(me, _): Me, Path(id): At) -> Result<Response, Failure> {
    let import = of(&house, &me, &id).await?;
    Ok(show(File::new(&house, &me, import, &Faults::default()).await?))
}

/// Says which column holds what, and shows what would come of it.
async fn map(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let import = of(&house, &me, &id).await?;
    let mapping = mapping(&typed);
    settled(&house, &me, import, async |import| {
        house.write(&me, async |unit| keeping::map(unit, import, mapping).await).await?;
        Ok(Said::ColumnsMapped)
    })
    .await
}

async fn begin(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    _: Typed,
) -> Result<Response, Failure> {
    let import = of(&house, &me, &id).await?;
    settled(&house, &me, import, async |import| {
        if import.state != Stands::Looked {
            return Ok(Said::ComingIn);
        }
        let (_, plan) = keeping::looked_over(&house, import).await?;
        let plan = plan?;
        house.write(&me, async |unit| keeping::begin(unit, import, &plan).await).await?;
        Ok(Said::ComingIn)
    })
    .await
}

async fn throw_away(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): At,
    _: Typed,
) -> Result<Response, Failure> {
    let import = of(&house, &me, &id).await?;
    settled(&house, &me, import, async |import| {
        house.write(&me, async |unit| keeping::throw_away(unit, import).await).await?;
        Ok(Said::FileGone)
    })
    .await
}

/// Does something to a file and shows it again, or with what is in the way.
async fn settled(
    house: &House,
    me: &Actor,
    import: Import,
    work: impl AsyncFnOnce(&Import) -> Result<Said, Error>,
) -> Result<Response, Failure> {
    match work(&import).await {
        Ok(said) => Ok(sent_on(&here(import.id), said, &import.id.to_string())),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            let faults = Failure::from(error).faults()?;
            Ok(show(File::new(house, me, import, &faults).await?))
        }
        Err(other) => Err(other.into()),
    }
}

async fn rejected(State(house): State<House>, Me(me, _): Me, Path(id): At) -> Result<Response, Failure> {
    let import = of(&house, &me, &id).await?;
    let bytes = keeping::rejected(&house, &import)?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"not-brought-in.csv\""),
    ];
    Ok((headers, bytes).into_response())
}

/// A mapping as chosen. What is no choice of ours is the usual one; what does not fit the file is told beside it.
fn mapping(typed: &Typed) -> Mapping {
    let usual = Mapping::default();
    let columns = Field::ALL.iter().filter_map(|field| {
        let heading = typed.exact(&format!("column_{field}"));
        (!heading.is_empty()).then(|| (field.as_str().to_owned(), heading.to_owned()))
    });
    let words = typed.text("open_words").split(',').map(str::trim).filter(|word| !word.is_empty());
    Mapping {
        encoding: Encoding::parse(typed.text("encoding")).unwrap_or(usual.encoding),
        separator: match typed.text("separator") {
            "tab" => "\t".to_owned(),
            one => one.chars().take(1).collect(),
        },
        days: Days::parse(typed.text("days")).unwrap_or(usual.days),
        columns: columns.collect(),
        open_words: words.take(50).map(str::to_owned).collect(),
        without_status: Standing::parse(typed.text("without_status")).unwrap_or(usual.without_status),
        closed_as: Disposition::parse(typed.text("closed_as")).unwrap_or(usual.closed_as),
    }
}

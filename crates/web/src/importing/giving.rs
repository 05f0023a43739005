//! A file from a browser: one field of a multipart form beside the form's token, in bounded memory.

use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use foundation::{Error, Faults};
use intake::importing::keeping;

use super::here;
use super::view::Files;
use crate::failure::Failure;
use crate::house::House;
use crate::page::show;
use crate::said::{Said, sent_on};
use crate::session::{FormToken, Me};

/// Where files are given.
pub(crate) const PATH: &str = "/admin/import";
/// The largest body: the largest file and room for what is around it.
pub(crate) const LARGEST: usize = intake::importing::LARGEST + 64 * 1024;

const UNREADABLE: Failure =
    Failure::Unreadable("The file did not arrive whole. Go back and choose it again.");

pub(super) async fn give(
    State(house): State<House>,
    Me(me, _): Me,
    request: Request,
) -> Result<Response, Failure> {
    let token = request.extensions().get::<FormToken>().cloned();
    let (given, file) = fields(&house, request).await?;
    if token.is_none_or(|FormToken(token)| given != token) {
        return Err(Failure::Origin);
    }
    let kept = if file.is_empty() {
        let mut faults = Faults::default();
        faults.add("file", "Choose a CSV file");
        Err(faults.into())
    } else {
        house.write(&me, async |unit| keeping::keep(unit, &file).await).await
    };
    match kept {
        Ok(id) => Ok(sent_on(&here(id), Said::FileKept, "")),
        Err(error @ Error::Invalid(_)) => {
            let faults = Failure::from(error).faults()?;
            Ok(show(Files::new(&house, &me, &faults).await?))
        }
        Err(other) => Err(other.into()),
    }
}

/// The form's token and the file.
async fn fields(house: &House, request: Request) -> Result<(String, Vec<u8>), Failure> {
    let kind = request.headers().get(CONTENT_TYPE).cloned().ok_or(UNREADABLE)?;
    let body = axum::body::to_bytes(request.into_body(), LARGEST).await.map_err(|_| {
        Failure::Unreadable("The file is larger than 16 MB. Go back and cut it into several.")
    })?;
    // Built anew: the limit of ordinary forms is not for files.
    let whole = Request::builder().method("POST").header(CONTENT_TYPE, kind).body(Body::from(body));
    let mut whole = whole.map_err(|_| UNREADABLE)?;
    axum::extract::DefaultBodyLimit::max(LARGEST).apply(&mut whole);
    let mut form = Multipart::from_request(whole, house).await.map_err(|_| UNREADABLE)?;
    let (mut token, mut file) = (String::new(), Vec::new());
    while let Some(field) = form.next_field().await.map_err(|_| UNREADABLE)? {
        match field.name() {
            Some("form_token") => token = field.text().await.map_err(|_| UNREADABLE)?,
            Some("file") => file = field.bytes().await.map_err(|_| UNREADABLE)?.to_vec(),
            _ => {}
        }
    }
    Ok((token, file))
}

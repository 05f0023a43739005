//! What went wrong, as a page: one place decides status and words. Nothing here tells whether someone is known.

use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use foundation::staff::Stage;
use foundation::{Away, Error, Faults};
use sea_orm::DbErr;

use crate::page::Parked;

/// Why a handler gave no page.
#[derive(Debug)]
pub enum Failure {
    /// The house said no or broke.
    House(Error),
    /// Sign in first; then come back here.
    SignIn { back_to: Option<String> },
    /// The sign-in is not finished.
    Entering(Stage),
    /// The request came from another site, or its form is older than the session.
    Origin,
    /// The request itself makes no sense: repeated fields, control characters, not a form.
    Unreadable(&'static str),
    /// The address is there and does not take this.
    Method,
    /// More than any page takes.
    TooLarge,
    /// Too many from one address.
    TooMany,
}

impl Failure {
    /// Sign in first. Only a plain path of our own is kept to come back to.
    pub fn sign_in(uri: &Uri) -> Self {
        let path = uri.path();
        let plain = path.starts_with('/') && !path.starts_with("//") && path.len() < 200;
        Self::SignIn { back_to: (plain && path != "/").then(|| path.to_owned()) }
    }

    /// The faults of a form, when that is what it is.
    pub fn faults(self) -> Result<Faults, Self> {
        match self {
            Self::House(Error::Invalid(faults)) => Ok(faults),
            Self::House(Error::Refused(refusal)) => {
                let mut faults = Faults::default();
                faults.add(refusal.code, refusal.sentence);
                Ok(faults)
            }
            other => Err(other),
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::House(error) => match error {
                Error::NotFound => StatusCode::NOT_FOUND,
                Error::Forbidden(_) => StatusCode::FORBIDDEN,
                Error::Stale | Error::Exists => StatusCode::CONFLICT,
                Error::Refused(_) | Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
                Error::Busy | Error::Away(_) | Error::InDoubt => StatusCode::SERVICE_UNAVAILABLE,
                Error::Store(_) | Error::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
            },
            Self::SignIn { .. } | Self::Entering(_) => StatusCode::SEE_OTHER,
            Self::Origin => StatusCode::FORBIDDEN,
            Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    /// Title and sentence.
    fn words(&self) -> (&'static str, String) {
        match self {
            Self::House(error) => words_of(error),
            Self::SignIn { .. } | Self::Entering(_) => ("Sign in", String::new()),
            Self::Origin => (
                "Send the form again",
                "This form was open too long or came from somewhere else. Go back, reload the page and send it again."
                    .into(),
            ),
            Self::Unreadable(why) => ("This could not be read", (*why).into()),
            Self::Method => {
                ("This address does not take that", "Go back, open the page anew and try again from there.".into())
            }
            Self::TooLarge => ("This is too large", "Go back and shorten the answers.".into()),
            Self::TooMany => (
                "Wait a little",
                "Many answers came from your connection within the hour. Try again later. In an emergency \
                 call 911. Call or text 988 to talk with someone at any hour."
                    .into(),
            ),
        }
    }
}

fn words_of(error: &Error) -> (&'static str, String) {
    match error {
        Error::NotFound => ("There is no such page", "It may have moved, or it is not yours to see.".into()),
        Error::Forbidden(_) => {
            ("Your role does not include this", "Ask a colleague who can, or your administrator.".into())
        }
        Error::Stale => {
            ("Someone else saved first", "Go back, look at what they wrote, and save yours again.".into())
        }
        Error::Exists => ("It is there already", "Nothing was written a second time.".into()),
        Error::Refused(refusal) => ("That did not happen", refusal.sentence.clone()),
        Error::Invalid(faults) => ("There is a problem", faults.to_string()),
        Error::Busy => {
            ("Very busy right now", "Nothing was lost that said Saved. Try again in a moment.".into())
        }
        Error::Away(Away::Full | Away::ReadOnly) => (
            "We cannot save anything right now",
            "Nothing was saved just now. What was saved before is safe. Try again in a few minutes.".into(),
        ),
        Error::Away(Away::Locked | Away::Silent) => (
            "We cannot reach our records right now",
            "Nothing was saved just now. What was saved before is safe. Try again in a few minutes.".into(),
        ),
        Error::InDoubt => (
            "We do not know if this was saved",
            "Our records stopped answering while you sent it. Wait a minute. Look if it is there, or send it again."
                .into(),
        ),
        Error::Store(_) | Error::Broken(_) => (
            "Sorry, there is a problem with the service",
            "What you typed was not saved. Go back, keep a copy of it, and try again.".into(),
        ),
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::House(error)
    }
}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Self {
        Self::House(Error::Invalid(faults))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match &self {
            Self::SignIn { back_to } => {
                let query = back_to.as_ref().and_then(|b| serde_urlencoded::to_string([("to", b)]).ok());
                return Redirect::to(&query.map_or("/sign-in".into(), |q| format!("/sign-in?{q}")))
                    .into_response();
            }
            Self::Entering(stage) => return Redirect::to(entrance(*stage)).into_response(),
            _ => {}
        }
        let (heading, words) = self.words();
        // Written down once, where it is rendered: there the request has a number. The error of a database may quote
        // values, so only its kind goes on from here.
        let fault = matches!(self, Self::House(Error::Store(_) | Error::Broken(_))).then(|| kind(&self));
        (self.status(), Parked::failure(heading, words, fault)).into_response()
    }
}

/// Where a sign-in that is not finished goes on.
pub fn entrance(stage: Stage) -> &'static str {
    match stage {
        Stage::NeedsCode => "/sign-in/code",
        Stage::NeedsPassword => "/sign-in/password",
        Stage::NeedsFactor => "/sign-in/factor",
        Stage::In => "/",
    }
}

/// The kind of a database error: its text may quote what somebody typed.
fn kind_of(error: &DbErr) -> &'static str {
    match error {
        DbErr::Conn(_) => "the database cannot be reached",
        DbErr::Exec(_) => "a statement was refused",
        DbErr::Query(_) => "a question was refused",
        DbErr::Type(_) | DbErr::Json(_) => "a row could not be read",
        _ => "the database failed",
    }
}

fn kind(failure: &Failure) -> String {
    match failure {
        Failure::House(Error::Broken(what)) => what.clone(),
        Failure::House(Error::Store(e)) => kind_of(e).to_owned(),
        _ => String::new(),
    }
}

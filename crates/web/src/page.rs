//! Pages are typed templates of the content of `main`; a handler parks one in its response. One layer renders it late
//! and puts the shell around it: who I am, what waits, what just happened, the form token.

use std::any::Any;
use std::sync::Arc;

use askama::{Template, Values};
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use foundation::Lang;
use foundation::center::Center;
use foundation::staff::{Session, Stage};

use crate::filters;
use crate::filters::{FORM_TOKEN, LANG};
use crate::house::House;
use crate::language;
use crate::look::{Place, PlainLayout, PublicLayout, StaffLayout, Toast};
use crate::request_log::{Panicked, RequestLine, catch_panic, last_word};
use crate::said;
use crate::session::{self, FormToken, SignedIn, cookie};
use crate::shelter::StillHere;

/// Which shell goes around a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shell {
    /// The rail, with the word that is current.
    Staff(Place),
    /// The public column. `leave` shows the way out.
    Public { leave: bool },
    /// A sheet on an empty desk: signing in, setting up.
    Plain,
}

/// A page: content of `main`, a title, a shell.
pub trait Page: Template + Send + Sync + 'static {
    /// The title; says nothing about anyone.
    fn title(&self) -> String;
    /// The shell.
    fn shell(&self) -> Shell;
    /// Whether something on it must be put right; the title then says so.
    fn has_faults(&self) -> bool {
        false
    }
    /// Whether every word of it is there in the visitor's language.
    fn is_translated(&self) -> bool {
        false
    }
    /// Where a visitor goes on after choosing a language here; on most pages nobody chooses.
    fn chooses_language(&self) -> Option<&'static str> {
        None
    }
}

/// What a page needs at the moment it is rendered.
struct Late {
    form_token: String,
    lang: Lang,
}

impl Values for Late {
    fn get_value<'a>(&'a self, key: &str) -> Option<&'a dyn Any> {
        match key {
            FORM_TOKEN => Some(&self.form_token),
            LANG => Some(&self.lang),
            _ => None,
        }
    }
}

trait Render: Send + Sync {
    fn content(&self, late: &Late) -> askama::Result<String>;
    fn title(&self) -> String;
    fn shell(&self) -> Shell;
    fn has_faults(&self) -> bool;
    fn is_translated(&self) -> bool;
    fn chooses_language(&self) -> Option<&'static str>;
}

impl<P: Page> Render for P {
    fn content(&self, late: &Late) -> askama::Result<String> {
        self.render_with_values(late)
    }
    fn title(&self) -> String {
        Page::title(self)
    }
    fn shell(&self) -> Shell {
        Page::shell(self)
    }
    fn has_faults(&self) -> bool {
        Page::has_faults(self)
    }
    fn is_translated(&self) -> bool {
        Page::is_translated(self)
    }
    fn chooses_language(&self) -> Option<&'static str> {
        Page::chooses_language(self)
    }
}

/// A page or failure waiting in a response to be rendered.
#[derive(Clone)]
pub enum Parked {
    Page(Arc<dyn RenderPage>),
    /// What went wrong. `fault` is what the log says of it when it is ours to mend.
    Failure {
        heading: &'static str,
        words: String,
        fault: Option<String>,
    },
}

/// Seals `Render`: only pages can be parked.
#[expect(private_bounds, reason = "nobody outside may park anything but a page")]
pub trait RenderPage: Render {}
impl<P: Page> RenderPage for P {}

impl Parked {
    /// A failure's heading and sentence, and what the log says of it.
    pub fn failure(heading: &'static str, words: String, fault: Option<String>) -> Self {
        Self::Failure { heading, words, fault }
    }
}

impl IntoResponse for Parked {
    fn into_response(self) -> Response {
        let mut response = StatusCode::OK.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Shows a page. A page with faults is 422: what was typed is still there.
pub fn show<P: Page>(page: P) -> Response {
    let status = if page.has_faults() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    (status, Parked::Page(Arc::new(page))).into_response()
}

#[derive(Template)]
#[template(path = "pages/failure.html")]
struct FailurePage {
    heading: String,
    words: String,
    /// What to say on the phone, and what to look for in the log.
    reference: Option<String>,
    in_staff: bool,
    /// The number of the center, for whoever is not signed in.
    phone: Option<String>,
    /// What somebody sent and nobody took.
    still_here: Option<StillHere>,
}

/// The layer that renders what is parked.
pub async fn render(State(house): State<House>, request: Request, next: Next) -> Response {
    let session = request.extensions().get::<SignedIn>().map(|s| s.0.clone());
    let form_token = request.extensions().get::<FormToken>().map(|t| t.0.clone()).unwrap_or_default();
    let wants_json = accepts_json(request.headers()) || request.uri().path().starts_with("/api/");
    let theme = theme(request.headers());
    let lang = language::of(request.headers());
    let toast = said::heard(request.headers());
    let says = toast.is_some();
    let of_staff = cookie(request.headers(), session::NAME).is_some();
    let line = request.extensions().get::<RequestLine>().cloned().unwrap_or_default();
    let mut response = next.run(request).await;
    let Some(parked) = response.extensions_mut().remove::<Parked>() else { return response };
    let reference = match &parked {
        Parked::Failure { fault: Some(fault), .. } => Some(line.report(&house, fault)),
        _ => None,
    };
    if let (Parked::Failure { heading, words, .. }, true) = (&parked, wants_json) {
        let status = response.status().as_u16();
        let mut problem = serde_json::json!({ "title": heading, "detail": words, "status": status });
        if let (Some(reference), Some(problem)) = (reference, problem.as_object_mut()) {
            problem.insert("reference".to_owned(), reference.into());
        }
        *response.body_mut() = problem.to_string().into();
        response
            .headers_mut()
            .insert(CONTENT_TYPE, axum::http::HeaderValue::from_static("application/problem+json"));
        return response;
    }
    let away = (response.status() == StatusCode::SERVICE_UNAVAILABLE)
        .then(|| Away { of_staff, still_here: response.extensions_mut().remove() });
    let around = Around { form_token, lang, theme, toast, reference, away };
    // A template that panics is caught here as a handler is.
    let rendered = catch_panic(whole(&house, &parked, session.as_ref(), around)).await;
    match rendered.map_err(|Panicked| "a page panicked".to_owned()).and_then(|r| r.map_err(|e| e.to_string()))
    {
        Ok(html) => {
            let (parts, rendered) = (response.into_parts().0, Html(html).into_response().into_parts());
            let mut whole = Response::from_parts(parts, rendered.1);
            whole.headers_mut().extend(rendered.0.headers);
            if says {
                said::forget(whole.headers_mut());
            }
            whole
        }
        Err(failure) => last_word(&line.report(&house, &failure)),
    }
}

/// What the request brings to every page.
struct Around {
    form_token: String,
    lang: Lang,
    theme: Option<String>,
    toast: Option<Toast>,
    reference: Option<String>,
    away: Option<Away>,
}

/// The page is about a database that is away: nothing more is asked of it.
struct Away {
    of_staff: bool,
    still_here: Option<StillHere>,
}

async fn whole(
    house: &House,
    parked: &Parked,
    session: Option<&Session>,
    Around { form_token, lang, theme, toast, reference, away }: Around,
) -> askama::Result<String> {
    let inside = session.filter(|s| s.stage == Stage::In && away.is_none());
    let of_staff = away.as_ref().is_some_and(|away| away.of_staff);
    let name = neutral_name(house, away.is_some()).await;
    // A page is in one language: where not every word is translated, it is English. So are the pages of staff.
    let is_translated = match parked {
        Parked::Page(page) => page.is_translated(),
        Parked::Failure { .. } => inside.is_none() && !of_staff,
    };
    let lang = if is_translated { lang } else { Lang::English };
    let late = Late { form_token, lang };
    let (content, title, shell, faults) = match parked {
        Parked::Page(page) => (page.content(&late)?, page.title(), page.shell(), page.has_faults()),
        Parked::Failure { heading, words, .. } => {
            let say = |words: &str| language::say(late.lang, words).into_owned();
            let in_staff = inside.is_some();
            let phone = if in_staff { None } else { phone(house, away.is_some()).await };
            let still_here = away.and_then(|away| away.still_here);
            let (heading, words) = (say(heading), say(words));
            let title = heading.clone();
            let page = FailurePage { heading, words, reference, in_staff, phone, still_here };
            let shell = match inside {
                Some(_) => Shell::Staff(Place::Elsewhere),
                None if of_staff => Shell::Plain,
                None => Shell::Public { leave: true },
            };
            (page.render_with_values(&late)?, title, shell, false)
        }
    };
    let title = language::say(lang, &title).into_owned();
    let title = if faults { format!("Error: {title}") } else { title };
    match (shell, inside) {
        (Shell::Staff(place), Some(session)) => {
            let layout = StaffLayout::new(house, title, content, place, session, theme).await;
            layout
                .counting(house.waiting().counts(house, &session.actor()).await)
                .saying(toast)
                .render_with_values(&late)
        }
        (Shell::Public { leave }, _) => {
            let chooses = if let Parked::Page(page) = parked { page.chooses_language() } else { None };
            PublicLayout { title, content, name, leave, theme, lang, chooses }.render_with_values(&late)
        }
        _ => PlainLayout { title, content, theme, demo: house.ways().demo }.render_with_values(&late),
    }
}

/// What the center is called in front of everyone; while its database is away, as it is remembered.
async fn neutral_name(house: &House, away: bool) -> String {
    let center = if away { house.remembered::<Center>() } else { Center::of(house).await.ok() };
    center.map_or_else(|| "Talk to us".into(), |center| center.neutral_name.clone())
}

/// The number of the center, for whoever stands before a closed door.
async fn phone(house: &House, away: bool) -> Option<String> {
    let center = if away { house.remembered::<Center>() } else { Center::of(house).await.ok() };
    center.map(|center| center.neutral_phone.clone()).filter(|phone| !phone.is_empty())
}

fn accepts_json(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.contains("json") && !v.contains("html"))
}

/// The chosen theme, from a cookie so that it holds before signing in as well.
fn theme(headers: &HeaderMap) -> Option<String> {
    cookie(headers, "__Host-theme").filter(|t| t == "light" || t == "dark")
}

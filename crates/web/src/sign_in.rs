//! Signing in and out: name and password, then the second factor, then whatever must be put right first.

use askama::Template;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::qr::QRBuilder;
use foundation::center::Center;
use foundation::staff::factors::{self, NewFactor};
use foundation::staff::inviting::{change_own_password, own_password};
use foundation::staff::{Session, Stage, devices, sessions, signing_in};
use foundation::{Act, Error, Faults, StaffId};

use crate::address::Network;
use crate::failure::{Failure, entrance};
use crate::filters;
use crate::form::{Asked, Typed};
use crate::house::House;
use crate::look::{Field, Problem};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::session::{self, Me};

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default()
        .page("/sign-in", Access::Public, page)
        .act("/sign-in", Access::Public, sign_in)
        .page("/sign-in/code", Access::Entering, code_page)
        .act("/sign-in/code", Access::Entering, give_code)
        .page("/sign-in/factor", Access::Entering, factor_page)
        .act("/sign-in/factor", Access::Entering, enrol)
        .page("/sign-in/password", Access::Entering, password_page)
        .act("/sign-in/password", Access::Entering, change_password)
        .act("/sign-out", Access::Entering, sign_out)
        .act("/session/extend", Access::Staff(Act::ViewMyDay), extend)
}

async fn page(State(house): State<House>, Asked(asked): Asked) -> Result<Response, Failure> {
    if foundation::staff::inviting::is_empty(house.reader()).await? {
        return Ok(Redirect::to("/setup").into_response());
    }
    Ok(show(SignIn::new(&asked, &Faults::default(), house.ways().demo)))
}

async fn sign_in(
    State(house): State<House>,
    Network(network): Network,
    Device(device): Device,
    typed: Typed,
) -> Result<Response, Failure> {
    let from = signing_in::From { network: &network, device: device.as_deref() };
    match signing_in::sign_in(&house, typed.text("name"), typed.exact("password"), from).await {
        Ok(begun) => {
            let mut response = Redirect::to(back_to(&typed)).into_response();
            session::set(response.headers_mut(), &begun.token);
            if !begun.asks_code && !house.ways().factor_required {
                remember(&house, &mut response, begun.staff).await?;
            }
            Ok(response)
        }
        Err(Error::Refused(refusal)) => {
            let mut faults = Faults::default();
            faults.add("name", refusal.sentence);
            Ok(show(SignIn::new(&typed, &faults, house.ways().demo)))
        }
        Err(other) => Err(other.into()),
    }
}

/// Only a plain path of our own is gone back to. Browsers drop tabs and line breaks from an address before they read it,
/// so that a second slash could hide behind one.
fn back_to(typed: &Typed) -> &str {
    let to = typed.text("to");
    let plain = to.chars().all(|c| c.is_ascii_alphanumeric() || "/-_.?=&%".contains(c));
    if plain && to.starts_with('/') && !to.starts_with("//") { to } else { "/" }
}

/// The word of a browser that was let in before, so that guesses of others at the same network do not count against it.
struct Device(Option<String>);

const DEVICE: &str = "__Host-device";
/// Half a year.
const DEVICE_KEPT: u32 = 15_552_000;

impl FromRequestParts<House> for Device {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &House) -> Result<Self, Self::Rejection> {
        Ok(Self(session::cookie(&parts.headers, DEVICE)))
    }
}

/// Whoever came all the way in is known at this browser from now on.
async fn remember(house: &House, response: &mut Response, staff: StaffId) -> Result<(), Error> {
    let word = devices::remember(house, staff).await?;
    session::set_cookie(response.headers_mut(), DEVICE, &word, Some(DEVICE_KEPT));
    Ok(())
}

async fn code_page(Me(_, session): Me) -> Response {
    if session.stage == Stage::NeedsCode { show(Code::new(&Faults::default())) } else { onward(&session) }
}

async fn give_code(
    State(house): State<House>,
    Me(_, session): Me,
    Device(device): Device,
    typed: Typed,
) -> Result<Response, Failure> {
    match factors::give(&house, &session, typed.text("code"), device.as_deref()).await {
        Ok(token) => {
            let mut response = Redirect::to("/").into_response();
            session::set(response.headers_mut(), &token);
            remember(&house, &mut response, session.staff.id).await?;
            Ok(response)
        }
        Err(error) => Ok(show(Code::new(&Failure::from(error).faults()?))),
    }
}

async fn factor_page(State(house): State<House>, Me(_, session): Me) -> Result<Response, Failure> {
    if session.stage != Stage::NeedsFactor {
        return Ok(onward(&session));
    }
    let new = factors::propose(&house, &session.sign_in_name, &issuer(&house).await)?;
    Ok(show(Factor::new(new, &Faults::default())?))
}

async fn enrol(State(house): State<House>, Me(me, session): Me, typed: Typed) -> Result<Response, Failure> {
    if session.stage != Stage::NeedsFactor {
        return Ok(onward(&session));
    }
    let (secret, code) = (typed.text("secret"), typed.text("code"));
    match house.write(&me, async |unit| factors::enrol(unit, &session, secret, code).await).await {
        Ok(enrolled) => {
            let mut response = show(Codes { codes: enrolled.codes });
            session::set(response.headers_mut(), &enrolled.token);
            remember(&house, &mut response, session.staff.id).await?;
            Ok(response)
        }
        Err(error) => {
            let faults = Failure::from(error).faults()?;
            let again = factors::propose_again(secret, &session.sign_in_name, &issuer(&house).await);
            let new = again.or_else(|_| factors::propose(&house, &session.sign_in_name, "Kith"))?;
            Ok(show(Factor::new(new, &faults)?))
        }
    }
}

async fn issuer(house: &House) -> String {
    Center::of(house).await.map_or_else(|_| "Kith".into(), |c| c.neutral_name.clone())
}

async fn password_page(Me(_, session): Me) -> Response {
    if session.stage == Stage::NeedsPassword {
        show(NewPassword::new(&Faults::default()))
    } else {
        onward(&session)
    }
}

async fn change_password(
    State(house): State<House>,
    Me(me, session): Me,
    typed: Typed,
) -> Result<Response, Failure> {
    let password = match own_password(&house, &session, None, typed.exact("password")).await {
        Ok(password) => password,
        Err(error) => return Ok(show(NewPassword::new(&Failure::from(error).faults()?))),
    };
    house.write(&me, async |unit| change_own_password(unit, &session, password).await).await?;
    Ok(Redirect::to("/").into_response())
}

async fn sign_out(State(house): State<House>, Me(me, session): Me, _: Typed) -> Result<Response, Failure> {
    house.write(&me, async |unit| sessions::end(unit, &session).await).await?;
    let mut response = Redirect::to("/sign-in").into_response();
    session::unset(response.headers_mut());
    response.headers_mut().insert(
        axum::http::HeaderName::from_static("clear-site-data"),
        axum::http::HeaderValue::from_static("\"cache\", \"storage\""),
    );
    Ok(response)
}

/// A person is at the page: the request itself moved the idle clock (`session::find`). Answers how many seconds are
/// left, which after twelve hours are fewer than a quarter of an hour.
async fn extend(State(house): State<House>, Me(_, session): Me, _: Typed) -> String {
    (session.ends_after(house.now()) - house.now()).num_seconds().max(0).to_string()
}

fn onward(session: &Session) -> Response {
    Redirect::to(entrance(session.stage)).into_response()
}

#[derive(Template)]
#[template(path = "pages/account/sign_in.html")]
struct SignIn {
    name: Field,
    password: Field,
    to: String,
    problem: Problem,
    demo: bool,
}

impl SignIn {
    fn new(typed: &Typed, faults: &Faults, demo: bool) -> Self {
        Self {
            name: Field::of("name", typed, faults),
            password: Field { name: "password", ..Field::default() },
            to: typed.text("to").to_owned(),
            problem: Problem::from(faults),
            demo,
        }
    }
}

#[derive(Template)]
#[template(path = "pages/account/code.html")]
struct Code {
    code: Field,
    problem: Problem,
}

impl Code {
    fn new(faults: &Faults) -> Self {
        let code = Field { name: "code", fault: faults.of("code").map(str::to_owned), ..Field::default() };
        Self { code, problem: Problem::from(faults) }
    }
}

#[derive(Template)]
#[template(path = "pages/account/factor.html")]
struct Factor {
    secret: String,
    spaced: String,
    picture: String,
    code: Field,
    problem: Problem,
}

impl Factor {
    fn new(new: NewFactor, faults: &Faults) -> Result<Self, Error> {
        let qr = QRBuilder::new(new.url).build().map_err(|e| Error::Broken(format!("a QR code: {e:?}")))?;
        let spaced =
            new.base32.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ");
        let code = Field { name: "code", fault: faults.of("code").map(str::to_owned), ..Field::default() };
        let picture = SvgBuilder::default().to_str(&qr);
        Ok(Self { secret: new.base32, spaced, picture, code, problem: Problem::from(faults) })
    }
}

#[derive(Template)]
#[template(path = "pages/account/codes.html")]
struct Codes {
    codes: Vec<String>,
}

#[derive(Template)]
#[template(path = "pages/account/password.html")]
struct NewPassword {
    password: Field,
    problem: Problem,
}

impl NewPassword {
    fn new(faults: &Faults) -> Self {
        let fault = faults.of("password").map(str::to_owned);
        Self {
            password: Field { name: "password", fault, ..Field::default() },
            problem: Problem::from(faults),
        }
    }
}

/// Says title and shell of the sheets of signing in.
macro_rules! sheet {
    ($page:ty, $title:literal) => {
        impl Page for $page {
            fn title(&self) -> String {
                $title.into()
            }
            fn shell(&self) -> Shell {
                Shell::Plain
            }
            fn has_faults(&self) -> bool {
                !self.problem.0.is_empty()
            }
        }
    };
}
sheet!(SignIn, "Sign in");
sheet!(Code, "Your code");
sheet!(Factor, "Set up your second step");
sheet!(NewPassword, "Choose your own password");

impl Page for Codes {
    fn title(&self) -> String {
        "Keep these codes".into()
    }
    fn shell(&self) -> Shell {
        Shell::Plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_signs_in_stays_in_this_house() {
        let to = |to: &str| {
            let body = serde_urlencoded::to_string([("to", to)]).unwrap();
            back_to(&Typed::read(body.as_bytes()).unwrap()).to_owned()
        };
        assert_eq!(to("/clients/0193?before=01-9#what"), "/");
        assert_eq!(to("/clients/0193?before=01-9"), "/clients/0193?before=01-9");
        for elsewhere in
            ["//evil.example", "/\t/evil.example", "/\\evil.example", "https://evil.example", "/a\nb", ""]
        {
            assert_eq!(to(elsewhere), "/", "{elsewhere:?}");
        }
    }
}

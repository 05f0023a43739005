//! The own account: who I am here, which theme, changing the password.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use foundation::staff::Session;
use foundation::staff::inviting::{change_own_password, own_password};
use foundation::{Act, Error, Faults, Role};
use mail::staff_notice;

use crate::failure::Failure;
use crate::filters;
use crate::form::Typed;
use crate::house::House;
use crate::look::{Field, Place, Problem};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::{Me, set_cookie};

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default()
        .page("/account", Access::Staff(Act::ChangeOwnAccount), page)
        .act("/account/password", Access::Staff(Act::ChangeOwnAccount), change_password)
        .act("/account/notices", Access::Staff(Act::ChangeOwnAccount), set_address)
        .act("/account/theme", Access::Staff(Act::ChangeOwnAccount), change_theme)
}

async fn page(State(house): State<House>, Me(_, session): Me) -> Result<Response, Failure> {
    let email = address(&house, &session).await?;
    Ok(show(Account::new(&session, email, &Faults::default())))
}

/// Where I am written to when something waits.
async fn address(house: &House, session: &Session) -> Result<String, Error> {
    let address = staff_notice::address_of(house.reader(), session.staff.id).await?;
    Ok(address.unwrap_or_default())
}

async fn set_address(
    State(house): State<House>,
    Me(me, session): Me,
    typed: Typed,
) -> Result<Response, Failure> {
    match staff_notice::parse_address(typed.text("notice_email")) {
        Ok(email) => {
            let said = if email.is_some() { Said::AddressSet } else { Said::AddressForgotten };
            house.write(&me, async |unit| staff_notice::set_own_address(unit, email).await).await?;
            Ok(sent_on("/account", said, ""))
        }
        Err(faults) => Ok(show(Account::new(&session, typed.text("notice_email").to_owned(), &faults))),
    }
}

async fn change_password(
    State(house): State<House>,
    Me(me, session): Me,
    typed: Typed,
) -> Result<Response, Failure> {
    match own_password(&house, &session, Some(typed.exact("current")), typed.exact("password")).await {
        Ok(password) => {
            house.write(&me, async |unit| change_own_password(unit, &session, password).await).await?;
            Ok(sent_on("/account", Said::PasswordChanged, ""))
        }
        Err(error) => {
            let email = address(&house, &session).await?;
            Ok(show(Account::new(&session, email, &Failure::from(error).faults()?)))
        }
    }
}

/// A theme is no act on anyone's record: it is a cookie of this browser.
async fn change_theme(typed: Typed) -> Response {
    let mut response = Redirect::to("/account").into_response();
    match typed.text("theme") {
        theme @ ("light" | "dark") => {
            set_cookie(response.headers_mut(), "__Host-theme", theme, Some(31_536_000));
        }
        _ => set_cookie(response.headers_mut(), "__Host-theme", "", Some(0)),
    }
    response
}

#[derive(Template)]
#[template(path = "pages/account/account.html")]
struct Account {
    name: String,
    sign_in_name: String,
    roles: String,
    current: Field,
    password: Field,
    notice_email: Field,
    problem: Problem,
}

impl Account {
    fn new(session: &Session, email: String, faults: &Faults) -> Self {
        let secret = |name| Field { name, fault: faults.of(name).map(str::to_owned), ..Field::default() };
        Self {
            name: session.staff.name.to_string(),
            sign_in_name: session.sign_in_name.clone(),
            roles: session.staff.roles.iter().map(|r: &Role| r.words()).collect::<Vec<_>>().join(", "),
            current: secret("current"),
            password: secret("password"),
            notice_email: Field { value: email, ..secret("notice_email") },
            problem: Problem::from(faults),
        }
    }
}

impl Page for Account {
    fn title(&self) -> String {
        "Your account".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Elsewhere)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}

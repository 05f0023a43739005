//! The own account: who I am here, which theme, changing the password.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use foundation::staff::inviting::{change_own_password, own_password};
use foundation::{Act, Faults, Role};

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
        .act("/account/theme", Access::Staff(Act::ChangeOwnAccount), change_theme)
}

async fn page(Me(_, session): Me) -> Response {
    show(Account::new(&session, &Faults::default()))
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
        Err(error) => Ok(show(Account::new(&session, &Failure::from(error).faults()?))),
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
    problem: Problem,
}

impl Account {
    fn new(session: &foundation::staff::Session, faults: &Faults) -> Self {
        let secret = |name| Field { name, fault: faults.of(name).map(str::to_owned), ..Field::default() };
        Self {
            name: session.staff.name.to_string(),
            sign_in_name: session.sign_in_name.clone(),
            roles: session.staff.roles.iter().map(|r: &Role| r.words()).collect::<Vec<_>>().join(", "),
            current: secret("current"),
            password: secret("password"),
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

//! First run: the one who has the code printed at start names the center and makes the first account.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use foundation::center::Center;
use foundation::staff::inviting::{NewMember, invite, is_empty};
use foundation::staff::passwords::Password;
use foundation::{Actor, Error, Faults, Role, hash_of};

use crate::failure::Failure;
use crate::filters;
use crate::form::Typed;
use crate::house::House;
use crate::look::{Field, Problem};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::settings;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default().page("/setup", Access::Public, page).act("/setup", Access::Public, found)
}

async fn page(State(house): State<House>) -> Result<Response, Failure> {
    only_once(&house).await?;
    Ok(show(Setup::new(&Typed::default(), &Faults::default())))
}

async fn found(State(house): State<House>, typed: Typed) -> Result<Response, Failure> {
    only_once(&house).await?;
    match parse(&house, &typed).await {
        Ok((center, admin)) => {
            // Visitor: nobody is anybody yet; the code proves that it is the one who started the program.
            house
                .write(&Actor::Visitor, async |unit| {
                    center.found(unit).await?;
                    invite(unit, admin).await
                })
                .await?;
            Ok(Redirect::to("/sign-in").into_response())
        }
        Err(error) => Ok(show(Setup::new(&typed, &Failure::from(error).faults()?))),
    }
}

/// Once somebody has an account the page is gone.
async fn only_once(house: &House) -> Result<(), Error> {
    if is_empty(house.reader()).await? && house.setup_code().is_some() {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

async fn parse(house: &House, typed: &Typed) -> Result<(Center, NewMember), Error> {
    let mut faults = Faults::default();
    // Hashes are compared, so that the time taken says nothing about the code.
    let code_fits = house.setup_code().is_some_and(|code| hash_of(typed.text("code")) == code.hash());
    if !code_fits {
        faults.add("code", "Enter the setup code that was printed when the program started");
    }
    let center = settings::parse(typed).map_err(|f| faults.0.extend(f.0));
    let admin = NewMember::parse(
        typed.text("name"),
        typed.text("sign_in_name"),
        &[Role::Admin],
        typed.exact("password"),
        false,
        house.chance(),
    )
    .await;
    if let Err(guessed) =
        Password::parse(typed.exact("password"), &[typed.text("center_name"), typed.text("neutral_name")])
        && admin.is_ok()
    {
        faults.0.extend(guessed.0);
    }
    match (center, admin) {
        (Ok(center), Ok(admin)) if faults.0.is_empty() => Ok((center, admin)),
        (_, Err(Error::Invalid(more))) => {
            faults.0.extend(more.0);
            Err(faults.into())
        }
        (_, Err(other)) => Err(other),
        _ => Err(faults.into()),
    }
}

#[derive(Template)]
#[template(path = "pages/account/setup.html")]
struct Setup {
    code: Field,
    center_name: Field,
    neutral_name: Field,
    neutral_phone: Field,
    mail_from: Field,
    zone: Field,
    zones: [(&'static str, &'static str); 7],
    name: Field,
    sign_in_name: Field,
    password: Field,
    problem: Problem,
}

impl Setup {
    fn new(typed: &Typed, faults: &Faults) -> Self {
        let field = |name| Field::of(name, typed, faults);
        Self {
            code: field("code"),
            center_name: field("center_name"),
            neutral_name: field("neutral_name"),
            neutral_phone: field("neutral_phone"),
            mail_from: field("mail_from"),
            zone: field("zone"),
            zones: settings::ZONES,
            name: field("name"),
            sign_in_name: field("sign_in_name"),
            password: Field { value: String::new(), ..field("password") },
            problem: Problem::from(faults),
        }
    }
}

impl Page for Setup {
    fn title(&self) -> String {
        "Set up the center".into()
    }
    fn shell(&self) -> Shell {
        Shell::Plain
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}

//! The route table. A route is added with who may use it, or not at all; the table is printed by a snapshot test for
//! someone who does not program.

use axum::Router;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, options, post};
use foundation::Act;
use foundation::acts::{Reach, reaches_anyone};
use foundation::staff::Stage;

use crate::failure::Failure;
use crate::house::House;
use crate::session::SignedIn;
use crate::unsent;

/// Who may use a route. The record behind it is asked about again by the act or question itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone, without an account.
    Public,
    /// Someone whose password was right but whose sign-in is not finished.
    Entering,
    /// Someone whose role reaches this act at all.
    Staff(Act),
    /// A program with a key of its own, which the handler asks for.
    Key,
}

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    pub method: &'static str,
    pub path: &'static str,
    pub access: Access,
}

/// Routes under construction.
#[derive(Default)]
pub struct Routes {
    router: Router<House>,
    lines: Vec<Line>,
}

impl Routes {
    /// A page: GET, changes nothing.
    #[must_use]
    pub fn page<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, House>,
        T: 'static,
    {
        self.add("GET", path, access, get(handler))
    }

    /// An act: POST.
    #[must_use]
    pub fn act<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, House>,
        T: 'static,
    {
        self.add("POST", path, access, post(handler))
    }

    /// What a browser asks before it sends from another site: OPTIONS.
    #[must_use]
    pub fn options<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, House>,
        T: 'static,
    {
        self.add("OPTIONS", path, access, options(handler))
    }

    fn add(
        mut self,
        method: &'static str,
        path: &'static str,
        access: Access,
        route: MethodRouter<House>,
    ) -> Self {
        self.lines.push(Line { method, path, access });
        self.router = self.router.route(path, route.layer(from_fn_with_state(access, guard)));
        self
    }

    /// Adds the routes of a room.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.lines.extend(other.lines);
        self
    }

    /// The router and the table.
    pub fn finish(self) -> (Router<House>, Vec<Line>) {
        (self.router, self.lines)
    }
}

/// Asks before the handler runs: a page someone may never use is not even parsed for them.
async fn guard(State(access): State<Access>, request: Request, next: Next) -> Response {
    let session = request.extensions().get::<SignedIn>().map(|signed_in| signed_in.0.clone());
    let refused = match (access, session) {
        (Access::Public | Access::Key, _) | (Access::Entering, Some(_)) => None,
        (Access::Entering, None) => Some(Failure::sign_in(request.uri())),
        (Access::Staff(_), None) => {
            return match request.extensions().get::<House>().cloned() {
                Some(house) => unsent::sign_in_first(&house, request).await,
                None => Failure::sign_in(request.uri()).into_response(),
            };
        }
        (Access::Staff(_), Some(session)) if session.stage != Stage::In => {
            Some(Failure::Entering(session.stage))
        }
        (Access::Staff(act), Some(session)) => (!reaches_anyone(&session.actor(), act))
            .then_some(Failure::House(foundation::Error::Forbidden(act))),
    };
    match refused {
        Some(failure) => failure.into_response(),
        None => next.run(request).await,
    }
}

/// The table as text: method, path, and which roles may use it.
pub fn printed(lines: &[Line]) -> String {
    use std::fmt::Write;
    let mut lines: Vec<_> = lines.to_vec();
    lines.sort_by_key(|l| (l.path, l.method));
    lines.iter().fold(String::new(), |mut out, line| {
        let who = match line.access {
            Access::Public => "anyone".to_owned(),
            Access::Key => "a key of the website".to_owned(),
            Access::Entering => "anyone whose password was right".to_owned(),
            Access::Staff(act) => {
                let roles =
                    foundation::Role::ALL.iter().filter(|r| foundation::acts::reach(**r, act) != Reach::No);
                format!("{}: {}", act.as_str(), roles.map(|r| r.as_str()).collect::<Vec<_>>().join(", "))
            }
        };
        let _ = writeln!(out, "{:<5} {:<44} {who}", line.method, line.path);
        out
    })
}

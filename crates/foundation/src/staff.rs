//! The people who may sign in: accounts, passwords, second factors, sessions, and the patience shown to wrong tries.

mod account;
pub mod closing;
pub mod devices;
mod directory;
pub mod factors;
pub mod inviting;
pub mod membership;
pub mod passwords;
mod recovery_code;
mod session;
pub mod sessions;
pub mod signing_in;
mod throttle;

pub use account::{Member, Roles};
pub use directory::Directory;
pub use membership::Membership;
pub use sessions::{Session, SessionId, Stage};

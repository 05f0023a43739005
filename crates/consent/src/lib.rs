//! May we reach this person, may we tell that one: contact points, contact rules, consents, disclosures, the gate.
//!
//! Tables: `contact_points`, `contact_rules`, `consents`, `gate_decisions`, `disclosures`, `suppressions`,
//! `contact_overrides`.
//!
//! Invariants: nothing leaves the house without a decision of [`gate`], taken at the moment of leaving and stored with
//! what left; not asked means no; what a person forbade is loosened only by that person, others may only tighten; nothing
//! is sent to someone who died; a stop is lifted by that person's own new yes alone; a consent to share has every element of 42 CFR §2.31(a) or is not recorded.
//!
//! Of the rooms above it reads a few columns (`people`, `clients`, `staff`: alive, name, who carries them), writes none.

mod carried;
pub mod consents;
pub mod contact_override;
pub mod contact_point;
pub mod contact_rules;
pub mod disclosures;
pub mod gate;
mod holding;
pub mod reaching;
pub mod rules;
pub mod suppression;

pub use contact_point::{ContactPoint, ContactPointId, NewContactPoint};
pub use contact_rules::{ContactRules, NewContactRules, SafeContactCard};
pub use holding::ConsentHolding;
pub use reaching::Reaching;

pub use carried::name as name_on_record;

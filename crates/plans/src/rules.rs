//! Rules of a plan: what it is made of, how much of it is there, and who may read which part. Pure.

pub mod audience;
pub mod readiness;
pub mod rendering;
pub mod section;

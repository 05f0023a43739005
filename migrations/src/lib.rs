//! How the tables came to be: one step a file, the same on SQLite and PostgreSQL.
//!
//! Names are strings, never entities: a step must mean in ten years what it meant on its day. Each step runs in one
//! transaction on both databases, so a killed process leaves a whole step or none.

mod columns;
mod m01_foundation;
mod m02_people;
mod m03_consent;
mod m04_clients;
mod m05_intake;
mod m06_alumni;
mod m07_mail;
mod m08_plans;
mod m09_break_glass;
mod m10_lists;
mod m11_sealed;
mod m12_calls;
mod m13_request_merges;
mod m14_benefits;
mod m14_waitlist;
mod m15_snooze;
mod m16_third_party;
mod m17_outcomes;
mod m18_saved_views;
mod m19_appointments;
mod m20_referrals;
mod m21_channels;
mod m22_clocks;
mod m23_teamwork;
mod m24_beyond;
mod m25_approval;
mod m26_open_calls;
mod m27_recognized;
mod m28_confidential;
mod m29_direction;
mod m30_own_reason;
mod m31_contact;
mod m32_tags;
mod m33_heard;
mod m33_link_words;
mod m34_reach;
mod m35_danger_at_intake;
mod m36_changed_state;
mod m38_consent_paper;
mod m39_letters_to_others;
mod m39_said_by_others;
mod m40_tie_phone;
mod m41_merged_hours;
mod m42_in_service;

use sea_orm_migration::prelude::*;

/// Makes a step of a function: named after its file, in one transaction on both databases (sea-orm leaves SQLite
/// steps outside a transaction unless told, and a kill then leaves half the tables).
macro_rules! step {
    ($up:ident) => {
        pub(crate) struct Step;

        impl sea_orm_migration::prelude::MigrationName for Step {
            fn name(&self) -> &str {
                module_path!().rsplit("::").next().unwrap_or_default()
            }
        }

        #[sea_orm_migration::prelude::async_trait::async_trait]
        impl sea_orm_migration::prelude::MigrationTrait for Step {
            async fn up(
                &self,
                manager: &sea_orm_migration::prelude::SchemaManager,
            ) -> Result<(), sea_orm_migration::prelude::DbErr> {
                $up(manager).await
            }

            fn use_transaction(&self) -> Option<bool> {
                Some(true)
            }
        }
    };
}
use step;

/// All steps, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m01_foundation::Step),
            Box::new(m02_people::Step),
            Box::new(m03_consent::Step),
            Box::new(m04_clients::Step),
            Box::new(m05_intake::Step),
            Box::new(m06_alumni::Step),
            Box::new(m07_mail::Step),
            Box::new(m08_plans::Step),
            Box::new(m09_break_glass::Step),
            Box::new(m10_lists::Step),
            Box::new(m11_sealed::Step),
            Box::new(m12_calls::Step),
            Box::new(m13_request_merges::Step),
            Box::new(m14_benefits::Step),
            Box::new(m14_waitlist::Step),
            Box::new(m15_snooze::Step),
            Box::new(m16_third_party::Step),
            Box::new(m17_outcomes::Step),
            Box::new(m18_saved_views::Step),
            Box::new(m19_appointments::Step),
            Box::new(m20_referrals::Step),
            Box::new(m21_channels::Step),
            Box::new(m22_clocks::Step),
            Box::new(m23_teamwork::Step),
            Box::new(m24_beyond::Step),
            Box::new(m25_approval::Step),
            Box::new(m26_open_calls::Step),
            Box::new(m27_recognized::Step),
            Box::new(m28_confidential::Step),
            Box::new(m29_direction::Step),
            Box::new(m30_own_reason::Step),
            Box::new(m31_contact::Step),
            Box::new(m32_tags::Step),
            Box::new(m33_heard::Step),
            Box::new(m33_link_words::Step),
            Box::new(m34_reach::Step),
            Box::new(m35_danger_at_intake::Step),
            Box::new(m36_changed_state::Step),
            Box::new(m38_consent_paper::Step),
            Box::new(m39_letters_to_others::Step),
            Box::new(m39_said_by_others::Step),
            Box::new(m40_tie_phone::Step),
            Box::new(m41_merged_hours::Step),
            Box::new(m42_in_service::Step),
        ]
    }
}

//! Stories through the whole house, one a file.

mod a_call;
mod a_clock_that_stands;
mod a_hospital_referral;
mod a_letter_and_its_answer;
mod a_locked_record_in_an_emergency;
mod a_mailbox_is_looked_into;
mod an_alum_comes_back;
mod an_appointment;
mod an_empty_center;
mod bad_input;
mod every_page_for_every_eye;
mod from_first_request_to_first_anniversary;
mod half_a_migration;
mod in_spanish_at_night;
mod leaving_in_a_hurry;
mod mail_that_arrives;
mod old_inquiries_come_in;
mod one_person_asks_twice;
mod signed_out_while_writing;
mod the_thread_without_script;
mod the_website_sends;
mod told_after_it_is_synced;
mod two_at_one_request;
mod when_the_power_goes;
mod whose_partner_must_not_know;
mod working_together;

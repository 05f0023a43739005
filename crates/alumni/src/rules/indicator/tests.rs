//! The vectors of the domain reference, A.2, and the laws of the indicator.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// A supportive relative in weekly touch, of whom the rest was asked and is no.
fn relative() -> Tie {
    Tie {
        category: Category::FriendsFamily,
        kind: Kind::Person,
        use_status: UseStatus::DoesNotUse,
        stance: Stance::EncouragesRecovery,
        contact: Contact::Weekly,
        nearness: Nearness::Close,
        reach_any_time: Some(false),
        has_phone: true,
        pet: false,
        harmful: false,
    }
}

fn sponsor() -> Tie {
    Tie {
        category: Category::RecoveryGroup,
        use_status: UseStatus::InRecovery,
        contact: Contact::Daily,
        reach_any_time: Some(true),
        ..relative()
    }
}

fn professional() -> Tie {
    Tie {
        category: Category::HealthcareProvider,
        kind: Kind::Professional,
        use_status: UseStatus::DoesNotApply,
        ..relative()
    }
}

fn mother() -> Tie {
    Tie { reach_any_time: Some(true), ..relative() }
}

/// Mari went home on 1 June; her map was gone through today, day 60.
fn maris(ties: &[Tie], sessions: Option<u32>) -> Inputs<'_> {
    Inputs {
        ties: ties.into(),
        gone_through: true,
        confirmed_on: Some(day("2026-07-31")),
        group_sessions: sessions,
        loneliness: None,
        discharged_on: Some(day("2026-06-01")),
        previous: None,
        today: day("2026-07-31"),
    }
}

fn scores(reading: &Reading) -> [Option<u8>; 6] {
    [Part::DailyCircle, Part::InRecovery, Part::Belonging, Part::Reach, Part::Variety, Part::AroundUse]
        .map(|part| reading.score(part))
}

#[test]
fn a_map_nobody_asked_about_is_not_asked_yet_and_has_no_band() {
    let reading = read(&Inputs { gone_through: false, confirmed_on: None, ..maris(&[], None) });
    assert_eq!((reading.standing, reading.sum, reading.band), (Standing::NotAsked, None, None));
    assert_eq!((reading.known, reading.heading()), (0, "Not asked yet"));
}

#[test]
fn truly_nobody_is_alone_right_now_from_five_known_parts() {
    let reading = read(&maris(&[], None));
    assert_eq!(scores(&reading), [Some(0), Some(0), Some(0), Some(0), Some(0), None]);
    assert_eq!((reading.known, reading.sum, reading.band), (5, Some(0), Some(Band::Alone)));
    assert_eq!(reading.based_on(), "0 of 12, based on 5 of 6 parts.");
}

#[test]
fn a_mother_a_sponsor_five_meetings_and_a_doctor_are_ten_points() {
    let ties = [mother(), sponsor(), professional()];
    let reading = read(&maris(&ties, Some(5)));
    assert_eq!(scores(&reading), [Some(1), Some(1), Some(2), Some(2), Some(2), Some(2)]);
    assert_eq!((reading.sum, reading.band), (Some(10), Some(Band::Well)));
    assert_eq!(reading.based_on(), "10 of 12, all six parts known.");
}

/// Uses heavily, every day, in the same home.
fn partner() -> Tie {
    Tie {
        use_status: UseStatus::UsesHeavily,
        stance: Stance::EncouragesUse,
        contact: Contact::Daily,
        nearness: Nearness::Closest,
        ..relative()
    }
}

fn brother() -> Tie {
    Tie { contact: Contact::Monthly, reach_any_time: Some(true), ..relative() }
}

#[test]
fn a2_example_2_a_partner_who_uses_every_day_and_a_distant_brother_are_alone_right_now() {
    let ties = [partner(), brother()];
    let reading = read(&maris(&ties, Some(0)));
    assert_eq!(scores(&reading), [Some(0), Some(0), Some(0), Some(1), Some(0), Some(0)]);
    assert_eq!((reading.sum, reading.band), (Some(1), Some(Band::Alone)));
    assert_eq!(reading.chips, [Chip::NobodyInRecoveryYet, Chip::AskAboutHome, Chip::SomeoneCloseUses]);
}

#[test]
fn a2_the_partner_of_example_2_marked_unsafe_leaves_every_count_and_the_prompt_stays() {
    let ties = [Tie { harmful: true, ..partner() }, brother()];
    let reading = read(&maris(&ties, Some(0)));
    assert_eq!((reading.score(Part::AroundUse), reading.counts.around_use), (None, None));
    assert!(reading.chips.contains(&Chip::AskAboutHome) && reading.chips.contains(&Chip::SomeoneCloseUses));
    assert_eq!(reading.counts.invitable, 1, "the brother, and nobody else, could be asked along");
    // With nobody else on the map there is nobody to invite, and the first step invites nobody.
    let alone = [Tie { harmful: true, ..partner() }];
    let reading = read(&maris(&alone, Some(0)));
    assert_eq!(reading.counts.invitable, 0);
    let suggestion = reading.suggestion().unwrap_or_default();
    assert!(reading.lowest == Some(Part::DailyCircle) && !suggestion.contains("Invite"), "{suggestion}");
}

#[test]
fn a2_a_partner_who_encourages_use_weighs_as_much_as_three_acquaintances() {
    let encourages = Tie { use_status: UseStatus::DoesNotUse, ..partner() };
    let outer = Tie { nearness: Nearness::LessClose, ..relative() };
    let ties = [encourages, outer, outer, outer];
    let reading = read(&maris(&ties, Some(9)));
    assert_eq!(reading.counts.around_use_weight, Some((3, 6)));
    assert_eq!(reading.score(Part::AroundUse), Some(0));
    assert!(reading.band != Some(Band::Well) && reading.chips.contains(&Chip::SomeoneCloseUses));
}

#[test]
fn a2_the_same_with_a_sponsor_is_nine_points_and_still_only_some_connection() {
    let encourages = Tie { use_status: UseStatus::DoesNotUse, ..partner() };
    let outer = Tie { nearness: Nearness::LessClose, ..relative() };
    let sponsor = Tie { nearness: Nearness::Closest, ..sponsor() };
    let ties = [encourages, outer, outer, outer, sponsor, professional()];
    let reading = read(&maris(&ties, Some(5)));
    assert_eq!(scores(&reading), [Some(2), Some(1), Some(2), Some(1), Some(2), Some(1)]);
    assert_eq!(reading.counts.around_use_weight, Some((3, 9)));
    assert_eq!((reading.sum, reading.band), (Some(9), Some(Band::Some)));
    assert!(reading.chips.contains(&Chip::SomeoneCloseUses));
}

#[test]
fn a2_four_people_of_whom_one_distant_one_is_known_are_not_scored_around_use() {
    let unknown = Tie { use_status: UseStatus::Unknown, stance: Stance::NotAsked, ..relative() };
    let outer = Tie { nearness: Nearness::LessClose, ..relative() };
    let reading = read(&maris(&[unknown, unknown, unknown, outer], Some(2)));
    assert_eq!((reading.score(Part::AroundUse), reading.counts.around_use_weight), (None, None));
    assert_eq!(
        Part::AroundUse.sentence(&reading.counts, Whom::Them),
        "Known of too few of the people closest, so it is left out."
    );
}

#[test]
fn nobody_who_uses_heavily_or_has_no_number_is_someone_to_call_at_night() {
    let of = |tie: Tie| read(&maris(&[tie], Some(0))).counts.reachable;
    assert_eq!(of(mother()), Some(1));
    assert_eq!(of(Tie { has_phone: false, ..mother() }), Some(0), "no number on the tie");
    assert_eq!(of(Tie { reach_any_time: Some(true), ..partner() }), Some(0));
    assert_eq!(of(Tie { stance: Stance::EncouragesUse, ..mother() }), Some(0));
    assert_eq!(of(Tie { reach_any_time: None, ..mother() }), None, "not asked is not no");
}

#[test]
fn a_sponsor_who_is_the_only_support_the_only_one_in_recovery_and_the_only_one_to_call_carries_much() {
    let alone = read(&maris(&[sponsor(), professional()], Some(5)));
    assert!(alone.chips.contains(&Chip::RestsOnOne));
    let with_mother = read(&maris(&[sponsor(), mother()], Some(5)));
    assert!(!with_mother.chips.contains(&Chip::RestsOnOne));
}

#[test]
fn four_supportive_relatives_are_some_connection_with_no_one_in_recovery_yet() {
    let ties = [mother(); 4];
    let reading = read(&maris(&ties, Some(0)));
    assert_eq!(scores(&reading), [Some(2), Some(0), Some(0), Some(2), Some(0), Some(2)]);
    assert_eq!((reading.sum, reading.band), (Some(6), Some(Band::Some)));
    assert_eq!(reading.chips, [Chip::NobodyInRecoveryYet]);
    let later = read(&Inputs { discharged_on: Some(day("2026-01-01")), ..maris(&ties, Some(0)) });
    assert!(later.chips.is_empty());
}

#[test]
fn ten_points_35_days_old_are_out_of_date_at_day_60_and_fine_a_year_on() {
    let ties = [mother(), sponsor(), professional()];
    let old = Inputs { confirmed_on: Some(day("2026-06-26")), ..maris(&ties, Some(5)) };
    let reading = read(&old);
    assert_eq!((reading.standing, reading.band, reading.sum), (Standing::OutOfDate, None, Some(10)));
    assert_eq!((reading.heading(), reading.suggestion()), ("Out of date", None));
    assert_eq!(read(&Inputs { discharged_on: Some(day("2025-06-01")), ..old }).band, Some(Band::Well));
}

#[test]
fn thirty_days_are_still_fresh_and_the_thirty_first_is_not() {
    let (today, discharged) = (day("2026-07-31"), Some(day("2026-06-01")));
    assert!(!is_out_of_date(day("2026-07-01"), discharged, today));
    assert!(is_out_of_date(day("2026-06-30"), discharged, today));
    let year = Some(day("2025-06-01"));
    assert!(!is_out_of_date(today - TimeDelta::days(100), year, today));
    assert!(is_out_of_date(today - TimeDelta::days(101), year, today));
}

#[test]
fn a_large_network_can_feel_lonely() {
    let ties = [mother(), sponsor(), professional()];
    let lonely = Inputs { loneliness: Some((8, day("2026-07-21"))), ..maris(&ties, Some(5)) };
    let reading = read(&lonely);
    assert_eq!((reading.band, reading.chips.as_slice()), (Some(Band::Well), [Chip::FeelsLonely].as_slice()));
    let long_ago = read(&Inputs { loneliness: Some((8, day("2026-05-31"))), ..lonely.clone() });
    assert!(long_ago.chips.is_empty());
    assert!(read(&Inputs { loneliness: Some((5, day("2026-07-21"))), ..lonely }).chips.is_empty());
}

#[test]
fn a_counselor_and_a_psychiatrist_are_not_a_daily_circle() {
    let ties = [professional(), professional()];
    let reading = read(&maris(&ties, Some(0)));
    assert_eq!(scores(&reading), [Some(0), Some(0), Some(0), Some(0), Some(0), None]);
    assert_eq!((reading.counts.categories, reading.band), (Some(1), Some(Band::Alone)));
}

#[test]
fn a2_one_in_three_of_one_circle_around_use_is_one_point_and_two_in_three_none() {
    let heavy = Tie { use_status: UseStatus::UsesHeavily, ..relative() };
    let of = |ties: &[Tie]| read(&maris(ties, Some(0))).score(Part::AroundUse);
    assert_eq!(of(&[heavy, relative(), relative()]), Some(1));
    assert_eq!(of(&[heavy, heavy, relative()]), Some(0));
}

#[test]
fn nobody_to_call_and_nobody_near_is_alone_whatever_the_rest_says() {
    let far = Tie {
        contact: Contact::Weekly,
        stance: Stance::Neutral,
        use_status: UseStatus::InRecovery,
        ..relative()
    };
    let group = Tie { category: Category::VolunteerGroup, kind: Kind::Group, ..relative() };
    let ties = [far, far, group, professional()];
    let reading = read(&maris(&ties, Some(9)));
    assert_eq!((reading.sum, reading.band), (Some(8), Some(Band::Alone)));
}

#[test]
fn what_was_not_asked_is_left_out_and_below_four_parts_there_is_no_sum() {
    let unasked =
        Tie { stance: Stance::NotAsked, use_status: UseStatus::Declined, reach_any_time: None, ..relative() };
    let ties = [unasked];
    let reading = read(&maris(&ties, None));
    assert_eq!(scores(&reading), [None, None, None, None, Some(0), None]);
    assert_eq!((reading.known, reading.sum, reading.band), (1, None, None));
    assert_eq!(reading.heading(), "Too little is known");
    let unclear = [Tie { contact: Contact::Unknown, ..relative() }];
    assert_eq!(scores(&read(&maris(&unclear, Some(4)))), [None, None, Some(2), None, None, None]);
}

#[test]
fn five_known_parts_are_scaled_to_six() {
    let ties = [mother(), sponsor(), professional()];
    let reading = read(&maris(&ties, None));
    assert_eq!((reading.known, reading.sum), (5, Some(10)), "8 of 10 is 9.6 of 12");
}

#[test]
fn losing_the_only_one_or_three_points_is_seen_as_a_change() {
    let ties = [mother(), sponsor(), professional()];
    let before = read(&maris(&ties, Some(5)));
    let same = read(&Inputs { previous: Some(&before), ..maris(&ties, Some(5)) });
    assert!(!same.chips.contains(&Chip::Changed));
    let left = [mother(), professional(), Tie { contact: Contact::NotThisMonth, ..sponsor() }];
    let after = read(&Inputs { previous: Some(&before), ..maris(&left, Some(5)) });
    assert!(after.chips.contains(&Chip::Changed), "the only one in recovery");
    let old_rule = Reading { rule_version: "older".into(), ..before.clone() };
    assert!(
        !read(&Inputs { previous: Some(&old_rule), ..maris(&left, Some(5)) }).chips.contains(&Chip::Changed)
    );
    let fell = read(&Inputs { previous: Some(&before), ..maris(&ties, Some(0)) });
    assert_eq!(fell.sum, Some(8));
    assert!(!fell.chips.contains(&Chip::Changed), "two points are no change");
}

#[test]
fn the_reading_says_itself_in_sentences_to_her_and_to_staff() {
    let ties = [mother(), sponsor(), professional()];
    let reading = read(&maris(&ties, Some(5)));
    assert_eq!(
        Part::DailyCircle.sentence(&reading.counts, Whom::You),
        "Two people who support you are in touch every week."
    );
    assert_eq!(
        Part::Belonging.sentence(&reading.counts, Whom::Them),
        "They were with a group 5 times in 30 days."
    );
    assert_eq!(
        Part::AroundUse.sentence(&reading.counts, Whom::Them),
        "Of the two people in weekly touch of whom it is known, no one uses heavily or encourages use."
    );
    assert_eq!(Part::Belonging.sentence(&Counts::default(), Whom::You), "Not known yet, so it is left out.");
    assert_eq!(reading.lowest, Some(Part::DailyCircle));
}

fn any_tie() -> impl Strategy<Value = Tie> {
    (
        prop::sample::select(Category::ALL),
        prop::sample::select(Kind::ALL),
        prop::sample::select(UseStatus::ALL),
        prop::sample::select(Stance::ALL),
        prop::sample::select(Contact::ALL),
        prop::sample::select(Nearness::ALL),
        any::<(Option<bool>, bool, bool)>(),
    )
        .prop_map(
            |(category, kind, use_status, stance, contact, nearness, (reach_any_time, has_phone, pet))| Tie {
                category,
                kind,
                use_status,
                stance,
                contact,
                nearness,
                reach_any_time,
                has_phone,
                pet,
                harmful: false,
            },
        )
}

proptest! {
    #[test]
    fn a_harmful_tie_is_in_no_count_and_never_makes_a_map_read_better(
        ties in prop::collection::vec(any_tie(), 0..8), bad in any_tie(), at in 0_usize..8,
    ) {
        let mut with = ties.clone();
        with.insert(at.min(ties.len()), Tie { harmful: true, ..bad });
        let (with, without) = (read(&maris(&with, Some(2))), read(&maris(&ties, Some(2))));
        prop_assert_eq!(with.counts, without.counts);
        prop_assert_eq!((&with.parts, with.sum, with.lowest), (&without.parts, without.sum, without.lowest));
        prop_assert!(with.band.zip(without.band).is_none_or(|(with, without)| with <= without));
        prop_assert_eq!(with.chips.contains(&Chip::AskAboutHome), !bad.pet || without.chips.contains(&Chip::AskAboutHome));
    }

    #[test]
    fn marking_the_closest_one_unsafe_never_hides_that_they_are_there(
        ties in prop::collection::vec(any_tie(), 0..8), at in 0_usize..8,
    ) {
        let partner = Tie { nearness: Nearness::Closest, ..partner() };
        let mut open = ties.clone();
        open.insert(at.min(ties.len()), partner);
        let mut marked = ties.clone();
        marked.insert(at.min(ties.len()), Tie { harmful: true, ..partner });
        for reading in [read(&maris(&open, Some(5))), read(&maris(&marked, Some(5)))] {
            prop_assert!(reading.chips.contains(&Chip::SomeoneCloseUses));
            prop_assert!(reading.band != Some(Band::Well));
        }
        prop_assert!(read(&maris(&marked, Some(5))).chips.contains(&Chip::AskAboutHome));
    }

    #[test]
    fn the_sum_stays_between_0_and_12_and_needs_four_parts(
        ties in prop::collection::vec(any_tie(), 0..12), sessions in any::<Option<u32>>(),
    ) {
        let reading = read(&maris(&ties, sessions));
        prop_assert!(reading.sum.is_none_or(|sum| sum <= 12));
        prop_assert_eq!(reading.sum.is_some(), reading.known >= 4);
        prop_assert!(reading.band.is_none() || reading.sum.is_some());
    }

    #[test]
    fn a_supportive_person_more_never_lowers_the_daily_circle(ties in prop::collection::vec(any_tie(), 0..8)) {
        let before = read(&maris(&ties, Some(1))).score(Part::DailyCircle);
        let mut more = ties;
        more.push(relative());
        let after = read(&maris(&more, Some(1))).score(Part::DailyCircle);
        prop_assert!(after >= before);
    }
}

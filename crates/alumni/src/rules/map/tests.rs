//! Stories of the drawing: Mari's map, the crowded one, and the tie that is in nothing that leaves.

use proptest::prelude::*;

use super::*;

fn tie(label: &str, category: Category, nearness: Nearness) -> Drawn<'_> {
    Drawn {
        label,
        category,
        kind: Kind::Person,
        use_status: UseStatus::DoesNotUse,
        tie: Tie::Steady,
        nearness,
        marked_unsafe: false,
        may_be_printed: true,
    }
}

/// Mari's seventeen connections, as on the mock page of the look.
fn maris() -> Vec<Drawn<'static>> {
    use Category::{
        FriendsFamily, HealthcareProvider, RecoveryGroup, ReligiousSpiritual, SchoolResource, TreatmentPeer,
        VolunteerGroup,
    };
    use Nearness::{Close, Closest, LessClose};
    let group = |label, category, nearness| Drawn { kind: Kind::Group, ..tie(label, category, nearness) };
    let paid =
        |label, category, nearness| Drawn { kind: Kind::Professional, ..tie(label, category, nearness) };
    vec![
        Drawn { tie: Tie::Strong, ..tie("Aunt Elena", FriendsFamily, Closest) },
        Drawn { tie: Tie::Strong, ..tie("Dana", FriendsFamily, Closest) },
        tie("Sofía, 14", FriendsFamily, Close),
        Drawn { tie: Tie::Stressful, marked_unsafe: true, ..tie("Husband", FriendsFamily, Close) },
        Drawn { tie: Tie::Thin, may_be_printed: false, ..tie("Brother Luis", FriendsFamily, LessClose) },
        Drawn { use_status: UseStatus::InRecovery, ..tie("Ms. Bea", RecoveryGroup, Closest) },
        Drawn { tie: Tie::Broken, ..group("Women’s group", RecoveryGroup, LessClose) },
        Drawn { tie: Tie::Thin, ..group("Online meeting", RecoveryGroup, Close) },
        Drawn { use_status: UseStatus::InRecovery, ..tie("June", TreatmentPeer, Close) },
        Drawn { tie: Tie::Thin, ..group("Alumni walk", TreatmentPeer, LessClose) },
        group("Food bank", VolunteerGroup, Close),
        Drawn { tie: Tie::Thin, ..group("Writing lab", SchoolResource, LessClose) },
        paid("Prof. Adeyemi", SchoolResource, Close),
        group("St. Anne’s", ReligiousSpiritual, Close),
        Drawn { tie: Tie::Thin, ..tie("Sister Clare", ReligiousSpiritual, LessClose) },
        paid("Dr. Park", HealthcareProvider, Close),
        paid("Therapist", HealthcareProvider, Close),
    ]
}

fn words(drawing: &Drawing) -> Vec<Label> {
    let titles = drawing.sectors.iter().flat_map(|s| s.title.lines.iter().chain(&s.more));
    titles.chain(&drawing.ring_names).chain(drawing.nodes.iter().map(|n| &n.label)).cloned().collect()
}

#[test]
fn maris_map_has_seven_sectors_and_no_words_on_words() {
    let drawing = draw(&maris(), Copy::Staff);
    assert_eq!((drawing.sectors.len(), drawing.nodes.len(), drawing.count, drawing.kinds), (7, 17, 17, 7));
    let labels: Vec<&Label> = drawing.nodes.iter().map(|node| &node.label).collect();
    for (n, a) in labels.iter().enumerate() {
        for b in labels.iter().skip(n + 1) {
            assert!(!a.touches(b), "{a:?} covers {b:?}");
        }
        for line in drawing.sectors.iter().flat_map(|sector| &sector.title.lines) {
            assert!(!a.touches(line), "{a:?} covers {line:?}");
        }
    }
    for label in words(&drawing) {
        assert!(label.area().outside() < f64::EPSILON, "{label:?} leaves the drawing");
    }
}

#[test]
fn nearer_in_her_words_is_nearer_on_paper() {
    let drawing = draw(&maris(), Copy::Staff);
    for node in &drawing.nodes {
        let (inner, outer) = match maris()[node.tie].nearness {
            Nearness::Closest => (ME, RINGS[0]),
            Nearness::Close => (RINGS[0], RINGS[1]),
            Nearness::LessClose => (RINGS[1], RINGS[2]),
        };
        let distance = MIDDLE.to(node.at);
        assert!(inner + NODE <= distance && distance + NODE <= outer, "{} at {distance}", node.label.text);
    }
}

#[test]
fn shape_and_line_say_what_it_is_without_a_hue() {
    let drawing = draw(&maris(), Copy::Staff);
    let node = |name: &str| drawing.nodes.iter().find(|n| n.label.text == name).unwrap();
    assert_eq!((node("Ms. Bea").shape, node("Ms. Bea").in_recovery), (Shape::Circle, true));
    assert_eq!((node("Food bank").shape, node("Dr. Park").shape), (Shape::Square, Shape::Diamond));
    assert_eq!(node("Dana").line.style, Style::Strong);
    assert_eq!(
        (node("Women’s group").line.style, node("Women’s group").line.strokes.len()),
        (Style::Broken, 4)
    );
    assert!(node("Husband").line.strokes[0].len() > 6, "a zigzag");
    assert!(node("Dana").line.path().starts_with('M'));
}

#[test]
fn an_unsafe_tie_is_on_the_staff_screen_only_and_counts_are_made_without_it() {
    let staff = draw(&maris(), Copy::Staff);
    assert!(staff.nodes.iter().any(|node| node.marked_unsafe));
    for (copy, count) in [(Copy::Own, 16), (Copy::Others, 15)] {
        let drawing = draw(&maris(), copy);
        assert_eq!((drawing.count, drawing.nodes.len()), (count, count));
        assert!(!format!("{drawing:?}").contains("Husband"));
        assert_eq!(drawing.sectors[0].title.lines[0].text, format!("Family and friends · {}", count - 12));
    }
    assert!(!format!("{:?}", draw(&maris(), Copy::Others)).contains("Luis"), "he is not to be printed");
}

#[test]
fn whatever_leaves_is_drawn_as_if_the_unsafe_tie_had_never_been_written() {
    let without: Vec<Drawn<'_>> = maris().into_iter().filter(|tie| !tie.marked_unsafe).collect();
    let (own, never) = (draw(&maris(), Copy::Own), draw(&without, Copy::Own));
    assert_eq!(own.sectors, never.sectors);
    let places = |d: &Drawing| d.nodes.iter().map(|n| (n.at, n.label.clone())).collect::<Vec<_>>();
    assert_eq!(places(&own), places(&never));
}

#[test]
fn an_empty_map_still_has_its_seven_kinds() {
    let drawing = draw(&[], Copy::Staff);
    assert_eq!((drawing.sectors.len(), drawing.nodes.len(), drawing.kinds), (7, 0, 0));
    assert!(drawing.sectors.iter().all(|s| s.title.lines.last().unwrap().text.ends_with("· 0")));
    assert_eq!(drawing.description("Mari"), "Nobody is on the map around Mari yet.");
}

#[test]
fn a_crowded_family_folds_its_thin_ties_and_says_how_many() {
    let mut ties = maris();
    let cousins: Vec<String> = (1..=14).map(|n| format!("Cousin {n}")).collect();
    ties.extend(
        cousins
            .iter()
            .map(|name| Drawn { tie: Tie::Thin, ..tie(name, Category::FriendsFamily, Nearness::LessClose) }),
    );
    let drawing = draw(&ties, Copy::Staff);
    assert_eq!(drawing.count, 31);
    assert!(drawing.nodes.len() <= AT_MOST);
    let family = &drawing.sectors[0];
    assert_eq!(family.count, 19);
    let hidden = ties.len() - drawing.nodes.len();
    let more: usize = drawing
        .sectors
        .iter()
        .filter_map(|s| s.more.as_ref())
        .map(|label| {
            label.text.trim_start_matches("and ").trim_end_matches(" more").parse::<usize>().unwrap()
        })
        .sum();
    assert_eq!(more, hidden);
    assert!(drawing.nodes.iter().any(|n| n.label.text == "Dana"), "a strong tie stays");
    assert!(drawing.nodes.iter().any(|n| n.marked_unsafe), "and what staff must see");
}

#[test]
fn a_long_name_is_cut_in_the_drawing() {
    let long = [tie("Kathleen O’Shaughnessy-Whitaker", Category::FriendsFamily, Nearness::Close)];
    assert_eq!(draw(&long, Copy::Staff).nodes[0].label.text, "Kathleen O’Shaughness…");
}

proptest! {
    #[test]
    fn nodes_stand_apart_inside_their_sector_and_the_drawing(
        each in prop::collection::vec((0_usize..7, 1_i32..=3, 0_usize..5), 0..60),
    ) {
        let ties: Vec<Drawn<'_>> = each.iter().map(|(sector, near, strength)| Drawn {
            tie: Tie::ALL[*strength],
            ..tie("Somebody", SECTORS[*sector], Nearness::of(*near).unwrap())
        }).collect();
        let drawing = draw(&ties, Copy::Own);
        prop_assert!(drawing.nodes.len() <= AT_MOST);
        prop_assert_eq!(drawing.count, ties.len());
        for (n, a) in drawing.nodes.iter().enumerate() {
            prop_assert!(MIDDLE.to(a.at) + NODE <= RINGS[2]);
            for b in drawing.nodes.iter().skip(n + 1) {
                prop_assert!(a.at.to(b.at) >= 30.0);
            }
        }
        for node in &drawing.nodes {
            let category = ties[node.tie].category;
            let sector = SECTORS.iter().position(|c| *c == category).unwrap();
            let next = drawing.sectors[(sector + 1) % 7].ray.1;
            let angle = |p: Point| (p.y - MIDDLE.y).atan2(p.x - MIDDLE.x);
            let from = angle(drawing.sectors[sector].ray.1);
            let turn = |p: Point| (angle(p) - from).rem_euclid(std::f64::consts::TAU);
            prop_assert!(turn(node.at) < turn(next), "outside its sector");
        }
        for label in words(&drawing) {
            prop_assert!(label.area().outside() < f64::EPSILON, "{:?} leaves the drawing", label);
        }
    }
}

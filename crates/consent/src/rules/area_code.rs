//! In which time zones a phone number may ring: what the area code of a number of the United States tells, and nothing
//! more. People keep their number when they move, so it is never taken for where somebody lives.

use foundation::Zone;

const EASTERN: Zone = Zone::America__New_York;
const CENTRAL: Zone = Zone::America__Chicago;
const MOUNTAIN: Zone = Zone::America__Denver;
const ARIZONA: Zone = Zone::America__Phoenix;
const PACIFIC: Zone = Zone::America__Los_Angeles;
const ALASKA: Zone = Zone::America__Anchorage;
const HAWAII: Zone = Zone::Pacific__Honolulu;
const ATLANTIC: Zone = Zone::America__Puerto_Rico;
const GUAM: Zone = Zone::Pacific__Guam;

/// Area codes by zone. A code whose area lies in two zones is in both lines: then the hour must be good in both.
const CODES: [(Zone, &[u16]); 9] = [
    (
        EASTERN,
        &[
            201, 202, 203, 207, 212, 215, 216, 220, 223, 227, 229, 231, 234, 239, 240, 248, 252, 260, 267,
            269, 270, 272, 276, 283, 301, 302, 304, 305, 313, 315, 317, 321, 324, 326, 329, 330, 332, 336,
            339, 347, 351, 352, 363, 364, 380, 386, 401, 404, 407, 410, 412, 413, 419, 423, 434, 436, 440,
            443, 445, 448, 463, 470, 472, 475, 478, 484, 502, 508, 513, 516, 517, 518, 540, 551, 561, 567,
            570, 571, 574, 582, 585, 586, 603, 606, 607, 609, 610, 614, 616, 617, 624, 631, 640, 645, 646,
            656, 667, 678, 679, 680, 681, 686, 689, 703, 704, 706, 716, 717, 718, 724, 726, 727, 728, 732,
            734, 740, 743, 754, 757, 762, 765, 770, 771, 772, 774, 781, 786, 802, 803, 804, 810, 812, 813,
            814, 821, 826, 828, 835, 838, 839, 843, 845, 848, 850, 854, 856, 857, 859, 860, 861, 862, 863,
            864, 865, 878, 904, 906, 908, 910, 912, 914, 917, 919, 929, 930, 934, 937, 941, 943, 947, 948,
            954, 959, 973, 978, 980, 984, 989,
        ],
    ),
    (
        CENTRAL,
        &[
            205, 210, 214, 217, 218, 219, 224, 225, 228, 251, 254, 256, 262, 270, 274, 281, 308, 309, 312,
            314, 316, 318, 319, 320, 325, 327, 331, 334, 337, 346, 353, 361, 364, 402, 405, 409, 414, 417,
            423, 430, 432, 447, 448, 464, 469, 479, 501, 504, 507, 512, 515, 531, 534, 539, 557, 563, 572,
            573, 574, 580, 601, 605, 608, 612, 615, 618, 620, 629, 630, 636, 641, 651, 659, 660, 662, 682,
            701, 708, 712, 713, 715, 726, 730, 731, 737, 763, 769, 773, 779, 785, 806, 812, 815, 816, 817,
            830, 832, 847, 850, 870, 872, 901, 903, 906, 913, 915, 918, 920, 924, 930, 931, 936, 938, 940,
            945, 952, 956, 972, 975, 979, 983, 985,
        ],
    ),
    (
        MOUNTAIN,
        &[
            208, 303, 307, 308, 385, 406, 432, 435, 458, 505, 541, 575, 605, 620, 701, 719, 720, 785, 801,
            915, 970, 983, 986,
        ],
    ),
    (ARIZONA, &[480, 520, 602, 623, 928]),
    (
        PACIFIC,
        &[
            206, 208, 209, 213, 253, 279, 310, 323, 341, 350, 360, 369, 408, 415, 424, 425, 442, 458, 503,
            509, 510, 530, 541, 559, 562, 564, 619, 626, 628, 650, 657, 661, 669, 702, 707, 714, 725, 738,
            747, 760, 775, 805, 818, 820, 831, 837, 840, 858, 909, 916, 925, 935, 949, 951, 971, 986,
        ],
    ),
    (ALASKA, &[907]),
    (HAWAII, &[808]),
    (ATLANTIC, &[340, 787, 939]),
    (GUAM, &[671, 670]),
];

/// The zones in which a number may ring, as it is folded: digits alone, with or without the 1 in front. None for a
/// number of another country, a local one without area code, and a code that belongs to no place (800).
#[must_use]
pub fn zones_of(digits: &str) -> Vec<Zone> {
    let national = match digits.len() {
        10 => digits,
        11 => digits.strip_prefix('1').unwrap_or_default(),
        _ => "",
    };
    let code: Option<u16> = national.get(..3).and_then(|code| code.parse().ok());
    let Some(code) = code else { return Vec::new() };
    CODES.iter().filter(|(_, codes)| codes.contains(&code)).map(|(zone, _)| *zone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_from_new_york_rings_by_new_york_and_one_from_the_florida_panhandle_by_two_clocks() {
        for maris in ["2125550142", "12125550142"] {
            assert_eq!(zones_of(maris), [EASTERN], "{maris}");
        }
        assert_eq!(zones_of("8505550142"), [EASTERN, CENTRAL]);
        assert_eq!(zones_of("6025550142"), [ARIZONA], "no summer time");
    }

    #[test]
    fn a_number_that_tells_of_no_place_is_not_guessed() {
        for nowhere in ["8005550142", "5550142", "442071234567", ""] {
            assert_eq!(zones_of(nowhere), [], "{nowhere}");
        }
    }
}

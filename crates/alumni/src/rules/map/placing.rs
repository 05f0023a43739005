//! Where the nodes stand: sectors as wide as they are full, nodes apart on their rings, and what folds when it gets tight.

use std::f64::consts::{FRAC_PI_2, TAU};

use super::{AT_MOST, Drawn, Point, SECTORS};
use crate::rules::connection::{Category, Nearness, Tie};

/// A sector never gets narrower, so that its title has room and an empty one is seen: 22 degrees.
const NARROWEST: f64 = TAU * 22.0 / 360.0;
/// Middles of nodes are at least so far apart.
pub(super) const APART: f64 = 30.0;

/// A node with its place.
pub(super) struct Placed<'a> {
    pub(super) index: usize,
    pub(super) tie: &'a Drawn<'a>,
    pub(super) at: Point,
}

/// A sector with its angles, in radians.
pub(super) struct Spread {
    pub(super) category: Category,
    pub(super) count: usize,
    pub(super) folded: usize,
    pub(super) from: f64,
    pub(super) to: f64,
}

impl Spread {
    pub(super) fn mid(&self) -> f64 {
        f64::midpoint(self.from, self.to)
    }
}

/// Everything placed.
pub(super) struct Layout<'a> {
    pub(super) sectors: Vec<Spread>,
    pub(super) nodes: Vec<Placed<'a>>,
}

type Numbered<'a> = (usize, &'a Drawn<'a>);

/// Places the ties; folds the thinnest of the fullest sector until all that remain stand apart.
pub(super) fn place<'a>(ties: &[Numbered<'a>]) -> Layout<'a> {
    let of = |category: Category| {
        let mut own: Vec<Numbered<'a>> =
            ties.iter().filter(|(_, tie)| tie.category == category).copied().collect();
        own.sort_by_key(|(index, tie)| (folds_last(tie), *index));
        (category, own)
    };
    let all: Vec<(Category, Vec<Numbered<'a>>)> = SECTORS.into_iter().map(of).collect();
    let mut kept: Vec<usize> = all.iter().map(|(_, own)| own.len()).collect();
    loop {
        let layout = lay_out(&all, &kept);
        let tight = layout.nodes.len() > AT_MOST || !stand_apart(&layout.nodes);
        if !tight || !fold_one(&all, &mut kept) {
            return layout;
        }
    }
}

/// Who stays drawn longest: what staff must not miss, then the stronger and the nearer.
fn folds_last(tie: &Drawn<'_>) -> (bool, u8, std::cmp::Reverse<Nearness>) {
    let strength = match tie.tie {
        Tie::Strong => 0,
        Tie::Stressful => 1,
        Tie::Steady => 2,
        Tie::Broken => 3,
        Tie::Thin => 4,
    };
    (!tie.marked_unsafe, strength, std::cmp::Reverse(tie.nearness))
}

/// Folds one more tie of the fullest sector: a thin one as long as any sector has one. An unsafe tie is never folded.
fn fold_one(all: &[(Category, Vec<Numbered<'_>>)], kept: &mut [usize]) -> bool {
    let fullest = |thin_only: bool, kept: &[usize]| {
        let may = |own: &Vec<Numbered<'_>>, kept: usize| {
            let last = kept.checked_sub(1).and_then(|n| own.get(n));
            last.is_some_and(|(_, tie)| !tie.marked_unsafe && (!thin_only || tie.tie == Tie::Thin))
        };
        let open = all.iter().zip(kept).enumerate().filter(|(_, ((_, own), kept))| may(own, **kept));
        open.max_by_key(|(_, (_, kept))| **kept).map(|(sector, _)| sector)
    };
    let Some(sector) = fullest(true, kept).or_else(|| fullest(false, kept)) else { return false };
    kept.get_mut(sector).map(|n| *n -= 1).is_some()
}

fn lay_out<'a>(all: &[(Category, Vec<Numbered<'a>>)], kept: &[usize]) -> Layout<'a> {
    let total = kept.iter().map(|n| float(*n)).sum::<f64>();
    let left = TAU - NARROWEST * float(SECTORS.len());
    let share = |n: usize| if total > 0.0 { float(n) / total } else { 1.0 / float(SECTORS.len()) };
    let wide = |n: usize| NARROWEST + left * share(n);
    // The first sector is on top.
    let mut from = -FRAC_PI_2 - wide(kept.first().copied().unwrap_or(0)) / 2.0;
    let mut layout = Layout { sectors: Vec::new(), nodes: Vec::new() };
    for ((category, own), kept) in all.iter().zip(kept) {
        let to = from + wide(*kept);
        layout.nodes.extend(in_sector(own.get(..*kept).unwrap_or_default(), from, to));
        layout.sectors.push(Spread {
            category: *category,
            count: own.len(),
            folded: own.len() - kept,
            from,
            to,
        });
        from = to;
    }
    layout
}

/// Even angles; neighbours on one ring stand on two lanes of it, so that they and their labels keep apart.
fn in_sector<'a>(own: &[Numbered<'a>], from: f64, to: f64) -> Vec<Placed<'a>> {
    let step = (to - from) / float(own.len().max(1));
    let mut on_ring = [0_usize; 3];
    let place = |(n, (index, tie)): (usize, &Numbered<'a>)| {
        let (ring, lanes) = match tie.nearness {
            Nearness::Closest => (0, [116.0, 78.0]),
            Nearness::Close => (1, [190.0, 172.0]),
            Nearness::LessClose => (2, [266.0, 284.0]),
        };
        let before = on_ring.get(ring).copied().unwrap_or(0);
        if let Some(count) = on_ring.get_mut(ring) {
            *count += 1;
        }
        let radius = if before.is_multiple_of(2) { lanes[0] } else { lanes[1] };
        Placed { index: *index, tie, at: Point::at(from + step * (float(n) + 0.5), radius) }
    };
    interleaved(own).iter().enumerate().map(place).collect()
}

/// Near and far in turn: neighbours in angle are then mostly on different rings.
fn interleaved<'a>(own: &[Numbered<'a>]) -> Vec<Numbered<'a>> {
    let mut sorted: Vec<Numbered<'a>> = own.to_vec();
    sorted.sort_by_key(|(index, tie)| (std::cmp::Reverse(tie.nearness), *index));
    let half = sorted.len().div_ceil(2);
    let (near, far) = sorted.split_at(half);
    let mut mixed = Vec::with_capacity(sorted.len());
    for (n, tie) in near.iter().enumerate() {
        mixed.push(*tie);
        mixed.extend(far.get(n));
    }
    mixed
}

fn stand_apart(nodes: &[Placed<'_>]) -> bool {
    nodes.iter().enumerate().all(|(n, a)| nodes.iter().skip(n + 1).all(|b| a.at.to(b.at) >= APART))
}

fn float(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

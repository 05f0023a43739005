//! Deals strips onto pages: what belongs together stays together as long as a page can hold it.

use crate::measures::{EDGE, PAGE_HEIGHT};
use crate::strips::Strip;
use std::collections::VecDeque;

/// A strip on a page, its top measured downward from the top of the page.
#[derive(Debug)]
pub struct Placed {
    /// Its top.
    pub top: f32,
    /// The strip.
    pub strip: Strip,
    /// Printed a second time for the eye only.
    pub repeated: bool,
}

/// The strips of one page.
pub type Page = Vec<Placed>;

/// Deals strips onto pages whose foot takes `foot` points above the bottom margin. At least one page.
pub fn deal(strips: Vec<Strip>, foot: f32) -> Vec<Page> {
    let mut dealer = Dealer { bottom: PAGE_HEIGHT - EDGE - foot, pages: vec![Vec::new()], down: EDGE };
    let mut rest = VecDeque::from(strips);
    while !rest.is_empty() {
        let chain = chain(&mut rest);
        dealer.place(chain);
    }
    if dealer.pages.len() > 1 && dealer.is_fresh() {
        dealer.pages.pop();
    }
    dealer.pages
}

/// The next strips that hold on to each other.
fn chain(rest: &mut VecDeque<Strip>) -> Vec<Strip> {
    let mut chain = Vec::new();
    while let Some(strip) = rest.pop_front() {
        let keep = strip.keep;
        chain.push(strip);
        if !keep || rest.front().is_some_and(|next| next.new_page) {
            break;
        }
    }
    chain
}

struct Dealer {
    bottom: f32,
    pages: Vec<Page>,
    down: f32,
}

impl Dealer {
    fn place(&mut self, chain: Vec<Strip>) {
        if chain.first().is_some_and(|strip| strip.new_page) && !self.is_fresh() {
            self.turn();
        }
        let tall: f32 = chain.iter().map(|strip| strip.height + strip.gap).sum();
        let first_gap = chain.first().map_or(0.0, |strip| strip.gap);
        let head = chain.first().and_then(|strip| strip.head.as_ref()).map_or(0.0, |head| head.height);
        let fits_a_page = EDGE + head + tall - first_gap <= self.bottom;
        if !self.fits(tall) && fits_a_page && !self.is_fresh() {
            self.turn();
        }
        for strip in chain {
            if !self.is_fresh() && !self.fits(strip.gap + strip.height) {
                self.turn();
            }
            self.put(strip);
        }
    }

    fn is_fresh(&self) -> bool {
        self.pages.last().is_none_or(Vec::is_empty)
    }

    fn fits(&self, height: f32) -> bool {
        // A hundredth of a point forgives the rounding of a sum.
        self.down + height <= self.bottom + 0.01
    }

    fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.down = EDGE;
    }

    fn put(&mut self, strip: Strip) {
        if self.is_fresh() {
            if let Some(head) = strip.head.as_deref().cloned() {
                self.lay(head, true);
            }
        } else {
            self.down += strip.gap;
        }
        if strip.height > 0.0 || !strip.marks.is_empty() {
            self.lay(strip, false);
        }
    }

    fn lay(&mut self, strip: Strip, repeated: bool) {
        let top = self.down;
        self.down += strip.height;
        if let Some(page) = self.pages.last_mut() {
            page.push(Placed { top, strip, repeated });
        }
    }
}

//! A filter of the inbox: which of those who wait. The same question of a row in memory and of the database.

use chrono::TimeDelta;
use clients::rules::tags::TagId;
use foundation::{Instant, StaffId};
use sea_orm::Value;
use sea_orm::entity::prelude::*;

use super::{Row, View};
use crate::rules::source::SourceKind;
use crate::rules::words::{Channel, ForWhom, Urgency};

foundation::words! {
    /// Whose.
    pub enum Owner {
        Mine = "mine", "Mine",
        Nobodys = "nobodys", "Nobody’s",
        Others = "others", "My colleagues’",
    }
}

/// Which of those who wait; what is not asked is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Filter {
    pub channel: Option<Channel>,
    pub urgency: Option<Urgency>,
    pub for_whom: Option<ForWhom>,
    pub owner: Option<Owner>,
    /// Waiting for so many hours or longer.
    pub hours: Option<u16>,
    /// By which first source they came.
    pub source: Option<SourceKind>,
    /// With this word of the center on it.
    pub tag: Option<TagId>,
}

impl Filter {
    /// Reads what was chosen; what is none of the choices is open.
    pub fn read<'a>(text: impl Fn(&str) -> &'a str) -> Self {
        Self {
            channel: Channel::parse(text("channel")),
            urgency: Urgency::parse(text("urgency")),
            for_whom: ForWhom::parse(text("for_whom")),
            owner: Owner::parse(text("owner")),
            hours: text("hours").parse().ok().filter(|hours| (1..=2000).contains(hours)),
            source: SourceKind::parse(text("source")),
            tag: text("tag").parse().ok(),
        }
    }

    /// Whether it asks for anything.
    pub fn is_any(self) -> bool {
        self != Self::default()
    }

    /// As the address carries it.
    pub fn pairs(self) -> Vec<(&'static str, String)> {
        let pairs = [
            ("channel", self.channel.map(|c| c.to_string())),
            ("urgency", self.urgency.map(|u| u.to_string())),
            ("for_whom", self.for_whom.map(|f| f.to_string())),
            ("owner", self.owner.map(|o| o.to_string())),
            ("hours", self.hours.map(|h| h.to_string())),
            ("source", self.source.map(|s| s.to_string())),
            ("tag", self.tag.map(|t| t.to_string())),
        ];
        pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// Whether somebody who waits is one of them.
    pub fn holds(self, row: &Row, me: Option<StaffId>, now: Instant) -> bool {
        let whose = match self.owner {
            None => true,
            Some(Owner::Mine) => row.owner_id.is_some() && row.owner_id == me,
            Some(Owner::Nobodys) => row.owner_id.is_none(),
            Some(Owner::Others) => row.owner_id.is_some() && row.owner_id != me,
        };
        whose
            && View::Everyone.holds(row, me, now)
            && self.channel.is_none_or(|channel| channel == row.channel)
            && self.urgency.is_none_or(|urgency| urgency == row.urgency)
            && self.for_whom.is_none_or(|whom| whom == row.for_whom)
            && self.source.is_none_or(|source| row.source == Some(source))
            && self.tag.is_none_or(|tag| row.tags.as_ref().is_some_and(|has| has.0.contains(&tag)))
            && self.since(now).is_none_or(|since| row.received_at <= since)
    }

    fn since(self, now: Instant) -> Option<Instant> {
        self.hours.map(|hours| now - TimeDelta::hours(hours.into()))
    }

    /// The same as a condition of the database, on `requests r`.
    pub(super) fn condition(
        self,
        me: Option<Uuid>,
        now: Instant,
        mut bound: impl FnMut(Value) -> String,
    ) -> String {
        let mut all = vec![View::Everyone.condition(me, now, &mut bound)];
        if let Some(channel) = self.channel {
            all.push(format!("r.channel = {}", bound(channel.as_str().into())));
        }
        if let Some(urgency) = self.urgency {
            all.push(format!("r.urgency = {}", bound(urgency.as_str().into())));
        }
        if let Some(whom) = self.for_whom {
            all.push(format!("r.for_whom = {}", bound(whom.as_str().into())));
        }
        match self.owner {
            None => {}
            Some(Owner::Mine) => all.push(format!("r.owner_id = {}", bound(me.into()))),
            Some(Owner::Nobodys) => all.push("r.owner_id IS NULL".into()),
            Some(Owner::Others) => all.push(format!("r.owner_id <> {}", bound(me.into()))),
        }
        if let Some(source) = self.source {
            let kind = bound(source.as_str().into());
            all.push(format!(
                "EXISTS (SELECT 1 FROM touches f WHERE f.request_id = r.id AND f.is_primary AND f.ended_at IS NULL \
                 AND f.kind = {kind})"
            ));
        }
        if let Some(tag) = self.tag {
            all.push(format!("CAST(r.tags AS TEXT) LIKE {}", bound(format!("%{tag}%").into())));
        }
        if let Some(since) = self.since(now) {
            all.push(format!("r.received_at <= {}", bound(since.into())));
        }
        all.join(" AND ")
    }
}

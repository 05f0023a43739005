//! The client record: people, episodes of care, notes, timeline

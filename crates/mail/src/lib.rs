//! One outbox: queued with its cause, gated at send time, delivered by SMTP

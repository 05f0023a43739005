//! The note that says "we got it": queued in the unit that received the request, composed and gated when it leaves.

/// The kind of the job; its payload names the request.
pub const JOB: &str = "acknowledge_request";

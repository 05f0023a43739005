//! The roles a member of staff can hold. A role is a set of permissions; see [`crate::acts`].

crate::words! {
    /// A shipped role. Minimum necessary decides what each may see.
    pub enum Role {
        /// Sees the inbox and contact rules; takes calls; no clinical answers.
        FrontDesk = "front_desk", "Front desk",
        /// Works requests from arrival to conversion; no aftercare notes.
        Intake = "intake", "Intake",
        /// Coverage and benefits, no narrative.
        Benefits = "benefits", "Benefits",
        /// The clients and alumni of the own caseload.
        Counselor = "counselor", "Counselor",
        /// The caseloads of the own team.
        Supervisor = "supervisor", "Supervisor",
        /// All alumni: worklist, check-ins, connections.
        AlumniCoordinator = "alumni_coordinator", "Alumni coordinator",
        /// Staff, programs, templates, aggregates; no charts.
        Admin = "admin", "Administrator",
        /// Ledger, consents, disclosures, incidents.
        PrivacyOfficer = "privacy_officer", "Privacy officer",
        /// Reads the ledger and the configuration; may change nothing.
        Auditor = "auditor", "Auditor",
    }
}

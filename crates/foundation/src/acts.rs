//! Acts: everything a person or the house can do, and who may. One enum used three times: permission, ledger verb,
//! and whether to show the button. The matrix (`reaching.rs`) is exhaustive, so a new act does not compile without an answer.

use crate::actor::Actor;
use crate::role::Role;
use crate::subject::Subject;

crate::words! {
    /// An act. The text is what the ledger stores; the words complete the sentence "Ana …".
    pub enum Act {
        TakeDatabase = "take_database", "opened the database with another version or key",
        NoticeClock = "notice_clock", "noticed that the clock jumped",
        MakeBackup = "make_backup", "made a backup",
        RestoreCenter = "restore_center", "restored the center from a backup",
        ReleaseCenter = "release_center", "let the restored center go on",
        SetUpCenter = "set_up_center", "set up the center",
        SignIn = "sign_in", "signed in",
        RefuseSignIn = "refuse_sign_in", "was refused at sign-in",
        SignOut = "sign_out", "signed out",
        ChangeOwnAccount = "change_own_account", "changed the own account",
        ViewMyDay = "view_my_day", "looked at the day",
        Search = "search", "searched",
        ViewStaff = "view_staff", "looked at the staff list",
        ManageStaff = "manage_staff", "changed a staff account",
        ChangeRoles = "change_roles", "changed the roles of a staff account",
        CloseAccount = "close_account", "closed a staff account",
        ReopenAccount = "reopen_account", "opened a staff account again",
        HandOverWork = "hand_over_work", "handed over the work of a colleague who leaves",
        ViewSettings = "view_settings", "looked at the settings",
        ChangeSettings = "change_settings", "changed the settings",
        ViewHealth = "view_health", "looked at how the program runs",
        RetryJob = "retry_job", "had a job tried again",
        SendTestLetter = "send_test_letter", "sent a test letter",
        ViewAudit = "view_audit", "looked at the ledger",
        VerifyAudit = "verify_audit", "checked the ledger",
        ReceiveRequest = "receive_request", "received a request",
        ReceiveMessage = "receive_message", "received a message",
        SetMailAside = "set_mail_aside", "set mail aside that nobody wrote to us",
        ForgetSenders = "forget_senders", "forgot who had written",
        MakeKey = "make_key", "made a key for the website",
        EndKey = "end_key", "ended a key of the website",
        ImportRequests = "import_requests", "brought in old inquiries",
        ViewInbox = "view_inbox", "looked at the inbox",
        SaveView = "save_view", "saved a view of the inbox",
        EndView = "end_view", "took a view of the inbox away",
        OpenRequest = "open_request", "opened a request",
        ClaimRequest = "claim_request", "took a request",
        ReleaseRequest = "release_request", "gave a request back",
        GiveRequest = "give_request", "gave a request to someone",
        TakeCall = "take_call", "took a call",
        SaveCall = "save_call", "wrote on a call sheet",
        TriageRequest = "triage_request", "asked the safety questions",
        ParkCall = "park_call", "was cut off in a call",
        FinishCall = "finish_call", "finished a call",
        LogAttempt = "log_attempt", "logged a contact attempt",
        NoteRequest = "note_request", "wrote a note on a request",
        TakeNoteBack = "take_note_back", "took a note back",
        NameColleague = "name_colleague", "asked a colleague to look",
        SeeMention = "see_mention", "saw where a colleague named them",
        WriteMessage = "write_message", "wrote to them",
        ReviewLetter = "review_letter", "read a letter that waits for a release",
        ReleaseLetter = "release_letter", "released a letter about someone",
        RefuseLetter = "refuse_letter", "did not release a letter about someone",
        CallMessageBack = "call_message_back", "called a message back",
        WatchRequest = "watch_request", "began to watch a request",
        UnwatchRequest = "unwatch_request", "stopped watching a request",
        TagRequest = "tag_request", "put a tag on it",
        UntagRequest = "untag_request", "took a tag off",
        ShareWithTeam = "share_with_team", "shared a reply or a macro with everyone",
        ViewReplies = "view_replies", "looked at the saved replies",
        SaveReply = "save_reply", "saved a reply",
        EndReply = "end_reply", "took a saved reply away",
        ViewMacros = "view_macros", "looked at the macros",
        SaveMacro = "save_macro", "saved a macro",
        EndMacro = "end_macro", "took a macro away",
        RunMacro = "run_macro", "ran a macro",
        UndoAct = "undo_act", "undid what they had just done",
        KeepConfidential = "keep_confidential", "changed who knows of a request",
        OverseeConfidential = "oversee_confidential", "named a colleague for a confidential request",
        SetNextStep = "set_next_step", "set the next step",
        TakeInquiry = "take_inquiry", "wrote down who asked after someone",
        SettleInquiry = "settle_inquiry", "settled what somebody asked",
        SnoozeRequest = "snooze_request", "put a request aside",
        WakeRequest = "wake_request", "took a request up again",
        WaitForCaller = "wait_for_caller", "waits for them to call or write",
        GoOnWithRequest = "go_on_with_request", "went on with a request",
        RouteRequest = "route_request", "gave a request by a rule",
        EscalateRequest = "escalate_request", "told a colleague that a request waits",
        AnswerEscalation = "answer_escalation", "answered for a request that waits",
        SetOwnDuty = "set_own_duty", "said when they take requests",
        CloseRequest = "close_request", "closed a request",
        ReopenRequest = "reopen_request", "reopened a request",
        MergeRequests = "merge_requests", "merged two requests",
        UnmergeRequests = "unmerge_requests", "took two requests apart again",
        RecognizeClient = "recognize_client", "made sure who a request is about",
        ConvertRequest = "convert_request", "made a request a client",
        ViewBenefits = "view_benefits", "looked at the benefits checks",
        AskBenefits = "ask_benefits", "asked for a benefits check",
        TakeBenefits = "take_benefits", "took a benefits check",
        ReturnBenefits = "return_benefits", "gave a benefits check back",
        AnswerBenefits = "answer_benefits", "wrote down what came of a benefits check",
        ApproveBenefits = "approve_benefits", "approved what came of a benefits check",
        AskPlan = "ask_plan", "asked an insurance plan by name",
        ViewWaitlist = "view_waitlist", "looked at the waitlist",
        AddToWaitlist = "add_to_waitlist", "put someone on the waitlist",
        ChangeWaiting = "change_waiting", "changed a place on the waitlist",
        KeepInTouch = "keep_in_touch", "kept in touch with someone who waits",
        OfferPlace = "offer_place", "offered a place that was declined",
        LeaveWaitlist = "leave_waitlist", "took someone off the waitlist",
        ViewSources = "view_sources", "looked at where people come from",
        ChangeSources = "change_sources", "changed a referral source",
        AttributeRequest = "attribute_request", "wrote down how somebody came to us",
        DecideReferral = "decide_referral", "decided a referral",
        ReferOut = "refer_out", "referred someone to another provider",
        TellProvider = "tell_provider", "told another provider under a consent",
        FollowReferral = "follow_referral", "followed a referral to another provider",
        ViewAppointments = "view_appointments", "looked at the appointments",
        SetHours = "set_hours", "changed the hours of a clinician",
        BookAppointment = "book_appointment", "booked a time",
        MoveAppointment = "move_appointment", "moved an appointment",
        CancelAppointment = "cancel_appointment", "cancelled an appointment",
        ConfirmAppointment = "confirm_appointment", "heard that they will come",
        RecordArrival = "record_arrival", "wrote down whether they arrived",
        ViewClients = "view_clients", "looked at the client list",
        OpenClient = "open_client", "opened a record",
        CreatePerson = "create_person", "wrote down a person",
        CreateClient = "create_client", "started a client record",
        ChangeClient = "change_client", "changed a client record",
        NoteClient = "note_client", "wrote a note",
        RecordDeath = "record_death", "recorded a death",
        CorrectDeath = "correct_death", "corrected a death that was recorded by mistake",
        SetContactPoint = "set_contact_point", "changed a contact point",
        SetSafeContact = "set_safe_contact", "changed the safe-contact rules",
        RecordConsent = "record_consent", "recorded a consent",
        RevokeConsent = "revoke_consent", "took a consent back",
        ConfirmStop = "confirm_stop", "asked by a safe way about the stop link",
        ClearAddress = "clear_address", "cleared an address that mail came back from",
        ExportRecord = "export_record", "exported a record",
        DecideAccess = "decide_access", "decided about what others said of someone",
        ViewDisclosures = "view_disclosures", "looked at the accounting of disclosures",
        BreakGlass = "break_glass", "asked for a locked record with a reason",
        ViewBreakGlass = "view_break_glass", "looked at why a locked record was opened",
        ReviewBreakGlass = "review_break_glass", "reviewed the opening of a locked record",
        ViewContactOverrides = "view_contact_overrides", "looked at calls against what someone said",
        ReviewContactOverride = "review_contact_override", "reviewed a call against what someone said",
        Admit = "admit", "admitted",
        ChangeLevelOfCare = "change_level_of_care", "changed the level of care",
        Discharge = "discharge", "discharged",
        CorrectStay = "correct_stay", "corrected the dates of a stay",
        ViewAlumni = "view_alumni", "looked at the alumni worklist",
        OpenConnections = "open_connections", "looked at the connections",
        RecordConnection = "record_connection", "wrote down a connection",
        ChangeConnection = "change_connection", "changed a connection",
        EndConnection = "end_connection", "ended a connection",
        ConfirmConnections = "confirm_connections", "confirmed the connections",
        EnrolAftercare = "enrol_aftercare", "started aftercare",
        ChangeAftercare = "change_aftercare", "changed aftercare",
        OpenCheckIns = "open_check_ins", "looked at the check-ins",
        LogCheckIn = "log_check_in", "logged a check-in",
        AnswerCheckIn = "answer_check_in", "answered a check-in",
        ReceiveReply = "receive_reply", "received an answer to a letter",
        SettleFlag = "settle_flag", "settled a flag",
        HandleFlag = "handle_flag", "said they handle a flag",
        EscalateFlag = "escalate_flag", "told colleagues of a flag",
        SetLinkWord = "set_link_word", "changed how private links open",
        TryLink = "try_link", "gave the word of a private link",
        OpenPlan = "open_plan", "opened a plan",
        WritePlan = "write_plan", "wrote in a plan",
        FinishPlan = "finish_plan", "finished an edition of a plan",
        Disclose = "disclose", "shared a record",
        ViewMail = "view_mail", "looked at the outbox",
        OpenMessage = "open_message", "opened a message",
        QueueMessage = "queue_message", "queued a message",
        SendMessage = "send_message", "sent a message",
        HoldMessage = "hold_message", "held a message",
        RetryMessage = "retry_message", "had a letter tried again",
        CancelMessage = "cancel_message", "cancelled a message",
        StopMessages = "stop_messages", "stopped the messages",
        IssueLink = "issue_link", "made a private link",
        ViewDashboards = "view_dashboards", "looked at a dashboard",
    }
}

/// How far a permission reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Not at all.
    No,
    /// The people the actor carries as counselor.
    Caseload,
    /// The people carried by those whom the actor supervises, the own, and those whom no counselor carries.
    Team,
    /// Everyone.
    Everyone,
}

impl Reach {
    /// One word for the printed matrix.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::No => "–",
            Self::Caseload => "caseload",
            Self::Team => "team",
            Self::Everyone => "yes",
        }
    }
}

mod reaching;

pub use reaching::reach;

/// What someone without an account may do: leave a request, answer the own check-in, stop the own messages.
fn reach_of_outsider(actor: &Actor, act: Act) -> Reach {
    let allowed = match actor {
        Actor::Visitor => matches!(
            act,
            Act::ReceiveRequest
                | Act::CreatePerson
                | Act::SetContactPoint
                | Act::SetSafeContact
                | Act::RefuseSignIn
                | Act::SetUpCenter
                | Act::QueueMessage
                | Act::StopMessages
        ),
        Actor::Alum(_) => matches!(act, Act::AnswerCheckIn | Act::TryLink | Act::StopMessages),
        // The program itself works for everyone, but it never reads a record on its own account.
        Actor::House => !matches!(
            act,
            Act::OpenClient | Act::OpenRequest | Act::OpenPlan | Act::OpenMessage | Act::Disclose
        ),
        Actor::Staff(_) => false,
    };
    if allowed { Reach::Everyone } else { Reach::No }
}

/// How far `actor` may do `act`, before any record is looked at. An auditor changes nothing, whatever else they are.
pub fn reach_of(actor: &Actor, act: Act) -> Reach {
    let Actor::Staff(staff) = actor else { return reach_of_outsider(actor, act) };
    if staff.roles.contains(&Role::Auditor) && reach(Role::Auditor, act) == Reach::No {
        return Reach::No;
    }
    staff.roles.iter().map(|role| reach(*role, act)).max().unwrap_or(Reach::No)
}

/// What breaking the glass opens: reading, never writing, sharing or printing.
pub fn opens_by_glass(act: Act) -> bool {
    matches!(act, Act::OpenClient | Act::OpenConnections | Act::OpenCheckIns | Act::OpenPlan)
}

/// Whether there may be anything `actor` can do `act` to: by a role, or because a locked record is open to them.
pub fn reaches_anyone(actor: &Actor, act: Act) -> bool {
    let by_glass = opens_by_glass(act) && actor.staff().is_some_and(|staff| !staff.opened.is_empty());
    by_glass || reach_of(actor, act) != Reach::No
}

/// Whether `actor` may do `act` to `subject`: the one answer for pages, lists, prints, exports and buttons.
pub fn may(actor: &Actor, act: Act, subject: &Subject) -> bool {
    // Who watches over confidential things sees that they are there, and does nothing else with them.
    if subject.is_kept_from(actor) && act != Act::OverseeConfidential {
        return false;
    }
    if let Actor::Alum(person) = actor {
        return reach_of(actor, act) == Reach::Everyone && subject.person == Some(*person);
    }
    let window = actor.staff().and_then(|staff| staff.window(subject.person?));
    if window.is_some() && opens_by_glass(act) {
        return true;
    }
    let me = actor.staff_id();
    match reach_of(actor, act) {
        Reach::No => false,
        Reach::Everyone => true,
        Reach::Caseload => me.is_some() && subject.counselor == me,
        Reach::Team => {
            let is_mine = subject.counselor == me || subject.supervisor == me;
            me.is_some() && (is_mine || subject.awaits_counselor)
        }
    }
}

/// The matrix as a table for a person who does not program: one act a line, one role a column.
pub fn matrix() -> String {
    use std::fmt::Write;
    let mut out = format!("{:<24}", "");
    for role in Role::ALL {
        let _ = write!(out, "{:<20}", role.as_str());
    }
    for act in Act::ALL {
        let _ = write!(out, "\n{:<24}", act.as_str());
        for role in Role::ALL {
            let _ = write!(out, "{:<20}", reach(*role, *act).as_str());
        }
    }
    out.lines().map(str::trim_end).collect::<Vec<_>>().join("\n") + "\n"
}

#[cfg(test)]
mod tests;

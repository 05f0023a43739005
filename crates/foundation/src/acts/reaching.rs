//! The matrix: what each role may do, and how far. Read as a table in `matrix.txt`, which a test keeps true.

use super::{Act, Reach};
use crate::role::Role::{
    self, Admin, AlumniCoordinator, Auditor, Benefits, Counselor, FrontDesk, Intake, PrivacyOfficer,
    Supervisor,
};

/// Everyone but those who watch over the others' acts.
const NOT_WATCHING: &[Role] = &[FrontDesk, Intake, Benefits, Counselor, Supervisor, AlumniCoordinator, Admin];

/// The matrix: how far `role` may do `act`. Exhaustive on purpose: no wildcard arm.
#[expect(clippy::too_many_lines, reason = "one table, to be read as one")]
pub fn reach(role: Role, act: Act) -> Reach {
    match act {
        Act::SignIn | Act::RefuseSignIn | Act::SignOut | Act::ChangeOwnAccount | Act::ViewMyDay => {
            Reach::Everyone
        }
        Act::TakeDatabase
        | Act::MakeBackup
        | Act::RestoreCenter
        | Act::NoticeClock
        | Act::SetUpCenter
        | Act::SendMessage
        | Act::AnswerCheckIn
        | Act::TryLink
        | Act::RouteRequest
        | Act::EscalateRequest
        | Act::EscalateFlag
        | Act::ReceiveMessage
        | Act::ReceiveReply
        | Act::SetMailAside
        | Act::ForgetSenders => Reach::No,
        Act::ViewStaff | Act::ViewSettings => any(role, &[Admin, PrivacyOfficer, Auditor]),
        Act::ManageStaff
        | Act::ChangeRoles
        | Act::CloseAccount
        | Act::ReopenAccount
        | Act::HandOverWork
        | Act::ChangeSettings
        | Act::MakeKey
        | Act::EndKey
        | Act::ReleaseCenter
        | Act::RetryJob
        | Act::SendTestLetter => any(role, &[Admin]),
        Act::ViewHealth => any(role, &[Admin, PrivacyOfficer]),
        // Whoever has the file has read it; what comes of it is seen in the inbox, by those who work there.
        Act::ImportRequests => any(role, &[Supervisor, Admin]),
        Act::ViewAudit | Act::VerifyAudit => any(role, &[PrivacyOfficer, Auditor]),
        Act::DecideAccess
        | Act::ExportRecord
        | Act::ViewBreakGlass
        | Act::ReviewBreakGlass
        | Act::ViewContactOverrides
        | Act::ReviewContactOverride
        | Act::OverseeConfidential => any(role, &[PrivacyOfficer]),
        // A second person, never the writer: the act itself looks at who wrote it.
        Act::ReviewLetter | Act::ReleaseLetter | Act::RefuseLetter => {
            any(role, &[Supervisor, PrivacyOfficer])
        }
        Act::ViewDisclosures => care(role, &[Intake, AlumniCoordinator, PrivacyOfficer]),
        // Whoever works here may stand before an emergency; who reviews does not open, who audits changes nothing.
        Act::BreakGlass => any(role, NOT_WATCHING),
        Act::ViewDashboards => {
            any(role, &[Intake, Counselor, Supervisor, AlumniCoordinator, Admin, PrivacyOfficer])
        }
        Act::Search => any(role, &[FrontDesk, Intake, Benefits, Counselor, Supervisor, AlumniCoordinator]),
        Act::ViewMail | Act::CancelMessage | Act::RetryMessage | Act::HoldMessage => {
            any(role, &[Supervisor, AlumniCoordinator, Admin, PrivacyOfficer])
        }
        Act::OpenMessage => care(role, &[AlumniCoordinator, PrivacyOfficer]),
        Act::ViewInbox
        | Act::OpenRequest
        | Act::SaveView
        | Act::EndView
        | Act::AnswerEscalation
        | Act::SeeMention
        | Act::WatchRequest
        | Act::UnwatchRequest
        | Act::UndoAct => any(role, &[FrontDesk, Intake, Benefits, Supervisor]),
        Act::ReceiveRequest
        | Act::ClaimRequest
        | Act::ReleaseRequest
        | Act::TakeCall
        | Act::SaveCall
        | Act::TriageRequest
        | Act::ParkCall
        | Act::FinishCall
        | Act::LogAttempt
        | Act::NoteRequest
        | Act::TakeNoteBack
        | Act::NameColleague
        | Act::WriteMessage
        | Act::CallMessageBack
        | Act::ViewReplies
        | Act::SaveReply
        | Act::EndReply
        | Act::ViewMacros
        | Act::SaveMacro
        | Act::EndMacro
        | Act::RunMacro
        | Act::TagRequest
        | Act::UntagRequest
        | Act::KeepConfidential
        | Act::SetNextStep
        | Act::SnoozeRequest
        | Act::WakeRequest
        | Act::AttributeRequest
        | Act::FollowReferral
        | Act::WaitForCaller
        | Act::GoOnWithRequest
        | Act::SetOwnDuty
        | Act::CreatePerson
        | Act::CreateClient => any(role, &[FrontDesk, Intake, Supervisor]),
        Act::TakeInquiry => any(role, &[FrontDesk, Intake, Counselor, Supervisor]),
        Act::SettleInquiry => any(role, &[Counselor, Supervisor]),
        Act::GiveRequest
        | Act::ShareWithTeam
        | Act::CloseRequest
        | Act::ReopenRequest
        | Act::MergeRequests
        | Act::UnmergeRequests
        | Act::RecognizeClient
        | Act::ConvertRequest
        | Act::ViewWaitlist
        | Act::AddToWaitlist
        | Act::ChangeWaiting
        | Act::KeepInTouch
        | Act::OfferPlace
        | Act::LeaveWaitlist
        | Act::DecideReferral
        | Act::ReferOut
        | Act::TellProvider => any(role, &[Intake, Supervisor]),
        Act::ViewSources => any(role, &[FrontDesk, Intake, Supervisor, Admin]),
        Act::ChangeSources => any(role, &[Intake, Supervisor, Admin]),
        // Coverage and what is wanted of it, without the story (domain reference 1.19).
        Act::ViewBenefits
        | Act::AskBenefits
        | Act::TakeBenefits
        | Act::ReturnBenefits
        | Act::AnswerBenefits
        | Act::AskPlan => any(role, &[Intake, Benefits, Supervisor]),
        Act::ApproveBenefits => any(role, &[Benefits, Supervisor]),
        // A clinician has the own times and hours; an administrator sets hours and sees no names.
        Act::ViewAppointments | Act::RecordArrival => own(role, &[FrontDesk, Intake, Supervisor]),
        Act::BookAppointment | Act::MoveAppointment | Act::CancelAppointment | Act::ConfirmAppointment => {
            any(role, &[FrontDesk, Intake, Supervisor])
        }
        Act::SetHours => match role {
            Intake => Reach::Caseload,
            other => own(other, &[Supervisor, Admin]),
        },
        Act::ViewClients => any(role, &[Intake, Counselor, Supervisor, AlumniCoordinator]),
        // Whoever receives a request lets its acknowledgment be queued; the gate decides whether it leaves. Whoever hears of a
        // death writes it down: a call may come to anyone, and every letter must stop.
        Act::QueueMessage | Act::RecordDeath | Act::CorrectDeath if role == Supervisor => Reach::Everyone,
        Act::QueueMessage | Act::SetContactPoint | Act::SetSafeContact => {
            care(role, &[FrontDesk, Intake, AlumniCoordinator])
        }
        Act::OpenClient
        | Act::RecordConsent
        | Act::RevokeConsent
        | Act::NoteClient
        | Act::RecordDeath
        | Act::CorrectDeath
        | Act::ConfirmStop
        | Act::ClearAddress => care(role, &[Intake, AlumniCoordinator]),
        Act::ChangeClient | Act::Admit | Act::CorrectStay => care(role, &[Intake]),
        Act::ChangeLevelOfCare | Act::Discharge => care(role, &[]),
        Act::ViewAlumni => any(role, &[Counselor, Supervisor, AlumniCoordinator]),
        Act::OpenConnections
        | Act::RecordConnection
        | Act::ChangeConnection
        | Act::EndConnection
        | Act::ConfirmConnections
        | Act::EnrolAftercare
        | Act::ChangeAftercare
        | Act::OpenCheckIns
        | Act::LogCheckIn
        | Act::SettleFlag
        | Act::HandleFlag
        | Act::SetLinkWord
        | Act::OpenPlan
        | Act::WritePlan
        | Act::FinishPlan
        | Act::Disclose
        | Act::StopMessages
        | Act::IssueLink => care(role, &[AlumniCoordinator]),
    }
}

fn any(role: Role, roles: &[Role]) -> Reach {
    if roles.contains(&role) { Reach::Everyone } else { Reach::No }
}

/// Counselors what is their own, and `everyone` all.
fn own(role: Role, everyone: &[Role]) -> Reach {
    if role == Counselor { Reach::Caseload } else { any(role, everyone) }
}

/// Counselors their caseload, supervisors their team's, and `everyone` all.
fn care(role: Role, everyone: &[Role]) -> Reach {
    match role {
        Counselor => Reach::Caseload,
        Supervisor => Reach::Team,
        other => any(other, everyone),
    }
}

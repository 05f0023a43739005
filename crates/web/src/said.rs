//! What just happened, said once on the next page of staff. After an act the browser is sent on, and a cookie of one
//! minute carries which of these sentences it is and what it was about: never a name, never a word somebody typed.

use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};

use intake::request::undoing::UndoGroup;

use crate::look::Toast;
use crate::session::{cookie, set_cookie};

const NAME: &str = "__Host-said";
/// Seconds after which it is no news any more.
const NEWS: u32 = 60;

foundation::words! {
    /// What was done.
    pub enum Said {
        Claimed = "claimed", "This request is yours now.",
        Released = "released", "The request is back with everyone.",
        Given = "given", "Your colleague has the request now.",
        AttemptLogged = "attempt", "What happened is written down.",
        NoteKept = "note", "The note is kept.",
        StepSet = "step", "The next step is set.",
        Watched = "watched", "You watch this request. What happens here stands on your day.",
        Unwatched = "unwatched", "You do not watch this request any more.",
        Seen = "seen", "Seen. It is off your day.",
        LetterWritten = "letter", "The letter leaves in a minute.",
        LetterWaits = "letter_waits", "The letter waits until a supervisor or the privacy officer releases it.",
        LetterReleased = "letter_released", "Released. The letter leaves now, if the gate still allows it.",
        LetterRefused = "letter_refused", "Not released. Its writer sees why.",
        AccessDecided = "access_decided", "The decision is saved.",
        LetterCalledBack = "letter_back", "The letter was called back. Nobody gets it.",
        Undone = "undone", "Undone. It is as it was before.",
        ReplySaved = "reply", "The reply is saved.",
        ReplyEnded = "reply_ended", "The reply is gone. Letters that were written with it stay.",
        MacroSaved = "macro", "The macro is saved.",
        MacroEnded = "macro_ended", "The macro is gone. What it did stays.",
        MacroRun = "macro_run", "Done, all of it.",
        InquiryTaken = "inquiry", "Written down. A counselor thinks about it.",
        InquirySettled = "inquiry_settled", "Settled.",
        AskedAgain = "asked", "Written down, and the next time is planned.",
        ViewSaved = "view", "The view is saved, with its count.",
        ViewEnded = "view_ended", "The view is gone. The requests in it are where they were.",
        Snoozed = "snoozed", "Put aside. It is on top again at its time.",
        Woken = "woken", "The request is up again.",
        Waiting = "waiting", "The clock stands until they call or write.",
        WentOn = "went_on", "The clock runs again.",
        HoursChanged = "hours", "The hours hold from now on. First calls that are owed come sooner or stay as they were.",
        OnCallChanged = "on_call", "The on-call list holds from now on.",
        AddressSet = "address_set", "Saved. We write there when something waits.",
        AddressForgotten = "address_forgotten", "Saved. Nobody writes to you when something waits.",
        OpioidsSet = "opioids", "Saved. Clocks and silences go by it from now on.",
        FlagHandled = "flag_handled", "You handle it. Nobody else is told; it stays here until you write what was done.",
        FlagHandledBefore = "flag_handled_before", "A colleague handles this already, or they said more since you opened the page. It stands here as it is now.",
        RulesChanged = "rules_changed", "The rules hold from now on.",
        ListChanged = "reasons", "The list holds from now on.",
        Tagged = "tagged", "The tag is on it.",
        Untagged = "untagged", "The tag is off.",
        FormChanged = "form", "The form asks so from now on.",
        DutySet = "duty", "It holds from now on.",
        Confidential = "confidential", "Only those you named know of it now.",
        KnownToEveryone = "known_to_everyone", "Everyone who works requests knows of it again.",
        KnownToOneMore = "known_to_one_more", "They know of it from now on.",
        HaveIt = "have_it", "You have it. Everyone who was told sees that.",
        SomebodyHasIt = "somebody_has_it", "A colleague has this one already.",
        ChosenDone = "chosen", "Done for everyone you chose.",
        RulesConfirmed = "confirmed", "It is kept that this still holds, as of today.",
        Closed = "closed", "The request is closed.",
        Reopened = "reopened", "The request is open again.",
        Merged = "merged", "The two are one request now. Everything of both is here.",
        Recognized = "recognized", "They are known here. The request is about their record now.",
        NotThem = "not_them", "Taken back. The request is about whoever asked, as before.",
        TakenApart = "taken_apart", "The two are requests of their own again.",
        GoesOn = "goes_on", "The request you asked for was merged into this one. Everything of both is here.",
        Converted = "converted", "The record begins here, with all that was said before.",
        BenefitsAsked = "benefits_asked", "The check is in the queue. Nothing else waits for it.",
        CoverageCorrected = "coverage", "The coverage is put right.",
        BenefitsTaken = "benefits_taken", "This check is yours now.",
        BenefitsReturned = "benefits_back", "The check is back in the queue.",
        BenefitsAnswered = "benefits_answered", "What the plan said is kept.",
        BenefitsApproved = "benefits_approved", "Approved. They can be told what it will cost.",
        BenefitsNotChecked = "benefits_not", "It is kept that it could not be checked, and why.",
        Waits = "waits", "They are on the waitlist.",
        WaitChanged = "wait_changed", "It is put right. The time they have waited stays.",
        KeptInTouch = "in_touch", "It is written down that you talked.",
        PlaceDeclined = "declined", "It is kept that they said no to it, and why. They keep their place.",
        WaitEnded = "wait_ended", "They are off the waitlist.",
        SourceRecorded = "source", "The source is written down.",
        SourceChanged = "source_changed", "The change is kept.",
        SourceContactKept = "source_contact", "Whom to call there is kept.",
        SourceContactEnded = "source_contact_ended", "Nobody will call them there any more.",
        SourceEnded = "source_ended", "It is not in use any more. What came from it stays counted.",
        SourceTakenUp = "source_taken_up", "It is in use again.",
        SourcesMerged = "sources_merged", "The two are one entry now.",
        SourceGoesOn = "source_goes_on", "The entry you asked for goes on in this one.",
        TouchKept = "touch", "It is written down how they came to us.",
        TouchFirst = "touch_first", "This is the first among them now.",
        TouchRemoved = "touch_removed", "It is taken away.",
        ReferralDecided = "referral_decided", "What we say to this referral is kept. Tell the referrer that, and nothing else.",
        ReferralMade = "referral_made", "They are referred. Somebody asks tomorrow whether they arrived.",
        ReferralMoved = "referral_moved", "What came of it is kept.",
        ReferralAsked = "referral_asked", "Nobody knows yet. It is asked again on its day.",
        ReferralSteps = "referral_steps", "The steps of the handoff are kept.",
        Booked = "booked", "The time is booked. It is the next step of the request.",
        TimeMoved = "time_moved", "The time is moved.",
        TimeOff = "time_off", "The appointment is cancelled. Somebody owes them another word.",
        TimeConfirmed = "time_confirmed", "It is written down that they will come.",
        Arrived = "arrived", "It is written down that they came.",
        NotArrived = "not_arrived", "Call now: ask if they are safe, then offer a time within a day.",
        HoursSet = "clinician_hours", "The hours hold from now on.",
        HoursEnded = "hours_ended", "These hours have ended. What is booked in them stays booked.",
        SiteSaved = "site", "The site is kept.",
        SiteEnded = "site_ended", "Nobody is offered a time there any more.",
        CalendarEnded = "calendar_ended", "The address opens nothing any more.",
        SheetSaved = "sheet", "The sheet is saved.",
        CallParked = "parked", "The call is parked. Everything on the sheet is kept; call back within ten minutes.",
        CallFinished = "finished", "The call is finished, and the sheet is kept.",
        IdentityChanged = "identity", "The change is kept.",
        Assigned = "assigned", "They are in this caseload now.",
        PointAdded = "point", "The new way to reach them is kept.",
        PointEnded = "point_ended", "Nobody will use it any more.",
        RulesSet = "rules", "What is safe is kept, from this moment on.",
        ConsentRecorded = "consent", "The consent is recorded.",
        ConsentRevoked = "revoked", "The consent is revoked, from this moment on.",
        Admitted = "admitted", "The stay has begun.",
        LevelChanged = "level", "The new level of care is kept.",
        Discharged = "discharged", "The stay has ended, and aftercare has begun.",
        StayEnded = "stay_ended", "The stay has ended.",
        DeathRecorded = "death", "It is recorded. Check-ins, letters and calls have stopped.",
        DeathCorrected = "death_corrected", "Corrected. What had stopped goes on; look over what comes next.",
        StayCorrected = "stay_corrected", "The dates are corrected. Check-ins and letters follow them.",
        StopConfirmed = "stop_confirmed", "Saved. They get no e-mail.",
        AddressCleared = "address_cleared", "The address may be written to again.",
        CheckInsBegun = "check_ins_begun", "Check-ins begin again.",
        TieRecorded = "tie", "The connection is on the map.",
        TieChanged = "tie_changed", "The change is on the map.",
        TieEnded = "tie_ended", "The connection has ended. It stays in the history.",
        MarkedUnsafe = "unsafe", "Marked as not safe. It is left out of everything that leaves the house.",
        MarkedSafe = "safe", "Safe again. It may be shown and printed.",
        GoneThrough = "gone_through", "The map is confirmed as of today.",
        OwnViewKept = "own_view", "Their own words are kept.",
        NumberEnded = "number_ended", "Saved. That number is not used for them anymore; the check-in is still open.",
        CallLogged = "call", "The call is written down.",
        AnswersKept = "answers", "The answers are kept.",
        LinkWordSet = "link_word", "Saved. The next link opens so, and so do those that are out.",
        LetterAgain = "letter_again", "A new letter with a new link is on its way.",
        WordsRead = "words_read", "Marked as read.",
        FlagSettled = "settled", "Done. It is off the list.",
        TrackChanged = "track", "Check-ins follow the new track.",
        Paused = "paused", "Check-ins rest until the day you chose.",
        Resumed = "resumed", "Check-ins go on.",
        AftercareEnded = "aftercare_ended", "The check-ins have ended. They can begin again.",
        SectionKept = "section", "The section is kept.",
        LetterTried = "letter_tried", "It is tried now. Look again in a moment.",
        LetterCancelled = "letter_cancelled", "The letter will not leave.",
        SettingsChanged = "settings", "The change holds from now on.",
        FileKept = "file_kept", "The file is read. Nothing is written yet.",
        ColumnsMapped = "columns", "Looked over again.",
        ComingIn = "coming_in", "It is coming in. You can leave this page.",
        FileGone = "file_gone", "What you gave is thrown away. What came in stays.",
        KeyEnded = "key_ended", "The key has ended. It opens nothing from now on.",
        AccountDisabled = "disabled", "The account is closed and signed out everywhere.",
        JobTried = "job_tried", "It is tried now. Look again in a moment.",
        CenterGoesOn = "center_goes_on", "The center goes on. Everyone can sign in, and letters leave.",
        RolesChanged = "roles", "Saved. It holds from their next click on.",
        HandedOver = "handed_over", "Handed over. Whoever has it now sees it.",
        PasswordChanged = "password", "Your password is changed. Everywhere else you are signed out.",
        Reviewed = "reviewed", "The review is kept.",
        LockedAgain = "locked", "The record is locked again.",
    }
}

impl Said {
    /// The address of the act that takes it back. Only acts that need nothing else are undone from here; of an act at a
    /// request `about` names what was kept to undo it, and without that there is nothing to press.
    fn undo(self, about: &str) -> Option<String> {
        Some(match self {
            Self::Claimed
            | Self::Released
            | Self::Given
            | Self::StepSet
            | Self::Snoozed
            | Self::Woken
            | Self::Closed
            | Self::NoteKept
            | Self::Watched
            | Self::Unwatched
            | Self::LetterWritten
            | Self::LetterWaits
            | Self::ChosenDone
            | Self::AttemptLogged
            | Self::Tagged
            | Self::Untagged
            | Self::MacroRun => format!("/inbox/undo/{}", about.parse::<UndoGroup>().ok()?),
            Self::Waiting => format!("/inbox/{about}/going-on"),
            Self::Merged => format!("/inbox/{about}/taking-apart"),
            Self::MarkedUnsafe => format!("/clients/{about}/safe"),
            Self::MarkedSafe => format!("/clients/{about}/unsafe"),
            _ => return None,
        })
    }
}

/// Sends the browser on to `to`, where it is said. `about` is the reference or key in the address of the act.
pub fn sent_on(to: &str, said: Said, about: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    set_cookie(response.headers_mut(), NAME, &format!("{said}.{about}"), Some(NEWS));
    response
}

/// What is to be said on the page that is shown now. A page that fetches itself hears nothing: a person must read it.
pub fn heard(headers: &HeaderMap) -> Option<Toast> {
    if headers.contains_key("kith-by-itself") {
        return None;
    }
    let value = cookie(headers, NAME)?;
    let (said, about) = value.split_once('.')?;
    let said = Said::parse(said)?;
    let plain = !about.is_empty() && about.chars().all(|c| c.is_ascii_alphanumeric() || "-/".contains(c));
    let undo = plain.then(|| said.undo(about)).flatten();
    Some(Toast { sentence: said.words().to_owned(), undo: undo.map(|to| ("Undo".to_owned(), to)) })
}

/// Said once.
pub fn forget(headers: &mut HeaderMap) {
    set_cookie(headers, NAME, "", Some(0));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(cookie: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("cookie", format!("{NAME}={cookie}").parse().unwrap());
        headers
    }

    #[test]
    fn a_claim_is_said_with_its_way_back() {
        let toast = heard(&with("claimed.019cadf2-3a00-7000-8000-000000000001")).unwrap();
        assert_eq!(toast.sentence, "This request is yours now.");
        let undo = "/inbox/undo/019cadf2-3a00-7000-8000-000000000001";
        assert_eq!(toast.undo, Some(("Undo".to_owned(), undo.to_owned())));
        // What cannot be undone whole is said without a way back.
        assert_eq!(heard(&with("closed.CR-4F7K2")).unwrap().undo, None);
    }

    #[test]
    fn a_cookie_that_somebody_made_up_says_nothing_and_leads_nowhere() {
        assert_eq!(heard(&with("you_won.CR-4F7K2")), None);
        assert_eq!(heard(&with("claimed")), None);
        assert_eq!(heard(&with("claimed.x?y=//elsewhere")).unwrap().undo, None);
    }

    #[test]
    fn a_page_that_fetches_itself_does_not_use_it_up() {
        let mut headers = with("claimed.CR-4F7K2");
        headers.insert("kith-by-itself", "1".parse().unwrap());
        assert_eq!(heard(&headers), None);
    }
}

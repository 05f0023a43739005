//! What the person said on the way to this record: form, mails, calls, safety answers, coverage and our letters. Part of
//! the record, under its permission, so that a counselor need not open the inbox for it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use clients::note::Note;
use consent::contact_rules::Caution;
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::{Act, Instant, PersonId, Zone};
use intake::benefits::Opened;
use intake::inward::InwardMessage;
use intake::rules::triage::Answer;
use intake::what_they_said::{SaidCall, SaidRequest, load};
use mail::own_words::Written;

use super::head::{Head, Part};
use crate::alerts::Needs;
use crate::failure::Failure;
use crate::filters;
use crate::form::key;
use crate::house::House;
use crate::inbox::when;
use crate::look::{Fact, Place, Tab};
use crate::page::{Page, Shell, show};
use crate::session::Me;

/// Noted as an opening of the record before it is shown.
pub(super) async fn page(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let head = Head::of(&house, &me, key(&id)?, Part::Said).await?;
    let writer = Writer {
        now: house.now(),
        zone: Center::of(&house).await?.zone,
        staff: Directory::of(&house).await?,
    };
    let said = house.look(async |reader| load(reader, house.keyring(), &me, &head.care).await).await?;
    house.readings().record(&me, Act::OpenClient, &head.care).await?;
    Ok(show(SaidPage {
        id: head.id,
        name: head.name,
        reference: head.reference,
        tabs: head.tabs,
        death: head.death,
        caution: head.caution,
        needs: head.needs,
        requests: said.requests.iter().map(|one| writer.request(one)).collect(),
        replies: said.replies.iter().map(|one| writer.reply(one)).collect(),
        letters: said.letters.iter().map(|one| writer.letter(one)).collect(),
    }))
}

/// One thing that was said: who and when, and the words or the lines of a sheet.
struct Entry {
    title: String,
    when: String,
    note: String,
    words: String,
    lines: Vec<(String, String)>,
}

struct RequestEntry {
    reference: String,
    facts: Vec<Fact>,
    entries: Vec<Entry>,
}

#[derive(Template)]
#[template(path = "pages/clients/said.html")]
struct SaidPage {
    id: PersonId,
    name: String,
    reference: String,
    tabs: Vec<Tab>,
    death: Option<String>,
    caution: Caution,
    needs: Option<Needs>,
    requests: Vec<RequestEntry>,
    replies: Vec<Entry>,
    letters: Vec<Entry>,
}

impl SaidPage {
    /// Whether a line of a sheet says that something is not known: not asked is not no.
    fn is_open(value: &str) -> bool {
        value == Answer::NotAsked.words()
    }
}

impl Page for SaidPage {
    fn title(&self) -> String {
        format!("What they said, record {}", self.reference)
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Clients)
    }
}

/// Writes what was read in the words of the page.
struct Writer {
    now: Instant,
    zone: Zone,
    staff: Arc<Directory>,
}

impl Writer {
    fn when(&self, at: Instant) -> String {
        when(at, self.now, self.zone)
    }

    fn request(&self, said: &SaidRequest) -> RequestEntry {
        let request = &said.request;
        let asked_by = said.caller.as_ref().map(|name| match &said.relationship {
            Some(relationship) => format!("{name}, {relationship}"),
            None => name.clone(),
        });
        let facts = vec![
            Fact::new(
                "Came in",
                Some(format!("{}, {}", self.when(request.received_at), request.channel.words())),
            ),
            Fact::new("Asked by", asked_by.or_else(|| Some("Themselves".into()))),
            Fact::new("In danger now", Some(request.danger.words().to_owned())),
            Fact::new("Urgency", Some(request.urgency.words().to_owned())),
        ];
        let first = said.words.as_ref().map(|words| Entry {
            title: "When they asked".into(),
            words: words.clone(),
            ..self.entry(request.received_at)
        });
        let referred = said.referred.as_ref().and_then(|one| one.told.as_ref()).map(|told| Entry {
            title: format!("{}, {}, who referred them", told.referrer, told.organization),
            words: told.reason.clone(),
            note: told.notice.clone().unwrap_or_default(),
            ..self.entry(request.received_at)
        });
        let mut entries: Vec<Entry> = first.into_iter().chain(referred).collect();
        entries.extend(said.messages.iter().map(|one| self.message(one)));
        entries.extend(said.calls.iter().map(|one| self.call(one)));
        entries.extend(said.coverage.iter().map(|one| self.coverage(one)));
        RequestEntry { reference: request.reference.clone(), facts, entries }
    }

    fn entry(&self, at: Instant) -> Entry {
        Entry {
            title: String::new(),
            when: self.when(at),
            note: String::new(),
            words: String::new(),
            lines: Vec::new(),
        }
    }

    fn message(&self, message: &InwardMessage) -> Entry {
        let written = &message.written;
        let from = if written.from_name.is_empty() { &written.from_address } else { &written.from_name };
        let whose = if message.known { "" } else { "From an address nobody had given us." };
        let notes = [whose, &written.left_out()].map(str::to_owned);
        Entry {
            title: format!("Mail from {from}: {}", written.subject),
            words: written.text.clone(),
            note: notes.into_iter().filter(|note| !note.is_empty()).collect::<Vec<_>>().join(" "),
            ..self.entry(message.received_at)
        }
    }

    fn call(&self, said: &SaidCall) -> Entry {
        let who = self.staff.name(said.call.staff_id).unwrap_or("a former colleague");
        let note = if said.call.ended_at.is_none() { "This call was not finished." } else { "" };
        Entry {
            title: format!("Call taken by {who}"),
            note: note.into(),
            lines: said.lines.clone(),
            ..self.entry(said.call.began_at)
        }
    }

    fn coverage(&self, opened: &Opened) -> Entry {
        let fields = [
            ("plan", "Insurance plan"),
            ("member_id", "Member number"),
            ("group_number", "Group number"),
            ("payer_phone", "Phone number on the card"),
            ("subscriber_name", "Subscriber"),
        ];
        let given = fields.map(|(field, label)| (label.to_owned(), opened.coverage.text(field)));
        let mut lines: Vec<_> = given.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        if opened.coverage.is_self_pay() {
            lines.insert(0, ("How it is paid".into(), "They pay themselves".into()));
        }
        Entry { title: "Coverage".into(), lines, ..self.entry(opened.check.asked_at) }
    }

    fn reply(&self, reply: &Note) -> Entry {
        Entry { title: "By mail".into(), words: reply.text.clone(), ..self.entry(reply.written_at) }
    }

    fn letter(&self, letter: &Written) -> Entry {
        let who = self.staff.name(letter.author).unwrap_or("a former colleague");
        let note = match letter.sent_at {
            Some(_) => String::new(),
            None => format!("{}. {}", letter.state.words(), letter.reason.clone().unwrap_or_default()),
        };
        Entry {
            title: format!("Letter from {who}: {}", letter.subject),
            words: letter.body.clone(),
            note: note.trim().to_owned(),
            ..self.entry(letter.sent_at.unwrap_or(letter.due_at))
        }
    }
}

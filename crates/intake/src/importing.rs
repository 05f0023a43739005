//! Old inquiries from a file: read as it is, looked over row by row before anything is written, and brought in so that a
//! row comes in once however often the file does. Nobody gets a letter by it.

pub mod judging;
pub mod keeping;
pub mod reading;
pub mod rejects;
pub mod running;

use std::collections::BTreeMap;

use foundation::Faults;
use serde::{Deserialize, Serialize};

use crate::rules::words::Disposition;

/// The largest file.
pub const LARGEST: usize = 16 * 1024 * 1024;
/// The most rows of one file.
pub const MOST_ROWS: usize = 100_000;

foundation::words! {
    /// What a column may hold.
    pub enum Field {
        Received = "received", "When they asked",
        Name = "name", "Who asked: name",
        Phone = "phone", "Phone",
        Email = "email", "E-mail",
        ForWhom = "for_whom", "For whom",
        Relationship = "relationship", "Who they are to the person who may need care",
        OtherName = "other_name", "The person who may need care: name",
        Words = "words", "What they said",
        Status = "status", "Open or closed",
        Closed = "closed", "When it was closed",
        Disposition = "disposition", "How it ended",
        Key = "key", "The number it had there",
    }
}

impl Field {
    /// Headings that usually mean this, in small letters without anything but letters.
    fn headings(self) -> &'static [&'static str] {
        match self {
            Self::Received => &[
                "received",
                "receivedat",
                "date",
                "created",
                "createdat",
                "createddate",
                "inquirydate",
                "calldate",
                "datetime",
            ],
            Self::Name => {
                &["name", "caller", "callername", "contact", "contactname", "fullname", "inquirername"]
            }
            Self::Phone => &["phone", "phonenumber", "mobile", "cell", "telephone", "callbacknumber"],
            Self::Email => &["email", "emailaddress", "mail"],
            Self::ForWhom => &["forwhom", "for", "callertype"],
            Self::Relationship => &["relationship", "relation", "relationshiptoclient"],
            Self::OtherName => {
                &["clientname", "client", "patientname", "patient", "prospect", "prospectname"]
            }
            Self::Words => {
                &["words", "note", "notes", "comment", "comments", "message", "reason", "description"]
            }
            Self::Status => &["status", "state", "stage"],
            Self::Closed => &["closed", "closedat", "closedate", "closeddate"],
            Self::Disposition => &["disposition", "outcome", "result", "closereason", "lostreason"],
            Self::Key => &["id", "key", "number", "reference", "inquiryid", "caseid", "recordid"],
        }
    }
}

foundation::words! {
    /// How the bytes of a file are to be read.
    pub enum Encoding {
        Auto = "auto", "Found out by itself",
        Utf8 = "utf-8", "UTF-8",
        Windows1252 = "windows-1252", "Windows-1252, as older Excel writes it",
    }
}

foundation::words! {
    /// How days are written.
    pub enum Days {
        Iso = "iso", "2026-03-02",
        Us = "us", "03/02/2026, the month first",
        Eu = "eu", "02.03.2026 or 02/03/2026, the day first",
    }
}

foundation::words! {
    /// Whether an inquiry goes on.
    pub enum Standing {
        Closed = "closed", "Closed",
        Open = "open", "Open",
    }
}

/// Which column holds what, and how its cells are to be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sea_orm::FromJsonQueryResult)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    pub encoding: Encoding,
    /// One character; found out by itself when empty.
    pub separator: String,
    pub days: Days,
    /// By field, the heading of its column.
    pub columns: BTreeMap<String, String>,
    /// Words in the status column that mean open; every other word means closed.
    pub open_words: Vec<String>,
    /// What a row is without a word in the status column.
    pub without_status: Standing,
    /// How a closed row ended that does not say it in words of ours.
    pub closed_as: Disposition,
}

impl Default for Mapping {
    fn default() -> Self {
        Self {
            encoding: Encoding::Auto,
            separator: String::new(),
            days: Days::Iso,
            columns: BTreeMap::new(),
            open_words: ["new", "open", "active", "pending", "in progress"].map(str::to_owned).to_vec(),
            without_status: Standing::Closed,
            closed_as: Disposition::InformationOnly,
        }
    }
}

impl Mapping {
    /// The heading of the column that holds a field.
    pub fn column(&self, field: Field) -> Option<&str> {
        self.columns.get(field.as_str()).map(String::as_str).filter(|heading| !heading.is_empty())
    }

    /// Fills in, from headings, what is not said yet.
    #[must_use]
    pub fn guessed(mut self, header: &[String]) -> Self {
        for field in Field::ALL {
            if self.columns.contains_key(field.as_str()) {
                continue;
            }
            let means = |heading: &&String| {
                let plain: String = heading.chars().filter(char::is_ascii_alphabetic).collect();
                field.headings().contains(&plain.to_ascii_lowercase().as_str())
            };
            if let Some(heading) = header.iter().find(means) {
                self.columns.insert(field.as_str().to_owned(), heading.clone());
            }
        }
        self
    }

    /// Whether it can be used with a file of these headings.
    ///
    /// # Errors
    /// A field of no such name, a column the file does not have, or no day and no way to reach anybody, at its field.
    pub fn check(&self, header: &[String]) -> Result<(), Faults> {
        let mut faults = Faults::default();
        for (field, heading) in self.columns.iter().filter(|(_, heading)| !heading.is_empty()) {
            if Field::parse(field).is_none() {
                faults.add(field, format!("There is no field {field}"));
            }
            if !header.contains(heading) {
                faults.add(field, format!("The file has no column “{heading}”"));
            }
        }
        if self.column(Field::Received).is_none() {
            faults.add("received", "Choose the column that says when they asked");
        }
        if self.column(Field::Phone).is_none() && self.column(Field::Email).is_none() {
            faults.add("phone", "Choose the column of the phone number or of the e-mail address");
        }
        if self.separator.chars().count() > 1 {
            faults.add("separator", "Enter one character, or none");
        }
        faults.or(|| ())
    }
}

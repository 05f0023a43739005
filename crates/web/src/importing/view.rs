//! The pages of files of old inquiries.

use askama::Template;
use foundation::center::Center;
use foundation::{Actor, Error, Faults};
use intake::importing::keeping::{self, Import, ImportId, State as Stands};
use intake::importing::running::Tally;
use intake::importing::{Days, Encoding, Field as Column, Standing};
use intake::rules::words::Disposition;

use crate::filters;
use crate::house::House;
use crate::inbox::when;
use crate::look::{Field, Place, Problem};
use crate::page::{Page, Shell};

/// Reasons that are shown; all of them are in the file that is given back.
const SHOWN: usize = 20;

struct Line {
    id: ImportId,
    given: String,
    stands: &'static str,
    received: i32,
    rejected: i32,
}

#[derive(Template)]
#[template(path = "pages/admin/imports.html")]
pub(super) struct Files {
    lines: Vec<Line>,
    file: Field,
    problem: Problem,
}

impl Files {
    pub(super) async fn new(house: &House, me: &Actor, faults: &Faults) -> Result<Self, Error> {
        let (zone, now) = (Center::of(house).await?.zone, house.now());
        let line = |import: Import| Line {
            id: import.id,
            given: when(import.made_at, now, zone),
            stands: import.state.words(),
            received: import.received,
            rejected: import.rejected,
        };
        Ok(Self {
            lines: keeping::of(house.reader(), me).await?.into_iter().map(line).collect(),
            file: Field { name: "file", value: String::new(), fault: faults.of("file").map(str::to_owned) },
            problem: Problem::from(faults),
        })
    }
}

impl Page for Files {
    fn title(&self) -> String {
        "Old inquiries".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}

/// One column to choose.
struct Choice {
    words: &'static str,
    name: String,
    value: String,
    fault: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/admin/import.html")]
pub(super) struct File {
    id: ImportId,
    stands: Stands,
    given: String,
    received: i32,
    before: i32,
    rejected: i32,
    has_rejects: bool,
    header: Vec<String>,
    choices: Vec<Choice>,
    encoding: Field,
    separator: Field,
    days: Field,
    open_words: Field,
    without_status: Field,
    closed_as: Field,
    /// What would come of it, when the columns fit.
    tally: Option<Tally>,
    /// How many rows are of somebody known, for those who may open every request.
    known: Option<usize>,
    /// The line of a row and why it cannot come in.
    reasons: Vec<(u64, String)>,
    problem: Problem,
}

impl File {
    pub(super) async fn new(
        house: &House,
        me: &Actor,
        import: Import,
        faults: &Faults,
    ) -> Result<Self, Error> {
        let (zone, now) = (Center::of(house).await?.zone, house.now());
        let mut faults = faults.clone();
        let (mut header, mut tally, mut known, mut reasons) = (Vec::new(), None, None, Vec::new());
        let mut unfit = Faults::default();
        if import.state == Stands::Looked {
            let (headings, plan) = keeping::looked_over(house, &import).await?;
            header = headings;
            match plan {
                Ok(plan) => {
                    tally = Some(plan.tally());
                    known = plan.known(house.reader(), me).await?;
                    let some = plan.rejected().take(SHOWN);
                    reasons = some.map(|(row, why)| (row.line, why.join("; "))).collect();
                }
                Err(Error::Invalid(more)) => unfit = more,
                Err(other) => return Err(other),
            }
        }
        let m = &import.mapping;
        let choice = |column: &Column| Choice {
            words: column.words(),
            name: format!("column_{column}"),
            value: m.column(*column).unwrap_or_default().to_owned(),
            fault: unfit.of(column.as_str()).map(str::to_owned),
        };
        let field = |name, value: String| Field { name, value, fault: unfit.of(name).map(str::to_owned) };
        faults.0.extend(unfit.0.iter().filter(|fault| fault.field == "file").cloned());
        Ok(Self {
            id: import.id,
            stands: import.state,
            given: when(import.made_at, now, zone),
            received: import.received,
            before: import.before,
            rejected: import.rejected,
            has_rejects: import.rejects.is_some(),
            choices: Column::ALL.iter().map(choice).collect(),
            encoding: field("encoding", m.encoding.to_string()),
            separator: field(
                "separator",
                if m.separator == "\t" { "tab".into() } else { m.separator.clone() },
            ),
            days: field("days", m.days.to_string()),
            open_words: field("open_words", m.open_words.join(", ")),
            without_status: field("without_status", m.without_status.to_string()),
            closed_as: field("closed_as", m.closed_as.to_string()),
            header,
            tally,
            known,
            reasons,
            problem: Problem::from(&faults),
        })
    }

    fn encodings() -> Vec<(&'static str, &'static str)> {
        Encoding::ALL.iter().map(|one| (one.as_str(), one.words())).collect()
    }

    fn ways_of_days() -> Vec<(&'static str, &'static str)> {
        Days::ALL.iter().map(|one| (one.as_str(), one.words())).collect()
    }

    fn standings() -> Vec<(&'static str, &'static str)> {
        Standing::ALL.iter().map(|one| (one.as_str(), one.words())).collect()
    }

    fn endings() -> Vec<(&'static str, &'static str)> {
        Disposition::ALL.iter().map(|one| (one.as_str(), one.words())).collect()
    }
}

impl Page for File {
    fn title(&self) -> String {
        "Old inquiries from a file".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}

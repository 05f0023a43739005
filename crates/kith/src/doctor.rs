//! `kith doctor`: looks at everything an installation stands on and says of each thing that it is right, or what to do. It
//! changes nothing.

mod database;
mod files;
mod mail;
mod reach;

use std::process::ExitCode;

use crate::settings::Settings;

/// How one thing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stands {
    Right,
    /// It works, and somebody should look at it.
    Look,
    /// It does not work, or something will be lost.
    Wrong,
}

/// One thing that was looked at.
struct Finding {
    about: &'static str,
    stands: Stands,
    words: String,
}

/// What was found so far.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn right(&mut self, about: &'static str, words: impl Into<String>) {
        self.0.push(Finding { about, stands: Stands::Right, words: words.into() });
    }

    fn look(&mut self, about: &'static str, words: impl Into<String>) {
        self.0.push(Finding { about, stands: Stands::Look, words: words.into() });
    }

    fn wrong(&mut self, about: &'static str, words: impl Into<String>) {
        self.0.push(Finding { about, stands: Stands::Wrong, words: words.into() });
    }
}

/// Looks at everything and prints a line for each. Ends badly when something is wrong.
pub async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let mut found = Findings::default();
    found.right("program", format!("Kith {}, settings from {}.", env!("CARGO_PKG_VERSION"), settings.found));
    files::look(settings, &mut found);
    let center = Box::pin(database::look(settings, &mut found)).await;
    reach::look(settings, &mut found).await;
    mail::look(settings, center.as_ref(), &mut found).await;
    for Finding { about, stands, words } in &found.0 {
        let mark = match stands {
            Stands::Right => "ok   ",
            Stands::Look => "LOOK ",
            Stands::Wrong => "WRONG",
        };
        println!("{mark} {about}: {words}");
    }
    let count = |stands| found.0.iter().filter(|finding| finding.stands == stands).count();
    let (wrong, look) = (count(Stands::Wrong), count(Stands::Look));
    println!("\n{} looked at, {wrong} wrong, {look} to look at.", found.0.len());
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

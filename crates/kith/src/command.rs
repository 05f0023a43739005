//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use foundation::ledger::{sealing, verifying};
use foundation::staff::Member;
use foundation::staff::closing::{self, ClosingReason};
use foundation::staff::inviting::{self, NewMember};
use foundation::staff::passwords::{self, Password};
use foundation::{Actor, Db, Instant, Role};

use crate::arriving;
use crate::backup::command::{Backup, Restore};
use crate::demo;
use crate::doctor;
use crate::holdings;
use crate::importing::{self, Import};
use crate::opened::Opened;
use crate::serving;
use crate::settings::Settings;

/// Kith: from the first call for help to years of staying connected.
#[derive(Parser)]
#[command(
    version,
    about = "Kith: the intake and alumni system of a treatment center",
    long_about = "Kith: the intake and alumni system of a treatment center.\n\nWithout a command it runs the center: it prints \
                  an address to open, and at the first start a code to set the center up with. `kith demo` shows a sample \
                  center with invented people. The other commands are for whoever looks after the machine."
)]
pub struct Line {
    /// The file of the settings [default: kith.toml of the data folder, of /etc/kith, of the current folder]
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// Folder of the database, the keys and the anchor
    #[arg(long, global = true)]
    data: Option<PathBuf>,
    /// sqlite:FILE or postgres://…
    #[arg(long, global = true)]
    database: Option<String>,
    /// Where to listen
    #[arg(long, global = true)]
    listen: Option<SocketAddr>,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Subcommand)]
enum What {
    /// Run the center (the default)
    Serve,
    /// Run a sample center of invented people, in a folder that is thrown away unless --data names one to keep
    Demo {
        /// The same seed makes the same center
        #[arg(long, default_value_t = 2026)]
        seed: u64,
        /// The day and time it is there when it opens, like 2026-12-24T02:00; else that of this machine
        #[arg(long, value_parser = demo::read_moment)]
        at: Option<Instant>,
    },
    /// Bring the tables to the newest step
    Migrate,
    /// Staff accounts
    #[command(subcommand)]
    Staff(StaffCommand),
    /// Requests that come in another way than by the form and the phone
    #[command(subcommand)]
    Intake(IntakeCommand),
    /// The ledger
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Print everything that is kept about a client, as JSON, for the person who asks for it
    Export {
        /// Like K-4F7K3
        reference: String,
    },
    /// Put everything the center keeps into one file, while everyone works on; or check such a file
    Backup(Backup),
    /// Put a backup into an empty place; the center is on hold until an administrator lets it go on
    Restore(Restore),
    /// Look at everything this installation stands on, and say what to do; changes nothing
    Doctor,
    /// Print the settings in force, secrets masked
    Config,
}

#[derive(Subcommand)]
enum StaffCommand {
    /// Give an account a password that must be changed; reads it from standard input
    Reset {
        name: String,
        /// Also remove the second step, for someone who lost the phone
        #[arg(long)]
        forget_factor: bool,
    },
    /// Make an administrator when nobody can get in; prints a password to be changed at the first sign-in
    Add {
        /// The name colleagues see
        name: String,
        /// Like ada.root
        #[arg(long)]
        sign_in: String,
    },
    /// Close an account; the last administrator's cannot be closed
    Disable { name: String },
    /// Open a closed account again; prints a password to be changed, and the second step is set up anew
    Open { name: String },
}

#[derive(Subcommand)]
enum IntakeCommand {
    /// Receive one message from standard input, as a mail server pipes it. Ends with 0 when it is kept, 75 when the mail
    /// server must try again, 65 when it names no sender that can be answered
    Mail {
        /// The sender of the envelope; empty for bounces
        #[arg(long)]
        sender: Option<String>,
    },
    /// Bring in old inquiries from a CSV file; a row comes in once, however often the file does
    Import(Import),
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Check that nobody altered the ledger
    Verify,
}

impl Line {
    /// The words the program was called with. What cannot be read is told at the terminal, and the program ends; but a
    /// mail server whose settings hold a wrong word is told to try again, so that no cry for help goes back for a typo.
    pub fn read() -> Result<Self, ExitCode> {
        Self::try_parse().map_err(|refusal| {
            // A terminal that is gone changes nothing about how it ends.
            _ = refusal.print();
            if refusal.exit_code() != 0 && std::env::args_os().skip(1).any(|word| word == "mail") {
                ExitCode::from(arriving::TRY_AGAIN)
            } else {
                ExitCode::from(u8::try_from(refusal.exit_code()).unwrap_or(2))
            }
        })
    }

    /// How the program ends when it could not do what was asked: a mail server is told to try again.
    pub fn failed(&self) -> ExitCode {
        match self.what {
            Some(What::Intake(IntakeCommand::Mail { .. })) => ExitCode::from(arriving::TRY_AGAIN),
            _ => ExitCode::FAILURE,
        }
    }

    /// Does what was asked.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let mut settings = Settings::read(self.config.as_deref(), self.data.as_deref())?;
        let kept = self.data.clone();
        if let Some(database) = self.database {
            settings.database = database;
        }
        if let Some(listen) = self.listen {
            settings.listen = listen;
        }
        match self.what.unwrap_or(What::Serve) {
            What::Serve => serving::serve(&settings).await?,
            What::Demo { seed, at } => Box::pin(demo::run(settings, seed, at, kept)).await?,
            What::Migrate => {
                let db = Opened::made(&settings).await?.db;
                serving::close(db.store().clone()).await;
                println!("The tables are at the newest step.");
            }
            What::Staff(command) => staff(&settings, command).await?,
            What::Intake(IntakeCommand::Mail { sender }) => return arriving::mail(&settings, sender).await,
            What::Intake(IntakeCommand::Import(import)) => importing::run(&settings, &import).await?,
            What::Audit(AuditCommand::Verify) => verify(&settings).await?,
            What::Export { reference } => {
                let db = Opened::existing(&settings).await?.db;
                println!("{}", serde_json::to_string_pretty(&holdings::export(&db, &reference).await?)?);
            }
            What::Backup(backup) => backup.run(&settings).await?,
            What::Restore(restore) => restore.run(&settings).await?,
            What::Doctor => return doctor::run(&settings).await,
            What::Config => {
                eprintln!("Settings: {}", settings.found);
                println!("{}", settings.masked()?);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn staff(settings: &Settings, command: StaffCommand) -> anyhow::Result<()> {
    let db = Opened::existing(settings).await?.db;
    let done = change_staff(&db, command).await;
    serving::close(db.store().clone()).await;
    done
}

#[expect(clippy::too_many_lines, reason = "one command after the other")]
async fn change_staff(db: &Db, command: StaffCommand) -> anyhow::Result<()> {
    match command {
        StaffCommand::Reset { name, forget_factor } => {
            let member = find_member(db, &name).await?;
            anyhow::ensure!(
                member.disabled_at.is_none(),
                "The account of {} is closed, so a new password would let nobody in. Open it again with: kith staff open {}",
                member.name,
                member.sign_in_name
            );
            let mut typed = String::new();
            println!("New password for {} (at least 12 characters):", member.name);
            std::io::stdin().read_line(&mut typed)?;
            let password =
                Password::parse(typed.trim_end_matches(['\r', '\n']), &[&member.name, &member.sign_in_name])
                    .map_err(foundation::Error::from)?;
            let password = passwords::hash(password, db.chance()).await?;
            db.write(&Actor::House, async |unit| {
                inviting::reset(unit, member.id, password, forget_factor).await
            })
            .await?;
            println!("{} must change it at the next sign-in.", member.name);
        }
        StaffCommand::Disable { name } => {
            let member = find_member(db, &name).await?;
            db.write(&Actor::House, async |unit| closing::close(unit, member.id, ClosingReason::Left).await)
                .await?;
            println!("The account of {} is closed.", member.name);
            let requests = intake::handing_over::carried_by(db.reader(), member.id).await?.requests;
            let records = clients::client::handing_over::carried_by(db.reader(), member.id).await?;
            if requests + records > 0 {
                println!(
                    "Still in that name: {requests} requests, {records} records. Hand them over in Admin, Staff."
                );
            }
        }
        StaffCommand::Add { name, sign_in } => {
            anyhow::ensure!(
                !inviting::is_empty(db.reader()).await?,
                "Nobody has an account yet. Start the program and open /setup with the code it prints."
            );
            let password = passwords::first_password(db.chance());
            let roles = [Role::Admin];
            let new = NewMember::parse(&name, &sign_in, &roles, &password, true, db.chance()).await?;
            db.write(&Actor::House, async |unit| inviting::invite(unit, new).await).await?;
            println!(
                "{name} is an administrator, and signs in as {sign_in} with this password:\n\n  {password}\n"
            );
            println!("It must be changed at the first sign-in, and a second step set up.");
        }
        StaffCommand::Open { name } => {
            let member = find_member(db, &name).await?;
            let password = passwords::first_password(db.chance());
            let parsed = Password::parse(&password, &[]).map_err(foundation::Error::from)?;
            let hashed = passwords::hash(parsed, db.chance()).await?;
            db.write(&Actor::House, async |unit| closing::reopen(unit, member.id, hashed).await).await?;
            println!("The account of {} is open again, with this password:\n\n  {password}\n", member.name);
            println!("It must be changed at the first sign-in, and the second step set up anew.");
        }
    }
    Ok(())
}

/// The account with a sign-in name, or who there is none of.
async fn find_member(db: &Db, name: &str) -> anyhow::Result<Member> {
    match inviting::by_sign_in_name(db.reader(), name).await {
        Err(foundation::Error::NotFound) => anyhow::bail!("Nobody signs in as {name}."),
        other => Ok(other?),
    }
}

async fn verify(settings: &Settings) -> anyhow::Result<()> {
    let db = Opened::existing(settings).await?.db;
    let verdict = verifying::verify_with(&db, &settings.anchor_file()).await?;
    println!("{} entries sealed, {} anchors compared.", verdict.sound, verdict.anchors);
    if verdict.left_behind > 0 {
        println!("{} anchors are of entries left behind by a restore from a backup.", verdict.left_behind);
    }
    for finding in &verdict.findings {
        println!("FOUND: {finding}");
    }
    anyhow::ensure!(verdict.holds(), "the ledger was altered");
    // Sealed only now: a row that was put there by another way must be found, and not made part of the chain.
    sealing::seal(&db).await?;
    println!("The chain holds.");
    Ok(())
}

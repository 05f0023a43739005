//! The program: command line, settings, wiring, background work, the sample center.

mod arriving;
mod background;
mod backup;
mod command;
mod demo;
mod doctor;
mod holdings;
mod importing;
mod listening;
mod log;
mod opened;
mod serving;
mod settings;

use std::process::ExitCode;

#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let command = match command::Line::read() {
        Ok(command) => command,
        Err(ended) => return ended,
    };
    let failed = command.failed();
    // The whole program is in this future: on the heap, not on the stack.
    match Box::pin(command.run()).await {
        Ok(code) => code,
        Err(error) => {
            // The chain of causes, for the person at the terminal; nothing of a record is ever in it.
            eprintln!("kith: {error:#}");
            failed
        }
    }
}

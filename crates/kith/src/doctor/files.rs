//! The data folder, the anchor, the folder of the backups, and the disks they are on.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use foundation::ledger::anchoring;
use foundation::store::disk::Disk;

use super::Findings;
use crate::settings::Settings;

pub(super) fn look(settings: &Settings, found: &mut Findings) {
    folder(&settings.data, found);
    for file in ["kith.db", "kith.db-wal", "anchor.log"] {
        private(&settings.data.join(file), found);
    }
    anchor(settings, found);
    backups(settings, found);
    disk("disk of the data", &settings.data, found);
}

fn folder(folder: &Path, found: &mut Findings) {
    let name = folder.display();
    let Ok(there) = std::fs::metadata(folder) else {
        found.wrong(
            "data folder",
            format!("{name} is not there. Name the right one with --data or in the settings."),
        );
        return;
    };
    let mode = there.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        found
            .wrong("data folder", format!("{name} is open to others (mode {mode:o}). Run: chmod 700 {name}"));
    } else {
        found.right("data folder", format!("{name}, for its owner alone."));
    }
}

/// A file that holds names, or proves something, is its owner's alone.
fn private(file: &Path, found: &mut Findings) {
    let Ok(there) = std::fs::metadata(file) else { return };
    let mode = there.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        let name = file.display();
        found.wrong("file", format!("{name} can be read by others (mode {mode:o}). Run: chmod 600 {name}"));
    }
}

fn anchor(settings: &Settings, found: &mut Findings) {
    let file = settings.anchor_file();
    let name = file.display();
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        found.wrong(
            "anchor",
            format!("The folder of {name} is not there, so nothing proves the ledger. Make it."),
        );
        return;
    }
    match anchoring::read(&file) {
        Err(e) => found.wrong("anchor", format!("{e}")),
        Ok(heads) if heads.is_empty() => {
            found.look("anchor", format!("{name} holds none yet. One is written a minute after the start."));
        }
        Ok(heads) if on_one_disk(folder, &settings.data) => found.look(
            "anchor",
            format!(
                "{} heads in {name}, on the same disk as the data. Whoever takes one takes both: set `anchor` to another \
                 disk.",
                heads.len()
            ),
        ),
        Ok(heads) => found.right("anchor", format!("{} heads in {name}.", heads.len())),
    }
}

fn on_one_disk(one: &Path, other: &Path) -> bool {
    let device = |path: &Path| std::fs::metadata(path).map(|there| there.dev()).ok();
    device(one).is_some() && device(one) == device(other)
}

fn backups(settings: &Settings, found: &mut Findings) {
    if !settings.backup.is_set() {
        found.look(
            "backup",
            "None is made by itself. Set `[backup] folder` to a folder on another machine’s disk.",
        );
        return;
    }
    let folder = &settings.backup.folder;
    let name = folder.display();
    if !folder.is_dir() {
        found
            .wrong("backup", format!("The folder {name} is not there. Make it, or mount the disk it is on."));
        return;
    }
    if tempfile::tempfile_in(folder).is_err() {
        found.wrong(
            "backup",
            format!("Nothing can be written to {name}. Give it to the user that Kith runs as."),
        );
        return;
    }
    if on_one_disk(folder, &settings.data) {
        found.look("backup", format!("{name} is on the same disk as the data: a broken disk takes both."));
    }
    let locked = !settings.backup.passphrase_file.as_os_str().is_empty();
    if locked && std::fs::read_to_string(&settings.backup.passphrase_file).is_err() {
        let file = settings.backup.passphrase_file.display();
        found.wrong("backup", format!("The passphrase file {file} cannot be read, so none will be made."));
    } else if !locked {
        found.look(
            "backup",
            "They are not locked: names stand in them in clear. Set `backup.passphrase_file`.",
        );
    }
    disk("disk of the backups", folder, found);
}

fn disk(about: &'static str, path: &Path, found: &mut Findings) {
    let Some(disk) = Disk::of(path) else { return };
    let words = disk.words();
    if disk.is_full() {
        found.wrong(about, format!("{words}: nothing more will be kept soon. Make room now."));
    } else if disk.is_low() {
        found.look(about, format!("{words}. Make room before it is full."));
    } else {
        found.right(about, format!("{words}."));
    }
}

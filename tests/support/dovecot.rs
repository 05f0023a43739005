//! A real mailbox: Debian's Dovecot on loopback, with a folder and a configuration of its own, ended with the story.

use std::net::TcpStream;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::program::free_port;

/// A running mail server with one mailbox, `intake`.
pub struct Dovecot {
    child: Child,
    folder: tempfile::TempDir,
    /// Encrypted from the first byte.
    pub tls: u16,
    /// Clear text, or encrypted after `STARTTLS`.
    pub plain: u16,
}

/// The password of the mailbox.
pub const PASSWORD: &str = "a-mailbox-pass-phrase";

impl Dovecot {
    /// Starts one.
    pub async fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755))?;
        let (tls, plain) = (free_port()?, free_port()?);
        certificate(folder.path())?;
        let config = config(folder.path(), tls, plain)?;
        let child =
            Command::new("/usr/sbin/dovecot").arg("-F").arg("-c").arg(config).stderr(Stdio::null()).spawn();
        let this = Self { child: child.context("install dovecot-imapd")?, folder, tls, plain };
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", tls)).is_ok()
                && TcpStream::connect(("127.0.0.1", plain)).is_ok()
            {
                return Ok(this);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        anyhow::bail!("it did not start: {}", std::fs::read_to_string(this.folder.path().join("log"))?)
    }

    /// The certificate to trust.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    /// Lays a message into the mailbox, as a delivery does.
    pub fn deliver(&self, name: &str, message: &str) -> Result<()> {
        let mail = self.folder.path().join("mail");
        let (made, new) = (mail.join("tmp").join(name), mail.join("new").join(name));
        std::fs::write(&made, message)?;
        let owner = std::fs::metadata(&mail)?;
        std::os::unix::fs::chown(&made, Some(owner.uid()), Some(owner.gid()))?;
        Ok(std::fs::rename(made, new)?)
    }

    /// The flags of every message in a folder of the mailbox, like `S` for one that was read; sorted.
    pub fn flags(&self, folder: &str) -> Result<Vec<String>> {
        let mail = self.folder.path().join("mail");
        let mail = if folder.is_empty() { mail } else { mail.join(format!(".{folder}")) };
        let mut flags = Vec::new();
        // A folder is made with the first message that is moved there.
        let Ok(files) = std::fs::read_dir(mail.join("cur")) else { return Ok(flags) };
        for file in files {
            let name = file?.file_name().to_string_lossy().into_owned();
            flags.push(name.rsplit_once(":2,").map_or_else(String::new, |(_, flags)| flags.to_owned()));
        }
        flags.sort();
        Ok(flags)
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

fn certificate(folder: &Path) -> Result<()> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()])?;
    std::fs::write(folder.join("cert.pem"), made.cert.pem())?;
    Ok(std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem())?)
}

fn said_by(words: &[&str]) -> Result<String> {
    let (program, rest) = words.split_first().context("a program")?;
    let output = Command::new(program).args(rest).output()?;
    ensure!(output.status.success(), "{words:?}");
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// Run by root it works as the users its package made; run by anyone else as that one.
fn config(folder: &Path, tls: u16, plain: u16) -> Result<PathBuf> {
    let me = said_by(&["id", "-un"])?;
    let (user, login, owner) =
        if me == "root" { ("dovecot", "dovenull", "mail") } else { (me.as_str(), me.as_str(), me.as_str()) };
    let (uid, gid) = (said_by(&["id", "-u", owner])?, said_by(&["id", "-g", owner])?);
    let at = folder.display();
    for part in ["mail/cur", "mail/new", "mail/tmp"] {
        std::fs::create_dir_all(folder.join(part))?;
    }
    if me == "root" {
        said_by(&["chown", "-R", &format!("{uid}:{gid}"), &format!("{at}/mail")])?;
    }
    let text = format!(
        "base_dir = {at}/run\nstate_dir = {at}/state\nlog_path = {at}/log\nprotocols = imap\nlisten = 127.0.0.1\n\
         default_internal_user = {user}\ndefault_login_user = {login}\ndefault_internal_group = {group}\n\
         first_valid_uid = 1\nfirst_valid_gid = 1\nmail_location = maildir:{at}/mail\nmail_uid = {uid}\nmail_gid = {gid}\n\
         ssl = yes\nssl_cert = <{at}/cert.pem\nssl_key = <{at}/key.pem\ndisable_plaintext_auth = no\n\
         passdb {{\n driver = static\n args = password={PASSWORD}\n}}\n\
         userdb {{\n driver = static\n args = uid={uid} gid={gid} home={at}/mail\n}}\n\
         namespace inbox {{\n inbox = yes\n mailbox Kept {{\n  auto = create\n }}\n}}\n\
         service imap-login {{\n chroot =\n inet_listener imap {{\n  port = {plain}\n }}\n \
         inet_listener imaps {{\n  port = {tls}\n  ssl = yes\n }}\n}}\nservice anvil {{\n chroot =\n}}\n\
         service stats {{\n chroot =\n}}\n",
        group = said_by(&["id", "-gn", user])?,
    );
    let file = folder.join("dovecot.conf");
    std::fs::write(&file, text)?;
    Ok(file)
}

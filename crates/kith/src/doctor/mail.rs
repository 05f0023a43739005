//! The way out for letters and the mailbox people write to: knocked at, signed in, and nothing sent or taken.

use foundation::center::Center;
use mail::delivery::Post;

use super::Findings;
use crate::settings::Settings;

pub(super) async fn look(settings: &Settings, center: Option<&Center>, found: &mut Findings) {
    match settings.post() {
        Err(e) => found.wrong("mail server", format!("{e:#}")),
        Ok(Post::Smtp(smtp)) => match smtp.knock().await {
            Ok(name) => found.right("mail server", format!("{name} lets us in.")),
            Err(why) => found.wrong("mail server", format!("No letter leaves: {}.", why.words())),
        },
        Ok(_) => found.look("mail server", "None is set: letters wait. Set `[smtp] host`."),
    }
    if let Some(center) = center
        && !settings.smtp.host.is_empty()
        && let Some(why) = mail::kept_by_setting(center, &settings.links())
    {
        found.wrong("letters", why);
    }
    match settings.mailbox() {
        Err(e) => found.wrong("mailbox", format!("{e:#}")),
        Ok(None) => {}
        Ok(Some(mailbox)) => match mailbox.knock().await {
            Ok(()) => found.right("mailbox", format!("{} lets us in.", mailbox.name())),
            Err(fault) => found.wrong("mailbox", format!("Nobody reads what people write: {fault}")),
        },
    }
}

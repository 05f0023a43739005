//! Writes the design page with its assets into a folder, to be looked at without a server:
//! `cargo run -p web --example design -- FOLDER [light|dark]`, then open FOLDER/design.html.

use std::any::Any;
use std::collections::HashMap;
use std::io;
use std::path::Path;

use askama::Template;
use web::look::{DesignPage, Place, RailCounts, StaffLayout, Toast, rail};

fn main() -> io::Result<()> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().ok_or_else(|| io::Error::other("say into which folder"))?;
    let theme = args.next();
    let values: HashMap<&str, Box<dyn Any>> =
        HashMap::from([(web::filters::FORM_TOKEN, Box::new(String::new()) as Box<dyn Any>)]);
    let content = DesignPage::new().render_with_values(&values).map_err(io::Error::other)?;
    let page = StaffLayout {
        title: "The design language".into(),
        content,
        place: Place::Admin,
        name: "Ana Ruiz".into(),
        initials: "AR".into(),
        roles: "Intake".into(),
        rail: rail(|_| true),
        may_call: true,
        theme,
        demo: true,
        ends_in: 900,
        opened: Vec::new(),
        toast: None,
    }
    .counting(RailCounts { my_day: Some(4), inbox: Some(14), benefits: None, alumni: None, mail: None })
    .saying(Some(Toast {
        sentence: "Closed: A. Park, asked for information only.".into(),
        undo: Some(("Undo".into(), "/admin/design".into())),
    }));
    let html = page.render_with_values(&values).map_err(io::Error::other)?;
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder.join("assets"))?;
    for (url, bytes) in web::assets::carried() {
        // Assets name each other from the root; a folder has no root, so they are named as neighbours.
        let text = String::from_utf8(bytes.to_vec()).map(|t| t.replace("/assets/", "./").into_bytes());
        std::fs::write(folder.join(url.trim_start_matches('/')), text.unwrap_or_else(|_| bytes.to_vec()))?;
    }
    std::fs::write(folder.join("design.html"), html.replace("\"/assets/", "\"assets/"))
}

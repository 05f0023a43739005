//! Operations into a file: fonts embedded, tags, bookmarks and metadata added, every name and number the same each time.

use crate::document::Document;
use crate::error::TypesetError;
use crate::measures::{PAGE_HEIGHT, PAGE_WIDTH};
use crate::paint::Printed;
use crate::program::{font, font_id};
use crate::{outline, tags};
use lopdf::{Dictionary, Object, ObjectId, Stream, StringFormat, dictionary, text_string};
use printpdf::{Mm, PdfDocument, PdfPage, PdfParseErrorSeverity, PdfSaveOptions, Pt};
use sha2::{Digest as _, Sha256};

impl Printed {
    /// The file.
    ///
    /// # Errors
    /// [`TypesetError::Writing`] when printpdf dropped something it was given, or lopdf could not write.
    pub fn finish(self, document: &Document) -> Result<Vec<u8>, TypesetError> {
        let Self { pages, structure, bookmarks, used } = self;
        let mut pdf = PdfDocument::new(&document.title);
        for (face, glyphs) in &used {
            pdf.resources.fonts.map.insert(font_id(*face), font(*face, glyphs)?);
        }
        let (width, height) = (Mm::from(Pt(PAGE_WIDTH)), Mm::from(Pt(PAGE_HEIGHT)));
        pdf.pages = pages.into_iter().map(|ops| PdfPage::new(width, height, ops)).collect();
        // The faces are cut down already; printpdf would only cut with a feature that draws in a layout engine.
        let options = PdfSaveOptions { subset_fonts: false, ..PdfSaveOptions::default() };
        let mut warnings = Vec::new();
        let mut file = pdf.to_lopdf_document(&options, &mut warnings);
        if let Some(dropped) = warnings.iter().find(|w| w.severity != PdfParseErrorSeverity::Info) {
            return Err(TypesetError::Writing(dropped.msg.clone()));
        }
        let page_ids: Vec<ObjectId> = file.get_pages().into_values().collect();
        for (at, id) in page_ids.iter().enumerate() {
            let page = file.get_dictionary_mut(*id).map_err(writing)?;
            page.set("StructParents", whole(at));
            page.set("Tabs", Object::Name(b"S".to_vec()));
            page.remove(b"Annots");
        }
        let tree = tags::write(&mut file, &structure, &page_ids);
        let bookmarks = outline::write(&mut file, &bookmarks, &page_ids);
        let metadata = file.add_object(xmp(document));
        let catalog = file.catalog_mut().map_err(writing)?;
        catalog.set("Lang", text_string(&document.language));
        catalog.set("MarkInfo", dictionary! { "Marked" => true });
        catalog.set("StructTreeRoot", tree);
        catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });
        catalog.set("Metadata", metadata);
        if let Some(bookmarks) = bookmarks {
            catalog.set("Outlines", bookmarks);
            catalog.set("PageMode", Object::Name(b"UseOutlines".to_vec()));
        }
        let info = file.add_object(info(document));
        file.trailer.set("Info", info);
        file.version = "1.7".into();
        file.prune_objects();
        file.renumber_objects();
        file.compress();
        written(file)
    }
}

/// Saves with an identifier made from what the file says, so that the same document gives the same bytes.
fn written(mut file: lopdf::Document) -> Result<Vec<u8>, TypesetError> {
    file.trailer.remove(b"ID");
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).map_err(|e| TypesetError::Writing(e.to_string()))?;
    let hash: Vec<u8> = Sha256::digest(&bytes).iter().take(16).copied().collect();
    let id = Object::String(hash, StringFormat::Hexadecimal);
    file.trailer.set("ID", vec![id.clone(), id]);
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).map_err(|e| TypesetError::Writing(e.to_string()))?;
    Ok(bytes)
}

/// Title and day; nothing of who made it unless the caller said so.
fn info(document: &Document) -> Dictionary {
    let day = Object::string_literal(document.made_on.format("D:%Y%m%d000000Z").to_string());
    let mut info = dictionary! {
        "Title" => text_string(&document.title),
        "CreationDate" => day.clone(),
        "ModDate" => day,
    };
    if let Some(author) = &document.author {
        info.set("Author", text_string(author));
    }
    info
}

/// The same for readers of XMP (ISO 16684-1).
fn xmp(document: &Document) -> Stream {
    let title = escaped(&document.title);
    let language = escaped(&document.language);
    let day = document.made_on.format("%Y-%m-%d");
    let author = document.author.as_ref().map_or(String::new(), |author| {
        format!("<dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator>", escaped(author))
    });
    let text = format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">\
         <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\
         <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>{author}\
         <xmp:CreateDate>{day}</xmp:CreateDate></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"r\"?>"
    );
    let kind = dictionary! { "Type" => "Metadata", "Subtype" => "XML" };
    // Readers look for it without unpacking.
    Stream::new(kind, text.into_bytes()).with_compression(false)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A count as the file writes it.
pub fn whole(n: usize) -> Object {
    Object::Integer(i64::try_from(n).unwrap_or(i64::MAX))
}

#[expect(clippy::needless_pass_by_value, reason = "handed over by map_err")]
fn writing(error: lopdf::Error) -> TypesetError {
    TypesetError::Writing(error.to_string())
}

//! What can be wrong with a document, said to the programmer who built it.

/// Why a document could not be set.
#[derive(Debug, thiserror::Error)]
pub enum TypesetError {
    /// An embedded face cannot be read. The build is broken, not the document.
    #[error("the embedded face {0} cannot be read")]
    Face(&'static str),
    /// A table needs at least one column, and each share must be a positive number.
    #[error("a table needs columns, each with a positive share of the width")]
    Columns,
    /// A row has more cells than its table has columns; printing it would drop words.
    #[error("row {row} of a table has {cells} cells for {columns} columns")]
    Row {
        /// Counted from 1, without the header.
        row: usize,
        /// Cells given.
        cells: usize,
        /// Columns of the table.
        columns: usize,
    },
    /// A drawing needs a viewport with a positive size.
    #[error("a drawing needs a viewport with a positive width and height")]
    Viewport,
    /// The writing library produced something unexpected.
    #[error("the PDF could not be written: {0}")]
    Writing(String),
}

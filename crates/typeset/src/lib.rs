//! PDF typesetting on printpdf. Knows pages, not people

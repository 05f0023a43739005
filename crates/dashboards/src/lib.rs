//! Measures: each a definition, a query and the rows behind it

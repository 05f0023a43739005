//! Everything HTTP: routes, forms, sessions, pages, live updates, assets

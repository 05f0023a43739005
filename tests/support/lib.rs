//! A house with people in it.

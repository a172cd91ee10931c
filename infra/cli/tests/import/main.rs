//! `baton import` as it is typed, against a Baton that answers.

mod house;
mod list;
mod trouble;

//! The ways to trade. Each is one folder that looks like its neighbours: `announcement`/`command` what can be asked,
//! `rules` the checks, `state` what is remembered, `tests`.

pub mod auction;

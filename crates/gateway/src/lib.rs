//! gateway
pub mod live;

//! The clients: a process of its own that asks over TCP as cheaply as it can, since it shares the cores with what it
//! measures. It builds its requests by hand and reads of an answer only what it needs.

pub mod feed;
pub mod http;
pub mod load;

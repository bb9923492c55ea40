//! Tests of the live side, against a real exchange and with real sockets.

mod law;
mod sockets;
mod stills;
mod venue;

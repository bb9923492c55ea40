//! How the configuration is written as TOML.

use std::net::SocketAddr;
use std::path::PathBuf;

use gateway::Network;

use super::length::Length;
use super::settings::{LogFormat, LogLevel, Security, SourceName};

/// A value in the file; one that is not set is written behind `#? `, as an example.
pub trait Printed {
    /// Appends `key = value`.
    fn print(&self, key: &str, out: &mut String);
}

fn line(out: &mut String, key: &str, value: &str) {
    out.push_str(&format!("{key} = {value}\n"));
}

fn text(value: &str) -> String {
    toml::Value::String(value.to_owned()).to_string()
}

macro_rules! printed {
    ($($type:ty: |$value:ident| $write:expr;)*) => {
        $(impl Printed for $type {
            fn print(&self, key: &str, out: &mut String) {
                let $value = self;
                line(out, key, &$write);
            }
        })*
    };
}

printed! {
    u64: |value| value.to_string();
    u32: |value| value.to_string();
    usize: |value| value.to_string();
    String: |value| text(value);
    PathBuf: |value| text(&value.to_string_lossy());
    SocketAddr: |value| text(&value.to_string());
    Length: |value| text(&value.to_string());
    Security: |value| text(value.word());
    LogFormat: |value| text(value.word());
    LogLevel: |value| text(&value.0);
    Vec<String>: |value| toml::Value::from(value.clone()).to_string();
    Vec<SourceName>: |value| {
        toml::Value::from(value.iter().map(|source| source.0.to_string()).collect::<Vec<_>>()).to_string()
    };
    Vec<Network>: |value| toml::Value::from(value.iter().map(Network::to_string).collect::<Vec<_>>()).to_string();
}

impl Printed for Option<String> {
    fn print(&self, key: &str, out: &mut String) {
        match self {
            Some(value) => line(out, key, &text(value)),
            None => line(out, &format!("#? {key}"), &text(example(key))),
        }
    }
}

/// What a text that is not set may look like.
fn example(key: &str) -> &'static str {
    match key {
        "url" => "https://bayan.example",
        "push_contact" => "mailto:operations@bayan.example",
        "smtp_server" => "smtp.bayan.example:587",
        "smtp_user" | "smtp_from" => "notices@bayan.example",
        "sms_url" => "https://sms.bayan.example/send",
        _ => "",
    }
}

impl Printed for Option<PathBuf> {
    fn print(&self, key: &str, out: &mut String) {
        match self {
            Some(value) => value.print(key, out),
            None => line(out, &format!("#? {key}"), &text(&format!("/etc/bayan/{key}"))),
        }
    }
}

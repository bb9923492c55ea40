//! Keys of a TOML table, each with the line where it stands: known ones, needed ones, and of the right type.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::text::line_at;
use super::wrong::{Wrong, quoted};

/// A parsed file, to say lines with.
#[derive(Clone, Copy)]
pub struct Source<'t> {
    /// Its name within the folder.
    pub file: &'static str,
    /// Its text.
    pub text: &'t str,
}

impl Source<'_> {
    /// Something wrong at a place in the text.
    pub fn wrong(&self, at: usize, what: impl Into<String>) -> Wrong {
        Wrong::new(self.file, line_at(self.text.as_bytes(), at), what)
    }
}

/// A table of the file.
pub struct Keys<'t> {
    source: Source<'t>,
    table: &'t DeTable<'t>,
    /// How a message calls the table: empty for the top, `[bidding]`, `[[lots]]`.
    name: &'static str,
    at: usize,
}

/// A value with its key and place.
pub struct Value<'t> {
    source: Source<'t>,
    key: String,
    value: &'t DeValue<'t>,
    at: usize,
}

impl<'t> Keys<'t> {
    /// The table, of which all keys are known.
    ///
    /// # Errors
    /// A key is unknown or misspelt.
    pub fn new(source: Source<'t>, table: &'t Spanned<DeTable<'t>>, known: &[&str]) -> Result<Self, Wrong> {
        Keys::of(source, "", table.span().start, table.get_ref(), known)
    }

    fn of(
        source: Source<'t>,
        name: &'static str,
        at: usize,
        table: &'t DeTable<'t>,
        known: &[&str],
    ) -> Result<Self, Wrong> {
        let keys = Keys { source, table, name, at };
        let stranger =
            table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())).min_by_key(|key| key.span().start);
        match stranger {
            None => Ok(keys),
            Some(key) => Err(source.wrong(
                key.span().start,
                format!(
                    "key {}{} is unknown; expected one of {}",
                    keys.place(),
                    quoted(key.get_ref()),
                    known.join(", ")
                ),
            )),
        }
    }

    fn place(&self) -> String {
        if self.name.is_empty() { String::new() } else { format!("{} ", self.name) }
    }

    /// A key that may be left out.
    pub fn optional(&self, key: &str) -> Option<Value<'t>> {
        self.table.iter().find(|(name, _)| name.get_ref() == key).map(|(name, value)| Value {
            source: self.source,
            key: format!("{}{key}", self.place()),
            value: value.get_ref(),
            at: name.span().start,
        })
    }

    /// A key that must be there; `expected` says what its value would be.
    ///
    /// # Errors
    /// It is missing.
    pub fn needed(&self, key: &str, expected: &str) -> Result<Value<'t>, Wrong> {
        self.optional(key).ok_or_else(|| {
            self.source.wrong(self.at, format!("key {}{key} is missing; expected {expected}", self.place()))
        })
    }
}

impl<'t> Value<'t> {
    /// Something wrong with this value.
    pub fn wrong(&self, what: impl Into<String>) -> Wrong {
        self.source.wrong(self.at, what)
    }

    fn not_a(&self, expected: &str) -> Wrong {
        self.wrong(format!("{} is {}; expected {expected}", self.key, article(self.value)))
    }

    /// Text.
    ///
    /// # Errors
    /// It is of another type.
    pub fn text(&self) -> Result<&'t str, Wrong> {
        self.value.as_str().ok_or_else(|| self.not_a("a string in quotes"))
    }

    /// Text that means something: `read` says what, or completes the sentence `key "…" …`.
    ///
    /// # Errors
    /// It is of another type, or means nothing.
    pub fn read<T, E: core::fmt::Display>(&self, read: impl FnOnce(&str) -> Result<T, E>) -> Result<T, Wrong> {
        let text = self.text()?;
        read(text).map_err(|error| self.wrong(format!("{} {} {error}", self.key, quoted(text))))
    }

    /// One of a few words.
    ///
    /// # Errors
    /// It is of another type, or another word.
    pub fn word<T: Copy>(&self, words: &[(&str, T)]) -> Result<T, Wrong> {
        let expected = || words.iter().map(|(word, _)| format!("{word:?}")).collect::<Vec<_>>().join(" or ");
        self.read(|text| {
            let known = words.iter().find(|(word, _)| *word == text);
            known.map(|(_, meaning)| *meaning).ok_or_else(|| format!("is unknown; expected {}", expected()))
        })
    }

    /// Yes or no.
    ///
    /// # Errors
    /// It is of another type.
    pub fn boolean(&self) -> Result<bool, Wrong> {
        self.value.as_bool().ok_or_else(|| self.not_a("true or false, without quotes"))
    }

    /// A table, of which all keys are known.
    ///
    /// # Errors
    /// It is of another type, or has an unknown key.
    pub fn keys(&self, name: &'static str, known: &[&str]) -> Result<Keys<'t>, Wrong> {
        let table = self.value.as_table().ok_or_else(|| self.not_a(&format!("the table {name}")))?;
        Keys::of(self.source, name, self.at, table, known)
    }

    /// The items of an array, each with its place.
    ///
    /// # Errors
    /// It is of another type.
    pub fn items(&self, expected: &str) -> Result<Vec<Value<'t>>, Wrong> {
        let array = self.value.as_array().ok_or_else(|| self.not_a(expected))?;
        Ok(array
            .iter()
            .map(|item| Value {
                source: self.source,
                key: self.key.clone(),
                value: item.get_ref(),
                at: item.span().start,
            })
            .collect())
    }
}

fn article(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a float",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a TOML time",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    }
}

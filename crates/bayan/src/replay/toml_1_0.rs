//! What TOML 1.1 allows and TOML 1.0 does not. Announcements are TOML 1.0, so that every reader of the format takes them; the
//! library that reads them takes both.

/// Where such a thing stands in a text that is TOML 1.1, and what it is.
pub fn newer(text: &str) -> Option<(usize, &'static str)> {
    const LINE: &str = "a line that ends within an inline table";
    let bytes = text.as_bytes();
    let (mut at, mut open) = (0, Vec::new());
    // The last byte that is neither space nor comment.
    let mut last = b'\n';
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'#' => {
                at += text[at..].find('\n').unwrap_or(text.len() - at);
                continue;
            }
            b'"' | b'\'' => match string(text, at) {
                Ok(end) => {
                    (at, last) = (end, byte);
                    continue;
                }
                Err(escape) => return Some((escape, "an escape that TOML 1.0 does not have")),
            },
            b'{' | b'[' => open.push(byte),
            b'}' if last == b',' => return Some((at, "a comma behind the last key of an inline table")),
            b'}' | b']' => drop(open.pop()),
            b'\n' if open.last() == Some(&b'{') => return Some((at, LINE)),
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            last = byte;
        }
        at += 1;
    }
    None
}

/// Where the string ends that begins here; else where it has an escape of TOML 1.1.
fn string(text: &str, begin: usize) -> Result<usize, usize> {
    let quote = &text[begin..=begin];
    let triple = quote.repeat(3);
    let fence = if text[begin..].starts_with(&triple) { triple.as_str() } else { quote };
    let mut at = begin + fence.len();
    while let Some(letter) = text[at..].chars().next() {
        if text[at..].starts_with(fence) {
            at += fence.len();
            // Up to two quotes may stand before the closing three.
            while fence.len() == 3 && text[at..].starts_with(quote) {
                at += 1;
            }
            return Ok(at);
        }
        if letter == '\\' && quote == "\"" {
            match text[at + 1..].chars().next() {
                Some('e' | 'x') => return Err(at),
                Some(escaped) => at += escaped.len_utf8(),
                None => {}
            }
        }
        at += letter.len_utf8();
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects what an announcement is written in: what only TOML 1.1 has is found where it stands, and nothing of TOML 1.0 is
    /// taken for it.
    #[test]
    fn finds_what_only_toml_1_1_has() {
        for (text, expected) in [
            ("a = { b = 1, c = \"}\" } # { ,\nd = [\n 1,\n]", None),
            ("a = \"\"\"\n{ x\\\\ \"\"\"\"\nb = '\\e'\nc = '''\\x'''", None),
            ("a = \"\\\\e \\\" \\u0041\"", None),
            ("a = [{ b = 1 },\n { b = 2 }, ]", None),
            ("a = { b = [\n1,\n] }", None),
            ("a = { b = 1,\n c = 2 }", Some(12)),
            ("a = { b = 1, }", Some(13)),
            ("a = { # why\n b = 1 }", Some(11)),
            ("a = \"\\e[0m\"", Some(5)),
            ("a = \"\\x41\"", Some(5)),
            ("\"\\x61\" = 1", Some(1)),
        ] {
            text.parse::<toml::Table>().unwrap();
            assert_eq!(newer(text).map(|(at, _)| at), expected, "{text}");
        }
    }
}

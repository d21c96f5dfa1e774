//! The shell of every HTML page: one file that needs no network, with its style, its scripts and its data.
//!
//! A page is a minijinja template of its own (every value of the context is escaped) inside of `page.html`,
//! with `page.css` and `page.js` before its own style and script. The data of the script is embedded as JSON,
//! written as a stream, and read with `JSON.parse(document.getElementById("data").textContent)`.
//!
//! The Content-Security-Policy allows nothing but the scripts and the style of this very page, identified by
//! their SHA-256: a value that evaded the escaping would still be dead text.

use crate::error::{Error, Result};
use base64::Engine;
use minijinja::{AutoEscape, Environment, Value, context};
use sha2::{Digest, Sha256};
use std::io::{self, Write};

const SHELL: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// The place in the shell where the data is written.
const DATA: &str = "<!-- data -->";

/// The parts of a page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page<'a> {
    /// Title of the window.
    pub title: &'a str,
    /// Template of the body.
    pub body: &'a str,
    /// Style beside the shared one.
    pub style: &'a str,
    /// Script beside the shared one; it must not hold `</script`.
    pub script: &'a str,
}

impl Page<'_> {
    /// Writes the page: `context` fills the body's template, `data` writes the JSON that the script reads.
    pub fn write<W: Write>(
        &self,
        mut out: W,
        context: Value,
        data: impl FnOnce(&mut dyn Write) -> Result<()>,
    ) -> Result<W> {
        let mut templates = Environment::new();
        templates.set_auto_escape_callback(|_| AutoEscape::Html);
        let fail = |e: minijinja::Error| Error::internal(format!("the page's template: {e:#}"));
        let body = templates.render_str(self.body, context).map_err(fail)?;
        let style = [STYLE, self.style].concat();
        let scripts = [SCRIPT, self.script];
        let shell = context! {
            title => self.title.to_string(),
            program => env!("CARGO_PKG_VERSION"),
            policy => policy(&style, &scripts),
            style => style,
            scripts => scripts.map(String::from),
            body => body,
        };
        let (head, tail) = SHELL.split_once(DATA).expect("the shell has a place for data");
        let render = |part: &str| templates.render_str(part, &shell).map_err(fail);
        out.write_all(render(head)?.as_bytes())?;
        data(&mut ScriptText(&mut out))?;
        out.write_all(render(tail)?.as_bytes())?;
        Ok(out)
    }
}

/// The Content-Security-Policy: the page's own scripts and style, identified by their hashes, and nothing
/// else.
fn policy(style: &str, scripts: &[&str]) -> String {
    let hash = |text: &str| {
        format!("'sha256-{}'", base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text)))
    };
    let scripts: Vec<String> = scripts.iter().map(|s| hash(s)).collect();
    format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        hash(style),
        scripts.join(" ")
    )
}

/// Escapes JSON for a script element: `<`, `>` and `&` stand only inside of JSON's strings, where `\u003c`
/// means the same, so that no text can end the element or open a comment in it.
struct ScriptText<'w, W: Write>(&'w mut W);

impl<W: Write> Write for ScriptText<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut from = 0;
        for (i, b) in bytes.iter().enumerate() {
            if matches!(b, b'<' | b'>' | b'&') {
                self.0.write_all(&bytes[from..i])?;
                write!(self.0, "\\u{:04x}", b)?;
                from = i + 1;
            }
        }
        self.0.write_all(&bytes[from..])?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_text() {
        let page = Page { title: "<b>", body: "<p>{{ name }}</p>", style: "", script: "" };
        let hostile = "</script><script>alert(1)</script><!--&";
        let out = page
            .write(Vec::new(), context! { name => hostile }, |out| {
                serde_json::to_writer(out, &[hostile]).map_err(io::Error::from)?;
                Ok(())
            })
            .unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("<title>&lt;b&gt;</title>"));
        assert!(text.contains("<p>&lt;&#x2f;script&gt;&lt;script&gt;alert(1)"), "{text}");
        assert!(text.contains(
            r#"["\u003c/script\u003e\u003cscript\u003ealert(1)\u003c/script\u003e\u003c!--\u0026"]"#
        ));
        assert!(!text.contains("<script>alert") && !text.contains("{{"));
        assert_eq!(text.matches("</script>").count(), 3, "the data and two scripts");
    }
}

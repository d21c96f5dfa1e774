//! Streaming XML: one record of a list at a time as a small tree.
//!
//! A record is bounded (see [`Source`]); what stands between records, a comment or white space, is bounded one by
//! one. Entities beyond the five of XML itself, and document type declarations, are errors: nothing is expanded and
//! nothing outside of the file is read.

use super::source::{MAX_RECORD, Source, io_error};
use crate::error::{Error, Position, Result};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// An element with its text and children.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
}

impl Node {
    /// The children with this name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |c| c.name == name)
    }

    /// The trimmed text of the first child with this name, unless it is empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let named = self.children.iter().filter(|c| c.name == name);
        named.map(|c| c.text.trim()).find(|t| !t.is_empty())
    }

    /// The children `item` of the children `list`.
    pub(super) fn items<'a>(&'a self, list: &'a str, item: &'a str) -> impl Iterator<Item = &'a Node> {
        self.all(list).flat_map(move |l| l.all(item))
    }

    /// The trimmed value of an attribute; empty without it.
    pub(super) fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(k, _)| k == name).map_or("", |(_, v)| v.trim())
    }

    /// The trimmed texts of the `VALUE` children of the children with this name.
    pub(super) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.all(name).flat_map(|c| c.all("VALUE")).map(|v| v.text.trim()).filter(|t| !t.is_empty())
    }
}

/// Deeper nesting than any list has.
const MAX_DEPTH: usize = 32;

/// Walks an XML file. `is_record` says which elements are records; each is given to `record` with the place
/// where it begins (line, byte, number). The root element comes without its children to `root`. Gives the
/// SHA-256 of the file.
pub(super) fn walk(
    mut source: Source<'_>,
    is_record: impl Fn(&str) -> bool,
    mut root: impl FnMut(&Node),
    mut record: impl FnMut(Node, Position) -> Result<()>,
) -> Result<String> {
    source.allow(MAX_RECORD);
    let mut reader = Reader::from_reader(source);
    let mut buffer = Vec::new();
    let mut stack: Vec<Node> = Vec::new();
    let mut open = 0usize;
    let mut begin = Position::default();
    let (mut seen_root, mut records) = (false, 0u64);
    loop {
        if stack.is_empty() {
            reader.get_mut().allow(MAX_RECORD);
        }
        let at = reader.get_ref().position();
        let fail = |what: String| Error::malformed(what).at(at.clone());
        buffer.clear();
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(quick_xml::Error::Io(e)) => return Err(io_error(&e, at)),
            Err(e) => return Err(fail(format!("broken XML: {e}"))),
        };
        if seen_root && open == 0 && matches!(event, Event::Start(_) | Event::Empty(_)) {
            return Err(fail("an element behind the end of the document".into()));
        }
        match event {
            Event::Start(e) => {
                let node = node(&e).map_err(&fail)?;
                open += 1;
                if open > MAX_DEPTH {
                    return Err(fail(format!("elements nested deeper than {MAX_DEPTH}")));
                }
                if !seen_root {
                    root(&node);
                    seen_root = true;
                } else if !stack.is_empty() || is_record(&node.name) {
                    if stack.is_empty() {
                        records += 1;
                        begin = Position { record: Some(records), ..at };
                    }
                    stack.push(node);
                }
            }
            Event::Empty(e) => {
                let node = node(&e).map_err(&fail)?;
                match stack.last_mut() {
                    Some(parent) => parent.children.push(node),
                    None if !seen_root => {
                        root(&node);
                        seen_root = true;
                    }
                    None if is_record(&node.name) => {
                        records += 1;
                        record(node, Position { record: Some(records), ..at })?;
                    }
                    None => {}
                }
            }
            Event::End(_) => {
                open = open.saturating_sub(1);
                if let Some(done) = stack.pop() {
                    match stack.last_mut() {
                        Some(parent) => parent.children.push(done),
                        None => record(done, begin.clone())?,
                    }
                }
            }
            Event::Text(t) => match stack.last_mut() {
                Some(node) => node.text += t.as_ref(),
                None if open == 0 && !t.as_ref().trim().is_empty() => {
                    return Err(fail("text outside of the document's element".into()));
                }
                None => {}
            },
            Event::CData(t) => {
                if let Some(node) = stack.last_mut() {
                    node.text += t.as_ref();
                }
            }
            Event::GeneralRef(r) => {
                let c = resolve(&r).ok_or_else(|| fail("an entity that XML does not define".into()))?;
                if let Some(node) = stack.last_mut() {
                    node.text.push(c);
                }
            }
            Event::DocType(_) => return Err(fail("a document type declaration, which no list has".into())),
            Event::Eof => {
                if open > 0 {
                    return Err(fail("the file ends within an element: it was cut off".into()));
                }
                if !seen_root {
                    return Err(fail("no element".into()));
                }
                return reader.into_inner().sha256();
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

fn node(e: &BytesStart<'_>) -> std::result::Result<Node, String> {
    let name = e.local_name().as_ref().to_string();
    let mut attributes = Vec::new();
    for a in e.attributes() {
        let a = a.map_err(|e| format!("a broken attribute: {e}"))?;
        let value = a.normalized_value(XmlVersion::Implicit1_0).map_err(|e| format!("an attribute: {e}"))?;
        attributes.push((a.key.local_name().as_ref().to_string(), value.into_owned()));
    }
    Ok(Node { name, attributes, ..Node::default() })
}

fn resolve(r: &BytesRef<'_>) -> Option<char> {
    if r.is_char_ref() {
        return r.resolve_char_ref().ok().flatten();
    }
    Some(match r.as_ref() {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

//! Streaming XML: the records of a list, each as a small tree of elements.
//!
//! A record is bounded (see [`ByteSource`]); content between records, such as a comment or white space, is
//! bounded piece by piece. Entities beyond the five predefined ones, and document type declarations, are
//! errors: nothing is expanded, and nothing outside of the file is read.

use super::source::{ByteSource, MAX_RECORD_BYTES, read_error};
use crate::error::{Error, Position, Result};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use rustc_hash::FxHashMap;
use std::cell::Cell;

/// An element with its attributes, text and children. It remembers what was read of it, so that names of
/// elements and attributes that no reader knows are told (see [`XmlFile::unread`]).
#[derive(Clone, Debug, Default)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) text: String,
    attributes: Vec<Attribute>,
    pub(crate) children: Vec<Element>,
    read: Cell<bool>,
}

#[derive(Clone, Debug)]
struct Attribute {
    name: String,
    value: String,
    read: Cell<bool>,
}

impl Element {
    /// The children with this name.
    pub(crate) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |c| c.name == name).inspect(|c| c.mark_read())
    }

    /// The children `item` of the children `list`.
    pub(crate) fn items<'a>(&'a self, list: &'a str, item: &'a str) -> impl Iterator<Item = &'a Element> {
        self.named(list).flat_map(move |l| l.named(item))
    }

    /// The first text, trimmed and not empty, of the children with this name.
    pub(crate) fn text_of(&self, name: &str) -> Option<&str> {
        let named = self.children.iter().filter(|c| c.name == name);
        named.inspect(|c| c.mark_read()).map(|c| c.text.trim()).find(|t| !t.is_empty())
    }

    /// The trimmed value of an attribute; empty if the attribute is missing.
    pub(crate) fn attribute(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|a| a.name == name);
        found.map_or("", |a| {
            a.read.set(true);
            a.value.trim()
        })
    }

    /// Notes that the element was read, for readers that go through the children themselves.
    pub(crate) fn mark_read(&self) {
        self.read.set(true);
    }

    /// Notes that all of the element was read or will be.
    pub(crate) fn mark_all_read(&self) {
        self.mark_read();
        self.attributes.iter().for_each(|a| a.read.set(true));
        self.children.iter().for_each(Element::mark_all_read);
    }
}

/// What is known of an XML file when it has been read.
pub(crate) struct XmlFile {
    /// The SHA-256 of the file.
    pub(crate) sha256: String,
    /// Names of elements ("parent/name") and attributes ("element@name") of records that were never read, with
    /// their counts.
    pub(crate) unread: Vec<(String, u64)>,
}

/// A name of elements or attributes within elements of one name.
#[derive(Default)]
struct NameUse {
    was_read: bool,
    unread: u64,
}

/// Whether elements and attributes were read, by the names of their parents and their own.
#[derive(Default)]
struct NameUses(FxHashMap<String, FxHashMap<String, NameUse>>);

impl NameUses {
    /// Counts what is within an element.
    fn count(&mut self, element: &Element) {
        let uses = entry(&mut self.0, &element.name);
        for a in element.attributes.iter().filter(|a| !a.value.is_empty()) {
            let mut key = String::with_capacity(a.name.len() + 1);
            key.push('@');
            key.push_str(&a.name);
            add(entry(uses, &key), a.read.get());
        }
        for c in &element.children {
            let is_empty = c.text.trim().is_empty() && c.children.is_empty() && c.attributes.is_empty();
            if c.read.get() || !is_empty {
                add(entry(uses, &c.name), c.read.get());
            }
        }
        // What is within an element that was not read is told with it.
        element.children.iter().filter(|c| c.read.get()).for_each(|c| self.count(c));
    }

    /// The names that were never read. That some other element of the name was read means that a reader
    /// knows it and had a reason.
    fn unread(self) -> Vec<(String, u64)> {
        let mut names = Vec::new();
        for (parent, uses) in self.0 {
            for (name, name_use) in uses {
                if !name_use.was_read && name_use.unread > 0 {
                    let separator = if name.starts_with('@') { "" } else { "/" };
                    names.push((format!("{parent}{separator}{name}"), name_use.unread));
                }
            }
        }
        names.sort();
        names
    }
}

fn add(name_use: &mut NameUse, read: bool) {
    name_use.was_read |= read;
    name_use.unread += u64::from(!read);
}

fn entry<'m, V: Default>(map: &'m mut FxHashMap<String, V>, key: &str) -> &'m mut V {
    if !map.contains_key(key) {
        map.insert(key.to_string(), V::default());
    }
    map.get_mut(key).expect("it was put there")
}

/// The deepest nesting of elements. The layouts have at most 10 levels.
const MAX_DEPTH: usize = 32;

/// Reads an XML file. `is_record` decides by the name which elements are records. `on_record` receives each
/// record with its position (line, byte, number), `on_root` the root element without its children. Returns
/// the SHA-256 of the file and what was not read of it.
pub(crate) fn for_each_record(
    mut source: ByteSource<'_>,
    is_record: impl Fn(&str) -> bool,
    mut on_root: impl FnMut(&Element),
    mut on_record: impl FnMut(&Element, Position) -> Result<()>,
) -> Result<XmlFile> {
    source.allow(MAX_RECORD_BYTES);
    let mut reader = Reader::from_reader(source);
    let mut buffer = Vec::new();
    let mut uses = NameUses::default();
    let mut trees = TreeBuilder {
        is_record,
        open: Vec::new(),
        depth: 0,
        root_seen: false,
        begin: Position::default(),
        records: 0,
    };
    loop {
        if trees.is_between_records() {
            reader.get_mut().allow(MAX_RECORD_BYTES);
        }
        let at = reader.get_ref().position();
        buffer.clear();
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(quick_xml::Error::Io(e)) => return Err(read_error(&e, at)),
            Err(e) => return Err(Error::malformed(format!("broken XML: {e}")).at(at)),
        };
        let is_end = matches!(event, Event::Eof);
        match trees.add(event, &at).map_err(|what| Error::malformed(what).at(at))? {
            Some(Completed::Root(root)) => on_root(&root),
            Some(Completed::Record(record, position)) => {
                on_record(&record, position)?;
                uses.count(&record);
            }
            None => {}
        }
        if is_end {
            let sha256 = reader.into_inner().sha256()?;
            return Ok(XmlFile { sha256, unread: uses.unread() });
        }
    }
}

/// An element that an event has completed.
enum Completed {
    /// The root element, which is complete at its start tag.
    Root(Element),
    Record(Element, Position),
}

/// Builds the trees of the records from the events of the parser.
struct TreeBuilder<F> {
    is_record: F,
    /// The open elements of the present record, the record first.
    open: Vec<Element>,
    /// Open elements, those outside of records included.
    depth: usize,
    root_seen: bool,
    /// The position of the present record.
    begin: Position,
    records: u64,
}

/// The result of an event; the error is a phrase for people.
type StepResult<T = Option<Completed>> = std::result::Result<T, String>;

impl<F: Fn(&str) -> bool> TreeBuilder<F> {
    fn is_between_records(&self) -> bool {
        self.open.is_empty()
    }

    fn add(&mut self, event: Event<'_>, at: &Position) -> StepResult {
        match event {
            Event::Start(e) => {
                self.check_within_document()?;
                self.start(parse_element(&e)?, at)
            }
            Event::Empty(e) => {
                self.check_within_document()?;
                Ok(self.empty(parse_element(&e)?, at))
            }
            Event::End(_) => Ok(self.end()),
            Event::Text(text) => self.text(text.as_ref()).map(|()| None),
            Event::CData(text) => {
                self.push_text(text.as_ref());
                Ok(None)
            }
            Event::GeneralRef(reference) => {
                let c = resolve(&reference).ok_or("an entity that XML does not define")?;
                self.push_text(c.encode_utf8(&mut [0; 4]));
                Ok(None)
            }
            Event::DocType(_) => Err("a document type declaration, which no list has".into()),
            Event::Eof if self.depth > 0 => Err("the file ends within an element: it was cut off".into()),
            Event::Eof if !self.root_seen => Err("no element".into()),
            Event::Eof | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => Ok(None),
        }
    }

    fn check_within_document(&self) -> StepResult<()> {
        if self.root_seen && self.depth == 0 {
            return Err("an element behind the end of the document".into());
        }
        Ok(())
    }

    fn start(&mut self, element: Element, at: &Position) -> StepResult {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("elements nested deeper than {MAX_DEPTH}"));
        }
        if !self.root_seen {
            self.root_seen = true;
            return Ok(Some(Completed::Root(element)));
        }
        if self.open.is_empty() && (self.is_record)(&element.name) {
            self.begin = self.next_position(at);
            self.open.push(element);
        } else if !self.open.is_empty() {
            self.open.push(element);
        }
        Ok(None)
    }

    /// An element without content: `<a/>`.
    fn empty(&mut self, element: Element, at: &Position) -> Option<Completed> {
        if let Some(parent) = self.open.last_mut() {
            parent.children.push(element);
        } else if !self.root_seen {
            self.root_seen = true;
            return Some(Completed::Root(element));
        } else if (self.is_record)(&element.name) {
            return Some(Completed::Record(element, self.next_position(at)));
        }
        None
    }

    fn end(&mut self) -> Option<Completed> {
        self.depth = self.depth.saturating_sub(1);
        let element = self.open.pop()?;
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => return Some(Completed::Record(element, self.begin.clone())),
        }
        None
    }

    fn text(&mut self, text: &str) -> StepResult<()> {
        if self.depth == 0 && !text.trim().is_empty() {
            return Err("text outside of the document's element".into());
        }
        self.push_text(text);
        Ok(())
    }

    fn push_text(&mut self, text: &str) {
        if let Some(element) = self.open.last_mut() {
            element.text += text;
        }
    }

    fn next_position(&mut self, at: &Position) -> Position {
        self.records += 1;
        Position { record: Some(self.records), ..at.clone() }
    }
}

fn parse_element(e: &BytesStart<'_>) -> StepResult<Element> {
    let name = e.local_name().as_ref().to_string();
    let mut attributes = Vec::new();
    for a in e.attributes() {
        let a = a.map_err(|e| format!("a broken attribute: {e}"))?;
        let value = a.normalized_value(XmlVersion::Implicit1_0).map_err(|e| format!("an attribute: {e}"))?;
        let name = a.key.local_name().as_ref().to_string();
        attributes.push(Attribute { name, value: value.into_owned(), read: Cell::new(false) });
    }
    Ok(Element { name, attributes, ..Element::default() })
}

/// The character of a numeric reference or of one of the five predefined entities.
pub(super) fn resolve(r: &BytesRef<'_>) -> Option<char> {
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

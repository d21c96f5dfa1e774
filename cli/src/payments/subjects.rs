//! `interdict payments --show-subjects`: a line for each subject of each message.

use super::args::Payments;
use super::inputs::Inputs;
use super::output::{Sink, csv_line};
use crate::args::SpreadsheetSafe;
use crate::{DONE, REJECTED};
use interdict::Result;
use interdict::payment::{Subject, SubjectKind};
use std::borrow::Cow;

const COLUMNS: [&str; 13] = [
    "file",
    "message",
    "role",
    "kind",
    "name",
    "text",
    "country",
    "bic",
    "identifiers",
    "path",
    "span",
    "address",
    "birth",
];

pub fn run(args: &Payments, inputs: &mut Inputs) -> Result<u8> {
    let mut sink = Sink::new(args.output.as_deref().filter(|p| p.as_os_str() != "-"))?;
    let safe = args.spreadsheet_safe == SpreadsheetSafe::Always;
    csv_line(&mut sink, false, COLUMNS.into_iter().map(Cow::Borrowed))?;
    let (mut messages, mut subjects, mut unreadable) = (0_u64, 0_u64, 0_u64);
    let mut is_broken = false;
    while let Some(item) = inputs.next()? {
        let message = &item.message;
        for subject in &message.subjects {
            let cells = cells(subject);
            let place = [inputs.name(item.file).to_string(), message.number.to_string()];
            csv_line(&mut sink, safe, place.into_iter().chain(cells).map(Cow::Owned))?;
            subjects += 1;
        }
        for problem in &message.problems {
            let file = interdict::text::shown(inputs.name(item.file));
            sayln!("unreadable: {file}: message {}, {problem}", message.number);
        }
        is_broken |= !message.problems.is_empty();
        if !message.continues {
            messages += 1;
            unreadable += u64::from(std::mem::take(&mut is_broken));
        }
    }
    sink.finish()?;
    sayln!(
        "files {}; messages read {messages}, readable {}, unreadable {unreadable}; subjects {subjects}",
        inputs.files(),
        messages - unreadable
    );
    Ok(if unreadable > 0 { REJECTED } else { DONE })
}

fn cells(subject: &Subject<'_>) -> Vec<String> {
    let is_text = subject.kind == SubjectKind::Text;
    let join = |texts: &mut dyn Iterator<Item = String>| texts.collect::<Vec<_>>().join("; ");
    let names = std::iter::once(&subject.name).chain(&subject.other_names).filter(|n| !n.is_empty());
    let (names, texts): (Vec<_>, Vec<_>) =
        if is_text { (Vec::new(), names.collect()) } else { (names.collect(), Vec::new()) };
    let texts = texts.into_iter().chain(&subject.other);
    let is_country = subject.kind == SubjectKind::Country;
    let country = subject.countries.iter().chain(is_country.then_some(&subject.name));
    let ids =
        subject.identifiers.iter().map(|id| match id.scheme.is_empty() || *id.scheme == *id.kind.as_str() {
            true => format!("{}:{}", id.kind, id.value),
            false => format!("{}:{} ({})", id.kind, id.value, id.scheme),
        });
    let birth = std::iter::once(&subject.birth_date).chain(&subject.birth_place).filter(|t| !t.is_empty());
    vec![
        subject.role.to_string(),
        subject.kind.as_str().to_string(),
        join(&mut names.iter().map(|n| n.to_string())),
        join(&mut texts.map(|t| t.to_string())),
        join(&mut country.map(|c| c.to_string())),
        subject.bic().unwrap_or_default().to_string(),
        join(&mut ids.into_iter()),
        subject.path.clone(),
        format!("{}-{}", subject.span.start, subject.span.end),
        join(&mut subject.address.iter().map(|part| part.text.to_string())),
        join(&mut birth.map(|t| t.to_string())),
    ]
}

//! `interdict score`.

use crate::args::Score;
use crate::{DONE, REJECTED, sources};
use interdict::entity::Schema;
use interdict::score::PairScorer;
use interdict::{Error, ErrorKind, Result};

pub fn run(args: &Score) -> Result<u8> {
    let (input, _) = sources::input(&args.pairs)?;
    let fail = |e: csv::Error| Error::malformed(e.to_string()).with_path(&args.pairs);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let header = reader.headers().map_err(fail)?.clone();
    if header.is_empty() {
        return Err(Error::new(ErrorKind::Empty).with_path(&args.pairs));
    }
    let column = |name: &str| {
        header.iter().position(|h| h.trim_start_matches('\u{feff}').trim().eq_ignore_ascii_case(name))
    };
    let (Some(a), Some(b)) = (column("name1"), column("name2")) else {
        let header = header.iter().map(str::to_string).collect();
        let wanted = vec!["name1".into(), "name2".into()];
        return Err(Error::new(ErrorKind::MissingColumn { wanted, header }).with_path(&args.pairs));
    };
    let schema = column("schema");
    let mut out = csv::Writer::from_writer(std::io::stdout().lock());
    let write = |e: csv::Error| match e.into_kind() {
        csv::ErrorKind::Io(io) => Error::from(io),
        other => Error::malformed(format!("{other:?}")),
    };
    out.write_record(header.iter().chain(["score"])).map_err(write)?;
    let mut scorer = PairScorer::default();
    let mut record = csv::ByteRecord::new();
    let (mut rows, mut rejected) = (0u64, 0u64);
    while reader.read_byte_record(&mut record).map_err(fail)? {
        rows += 1;
        let text =
            csv::StringRecord::from_byte_record(record.clone()).ok().filter(|r| r.len() == header.len());
        let Some(text) = text else {
            rejected += 1;
            let line = record.position().map_or(0, csv::Position::line);
            eprintln!(
                "rejected: row {rows} (line {line}): another number of fields than the header, or not valid UTF-8"
            );
            continue;
        };
        let schema = schema.and_then(|i| Schema::parse(&text[i])).unwrap_or_default();
        let score = format!("{:.5}", scorer.score(&text[a], &text[b], schema));
        out.write_record(text.iter().chain([score.as_str()])).map_err(write)?;
    }
    out.flush()?;
    eprintln!("pairs read {rows}, scored {}, rejected {rejected}", rows - rejected);
    Ok(if rejected > 0 { REJECTED } else { DONE })
}

//! Tables of any cells, written in any of the forms that are read: every cell comes back as it was, but for white
//! space around it.

use encoding_rs::GB18030;
use interdict::batch::{Batch, ColumnChoice, HitWriter, InputOptions, Outputs, ScreenedHit, ScreenedRow};
use interdict::{Index, Result, Screener, list};
use proptest::prelude::*;
use std::io::Write;
use std::sync::OnceLock;

/// What a table is written as.
#[derive(Clone, Copy, Debug)]
enum Form {
    Csv(u8),
    JsonLines,
}

#[derive(Clone, Copy, Debug)]
enum Encoding {
    Utf8,
    MarkedUtf8,
    Utf16 { big: bool },
    Gb18030,
}

#[derive(Clone, Copy, Debug)]
enum Packing {
    None,
    Gzip,
    Zstd,
}

/// A writer of hits that keeps the row, the name and the carried cells.
#[derive(Default)]
struct Cells(Vec<(u64, String, Vec<String>)>);

impl HitWriter for Cells {
    fn write(&mut self, row: &ScreenedRow<'_>, _hits: &[ScreenedHit]) -> Result<()> {
        let cells = row.extra_columns().map(|(_, cell)| cell.to_string()).collect();
        self.0.push((row.row, row.name.to_string(), cells));
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

fn text(rows: &[(bool, String, String)], form: Form, crlf: bool) -> String {
    let name = |listed: &bool| if *listed { "Lazarus Group" } else { "Jane Roe" };
    match form {
        Form::Csv(delimiter) => {
            let mut writer = csv::WriterBuilder::new()
                .delimiter(delimiter)
                .terminator(if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') })
                .from_writer(Vec::new());
            writer.write_record(["name", "first", "second"]).unwrap();
            for (listed, a, b) in rows {
                writer.write_record([name(listed), a, b]).unwrap();
            }
            String::from_utf8(writer.into_inner().unwrap()).unwrap()
        }
        Form::JsonLines => {
            let line = |(listed, a, b): &(bool, String, String)| {
                serde_json::json!({"name": name(listed), "first": a, "second": b}).to_string()
            };
            rows.iter().map(|row| line(row) + if crlf { "\r\n" } else { "\n" }).collect()
        }
    }
}

fn encoded(text: &str, encoding: Encoding) -> Vec<u8> {
    let units = || std::iter::once(0xfeff).chain(text.encode_utf16());
    match encoding {
        Encoding::Utf8 => text.into(),
        Encoding::MarkedUtf8 => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        Encoding::Utf16 { big: true } => units().flat_map(u16::to_be_bytes).collect(),
        Encoding::Utf16 { big: false } => units().flat_map(u16::to_le_bytes).collect(),
        Encoding::Gb18030 => GB18030.encode(text).0.into_owned(),
    }
}

fn packed(bytes: Vec<u8>, packing: Packing) -> Vec<u8> {
    match packing {
        Packing::None => bytes,
        Packing::Gzip => {
            let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            out.write_all(&bytes).unwrap();
            out.finish().unwrap()
        }
        Packing::Zstd => zstd::encode_all(&bytes[..], 1).unwrap(),
    }
}

fn form() -> impl Strategy<Value = Form> {
    prop_oneof![
        prop::sample::select(vec![b',', b';', b'\t', b'|']).prop_map(Form::Csv),
        Just(Form::JsonLines)
    ]
}

fn encoding() -> impl Strategy<Value = Encoding> {
    prop::sample::select(vec![
        Encoding::Utf8,
        Encoding::MarkedUtf8,
        Encoding::Utf16 { big: true },
        Encoding::Utf16 { big: false },
        Encoding::Gb18030,
    ])
}

// The sign of bytes that could not be decoded is left out: rows with it are rejected on purpose.
proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn every_cell_comes_back(
        rows in prop::collection::vec((any::<bool>(), "[a-z0-9äж中😀 ,;|\t\"'=@\n-]{0,12}", "[\\PC&&[^\u{fffd}]]{0,8}"), 1..12),
        form in form(),
        encoding in encoding(),
        packing in prop::sample::select(vec![Packing::None, Packing::Gzip, Packing::Zstd]),
        crlf in any::<bool>(),
    ) {
        static SCREENER: OnceLock<Screener> = OnceLock::new();
        let screener = SCREENER.get_or_init(|| Screener::new(Index::build(&[list::starter()]).unwrap()));
        let bytes = packed(encoded(&text(&rows, form, crlf), encoding), packing);
        let label = matches!(encoding, Encoding::Gb18030).then_some("gb18030");
        let input = InputOptions::default().encoding(label).unwrap();
        let columns = ColumnChoice::default().carry(["first", "second"]);
        let (mut cells, mut rejected) = (Cells::default(), Vec::new());
        let outputs = Outputs::new(&mut cells, &mut rejected);
        let summary = Batch::new(screener).columns(columns).input(input).threads(1).run(&bytes[..], outputs);
        let summary = summary.unwrap();
        prop_assert_eq!(summary.counts.rows, rows.len() as u64);
        prop_assert_eq!(summary.counts.screened, rows.len() as u64);
        prop_assert!(rejected.is_empty());
        let want = (1..).zip(&rows).filter(|(_, row)| row.0);
        let want: Vec<_> = want
            .map(|(number, (_, a, b))| (number, "Lazarus Group".to_string(), vec![a.trim().to_string(), b.trim().to_string()]))
            .collect();
        prop_assert_eq!(cells.0, want);
    }
}

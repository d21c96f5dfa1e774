//! Any bytes in every packing and encoding that a list may have: an .ods workbook, UTF-16, an XML declaration.
#![no_main]
use interdict::list;
use libfuzzer_sys::fuzz_target;
use std::io::{Cursor, Write};

fuzz_target!(|data: &[u8]| {
    let _ = list::from_bytes("fuzz", data);
    let _ = list::from_bytes("fuzz", &[b"\xff\xfe".as_slice(), data].concat());
    let head = b"<?xml version=\"1.0\" encoding=\"windows-1251\"?><data-set><record>";
    let _ = list::from_bytes("fuzz", &[head.as_slice(), data].concat());
    for (member, frame) in [("content.xml", "<a><table name='s'>"), ("list.csv", "id,name\n")] {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        if member == "content.xml" {
            zip.start_file("mimetype", options).unwrap();
            zip.write_all(b"application/vnd.oasis.opendocument.spreadsheet").unwrap();
        }
        zip.start_file(member, options).unwrap();
        zip.write_all(frame.as_bytes()).unwrap();
        zip.write_all(data).unwrap();
        let _ = list::from_bytes("fuzz", &zip.finish().unwrap().into_inner());
    }
});

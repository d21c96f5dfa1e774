//! The fields that every message of a kind has. One that lacks them has lost a line, and with it perhaps a party.
//!
//! Sources: the message structures that the open readers prowide-core (MT 102, 201, 700, 707, 740, 760; releases 2018 to
//! 2026) and swift-mt-message (the others) publish, and the latter's tables of MT 202 COV, 203 and 204. Where releases
//! differ, only what all of them demand is here.

use super::{Field, Read};

/// The fields of a kind. A field is its number, alone for any option, or with its option.
struct Fields {
    kind: &'static str,
    /// Those that the message has.
    whole: &'static [&'static str],
    /// Those of which it has one.
    either: &'static [&'static str],
    /// The repeated part, if there is one.
    part: Option<Part>,
}

/// A part that a message repeats for each transaction.
struct Part {
    /// The field that it begins with.
    begins: &'static str,
    each: &'static [&'static str],
    either: &'static [&'static str],
    /// The customer who stands either before all parts, or in each of them.
    shared: &'static [&'static str],
}

const fn plain(kind: &'static str, whole: &'static [&'static str]) -> Fields {
    Fields { kind, whole, either: &[], part: None }
}

const fn repeated(
    kind: &'static str,
    whole: &'static [&'static str],
    each: &'static [&'static str],
    shared: &'static [&'static str],
) -> Fields {
    Fields { kind, whole, either: &[], part: Some(Part { begins: "21", each, either: &[], shared }) }
}

const fn of_banks(
    kind: &'static str,
    whole: &'static [&'static str],
    each: &'static [&'static str],
) -> Fields {
    Fields { kind, whole, either: &[], part: Some(Part { begins: "20", each, either: &[], shared: &[] }) }
}

/// By the number of the kind; `n` is any category, and `COV` the variant with a customer's transfer.
const KINDS: [Fields; 39] = [
    repeated("101", &["20", "28D", "30"], &["32B", "59", "71A"], &["50F", "50G", "50H"]),
    repeated("102", &["20", "23", "32A"], &["32B", "59"], &["50"]),
    plain("103", &["20", "23B", "32A", "50", "59", "71A"]),
    repeated("104", &["20", "30"], &["32B", "59"], &["50A", "50K"]),
    repeated("107", &["20", "30", "32B"], &["32B", "59"], &["50A", "50K"]),
    repeated("110", &["20"], &["30", "32", "59"], &[]),
    plain("111", &["20", "21", "30", "32"]),
    plain("112", &["20", "21", "30", "32", "76"]),
    plain("200", &["20", "32A", "57"]),
    of_banks("201", &["19", "30"], &["32B", "57"]),
    plain("202", &["20", "21", "32A", "58"]),
    plain("202COV", &["20", "21", "32A", "58", "50", "59"]),
    of_banks("203", &["19", "30"], &["21", "32B", "58"]),
    plain("204", &["20", "19", "30", "32B", "53"]),
    plain("205", &["20", "21", "32A", "58"]),
    plain("205COV", &["20", "21", "32A", "58", "50", "59"]),
    Fields {
        kind: "210",
        whole: &["20", "30"],
        either: &[],
        part: Some(Part { begins: "21", each: &["32B"], either: &["50", "52"], shared: &[] }),
    },
    plain("700", &["27", "40A", "20", "40E", "31D", "50", "59", "32B", "41"]),
    plain("707", &["20", "21"]),
    plain("740", &["20", "40F", "32B", "41"]),
    plain("760", &["20"]),
    plain("900", &["20", "21", "25", "32A"]),
    Fields { kind: "910", whole: &["20", "21", "25", "32A"], either: &["50", "52"], part: None },
    plain("920", &["20", "12", "25"]),
    plain("935", &["20", "30", "37H"]),
    plain("940", &["20", "25", "28", "60", "62"]),
    plain("941", &["20", "25", "28", "62"]),
    plain("942", &["20", "25", "28", "34F", "13D"]),
    plain("950", &["20", "25", "28", "60", "62"]),
    plain("n90", &["20", "21", "25", "32", "71B"]),
    plain("n91", &["20", "21", "32B", "71B"]),
    plain("n92", &["20", "21", "11S"]),
    plain("n95", &["20", "21", "75"]),
    plain("n96", &["20", "21", "76"]),
    plain("n99", &["20", "79"]),
    // Fields without blocks, whose kind is guessed by those that are there.
    plain("?940", &["25", "62"]),
    plain("?942", &["25"]),
    plain("?103", &["50", "59"]),
    plain("?202", &["58"]),
];

/// Whether messages of a kind repeat a part that begins with field 20.
pub(super) fn repeats_reference(kind: &str) -> bool {
    matches!(kind, "201" | "203" | "204")
}

/// Tells which fields a message lacks. `is_guessed` says that the kind is not stated.
pub(super) fn check(read: &mut Read<'_>, fields: &[Field<'_>], is_guessed: bool) {
    let name = format!("{}{}", if is_guessed { "?" } else { "" }, read.kind);
    let with_variant = format!("{name}{}", if read.variant == "COV" { "COV" } else { "" });
    let of_any = name.get(1..).map(|number| format!("n{number}")).unwrap_or_default();
    let of = |kind: &str| KINDS.iter().find(|k| k.kind == kind);
    let Some(kind) = of(&with_variant).or_else(|| of(&name)).or_else(|| of(&of_any)) else { return };
    let start = (read.message.span.start - read.base) as usize;
    let place = |of: &[Field<'_>]| of.first().map_or(start, |f| (f.start - read.base) as usize);
    let mut lacking = Vec::new();
    lack(fields, kind.whole, kind.either, start, "", &mut lacking);
    if let Some(part) = &kind.part {
        let begins: Vec<usize> = (0..fields.len()).filter(|at| is(&fields[*at], part.begins)).collect();
        if begins.is_empty() {
            lacking.push((start, format!("field {} is missing", part.begins)));
        }
        let before = &fields[..begins.first().copied().unwrap_or(fields.len())];
        let is_before = part.shared.is_empty() || before.iter().any(|f| part.shared.iter().any(|t| is(f, t)));
        for (n, from) in begins.iter().enumerate() {
            let of_part = &fields[*from..begins.get(n + 1).copied().unwrap_or(fields.len())];
            let which = format!(" in transaction {}", n + 1);
            lack(of_part, part.each, part.either, place(of_part), &which, &mut lacking);
            if !is_before {
                lack(of_part, &[], part.shared, place(of_part), &which, &mut lacking);
            }
        }
    }
    let kind = read.kind;
    for (at, what) in lacking {
        read.problem(at, format!("{what}, which every MT{kind} has"));
    }
}

/// Whether a field has this number and, if it is given, this option.
fn is(field: &Field<'_>, wanted: &str) -> bool {
    let (tag, option) = wanted.split_at(2);
    let is_first = tag == "20" || tag == "21";
    field.tag == tag
        && (option.is_empty() && (!is_first || field.option.is_empty()) || field.option == option)
}

/// Notes which of these fields are not there.
fn lack(
    fields: &[Field<'_>],
    all: &[&str],
    either: &[&str],
    at: usize,
    which: &str,
    lacking: &mut Vec<(usize, String)>,
) {
    let has = |wanted: &&&str| fields.iter().any(|f| is(f, wanted));
    lacking.extend(all.iter().filter(|t| !has(t)).map(|t| (at, format!("field {t} is missing{which}"))));
    if !either.is_empty() && !either.iter().any(|t| has(&t)) {
        lacking.push((at, format!("field {} is missing{which}", either.join(" or "))));
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::read;

    /// A message of this kind in blocks, with these fields.
    fn message(kind: &str, variant: &str, fields: &[&str]) -> String {
        let lines: String = fields.iter().map(|f| format!(":{f}\n")).collect();
        let variant = if variant.is_empty() { String::new() } else { format!("{{3:{{119:{variant}}}}}") };
        format!("{{1:F01BRLNDE21AXXX0001000001}}{{2:I{kind}LNDNGB2LXXXXN}}{variant}{{4:\n{lines}-}}")
    }

    fn reasons(text: &str) -> Vec<String> {
        read(text.as_bytes()).into_iter().flat_map(|m| m.problems).map(|p| p.reason).collect()
    }

    /// Every field of these messages is one that they cannot lack.
    #[test]
    fn a_field_that_is_missing_is_told() {
        let messages: [(&str, &str, &[&str]); 9] = [
            (
                "103",
                "",
                &["20:A", "23B:CRED", "32A:260615EUR1,", "50K:JANE ROE", "59:OTTOLINE VEXLEY", "71A:SHA"],
            ),
            ("202", "COV", &["20:A", "21:B", "32A:260615EUR1,", "58A:LNDNGB2L", "50K:JANE ROE", "59:OTTO"]),
            (
                "102",
                "",
                &["20:A", "23:CREDIT", "50K:JANE ROE", "21:B", "32B:EUR1,", "59:OTTO", "32A:260615EUR1,"],
            ),
            ("201", "", &["19:2,", "30:260615", "20:A", "32B:EUR1,", "57A:LNDNGB2L"]),
            ("210", "", &["20:A", "30:260615", "21:B", "32B:EUR1,", "52A:LNDNGB2L"]),
            ("940", "", &["20:A", "25:1", "28C:1/1", "60F:C260101EUR1,", "62F:C260101EUR1,"]),
            ("199", "", &["20:A", "79:PAID BY JANE ROE"]),
            ("795", "", &["20:A", "21:B", "75:WHO IS JANE ROE"]),
            (
                "700",
                "",
                &[
                    "27:1/1",
                    "40A:IRREVOCABLE",
                    "20:A",
                    "40E:UCP LATEST VERSION",
                    "31D:260615LONDON",
                    "50:JANE ROE",
                    "59:OTTOLINE VEXLEY",
                    "32B:EUR1,",
                    "41A:LNDNGB2L",
                ],
            ),
        ];
        for (kind, variant, fields) in messages {
            assert_eq!(reasons(&message(kind, variant, fields)), [""; 0], "MT{kind}");
            for lost in 0..fields.len() {
                let kept: Vec<&str> =
                    fields.iter().enumerate().filter(|(i, _)| *i != lost).map(|(_, f)| *f).collect();
                assert!(
                    !reasons(&message(kind, variant, &kept)).is_empty(),
                    "MT{kind} without {}",
                    fields[lost]
                );
            }
        }
    }

    #[test]
    fn each_transaction_has_its_own_fields() {
        let fields = [
            "20:A",
            "30:260615",
            "21:B",
            "32B:EUR1,",
            "50K:JANE ROE",
            "59:A",
            "21:C",
            "32B:EUR1,",
            "50K:JOHN",
            "59:B",
            "32B:EUR2,",
        ];
        assert_eq!(reasons(&message("107", "", &fields)), [""; 0]);
        let lost: Vec<&str> = fields.iter().filter(|f| **f != "59:A").copied().collect();
        assert_eq!(
            reasons(&message("107", "", &lost)),
            ["field 59 is missing in transaction 1, which every MT107 has"]
        );
        let lost: Vec<&str> = fields.iter().filter(|f| **f != "50K:JOHN").copied().collect();
        assert_eq!(
            reasons(&message("107", "", &lost)),
            ["field 50A or 50K is missing in transaction 2, which every MT107 has"]
        );
    }

    #[test]
    fn several_transfers_between_banks_repeat_their_reference() {
        let fields = [
            "19:3,",
            "30:260615",
            "20:A",
            "21:X",
            "32B:EUR1,",
            "58A:LNDNGB2L",
            "20:B",
            "21:Y",
            "32B:EUR2,",
            "58A:BRLNDE21",
        ];
        let text = message("203", "", &fields);
        let messages = read(text.as_bytes());
        assert_eq!(messages[0].problems, []);
        let creditors = messages[0].subjects.iter().filter(|s| s.role == "creditor").map(|s| s.transaction);
        assert_eq!(creditors.collect::<Vec<_>>(), [1, 2]);
        let ids: Vec<_> =
            messages[0].transactions.iter().map(|t| (&*t.message_id, &*t.end_to_end_id)).collect();
        assert_eq!(ids[1..], [("A", "X"), ("B", "Y")]);
    }
}

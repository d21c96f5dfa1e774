//! Digits written for letters: "s3ch1n", "c0mpany".

/// Replaces digits that stand for letters by those letters and appends the word to `out`, which is cleared
/// first. Returns false if the word has no such digits; `out` is then undefined.
///
/// Digits at the end of a word are mostly a number ("radar 26", "skay17"). A single one is read as a letter
/// if the word has such digits elsewhere, if it is a zero, or if the words are those of a person (`person`),
/// which have no numbers.
pub(crate) fn undo_leet(word: &str, person: bool, out: &mut String) -> bool {
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 || letters == 0 || digits > letters + 1 || letters + digits != word.len() {
        return false;
    }
    let without_head = word.trim_start_matches(|c: char| c.is_ascii_digit());
    if matches!(without_head, "st" | "nd" | "rd" | "th" | "d") {
        return false;
    }
    let tail_at = word.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (head, tail) = (word.len() - without_head.len(), word.len() - tail_at);
    let inner_digits = word[head..tail_at].bytes().any(|b| b.is_ascii_digit());
    let head_is_letter = head == 1 && (letters >= 2 || word.starts_with('0'));
    let tail_is_letters = match tail {
        0 => false,
        1 => inner_digits || head_is_letter || person || word.ends_with('0'),
        _ => person,
    };
    let head_is_number = head > 1 || (head == 1 && !head_is_letter);
    if !person && (head_is_number || !(inner_digits || head_is_letter || tail_is_letters)) {
        return false;
    }
    out.clear();
    for (i, b) in word.bytes().enumerate() {
        let is_number = i >= tail_at && !tail_is_letters;
        out.push(char::from(if is_number { b } else { letter_for(word.as_bytes(), i) }));
    }
    true
}

/// The letter that the digit at `at` stands for; a letter is returned as it is.
fn letter_for(word: &[u8], at: usize) -> u8 {
    let before = at.checked_sub(1).and_then(|at| word.get(at));
    let vowel = |b: Option<&u8>| b.is_some_and(|b| b"aeiou034".contains(b));
    match word[at] {
        b'0' => b'o',
        // Between two vowels, or at the end of a word after one, a 1 is an l.
        b'1' if vowel(before) && (at + 1 == word.len() || vowel(word.get(at + 1))) => b'l',
        b'1' if before.is_none() && vowel(word.get(1)) => b'l',
        b'1' => b'i',
        b'2' => b'z',
        b'3' => b'e',
        b'4' => b'a',
        b'5' => b's',
        b'6' | b'9' => b'g',
        b'7' => b't',
        b'8' => b'b',
        letter => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_for_letters_are_undone() {
        let mut out = String::new();
        for (word, want) in [
            ("s3ch1n", "sechin"),
            ("c0mpany", "company"),
            ("1gor", "igor"),
            ("ig0r", "igor"),
            ("a0", "ao"),
            ("4guirr3", "aguirre"),
            ("ant0nio", "antonio"),
            ("m4nue1", "manuel"),
            ("1opez", "lopez"),
        ] {
            assert!(undo_leet(word, false, &mut out), "{word}");
            assert_eq!(out, want);
        }
        for word in ["radar2633", "18th", "3d", "2024", "skay17", "abc", "star5", "m5", "10"] {
            assert!(!undo_leet(word, false, &mut out), "{word}");
        }
        for (word, want) in [
            ("rosale5", "rosales"),
            ("haj1", "haji"),
            ("manue1", "manuel"),
            ("r1", "ri"),
            ("18rahim", "ibrahim"),
        ] {
            assert!(undo_leet(word, true, &mut out), "{word}");
            assert_eq!(out, want);
        }
    }
}

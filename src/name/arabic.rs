//! Latin readings of words in Arabic script (Arabic, Persian, Urdu, Pashto).
//!
//! Letter by letter: the consonants and the long vowels as written, and an "a" between consonants, where a
//! short vowel is not written. That vowel is often another one, which the consonant skeleton makes up for; it
//! also keeps letters apart that would read as one sound ("t" and "s").

/// Appends the reading of `word` to `out`.
pub(super) fn read(word: &str, out: &mut String) {
    let (mut first, mut consonant) = (true, false);
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        let last = chars.peek().is_none();
        let reading = match c {
            'ا' | 'أ' | 'إ' | 'آ' | 'ٱ' => {
                if first && c == 'إ' {
                    "i"
                } else {
                    "a"
                }
            }
            'ب' => "b",
            'پ' => "p",
            'ت' | 'ط' | 'ټ' | 'ٹ' => "t",
            'ث' => "s",
            'ج' => "j",
            'چ' => "ch",
            'ح' | 'ه' | 'ھ' | 'ہ' => "h",
            'خ' => "kh",
            'د' | 'ډ' | 'ڈ' => "d",
            'ذ' => "z",
            'ر' | 'ړ' | 'ڑ' => "r",
            'ز' | 'ږ' => "z",
            'ژ' => "zh",
            'س' => "s",
            'ش' | 'ښ' => "sh",
            'ص' => "s",
            'ض' => "d",
            'ظ' => "z",
            'ع' => {
                if first {
                    "a"
                } else {
                    ""
                }
            }
            'غ' => "gh",
            'ف' => "f",
            'ق' => "q",
            'ک' | 'ك' | 'ګ' => "k",
            'گ' => "g",
            'ل' => "l",
            'م' => "m",
            'ن' | 'ں' | 'ڼ' => "n",
            'و' | 'ؤ' => {
                if first {
                    "w"
                } else {
                    "u"
                }
            }
            'ی' | 'ي' | 'ې' | 'ۍ' | 'ئ' | 'ے' | 'ێ' => {
                if first {
                    "y"
                } else {
                    "i"
                }
            }
            'ى' => "a",
            'ة' | 'ۃ' => {
                if last {
                    "a"
                } else {
                    "t"
                }
            }
            'ء' => "",
            other => any_ascii::any_ascii_char(other),
        };
        let opens = reading.as_bytes().first().is_some_and(|b| !b"aeiou".contains(b));
        if consonant && opens {
            out.push('a');
        }
        if !reading.is_empty() {
            consonant = opens;
        }
        first = false;
        out.extend(reading.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()));
    }
}

/// Splits the article off a word: الرحمن is al + rahman. Words that are short or whose "al" is part of the
/// name stay whole; joins bring article and word together again where a list writes them as one.
pub(super) fn split_article(word: &str) -> Option<&str> {
    let rest = word.strip_prefix("ال")?;
    (rest.chars().count() >= 3).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings() {
        for (word, reading) in [("محمد", "mahamad"), ("صدام", "sadam"), ("حسين", "hasin"), ("طاهر", "tahar")]
        {
            let mut out = String::new();
            read(word, &mut out);
            assert_eq!(out, reading);
        }
        assert_eq!(split_article("التكريتي"), Some("تكريتي"));
        assert_eq!(split_article("الي"), None);
    }
}

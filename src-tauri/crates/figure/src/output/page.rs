//! PDF: the same page from the same drawing.

/// What svg2pdf lists in an order that differs from run to run.
const LISTS: [&[u8]; 6] = [
    b"/ExtGState <<",
    b"/XObject <<",
    b"/Font <<",
    b"/ColorSpace <<",
    b"/Pattern <<",
    b"/Shading <<",
];

/// Puts the entries of every list of resources in the order of their names. Entries change places and nothing else, so that
/// all offsets stay right.
pub(super) fn in_order(pdf: &[u8]) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = pdf.split_inclusive(|byte| *byte == b'\n').collect();
    let mut from = 0;
    while from < lines.len() {
        let opens = lines.get(from).is_some_and(|line| LISTS.contains(&line.trim_ascii()));
        from += 1;
        if opens {
            let rest = lines.get(from..).unwrap_or_default();
            let entries = rest.iter().take_while(|line| is_entry(line)).count();
            if let Some(list) = lines.get_mut(from..from + entries) {
                list.sort_unstable();
            }
            from += entries;
        }
    }
    lines.concat()
}

/// A name and what it refers to, such as `/gs0 5 0 R`.
fn is_entry(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.starts_with(b"/") && (line.ends_with(b" 0 R") || line.ends_with(b" 0 R]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_a_list_are_sorted_in_their_place() {
        let page = b"<<\n  /ExtGState <<\n    /gs1 5 0 R\n    /gs0 7 0 R\n  >>\n  /b 1 0 R\n  /a 2 0 R\n>>\n".to_vec();
        let sorted = in_order(&page);
        assert_eq!(sorted.len(), page.len());
        let text = String::from_utf8(sorted).unwrap();
        assert_eq!(
            text,
            "<<\n  /ExtGState <<\n    /gs0 7 0 R\n    /gs1 5 0 R\n  >>\n  /b 1 0 R\n  /a 2 0 R\n>>\n"
        );
    }

    #[test]
    fn what_is_no_page_stays_as_it_is() {
        for bytes in [&b""[..], b"/Font <<", b"\x00\xff\n\n/Font <<\n"] {
            assert_eq!(in_order(bytes), bytes);
        }
    }
}

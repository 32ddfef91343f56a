//! Plain text whose paragraphs were folded for the way (RFC 3676).

/// The text with each paragraph on one line again. `drops_blank` says that the blank at the end of a
/// folded line was added for the way and is no part of the text (`DelSp=yes`).
pub(super) fn joined(text: &str, drops_blank: bool) -> String {
    let mut whole = String::with_capacity(text.len());
    // How deep the line before is quoted, if it goes on.
    let mut goes_on: Option<usize> = None;
    for line in text.lines() {
        let content = line.trim_start_matches('>');
        let depth = line.len() - content.len();
        let content = content.strip_prefix(' ').unwrap_or(content);
        let is_signature = content == "-- ";
        if goes_on != Some(depth) || is_signature {
            if !whole.is_empty() {
                whole.push('\n');
            }
            whole.extend(std::iter::repeat_n('>', depth));
            if depth > 0 || content.starts_with('>') {
                whole.push(' ');
            }
        }
        goes_on = (content.ends_with(' ') && !is_signature).then_some(depth);
        let is_cut = goes_on.is_some() && drops_blank;
        whole.push_str(if is_cut { &content[..content.len() - 1] } else { content });
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_paragraphs_become_one_line_and_the_others_stay() {
        let text = "En lang linje \r\nsom går videre \r\nog slutter.\r\n\r\nEn ny.\r\n-- \r\nKari \r\nNordmann\r\n";
        let whole = "En lang linje som går videre og slutter.\n\nEn ny.\n-- \nKari Nordmann";
        assert_eq!(joined(text, false), whole);
    }

    #[test]
    fn quoted_and_own_paragraphs_are_not_mixed() {
        assert_eq!(
            joined("> sitat \n> går videre \nEget svar.\n>> dypere", false),
            "> sitat går videre \nEget svar.\n>> dypere"
        );
    }

    #[test]
    fn an_added_blank_is_dropped_and_a_protected_sign_stays_no_quote() {
        assert_eq!(joined("lang \nkonto", true), "langkonto");
        assert_eq!(joined(" > 20 grader", false), " > 20 grader");
        assert_eq!(joined(" From her", false), "From her");
    }
}

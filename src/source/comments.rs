//! The comments of a YAML text with their places.

use granit_parser::{Event, Parser};

use super::{Span, Spanned};

/// Every comment up to the first syntax error, without its `#`, blanks trimmed; the place holds
/// the `#`. What only looks like a comment, inside a quoted or block scalar, is none.
pub fn comments(text: &str) -> Vec<Spanned<String>> {
    let mut found = Vec::new();
    // The file is read whole anyway, so there is no point in a limit on comments in a row.
    let options = granit_parser::options! { max_buffered_comment_events: usize::MAX };
    for event in Parser::new_from_str_with_options(text, options) {
        match event {
            Ok((Event::Comment(comment, _), span)) => {
                let Some(range) = span.byte_range() else { continue };
                let span = Span::new(range.start, range.end);
                found.push(Spanned::new(comment.trim().to_owned(), span));
            }
            Ok(_) => {}
            Err(_) => break,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_comments_are_comments() {
        let text = "# top\na: b # beside\nc: 'd # quoted'\ne: |\n  # in a block\n  f\n# end\n";
        let found = comments(text);
        let texts: Vec<&str> = found.iter().map(|comment| comment.value.as_str()).collect();
        assert_eq!(texts, ["top", "beside", "end"]);
        assert_eq!(text.get(found[1].span.start..found[1].span.end), Some("# beside"));
    }

    #[test]
    fn comments_have_no_limit() {
        assert_eq!(comments(&"# again\n".repeat(1000)).len(), 1000);
    }
}

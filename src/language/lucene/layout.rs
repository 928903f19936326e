//! Text in the making that knows its column.

/// Columns by which a broken parenthesis is indented.
const INDENT: usize = 2;

/// Writes pieces of text and knows how much of the line is left.
pub(super) struct Layout {
    out: String,
    column: usize,
    width: usize,
}

impl Layout {
    /// An empty text with lines of at most `width` characters, as far as possible.
    pub(super) fn new(width: usize) -> Self {
        Self { out: String::new(), column: 0, width }
    }

    /// The text.
    pub(super) fn finish(self) -> String {
        self.out
    }

    /// Adds to the line.
    pub(super) fn push(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    /// Starts a line, `levels` further in than `indent`, and returns where it starts.
    pub(super) fn line(&mut self, indent: usize, levels: usize) -> usize {
        let indent = indent + levels * INDENT;
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
        indent
    }

    /// Whether what `write` adds fits into the line.
    pub(super) fn fits(&self, write: impl FnOnce(&mut Layout)) -> bool {
        if self.width == usize::MAX {
            return true;
        }
        let mut line = Layout::new(usize::MAX);
        write(&mut line);
        self.column + line.column <= self.width
    }
}

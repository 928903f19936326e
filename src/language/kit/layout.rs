//! Text in the making that knows its column, for queries over several lines.

/// Columns by which what belongs to a line above is indented.
pub(in crate::language) const INDENT: usize = 2;

/// Writes pieces of text and knows how much of the line is left.
#[derive(Debug)]
pub(in crate::language) struct Layout {
    out: String,
    column: usize,
    width: usize,
}

impl Layout {
    /// An empty text with lines of at most `width` characters, as far as possible.
    pub(in crate::language) fn new(width: usize) -> Self {
        Self { out: String::new(), column: 0, width }
    }

    /// The text.
    pub(in crate::language) fn finish(self) -> String {
        self.out
    }

    /// Adds to the line.
    pub(in crate::language) fn push(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    /// Starts a line that begins at a column.
    pub(in crate::language) fn line(&mut self, indent: usize) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
    }

    /// Whether a text fits into the line.
    pub(in crate::language) fn fits(&self, text: &str) -> bool {
        self.column + text.chars().count() <= self.width
    }

    /// Whether what `write` adds fits into the line.
    pub(in crate::language) fn fits_written(&self, write: impl FnOnce(&mut Layout)) -> bool {
        if self.width == usize::MAX {
            return true;
        }
        let mut line = Layout::new(usize::MAX);
        write(&mut line);
        self.column + line.column <= self.width
    }

    /// Writes members one a line, each but the first behind a word.
    pub(in crate::language) fn joined<T>(
        &mut self,
        members: &[T],
        word: &str,
        indent: usize,
        write: impl Fn(&T, &mut Layout),
    ) {
        for (index, member) in members.iter().enumerate() {
            if index > 0 {
                self.line(indent);
                self.push(word);
            }
            write(member, self);
        }
    }
}

//! Text in the making that knows its column, for queries over several lines.

/// Columns by which what belongs to a line above is indented.
pub(in crate::language) const INDENT: usize = 2;

/// Writes pieces of text and knows how much of the line is left.
#[derive(Debug)]
pub(in crate::language) struct Layout {
    out: String,
    column: usize,
    width: usize,
    /// Whether all that is written now stays on the line.
    one_line: bool,
}

impl Layout {
    /// An empty text with lines of at most `width` characters, as far as possible.
    pub(in crate::language) fn new(width: usize) -> Self {
        Self { out: String::new(), column: 0, width, one_line: width == usize::MAX }
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

    /// Adds what `write` writes if it fits into the line, else nothing, and says which. Inside, it
    /// is all one line, so everything is added until it is found that the whole does not fit.
    pub(in crate::language) fn on_line(&mut self, write: impl FnOnce(&mut Layout)) -> bool {
        if self.one_line {
            write(self);
            return true;
        }
        let (length, column) = (self.out.len(), self.column);
        self.one_line = true;
        write(self);
        self.one_line = false;
        let fits = self.column <= self.width;
        if !fits {
            self.out.truncate(length);
            self.column = column;
        }
        fits
    }

    /// Whether the line is longer than it may be, so that what is written to see whether it fits
    /// need not be written to its end.
    pub(in crate::language) fn is_over(&self) -> bool {
        self.one_line && self.column > self.width
    }

    /// Adds to the line what `write` puts behind the text.
    pub(in crate::language) fn write(&mut self, write: impl FnOnce(&mut String)) {
        let length = self.out.len();
        write(&mut self.out);
        self.column += self.out.get(length..).unwrap_or_default().chars().count();
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

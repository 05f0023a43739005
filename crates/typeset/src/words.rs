//! Text as a caller gives it: spans in a voice, and the tones of ink.

/// How a span is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Voice {
    /// As the block says it.
    #[default]
    Plain,
    /// Bold, for what must be seen first.
    Bold,
    /// Italic, for a few words; never for a whole block.
    Italic,
}

/// Ink on white paper. Every tone stays readable when printed in gray; [`Tone::Line`] is for decoration only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Near black, for text.
    #[default]
    Ink,
    /// Second text, contrast 8:1.
    Quiet,
    /// Deep green, contrast 7:1, for lines that should stand out.
    Accent,
    /// Hairlines.
    Line,
    /// Warm light gray behind text.
    Wash,
    /// White, to cover what lies beneath.
    Paper,
}

/// A piece of text in one voice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Span {
    /// What is printed.
    pub text: String,
    /// How.
    pub voice: Voice,
}

/// Text of one paragraph, cell or item. A line feed begins a new line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text(pub Vec<Span>);

impl Text {
    /// This text followed by plain words.
    #[must_use]
    pub fn plain(self, text: impl Into<String>) -> Self {
        self.with(text.into(), Voice::Plain)
    }

    /// This text followed by bold words.
    #[must_use]
    pub fn bold(self, text: impl Into<String>) -> Self {
        self.with(text.into(), Voice::Bold)
    }

    /// This text followed by italic words.
    #[must_use]
    pub fn italic(self, text: impl Into<String>) -> Self {
        self.with(text.into(), Voice::Italic)
    }

    fn with(mut self, text: String, voice: Voice) -> Self {
        self.0.push(Span { text, voice });
        self
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::default().plain(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::default().plain(text)
    }
}

//! Writes a page with every block: `cargo run -p typeset --example specimen -- specimen.pdf [large]`.

use typeset::{
    Anchor, Block, Card, Column, Dash, Document, Drawing, Fact, Fill, Level, Point, Shape, Table, Text, Tone,
    Voice,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().unwrap_or_else(|| "specimen.pdf".into());
    let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 24).ok_or("no such day")?;
    let mut document = Document::new("My plan", "en", day);
    document.large_print = arguments.next().is_some();
    document.footer = Some("My plan, 24 November 2026".into());
    document.blocks = blocks();
    std::fs::write(path, typeset::pdf(&document)?)?;
    Ok(())
}

fn blocks() -> Vec<Block> {
    let h = Block::heading;
    vec![
        h(Level::One, "My plan"),
        Block::Note("For Zoë Nguyễn-Łukaszewicz".into()),
        Block::Boxed(vec![
            h(Level::Two, "If I need help now"),
            Block::Paragraph(
                Text::default()
                    .plain("Call or text ")
                    .bold("988")
                    .plain(", any hour. In danger: ")
                    .bold("911")
                    .plain("."),
            ),
            Block::CheckBox { ticked: false, text: "My naloxone is in the kitchen drawer.".into() },
            Block::CheckBox { ticked: true, text: "Del has a key.".into() },
        ]),
        h(Level::Two, "My reasons"),
        Block::paragraph(
            "My kids. Sleeping through the night. Дмитрий и Ωmega, and a very long word: Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverleihung.",
        ),
        Block::Bullets(vec!["I have done hard things before.".into(), "I am good at mornings. 🙂".into()]),
        h(Level::Three, "First steps"),
        Block::Numbers(vec!["Tuesday group, with Del.".into(), "Call Mom on Sunday.".into()]),
        Block::Facts(vec![
            Fact::new("Pharmacy", "Corner of 5th and Oak, (212) 555-0144"),
            Fact::new("Next visit", "Monday, 9:30"),
        ]),
        h(Level::Two, "My support network"),
        Block::Table(Table {
            columns: vec![
                Column::new("Who", 2.0),
                Column::new("What they are", 2.0),
                Column::new("Number", 1.6),
            ],
            rows: (1..=14)
                .map(|n| {
                    vec![
                        format!("Person {n}").into(),
                        "friend, calls on Sundays".into(),
                        format!("(212) 555-01{n:02}").into(),
                    ]
                })
                .collect(),
        }),
        Block::Drawing(drawing()),
        Block::WritingLines(3),
        Block::Cards(vec![Card {
            title: "If I need help now".into(),
            lines: vec!["988, any hour".into(), "Del (212) 555-0123".into()],
        }]),
    ]
}

fn drawing() -> Drawing {
    let fill = |inside| Fill { inside: Some(inside), edge: Tone::Ink, thickness: 1.2 };
    let label = |x, y, text: &str| Shape::Label {
        at: Point::new(x, y),
        anchor: Anchor::Middle,
        text: text.into(),
        voice: Voice::Plain,
        size: 10.5,
        tone: Tone::Ink,
    };
    let line = |x, y, thickness, dash| Shape::Line {
        from: Point::new(200.0, 120.0),
        to: Point::new(x, y),
        thickness,
        tone: Tone::Accent,
        dash,
    };
    Drawing {
        alt: "Three connections around me: Del, the Tuesday group and Dr. Amari. They are also in the table."
            .into(),
        width: 400.0,
        height: 240.0,
        shapes: vec![
            Shape::Circle {
                center: Point::new(200.0, 120.0),
                radius: 100.0,
                fill: Fill { inside: None, edge: Tone::Line, thickness: 0.8 },
            },
            line(260.0, 60.0, 4.0, Dash::Solid),
            line(120.0, 90.0, 1.5, Dash::Solid),
            line(240.0, 190.0, 1.2, Dash::Dotted),
            Shape::Circle { center: Point::new(260.0, 60.0), radius: 8.0, fill: fill(Tone::Accent) },
            Shape::Square { center: Point::new(120.0, 90.0), half: 8.0, fill: fill(Tone::Paper) },
            Shape::Diamond { center: Point::new(240.0, 190.0), half: 9.0, fill: fill(Tone::Paper) },
            Shape::Circle { center: Point::new(200.0, 120.0), radius: 18.0, fill: fill(Tone::Ink) },
            label(260.0, 44.0, "Del"),
            label(120.0, 112.0, "Tuesday group"),
            label(240.0, 214.0, "Dr. Amari"),
        ],
    }
}

//! Enumerations: text in the database, an enum in Rust, and one place for the words people read.

/// Declares an enumeration. Each line is `Variant = "stored_text", "Words people read",`.
///
/// Gives `ALL`, `as_str()`, `parse()`, `words()`, `Display` (the stored text), `FromStr`, serde as the stored text,
/// and what sea-orm needs to keep it in a text column.
#[macro_export]
macro_rules! words {
    (
        $(#[$doc:meta])*
        $vis:vis enum $name:ident {
            $( $(#[$vdoc:meta])* $variant:ident = $text:literal, $words:literal, )+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, sea_orm::DeriveValueType)]
        #[sea_orm(value_type = "String")]
        $vis enum $name {
            $( $(#[$vdoc])* $variant, )+
        }

        impl $name {
            /// Every one, in the order of the house.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )+ ];

            /// The text that is stored.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $text, )+ }
            }

            /// The words people read.
            pub const fn words(self) -> &'static str {
                match self { $( Self::$variant => $words, )+ }
            }

            /// The one whose stored text this is.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $( $text => Some(Self::$variant), )+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = sea_orm::sea_query::ValueTypeErr;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text).ok_or(sea_orm::sea_query::ValueTypeErr)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                Self::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("unknown {}: {text}", stringify!($name))))
            }
        }
    };
}

//! Addresses that can be delivered to: parsed once into a value that cannot be wrong afterwards.

use std::fmt;

/// Longest whole address, in octets (RFC 5321 4.5.3.1.3 less the angle brackets).
const WHOLE: usize = 254;
/// Longest part before the `@`, in octets (RFC 5321 4.5.3.1.1).
const LOCAL: usize = 64;

/// One deliverable mail address, ASCII throughout: the domain is lower case and in punycode.
///
/// Narrower than RFC 5321 on purpose: what is left out (quoted parts, address literals, dotless domains) is in
/// practice a typing error or an attack, and a person is better served by hearing so at the desk.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(lettre::Address);

/// Why an address cannot be written to, as a sentence for the person who typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undeliverable {
    #[error("An address looks like name@example.org.")]
    NotAnAddress,
    #[error("The address is too long.")]
    TooLong,
    #[error("The part before the @ may have letters a to z, digits, and signs such as . - _ + only.")]
    Local,
    #[error("The part after the @ is not a name of a mail domain, such as example.org.")]
    Domain,
}

impl Address {
    /// Reads an address as typed; spaces around it are forgiven, nothing else is.
    pub fn parse(typed: &str) -> Result<Self, Undeliverable> {
        let typed = typed.trim_matches(' ');
        // Long before any table lookup: the text may come from a stranger.
        if typed.len() > 4 * WHOLE {
            return Err(Undeliverable::TooLong);
        }
        let (local, domain) = typed.rsplit_once('@').ok_or(Undeliverable::NotAnAddress)?;
        if local.is_empty() || domain.is_empty() || local.contains('@') {
            return Err(Undeliverable::NotAnAddress);
        }
        if !is_local(local) {
            return Err(Undeliverable::Local);
        }
        let domain = ascii_domain(domain)?;
        if local.len() > LOCAL || local.len() + 1 + domain.len() > WHOLE {
            return Err(Undeliverable::TooLong);
        }
        lettre::Address::new(local, &domain).map(Self).map_err(|_| Undeliverable::NotAnAddress)
    }

    /// The whole address, as it goes on the wire.
    pub fn as_str(&self) -> &str {
        self.0.as_ref()
    }

    /// The part after the `@`.
    pub fn domain(&self) -> &str {
        self.0.domain()
    }

    pub(crate) fn on_the_wire(&self) -> lettre::Address {
        self.0.clone()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Masked: an address names a person, and `{:?}` ends up in logs.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address(…@{})", self.domain())
    }
}

/// RFC 5322 dot-atom: no quotes, commas, spaces, controls; no dot first, last or doubled.
///
/// Letters outside ASCII would need SMTPUTF8 on every hop; a clear refusal beats mail that may vanish on the way.
fn is_local(local: &str) -> bool {
    local.split('.').all(|atom| {
        !atom.is_empty()
            && atom.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
    })
}

/// Two labels or more of letters, digits and hyphens; the last one not all digits, which would be an IP address.
fn ascii_domain(domain: &str) -> Result<String, Undeliverable> {
    // UTS 46 maps some signs to nothing or to dots; what a person did not see must not change where mail goes.
    if domain.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(Undeliverable::Domain);
    }
    let ascii = idna::domain_to_ascii_strict(domain).map_err(|_| Undeliverable::Domain)?;
    let labels: Vec<&str> = ascii.split('.').collect();
    let well_formed = labels.iter().all(|label| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    });
    let top_is_a_name =
        labels.last().is_some_and(|top| top.len() >= 2 && !top.bytes().all(|b| b.is_ascii_digit()));
    if labels.len() >= 2 && well_formed && top_is_a_name { Ok(ascii) } else { Err(Undeliverable::Domain) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(typed: &str) -> Result<String, Undeliverable> {
        Address::parse(typed).map(|address| address.to_string())
    }

    #[test]
    fn what_zoe_typed_at_the_desk_becomes_one_address() {
        assert_eq!(read(" Zoe.Park+mail@Example.ORG "), Ok("Zoe.Park+mail@example.org".into()));
        assert_eq!(read("o'brien@mail.example.co"), Ok("o'brien@mail.example.co".into()));
    }

    #[test]
    fn a_domain_in_another_script_is_written_in_punycode() {
        assert_eq!(read("jose@correo.españa.es"), Ok("jose@correo.xn--espaa-rta.es".into()));
    }

    #[test]
    fn what_cannot_be_delivered_is_refused_with_the_part_that_is_wrong() {
        use Undeliverable::{Domain, Local, NotAnAddress, TooLong};
        for (typed, why) in [
            ("", NotAnAddress),
            ("zoe", NotAnAddress),
            ("@example.org", NotAnAddress),
            ("zoe@", NotAnAddress),
            ("zoe@home@example.org", NotAnAddress),
            ("zoe@localhost", Domain),
            ("zoe@[192.0.2.1]", Domain),
            ("zoe@192.0.2.1", Domain),
            ("zoe@[IPv6:2001:db8::1]", Domain),
            ("zoe@-example.org", Domain),
            ("zoe@example..org", Domain),
            ("zoe@example.org.", Domain),
            ("zoe@exa mple.org", Domain),
            ("zoe@example.org\r\nBcc: all@example.org", NotAnAddress),
            ("zoe@example.org\r\nDATA", Domain),
            ("zoe@example.org,ada@example.org", NotAnAddress),
            ("zoe,ada@example.org", Local),
            ("\"zoe park\"@example.org", Local),
            ("Zoe <zoe@example.org>", Local),
            ("zoe\r\nRCPT TO:<ada@example.org>", Local),
            (".zoe@example.org", Local),
            ("zoe..park@example.org", Local),
            ("ñandú@example.org", Local),
        ] {
            assert_eq!(read(typed), Err(why), "{typed:?}");
        }
        assert_eq!(read(&format!("{}@example.org", "z".repeat(65))), Err(TooLong));
        let long = format!("zoe@{}example.org", "mail.".repeat(50));
        assert!(read(&long).is_err());
        assert_eq!(read(&"z".repeat(5000)), Err(TooLong));
    }

    #[test]
    fn an_address_in_a_log_line_names_no_one() {
        assert_eq!(format!("{:?}", Address::parse("zoe@example.org").unwrap()), "Address(…@example.org)");
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_is_safe_in_a_command_and_reads_back_the_same(typed in hostile()) {
            if let Ok(address) = Address::parse(&typed) {
                let whole = address.as_str();
                prop_assert!(whole.len() <= 254 && whole.is_ascii());
                prop_assert!(!whole.contains(['\r', '\n', '\0', ' ', ',', '"', '<', '>', '[', ']', '(', ')', ';', ':']));
                prop_assert!(address.domain().contains('.'));
                prop_assert_eq!(whole.matches('@').count(), 1);
                prop_assert_eq!(Address::parse(whole).unwrap(), address.clone());
            }
        }
    }

    /// Half anything at all, half nearly right: otherwise nothing would ever be accepted and nothing proved.
    fn hostile() -> impl Strategy<Value = String> {
        prop_oneof![any::<String>(), "[a-z.+'\"<,\r\n\0é]{1,12}@[a-z0-9.\\-é。\\[\r\n]{1,12}\\.(org|es|1|x)"]
    }
}

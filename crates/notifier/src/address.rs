//! A mail address is where one mail goes. Behind the `@` it is a name of the Domain Name System,
//! which the wire has in ASCII; before it, whatever the domain's owner likes.

use std::fmt;
use std::str::FromStr;

/// An address that any mail server takes: ASCII before the `@`, A-labels behind it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    local: String,
    domain: String,
}

/// Why an address cannot be written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Nothing before the `@`, nothing behind it, or no `@` at all.
    #[error("is not of the form name@domain")]
    Form,
    /// Too few servers take anything but ASCII before the `@` (SMTPUTF8, RFC 6531) for mail that
    /// has to arrive.
    #[error("has characters before the @ that many mail servers refuse")]
    LocalPartNotAscii,
    /// A control character, or a quoted text that is not one.
    #[error("has something before the @ that no mail address has")]
    LocalPart,
    /// Not a name that could stand in the Domain Name System.
    #[error("has no domain name behind the @")]
    Domain,
    /// Longer than RFC 5321 allows (4.5.3.1).
    #[error("is too long")]
    TooLong,
}

impl Address {
    /// An address of parts that are known to be right: what is before the `@`, and the domain.
    pub fn new(local: &str, domain: &str) -> Result<Self, AddressError> {
        if local.is_empty() {
            return Err(AddressError::Form);
        }
        if !local.is_ascii() {
            return Err(AddressError::LocalPartNotAscii);
        }
        if local.bytes().any(|byte| byte.is_ascii_control()) {
            return Err(AddressError::LocalPart);
        }
        let domain = domain_on_the_wire(domain)?;
        let address = Self {
            local: local.to_owned(),
            domain,
        };
        if address.local.len() > 64 || address.to_string().len() > 254 {
            return Err(AddressError::TooLong);
        }
        Ok(address)
    }

    /// What is before the `@`, without quotes.
    pub fn local(&self) -> &str {
        &self.local
    }

    /// The domain, in lower case and A-labels.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// This address with a token before the `@`: `bounce@…` becomes `bounce+TOKEN@…`.
    pub fn with_token(&self, token: &str) -> Result<Self, AddressError> {
        Self::new(&format!("{}+{token}", self.local), &self.domain)
    }
}

/// Quoted before the `@` where it must be: `"a..b"@example.org`.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_dot_atom(&self.local) {
            f.write_str(&self.local)?;
        } else {
            f.write_str("\"")?;
            for character in self.local.chars() {
                if matches!(character, '"' | '\\') {
                    f.write_str("\\")?;
                }
                write!(f, "{character}")?;
            }
            f.write_str("\"")?;
        }
        write!(f, "@{}", self.domain)
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let (local, domain) = text.trim().rsplit_once('@').ok_or(AddressError::Form)?;
        match local.strip_prefix('"') {
            Some(quoted) => {
                let quoted = quoted.strip_suffix('"').ok_or(AddressError::LocalPart)?;
                Self::new(&unquoted(quoted)?, domain)
            }
            None if local.contains(['"', '(', ')', '<', '>', ',', ';', ' ', '\\', '@']) => {
                Err(AddressError::LocalPart)
            }
            None => Self::new(local, domain),
        }
    }
}

fn unquoted(text: &str) -> Result<String, AddressError> {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        plain.push(match character {
            '\\' => characters.next().ok_or(AddressError::LocalPart)?,
            '"' => return Err(AddressError::LocalPart),
            other => other,
        });
    }
    Ok(plain)
}

/// Whether it is words of the allowed characters between single dots (RFC 5322, 3.2.3).
pub(crate) fn is_dot_atom(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    text.split('.')
        .all(|word| !word.is_empty() && word.bytes().all(allowed))
}

fn domain_on_the_wire(domain: &str) -> Result<String, AddressError> {
    let ascii = idna::domain_to_ascii(domain.trim_end_matches('.'))
        .map_err(|_unusable: idna::Errors| AddressError::Domain)?;
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if ascii.len() <= 253 && ascii.split('.').all(label) {
        Ok(ascii)
    } else {
        Err(AddressError::Domain)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(text: &str) -> Result<String, AddressError> {
        text.parse::<Address>().map(|address| address.to_string())
    }

    #[test]
    fn domains_go_over_the_wire_in_ascii() {
        assert_eq!(
            written("wang@例子.中国").unwrap(),
            "wang@xn--fsqu00a.xn--fiqs8s"
        );
        assert_eq!(
            written("j.doe@BÜCHER.example").unwrap(),
            "j.doe@xn--bcher-kva.example"
        );
        assert_eq!(written(" ann@Example.ORG. ").unwrap(), "ann@example.org");
        assert_eq!(
            written("postmaster@localhost").unwrap(),
            "postmaster@localhost"
        );
    }

    #[test]
    fn what_must_be_quoted_is() {
        assert_eq!(written("a..b@example.org").unwrap(), "\"a..b\"@example.org");
        assert_eq!(
            written(r#""a \"b"@example.org"#).unwrap(),
            r#""a \"b"@example.org"#
        );
        assert_eq!(
            written("o'neil+x@example.org").unwrap(),
            "o'neil+x@example.org"
        );
    }

    #[test]
    fn says_why_it_cannot_be_written_to() {
        let long = format!("{}@example.org", "a".repeat(65));
        for (text, why) in [
            ("", AddressError::Form),
            ("ann", AddressError::Form),
            ("@example.org", AddressError::Form),
            ("ann@", AddressError::Domain),
            ("ann@-a.org", AddressError::Domain),
            ("ann@a b.org", AddressError::Domain),
            ("ann@[127.0.0.1]", AddressError::Domain),
            ("王@example.org", AddressError::LocalPartNotAscii),
            ("ann>\r\nRCPT TO:<bob@example.org", AddressError::LocalPart),
            ("ann\n@example.org", AddressError::LocalPart),
            ("a,b@example.org", AddressError::LocalPart),
            (&long, AddressError::TooLong),
        ] {
            assert_eq!(written(text), Err(why), "{text}");
        }
    }

    proptest! {
        /// Whatever is taken is one line of ASCII, and means the same when it is read again.
        #[test]
        fn what_is_taken_is_safe_on_the_wire(text in "\\PC{0,20}@\\PC{1,20}|[ -~]{1,12}@[a-z.-]{1,12}") {
            if let Ok(address) = text.parse::<Address>() {
                let written = address.to_string();
                prop_assert!(written.bytes().all(|byte| (0x20..0x7f).contains(&byte)));
                prop_assert_eq!(written.parse::<Address>(), Ok(address));
            }
        }
    }
}

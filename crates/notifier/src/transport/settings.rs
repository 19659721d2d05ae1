//! Which way mails go out, in one line: `smtps://user:password@mail.example.org`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use percent_encoding::percent_decode_str;
use url::Url;

use super::Limits;

/// A way out, as it is configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransportSettings {
    /// A mail server.
    Smtp(Box<SmtpSettings>),
    /// A folder.
    File(PathBuf),
}

/// A mail server, and how it is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpSettings {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether others can listen.
    pub security: Security,
    /// As whom we come, if it wants to know.
    pub login: Option<Login>,
    /// What we call ourselves (EHLO): a name that leads back to us.
    pub hello: String,
    /// Whom to trust besides the authorities that Mozilla trusts: a file of certificates in PEM.
    pub authorities: Option<PathBuf>,
    /// How many connections are kept, and for how long.
    pub limits: Limits,
}

/// Whether others can listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (`smtps:`).
    Tls,
    /// TLS after a few words, or not at all (`smtp:`).
    StartTls,
    /// Everybody can (`smtp+plaintext:`): for a server on the same machine.
    Plaintext,
}

/// A name and a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The name.
    pub user: String,
    /// The password. It is in no message and no log.
    pub password: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// Why settings cannot be used. The settings themselves are not repeated: they hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// Not an address at all, or of another scheme.
    #[error(
        "is not smtps://HOST, smtp://HOST (STARTTLS required), smtp+plaintext://HOST or file:FOLDER"
    )]
    Form,
    /// No server is named.
    #[error("names no mail server")]
    NoHost,
    /// No folder is named.
    #[error("names no folder")]
    NoFolder,
    /// A name without a password, or the reverse.
    #[error("has a user without a password, or a password without a user")]
    HalfALogin,
    /// Characters that are no text.
    #[error("has a user or a password that is not UTF-8, or has control characters")]
    LoginNotText,
    /// A password that others could listen to.
    #[error(
        "would send a password in plaintext to another machine: use smtps: or smtp:, which wants TLS"
    )]
    PasswordInPlaintext,
    /// An option that there is not, or a value that it does not take.
    #[error(
        "has the option `{0}`, which is not one of hello=NAME, connections=1…64, ca=FILE, or has another value"
    )]
    Option(String),
}

impl FromStr for TransportSettings {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Self, SettingsError> {
        let text = text.trim();
        if let Some(folder) = text.strip_prefix("file:") {
            let folder = folder.strip_prefix("//").unwrap_or(folder);
            return match folder {
                "" => Err(SettingsError::NoFolder),
                folder => Ok(Self::File(folder.into())),
            };
        }
        let url = Url::parse(text).map_err(|wrong| {
            if wrong == url::ParseError::EmptyHost {
                SettingsError::NoHost
            } else {
                SettingsError::Form
            }
        })?;
        let (security, port) = match url.scheme() {
            "smtps" => (Security::Tls, 465),
            "smtp" => (Security::StartTls, 587),
            "smtp+plaintext" => (Security::Plaintext, 25),
            _ => return Err(SettingsError::Form),
        };
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(SettingsError::Form);
        }
        let host = url.host_str().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() {
            return Err(SettingsError::NoHost);
        }
        let host = idna::domain_to_ascii(&decoded(host)?)
            .map_err(|_unusable: idna::Errors| SettingsError::NoHost)?;
        let login = login(&url)?;
        if security == Security::Plaintext && login.is_some() && !is_this_machine(&host) {
            return Err(SettingsError::PasswordInPlaintext);
        }
        let mut settings = SmtpSettings {
            host,
            port: url.port().unwrap_or(port),
            security,
            login,
            hello: "localhost".to_owned(),
            authorities: None,
            limits: Limits::default(),
        };
        for (name, value) in url.query_pairs() {
            settings.option(&name, &value)?;
        }
        Ok(Self::Smtp(Box::new(settings)))
    }
}

impl SmtpSettings {
    fn option(&mut self, name: &str, value: &str) -> Result<(), SettingsError> {
        let refused = || SettingsError::Option(name.chars().take(40).collect());
        match name {
            "hello" => {
                let plain = |byte: u8| byte.is_ascii_graphic();
                if value.is_empty() || value.len() > 253 || !value.bytes().all(plain) {
                    return Err(refused());
                }
                value.clone_into(&mut self.hello);
            }
            "connections" => {
                let connections = value.parse().ok().filter(|many| (1..=64).contains(many));
                self.limits.connections = connections.ok_or_else(refused)?;
            }
            "ca" if !value.is_empty() => self.authorities = Some(value.into()),
            _ => return Err(refused()),
        }
        Ok(())
    }
}

fn login(url: &Url) -> Result<Option<Login>, SettingsError> {
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) | (_, None) => Err(SettingsError::HalfALogin),
        (user, Some(password)) => Ok(Some(Login {
            user: decoded(user)?,
            password: decoded(password)?,
        })),
    }
}

fn decoded(text: &str) -> Result<String, SettingsError> {
    percent_decode_str(text)
        .decode_utf8()
        .ok()
        .filter(|text| !text.chars().any(char::is_control))
        .map(std::borrow::Cow::into_owned)
        .ok_or(SettingsError::LoginNotText)
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smtp(text: &str) -> SmtpSettings {
        match text.parse().unwrap() {
            TransportSettings::Smtp(settings) => *settings,
            other @ TransportSettings::File(_) => panic!("{other:?}"),
        }
    }

    #[test]
    fn one_line_says_which_way_mails_go() {
        let tls = smtp("smtps://ann%40example.org:p%3Aw%2B+1@mail.example.org");
        assert_eq!((tls.host.as_str(), tls.port), ("mail.example.org", 465));
        assert_eq!(tls.security, Security::Tls);
        let login = tls.login.unwrap();
        assert_eq!(
            (login.user.as_str(), login.password.as_str()),
            ("ann@example.org", "p:w++1")
        );

        let starttls =
            smtp("smtp://mail.example.org?hello=convoke.example.org&connections=8&ca=ca.pem");
        assert_eq!(
            (starttls.security, starttls.port),
            (Security::StartTls, 587)
        );
        assert_eq!(starttls.hello, "convoke.example.org");
        assert_eq!(starttls.limits.connections, 8);
        assert_eq!(starttls.authorities, Some("ca.pem".into()));

        let plain = smtp("smtp+plaintext://127.0.0.1:2525");
        assert_eq!((plain.security, plain.port), (Security::Plaintext, 2525));
        assert_eq!(smtp("smtp+plaintext://[::1]/").host, "::1");
        assert_eq!(
            smtp("smtps://邮件.例子.中国").host,
            "xn--5nq051n.xn--fsqu00a.xn--fiqs8s"
        );

        for (text, folder) in [("file:mails", "mails"), ("file:///var/mails", "/var/mails")] {
            assert_eq!(text.parse(), Ok(TransportSettings::File(folder.into())));
        }
    }

    #[test]
    fn says_what_is_wrong_and_never_the_password() {
        let secret = "hunter2";
        for (text, why) in [
            ("mail.example.org", SettingsError::Form),
            ("http://mail.example.org", SettingsError::Form),
            ("smtps://u:hunter2@", SettingsError::NoHost),
            ("smtps://u:hunter2@a/b", SettingsError::Form),
            ("file:", SettingsError::NoFolder),
            ("smtps://u@mail.example.org", SettingsError::HalfALogin),
            (
                "smtps://:hunter2@mail.example.org",
                SettingsError::HalfALogin,
            ),
            (
                "smtps://u:hunter2%0A@mail.example.org",
                SettingsError::LoginNotText,
            ),
            (
                "smtp+plaintext://u:hunter2@mail.example.org",
                SettingsError::PasswordInPlaintext,
            ),
            (
                "smtps://u:hunter2@a?tls=no",
                SettingsError::Option("tls".to_owned()),
            ),
            (
                "smtps://u:hunter2@a?connections=0",
                SettingsError::Option("connections".to_owned()),
            ),
        ] {
            let refused = text.parse::<TransportSettings>().unwrap_err();
            assert!(
                !refused.to_string().contains(secret) && !format!("{refused:?}").contains(secret)
            );
            assert_eq!(refused, why, "{text}");
        }
        let taken = smtp("smtp+plaintext://ann:hunter2@localhost");
        assert!(!format!("{taken:?}").contains(secret));
        assert!(format!("{taken:?}").contains("ann"));
    }
}

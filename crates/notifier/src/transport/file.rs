//! A folder into which mails are put as files (`.eml`), to be opened with a mail program.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{Envelope, Outcome, Reply, Stage};

/// A folder of mails, each a file that is named by its Message-ID.
#[derive(Debug, Clone)]
pub struct File {
    folder: PathBuf,
}

impl File {
    /// A folder, which is made when the first mail comes.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// Where the mails are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Puts a mail into the folder: whole, or not at all. Sent again, it is still one file.
    pub(super) async fn send(&self, envelope: &Envelope, mail: &[u8]) -> Outcome {
        let name = file_name(&envelope.message_id);
        let (folder, mail) = (self.folder.clone(), mail.to_vec());
        let written =
            tokio::task::spawn_blocking(move || write(&folder, &name, &mail).map(|()| name)).await;
        match written {
            Ok(Ok(name)) => Outcome::Accepted(Reply {
                stage: Stage::Content,
                code: 250,
                text: format!("2.0.0 written to {name}"),
            }),
            Ok(Err(failed)) => Outcome::Unreachable(format!("cannot write the file: {failed}")),
            Err(_cancelled) => Outcome::Unreachable("cannot write the file".to_owned()),
        }
    }
}

fn write(folder: &Path, name: &str, mail: &[u8]) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let unfinished = folder.join(format!(".{name}.part"));
    let mut file = std::fs::File::create(&unfinished)?;
    file.write_all(mail)?;
    file.sync_all()?;
    std::fs::rename(unfinished, folder.join(name))
}

fn file_name(message_id: &str) -> String {
    let plain = message_id.chars().map(|character| match character {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '-' | '_' | '@' => character,
        _ => '_',
    });
    let plain: String = plain.take(200).collect();
    format!("{}.eml", plain.trim_start_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(message_id: &str) -> Envelope {
        Envelope {
            message_id: message_id.to_owned(),
            from: "bounce+t@example.org".parse().unwrap(),
            to: "ann@example.org".parse().unwrap(),
        }
    }

    #[tokio::test]
    async fn a_mail_that_is_sent_twice_is_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = File::new(folder.path().join("new"));
        for mail in [b"first", b"again"] {
            let outcome = file.send(&envelope("a1@example.org"), mail).await;
            assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
        }
        let found: Vec<_> = std::fs::read_dir(file.folder())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(found, ["a1@example.org.eml"]);
        assert_eq!(
            std::fs::read(file.folder().join(&found[0])).unwrap(),
            b"again"
        );
    }

    #[tokio::test]
    async fn no_message_id_leads_out_of_the_folder() {
        assert_eq!(file_name("../../etc/passwd"), "_.._etc_passwd.eml");
        let nowhere = File::new("/dev/null/mails");
        let outcome = nowhere.send(&envelope("a"), b"").await;
        assert!(matches!(outcome, Outcome::Unreachable(_)), "{outcome:?}");
    }
}

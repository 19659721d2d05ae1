//! The files that keys come in: PEM and PKCS#12.

use der::pem as rfc7468;
use p12_keystore::{Pkcs12Archive, error::Error};

use super::KeyFault;
use crate::certificate::Certificate;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";

/// The private key of a PEM file, and the certificates. Text may stand before a block, as programs
/// put it there, and nothing behind the last.
pub(super) fn pem(text: &str) -> Result<(Vec<u8>, Vec<Certificate>), KeyFault> {
    let mut keys = Vec::new();
    let mut certificates = Vec::new();
    let mut block: Option<(usize, String)> = None;
    let mut garbage = None;
    for (line, content) in (1..).zip(text.lines()) {
        let content = content.trim_end();
        match &mut block {
            None if content.starts_with(BEGIN) => {
                garbage = None;
                block = Some((line, format!("{content}\n")));
            }
            None if content.is_empty() => {}
            None => garbage = garbage.or(Some(line)),
            Some((begin, collected)) => {
                collected.push_str(content);
                collected.push('\n');
                if content.starts_with(END) {
                    let Ok((label, bytes)) = rfc7468::decode_vec(collected.as_bytes()) else {
                        return Err(KeyFault::Block { line: *begin });
                    };
                    match label {
                        "PRIVATE KEY" => keys.push(bytes),
                        "CERTIFICATE" => certificates.push(Certificate::from_der(&bytes)?),
                        _ => {
                            return Err(KeyFault::Label {
                                line: *begin,
                                label: label.to_owned(),
                            });
                        }
                    }
                    block = None;
                }
            }
        }
    }
    if let Some((line, _)) = block {
        return Err(KeyFault::Block { line });
    }
    let read = one(keys, certificates)?;
    match garbage {
        Some(line) => Err(KeyFault::Garbage { line }),
        None => Ok(read),
    }
}

/// The private key of a PKCS#12 file, and the certificates.
pub(super) fn pkcs12(
    bytes: &[u8],
    password: &str,
) -> Result<(Vec<u8>, Vec<Certificate>), KeyFault> {
    let archive = match Pkcs12Archive::from_pkcs12(bytes, password) {
        Ok(archive) => archive,
        // Without the sum that shows it, a wrong password makes noise of the key.
        Err(Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_)) => {
            return Err(KeyFault::WrongPassword);
        }
        Err(other) => return Err(KeyFault::Container(other.to_string())),
    };
    let certificates = archive
        .certs
        .iter()
        .map(|bag| Certificate::from_der(bag.cert.as_der()))
        .collect::<Result<_, _>>()?;
    let keys = archive.keys.iter().map(|bag| bag.key.as_der().to_vec());
    one(keys.collect(), certificates)
}

fn one(
    mut keys: Vec<Vec<u8>>,
    certificates: Vec<Certificate>,
) -> Result<(Vec<u8>, Vec<Certificate>), KeyFault> {
    let several = keys.len();
    match keys.pop() {
        None => Err(KeyFault::NoKey),
        Some(_) if several > 1 => Err(KeyFault::SeveralKeys(several)),
        Some(key) => Ok((key, certificates)),
    }
}

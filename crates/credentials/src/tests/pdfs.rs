//! A signed PDF is verified; one that somebody touched is not.

use proptest::prelude::*;

use super::samples::{
    LETTER, LETTER_STREAMS, P256, RSA, demo, facts, key, now, with_streams, with_table,
};
use crate::{Certificate, KeyFault, PdfFault, SigningKey, Verdict, sign_pdf, verify_pdf};

const LINK: &str = "<< /Type /Annot /Subtype /Link /Rect [1 1 9 9] /F 4 >>";

fn trusted(key: &SigningKey) -> Vec<Certificate> {
    key.certificate().into_iter().cloned().collect()
}

/// Documents of every form that differs in what is added to it.
fn documents() -> Vec<(&'static str, Vec<u8>)> {
    let direct = format!("/Annots [{LINK}]");
    vec![
        ("table", with_table("", &[])),
        ("table, annotations", with_table(&direct, &[])),
        (
            "table, list apart",
            with_table("/Annots 5 0 R", &["[6 0 R]", LINK]),
        ),
        ("streams", with_streams("", &[])),
        ("streams, annotations", with_streams(&direct, &[])),
        (
            "streams, list apart",
            with_streams("/Annots 5 0 R", &["[ 6 0 R ]", LINK]),
        ),
        ("typst", LETTER.to_vec()),
        ("typst, streams", LETTER_STREAMS.to_vec()),
    ]
}

#[test]
fn what_is_signed_is_verified() {
    for key in [key(RSA), key(P256), demo()] {
        for (name, document) in documents() {
            let sealed = sign_pdf(&document, &key, &facts()).unwrap();
            assert!(sealed.starts_with(&document), "{name}");
            let signer = key.certificate().unwrap().clone();
            assert_eq!(
                verify_pdf(&sealed, &trusted(&key)),
                Verdict::Whole { signer },
                "{name}"
            );
            assert_eq!(
                sign_pdf(&document, &key, &facts()).unwrap(),
                sealed,
                "{name}"
            );
            assert_eq!(verify_pdf(&document, &trusted(&key)), Verdict::NotSigned);
        }
    }
}

#[test]
fn what_is_added_has_the_form_of_what_is_there() {
    for (name, document) in documents() {
        let signed = sign_pdf(&document, &demo(), &facts()).unwrap();
        let added = String::from_utf8_lossy(&signed[document.len()..]).into_owned();
        assert_eq!(
            added.contains("\ntrailer\n"),
            !name.contains("streams"),
            "{name}"
        );
        assert_eq!(
            added.contains("/Type /XRef"),
            name.contains("streams"),
            "{name}"
        );
        assert!(added.contains("/SubFilter /ETSI.CAdES.detached"));
        assert!(added.contains("/SigFlags 3"));
        assert!(added.contains("/M (D:20270301093000Z)"));
        assert!(!added.contains("/Reason <FEFF>") && added.contains("/Name <FEFF"));
        if name.contains("annotations") {
            assert!(added.contains("/Link"), "{name}: {added}");
        }
    }
}

#[test]
fn a_key_that_is_not_in_use_any_more_still_verifies() {
    let (old, new) = (key(RSA), demo());
    let signed = sign_pdf(LETTER, &old, &facts()).unwrap();
    let all = [trusted(&new), trusted(&old)].concat();
    assert!(matches!(verify_pdf(&signed, &all), Verdict::Whole { signer } if signer == all[1]));
    // A certificate made anew for the same key says the same.
    let renewed = SigningKey::self_signed("Example", now(), &[7; 32]).unwrap();
    let signed = sign_pdf(LETTER, &new, &facts()).unwrap();
    let verdict = verify_pdf(&signed, &trusted(&renewed));
    assert!(matches!(verdict, Verdict::Whole { signer } if Some(&signer) == new.certificate()));
}

#[test]
fn somebody_else_is_told_from_us() {
    let stranger = SigningKey::self_signed("Example University", now(), &[8; 32]).unwrap();
    let signed = sign_pdf(LETTER, &stranger, &facts()).unwrap();
    let verdict = verify_pdf(&signed, &trusted(&demo()));
    assert!(
        matches!(verdict, Verdict::SomebodyElse { signer } if Some(&signer) == stranger.certificate())
    );
}

#[test]
fn every_byte_is_covered() {
    let key = demo();
    let signed = sign_pdf(&with_table("", &[]), &key, &facts()).unwrap();
    let ours = trusted(&key);
    for at in 0..signed.len() {
        let mut changed = signed.clone();
        for bit in [0x01, 0x20] {
            changed[at] = signed[at] ^ bit;
            let verdict = verify_pdf(&changed, &ours);
            assert!(
                !matches!(verdict, Verdict::Whole { .. }),
                "byte {at}, bit {bit}"
            );
        }
    }
}

#[test]
fn what_is_put_behind_or_cut_off_is_noticed() {
    let key = key(P256);
    let sealed = sign_pdf(LETTER_STREAMS, &key, &facts()).unwrap();
    let ours = trusted(&key);
    let signer = ours[0].clone();
    for tail in [&b"\n"[..], b"%%EOF\n", &sealed[LETTER_STREAMS.len()..]] {
        let longer = [&sealed, tail].concat();
        let signer = signer.clone();
        assert_eq!(verify_pdf(&longer, &ours), Verdict::Changed { signer });
    }
    let cut = &sealed[..sealed.len() - 1];
    let changed = Verdict::Changed {
        signer: signer.clone(),
    };
    assert_eq!(verify_pdf(cut, &ours), changed);
    // A word of the document itself.
    let mut other = sealed.clone();
    other[LETTER_STREAMS.len() / 2] ^= 1;
    assert_eq!(verify_pdf(&other, &ours), changed);
    // The signature of one document in another.
    let another = sign_pdf(&with_table("", &[]), &key, &facts()).unwrap();
    let place = |pdf: &[u8]| {
        let word = b"/Contents <";
        pdf.windows(word.len())
            .rposition(|found| found == word)
            .unwrap()
            + word.len()
    };
    let mut forged = another.clone();
    let (from, to) = (place(&sealed), place(&another));
    let length = another[to..].iter().position(|byte| *byte == b'>').unwrap();
    forged[to..to + length].copy_from_slice(&sealed[from..from + length]);
    assert_eq!(verify_pdf(&forged, &ours), changed);
}

#[test]
fn what_cannot_be_signed_is_said() {
    let key = demo();
    let refused = |pdf: &[u8]| sign_pdf(pdf, &key, &facts()).unwrap_err();
    let signed = sign_pdf(LETTER, &key, &facts()).unwrap();
    assert_eq!(refused(&signed), PdfFault::HasForm);
    let table = String::from_utf8(with_table("", &[])).unwrap();
    let encrypted = table.replace("/Size 5", "/Encrypt 5 0 R /Size 5");
    assert_eq!(refused(encrypted.as_bytes()), PdfFault::Encrypted);
    assert!(matches!(refused(b""), PdfFault::Unreadable(_)));
    assert!(matches!(refused(&LETTER[..1000]), PdfFault::Unreadable(_)));
    assert!(matches!(refused(&LETTER[1..]), PdfFault::Unreadable(_)));
    let badges = SigningKey::ed25519(&[1; 32]).unwrap();
    assert_eq!(sign_pdf(LETTER, &badges, &facts()), Err(PdfFault::Ed25519));
    let mut late = facts();
    late.at = "2200-01-01T00:00:00Z".parse().unwrap();
    let fault = sign_pdf(LETTER, &key, &late).unwrap_err();
    assert!(matches!(fault, PdfFault::Key(KeyFault::Expired(_))));
}

/// Something done to a document by chance.
#[derive(Debug, Clone)]
enum Act {
    Set(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Take(prop::sample::Index, usize),
    Put(prop::sample::Index, Vec<u8>),
    /// A part of the document once more, elsewhere.
    Copy(prop::sample::Index, prop::sample::Index, usize),
    /// A number that is another.
    Digits(prop::sample::Index, u64),
}

fn act() -> impl Strategy<Value = Act> {
    let place = any::<prop::sample::Index>;
    prop_oneof![
        4 => (place(), any::<u8>()).prop_map(|(at, byte)| Act::Set(at, byte)),
        1 => place().prop_map(Act::Cut),
        1 => (place(), 1..300_usize).prop_map(|(at, many)| Act::Take(at, many)),
        1 => (place(), prop::collection::vec(any::<u8>(), 1..20))
            .prop_map(|(at, bytes)| Act::Put(at, bytes)),
        1 => (place(), place(), 1..2_000_usize).prop_map(|(from, to, many)| Act::Copy(from, to, many)),
        4 => (place(), prop_oneof![0..9_u64, 0..20_000_u64, any::<u64>()])
            .prop_map(|(at, number)| Act::Digits(at, number)),
    ]
}

fn perform(pdf: &mut Vec<u8>, act: &Act) {
    let length = pdf.len();
    if length == 0 {
        return;
    }
    match act {
        Act::Set(at, byte) => pdf[at.index(length)] = *byte,
        Act::Cut(at) => pdf.truncate(at.index(length)),
        Act::Take(at, many) => {
            let at = at.index(length);
            pdf.drain(at..(at + many).min(length));
        }
        Act::Put(at, bytes) => {
            let at = at.index(length);
            pdf.splice(at..at, bytes.iter().copied());
        }
        Act::Copy(from, to, many) => {
            let from = from.index(length);
            let part = pdf[from..(from + many).min(length)].to_vec();
            let to = to.index(length);
            pdf.splice(to..to, part);
        }
        Act::Digits(at, number) => {
            let digits: Vec<_> = (0..length).filter(|at| pdf[*at].is_ascii_digit()).collect();
            if !digits.is_empty() {
                let at = digits[at.index(digits.len())];
                let end = (at..length).find(|at| !pdf[*at].is_ascii_digit());
                pdf.splice(at..end.unwrap_or(length), number.to_string().into_bytes());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever strangers hand in: an answer, and never that it is whole where it is not.
    #[test]
    fn no_document_is_too_strange(
        which in any::<prop::sample::Index>(),
        sign in any::<bool>(),
        acts in prop::collection::vec(act(), 1..6),
    ) {
        let mut all = documents();
        let (_, document) = all.swap_remove(which.index(all.len()));
        // Without others who vouch for it: their certificates are in the signature, and not covered.
        let key = demo();
        let before = if sign { sign_pdf(&document, &key, &facts()).unwrap() } else { document };
        let mut after = before.clone();
        for act in &acts {
            perform(&mut after, act);
        }
        let verdict = verify_pdf(&after, &trusted(&key));
        prop_assert_eq!(
            matches!(verdict, Verdict::Whole { .. }),
            sign && before == after
        );
        // Whether it can be signed or not: what can is signed well.
        if let Ok(signed) = sign_pdf(&after, &key, &facts()) {
            let is_whole = matches!(verify_pdf(&signed, &trusted(&key)), Verdict::Whole { .. });
            prop_assert!(is_whole);
        }
    }

    /// Bytes that are nothing at all.
    #[test]
    fn noise_is_not_signed(
        bytes in prop::collection::vec(any::<u8>(), 0..500),
        head in prop::sample::select(vec![
            "", "%PDF-1.7\n", "/ByteRange [0 1 2 3]", "/ByteRange [0 9 ", "/ByteRange[]/Contents<30",
        ]),
    ) {
        let noise = [head.as_bytes(), &bytes].concat();
        let verdict = verify_pdf(&noise, &[]);
        prop_assert!(matches!(verdict, Verdict::NotSigned | Verdict::Unreadable));
        prop_assert!(sign_pdf(&noise, &demo(), &facts()).is_err());
    }
}

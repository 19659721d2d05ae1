//! Mails are composed, and read again by a parser that is not ours.

use mail_parser::{Message, MessageParser, MimeHeaders as _};
use proptest::prelude::*;

use super::*;

pub(crate) fn mailbox(name: &str, address: &str) -> Mailbox {
    Mailbox {
        name: name.to_owned(),
        address: address.parse().unwrap(),
    }
}

/// A mail with everything that one can have.
pub(crate) fn mail() -> Mail {
    Mail {
        message_id: "0198f0c2a1b27c3d8e4f.convoke@example.org".to_owned(),
        date: DateTime::from_timestamp(1_784_682_000, 0).unwrap(),
        from: mailbox("海峡论坛组委会", "forum@example.org"),
        reply_to: Some(mailbox("", "rsvp+t0k3n@example.org")),
        to: mailbox("Ann \"Annie\" O'Neil, Ph.D.", "ann@bücher.example"),
        envelope_from: "bounce+t0k3n@example.org".parse().unwrap(),
        subject: "Invitation: Forum on Ageing, 23–24 July 2026".to_owned(),
        text: "Dear Ann,\n\nplease come.\n.\nFrom here on: 厦门 = Xiamen\n".to_owned(),
        html: "<p>Dear Ann,</p><p>please come.</p>".to_owned(),
        calendar: Some(CalendarPart {
            method: CalendarMethod::Request,
            bytes: b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n".to_vec(),
        }),
        attachments: vec![Attachment {
            name: "邀请函 (letter).pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            bytes: b"%PDF-1.7\n\0\xff".to_vec(),
        }],
        list: Some(List {
            id: "evt-01jx.example.org".to_owned(),
            unsubscribe_url: "https://example.org/leave/t0k3n".to_owned(),
            unsubscribe_mailto: Some("leave+t0k3n@example.org".parse().unwrap()),
        }),
        auto_submitted: AutoSubmitted::Generated,
        language: "en".parse().unwrap(),
    }
}

fn parse(bytes: &[u8]) -> Message<'_> {
    MessageParser::new().parse(bytes).unwrap()
}

/// What a text is after a mail: breaks are line feeds, controls are gone, the end is trimmed.
fn carried(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept = |c: &char| matches!(c, '\n' | '\t') || !c.is_control();
    let text: String = text.chars().filter(kept).collect();
    text.trim_end().to_owned()
}

fn carried_line(text: &str) -> String {
    let breaks = |c| matches!(c, '\r' | '\n' | '\t' | '\u{2028}' | '\u{2029}');
    let mut line = String::new();
    for c in text.chars() {
        if breaks(c) && !line.ends_with(' ') {
            line.push(' ');
        } else if !breaks(c) && !c.is_control() {
            line.push(c);
        }
    }
    line.trim().to_owned()
}

#[test]
fn is_composed_as_it_is_read_here() {
    let bytes = compose(&mail(), None).unwrap();
    insta::assert_snapshot!(String::from_utf8(bytes).unwrap().replace('\r', ""));
}

#[test]
fn its_parts_stand_where_clients_look_for_them() {
    let bytes = compose(&mail(), None).unwrap();
    let message = parse(&bytes);
    let types: Vec<_> = message
        .parts
        .iter()
        .map(|part| {
            let kind = part.content_type().unwrap();
            format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default())
        })
        .collect();
    assert_eq!(
        types,
        [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "text/html",
            "text/calendar",
            "application/ics",
            "application/pdf"
        ]
    );
    let calendar = &message.parts[4];
    let parameters = calendar.content_type().unwrap();
    assert_eq!(parameters.attribute("method"), Some("REQUEST"));
    assert_eq!(parameters.attribute("charset"), Some("UTF-8"));
    assert_eq!(calendar.contents(), message.parts[5].contents());
    assert_eq!(calendar.contents(), mail().calendar.unwrap().bytes);
    assert_eq!(message.parts[5].attachment_name(), Some("invite.ics"));
    assert_eq!(message.parts[6].attachment_name(), Some("letter.pdf"));
    assert_eq!(message.parts[6].contents(), b"%PDF-1.7\n\0\xff");
    assert_eq!(
        message.to().unwrap().first().unwrap().address(),
        Some("ann@xn--bcher-kva.example")
    );
}

#[test]
fn without_files_it_is_two_texts() {
    let plain = Mail {
        calendar: None,
        attachments: Vec::new(),
        list: None,
        auto_submitted: AutoSubmitted::No,
        ..mail()
    };
    let bytes = compose(&plain, None).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("Content-Type: multipart/alternative;\r\n"));
    for absent in ["mixed", "List-", "Auto-"] {
        assert!(!text.contains(absent), "{absent}");
    }
}

#[test]
fn refuses_what_would_break_a_header() {
    let with = |change: fn(&mut Mail)| {
        let mut mail = mail();
        change(&mut mail);
        compose(&mail, None).unwrap_err()
    };
    let leave = |url: &'static str| {
        let mut mail = mail();
        mail.list.as_mut().unwrap().unsubscribe_url = url.to_owned();
        compose(&mail, None).unwrap_err()
    };
    assert_eq!(
        with(|mail| mail.message_id = "a b@c".to_owned()),
        ComposeError::MessageId
    );
    assert_eq!(
        with(|mail| mail.message_id = "a".to_owned()),
        ComposeError::MessageId
    );
    assert_eq!(leave("http://example.org/x"), ComposeError::UnsubscribeUrl);
    assert_eq!(
        leave("https://example.org/x>\r\nBcc: a@b.c"),
        ComposeError::UnsubscribeUrl
    );
    assert_eq!(
        with(|mail| mail.list.as_mut().unwrap().id = "a\r\nb".to_owned()),
        ComposeError::ListId
    );
    assert_eq!(
        with(|mail| mail.attachments[0].media_type = "a/b; c".to_owned()),
        ComposeError::MediaType
    );
}

#[test]
fn attachments_have_names_that_every_client_shows() {
    for (name, plain) in [
        ("letter.pdf", "letter.pdf"),
        ("邀请函.pdf", "attachment.pdf"),
        ("../../etc/passwd", "etc-passwd"),
        ("a\"; x=\"b.txt", "a-x-b.txt"),
        ("", "attachment"),
        ("2026 agenda (final).xlsx", "2026-agenda-final.xlsx"),
        (".hidden", "attachment.hidden"),
    ] {
        assert_eq!(file_name(name), plain);
    }
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~]{0,300}",
        "[ -~\r\n\t\0]{0,200}",
        "[一-龥，。 a-z]{0,300}",
        "[a-z]{0,1200}",
        "(=\\?utf-8\\?[BQ]\\?[A-Za-z=]{0,12}\\?= ?){0,4}",
        "([.]|From |--|=_)[ -~]{0,100}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Whatever people write arrives, and stays what it was.
    #[test]
    fn any_text_arrives(name in texts(), subject in texts(), text in texts(), html in texts()) {
        let original = Mail {
            to: Mailbox { name: name.clone(), ..mail().to },
            subject: subject.clone(),
            text: text.clone(),
            html: html.clone(),
            ..mail()
        };
        let bytes = compose(&original, None).unwrap();
        prop_assert_eq!(&compose(&original, None).unwrap(), &bytes);

        // Lines that any server takes, of ASCII alone, and none that ends otherwise.
        let written = str::from_utf8(&bytes).unwrap();
        prop_assert!(written.is_ascii());
        prop_assert!(written.ends_with("\r\n"));
        for line in written.split("\r\n") {
            prop_assert!(line.len() <= 78 || line.contains('@'), "{}", line);
            prop_assert!(line.len() <= 998);
            prop_assert!(!line.contains(['\r', '\n', '\0']));
        }

        // No text of anyone's becomes a header.
        let (header, _) = written.split_once("\r\n\r\n").unwrap();
        let names: Vec<_> = header
            .split("\r\n")
            .filter(|line| !line.starts_with(' '))
            .map(|line| line.split_once(": ").unwrap().0)
            .collect();
        prop_assert_eq!(names, [
            "Date", "From", "Reply-To", "To", "Subject", "Message-ID", "Content-Language",
            "Auto-Submitted", "X-Auto-Response-Suppress", "List-Id", "List-Unsubscribe",
            "List-Unsubscribe-Post", "MIME-Version", "Content-Type",
        ]);

        let message = parse(&bytes);
        prop_assert_eq!(message.subject().unwrap_or_default(), carried_line(&subject));
        let to = message.to().unwrap().first().unwrap();
        prop_assert_eq!(to.name().unwrap_or_default(), carried_line(&name));
        prop_assert_eq!(to.address(), Some("ann@xn--bcher-kva.example"));
        let body = |index: usize| {
            let part = str::from_utf8(message.parts[index].contents()).unwrap();
            part.replace("\r\n", "\n").trim_end_matches('\n').to_owned()
        };
        prop_assert_eq!(message.parts.len(), 7);
        prop_assert_eq!(body(2), carried(&text));
        prop_assert_eq!(body(3), carried(&html));
    }
}

//! What a mail server means by its answer, which is not always what the standard makes of the code.
//!
//! A refusal "for ever" (5yz) is for ever only where it is about the mailbox: QQ refuses so who
//! sends too fast, and others so whom they take for a sender of spam. So the text is read first,
//! then the status code of RFC 3463, then the three digits. Whatever nobody knows stops the mail
//! and is shown to the organiser: an address is never suppressed upon a guess.

use crate::transport::{EnhancedStatus, Outcome, Reply, Stage};

/// What to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Nothing: it was taken on.
    Sent,
    /// Try again, later each time.
    Later,
    /// The same, and send less to this domain meanwhile.
    Slower,
    /// It may have arrived: try again with the same Message-ID, a few times.
    Unsure,
    /// Nobody is there: send no more mail to this address.
    Suppress(Gone),
    /// This mail will not be taken. Another may be.
    Stop(Unwanted),
    /// We are refused, not the recipient nor the mail: try again, and tell who runs this.
    OurFault,
}

/// Why nobody is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Gone {
    /// No mailbox of that name.
    NoMailbox,
    /// The mailbox was closed.
    Closed,
    /// The domain takes no mail.
    NoDomain,
}

/// Why a mail is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unwanted {
    /// For what it says, or looks like.
    Content,
    /// For its size.
    Size,
    /// By a rule of the recipient's house.
    Policy,
    /// For a reason that was not said in words known here.
    Unknown,
}

/// What an outcome means.
pub fn classify(outcome: &Outcome) -> Class {
    match outcome {
        Outcome::Accepted(_) => Class::Sent,
        Outcome::Unreachable(_) => Class::Later,
        Outcome::Uncertain(_) => Class::Unsure,
        Outcome::Deferred(reply) | Outcome::Refused(reply) => {
            reply_class(reply.stage, reply.code, reply.enhanced(), &reply.text)
        }
    }
}

/// What a bounce means: the Status and Diagnostic-Code of a delivery report (RFC 3464).
pub fn classify_report(status: Option<EnhancedStatus>, diagnostic: &str) -> Class {
    // `smtp; 550 5.1.1 no such user`
    let text = diagnostic
        .split_once(';')
        .map_or(diagnostic, |(_kind, text)| text)
        .trim();
    let code: Option<u16> = text
        .get(..3)
        .and_then(|digits| digits.parse().ok())
        .filter(|code| (200..600).contains(code));
    let text = match code {
        Some(_) => text
            .get(3..)
            .unwrap_or_default()
            .trim_start_matches(['-', ' ']),
        None => text,
    };
    let class = status.map_or(500, |status| u16::from(status.0) * 100);
    let code = code.unwrap_or(class);
    let reply = Reply {
        stage: Stage::Recipient,
        code,
        text: text.to_owned(),
    };
    // What the server itself said is more exact than what was made of it.
    let enhanced = reply.enhanced().or(status);
    reply_class(reply.stage, code, enhanced, &reply.text)
}

fn reply_class(stage: Stage, code: u16, enhanced: Option<EnhancedStatus>, text: &str) -> Class {
    let text = text.to_lowercase();
    let said = |table: &[&str]| table.iter().any(|words| text.contains(words));
    if code == 421 || said(TOO_FAST) {
        return Class::Slower;
    }
    if code < 500 {
        return match (stage, enhanced) {
            // A mailbox that is receiving too much, or a grey list, is nothing of the domain's.
            (_, Some(EnhancedStatus(_, 7, 28 | 500..=799))) => Class::Slower,
            _ if said(NOT_FROM_US) => Class::OurFault,
            _ => Class::Later,
        };
    }
    if matches!(stage, Stage::Connection | Stage::Sender) || said(NOT_FROM_US) {
        return Class::OurFault;
    }
    if said(FULL) {
        return Class::Later;
    }
    if let Some((_, class)) = KNOWN.iter().find(|(words, _)| text.contains(words)) {
        return *class;
    }
    let by_code = match code {
        551 => Class::Suppress(Gone::NoMailbox),
        552 => Class::Stop(Unwanted::Size),
        553 if stage == Stage::Recipient => Class::Suppress(Gone::NoMailbox),
        _ if stage == Stage::Content => Class::Stop(Unwanted::Content),
        _ => Class::Stop(Unwanted::Unknown),
    };
    enhanced.and_then(by_status).unwrap_or(by_code)
}

/// RFC 3463, RFC 7505, and what large services make of them.
fn by_status(status: EnhancedStatus) -> Option<Class> {
    Some(match status {
        EnhancedStatus(4, ..) | EnhancedStatus(5, 2, 2) | EnhancedStatus(5, 3, 1) => Class::Later,
        EnhancedStatus(5, 1, 1 | 3 | 6) => Class::Suppress(Gone::NoMailbox),
        EnhancedStatus(5, 1, 2 | 10) => Class::Suppress(Gone::NoDomain),
        EnhancedStatus(5, 2, 1) => Class::Suppress(Gone::Closed),
        EnhancedStatus(5, 2, 3) | EnhancedStatus(5, 3, 4) => Class::Stop(Unwanted::Size),
        EnhancedStatus(5, 6, _) => Class::Stop(Unwanted::Content),
        // The sender's address; and, at Gmail, what is not signed, or signed wrongly.
        EnhancedStatus(5, 1, 7 | 8) | EnhancedStatus(5, 7, 23..=27) => Class::OurFault,
        EnhancedStatus(5, 7, _) => Class::Stop(Unwanted::Policy),
        _ => return None,
    })
}

/// Who sends too much, whatever the code.
const TOO_FAST: &[&str] = &[
    // QQ and Tencent Exmail, with 550.
    "frequency limited",
    "frequency has exceeded",
    "频率",
    "发送过快",
    // NetEase (163, 126, yeah.net): by address, by connection, by sender, by number of recipients.
    "hl:ifc",
    "hl:icc",
    "hl:rep",
    "mi:dmc",
    "mi:sfq",
    "mi:stc",
    "rp:drc",
    "rp:qrc",
    "rp:trc",
    "mi:ccl",
    "rp:ccl",
    // Everybody else.
    "rate limit",
    "rate-limit",
    "ratelimit",
    "rate exceeded",
    "unusual rate",
    "too many messages",
    "too many mails",
    "too many emails",
    "too many recipients",
    "too many connections",
    "too much mail",
    "sending limit",
    "message limit",
    "throttl",
    "unexpected volume",
    "slow down",
];

/// Who sends is refused, with whatever they send.
const NOT_FROM_US: &[&str] = &[
    "relay access denied",
    "relaying denied",
    "relay not permitted",
    "unable to relay",
    "not permitted to relay",
    "authentication required",
    "auth required",
    "must equal authorized user",
    "client host rejected",
    "client host blocked",
    // Also of a server that asks ours whether our address is there, and says what it heard.
    "sender address",
    "sender domain",
    "domain of sender",
    "sender verif",
    "sender rejected",
    "block list",
    "blocklist",
    "blacklist",
    "spamhaus",
    "dt:rbl",
    "hl:ihu",
    "hl:ipb",
    "hl:mep",
    "mi:spb",
    "wm:bl",
    "poor reputation",
    "dmarc",
];

/// Nothing more goes in; later, perhaps.
const FULL: &[&str] = &[
    "mailbox full",
    "mailbox is full",
    "over quota",
    "overquota",
    "quota exceeded",
    "exceeded mailbox quota",
    "exceeded storage",
    "out of storage",
    "insufficient system storage",
    "邮箱已满",
];

/// Words with one meaning.
const KNOWN: &[(&str, Class)] = &[
    // Of what is refused. First, since the words for a mailbox occur there too.
    ("content denied", Class::Stop(Unwanted::Content)),
    ("content is rejected", Class::Stop(Unwanted::Content)),
    ("content rejected", Class::Stop(Unwanted::Content)),
    ("message content", Class::Stop(Unwanted::Content)),
    ("dt:spm", Class::Stop(Unwanted::Content)),
    ("dt:sum", Class::Stop(Unwanted::Content)),
    ("spam", Class::Stop(Unwanted::Content)),
    ("unsolicited", Class::Stop(Unwanted::Content)),
    ("virus", Class::Stop(Unwanted::Content)),
    ("illegal attachment", Class::Stop(Unwanted::Content)),
    ("security issue", Class::Stop(Unwanted::Content)),
    ("too large", Class::Stop(Unwanted::Size)),
    ("too big", Class::Stop(Unwanted::Size)),
    ("size exceeds", Class::Stop(Unwanted::Size)),
    ("exceeds size", Class::Stop(Unwanted::Size)),
    ("maximum message size", Class::Stop(Unwanted::Size)),
    // QQ says so of who is not there and of who wants no mail from us.
    (
        "unavailable or access denied",
        Class::Stop(Unwanted::Unknown),
    ),
    // Of who is not there, in words that cannot be of anything else.
    ("reach is disabled", Class::Suppress(Gone::Closed)),
    ("account disabled", Class::Suppress(Gone::Closed)),
    ("account is disabled", Class::Suppress(Gone::Closed)),
    ("account has been disabled", Class::Suppress(Gone::Closed)),
    ("mailbox disabled", Class::Suppress(Gone::Closed)),
    ("mailbox is disabled", Class::Suppress(Gone::Closed)),
    ("user disabled", Class::Suppress(Gone::Closed)),
    ("user suspended", Class::Suppress(Gone::Closed)),
    ("user is suspended", Class::Suppress(Gone::Closed)),
    ("account suspended", Class::Suppress(Gone::Closed)),
    ("account is inactive", Class::Suppress(Gone::Closed)),
    ("mailbox is inactive", Class::Suppress(Gone::Closed)),
    ("inactive user", Class::Suppress(Gone::Closed)),
    ("mailbox no longer", Class::Suppress(Gone::Closed)),
    ("domain not found", Class::Suppress(Gone::NoDomain)),
    (
        "host or domain name not found",
        Class::Suppress(Gone::NoDomain),
    ),
    ("does not accept mail", Class::Suppress(Gone::NoDomain)),
    ("user unknown", Class::Suppress(Gone::NoMailbox)),
    ("unknown user", Class::Suppress(Gone::NoMailbox)),
    ("unknown recipient", Class::Suppress(Gone::NoMailbox)),
    ("recipient unknown", Class::Suppress(Gone::NoMailbox)),
    ("user not found", Class::Suppress(Gone::NoMailbox)),
    ("mailbox not found", Class::Suppress(Gone::NoMailbox)),
    ("recipient not found", Class::Suppress(Gone::NoMailbox)),
    ("address not found", Class::Suppress(Gone::NoMailbox)),
    ("user doesn't exist", Class::Suppress(Gone::NoMailbox)),
    ("does not exist", Class::Suppress(Gone::NoMailbox)),
    ("user doesn't have a", Class::Suppress(Gone::NoMailbox)),
    ("no such user", Class::Suppress(Gone::NoMailbox)),
    ("no such recipient", Class::Suppress(Gone::NoMailbox)),
    ("no such mailbox", Class::Suppress(Gone::NoMailbox)),
    ("no mailbox here", Class::Suppress(Gone::NoMailbox)),
    ("invalid recipient", Class::Suppress(Gone::NoMailbox)),
    ("invalid mailbox", Class::Suppress(Gone::NoMailbox)),
    ("mailbox unavailable", Class::Suppress(Gone::NoMailbox)),
    ("用户不存在", Class::Suppress(Gone::NoMailbox)),
    // Exchange, with a status that means something else elsewhere.
    ("recipientnotfound", Class::Suppress(Gone::NoMailbox)),
    // Exchange Online says so of who is in no directory.
    (
        "recipient address rejected: access denied",
        Class::Suppress(Gone::NoMailbox),
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    use Class::{Later, OurFault, Slower, Stop, Suppress};
    use Stage::{Connection, Content, Recipient, Sender};

    const ANSWERS: &[(Stage, &str, Class)] = &[
        // QQ.
        (
            Recipient,
            "550 Connection frequency limited. http://service.example/?id=1",
            Slower,
        ),
        (Content, "550 Domain frequency limited [MSG]", Slower),
        (Content, "550 Ip frequency limited.", Slower),
        (
            Recipient,
            "550 Mailbox not found. http://service.example/",
            Suppress(Gone::NoMailbox),
        ),
        (
            Recipient,
            "550 Mailbox unavailable or access denied",
            Stop(Unwanted::Unknown),
        ),
        (
            Content,
            "550 Mail content denied. http://service.example/",
            Stop(Unwanted::Content),
        ),
        (
            Content,
            "550 Mail is rejected by recipients [x]",
            Stop(Unwanted::Content),
        ),
        // NetEase.
        (Connection, "421 HL:IFC 163 gzga-mx-mtada-g1-0,_w1", Slower),
        (Connection, "421 Too many connections", Slower),
        (Recipient, "450 RP:DRC 163 smtp1", Slower),
        (Sender, "450 MI:DMC 126 mx2", Slower),
        (Recipient, "451 RP:QRC 163 mx3", Slower),
        (Content, "451 DT:SPM ,please try again", Later),
        (
            Recipient,
            "450 Requested mail action not taken: mailbox unavailable",
            Later,
        ),
        (
            Content,
            "451 Requested action aborted: local error in processing",
            Later,
        ),
        (Recipient, "550 RP:TRC 163 mx3", Slower),
        (Sender, "554 MI:STC 163 mx4", Slower),
        (
            Content,
            "554 DT:SPM 163 mx5,http://mail.example/help",
            Stop(Unwanted::Content),
        ),
        (Connection, "554 HL:IHU 163 mx5", OurFault),
        (Sender, "553 Mail from must equal authorized user", OurFault),
        (
            Recipient,
            "550 User not found: ann@163.example",
            Suppress(Gone::NoMailbox),
        ),
        (Recipient, "550 User suspended", Suppress(Gone::Closed)),
        (Content, "552 Illegal Attachment", Stop(Unwanted::Content)),
        (Recipient, "550 频率过高", Slower),
        // Gmail.
        (
            Recipient,
            "550 5.1.1 The email account that you tried to reach does not exist.",
            Suppress(Gone::NoMailbox),
        ),
        (
            Recipient,
            "550 5.2.1 The email account that you tried to reach is disabled.",
            Suppress(Gone::Closed),
        ),
        (
            Recipient,
            "452 4.2.2 The email account that you tried to reach is over quota.",
            Later,
        ),
        (
            Recipient,
            "552 5.2.2 The recipient's inbox is out of storage space.",
            Later,
        ),
        (
            Recipient,
            "450 4.2.1 The user you are trying to contact is receiving mail too quickly.",
            Later,
        ),
        (
            Content,
            "421 4.7.28 Our system has detected an unusual rate of unsolicited mail",
            Slower,
        ),
        (
            Content,
            "550 5.7.1 This message is likely unsolicited mail.",
            Stop(Unwanted::Content),
        ),
        (
            Content,
            "550 5.7.26 Your email has been blocked because the sender is unauthenticated.",
            OurFault,
        ),
        (
            Content,
            "552 5.7.0 This message was blocked because its content presents a potential security issue.",
            Stop(Unwanted::Content),
        ),
        // Outlook, Exchange.
        (
            Recipient,
            "550 5.5.0 Requested action not taken: mailbox unavailable",
            Suppress(Gone::NoMailbox),
        ),
        (
            Recipient,
            "550 5.4.1 Recipient address rejected: Access denied.",
            Suppress(Gone::NoMailbox),
        ),
        (
            Connection,
            "550 5.7.1 messages from [192.0.2.1] weren't sent; on our block list (S3150)",
            OurFault,
        ),
        (
            Sender,
            "451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited",
            Slower,
        ),
        (
            Recipient,
            "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup",
            Stop(Unwanted::Policy),
        ),
        // Yahoo.
        (
            Sender,
            "421 4.7.0 [TSS04] Messages temporarily deferred due to unexpected volume",
            Slower,
        ),
        (
            Content,
            "554 delivery error: dd This user doesn't have a yahoo.example account",
            Suppress(Gone::NoMailbox),
        ),
        // Postfix, Exim and others.
        (
            Recipient,
            "450 4.2.0 <a@b.example>: Recipient address rejected: Greylisted",
            Later,
        ),
        (
            Recipient,
            "550 5.1.1 <a@b.example>: Recipient address rejected: User unknown in virtual mailbox table",
            Suppress(Gone::NoMailbox),
        ),
        (
            Recipient,
            "554 5.7.1 <a@b.example>: Relay access denied",
            OurFault,
        ),
        (
            Recipient,
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
            Suppress(Gone::NoMailbox),
        ),
        (
            Recipient,
            "556 5.1.10 no service here",
            Suppress(Gone::NoDomain),
        ),
        (
            Recipient,
            "550 Verification failed for <bounce+t@example.org> 550-no such user here 550 Sender verify failed",
            OurFault,
        ),
        (
            Recipient,
            "550 5.7.1 old versions of TLS are disabled, and the host doesn't have a name",
            Stop(Unwanted::Policy),
        ),
        (
            Recipient,
            "550 Administrative prohibition",
            Stop(Unwanted::Unknown),
        ),
        (
            Content,
            "552 5.3.4 Message size exceeds fixed limit",
            Stop(Unwanted::Size),
        ),
        (Content, "554 5.6.0 Mail rejected", Stop(Unwanted::Content)),
        (Connection, "535 5.7.8 authentication failed", OurFault),
        (
            Connection,
            "454 4.7.0 Temporary authentication failure",
            Later,
        ),
        (Recipient, "503 5.5.1 bad sequence", Stop(Unwanted::Unknown)),
    ];

    #[test]
    fn answers_mean_what_those_who_give_them_mean() {
        for (stage, line, expected) in ANSWERS {
            assert_eq!(class(*stage, line), *expected, "{line}");
        }
    }

    fn class(stage: Stage, line: &str) -> Class {
        let (code, text) = line.split_once(' ').unwrap();
        let reply = Reply {
            stage,
            code: code.parse().unwrap(),
            text: text.to_owned(),
        };
        classify(&if reply.code < 500 {
            Outcome::Deferred(reply)
        } else {
            Outcome::Refused(reply)
        })
    }

    #[test]
    fn what_was_not_answered_is_told_by_where_it_broke() {
        let accepted = Reply {
            stage: Stage::Content,
            code: 250,
            text: "ok".to_owned(),
        };
        assert_eq!(classify(&Outcome::Accepted(accepted)), Class::Sent);
        assert_eq!(classify(&Outcome::Unreachable(String::new())), Class::Later);
        assert_eq!(classify(&Outcome::Uncertain(String::new())), Class::Unsure);
    }

    #[test]
    fn reports_are_read_like_answers() {
        let status = |text: &str| text.parse().ok();
        let no_mailbox = Class::Suppress(Gone::NoMailbox);
        for (status, diagnostic, expected) in [
            (status("5.1.1"), "smtp; 550 5.1.1 no", no_mailbox),
            (status("5.0.0"), "smtp; 550-User not found", no_mailbox),
            (
                status("5.0.0"),
                "smtp; 550 Connection frequency limited",
                Class::Slower,
            ),
            (status("5.1.1"), "", no_mailbox),
            (
                status("5.4.4"),
                "X-Postfix; Host or domain name not found.",
                Class::Suppress(Gone::NoDomain),
            ),
            (status("4.4.1"), "", Class::Later),
            (status("5.2.2"), "smtp; 552 mailbox full", Class::Later),
            (None, "", Class::Stop(Unwanted::Unknown)),
        ] {
            assert_eq!(
                classify_report(status, diagnostic),
                expected,
                "{diagnostic}"
            );
        }
    }
}

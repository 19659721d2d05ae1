//! What the pages say of letters and certificates.

use chrono::{Datelike as _, NaiveDate};
use domain::credential::{CredentialKind, CredentialState};
use words::Language;
use words::Language::{Chinese, English};

use super::either;

pub(in crate::page) fn verification(language: Language) -> &'static str {
    either(language, "Verification", "核验")
}

pub(in crate::page) fn verify(language: Language) -> &'static str {
    either(
        language,
        "Is this letter or certificate genuine?",
        "核验聘书与证书",
    )
}

pub(in crate::page) fn code(language: Language) -> &'static str {
    either(
        language,
        "The verification code on it, as in 7K3M-9QXT-0A2B-ZZ1W",
        "证件上的核验码，例如 7K3M-9QXT-0A2B-ZZ1W",
    )
}

pub(in crate::page) fn look_up(language: Language) -> &'static str {
    either(language, "Verify", "核验")
}

pub(in crate::page) fn file(language: Language) -> &'static str {
    either(
        language,
        "Or the PDF file itself. It is compared and not kept.",
        "或上传 PDF 文件进行比对，文件不会被保存。",
    )
}

pub(in crate::page) fn compare(language: Language) -> &'static str {
    either(language, "Compare the file", "比对文件")
}

pub(in crate::page) fn unknown_code(language: Language) -> &'static str {
    either(
        language,
        "There is no letter or certificate with this code. Please compare it with the paper.",
        "没有与此核验码对应的聘书或证书，请与纸面核对。",
    )
}

pub(in crate::page) fn unknown_file(language: Language) -> &'static str {
    either(
        language,
        "This file was not issued here, or it was changed since.",
        "此文件并非由本系统签发，或签发后已被改动。",
    )
}

pub(in crate::page) fn no_file(language: Language) -> &'static str {
    either(language, "Please choose a PDF file.", "请选择 PDF 文件。")
}

pub(in crate::page) fn large_file(language: Language) -> &'static str {
    either(
        language,
        "This file is larger than any that was issued here.",
        "此文件过大，并非由本系统签发。",
    )
}

pub(in crate::page) fn too_often(language: Language) -> (&'static str, &'static str) {
    match language {
        English => (
            "Please wait a minute",
            "From your network many codes were asked for that do not exist. Please try again in a minute.",
        ),
        Chinese => (
            "请稍候再试",
            "您所在的网络查询了过多不存在的核验码，请一分钟后再试。",
        ),
    }
}

/// The state for the style, and in words.
pub(in crate::page) fn state(
    language: Language,
    state: CredentialState,
) -> (&'static str, &'static str) {
    match state {
        CredentialState::Valid => ("yes", either(language, "Valid", "有效")),
        CredentialState::Expired => ("maybe", either(language, "Expired", "已到期")),
        CredentialState::Revoked => ("no", either(language, "Revoked", "已撤销")),
        CredentialState::Superseded => ("maybe", either(language, "Superseded", "已被取代")),
    }
}

pub(in crate::page) fn revoked(language: Language, day: &str, reason: &str) -> String {
    match language {
        English => format!("It has not been valid since {day}. Reason: {reason}"),
        Chinese => format!("自{day}起不再有效。原因：{reason}"),
    }
}

pub(in crate::page) fn superseded(language: Language, day: &str) -> String {
    match language {
        English => format!("Since {day} another stands in its place."),
        Chinese => format!("自{day}起由新的证件取代。"),
    }
}

pub(in crate::page) fn expired(language: Language, day: &str) -> String {
    match language {
        English => format!("Its term ended on {day}."),
        Chinese => format!("期限至{day}为止。"),
    }
}

pub(in crate::page) fn successor(language: Language, number: &str) -> String {
    match language {
        English => format!("Show {number}"),
        Chinese => format!("查看{number}"),
    }
}

pub(in crate::page) fn number(language: Language) -> &'static str {
    either(language, "Number", "编号")
}

pub(in crate::page) fn holder(language: Language) -> &'static str {
    either(language, "Issued to", "持有人")
}

pub(in crate::page) fn title(language: Language, kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::AppointmentLetter => either(language, "Post", "职务"),
        CredentialKind::AwardCertificate => either(language, "Award", "奖项"),
        CredentialKind::Plaque => either(language, "Title", "称号"),
        CredentialKind::AttendanceCertificate => either(language, "Took part as", "参会身份"),
    }
}

pub(in crate::page) fn body(language: Language, kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::AttendanceCertificate => either(language, "From", "单位"),
        CredentialKind::AppointmentLetter
        | CredentialKind::AwardCertificate
        | CredentialKind::Plaque => either(language, "Appointed to", "任职机构"),
    }
}

pub(in crate::page) fn term(language: Language, kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::AppointmentLetter => either(language, "Term", "聘期"),
        CredentialKind::AwardCertificate
        | CredentialKind::Plaque
        | CredentialKind::AttendanceCertificate => either(language, "Term", "有效期"),
    }
}

pub(in crate::page) fn event(language: Language) -> &'static str {
    either(language, "Event", "活动")
}

pub(in crate::page) fn issuers(language: Language) -> &'static str {
    either(language, "Issued by", "颁发单位")
}

pub(in crate::page) fn signatory(language: Language) -> &'static str {
    either(language, "Signed by", "签发人")
}

pub(in crate::page) fn dated(language: Language) -> &'static str {
    either(language, "Dated", "落款日期")
}

pub(in crate::page) fn office(language: Language) -> &'static str {
    either(language, "Office", "经办机构")
}

/// A day as papers have it: `1 March 2027`, `2027年3月1日`.
pub(in crate::page) fn date(language: Language, day: NaiveDate) -> String {
    match language {
        // The months are English whatever the system speaks.
        English => day.format("%-d %B %Y").to_string(),
        Chinese => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
    }
}

/// A term, as far as it is bounded.
pub(in crate::page) fn span(
    language: Language,
    since: Option<NaiveDate>,
    until: Option<NaiveDate>,
) -> Option<String> {
    let since = since.map(|day| date(language, day));
    let until = until.map(|day| date(language, day));
    Some(match (language, since, until) {
        (_, None, None) => return None,
        (English, Some(since), Some(until)) => format!("{since} to {until}"),
        (English, Some(since), None) => format!("from {since}"),
        (English, None, Some(until)) => format!("until {until}"),
        (Chinese, Some(since), Some(until)) => format!("{since}至{until}"),
        (Chinese, Some(since), None) => format!("自{since}起"),
        (Chinese, None, Some(until)) => format!("至{until}"),
    })
}

/// What whoever has the paper is to do.
pub(in crate::page) fn all_must_agree(language: Language) -> &'static str {
    either(
        language,
        "The paper is genuine only if it agrees with this. A picture of a seal or of a signature proves nothing.",
        "纸面内容须与以上信息一致。印章或签名的图像不能作为凭证。",
    )
}

pub(in crate::page) fn file_is_genuine(language: Language) -> &'static str {
    either(
        language,
        "The file is the document that was issued, unchanged.",
        "该文件与签发的文件完全一致，未被改动。",
    )
}

pub(in crate::page) fn another(language: Language) -> &'static str {
    either(language, "Verify another", "核验另一份")
}

pub(in crate::page) fn read_document(language: Language) -> &'static str {
    either(language, "Open the document (PDF)", "打开文件（PDF）")
}

pub(in crate::page) fn not_made(language: Language) -> &'static str {
    either(
        language,
        "Its document is being made. Please come back in a few minutes.",
        "文件正在生成，请几分钟后再来查看。",
    )
}

pub(in crate::page) fn question(language: Language) -> &'static str {
    either(
        language,
        "Do you accept this appointment?",
        "您是否接受此项聘任？",
    )
}

pub(in crate::page) fn accept(language: Language) -> &'static str {
    either(language, "Accept the appointment", "接受聘任")
}

pub(in crate::page) fn accepted(language: Language, moment: &str) -> String {
    match language {
        English => format!("Accepted on {moment}"),
        Chinese => format!("已于{moment}接受聘任"),
    }
}

pub(in crate::page) fn not_pressed(language: Language) -> &'static str {
    either(
        language,
        "Nothing was recorded: please press the button.",
        "未提交任何内容，请点击按钮。",
    )
}

pub(in crate::page) fn not_accepted(language: Language) -> &'static str {
    either(
        language,
        "Nothing was recorded: this is no appointment in force.",
        "未能提交：此项聘任当前无效。",
    )
}

pub(in crate::page) fn theirs_alone(
    language: Language,
    name: &str,
    kind: CredentialKind,
) -> String {
    let is_accepted = kind == CredentialKind::AppointmentLetter;
    match (language, is_accepted) {
        (English, true) => format!(
            "This page is for {name} only. Whoever has its address can read the document and accept in \
             their name."
        ),
        (English, false) => {
            format!("This page is for {name} only. Whoever has its address can read the document.")
        }
        (Chinese, true) => {
            format!("本页仅供{name}本人使用，获得此链接者可查看文件并代为接受，请勿转发。")
        }
        (Chinese, false) => {
            format!("本页仅供{name}本人使用，获得此链接者可查看文件，请勿转发。")
        }
    }
}

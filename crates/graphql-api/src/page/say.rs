//! What the pages say, in English and in Chinese.

pub(super) mod credential;

use domain::invitation::InvitationAnswer;
use words::Language;
use words::Language::{Chinese, English};

/// The words of one language of two.
fn either(language: Language, english: &'static str, chinese: &'static str) -> &'static str {
    match language {
        English => english,
        Chinese => chinese,
    }
}

pub(super) fn unknown(language: Language) -> (&'static str, &'static str) {
    match language {
        English => (
            "This link does not work",
            "It may be incomplete, or a newer one has replaced it. Please use the link in the most recent mail.",
        ),
        Chinese => (
            "此链接无效",
            "链接可能不完整，或已被新的链接取代。请使用最近一封邮件中的链接。",
        ),
    }
}

pub(super) fn broken(language: Language) -> (&'static str, &'static str) {
    match language {
        English => (
            "Something went wrong",
            "It was not your doing. Please try again in a few minutes.",
        ),
        Chinese => ("出了点问题", "这不是您的问题，请过几分钟再试。"),
    }
}

pub(super) fn invitation(language: Language) -> &'static str {
    either(language, "Invitation", "邀请")
}

pub(super) fn when(language: Language) -> &'static str {
    either(language, "When", "时间")
}

pub(super) fn place(language: Language) -> &'static str {
    either(language, "Where", "地点")
}

pub(super) fn invited(language: Language) -> &'static str {
    either(language, "Invited", "受邀人")
}

pub(super) fn office(language: Language) -> &'static str {
    either(language, "Invited by", "邀请方")
}

pub(super) fn your_part(language: Language) -> &'static str {
    either(language, "Your part", "您的环节")
}

pub(super) fn question(language: Language, is_answered: bool) -> &'static str {
    if is_answered {
        either(language, "Has your answer changed?", "如需更改答复")
    } else {
        either(language, "Will you come?", "您会出席吗？")
    }
}

/// The question to those who wait for a place.
pub(super) fn question_of_those_who_wait(language: Language) -> &'static str {
    either(
        language,
        "Are you unable to come after all?",
        "如您无法出席，请告知我们",
    )
}

/// By which clocks times are told that do not say so themselves.
pub(super) fn clocks(language: Language, clocks: &str) -> String {
    match language {
        English => format!("Times are local: {clocks}"),
        Chinese => format!("以下均为当地时间：{clocks}"),
    }
}

/// Until when to answer, or that it was until then.
pub(super) fn answer_by(language: Language, by: &str, is_over: bool) -> String {
    match (language, is_over) {
        (English, false) => format!("Please answer by {by}."),
        (English, true) => format!("You were asked to answer by {by}. You still can."),
        (Chinese, false) => format!("请于{by}之前答复。"),
        (Chinese, true) => format!("原定于{by}之前答复，现在仍可答复。"),
    }
}

/// Whoever comes from a mail has pressed a button there: nothing is sent by that.
pub(super) fn press_to_confirm(language: Language) -> &'static str {
    either(
        language,
        "Your choice is not recorded until you confirm it:",
        "您的选择尚未提交，请确认：",
    )
}

pub(super) fn confirm(language: Language, chosen: InvitationAnswer) -> String {
    let button = button(language, chosen);
    match language {
        English => format!("Confirm: {button}"),
        Chinese => format!("确认{button}"),
    }
}

pub(super) fn button(language: Language, answer: InvitationAnswer) -> &'static str {
    match answer {
        InvitationAnswer::Accepted => either(language, "Yes, I will come", "出席"),
        InvitationAnswer::Tentative => either(language, "Maybe", "待定"),
        InvitationAnswer::Declined => either(language, "No, I cannot come", "无法出席"),
    }
}

pub(super) fn comment(language: Language) -> &'static str {
    either(
        language,
        "A note to the organisers (optional)",
        "给主办方的留言（选填）",
    )
}

pub(super) fn answered(language: Language, answer: InvitationAnswer) -> &'static str {
    match answer {
        InvitationAnswer::Accepted => either(
            language,
            "Your answer is recorded: you will come.",
            "已收到您的答复：出席。",
        ),
        InvitationAnswer::Tentative => either(
            language,
            "Your answer is recorded: you may come.",
            "已收到您的答复：待定。",
        ),
        InvitationAnswer::Declined => either(
            language,
            "Your answer is recorded: you cannot come.",
            "已收到您的答复：无法出席。",
        ),
    }
}

pub(super) fn not_answered(language: Language) -> &'static str {
    either(language, "You have not answered yet.", "您尚未答复。")
}

/// Around what somebody wrote.
pub(super) fn wrote(language: Language, comment: &str) -> String {
    match language {
        English => format!("You wrote: “{comment}”"),
        Chinese => format!("您的留言：“{comment}”"),
    }
}

pub(super) fn waits(language: Language) -> &'static str {
    either(
        language,
        "You are on the waiting list. You will be told when there is a place for you.",
        "您在候补名单上。如有名额，将另行通知。",
    )
}

pub(super) fn called_off(language: Language) -> &'static str {
    either(
        language,
        "This event has been called off.",
        "本次活动已取消。",
    )
}

pub(super) fn over(language: Language) -> &'static str {
    either(language, "This event is over.", "本次活动已结束。")
}

pub(super) fn struck_off(language: Language) -> (&'static str, &'static str) {
    match language {
        English => (
            "You are no longer expected at this event.",
            "If you think that this is a mistake, please write to the organisers.",
        ),
        Chinese => (
            "您已不在本次活动的出席名单上。",
            "如有疑问，请与主办方联系。",
        ),
    }
}

pub(super) fn was_there(language: Language) -> &'static str {
    either(language, "You were there.", "您已出席本次活动。")
}

pub(super) fn theirs_alone(language: Language, name: &str) -> String {
    match language {
        English => {
            format!(
                "This page is for {name} only. Whoever has its address can answer in their name."
            )
        }
        Chinese => format!("本页仅供{name}本人使用，获得此链接者可代为答复，请勿转发。"),
    }
}

pub(super) fn no_answer(language: Language) -> &'static str {
    either(
        language,
        "Nothing was recorded: please press one of the buttons.",
        "未提交任何答复，请点选其中一项。",
    )
}

pub(super) fn bad_comment(language: Language) -> &'static str {
    either(
        language,
        "Your answer was not recorded: the note is too long, or has characters that cannot be kept.",
        "您的答复未能提交：留言过长，或含有无法保存的字符。",
    )
}

pub(super) fn not_taken(language: Language) -> &'static str {
    either(
        language,
        "Your answer was not recorded, since things have changed in the meantime.",
        "情况已有变化，您的答复未能提交。",
    )
}

pub(super) fn leave(language: Language) -> &'static str {
    either(language, "No more mail?", "不再接收邮件？")
}

pub(super) fn what_leaving_does(language: Language, office: &str, address: &str) -> String {
    match language {
        English => format!(
            "{office} will send nothing more to {address}: no invitations, and no word of changes to sessions \
             that you take part in."
        ),
        Chinese => format!(
            "确认后，{office}将不再向{address}发送任何邮件，包括邀请函，以及您所参加环节的变动通知。"
        ),
    }
}

pub(super) fn leave_button(language: Language) -> &'static str {
    either(language, "No more mail", "不再接收")
}

pub(super) fn left(language: Language) -> &'static str {
    either(language, "You will get no more mail", "您将不再收到邮件")
}

pub(super) fn what_left_means(language: Language, office: &str, address: &str) -> String {
    match language {
        English => format!(
            "{office} sends no more invitations and no more news to {address}. Only that you are no longer \
             expected somewhere is still told."
        ),
        Chinese => {
            format!("{office}不再向{address}发送邀请和变更通知，仅在您的参会安排取消时告知。")
        }
    }
}

pub(super) fn come_back(language: Language) -> &'static str {
    either(language, "I want mail again", "恢复接收")
}

pub(super) fn no_address(language: Language, office: &str) -> String {
    match language {
        English => format!("{office} has no address of yours to write to."),
        Chinese => format!("{office}没有您的邮箱地址。"),
    }
}

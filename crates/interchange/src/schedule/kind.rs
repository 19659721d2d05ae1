//! What schedules call kinds of events and roles of people, in the words of the domain.

use domain::agenda::AgendaItemKind;
use domain::appearance::AppearanceRole;

/// The kind that a type stands for, if it is one that is known.
pub(super) fn item(written: &str) -> Option<AgendaItemKind> {
    use AgendaItemKind as Kind;
    Some(match folded(written).as_str() {
        "talk" | "talks" | "lecture" | "devroom" | "maintrack" | "presentation" | "session"
        | "lightningtalk" | "lightningtalks" | "lightning" | "longtalk" | "shorttalk"
        | "vortrag" | "conference" => Kind::Talk,
        "speech" => Kind::Speech,
        "keynote" | "keynotes" => Kind::Keynote,
        "opening" | "openingevent" | "openingceremony" | "welcome" => Kind::Opening,
        "closing" | "closingevent" | "closingceremony" => Kind::Closing,
        "workshop" | "workshops" | "handson" | "tutorial" | "training" | "hackingsession" => {
            Kind::Workshop
        }
        "panel" | "panels" | "paneldiscussion" | "podium" => Kind::Panel,
        "discussion" | "meeting" | "meetup" | "bof" | "bofs" | "birdsofafeather" | "debate" => {
            Kind::Discussion
        }
        "roundtable" => Kind::RoundTable,
        "break" | "breaks" | "pause" | "coffee" | "coffeebreak" => Kind::Break,
        "meal" | "lunch" | "dinner" | "breakfast" | "lunchbreak" | "food" => Kind::Meal,
        "registration" | "checkin" | "signin" => Kind::SignIn,
        "awards" | "awardceremony" => Kind::AwardCeremony,
        "tour" | "excursion" | "visit" => Kind::Visit,
        "other" | "game" | "performance" | "concert" | "music" | "film" | "movie" | "party"
        | "contest" | "podcast" | "show" | "entertainment" => Kind::Other,
        _ => return None,
    })
}

/// The role that a word stands for, if it is one that is known.
pub(super) fn role(written: &str) -> Option<AppearanceRole> {
    use AppearanceRole as Role;
    Some(match folded(written).as_str() {
        "speaker" | "speakers" | "presenter" | "author" => Role::Speaker,
        "keynotespeaker" | "keynote" => Role::KeynoteSpeaker,
        "moderator" | "herald" => Role::Moderator,
        "chair" | "sessionchair" => Role::Chair,
        "panelist" | "panellist" => Role::Panelist,
        "host" => Role::Host,
        "interpreter" | "translator" => Role::Interpreter,
        "lead" | "leader" | "trainer" => Role::Lead,
        _ => return None,
    })
}

/// The letters alone, small.
fn folded(written: &str) -> String {
    let letters = written.chars().filter(|one| one.is_alphanumeric());
    letters.flat_map(char::to_lowercase).take(40).collect()
}

//! Mail in the product of a test: who is invited, who writes, and which address takes none.

use domain::id::{EventId, MailTemplateId, SuppressionId};
use domain::workspace::Workspace;
use persistence::{
    Effect, Going, Invited, Issue, IssueWhat, Issued, MailContent, MailSecret, MailToken,
    NewMailTemplate, NewReceivedMail, NewSuppression, PageRequest, ParticipantFilter,
    ParticipantInvite, ParticipantsOf, Unchecked,
};

use crate::{STAGEHAND, TestApp};

impl TestApp {
    /// Invites everybody on the list of an event that is announced.
    pub async fn invite_everybody(&self, event: EventId) -> Invited {
        let invite = ParticipantInvite {
            event,
            people: Vec::new(),
            participants: Vec::new(),
            organizations: Vec::new(),
            like: Some(ParticipantFilter::default()),
            answer_by: None,
            note: None,
            going: Going::Now,
            effect: Effect::Apply,
        };
        let invited = self.store.invite_participants(&STAGEHAND, invite, None);
        invited.await.expect("they are invited")
    }

    /// Issues the certificates and plaques of an event.
    pub async fn issue_awards(&self, event: EventId) -> Issued {
        let issue = Issue {
            event: Some(event),
            what: IssueWhat::Awards(None),
            on: None,
            languages: None,
            send: false,
            effect: Effect::Apply,
        };
        let issued = self
            .store
            .issue_credentials(&STAGEHAND, issue, &Unchecked, None);
        issued.await.expect("they are issued")
    }

    /// Says that an address takes no mail.
    pub async fn suppress(&self, workspace: &Workspace, address: &str) -> SuppressionId {
        let new = NewSuppression {
            workspace: workspace.id,
            address: address.to_owned(),
            detail: Some("they said so".to_owned()),
        };
        let added = self.store.add_suppression(&STAGEHAND, new, None);
        added.await.expect("an address")
    }

    /// A mail with nothing in it comes in by the address of the first participant of an event.
    pub async fn hear_from_somebody_at(&self, event: EventId) {
        let all = [ParticipantsOf {
            event,
            filter: ParticipantFilter::default(),
            page: PageRequest::default(),
        }];
        let read = self.store.participants_pages(&STAGEHAND, &all);
        let mut pages = read.await.expect("participants").into_values();
        let page = pages.next().expect("a page").expect("a page");
        let (_, first) = page.items.into_iter().next().expect("a participant");
        let secret = self.store.mail_secret(&first, MailSecret::Reply).await;
        let raw = event.to_string();
        let mail = NewReceivedMail {
            raw: raw.as_bytes(),
            recipient: None,
            sender: Some("somebody@example.org".to_owned()),
            subject: Some("Thank you".to_owned()),
            token: Some(MailToken::Answer(secret.expect("a secret"))),
            content: MailContent::Letter("Which way is it?".to_owned()),
        };
        self.store.receive_mail(mail).await.expect("it is taken");
    }

    /// Puts a template in place of ours.
    pub async fn word_mails(&self, workspace: &Workspace, source: &str) -> MailTemplateId {
        let new = NewMailTemplate {
            workspace: workspace.id,
            name: "en/reminder.txt".to_owned(),
            source: source.to_owned(),
            seen: None,
            problems: Vec::new(),
        };
        let set = self.store.set_mail_template(&STAGEHAND, new, None);
        set.await.expect("a template")
    }
}

//! An event at which letters and certificates are given.

use chrono::TimeDelta;
use domain::credential::{Credential, CredentialKind, PaperLanguages};
use domain::event::Event;
use domain::workspace::Workspace;
use persistence::{Effect, Issue, IssueWhat, Reissue, Seen, Store, Unchecked};
use poem::http::Method;
use tests::{Backend, STAGEHAND, TestApp};

use super::{Got, asked};

/// What people write may look like anything.
const PAPERS: &str = r#"
key: papers
language: zh-Hans
title: { zh-Hans: 产教融合论坛, en: "The <b>Forum</b>" }
time: { timeZone: Asia/Shanghai, startsOn: 2025-01-01, endsOn: 2025-01-02 }
organizations:
- { key: city, kind: DEPARTMENT, name: { zh-Hans: 示例市, en: City of Example } }
- { key: works, kind: COMPANY, name: { zh-Hans: 示例工厂, en: Example Works } }
- { key: council, kind: COMMITTEE, name: { zh-Hans: 示例理事会, en: Example Council } }
- { key: board, kind: COMMITTEE, name: 示例委员会 }
people:
- { key: wang, name: 王小明, transcription: Wang Xiaoming, email: wang@example.org }
- { key: ada, name: "Ada <script>", email: ada@example.org }
- { key: bo, name: Bo Sample }
roles:
- { organization: city, role: HOST }
- { organization: works, role: ATTENDING, delegation: { quota: 3, delegates: [bo] } }
participants:
- { person: wang, status: ATTENDED }
- { person: ada, status: ATTENDED, representing: city }
- { person: bo, status: ATTENDED }
letters:
- { key: wang-letter, appointee: wang, body: council, post: 理事, since: 2025-01-01, until: 2025-12-31,
    issuers: [city, works], signatory: "示例人，会长", number: 聘〔2025〕7/1号, status: DRAFT }
- { key: ada-letter, appointee: ada, body: board, post: "Adviser & </main>", issuers: [works], status: DRAFT }
awards:
- { key: medal, kind: HONOUR, title: { zh-Hans: 城市奖章, en: Medal of the City }, grantors: [city],
    recipients: [{ person: ada }] }
- { key: model, kind: PLAQUE, title: { zh-Hans: 示范单位, en: Model Works }, grantors: [city],
    recipients: [{ organization: works }] }
"#;

pub(super) struct Papers {
    pub(super) app: TestApp,
    pub(super) home: Workspace,
    pub(super) event: Event,
}

impl Papers {
    pub(super) async fn new(backend: Backend) -> Self {
        Self::of(backend, PAPERS).await
    }

    pub(super) async fn of(backend: Backend, document: &str) -> Self {
        let app = TestApp::new(backend).await;
        let home = app.workspace("home").await;
        let event = app.import(&home, document).await;
        Self { app, home, event }
    }

    pub(super) fn store(&self) -> &Store {
        &self.app.store
    }

    pub(super) async fn issue(
        &self,
        what: IssueWhat,
        languages: PaperLanguages,
    ) -> Vec<Credential> {
        let issue = Issue {
            event: Some(self.event.id),
            what,
            on: None,
            languages: Some(languages),
            send: false,
            effect: Effect::Apply,
        };
        let issued = self
            .store()
            .issue_credentials(&STAGEHAND, issue, &Unchecked, None);
        issued.await.expect("they are issued").credentials
    }

    /// The letters of Wang and of Ada.
    pub(super) async fn letters(&self) -> [Credential; 2] {
        let issued = self.issue(IssueWhat::Letters(None), PaperLanguages::Bilingual);
        issued.await.try_into().expect("two letters")
    }

    /// All there is to issue: two letters, a certificate, a plaque, three who were there.
    pub(super) async fn everything(&self) -> Vec<Credential> {
        let mut all = Vec::from(self.letters().await);
        for what in [IssueWhat::Awards(None), IssueWhat::Attendance(None)] {
            all.extend(self.issue(what, PaperLanguages::English).await);
        }
        all
    }

    /// Makes the documents that are to be made.
    pub(super) async fn print(&self) {
        loop {
            let claimed = self
                .store()
                .claim_prints(None, 1_000, TimeDelta::minutes(5))
                .await;
            let claimed = claimed.expect("a claim").into_iter();
            let made: Vec<_> = claimed
                .map(|one| {
                    let pdf = pdf(&one.credential);
                    (one, pdf)
                })
                .collect();
            if made.is_empty() {
                return;
            }
            let kept = self.store().keep_prints(&made).await;
            assert_eq!(kept.expect("they are kept"), made.len() as u64);
        }
    }

    pub(super) async fn now(&self, of: &Credential) -> Credential {
        let found = self.store().credentials(&STAGEHAND, &[of.id]).await;
        found.expect("credentials").remove(0)
    }

    pub(super) async fn revoke(&self, of: &Credential, reason: &str) {
        let seen = Seen {
            id: of.id,
            version: self.now(of).await.version,
        };
        let done = self
            .store()
            .revoke_credential(&STAGEHAND, seen.id, Some(seen.version), reason);
        Box::pin(done).await.expect("it is taken back");
    }

    pub(super) async fn reissue(&self, of: &Credential) -> Credential {
        let reissue = Reissue {
            seen: Seen {
                id: of.id,
                version: self.now(of).await.version,
            },
            languages: None,
            send: false,
        };
        let done = self
            .store()
            .reissue_credential(&STAGEHAND, reissue, &Unchecked, None);
        let mut done = Box::pin(done).await.expect("it is issued anew");
        done.credentials.remove(0)
    }

    pub(super) async fn secret(&self, of: &Credential) -> String {
        let secret = self.store().credential_secret(of.id).await;
        secret.expect("a secret")
    }

    pub(super) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Got {
        asked(&self.app, Method::GET, path, headers, None).await
    }

    pub(super) async fn read(&self, path: &str, languages: &str) -> Got {
        self.get(path, &[("Accept-Language", languages)]).await
    }

    pub(super) async fn json(&self, path: &str) -> Got {
        self.get(path, &[("Accept", "application/json")]).await
    }

    pub(super) async fn as_bearer(&self, path: &str, token: &str) -> Got {
        let token = format!("Bearer {token}");
        self.get(path, &[("Authorization", &token)]).await
    }

    pub(super) async fn post(&self, path: &str, media: &str, body: &[u8]) -> Got {
        let headers = [("Content-Type", media)];
        asked(&self.app, Method::POST, path, &headers, Some(body)).await
    }
}

/// What stands for a document.
pub(super) fn pdf(of: &Credential) -> Vec<u8> {
    format!("%PDF-1.7\n% {}\n", of.number).into_bytes()
}

pub(super) fn of_kind(all: &[Credential], kind: CredentialKind) -> &Credential {
    let mut all = all.iter();
    all.find(|one| one.kind == kind).expect("one of the kind")
}

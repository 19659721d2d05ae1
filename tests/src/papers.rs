//! What the papers of tests are made with.

use std::sync::{Arc, LazyLock};

use credentials::SigningKey;
use documents::{FontSettings, Press};
use domain::Patch;
use domain::credential::PaperKind;
use domain::letterhead::LetterheadPatch;
use domain::workspace::Workspace;
use persistence::{NewPaperTemplate, Seen, Typesetter, letterhead_of};
use registrar::Office;

use crate::app::{SITE, STAGEHAND, TestApp};

impl TestApp {
    /// An office says how its papers look, and puts a template in place of ours.
    pub async fn dress_papers(&self, workspace: &Workspace) {
        let seen = Seen {
            id: letterhead_of(workspace.id),
            version: 0,
        };
        let patch = LetterheadPatch {
            chinese_numerals: Patch::Set(true),
            ..LetterheadPatch::default()
        };
        let said = self.store.update_letterhead(&STAGEHAND, seen, patch);
        Box::pin(said).await.expect("a letterhead");
        let new = NewPaperTemplate {
            workspace: workspace.id,
            kind: PaperKind::Plaque,
            source: "A plaque".to_owned(),
            seen: None,
            problems: Vec::new(),
        };
        let put = self.store.set_paper_template(&STAGEHAND, new, None);
        Box::pin(put).await.expect("a template");
    }
}

/// Somebody who sets type with the fonts that the press brings along: one for the whole run, for it is
/// costly to begin with.
pub fn office() -> Arc<dyn Typesetter> {
    static OFFICE: LazyLock<Arc<Office>> = LazyLock::new(|| {
        let fonts = FontSettings {
            system: false,
            ..FontSettings::default()
        };
        Arc::new(Office {
            press: Press::new(&fonts),
            site: Arc::new(SITE.parse().expect("an address")),
            key: None,
        })
    });
    Arc::clone(&*OFFICE) as Arc<dyn Typesetter>
}

/// What the badges of a test are signed by.
pub fn badge_key() -> SigningKey {
    SigningKey::ed25519(&[7; 32]).expect("a key")
}

/// What they were signed by before.
pub fn former_badge_key() -> SigningKey {
    SigningKey::ed25519(&[6; 32]).expect("a key")
}

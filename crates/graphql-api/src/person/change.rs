//! Making people known, changing what is known of them, and their posts.

use async_graphql::{Context, InputObject, Object, Result};
use domain::id::kind;
use domain::person as facts;

use super::{Person, Post};
use crate::bulk::{OnError, bulk, bulk_payload, bulky, effect};
use crate::change::{TranslationInput, about, editable, outcome, payload, removal, retry, thing};
use crate::id::{GlobalId, global};
use crate::request::session;
use crate::requires::requires;
use crate::scalar::{Date, LanguageTag};
use crate::word::Permission;

editable! {
    facts::PersonPatch [] {
        /// The caller's own name for them, unique among the people of the workspace.
        external_id: Optional String => external_id,
        /// Their full name, as they write it.
        name: Required String => name,
        /// The name in Latin letters, for readers who cannot read its script.
        transcription: Optional String => transcription,
        /// The name in further scripts and languages, each language once. Given, it replaces all.
        further_names: Optional Vec<TranslationInput> => further_names,
        /// Their e-mail address: personal, and shown to those alone who may reach people.
        email: Optional String => email,
        /// Their telephone number: personal, and shown to those alone who may reach people.
        telephone: Optional String => telephone,
        /// The language that they are written to in, where it is not that of the event.
        language: Optional LanguageTag => language,
    }
    /// A person to be made known.
    create PersonCreateInput {
        /// The workspace.
        workspace_id: GlobalId<kind::Workspace>,
    }
    /// What is to be otherwise of a person.
    patch PersonPatch
    /// Which person to change, and how. What was printed for an event stays as it was.
    update PersonUpdateInput (kind::Person)
}

payload! {
    /// What became of making a person known.
    PersonCreatePayload {
        /// The person; null if there were problems.
        person: Person
    }
}
payload! {
    /// What became of changing a person.
    PersonUpdatePayload {
        /// The person as they are known now; null if there were problems.
        person: Person
    }
}
removal!(
    PersonRemoveInput,
    PersonRemovePayload,
    kind::Person,
    "person"
);

/// A person to be made known, one of many.
#[derive(Clone, InputObject)]
pub(crate) struct PersonBulkCreateRow {
    /// The caller's own name for them, unique among the people of the workspace.
    external_id: Option<String>,
    /// Their full name, as they write it.
    name: String,
    /// The name in Latin letters, for readers who cannot read its script.
    transcription: Option<String>,
    /// The name in further scripts and languages, each language once.
    further_names: Option<Vec<TranslationInput>>,
    /// Their e-mail address: personal, and shown to those alone who may reach people.
    email: Option<String>,
    /// Their telephone number: personal, and shown to those alone who may reach people.
    telephone: Option<String>,
    /// The language that they are written to in, where it is not that of the event.
    language: Option<LanguageTag>,
}

bulk! {
    /// People to be made known.
    PersonBulkCreateInput of PersonBulkCreateRow {
        /// The workspace.
        workspace_id: GlobalId<kind::Workspace>,
    }
}
bulk_payload! {
    /// What became of making people known.
    PersonBulkCreatePayload of
    /// What became of one of many people.
    PersonBulkCreateResult {
        /// The person; null if this row was bad, and if none was made known.
        person: Person
    }
}

editable! {
    facts::PostPatch [order] {
        /// What it is called: "vice president".
        title: Required String => title,
        /// Where.
        organization_id: Optional GlobalId<kind::Organization> => organization_id,
        /// The first day.
        since: Optional Date => since,
        /// The last day.
        until: Optional Date => until,
    }
    /// A post to be added to a person.
    create PostAddInput {
        /// Whose it is.
        person_id: GlobalId<kind::Person>,
    }
    /// What is to be otherwise of a post.
    patch PostPatch
    /// Which post to change, and how.
    update PostUpdateInput (kind::Post)
}
payload! {
    /// What became of adding a post.
    PostAddPayload {
        /// The post; null if there were problems.
        post: Post
    }
}
payload! {
    /// What became of changing a post.
    PostUpdatePayload {
        /// The post as it is now; null if there were problems.
        post: Post
    }
}
removal!(PostRemoveInput, PostRemovePayload, kind::Post, "post");

/// Making people known.
#[derive(Debug, Default)]
pub(crate) struct PersonMutation;

#[Object]
impl PersonMutation {
    /// Makes a person known. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn person_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who they are.")] input: PersonCreateInput,
    ) -> Result<PersonCreatePayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let workspace = input.workspace_id.0;
        let made = Box::pin(session.store.create_person(
            &session.actor,
            workspace,
            input.fields(),
            retry.as_ref(),
        ))
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(PersonCreatePayload {
            person: thing!(ctx, id, Person),
            user_errors,
        })
    }

    /// Makes many people known at once. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn person_bulk_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who they are, and what becomes of the good rows where some are bad.")]
        input: PersonBulkCreateInput,
    ) -> Result<PersonBulkCreatePayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let keys = input.rows.iter().map(|row| row.external_id.clone());
        let keys: Vec<_> = keys.collect();
        let bulk = input.bulk(|row| facts::PersonPatch {
            external_id: row.external_id.into(),
            name: domain::Patch::Set(row.name),
            transcription: row.transcription.into(),
            further_names: crate::change::given(row.further_names),
            email: row.email.into(),
            telephone: row.telephone.into(),
            language: row.language.map(|tag| tag.0).into(),
        })?;
        let workspace = input.workspace_id.0;
        let made = Box::pin(session.store.create_people(
            &session.actor,
            workspace,
            bulk,
            retry.as_ref(),
        ))
        .await;
        bulky!(ctx, made, keys, PersonBulkCreatePayload, PersonBulkCreateResult, person: Person)
    }

    /// Changes what is known of a person. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn person_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to change, and how.")] input: PersonUpdateInput,
    ) -> Result<PersonUpdatePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.update_person(
            &session.actor,
            input.seen(),
            input.patch.fields(),
        ))
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(PersonUpdatePayload {
            person: thing!(ctx, id, Person),
            user_errors,
        })
    }

    /// Removes a person of whom nothing speaks, with their posts. Needs the permission
    /// `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn person_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to remove.")] input: PersonRemoveInput,
    ) -> Result<PersonRemovePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.remove_person(&session.actor, input.seen())).await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(PersonRemovePayload {
            removed_id: id.map(global),
            user_errors,
        })
    }

    /// Adds a post to a person. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn post_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose post it is, and which.")] input: PostAddInput,
    ) -> Result<PostAddPayload> {
        let session = session(ctx)?;
        let retry = retry(ctx, input.idempotency_key.as_ref())?;
        let made = Box::pin(session.store.add_post(
            &session.actor,
            input.person_id.0,
            input.fields(),
            input.order(),
            retry.as_ref(),
        ))
        .await;
        let (id, user_errors) = outcome(ctx, made).await?;
        Ok(PostAddPayload {
            post: thing!(ctx, id, Post),
            user_errors,
        })
    }

    /// Changes what is known of a post. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn post_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which post to change, and how.")] input: PostUpdateInput,
    ) -> Result<PostUpdatePayload> {
        let session = session(ctx)?;
        let patch = &input.patch;
        let done = Box::pin(session.store.update_post(
            &session.actor,
            input.seen(),
            patch.fields(),
            patch.order(),
        ))
        .await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(PostUpdatePayload {
            post: thing!(ctx, id, Post),
            user_errors,
        })
    }

    /// Removes a post, as if it had never been held. Needs the permission `DIRECTORY_EDIT`.
    #[graphql(directive = requires::apply(Permission::DirectoryEdit))]
    async fn post_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which post to remove.")] input: PostRemoveInput,
    ) -> Result<PostRemovePayload> {
        let session = session(ctx)?;
        let done = Box::pin(session.store.remove_post(&session.actor, input.seen())).await;
        let (id, user_errors) = about(ctx, done, input.id.0).await?;
        Ok(PostRemovePayload {
            removed_id: id.map(global),
            user_errors,
        })
    }
}

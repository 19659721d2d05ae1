//! Who may do what: actors, roles, permissions, and what each of them can see.

use std::collections::BTreeSet;

use crate::id::{AccessTokenId, AccountId, EventId, ParticipantId, PersonId, WorkspaceId};

words! {
    /// An act that needs a right. Named for the act, not for the object.
    Permission, "permission" {
        /// See what is published for everybody. Everyone has it.
        PublicRead = "PUBLIC_READ",
        /// See the workspace's events, published or not, its organizations and its people.
        EventRead = "EVENT_READ",
        /// See who takes part in an event.
        ParticipantRead = "PARTICIPANT_READ",
        /// See e-mail addresses and telephone numbers.
        ContactRead = "CONTACT_READ",
        /// See appointment letters.
        LetterRead = "LETTER_READ",
        /// See resolutions and action items.
        FollowUpRead = "FOLLOW_UP_READ",
        /// See and change the draft of an agenda.
        AgendaEdit = "AGENDA_EDIT",
        /// Create an event from a document, or bring it up to date.
        EventImport = "EVENT_IMPORT",
        /// Create and change events, with what surrounds the agenda: roles, awards, reports.
        EventEdit = "EVENT_EDIT",
        /// Make known and change people, organizations, places and series.
        DirectoryEdit = "DIRECTORY_EDIT",
        /// Put people on the list of an event, and change what is said of them there.
        ParticipantEdit = "PARTICIPANT_EDIT",
        /// Draft appointment letters.
        LetterEdit = "LETTER_EDIT",
        /// Issue letters and certificates, and take them back.
        LetterIssue = "LETTER_ISSUE",
        /// Record resolutions and action items, and how far they have come.
        FollowUpEdit = "FOLLOW_UP_EDIT",
        /// Publish an event.
        EventPublish = "EVENT_PUBLISH",
        /// See who changed what, and when.
        AuditRead = "AUDIT_READ",
        /// Create workspaces, accounts and tokens.
        Administer = "ADMINISTER",
    }
}

words! {
    /// What an account is in a workspace.
    Role, "role" {
        /// Answers for the workspace: may do everything in it.
        Owner = "OWNER",
        /// Plans and runs its events.
        Organizer = "ORGANIZER",
        /// Looks, and changes nothing.
        Viewer = "VIEWER",
    }
}

impl Role {
    /// Whether the role gives a permission.
    pub fn gives(self, permission: Permission) -> bool {
        match permission {
            Permission::PublicRead
            | Permission::EventRead
            | Permission::ParticipantRead
            | Permission::LetterRead
            | Permission::FollowUpRead => true,
            Permission::ContactRead
            | Permission::AgendaEdit
            | Permission::EventImport
            | Permission::EventEdit
            | Permission::DirectoryEdit
            | Permission::ParticipantEdit
            | Permission::LetterEdit
            | Permission::LetterIssue
            | Permission::FollowUpEdit
            | Permission::EventPublish => matches!(self, Self::Owner | Self::Organizer),
            Permission::AuditRead | Permission::Administer => matches!(self, Self::Owner),
        }
    }
}

/// A role in one workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// Where.
    pub workspace_id: WorkspaceId,
    /// As what.
    pub role: Role,
}

/// Who is asking. No query runs without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Nobody we know: the public.
    Anonymous,
    /// An account, let in by one of its tokens.
    Account(Session),
    /// Somebody on the list of an event, let in by their own link, without an account.
    Guest(Guest),
    /// The program itself, at the command line or in the background, and why.
    System {
        /// What it is doing, for the logs.
        reason: &'static str,
    },
}

/// What a token lets its account do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose token it is.
    pub account_id: AccountId,
    /// The token.
    pub token_id: AccessTokenId,
    /// Its role in each workspace.
    pub grants: Vec<Grant>,
    /// The permissions it is confined to, or all that its roles give.
    pub scopes: Option<BTreeSet<Permission>>,
}

/// Whose link it is: one person at one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guest {
    /// Their record at the event.
    pub participant_id: ParticipantId,
    /// Who they are.
    pub person_id: PersonId,
    /// The event.
    pub event_id: EventId,
}

/// Why something is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// It needs an account, and nobody signed in.
    #[error("sign in first: this needs an access token")]
    Unauthenticated,
    /// The one who asks may see it, but not do this.
    #[error("this needs the permission {}", .0.to_string())]
    Forbidden(Permission),
    /// For the one who asks there is no such thing.
    #[error("not found")]
    NotFound,
}

/// The rows that an actor can see under a permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// All of them: the program itself.
    Everything,
    /// What is published for everybody; and for a guest, the event that they are on the list of, once
    /// it is published for whomever, and themselves.
    Public(Option<Guest>),
    /// All that belongs to these workspaces, and nothing else.
    Workspaces(Vec<WorkspaceId>),
}

impl Actor {
    /// Whether the actor may do this in a workspace. A workspace in which the actor has no role
    /// does not exist for it.
    pub fn may(&self, permission: Permission, workspace_id: WorkspaceId) -> Result<(), Denied> {
        match self {
            Self::System { .. } => Ok(()),
            Self::Anonymous | Self::Guest(_) if permission == Permission::PublicRead => Ok(()),
            Self::Anonymous => Err(Denied::Unauthenticated),
            // The same of every workspace: whether there is such a thing is not told.
            Self::Guest(_) => Err(Denied::Forbidden(permission)),
            Self::Account(session) => {
                let role = session.role_in(workspace_id).ok_or(Denied::NotFound)?;
                if role.gives(permission) && session.is_in_scope(permission) {
                    Ok(())
                } else {
                    Err(Denied::Forbidden(permission))
                }
            }
        }
    }

    /// Whether anyone like the actor may do this anywhere: asked before a thing is looked up, so that
    /// who may do nothing learns nothing.
    pub fn might(&self, permission: Permission) -> Result<(), Denied> {
        match self {
            Self::System { .. } | Self::Account(_) => Ok(()),
            Self::Anonymous | Self::Guest(_) if permission == Permission::PublicRead => Ok(()),
            Self::Anonymous => Err(Denied::Unauthenticated),
            Self::Guest(_) => Err(Denied::Forbidden(permission)),
        }
    }

    /// What the actor can see under a permission. Someone with a token sees the workspaces that
    /// the token opens, and not even what others have published: the boundary is the workspace.
    pub fn sight(&self, permission: Permission) -> Sight {
        match self {
            Self::System { .. } => Sight::Everything,
            Self::Anonymous if permission == Permission::PublicRead => Sight::Public(None),
            Self::Guest(guest) if permission == Permission::PublicRead => {
                Sight::Public(Some(*guest))
            }
            Self::Anonymous | Self::Guest(_) => Sight::Workspaces(Vec::new()),
            Self::Account(session) => {
                // With a token, what a plain reader sees is what its role reads.
                let needed = if permission == Permission::PublicRead {
                    Permission::EventRead
                } else {
                    permission
                };
                let seen = session
                    .grants
                    .iter()
                    .filter(|grant| grant.role.gives(needed) && session.is_in_scope(needed))
                    .map(|grant| grant.workspace_id)
                    .collect();
                Sight::Workspaces(seen)
            }
        }
    }
}

impl Session {
    fn role_in(&self, workspace_id: WorkspaceId) -> Option<Role> {
        self.grants
            .iter()
            .find(|grant| grant.workspace_id == workspace_id)
            .map(|grant| grant.role)
    }

    /// A finer right is of no use without sight of the event that it is about, so each brings
    /// that along.
    fn is_in_scope(&self, permission: Permission) -> bool {
        self.scopes.as_ref().is_none_or(|scopes| {
            matches!(permission, Permission::PublicRead | Permission::EventRead)
                || scopes.contains(&permission)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Id, Word};

    fn workspace(number: u128) -> WorkspaceId {
        Id::from_uuid(uuid::Uuid::from_u128(number))
    }

    fn holder(role: Role, scopes: Option<&[Permission]>) -> Actor {
        Actor::Account(Session {
            account_id: Id::from_uuid(uuid::Uuid::from_u128(1)),
            token_id: Id::from_uuid(uuid::Uuid::from_u128(2)),
            grants: vec![Grant {
                workspace_id: workspace(1),
                role,
            }],
            scopes: scopes.map(|scopes| scopes.iter().copied().collect()),
        })
    }

    #[test]
    fn each_role_gives_what_the_one_below_gives() {
        for &permission in Permission::ALL {
            if Role::Viewer.gives(permission) {
                assert!(Role::Organizer.gives(permission), "{permission}");
            }
            if Role::Organizer.gives(permission) {
                assert!(Role::Owner.gives(permission), "{permission}");
            }
        }
        assert!(!Role::Viewer.gives(Permission::EventImport));
        assert!(!Role::Viewer.gives(Permission::ContactRead));
        assert!(!Role::Organizer.gives(Permission::Administer));
        assert!(!Role::Organizer.gives(Permission::AuditRead));
    }

    #[test]
    fn a_foreign_workspace_does_not_exist() {
        let owner = holder(Role::Owner, None);
        for &permission in Permission::ALL {
            assert_eq!(owner.may(permission, workspace(2)), Err(Denied::NotFound));
            let Sight::Workspaces(seen) = owner.sight(permission) else {
                panic!("{permission}")
            };
            assert!(!seen.contains(&workspace(2)));
        }
    }

    #[test]
    fn the_anonymous_see_what_is_public_and_nothing_else() {
        for &permission in Permission::ALL {
            let expected = if permission == Permission::PublicRead {
                (Ok(()), Sight::Public(None))
            } else {
                (Err(Denied::Unauthenticated), Sight::Workspaces(vec![]))
            };
            let anonymous = Actor::Anonymous;
            assert_eq!(
                (
                    anonymous.may(permission, workspace(1)),
                    anonymous.sight(permission)
                ),
                expected
            );
        }
    }

    #[test]
    fn a_guest_sees_what_is_public_and_themselves_and_does_nothing() {
        let guest = Guest {
            participant_id: Id::from_uuid(uuid::Uuid::from_u128(1)),
            person_id: Id::from_uuid(uuid::Uuid::from_u128(2)),
            event_id: Id::from_uuid(uuid::Uuid::from_u128(3)),
        };
        let actor = Actor::Guest(guest);
        for &permission in Permission::ALL {
            let (may, sight) = if permission == Permission::PublicRead {
                (Ok(()), Sight::Public(Some(guest)))
            } else {
                let refused = Err(Denied::Forbidden(permission));
                (refused, Sight::Workspaces(vec![]))
            };
            assert_eq!(actor.may(permission, workspace(1)), may);
            assert_eq!(actor.sight(permission), sight);
            assert_eq!(actor.might(permission), actor.may(permission, workspace(1)));
        }
    }

    #[test]
    fn scopes_only_ever_take_away() {
        for &role in Role::ALL {
            let confined = holder(role, Some(&[Permission::EventRead]));
            for &permission in Permission::ALL {
                let allowed = confined.may(permission, workspace(1)).is_ok();
                let expected = matches!(permission, Permission::EventRead | Permission::PublicRead);
                assert_eq!(allowed, expected, "{role} {permission}");
            }
        }
    }
}

//! Everything that refers to people and to organizations: what is done to one column, is done to all.

/// The columns that refer to a person, each with its field: what is done to one, is done to all.
macro_rules! columns_of_person {
    ($do:ident!($($arguments:tt)*)) => {
        $do!($($arguments)* post PersonId person_id);
        $do!($($arguments)* membership MemberPersonId member_person_id);
        $do!($($arguments)* participant PersonId person_id);
        $do!($($arguments)* participant OnBehalfOfPersonId on_behalf_of_person_id);
        $do!($($arguments)* appearance PersonId person_id);
        $do!($($arguments)* appearance OnBehalfOfPersonId on_behalf_of_person_id);
        $do!($($arguments)* event_organization LiaisonId liaison_id);
        $do!($($arguments)* award_recipient PersonId person_id);
        $do!($($arguments)* appointment_letter AppointeeId appointee_id);
        $do!($($arguments)* action_item SetById set_by_id);
        $do!($($arguments)* credential HolderPersonId holder_person_id);
    };
}

/// The columns that refer to an organization.
macro_rules! columns_of_organization {
    ($do:ident!($($arguments:tt)*)) => {
        $do!($($arguments)* organization ParentId parent_id);
        $do!($($arguments)* post OrganizationId organization_id);
        $do!($($arguments)* membership OrganizationId organization_id);
        $do!($($arguments)* membership MemberOrganizationId member_organization_id);
        $do!($($arguments)* event_organization OrganizationId organization_id);
        $do!($($arguments)* participant RepresentingId representing_id);
        $do!($($arguments)* participant OnBehalfOfOrganizationId on_behalf_of_organization_id);
        $do!($($arguments)* participant_group OrganizationId organization_id);
        $do!($($arguments)* appearance OrganizationId organization_id);
        $do!($($arguments)* appearance OnBehalfOfOrganizationId on_behalf_of_organization_id);
        $do!($($arguments)* award_recipient OrganizationId organization_id);
        $do!($($arguments)* appointment_letter BodyId body_id);
        $do!($($arguments)* credential HolderOrganizationId holder_organization_id);
    };
}

/// The lists of organizations beside things, each with the thing and what the list is called.
macro_rules! lists_of_organizations {
    ($do:ident!($($arguments:tt)*)) => {
        $do!($($arguments)* award_grantor AwardId award_id award "grantors");
        $do!($($arguments)* letter_issuer LetterId letter_id appointment_letter "issuers");
        $do!($($arguments)* action_item_responsible ActionItemId action_item_id action_item "responsible");
    };
}

pub(super) use {columns_of_organization, columns_of_person, lists_of_organizations};

//! What every mail says, and what becomes of templates that fail.

use std::fmt::Write as _;

use super::*;

fn name(kind: Kind, language: Language, part: Part) -> TemplateName {
    TemplateName {
        kind,
        language,
        part,
    }
}

fn invitation() -> [Message; 2] {
    samples(Kind::Invitation, Language::English)
}

/// An invitation with one part of the English template replaced.
fn overridden(part: Part, source: &str) -> Rendered {
    let name = name(Kind::Invitation, Language::English, part);
    let templates = Templates::with_overrides([(name, source.to_owned())]);
    templates
        .render(&invitation()[0], Language::English)
        .unwrap()
}

fn reason(part: Part, source: &str) -> FaultReason {
    let rendered = overridden(part, source);
    let ours = Templates::new()
        .render(&invitation()[0], Language::English)
        .unwrap();
    let faults = rendered.faults;
    // Whatever was wrong, the mail is ours.
    assert_eq!(
        (rendered.subject, rendered.text, rendered.html),
        (ours.subject, ours.text, ours.html)
    );
    assert_eq!(faults.len(), 1, "{source}");
    faults[0].reason.clone()
}

#[test]
fn every_mail_reads_as_it_should() {
    let templates = Templates::new();
    for language in Language::ALL {
        for kind in Kind::ALL.iter().copied() {
            let mut all = String::new();
            for message in samples(kind, language) {
                let rendered = templates.render(&message, language).unwrap();
                assert!(rendered.faults.is_empty());
                let (subject, text) = (rendered.subject, rendered.text);
                writeln!(all, "Subject: {subject}\n\n{text}\n~~~~~~~~\n").unwrap();
            }
            insta::assert_snapshot!(format!("{}_{}", file_of(kind), language.tag()), all);
        }
    }
}

#[test]
fn every_mail_looks_as_it_should() {
    let templates = Templates::new();
    for language in Language::ALL {
        for kind in Kind::ALL.iter().copied() {
            let [full, _] = samples(kind, language);
            let html = templates.render(&full, language).unwrap().html;
            // What the frame of every mail is, one snapshot shows.
            let shown = if kind == Kind::Invitation {
                html
            } else {
                let from = html.find("<td class=\"pad\"").unwrap();
                let to = html.find("<!--[if mso]></td>").unwrap();
                html.get(from..to).unwrap().to_owned()
            };
            insta::assert_snapshot!(format!("{}_{}_html", file_of(kind), language.tag()), shown);
        }
    }
}

#[test]
fn no_mail_is_heavy_or_loads_anything() {
    let templates = Templates::new();
    for language in Language::ALL {
        for kind in Kind::ALL.iter().copied() {
            for message in samples(kind, language) {
                let rendered = templates.render(&message, language).unwrap();
                // Gmail cuts off what is longer than about 100 kB.
                assert!(
                    rendered.html.len() < 20_000,
                    "{kind:?} {}",
                    rendered.html.len()
                );
                for heavy in ["<img", "<script", "<link", "url("] {
                    assert!(!rendered.html.contains(heavy), "{kind:?} {heavy}");
                }
                for text in [&rendered.subject, &rendered.text, &rendered.html] {
                    for left_over in ["{{", "{%", "None", "none,", "undefined"] {
                        assert!(!text.contains(left_over), "{kind:?} {left_over}: {text}");
                    }
                }
            }
        }
    }
}

#[test]
fn what_people_write_is_text_in_html() {
    let [mut message, _] = invitation();
    if let Message::Invitation(invitation) = &mut message {
        invitation.common.event.title = "Q&A <script>alert(1)</script>".to_owned();
        invitation.common.recipient.name = "<b>Ann</b>".to_owned();
        invitation.message = Some("1 < 2\n<img src=x>".to_owned());
    }
    let rendered = Templates::new()
        .render(&message, Language::English)
        .unwrap();
    for tag in ["<script", "<b>", "<img"] {
        assert!(!rendered.html.contains(tag), "{tag}");
    }
    assert!(rendered.html.contains("Q&amp;A &lt;script&gt;"));
    assert!(rendered.text.contains("Q&A <script>alert(1)</script>"));
    assert!(rendered.subject.contains("Q&A <script>"));
}

#[test]
fn a_workspace_writes_its_own() {
    let rendered = overridden(Part::Subject, "{{ organiser.name }}:\n {{ event.title }}");
    assert_eq!(rendered.faults, []);
    assert_eq!(
        rendered.subject,
        "Xiamen Society of Geriatrics: Straits Forum on Healthy Ageing 2026"
    );
    let own = "{% extends 'layout.html' %}{% import 'parts.html' as parts %}\
               {% block body %}{{ parts.answers(answer, 'Ja', 'Vielleicht', 'Nein') }}{% endblock %}";
    let rendered = overridden(Part::Html, own);
    assert!(rendered.faults.is_empty());
    assert!(rendered.html.contains("Vielleicht"));
    // The other language is still ours.
    let name = name(Kind::Invitation, Language::English, Part::Text);
    let templates = Templates::with_overrides([(name, "x".to_owned())]);
    let [full, _] = samples(Kind::Invitation, Language::Chinese);
    assert!(
        templates
            .render(&full, Language::Chinese)
            .unwrap()
            .text
            .contains("诚挚邀请")
    );
    assert_eq!(
        Templates::built_in(name).map(|source| source.contains("Dear")),
        Some(true)
    );
}

#[test]
fn a_template_that_fails_loses_no_mail() {
    for (source, expected) in [
        ("{{ event.titel }}", FaultReason::Undefined),
        ("{{ nobody }}", FaultReason::Undefined),
        ("  \n ", FaultReason::Blank),
        (
            "{% for a in range(10000) %}{% for b in range(10000) %}x{% endfor %}{% endfor %}",
            FaultReason::Endless,
        ),
    ] {
        assert_eq!(reason(Part::Text, source), expected, "{source}");
    }
    for source in [
        "{% if %}",
        "{{ event.title",
        "{% extends %}",
        "{% nonsense %}",
    ] {
        assert!(
            matches!(reason(Part::Html, source), FaultReason::Syntax(_)),
            "{source}"
        );
    }
    for source in [
        "{{ 1 / 0 }}",
        "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
        "{{ 'x' * 1000000000 }}",
        "{{ event|nothing }}",
        "{% include 'own/en/invitation.txt' %}",
        "{% include '/etc/passwd' %}",
        "{% extends 'own/en/invitation.txt' %}",
    ] {
        let reason = reason(Part::Text, source);
        assert!(
            matches!(reason, FaultReason::Failed(_) | FaultReason::Endless),
            "{source} {reason:?}"
        );
    }
}

#[test]
fn a_fault_says_where() {
    let rendered = overridden(Part::Text, "one\n\n{{ event.titel }}\n");
    assert_eq!(
        rendered.faults[0].to_string(),
        "the template en/invitation.txt names something that there is not (line 3)"
    );
}

#[test]
fn a_preview_shows_what_fails_only_when_there_is_little_to_say() {
    let name = name(Kind::Invitation, Language::English, Part::Text);
    let source =
        "{% if event.place %}{{ event.place|upper }}{% else %}{{ event.nowhere }}{% endif %}";
    let source = source.to_owned();
    let templates = Templates::with_overrides([(name, source)]);
    let preview = templates
        .preview(Kind::Invitation, Language::English)
        .unwrap();
    assert!(preview.text.contains("INTERNATIONAL"));
    assert_eq!(preview.faults.len(), 1);
    for kind in Kind::ALL.iter().copied() {
        for language in Language::ALL {
            assert!(
                Templates::new()
                    .preview(kind, language)
                    .unwrap()
                    .faults
                    .is_empty()
            );
        }
    }
}

#[test]
fn a_conference_that_moves_altogether_still_fits() {
    let [mut message, _] = samples(Kind::AgendaChanged, Language::Chinese);
    if let Message::AgendaChanged(changed) = &mut message {
        changed.changes = std::iter::repeat_n(changed.changes[0].clone(), 500).collect();
    }
    let name = name(Kind::AgendaChanged, Language::Chinese, Part::Html);
    let ours = Templates::built_in(name).unwrap().to_owned();
    let templates = Templates::with_overrides([(name, ours)]);
    let rendered = templates.render(&message, Language::Chinese).unwrap();
    assert_eq!(rendered.faults, []);
    assert_eq!(rendered.html.matches("A厅").count(), 500);
}

#[test]
fn every_template_has_a_name_and_a_source() {
    assert_eq!(TemplateName::all().count(), 48);
    for name in TemplateName::all() {
        assert_eq!(name.to_string().parse(), Ok(name));
        assert!(Templates::built_in(name).is_some(), "{name}");
    }
    assert_eq!("en/invitation".parse::<TemplateName>(), Err(NoSuchTemplate));
}

#[test]
fn a_subject_is_never_longer_than_one_reads() {
    let [mut message, _] = invitation();
    if let Message::Invitation(invitation) = &mut message {
        invitation.common.event.title = "长".repeat(1_000);
    }
    let rendered = Templates::new()
        .render(&message, Language::English)
        .unwrap();
    assert_eq!(rendered.subject.chars().count(), 200);
    assert!(rendered.subject.ends_with('…'));
}

#[test]
fn a_template_is_judged_before_it_is_put_in_place_of_ours() {
    let said = |name: &str, source: &str| -> Vec<_> {
        let problems = judge(name, source).into_iter();
        problems.map(|problem| problem.to_string()).collect()
    };
    for name in TemplateName::all() {
        let ours = Templates::built_in(name).unwrap();
        assert_eq!(said(&name.to_string(), ours), [""; 0], "{name}");
    }
    assert_eq!(
        said("en/welcome.txt", "x"),
        ["name: is not the name of a template such as en/invitation.html"]
    );
    assert_eq!(
        said("en/invitation.txt", "one\n{% if %}"),
        ["source: cannot be read: unexpected end of block (line 2)"]
    );
    // Nothing is wrong with it while there is much to say.
    let source = "{% if event.place %}x{% else %}\n{{ event.nowhere }}{% endif %}";
    assert_eq!(
        said("en/invitation.txt", source),
        ["source: names something that there is not (line 2)"]
    );
    // Of two parts, the other is not looked at.
    assert_eq!(
        said("en/invitation.subject.txt", " "),
        ["source: says nothing"]
    );
}

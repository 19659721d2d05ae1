"""Values that get past the door.

A generator knows types, not meaning: left alone, every mutation bounces off an id that names nothing.
So what it made is rewritten: most requests get ids that exist, of the right kind, out of one event,
with the version that they are at; some get ids that are wrong in one way or another.
"""

import datetime
import random
import re
import string

import graphql
from graphql import language as ast

DEEP = 0.75  # of the requests are to get as far as they can; the rest is left rather wild

# Which ids a member takes. Where it is `id`, the name of the input says it.
KINDS = {
    "workspaceId": "wsp", "accountId": "acc", "eventId": "evt", "foundingEventId": "evt",
    "seriesId": "srs", "venueId": "ven", "roomId": "rom", "trackId": "trk", "itemId": "itm",
    "itemIds": "itm", "personId": "per", "appointeeId": "per", "setById": "per", "liaisonId": "per",
    "organizationId": "org", "representingId": "org", "responsibleIds": "org", "grantorIds": "org",
    "issuerIds": "org", "bodyId": "org", "groupId": "grp", "delegationId": "eor", "letterId": "ltr",
    "awardId": "awd", "mergeId": "mrg",
}  # fmt: skip
OWN_KINDS = {
    "ActionItem": "act", "AgendaItem": "itm", "Appearance": "app", "AwardRecipient": "rcp",
    "Award": "awd", "EventOrganization": "eor", "Event": "evt", "Letter": "ltr",
    "Membership": "mbr", "Organization": "org", "ParticipantGroup": "grp", "Participant": "ptc",
    "Person": "per", "Post": "pst", "Release": "rel", "Report": "rpt", "Resolution": "rsl",
    "Room": "rom", "Series": "srs", "Track": "trk", "Venue": "ven",
}  # fmt: skip
ID = re.compile(r"[a-z]{3}_[0-9a-f]{32}")

TEXTS = [
    "Round table", "圆桌会议", "المائدة المستديرة", "Ada Example", "O’Brien–Łukasiewicz", "👩‍👩‍👧‍👦 family",
    "e\u0301 and é", "'; drop table events; --", "%_\\", "<b>bold</b>", "NULL", "0", "x" * 200,
    "汉" * 200, "two\nlines", " edges ", "\u202eright to left", "a\u00adb", "ﬁ ligature", "İstanbul",
]  # fmt: skip
ODD_TEXTS = ["", " ", "\x00", "\x07bell", "\ufeff", "x" * 5_000, "汉" * 5_000, "\u2028", "\uffff", "\x85"]
LANGUAGES = ["en", "zh-Hans", "de", "fr", "ar", "zh-Hant-TW", "sr-Latn", "x-private"]
ODD_LANGUAGES = ["", "EN_us", "e", "english-language-of-england", "zh--Hans", "日本語"]
ZONES = ["Asia/Shanghai", "Europe/Berlin", "UTC", "America/St_Johns", "Pacific/Apia", "Etc/GMT+12"]
ODD_ZONES = ["", "Mars/Olympus", "+08:00", "asia/shanghai", "CET "]
URLS = ["https://example.org/", "http://example.org/a?b=c#d", "https://例子.测试/路径", "https://[::1]:8443/"]
ODD_URLS = ["", "javascript:alert(1)", "//example.org", "https://", "ftp://example.org", "https://a b"]
ODD_DATES = ["0000-01-01", "2024-02-30", "2024-1-1", "10000-01-01", "", "2024-07-23T00:00:00", "-0001-01-01"]
ODD_LOCALS = ["2024-07-23T24:00:00", "2024-07-23", "2024-07-23T10:00:00Z", "2024-07-23 10:00", ""]
ODD_INSTANTS = ["2024-07-23T10:00:00", "2024-07-23T10:00:00+25:00", "0000-01-01T00:00:00Z", ""]
FIRST, LAST = datetime.date(1, 1, 1), datetime.date(9999, 12, 31)

# Everything that has an id, with its version, and the event or the venue that it belongs to.
HARVEST = """
{
  viewer { account { id } workspaces { id slug } }
  people(first: 100) { pageInfo { endCursor } nodes { id version posts { id version } } }
  organizations(first: 100) { pageInfo { endCursor } nodes { id version memberships { id } } }
  events(first: 100) { pageInfo { endCursor } nodes {
    id version slug time { startsOn }
    series { id version } venue { id version rooms { id version } }
    draftAgenda { revision items { id version track { id version }
      parent { id } appearances { id version } children { id version appearances { id version } } } }
    organizations { id version } participantGroups { id version }
    participants(first: 100) { nodes { id version } }
    appointmentLetters(first: 100) { nodes { id version } }
    awards { id version recipients { id } }
    releases { id version } reports { id version } resolutions { id version } actionItems { id version }
  } }
}
"""

# All that a problem tells.
PROBLEMS = (
    graphql.parse("""{
      __typename code message path
      ... on StaleVersionError { currentVersion current { __typename id } }
      ... on AlreadyExistsError { existing { __typename id } }
      ... on InUseError { uses { typeName count } }
    }""")
    .definitions[0]
    .selection_set
)


class Known:
    """What is known to exist, as the server last told it."""

    def __init__(self):
        self.versions = {}  # id -> version, None where there is none
        self.kinds = {}  # prefix -> ids, in the order in which they were first seen
        self.homes = {}  # id -> the event or venue that it was told within
        self.siblings = {}  # (event, parent item) -> item ids
        self.revisions = {}  # event -> revision of its agenda
        self.days = {}  # event -> first day
        self.slugs = ["no-such-event"]
        self.workspace_slugs = ["no-such-workspace"]
        self.cursors = []
        self.documents = []  # event documents
        self.schedules = []

    def learn(self, data, home=None, parent=None):
        """Takes note of every id in an answer."""
        if isinstance(data, list):
            for one in data:
                self.learn(one, home, parent)
        if not isinstance(data, dict):
            return
        id_ = data.get("id")
        if isinstance(id_, str) and ID.fullmatch(id_):
            kind = id_[:3]
            if id_ not in self.versions:
                self.kinds.setdefault(kind, []).append(id_)
            version = data.get("version")
            if isinstance(version, int) or id_ not in self.versions:
                self.versions[id_] = version
            if home:
                self.homes.setdefault(id_, home)
            if kind in ("evt", "ven"):
                home = id_
            if kind == "itm":
                parent = id_
        removed = data.get("removedId")
        if isinstance(removed, str) and removed in self.versions and random.random() < 0.8:
            # Some of the dead stay in use: they must be not found, and nothing worse.
            self.kinds[removed[:3]] = [one for one in self.kinds[removed[:3]] if one != removed]
        if isinstance(data.get("mergeId"), str):
            self.kinds.setdefault("mrg", []).append(data["mergeId"])
        if isinstance(data.get("revision"), int) and home:
            self.revisions[home] = data["revision"]
            items = data.get("items")
            if isinstance(items, list) and all(isinstance(item, dict) and "parent" in item for item in items):
                for key in [key for key in self.siblings if key[0] == home]:
                    del self.siblings[key]
                for item in items:
                    above = (item["parent"] or {}).get("id")
                    self.siblings.setdefault((home, above), []).append(item["id"])
        time = data.get("time")
        if home and isinstance(time, dict) and isinstance(time.get("startsOn"), str):
            self.days[home] = datetime.date.fromisoformat(time["startsOn"])
        if isinstance(data.get("slug"), str):
            slugs = self.workspace_slugs if (id_ or "").startswith("wsp") else self.slugs
            if data["slug"] not in slugs:
                slugs.append(data["slug"])
        for name in ("endCursor", "startCursor", "cursor"):
            if isinstance(data.get(name), str):
                self.cursors = self.cursors[-50:] + [data[name]]
        for value in data.values():
            self.learn(value, home, parent)


class Rewriter:
    """Rewrites generated documents; `rng` is all the chance that there is."""

    def __init__(self, schema, known, rng):
        self.schema, self.known, self.rng = schema, known, rng

    def document(self, document):
        self.deep = self.chance(DEEP)
        events = self.known.kinds.get("evt") or [None]
        self.event = self.rng.choice(events)
        self.own = None
        definitions = []
        for definition in document.definitions:
            if isinstance(definition, ast.OperationDefinitionNode):
                root = self.schema.get_root_type(definition.operation)
                selection_set = self.selections(definition.selection_set, root)
                definition = ast.OperationDefinitionNode(
                    operation=definition.operation,
                    name=definition.name,
                    variable_definitions=definition.variable_definitions,
                    directives=definition.directives,
                    selection_set=selection_set,
                )
            definitions.append(definition)
        return ast.DocumentNode(definitions=tuple(definitions))

    def chance(self, probability):
        return self.rng.random() < probability

    # What is asked for

    def selections(self, selection_set, type_):
        made = []
        for selection in selection_set.selections:
            if isinstance(selection, ast.InlineFragmentNode):
                condition = selection.type_condition
                inner = self.schema.type_map[condition.name.value] if condition else type_
                made.append(
                    ast.InlineFragmentNode(
                        type_condition=condition,
                        directives=selection.directives,
                        selection_set=self.selections(selection.selection_set, inner),
                    )
                )
                continue
            name = selection.name.value
            if name == "__typename":
                made.append(selection)
                continue
            field = type_.fields[name]
            inner = selection.selection_set
            if name == "userErrors":
                inner = PROBLEMS
            elif inner:
                inner = self.selections(inner, graphql.get_named_type(field.type))
            made.append(
                ast.FieldNode(
                    alias=selection.alias,
                    name=selection.name,
                    directives=selection.directives,
                    arguments=self.arguments(selection.arguments, field),
                    selection_set=inner,
                )
            )
        asked = {getattr(one.alias or one.name, "value", "") for one in made if isinstance(one, ast.FieldNode)}
        if graphql.is_abstract_type(type_) and "__typename" not in asked:
            made.insert(0, field_node("__typename"))
        if graphql.is_object_type(type_):
            fields = type_.fields
            # Ids and versions, so that what is made or changed can be used afterwards.
            wished = ["id", "version"] if self.chance(0.6) else []
            if "userErrors" in fields:
                wished.append("userErrors")
                wished += [name for name in ("mergeId", "removedId") if name in fields]
            for name in wished:
                if name in fields and name not in asked:
                    inner = None
                    if name == "userErrors":
                        inner = PROBLEMS
                    made.append(field_node(name, inner))
            if "userErrors" in fields and not any(
                graphql.is_object_type(graphql.get_nullable_type(fields[one].type)) for one in asked if one in fields
            ):
                for name, field in fields.items():
                    inner = graphql.get_nullable_type(field.type)
                    if graphql.is_object_type(inner) and "id" in inner.fields:
                        leaves = [one for one in ("id", "version") if one in inner.fields]
                        made.append(
                            field_node(name, ast.SelectionSetNode(selections=tuple(map(field_node, leaves))))
                        )
        return ast.SelectionSetNode(selections=tuple(made))

    def arguments(self, arguments, field):
        by_name = {argument.name.value: argument.value for argument in arguments or ()}
        if self.deep and "first" in field.args:
            # Both directions at once are refused; now and then that is tried, too.
            for name in ("before", "last") if self.chance(0.7) else ("after", "first"):
                by_name.pop(name, None)
        made = []
        for name, value in by_name.items():
            value = self.value(value, field.args[name].type, name, None)
            if value is not None:
                made.append(ast.ArgumentNode(name=ast.NameNode(value=name), value=value))
        return tuple(made)

    # What is given. None: left out.

    def value(self, node, type_, name, owner):
        required = graphql.is_non_null_type(type_)
        type_ = graphql.get_nullable_type(type_)
        if isinstance(node, ast.NullValueNode):
            return None if self.deep and not required and self.chance(0.7) else node
        if isinstance(node, ast.ListValueNode) and graphql.is_list_type(type_):
            return self.list(node, type_.of_type, name, owner)
        if isinstance(node, ast.ObjectValueNode) and graphql.is_input_object_type(type_):
            return self.object(node, type_)
        if graphql.is_list_type(type_):
            return node
        if type_.name == "ID":
            return text(self.id(name, owner))
        if type_.name == "String":
            return self.string(node, name, owner)
        if type_.name == "Int":
            return self.int(node, name)
        if type_.name == "Boolean" and name == "dryRun":
            return ast.BooleanValueNode(value=self.chance(0.2))
        if type_.name == "Boolean" and name == "removeMissing":
            return ast.BooleanValueNode(value=self.chance(0.1))
        return node

    def list(self, node, type_, name, owner):
        if name == "itemIds" and self.deep and self.chance(0.8):
            kinsfolk = [one for one in self.known.siblings if one[0] == self.event]
            if kinsfolk:
                key = next((one for one in kinsfolk if one[1] == self.parent), kinsfolk[0])
                ids = list(self.known.siblings[key])
                self.rng.shuffle(ids)
                return ast.ListValueNode(values=tuple(map(text, ids)))
        values = [self.value(one, type_, name, owner) for one in node.values]
        if name == "rows" and self.deep and values and self.chance(0.02):
            values = (values * 500)[:501]
        return ast.ListValueNode(values=tuple(one for one in values if one is not None))

    def object(self, node, type_):
        members = {field.name.value: field.value for field in node.fields}
        if self.deep and type_.is_one_of:
            # The generator knows nothing of this; all members are ids.
            members = {self.rng.choice(sorted(type_.fields)): text("")}
        made = {}
        self.parent = None
        # Ids first: what else is said is to fit them.
        order = ["eventId", "id", "winnerId", "loserId", "parentId"]
        rank = {name: place for place, name in enumerate(order)}
        for name in sorted(members, key=lambda name: rank.get(name, len(order))):
            if name not in type_.fields:
                continue
            if self.deep and type_.name == "AgendaItemReorderInput" and name == "parentId" and self.chance(0.7):
                continue
            value = self.value(members[name], type_.fields[name].type, name, type_.name)
            if value is not None:
                made[name] = value
                if name == "parentId":
                    self.parent = getattr(value, "value", None)
        if self.deep and self.chance(0.85):
            self.fit_times(made)
        return ast.ObjectValueNode(
            fields=tuple(ast.ObjectFieldNode(name=ast.NameNode(value=name), value=value) for name, value in made.items())
        )

    def fit_times(self, members):
        """Makes what is said of one span of time agree with itself."""
        if "startsOn" not in members and not {"startsAtLocal", "endsAtLocal"} & members.keys():
            return
        day = self.known.days.get(self.event) or datetime.date(2026, 7, 23)
        if "startsOn" in members:
            day = datetime.date(2026, 1, 1) + datetime.timedelta(days=self.rng.randrange(730))
            members["startsOn"] = text(day.isoformat())
        elif self.chance(0.05):
            # As far off as a day can be: what is reckoned from it must still be one.
            day = self.rng.choice([FIRST, LAST])
        last = day
        if "endsOn" in members:
            last = min(LAST, day + datetime.timedelta(days=self.rng.randrange(4))) if day < LAST else day
            members["endsOn"] = text(last.isoformat())
        hour = self.rng.randrange(22)
        if "startsAtLocal" in members:
            members["startsAtLocal"] = text(f"{day.isoformat()}T{hour:02}:30:00")
            if "startsOn" in members:
                members.pop("dayPart", None)
        if "endsAtLocal" in members:
            if "startsAtLocal" not in members and self.chance(0.8):
                del members["endsAtLocal"]
            else:
                members["endsAtLocal"] = text(f"{last.isoformat()}T{hour + 1:02}:15:00")

    def id(self, name, owner):
        kind = KINDS.get(name)
        if name == "id" and owner:
            kind = next((own for noun, own in OWN_KINDS.items() if owner.startswith(noun)), None)
        elif name in ("winnerId", "loserId"):
            kind = "per" if owner.startswith("Person") else "org"
        elif name == "parentId":
            kind = "itm" if owner.startswith("AgendaItem") else "evt" if owner.startswith("Event") else "org"
        if kind is None:
            kind = self.rng.choice(sorted(self.known.kinds))
        if not self.deep:
            lot = self.rng.random()
            if lot < 0.1:
                kind = self.rng.choice(sorted(self.known.kinds))
            elif lot < 0.15:
                return f"{kind}_{self.rng.getrandbits(128):032x}"
            elif lot < 0.25:
                return self.rng.choice(["", "1", kind + "_", f"{kind}_{'0' * 32}", f"{kind}_{'F' * 32}", "💥", "x" * 3_000])
        if kind == "evt" and name == "eventId":
            found = self.event
        else:
            ids = self.known.kinds.get(kind) or []
            near = []
            if self.chance(0.8):
                near = [one for one in ids if self.known.homes.get(one) == self.event]
            found = self.rng.choice(near or ids) if ids else None
        found = found or f"{kind}_{'0' * 31}1"
        if name == "id":
            self.own = found
            if kind == "evt":
                self.event = found
            elif self.known.homes.get(found, "").startswith("evt"):
                self.event = self.known.homes[found]
        elif name == "winnerId":
            self.winner = found
        elif name == "loserId":
            self.loser = found
        return found

    def int(self, node, name):
        seen = {
            "expectedVersion": getattr(self, "winner", None) if self.own is None else self.own,
            "loserExpectedVersion": getattr(self, "loser", None),
        }
        odd = [0, -1, 1, 2**31 - 1, -(2**31)]
        if name in seen and self.chance(0.9 if self.deep else 0.6):
            return number(self.known.versions.get(seen[name]) or 1)
        if name == "expectedRevision" and self.chance(0.9 if self.deep else 0.6):
            return number(self.known.revisions.get(self.event, 1))
        if self.chance(0.75 if self.deep else 0.3):
            return number(self.rng.randrange(12))
        return number(self.rng.choice(odd)) if self.chance(0.5) else node

    def string(self, node, name, owner):
        rng = self.rng
        if name == "document":
            return text(self.document_text(owner))
        if name in ("after", "before"):
            if self.deep and self.chance(0.5):
                return None
            return text(rng.choice(self.known.cursors)) if self.known.cursors and self.chance(0.7) else node
        if not self.deep and self.chance(0.5):
            return text(rng.choice(ODD_TEXTS)) if self.chance(0.4) else node
        if name == "idempotencyKey":
            return text(f"key {rng.randrange(30)}") if self.chance(0.5) else None
        if name == "slug" and owner is None:
            return text(rng.choice(self.known.slugs + self.known.workspace_slugs))
        if name == "workspace":
            return text(rng.choice(self.known.workspace_slugs))
        if name == "slug":
            return text(f"event-{rng.randrange(10_000)}")
        if name == "externalId":
            return text(f"key-{rng.randrange(300)}")
        if name == "color":
            return text(rng.choice(["#a0b1c2", "#FFF", "red", "#12345g"]))
        if name == "email":
            return text(rng.choice(["ada@example.org", "a@b", "no address", "ä@例子.测试"]))
        if name == "telephone":
            return text(rng.choice(["+49 30 123456", "12", "none"]))
        if name == "operation":
            return text(rng.choice(["eventUpdate", "personMerge", "x"]))
        if name == "timeZone":
            return text(rng.choice(ZONES))
        if self.chance(0.15):
            return node
        return text(rng.choice(TEXTS) if self.chance(0.5) else "".join(rng.choices(string.ascii_letters + " ", k=12)).strip() or "x")

    def document_text(self, owner):
        """A document that is whole, or one that lost or doubled a line or a stretch of characters."""
        pool = self.known.schedules if owner and owner.startswith("Schedule") else self.known.documents
        if not pool:
            return "x"
        document = self.rng.choice(pool)
        lot = self.rng.random()
        if lot < 0.4:
            return document
        if lot < 0.8:
            lines = document.splitlines(keepends=True)
            for _ in range(self.rng.randrange(1, 4)):
                at, to = self.rng.randrange(len(lines)), self.rng.randrange(len(lines))
                if self.chance(0.5):
                    lines.insert(to, lines[at])
                elif len(lines) > 1:
                    del lines[at]
            return "".join(lines)
        at = self.rng.randrange(len(document))
        return document[:at] + self.rng.choice(TEXTS + ODD_TEXTS) + document[at + self.rng.randrange(40) :]


def field_node(name, selection_set=None):
    return ast.FieldNode(name=ast.NameNode(value=name), arguments=(), directives=(), selection_set=selection_set)


def text(value):
    return ast.StringValueNode(value=value)


def number(value):
    return ast.IntValueNode(value=str(value))


def scalars(st, nodes):
    """Strategies for the scalars of this schema: mostly right, sometimes not."""
    near = st.dates(datetime.date(2024, 1, 1), datetime.date(2027, 12, 31))
    dates = st.one_of(near, near, near, st.dates(), st.sampled_from([FIRST, LAST]))
    seconds = st.times().map(lambda time: time.replace(microsecond=0))
    times = st.one_of(seconds, seconds, st.times(), st.just(datetime.time(23, 59, 59)))
    locals_ = st.tuples(dates.map(str), times.map(datetime.time.isoformat)).map("T".join)
    zones = st.sampled_from(["Z", "Z", "+08:00", "-23:59", "+14:00"])
    instants = st.tuples(locals_, zones).map("".join)

    def mostly(right, odd):
        return st.integers(0, 24).flatmap(lambda lot: right if lot else st.sampled_from(odd)).map(nodes.String)

    return {
        "Date": mostly(dates.map(str), ODD_DATES),
        "DateTime": mostly(instants, ODD_INSTANTS),
        "LocalDateTime": mostly(locals_, ODD_LOCALS + ["2016-12-31T23:59:60"]),
        "TimeZone": mostly(st.sampled_from(ZONES), ODD_ZONES),
        "LanguageTag": mostly(st.sampled_from(LANGUAGES), ODD_LANGUAGES),
        "URL": mostly(st.sampled_from(URLS), ODD_URLS),
    }

"""What other people's readers make of our calendar objects, compared with what was meant.

    python run.py CORPUS [--reader ical.js] [--all]

CORPUS is a folder that `cargo run -p calendar --example corpus` has written. A reader that is not installed
is left out, and said to be. What a reader is known to get wrong by itself stands in KNOWN and in the README;
anything else is a disagreement, and the exit code is 1; so it is where a reader has learnt better.
"""

import argparse
import collections
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

MOST_TOLD = 40
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "readers"))

# The reader, which files, which fields, and why it is not for us to mend. The README says more.
KNOWN = [
    (
        "icalendar",
        r"zones/(Africa__(Casablanca|El_Aaiun)|America__(Edmonton|Havana|Inuvik|Rainy_River|Vancouver|Winnipeg|Yellowknife)"
        r"|Canada__(Central|Mountain|Pacific)|Cuba)\.ics",
        r"start|end",
        "goes by the name, and its tz database (2026f) is newer than ours (2025b)",
    ),
    (
        "vobject",
        r"zones/Africa__(Casablanca|El_Aaiun)\.ics",
        r"start|end",
        "goes by the name, and its tz database (2026f) is newer than ours (2025b)",
    ),
    ("icalendar", r"times/feed\.ics", r"name", "does not take the backslashes out of NAME"),
    ("ical.js", r"times/feed\.ics", r"name", "does not take the backslashes out of NAME"),
    (
        "vobject",
        r"texts/(punctuation|paragraphs|injection|carets|quotes|looks-like-html)-",
        r"organizer|attendee|label",
        "does not know RFC 6868: quotes and line breaks in a name",
    ),
]


def main():
    options = arguments()
    expected = json.loads((options.corpus / "expected.json").read_text())
    failed, ran = False, 0
    for name, reader in READERS.items():
        if options.reader and name not in options.reader:
            continue
        read, why_not = reader()
        if read is None:
            print(f"left out: {name} ({why_not})")
            continue
        ran += 1
        found = disagreements(name, expected, read([options.corpus / one["file"] for one in expected]))
        unknown = [one for one in found if not one.known]
        outdated = [one for one in KNOWN if one[0] == name and not any(it.known is one for it in found)]
        failed |= bool(unknown or outdated)
        for one in found if options.all else unknown[:MOST_TOLD]:
            why = f" ({one.known[3]})" if one.known else ""
            print(f"{'known ' if one.known else 'FAILED'} {name}: {one.file} {one.uid} {one.field}: {one.said}{why}")
        for one in outdated:
            print(f"FAILED {name}: {one[1]}, {one[2]} is read right now: take it out of KNOWN")
        print(f"{name}: {len(expected)} objects, {len(unknown)} disagreements, {len(found) - len(unknown)} known")
    if not ran:
        print("FAILED no reader is here")
    sys.exit(1 if failed or not ran else 0)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpus", type=pathlib.Path, help="the folder")
    parser.add_argument("--reader", action="append", help="only this one; may be given again")
    parser.add_argument("--all", action="store_true", help="tell of what is known as well")
    return parser.parse_args()


Disagreement = collections.namedtuple("Disagreement", "file uid field said known")


def is_of(known, file, field):
    return re.match(known[1], file) and re.fullmatch(known[2], field)


def disagreements(reader, expected, all_read):
    found = []

    def add(file, uid, field, said):
        known = next((one for one in KNOWN if one[0] == reader and is_of(one, file, field)), None)
        found.append(Disagreement(file, uid, field, said, known))

    for meant, read in zip(expected, all_read, strict=True):
        file = meant["file"]
        if "unreadable" in read:
            add(file, "", "unreadable", read["unreadable"])
            continue
        for wrong in read.get("errors", []):
            add(file, "", "errors", wrong)
        for field in ("method", "name"):
            if meant[field] != read[field]:
                add(file, "", field, f"{read[field]!r}, not {meant[field]!r}")
        if len(meant["events"]) != len(read["events"]):
            add(file, "", "events", f"{len(read['events'])}, not {len(meant['events'])}")
        for event, its in zip(meant["events"], read["events"]):
            for field, value in its.items():
                wanted = event[field.removesuffix(" (told)")]
                if value != wanted:
                    add(file, event["uid"], field, f"{value!r}, not {wanted!r}")
            for field in event.keys() - its.keys():
                add(file, event["uid"], field, "not read")
    return found


def python(module):
    """A reader in Python, one file after the other."""

    def here():
        try:
            reader = __import__(module)
        except ImportError as missing:
            return None, missing

        def one(path):
            try:
                return reader.read(path)
            except Exception as error:  # whatever a reader does, the others are asked as well
                return {"unreadable": f"{type(error).__name__}: {error}"}

        return lambda paths: [one(path) for path in paths], None

    return here


def program(command):
    """A program that writes a line of JSON for each file that it is given."""

    def read(paths):
        done = subprocess.run([*command, *map(str, paths)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{command[0]}: {done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    return read


def ical_js():
    if not shutil.which("node"):
        return None, "no node"
    if not (HERE.parent / "node_modules/ical.js").exists():
        return None, "not installed: npm --prefix checks ci"
    return program(["node", HERE / "readers/ical.mjs"]), None


def libical():
    flags = ["pkg-config", "--cflags", "--libs", "libical"]
    if not shutil.which("cc") or not shutil.which("pkg-config"):
        return None, "no C compiler, or no pkg-config"
    flags = subprocess.run(flags, capture_output=True, text=True, check=False)
    if flags.returncode:
        return None, "not installed: apt-get install libical-dev"
    built = pathlib.Path(tempfile.mkdtemp()) / "libical"
    subprocess.run(["cc", "-O1", "-o", built, HERE / "readers/libical.c", *flags.stdout.split()], check=True)
    return program([built]), None


READERS = {
    "icalendar": python("by_icalendar"),
    "vobject": python("by_vobject"),
    "ical.js": ical_js,
    "libical": libical,
}

if __name__ == "__main__":
    main()

"""Jimei's forum hands out its plaques and letters, all through the API, and other people's programs look at what comes of it.

    python jimei.py --convoke target/debug/convoke [--pictures docs/examples]

The demo is started, and asked as an organiser's program would ask it: example members are put on the three committees, three example
organizations get the plaques, everything is tried, issued, sent, read, verified, accepted; one letter is taken back, one is issued anew.
The documents are judged by qpdf, poppler, zbar and pyHanko, the badges by jose. A program that is not installed is left out, and said to be.
Debian: `qpdf poppler-utils zbar-tools`.
"""

import argparse
import base64
import email
import email.policy
import io
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader

from pages import fonts, run, sound, squeezed
from signatures import pdfsig, pyhanko

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "crates/documents/samples"
COMMITTEES = ["Smart Manufacturing", "Digital Economy", "Employment and Entrepreneurship"]
NAMES = ["Ada Example", "Bo Example", "Cai Example", "Dee Example", "Eli Example", "Fay Example"]
BASES = ["Example Digital Base", "Example Manufacturing Base", "Example Youth Base"]
SITE = "https://convoke.example.org"
ISSUER = "Jimei District University Industry and Technology Alliance"


class Office:
    """The demo, and its organiser."""

    def __init__(self, program, folder):
        self.folder = folder
        self.log = (folder / "log").open("w")
        self.process = subprocess.Popen(
            [program, "demo", "--listen", "127.0.0.1:0", "--public-url", SITE, "--data", str(folder / "data")],
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        self.url = self.token = None
        for line in self.process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                self.url = self.url or found[0]
            if found := re.match(r"token: (\S+)", line):
                self.token = found[1]
            if "Ctrl-C" in line:
                break
        if not (self.url and self.token):
            raise SystemExit("the demo did not start")

    def http(self, path, body=None, method=None, token=True, **headers):
        if token:
            headers["Authorization"] = f"Bearer {self.token}"
        headers = {key.replace("_", "-"): value for key, value in headers.items()}
        address = self.url + path.removeprefix(SITE)
        request = urllib.request.Request(address, data=body, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read()

    def ask(self, query, **variables):
        body = json.dumps({"query": query, "variables": variables}).encode()
        _, said = self.http("/graphql", body, Content_Type="application/json")
        said = json.loads(said)
        if "errors" in said:
            raise SystemExit(f"{query}: {said['errors']}")
        return said["data"]

    def do(self, mutation, fields, **given):
        kind = mutation[0].upper() + mutation[1:] + "Input"
        query = f"mutation($input: {kind}!) {{ it: {mutation}(input: $input) {{ {fields} userErrors {{ code path message }} }} }}"
        said = self.ask(query, input=given)["it"]
        if said["userErrors"]:
            raise SystemExit(f"{mutation}: {said['userErrors']}")
        return said


class Findings:
    def __init__(self):
        self.wrong = []
        self.looked = 0

    def expect(self, what, is_so):
        self.looked += 1
        if not is_so:
            self.wrong.append(what)
            print(f"WRONG: {what}")

    def none(self, of, found):
        self.looked += 1
        for one in found:
            self.wrong.append(f"{of}: {one}")
            print(f"WRONG: {of}: {one}")


def prepare(office):
    """What the office says of its papers, whom it appoints and who gets a plaque."""
    home = office.ask("{ viewer { workspaces { id slug letterhead { id version } } } }")["viewer"]["workspaces"][0]
    letterhead = home["letterhead"]
    patch = {"numberPattern": "JM-{year}-{n:6}"}
    office.do("letterheadUpdate", "letterhead { version }", id=letterhead["id"], expectedVersion=letterhead["version"], patch=patch)
    for which in ("logo", "seal", "signature"):
        picture = (SAMPLES / f"{which}.svg").read_bytes()
        status, said = office.http(f"/workspaces/{home['slug']}/letterhead/{which}", picture, "PUT")
        if status != 200:
            raise SystemExit(f"{which}: {status} {said}")
    event = office.ask(
        """{ event(slug: "jimei-forum-2024") { id
             organizations { organization { id name } }
             participantGroups { organization { id name } }
             awards { id title version } } }"""
    )["event"]
    hosts = {one["organization"]["name"]: one["organization"]["id"] for one in event["organizations"]}
    bodies = {one["organization"]["name"]: one["organization"]["id"] for one in event["participantGroups"] if one["organization"]}
    for number, name in enumerate(NAMES):
        committee = COMMITTEES[number // 2]
        address = f"{name.split()[0].lower()}@example.org"
        person = office.do("personCreate", "person { id }", workspaceId=home["id"], name=name, email=address)["person"]["id"]
        office.do(
            "letterDraft",
            "letter { id }",
            eventId=event["id"],
            appointeeId=person,
            bodyId=bodies[f"{committee} Professional Committee"],
            post="member",
            since="2024-05-14",
            until="2034-05-13",
            signatory="Example Name, President",
            issuerIds=[hosts[ISSUER]],
        )
    for award, name in zip(event["awards"], BASES):
        base = office.do("organizationCreate", "organization { id }", workspaceId=home["id"], kind="OTHER", name={"text": name, "language": "en"})
        recipient = {"organizationId": base["organization"]["id"]}
        office.do("awardRecipientAdd", "recipient { id }", awardId=award["id"], recipient=recipient)
        grant = {"grantorIds": [hosts[ISSUER]]}
        office.do("awardUpdate", "award { id }", id=award["id"], expectedVersion=award["version"] + 1, patch=grant)
    return event["id"]


def issue(office, findings, event):
    """Letters and plaques: tried, issued, and made."""
    credentials = []
    for mutation, count, more in [("letterIssue", 6, {}), ("awardCertificateIssue", 3, {})]:
        given = {"eventId": event, "languages": "ENGLISH", "issuedOn": "2024-05-14", "send": True, **more}
        tried = office.do(mutation, "issuedCount job { id } credentials { number }", **given, dryRun=True)
        findings.expect(f"{mutation}, tried, says {count} and makes nothing", tried["issuedCount"] == count and tried["job"] is None)
        done = office.do(mutation, "issuedCount job { id } credentials { id number }", **given, idempotencyKey=mutation)
        again = office.do(mutation, "issuedCount job { id } credentials { id number }", **given, idempotencyKey=mutation)
        findings.expect(f"{mutation}, sent again, issues nothing more", done == again)
        promised = [one["number"] for one in tried["credentials"]]
        findings.expect("the numbers are those that were promised", promised == [one["number"] for one in done["credentials"]])
        for _ in range(300):
            job = office.ask("query($id: ID!) { node(id: $id) { ... on Job { totalCount doneCount isFinished fault } } }", id=done["job"]["id"])["node"]
            if job["isFinished"]:
                break
            time.sleep(0.1)
        findings.expect(f"{mutation}: all are made: {job}", job["doneCount"] == count)
        credentials += done["credentials"]
    numbers = [f"JM-2024-{number:06}" for number in range(1, 10)]
    findings.expect("the numbers have no gap", [one["number"] for one in credentials] == numbers)
    fields = "id version number code status verificationUrl documentUrl documentHash holderName title openBadge"
    return [office.ask(f"query($id: ID!) {{ node(id: $id) {{ ... on Credential {{ {fields} }} }} }}", id=one["id"])["node"] for one in credentials]


def documents(office, findings, credentials):
    """What other people's programs say of the documents."""
    roots = None
    for one in credentials:
        number = one["number"]
        status, pdf = office.http(one["documentUrl"])
        findings.expect(f"{number} is read by the organiser", status == 200 and pdf.startswith(b"%PDF-"))
        findings.expect(f"{number} is not read by others", office.http(one["documentUrl"], token=False)[0] == 404)
        one["pdf"] = pdf
        file = office.folder / f"{number}.pdf"
        file.write_bytes(pdf)
        roots = roots or [signer(pdf)]
        findings.none(f"{number}, pyHanko", pyhanko(pdf, roots, None))
        other = bytearray(pdf)
        other[1_000] ^= 1
        findings.expect(f"{number}: pyHanko refuses a changed byte", pyhanko(bytes(other), roots, None))
        if shutil.which("qpdf"):
            findings.none(f"{number}, qpdf", sound(file))
        if shutil.which("pdffonts"):
            findings.none(f"{number}, pdffonts", fonts(file))
            findings.none(f"{number}, pdfsig", pdfsig(file))
            changed = office.folder / "changed.pdf"
            changed.write_bytes(other)
            findings.expect(f"{number}: pdfsig refuses a changed byte", pdfsig(changed))
            text, _ = run("pdftotext", "-layout", str(file), "-")
            for part in (one["holderName"], number, one["code"], ISSUER):
                findings.expect(f"{number} gives back {part}", squeezed(part) in squeezed(text or ""))
            picture = office.folder / number
            run("pdftoppm", "-r", "150", "-png", "-singlefile", str(file), str(picture))
            if shutil.which("zbarimg"):
                read, _ = run("zbarimg", "--quiet", "--raw", f"{picture}.png")
                findings.expect(f"{number}: the code leads to {read}", (read or "").strip() == one["verificationUrl"])
    status, archive = office.http(f"/documents/event/{office.event}.zip")
    names = zipfile.ZipFile(io.BytesIO(archive)).namelist() if status == 200 else []
    findings.expect(f"all nine come in one file: {names}", len(names) == len(credentials))


def signer(pdf):
    signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
    return x509.Certificate.load(signature.signer_cert.dump())


def photograph(office, credentials, pictures):
    """What people look at: a letter, a plaque, and what is told of a letter that was taken back."""
    for name, one in [("jimei-letter-en", credentials[0]), ("jimei-plaque-en", credentials[6])]:
        run("pdftoppm", "-r", "90", "-png", "-singlefile", str(office.folder / f"{one['number']}.pdf"), str(pictures / name))
    browser = ["chromium", "--headless", "--no-sandbox", "--hide-scrollbars", "--window-size=720,1000"]
    for name, one in [("jimei-verified-en", credentials[0]), ("jimei-revoked-en", credentials[1])]:
        page = office.url + one["verificationUrl"].removeprefix(SITE)
        run(*browser, f"--screenshot={pictures / name}.png", page)
    if shutil.which("convert"):
        for picture in pictures.glob("jimei-*.png"):
            run("convert", str(picture), "+dither", "-colors", "128", "-define", "png:compression-level=9", f"PNG8:{picture}")


def verification(office, findings, one, status):
    """What everybody is told who has the code, on the page, as JSON, and in the graph."""
    code, number = one["code"], one["number"]
    _, page = office.http(one["verificationUrl"], token=False, Accept="text/html")
    findings.expect(f"{number}: the page says who has it", one["holderName"] in page.decode())
    _, said = office.http(one["verificationUrl"] + ".json", token=False)
    said = json.loads(said)
    findings.expect(f"{number}: as JSON it is {status}: {said}", said["status"] == status and said["holder"] == {"en": one["holderName"]})
    query = '{ verification(code: "%s") { number status holder issuers revocationReason } }' % code
    _, answer = office.http("/graphql", json.dumps({"query": query}).encode(), token=False, Content_Type="application/json")
    found = json.loads(answer)["data"]["verification"]
    findings.expect(f"{number}: in the graph it is {status}: {found}", found["number"] == number and found["status"] == status)
    return found


def mails(office, findings, credentials):
    """What the holders were sent: those whose address is known."""
    found = {}
    for _ in range(100):
        files = sorted((office.folder / "data/mails").glob("**/*.eml"))
        if len(files) >= len(NAMES):
            break
        time.sleep(0.1)
    for file in files:
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        papers = [part for part in mail.iter_attachments() if part.get_content_type() == "application/pdf"]
        text = mail.get_body(("plain",)).get_content()
        link = re.search(rf"{SITE}/credential/\S+", text)
        found[papers[0].get_content()] = (mail, link[0]) if link else None
    findings.expect(f"{len(NAMES)} mails: {len(files)}", len(files) == len(NAMES))
    for one in credentials[: len(NAMES)]:
        findings.expect(f"{one['number']} was sent as it is", one["pdf"] in found)
    return {one["number"]: found.get(one["pdf"]) for one in credentials}


def badges(office, findings, credentials, revoked):
    """What a wallet says of the badges."""
    if not shutil.which("node") or not (ROOT / "checks/node_modules/jose").is_dir():
        print("left out: jose (node, `npm --prefix checks ci`)")
        return
    _, keys = office.http("/.well-known/jwks.json", token=False)
    _, status = office.http("/badges/status/demo", token=False)
    told = {
        "now": time.time(),
        "jwks": json.loads(keys),
        "status": status.decode(),
        "revoked": revoked,
        "badges": [{"key": one["number"], "index": index, "token": one["openBadge"]} for index, one in enumerate(credentials)],
    }
    file = office.folder / "badges.json"
    file.write_text(json.dumps(told))
    said = subprocess.run(["node", str(ROOT / "checks/documents/badges.mjs"), str(file)], capture_output=True, text=True)
    print(said.stdout.strip())
    findings.none("jose", [said.stdout + said.stderr] if said.returncode else [])


def play(office, findings, pictures):
    event = office.event = prepare(office)
    credentials = issue(office, findings, event)
    documents(office, findings, credentials)
    for one in credentials:
        verification(office, findings, one, "VALID")
    badges(office, findings, credentials, [])
    sent = mails(office, findings, credentials)

    # The first accepts, by the link in the mail: to look changes nothing.
    first = credentials[0]
    mail, link = sent[first["number"]]
    (office.folder / "mail.txt").write_text(str(mail.get_body(("plain",)).get_content()))
    accepted = "query($id: ID!) { node(id: $id) { ... on Credential { acceptedAt version } } }"
    status, page = office.http(link, token=False, Accept="text/html")
    findings.expect("the holder's page is read", status == 200 and first["holderName"] in page.decode())
    findings.expect("to look accepts nothing", office.ask(accepted, id=first["id"])["node"]["acceptedAt"] is None)
    status, pdf = office.http(link + ".pdf", token=False)
    findings.expect("the holder reads the document", status == 200 and pdf == first["pdf"])
    status, page = office.http(link, urllib.parse.urlencode({"accept": "yes"}).encode(), token=False)
    findings.expect("the holder accepts", status == 200 and office.ask(accepted, id=first["id"])["node"]["acceptedAt"])

    # The document itself is asked about, and one with another byte.
    body = {"token": False, "Content_Type": "application/pdf", "Accept": "text/html"}
    status, page = office.http("/verify", first["pdf"], **body)
    findings.expect("the document is known", status == 200 and first["number"] in page.decode())
    status, page = office.http("/verify", first["pdf"] + b" ", **body)
    findings.expect(f"another document is not: {status}", status == 404 and first["number"] not in page.decode())

    # One is taken back, one is issued anew.
    gone, renewed = credentials[1], credentials[2]
    now = office.ask(accepted, id=gone["id"])["node"]["version"]
    office.do("credentialRevoke", "credential { status }", id=gone["id"], expectedVersion=now, reason="An example of a mistake")
    found = verification(office, findings, gone, "REVOKED")
    findings.expect("why is said to everybody", found["revocationReason"] == "An example of a mistake")
    now = office.ask(accepted, id=renewed["id"])["node"]["version"]
    office.do("credentialReissue", "credentials { number }", id=renewed["id"], expectedVersion=now, languages="BILINGUAL")
    verification(office, findings, renewed, "SUPERSEDED")
    badges(office, findings, credentials, [1, 2])
    again = office.ask("query($id: ID!) { node(id: $id) { ... on Credential { openBadge } } }", id=gone["id"])["node"]
    findings.expect("what was taken back is given out no longer", again["openBadge"] is None)
    if pictures:
        photograph(office, credentials, pictures)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--convoke", default=str(ROOT / "target/debug/convoke"))
    parser.add_argument("--pictures", type=pathlib.Path, help="a folder for pictures (Debian: chromium imagemagick)")
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for all that comes of it")
    options = parser.parse_args()
    findings = Findings()
    for program in ("qpdf", "pdffonts", "zbarimg"):
        if not shutil.which(program):
            print(f"left out: {program}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or pathlib.Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        office = Office(options.convoke, folder)
        try:
            play(office, findings, options.pictures)
        finally:
            office.process.terminate()
            office.process.wait()
    print(f"Jimei: {findings.looked} looked at, {len(findings.wrong)} wrong")
    sys.exit(1 if findings.wrong else 0)


main()

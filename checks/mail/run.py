"""Whether programs that are not ours take our mails for what they are.

Every mail is composed and signed, and sent by our transport to aiosmtpd in the clear, after STARTTLS
and within TLS, the latter two with a login. What arrives must be what was sent, byte for byte;
dkimpy and mailauth must accept the signatures, and refuse them once a word is changed; Python's own
`email` must find the parts that clients look for; SpamAssassin, where it is installed, must have
nothing against them. Nothing leaves the machine.
"""

import email
import email.policy
import logging
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import warnings

import dkim
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

# That a server within TLS wants a login before it knows of TLS.
warnings.filterwarnings("ignore", module="aiosmtpd")
logging.getLogger("mail").setLevel(logging.ERROR)

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "target" / "mail"
KEYS = ROOT / "crates" / "notifier" / "tests" / "keys"


def mails(*arguments):
    # Of the benches, since it measures as well; built as tests are.
    command = ["cargo", "bench", "--quiet", "--profile", "dev", "-p", "notifier", "--bench", "mails", "--"]
    return subprocess.run([*command, *arguments], cwd=ROOT, check=True, text=True,
                          stdout=subprocess.PIPE).stdout


class Kept:
    """What a server was given: the bytes, by Message-ID."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        assert envelope.mail_from.startswith("bounce+"), envelope.mail_from
        self.mails.append(envelope.original_content)
        return "250 2.0.0 kept"


def authenticator(server, session, envelope, mechanism, data):
    right = (data.login, data.password) == (b"ann@example.org", b"p:w +1")
    return AuthResult(success=right)


def tls():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(KEYS / "tls-server.pem", KEYS / "tls-server-key.pem")
    return context


class StartTls(Controller):
    def factory(self):
        return SMTP(self.handler, tls_context=tls(), require_starttls=True,
                    authenticator=authenticator, auth_required=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return probe.getsockname()[1]


def send(scheme):
    """Sends every mail to a server of its own, and tells what arrived."""
    kept, port = Kept(), free_port()
    login, options = "ann%40example.org:p%3Aw%20+1@", f"?ca={KEYS / 'tls-ca.pem'}"
    if scheme == "smtp":
        server = StartTls(kept, hostname="localhost", port=port)
    elif scheme == "smtps":
        server = Controller(kept, hostname="localhost", port=port, ssl_context=tls(),
                            authenticator=authenticator, auth_required=True, auth_require_tls=False)
    else:
        server = Controller(kept, hostname="localhost", port=port)
        login, options = "", ""
    server.start()
    try:
        said = mails(FOLDER, f"{scheme}://{login}localhost:{port}{options}")
    finally:
        server.stop()
    return kept.mails, said.strip()


def verify(mails):
    records = dict(line.split("\t") for line in (FOLDER / "records.tsv").read_text().splitlines())

    def record(name, timeout=5):
        return records.get(name.decode().rstrip("."), "").encode()

    wrong = []
    for name, mail in mails.items():
        changed = mail.replace(b"\r\nSubject: ", b"\r\nSubject: X", 1)
        added = mail.replace(b"\r\nFrom: ", b"\r\nFrom: eve@example.com\r\nFrom: ", 1)
        good, bad, worse = (dkim.verify(one, dnsfunc=record) for one in (mail, changed, added))
        if not good or bad or worse:
            wrong.append(f"{name}: {good}; with another subject {bad}, with a second From {worse}")
    return wrong


def read(name, mail):
    """What Python's parser finds in a mail that clients would miss."""
    message = email.message_from_bytes(mail, policy=email.policy.default)
    found = [part.get_content_type() for part in message.walk()]
    wanted = ["multipart/alternative", "text/plain", "text/html"]
    if name.startswith("invitation"):
        wanted = ["multipart/mixed", *wanted, "text/calendar", "application/ics"]
        parts = list(message.walk())
        calendar, file = parts[4], parts[5]
        assert calendar.get_param("method") == "REQUEST", name
        assert calendar.get_payload(decode=True) == file.get_payload(decode=True), name
        assert file.get_filename() == "invite.ics", name
    assert found == wanted, (name, found)
    assert not [defect for part in message.walk() for defect in part.defects], name
    stem = name.rsplit(".", 2)[0]
    for part, suffix in ((found.index("text/plain"), "txt"), (found.index("text/html"), "html")):
        text = list(message.walk())[part].get_content()
        said = (FOLDER / f"{stem}.{suffix}").read_text()
        assert text.split() == said.split(), (name, suffix)
    assert message["To"].addresses[0].display_name == "王 \"Wang\" O'Neil", message["To"]
    assert message["Auto-Submitted"] == "auto-generated"
    if ".full." in name:
        assert re.fullmatch(r"<https://\S+>", message["List-Unsubscribe"]), message["List-Unsubscribe"]
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert max(len(line) for line in mail.split(b"\r\n")) <= 998


def suspected(mails):
    """Mails that SpamAssassin, without asking the network, has anything against."""
    found = []
    for name, mail in mails.items():
        said = subprocess.run(["spamassassin", "-L", "-t"], input=mail, capture_output=True).stdout
        points = re.search(rb"Content analysis details:\s+\((-?[0-9.]+) points", said)
        if points is None or float(points.group(1)) > 0.5:
            found.append(f"{name}: {points.group(1).decode() if points else 'no verdict'} points")
    return found


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    mails(FOLDER)
    composed = {path.name: path.read_bytes() for path in sorted(FOLDER.glob("*.eml"))}
    for name, mail in composed.items():
        read(name, mail)
    print(f"email: {len(composed)} mails have the parts that clients look for")
    wrong = verify(composed)
    print("\n".join([*wrong, f"dkimpy: {len(composed)} mails verified, {len(wrong)} wrong"]), flush=True)
    for scheme in ("smtp+plaintext", "smtp", "smtps"):
        arrived, said = send(scheme)
        same = sorted(arrived) == sorted(composed.values())
        print(f"aiosmtpd, {scheme}: {said}; {'all arrived unchanged' if same else 'NOT what was sent'}")
        if not same:
            wrong.append(scheme)
    if shutil.which("spamassassin"):
        full = {name: mail for name, mail in composed.items() if name.endswith(".full.rsa.eml")}
        against = suspected(full)
        wrong += against
        print("\n".join([*against, f"SpamAssassin: {len(full)} mails, {len(against)} suspected"]), flush=True)
    else:
        print("left out: SpamAssassin (Debian: apt install spamassassin)", flush=True)
    node = subprocess.run(["node", pathlib.Path(__file__).with_name("dkim.mjs"), FOLDER])
    sys.exit(1 if wrong or node.returncode or not composed else 0)


if __name__ == "__main__":
    main()

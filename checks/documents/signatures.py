"""Whether programs that are not ours take our signatures and badges for what they are.

    python signatures.py PDF...

Every PDF is signed by an RSA key, a P-256 key and a demonstration's own, by `credentials`' example. `qpdf` must
find nothing wrong with what comes out, poppler's `pdfsig` and pyHanko must take the signature for one of PAdES that covers the
whole document; and where a byte was changed, or something put behind it, neither may. `badges.mjs` judges the badges.
A program that is not installed is left out, and said to be.
"""

import asyncio
import datetime
import io
import logging
import pathlib
import random
import re
import shutil
import subprocess
import sys

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.ades import ades_basic_validation
from pyhanko.sign.validation.policy_decl import SignatureValidationSpec
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import NO_REVOCATION, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "target" / "credentials"
MOMENT = datetime.datetime(2027, 3, 2, tzinfo=datetime.timezone.utc)
CHANGES = 12


def certificate(path):
    data = path.read_bytes()
    if pem.detect(data):
        data = pem.unarmor(data)[2]
    return x509.Certificate.load(data)


def pyhanko(pdf, roots, moment=MOMENT):
    """What pyHanko has against a signature, at a moment or now; nothing where it takes it."""
    moment = moment or datetime.datetime.now(datetime.timezone.utc)
    try:
        signatures = PdfFileReader(io.BytesIO(pdf), strict=True).embedded_signatures
        if len(signatures) != 1:
            return [f"{len(signatures)} signatures"]
        signature = signatures[0]
        context = ValidationContext(trust_roots=roots, moment=moment, allow_fetching=False)
        status = validate_pdf_signature(signature, context, skip_diff=False)
        level = asyncio.run(ades(signature, roots, moment))
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]
    found = []
    kind = str(signature.sig_object["/SubFilter"])
    if kind != "/ETSI.CAdES.detached":
        found.append(kind)
    # PAdES B-B: which certificate it is, is signed, and when it was, is not said twice.
    attributes = {one["type"].native for one in signature.signer_info["signed_attrs"]}
    if attributes != {"content_type", "message_digest", "signing_certificate_v2"}:
        found.append(f"attributes {sorted(attributes)}")
    if level != "OK":
        found.append(f"ETSI EN 319 102-1: {level}")
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        found.append(str(status.coverage))
    found += [word for word in ("intact", "valid", "trusted", "bottom_line") if not getattr(status, word)]
    return found


async def ades(signature, roots, moment):
    """What comes of validating it as ETSI has it, at the basic level."""
    trust = SimpleTrustManager.build(trust_roots=roots)
    policy = CertValidationPolicySpec(trust_manager=trust, revinfo_policy=CertRevTrustPolicy(NO_REVOCATION))
    timing = ValidationTimingInfo(moment, best_signature_time=moment, point_in_time_validation=True)
    specification = SignatureValidationSpec(cert_validation_policy=policy)
    result = await ades_basic_validation(
        signature.signed_data, specification, timing, raw_digest=signature.compute_digest()
    )
    return result.ades_subindic.name


def pdfsig(path):
    """What poppler has against a signature."""
    said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True)
    text = said.stdout + said.stderr
    wanted = [
        "Signature Type: ETSI.CAdES.detached",
        "Total document signed",
        "Signature Validation: Signature is Valid.",
    ]
    return [f"not: {one}" for one in wanted if one not in text]


def qpdf(path):
    """What qpdf has against a document, the list of its pages and objects included."""
    said = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True)
    return said.stdout.splitlines() + said.stderr.splitlines() if said.returncode else []


def changed(pdf, original, chance):
    """The document as somebody else would have it."""
    gap = re.findall(rb"/ByteRange \[0 (\d+) (\d+) \d+ *\]", pdf)[-1]
    before, behind = int(gap[0]), int(gap[1])
    places = [chance.randrange(len(original)) for _ in range(CHANGES)]
    places += [chance.randrange(len(original), before), chance.randrange(behind, len(pdf))]
    # A digit of the signature itself: near its end, where the key's own part is.
    end = behind - 2 - len(re.search(rb"0*$", pdf[before + 1 : behind - 1]).group())
    places.append(end - 20)
    for place in places:
        other = bytearray(pdf)
        other[place] = ord("7") if other[place] != ord("7") else ord("8")
        yield f"byte {place}", bytes(other)
    yield "something behind it", pdf + b"\n% and more\n"


def main():
    documents = [pathlib.Path(one) for one in sys.argv[1:]]
    shutil.rmtree(FOLDER, ignore_errors=True)
    command = ["cargo", "run", "-q", "-p", "credentials", "--example", "credentials", "--", FOLDER, *documents]
    subprocess.run(command, cwd=ROOT, check=True)
    roots = [certificate(FOLDER / "authority.pem"), certificate(FOLDER / "demo.der")]
    programs = {name: shutil.which(name) for name in ("qpdf", "pdfsig")}
    for name in (name for name, path in programs.items() if path is None):
        print(f"left out: {name} (Debian: apt install {'poppler-utils' if name == 'pdfsig' else name})")
    chance, wrong, signed, refused = random.Random(1), [], 0, 0
    scratch = FOLDER / "changed.pdf"
    for document in documents:
        original = document.read_bytes()
        for path in sorted(FOLDER.glob(f"{document.stem}.*.pdf")):
            pdf = path.read_bytes()
            signed += 1
            if not pdf.startswith(original):
                wrong.append(f"{path.name}: does not begin with the document")
            found = pyhanko(pdf, roots)
            found += pdfsig(path) if programs["pdfsig"] else []
            found += qpdf(path) if programs["qpdf"] else []
            wrong += [f"{path.name}: {one}" for one in found]
            for what, other in changed(pdf, original, chance):
                refused += 1
                if not pyhanko(other, roots):
                    wrong.append(f"{path.name}: pyHanko takes it with {what}")
                if programs["pdfsig"]:
                    scratch.write_bytes(other)
                    if not pdfsig(scratch):
                        wrong.append(f"{path.name}: pdfsig takes it with {what}")
    print("\n".join([*wrong, f"signatures: {signed} documents signed, {refused} changed, {len(wrong)} wrong"]), flush=True)
    badges = 0
    if shutil.which("node"):
        badges = subprocess.run(["node", pathlib.Path(__file__).with_name("badges.mjs"), FOLDER / "badges.json"]).returncode
    else:
        print("left out: jose (no node)")
    sys.exit(1 if wrong or badges or not signed else 0)


if __name__ == "__main__":
    main()

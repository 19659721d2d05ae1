"""Whether other people's programs read our papers as what they are.

    python3 checks/documents/pages.py FOLDER [PICTURES]

FOLDER holds what `cargo run -p documents --example print -- all FOLDER` writes. Asked are qpdf (is the file sound),
poppler (are all fonts embedded and can the text be had back: `pdffonts`, `pdftotext`; what is its title, its language,
is it tagged: `pdfinfo`), and zbar (does a telephone read the code). Debian: `qpdf poppler-utils zbar-tools`.
What each paper must say is in `SAYS`; how many pages it has, the test of the crate knows.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ADDRESSES = {
    "appointment-letter": "https://convoke.example.org/verify/7H3KQ2MX9D",
    "appointment-letter-landscape": "https://convoke.example.org/verify/7H3KQ2MX9D",
    "award-certificate": "https://convoke.example.org/verify/M4T8WZC2PA",
    "plaque": "https://convoke.example.org/verify/Q9C5RJ7KEV",
    "attendance-certificate": "https://convoke.example.org/verify/X2B6NHT4YR",
    "agenda-booklet": "https://convoke.example.org/e/forum-2027",
}
LETTER = {
    "zh": ["兹聘请", "王示例", "教授", "副主任委员", "2027年3月1日", "此聘", "李示范", "二〇二七年三月一日", "HY-2027-000123"],
    "en": ["Professor Wang Shili", "Vice Chair", "1 March 2027", "Li Shifan", "Example University", "HY-2027-000123"],
}
SAYS = {
    "appointment-letter": LETTER,
    "appointment-letter-landscape": LETTER,
    "award-certificate": {
        "zh": ["荣誉证书", "陈范例：", "一等奖", "特发此证，以资鼓励"],
        "en": ["Chen Fanli", "First Prize", "Li Shifan"],
    },
    "plaque": {
        "zh": ["产教融合示范基地", "示例职业技术学院", "示例大学"],
        "en": ["Example Vocational and Technical College", "28 February 2029"],
    },
    "attendance-certificate": {
        "zh": ["兹证明", "赵样本", "对话嘉宾", "10.5小时", "开幕式与主旨报告"],
        "en": ["Zhao Yangben", "panellist", "10.5 hours", "Opening and keynote speeches"],
    },
    "agenda-booklet": {
        "zh": ["会议手册", "李示范", "王示例", "赵样本", "智能制造", "一楼报告厅", "14:00"],
        "en": ["Li Shifan", "Wang Shili", "Zhao Yangben", "Auditorium, ground floor"],
    },
    "sign-in-sheet": {
        "zh": ["签到表", "王示例", "孙举例", "示例市教育局"],
        "en": ["Sun Juli", "Example City Education Bureau", "Signature"],
    },
}


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return None, (done.stdout + done.stderr).strip()
    return done.stdout, None


def squeezed(text):
    return re.sub(r"\s+", "", text)


def sound(file):
    _, wrong = run("qpdf", "--check", str(file))
    return [f"qpdf: {wrong}"] if wrong else []


def fonts(file):
    listed, wrong = run("pdffonts", str(file))
    if wrong:
        return [f"pdffonts: {wrong}"]
    rows = [line.split() for line in listed.splitlines()[2:]]
    # … emb sub uni object ID
    found = [f"font {row[0]} is not {name}" for row in rows for name, at in [("embedded", -5), ("a subset", -4), ("mapped to Unicode", -3)] if row[at] != "yes"]
    return found if rows else ["no fonts"]


def texts(file, kind, languages):
    said, wrong = run("pdftotext", "-layout", str(file), "-")
    if wrong:
        return [f"pdftotext: {wrong}"]
    plain, _ = run("pdftotext", str(file), "-")
    said = squeezed(said) + squeezed(plain or "")
    return [f"{part} cannot be had back" for language in languages for part in SAYS[kind][language] if squeezed(part) not in said]


def about(file, languages):
    info, wrong = run("pdfinfo", str(file))
    meta, _ = run("pdfinfo", "-meta", str(file))
    if wrong:
        return [f"pdfinfo: {wrong}"]
    found = []
    for wanted in [r"Title: +\S", r"Creator: +Convoke", r"Tagged: +yes", r"CreationDate: +\S", r"JavaScript: +no", r"Encrypted: +no"]:
        if not re.search(wanted, info):
            found.append(f"pdfinfo has no {wanted}")
    for wanted in ["<pdfaid:part>2<", "<pdfaid:conformance>A<", "<dc:title>", f"<rdf:li>{'zh-CN' if 'zh' in languages else 'en-GB'}<"]:
        if wanted not in (meta or ""):
            found.append(f"the metadata have no {wanted}")
    return found


def code(file, kind):
    if kind not in ADDRESSES:
        return []
    with tempfile.TemporaryDirectory() as folder:
        run("pdftoppm", "-r", "200", "-png", str(file), f"{folder}/page")
        # Pages without a code are no success to zbarimg.
        pages = sorted(pathlib.Path(folder).glob("page*.png"))
        read = [(run("zbarimg", "--quiet", "--raw", str(page))[0] or "").strip() for page in pages]
    read = [one for one in read if one]
    return [] if read == [ADDRESSES[kind]] else [f"the code reads {read!r}"]


def specimen(file):
    """Whether each page says that it is one, over whatever lies on it."""
    with tempfile.TemporaryDirectory() as folder:
        run("pdftoppm", "-r", "20", "-png", str(file), f"{folder}/page")
        pages = [page.read_bytes() for page in sorted(pathlib.Path(folder).glob("page*.png"))]
    said, _ = run("pdftotext", "-raw", str(file), "-")
    # An empty page is a picture of some hundred bytes.
    found = [] if len(pages) == 2 and all(len(page) > 1000 for page in pages) else ["the mark cannot be seen"]
    return found + ([] if squeezed(said or "").count("SPECIMEN") == 2 else ["the mark cannot be read"])


def photograph(folder, pictures):
    """The pages that `docs/examples` shows, a quarter as large as they could be."""
    for file in sorted(pictures.glob("*.png")):
        paper = folder / f"{file.stem}.pdf"
        if not paper.exists():
            continue
        page = "3" if "booklet" in file.stem else "1"
        run("pdftoppm", "-r", "90", "-png", "-singlefile", "-f", page, str(paper), str(pictures / file.stem))
        if shutil.which("convert"):
            run("convert", str(file), "+dither", "-colors", "128", "-define", "png:compression-level=9", f"PNG8:{file}")


def main(folder, pictures=None):
    for program in ["qpdf", "pdffonts", "pdftotext", "pdfinfo", "pdftoppm", "zbarimg"]:
        if not shutil.which(program):
            sys.exit(f"{program} is missing: apt install qpdf poppler-utils zbar-tools")
    passed = failed = 0
    for kind in SAYS:
        for languages in [["zh"], ["en"], ["zh", "en"]]:
            file = folder / f"{kind}-{'-'.join(languages)}.pdf"
            found = sound(file) + fonts(file) + texts(file, kind, languages) + about(file, languages) + code(file, kind)
            print(f"{file.name}: {file.stat().st_size:,} bytes, {'; '.join(found) or 'well'}")
            passed, failed = (passed, failed + 1) if found else (passed + 1, failed)
    file = folder / "specimen.pdf"
    found = sound(file) + fonts(file) + about(file, ["en"]) + specimen(file)
    print(f"{file.name}: {file.stat().st_size:,} bytes, {'; '.join(found) or 'well'}")
    passed, failed = (passed, failed + 1) if found else (passed + 1, failed)
    print(f"{passed} passed, {failed} failed")
    if pictures:
        photograph(folder, pictures)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main(*map(pathlib.Path, sys.argv[1:]))

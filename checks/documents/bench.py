"""How many letters a second and core, beside weasyprint on the same page, in one run.

`just bench-letters`. Both set the sample letter with the same fonts, each time to somebody else, on one thread; what counts is how
many times as fast one is as the other. weasyprint is what Indico uses; its page is built of HTML and CSS with the same words, the same
frame, logo, seal, signature and code, as far as it goes. It wants Debian's
`libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0`. Where `fonts-noto-cjk` is installed it is measured with that as well, which is what an
installation of it would have.
"""

import pathlib
import subprocess
import time

import segno
import weasyprint
from weasyprint.text.fonts import FontConfiguration

ROOT = pathlib.Path(__file__).resolve().parents[2]
CRATE = ROOT / "crates/documents"
FEW, MANY = 3, 20

FACES = "".join(
    f"@font-face {{ font-family: '{family}'; src: url('file://{CRATE}/fonts/{file}'); font-weight: {weight} }}"
    for family, file, weight in [
        ("Latin", "LibertinusSerif-Regular.otf", 400),
        ("Han", "NotoSerifSC-Regular.ttf", 400),
        ("Han", "NotoSerifSC-SemiBold.ttf", 600),
        ("Brush", "MaShanZheng-Titles.ttf", 400),
    ]
)
PAGE = """
<html lang="zh-CN"><head><title>聘书：{name}</title></head><body><img class="frame" src="{templates}/frame-portrait.svg" alt="">
<div class="head"><img src="{samples}/logo.svg" style="height:19mm" alt="徽标"><h1>聘　书</h1><small>编号：{number}</small></div>
<p>兹聘请 <b>{name}</b> 教授 担任产教融合专家咨询委员会<b>副主任委员</b>。</p>
<p>负责智能制造领域的课程共建、实训基地评估与成果推广。</p><p>聘期自2027年3月1日至2029年2月28日。</p><p>此聘。</p>
<div class="left"><img src="{samples}/signature.svg" style="height:15mm" alt="签名"><br>李示范<br>示例大学副校长</div>
<div class="right"><img class="seal" src="{samples}/seal.svg" alt="印章">示例大学<br>示例市高校产业技术联盟<br>二〇二七年三月一日</div>
<div class="code"><img src="{code}" style="width:21mm" alt="{address}"> 扫码查验真伪 {address}</div>
</body></html>
"""
STYLE = """
@page { size: A4; margin: 30mm 30mm 25mm; @bottom-left-corner { content: "" } }
body { font: 20pt/2 Latin, Han; text-align: justify; border: 0 } p { text-indent: 2em; margin: 0 } b { font-weight: 600 }
.head { text-align: center; margin-bottom: 15mm } h1 { font: 76pt Brush; color: #a61b29; margin: 0 } small { font-size: 9.5pt }
.left, .right { position: absolute; bottom: 35mm; text-align: center; font-size: 13pt; line-height: 1.5 } .right { right: 0 }
.frame { position: absolute; left: -30mm; top: -30mm; width: 210mm; z-index: -2 } .seal { position: absolute; width: 40mm; left: 5mm; top: -10mm; z-index: -1 } .code { position: absolute; bottom: 0; font-size: 7pt }
"""


def one(index, style, fonts):
    address = f"https://convoke.example.org/verify/{index:010}"
    page = PAGE.format(
        name="王李陈赵孙周吴郑"[index % 8] + "示例",
        number=f"HY-2027-{index:06}",
        address=address,
        code=segno.make(address, error="m", boost_error=False, micro=False).svg_data_uri(border=4),
        samples=f"file://{CRATE}/samples",
        templates=f"file://{CRATE}/templates",
    )
    return weasyprint.HTML(string=page).write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/a-2b")


def theirs(style, said):
    fonts = FontConfiguration()
    style = weasyprint.CSS(string=style, font_config=fonts)
    for index in range(FEW):
        one(index, style, fonts)
    began = time.perf_counter()
    sizes = [len(one(index, style, fonts)) for index in range(FEW, FEW + MANY)]
    rate = MANY / (time.perf_counter() - began)
    print(f"weasyprint {weasyprint.__version__}, {said}: {rate:.2f} letters/s, {sum(sizes) // MANY} bytes/letter")
    return rate


def ours():
    """Those that are signed count: that is what an office sends."""
    command = ["cargo", "bench", "-q", "--workspace", "--bench", "letters"]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    print(said, end="")
    return float(next(line.rsplit(" ", 1)[1] for line in said.splitlines() if ", signed, one thread" in line))


def main():
    rate = ours()
    print(f"times as fast: {rate / theirs(FACES + STYLE, 'with our fonts'):.0f}")
    listed = subprocess.run(["fc-list", "Noto Serif CJK SC"], capture_output=True, text=True, check=False).stdout
    if listed:
        faces = "@font-face".join(face for face in FACES.split("@font-face") if "NotoSerifSC" not in face)
        style = faces + STYLE.replace("Han", "'Noto Serif CJK SC'")
        print(f"times as fast: {rate / theirs(style, 'with Noto Serif CJK SC'):.0f}")


if __name__ == "__main__":
    main()

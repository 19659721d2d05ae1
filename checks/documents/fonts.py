"""Cuts the fonts that the press brings along (`crates/documents/fonts`) out of their full editions.

    python3 checks/documents/fonts.py FOLDER

FOLDER holds what `npm pack @expo-google-fonts/noto-serif-sc @expo-google-fonts/ma-shan-zheng` brings, unpacked side
by side as `noto-serif-sc` and `ma-shan-zheng`, and, for the fonts of the tests, `NotoSerifCJK-Regular.ttc` (Debian:
`fonts-noto-cjk`). Needs PyPI `fonttools`. Nobody need run this to build or test: the cuts are committed. When the
words of a template or an example bring a new character, the tests say so.
"""

import pathlib
import sys

from fontTools import subset
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

ROOT = pathlib.Path(__file__).resolve().parents[2]
FONTS = ROOT / "crates/documents/fonts"
TEST_FONTS = ROOT / "crates/documents/src/tests/fonts"

# Characters of given names that GB 2312 (1980) has not, and that people bear today.
NAMES = (
    "玥堃喆翀昇祎珺赟垚骉犇焱燚旻昱晗炜烨煜玮珂珉珏珞琀琎琨琬琯瑀瑄瑢瑨璟璠璘璞祺禛稹竑筠缜翎翊芃苡荃荇莙菡葳蓁蘅诩谌谞赪钊钰铄铖"
    "锜锴镕镛镝闳闿陟隽霁霂靓韪韫颉颢飏骁骐骞骢鸢龑暐晞晔晙昶昺昉旸暄暕暾曈朕栩桄桦椿榕榛楠楹槿樾檀歆毓沄沅沚沣沨洄洺洵浔涵淦淇淏"
    "湉湜溦滢潆潋潞澍澔瀚灏焜焓熠熙牁玎玏玚玙玠玢玭珈珅珩珽珣琇琏琦琤琮琰瑛瑗瑭瑷璇璐璨璩甯畅皓皞睿矞砚硕祐祯禔穆窈竣笙筱箬"
)
# What stands on the first line of letters, certificates and plaques.
TITLES = "聘书荣誉证授牌参会明请函邀议手册签到表感谢状奖委任命结业培训优秀先进个人集体单位贡献特等一二三四五六七八九十级杰出创新项目匾铜挂共建基地中心成员理事顾问名职务程日通知录　"


def gb2312(last_row):
    """The characters of GB 2312, row 16 to the one that is given; row 55 is the last of level 1."""
    found = set()
    for high in range(0xB0, 0xA0 + last_row + 1):
        for low in range(0xA1, 0xFF):
            try:
                found.add(bytes([high, low]).decode("gb2312"))
            except UnicodeDecodeError:
                pass
    return found


def spans(*ranges):
    return {chr(one) for first, last in ranges for one in range(first, last + 1)}


def said_here():
    """Every character of the examples, and of the templates and samples."""
    files = [*ROOT.glob("examples/*.yaml"), *ROOT.glob("crates/documents/templates/*.typ")]
    files += [ROOT / "crates/documents/src" / name for name in ["date.rs", "document.rs", "sample.rs"]]
    return set("".join(file.read_text(encoding="utf-8") for file in files))


def cut(source, target, characters, number=0):
    options = subset.Options()
    options.hinting = False
    options.layout_features = ["kern", "liga", "locl", "ccmp", "mark", "mkmk"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 11, 13, 14, 16, 17]
    options.notdef_outline = True
    options.font_number = number
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(sorted(characters)))
    subsetter.subset(font)
    # The same cut is the same bytes.
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.save(target)
    print(f"{target.name}: {len(font.getBestCmap())} characters, {target.stat().st_size:,} bytes")


def lie(target):
    """A font that says it has 龘, and draws its empty box instead."""
    font = TTFont(TEST_FONTS / "rare.ttf")
    glyphs = font["glyf"]
    name = font.getBestCmap()[ord("龘")]
    pen = TTGlyphPen(None)
    glyphs[".notdef"].draw(pen, glyphs)
    glyphs[name] = pen.glyph()
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16):
            record.string = "Lying" if record.nameID != 6 else "Lying-Regular"
    font.recalcTimestamp = False
    font.save(target)


def main(folder):
    written = gb2312(87) | set(NAMES) | said_here()
    written |= spans((0x20, 0x7E), (0xA0, 0x17F), (0x2010, 0x2027), (0x2030, 0x205E), (0x3000, 0x3029), (0xFF01, 0xFF5E))
    written |= set("〇№℃①②③④⑤⑥⑦⑧⑨⑩→←↑↓■□●○◆◇★☆×÷±·￥")
    # Only the tests are to speak of these: no machine has them unless it has a large font.
    written -= set("龘𠮷")
    for style, name in [("400Regular", "Regular"), ("600SemiBold", "SemiBold")]:
        cut(folder / f"noto-serif-sc/{style}/NotoSerifSC_{style}.ttf", FONTS / f"NotoSerifSC-{name}.ttf", written)
    cut(folder / "ma-shan-zheng/400Regular/MaShanZheng_400Regular.ttf", FONTS / "MaShanZheng-Titles.ttf", set(TITLES))
    # No outlines of Adobe's kind there: what the tests need can be drawn anew.
    cut(folder / "noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf", TEST_FONTS / "rare.ttf", set("龘"))
    cut(folder / "NotoSerifCJK-Regular.ttc", TEST_FONTS / "rarer.otf", set("𠮷"), number=0)
    lie(TEST_FONTS / "lying.ttf")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))

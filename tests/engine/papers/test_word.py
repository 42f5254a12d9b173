"""The Word file: the official page by its figures, the same bytes each time, and a drill that nobody can mistake."""

import io
import zipfile
from datetime import UTC, datetime, timedelta, timezone

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from shudao.engine.papers.model import Heading, Note, Paper, Para, Quote, Stamp, Table
from shudao.engine.papers.word import write_word
from shudao.engine.papers.word.looks import GBT9704
from shudao.engine.papers.word.write import chinese_number, number_of, title_lines

AT = datetime(2026, 3, 8, 4, 0, tzinfo=UTC)
BLOCKS = (
    Heading(text="事件概要"),
    Para(text="一段正文。", lead="提要。"),
    Heading(text="已核实", level=2),
    Quote(text="停了三天", item="p-1", source="青岚论坛", at="3月8日 07:10"),
    Table(head=("甲", "乙"), rows=(("1", "2"), ("3", "4")), widths=(1, 3), caption="表"),
    Note(text="注"),
    Heading(text="传播情况"),
)
PAPER = Paper(
    title="关于停电的专报", blocks=BLOCKS, issuer="清江县供电公司", doc_no="清供电〔2026〕3号", signer="办公室主任", to="市公司",
    attachments=("时限表", "清单"), signed_by="清江县供电公司", date="2026年3月8日", cc="县政府办公室", issued_by="办公室",
    stamp=Stamp(stream="incident/2026-001", length=57, head="ab" * 32),
)  # fmt: skip


def opened(paper, at=AT):
    return docx.Document(io.BytesIO(write_word(paper, at)))


def with_(paper, **changes):
    return Paper(**{name: getattr(paper, name) for name in Paper.__struct_fields__} | changes)


def words(document):
    return "\n".join(node.text or "" for node in document.element.iter(qn("w:t")))


def test_the_official_page_has_the_standard_figures():
    section = opened(PAPER).sections[0]
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side.mm) for side in sides] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")


def test_every_run_names_its_chinese_face_and_no_font_is_embedded():
    raw = write_word(PAPER, AT)
    document = docx.Document(io.BytesIO(raw))
    runs = [run for run in document.element.iter(qn("w:r")) if run.find(qn("w:t")) is not None]
    faces = {run.find(qn("w:rPr")).find(qn("w:rFonts")).get(qn("w:eastAsia")) for run in runs}
    assert faces <= {"方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"} and len(faces) == 4
    names = zipfile.ZipFile(io.BytesIO(raw)).namelist()
    assert not [name for name in names if "font" in name.lower() and not name.endswith("fontTable.xml")]


def test_body_text_is_sixteen_points_tightened_to_hold_28_a_line():
    run = next(r for r in opened(PAPER).element.iter(qn("w:r")) if "一段正文" in "".join(r.itertext()))
    style = run.find(qn("w:rPr"))
    assert (style.find(qn("w:sz")).get(qn("w:val")), style.find(qn("w:spacing")).get(qn("w:val"))) == ("32", "-5")


def test_the_parts_stand_in_the_order_of_an_official_paper():
    text = words(opened(PAPER))
    order = ["清江县供电公司", "清供电〔2026〕3号", "签发人：办公室主任", "关于停电的专报", "市公司：", "一、事件概要",
             "（一）已核实", "二、传播情况", "附件：1. 时限表", "2026年3月8日", "ab" * 32, "抄送：县政府办公室。", "2026年3月8日印发"]  # fmt: skip
    places, start = [], 0
    for piece in order:
        start = text.index(piece, start)
        places.append(start)
    assert places == sorted(places)


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages():
    document = opened(PAPER)
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "RIGHT"), (section.even_page_footer, "LEFT")):
        line = footer.paragraphs[0]
        assert line.alignment.name == side
        assert "PAGE" in "".join(line._p.itertext()) and line.text.startswith("— ")


def test_a_drill_is_marked_on_every_page_and_a_real_paper_is_not():
    for lang, layout, mark in (("zh", "gbt9704", "演练"), ("en", "plain", "EXERCISE")):
        section = opened(with_(PAPER, drill="0007", lang=lang, layout=layout)).sections[0]
        for header in (section.header, section.even_page_header):
            xml = header._element.xml
            assert mark in header.paragraphs[0].text and "0007" in header.paragraphs[0].text
            assert f'string="{mark}"' in xml
    section = opened(PAPER).sections[0]
    assert "演练" not in section.header._element.xml + section.even_page_header._element.xml


@pytest.mark.parametrize("drill", ["", "0007"])
def test_same_paper_and_moment_give_the_same_bytes(drill):
    paper = with_(PAPER, drill=drill)
    raw = write_word(paper, AT)
    assert raw == write_word(paper, AT)
    assert raw == write_word(paper, AT.astimezone(timezone(timedelta(hours=8))))
    assert raw != write_word(paper, AT + timedelta(minutes=1))
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(2026, 3, 8, 4, 0, 0)}
        assert not [name for name in archive.namelist() if "thumbnail" in name]


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError):
        write_word(PAPER, datetime(2026, 3, 8))


def test_a_long_issuer_is_set_smaller_so_that_it_keeps_one_line():
    sizes = []
    for issuer in ("清江县供电公司", "清江县人民政府网络舆情应急处置工作领导小组办公室"):
        run = next(
            r for r in opened(with_(PAPER, issuer=issuer)).element.iter(qn("w:r")) if issuer in "".join(r.itertext())
        )
        sizes.append(int(run.find(qn("w:rPr")).find(qn("w:sz")).get(qn("w:val"))))
    assert sizes[0] == 72 and sizes[1] / 2 * 24 <= 442


def test_headings_are_numbered_by_layout():
    assert [number_of(counts, "gbt9704") for counts in ([1], [2, 10], [1, 1, 3])] == ["一、", "（十）", "3. "]
    assert number_of([2, 1], "plain").strip() == "2.1"
    assert [chinese_number(n) for n in (1, 10, 11, 20, 21, 99)] == ["一", "十", "十一", "二十", "二十一", "九十九"]


def test_an_empty_paper_is_still_a_paper():
    assert "空" in words(opened(Paper(title="空", blocks=())))


@settings(max_examples=60, deadline=None)
@given(st.text(), st.text(max_size=40), st.sampled_from(["gbt9704", "plain"]))
def test_any_text_from_the_network_fits_on_paper(text, name, layout):
    blocks = (Para(text=text), Quote(text=text, item=name), Table(head=("a",), rows=((text,),), caption=name))
    paper = Paper(title=name, blocks=blocks, layout=layout, lang="zh" if layout == "gbt9704" else "en", issuer=name)
    raw = write_word(paper, AT)
    assert raw == write_word(paper, AT) and opened(paper)


ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr pBdr shd tabs snapToGrid spacing ind jc rPr",
    "rPr": "rStyle rFonts b bCs i color spacing w kern position sz szCs highlight u lang",
    "tblPr": "tblStyle tblpPr tblOverlap tblW jc tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "tcPr": "tcW gridSpan vMerge tcBorders shd noWrap tcMar vAlign",
    "sectPr": "pgSz pgMar pgNumType cols titlePg docGrid",
}


@pytest.mark.parametrize("drill", ["", "0007"])
def test_properties_stand_in_the_order_that_word_insists_on(drill):
    document = opened(with_(PAPER, drill=drill))
    section = document.sections[0]
    parts = [document.element, section.footer._element, section.even_page_footer._element, section.header._element]
    for part in parts:
        for name, order in ORDER.items():
            for properties in part.iter(qn(f"w:{name}")):
                names = [child.tag.split("}")[1] for child in properties]
                places = [order.split().index(child) for child in names if not child.endswith("Reference")]
                assert places == sorted(places), (name, names)


def test_a_long_title_is_broken_where_it_may_be_and_no_letter_is_lost():
    long = "关于望湖新城夜间停电引发关注的专报（首报）"
    assert title_lines(long, GBT9704) == "关于望湖新城夜间停电引发关注的\n专报（首报）"
    for title in ("短标题", "没有可断之处" * 8, long):
        assert title_lines(title, GBT9704).replace("\n", "") == title

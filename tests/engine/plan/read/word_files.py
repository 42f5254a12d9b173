"""Word files for tests, made in memory."""

import io
import zipfile

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls


def saved(document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def text_box(paragraph, text: str) -> None:
    """Hang a text box on a paragraph, with the doubled fallback that Word writes."""
    content = f"<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>"
    box = parse_xml(
        f'<w:r {nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:v="urn:schemas-microsoft-com:vml"><mc:AlternateContent>'
        f'<mc:Choice Requires="wps"><w:drawing><wps:txbx>{content}</wps:txbx></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{content}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    paragraph._p.append(box)


def tracked_deletion(paragraph, text: str) -> None:
    row = f'<w:del {nsdecls("w")} w:id="9" w:author="a"><w:r><w:delText>{text}</w:delText></w:r></w:del>'
    paragraph._p.append(parse_xml(row))


def utility_plan() -> bytes:
    """A water company's plan: heading styles, automatic numbers, a table, a text box, a tracked deletion."""
    document = docx.Document()
    document.add_heading("栖霞水务公司网络舆情应急预案", 0)
    document.add_heading("组织机构", 1)
    document.add_paragraph("公司成立舆情应急工作组，组长由总经理担任，副组长由分管营业副总经理担任。")
    document.add_paragraph("工作组职责：", style="Normal")
    document.add_paragraph("决定启动应急响应；", style="List Number")
    last = document.add_paragraph("审定对外公告。", style="List Number")
    tracked_deletion(last, "协调网站删除帖文。")
    document.add_heading("部门任务", 1)
    table = document.add_table(rows=1, cols=3)
    for cell, text in zip(table.rows[0].cells, ("责任部门", "工作任务", "时限"), strict=True):
        cell.text = text
    for row in (("客服中心", "汇总用户来电诉求", "30分钟"), ("管网处", "核实停水范围和原因", "1小时内")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_heading("应急程序", 1)
    note = document.add_paragraph("值班调度员发现舆情后15分钟内电话报告办公室主任。")
    text_box(note, "办公室主任应在2小时内书面报告栖霞市住建局。")
    return saved(document)


def bomb() -> bytes:
    """A .docx whose text unfolds to gigabytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w") as member:
            for _ in range(200):
                member.write(b" " * (1024 * 1024))
    return out.getvalue()

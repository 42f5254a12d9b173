"""版面 (pages): newspaper pages as PDF or picture to posts, one a page; pages without text go through OCR."""

import hashlib

import pypdfium2

from shudao.engine.intake import ocr
from shudao.engine.intake.clean import clean_text
from shudao.engine.intake.setting import Results, Setting
from shudao.engine.post import Post, PostError, Reject, check_moment, check_post
from shudao.engine.words import BadInput, Words

MAX_BYTES = 100 * 1024 * 1024
MAX_PAGES = 1_000
SCALE = 2.5  # of 72 dpi: 180 dpi, enough for newsprint
FEWEST = 8  # characters; a page with fewer counts as a picture


def read_picture(data: bytes, setting: Setting, *, where: str = "") -> Results:
    """The one post of a scanned or photographed page. BadInput without the OCR extra or on a broken picture."""
    if len(data) > MAX_BYTES:
        raise BadInput(Words("图片过大", "the picture is too large"), where=where)
    text = ocr.recognise(data, where=where)
    yield _read_page(1, text, hashlib.sha256(data).hexdigest()[:16], setting)


def read_pdf(data: bytes, setting: Setting, *, where: str = "") -> Results:
    """One post a page; a page that is a picture is read by OCR where the extra is installed, else rejected."""
    if len(data) > MAX_BYTES:
        raise BadInput(Words("PDF 过大", "the PDF is too large"), where=where)
    name = hashlib.sha256(data).hexdigest()[:16]
    document = _open(data, where)
    try:
        if len(document) > MAX_PAGES:
            raise BadInput(Words(f"超过 {MAX_PAGES} 页", f"more than {MAX_PAGES} pages"), where=where)
        for number in range(1, len(document) + 1):
            try:
                text = _page_text(document, number - 1)
            except pypdfium2.PdfiumError:
                yield Reject(line=number, why=Words("此页已损坏", "the page is damaged"))
                continue
            yield _read_page(number, text, name, setting)
    finally:
        document.close()


def _open(data: bytes, where: str) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            mend = Words("请去掉密码后再试", "remove the password and retry")
            raise BadInput(Words("PDF 已加密", "the PDF is encrypted"), where=where, mend=mend) from None
        raise BadInput(Words("PDF 已损坏", "the PDF is damaged"), where=where) from None


def _page_text(document: pypdfium2.PdfDocument, index: int) -> str:
    page = document[index]
    try:
        layer = page.get_textpage()
        text = clean_text(layer.get_text_bounded())
        layer.close()
        if len(text) >= FEWEST or not ocr.is_available():
            return text
        width, height = page.get_size()
        scale = min(SCALE, (ocr.MAX_PIXELS / max(width * height, 1)) ** 0.5)
        pixels = page.render(scale=scale, rev_byteorder=True).to_numpy()[:, :, :3]
        return ocr.recognise_pixels(pixels)
    finally:
        page.close()


def _read_page(number: int, text: str, name: str, setting: Setting) -> Post | Reject:
    try:
        if not text.strip():
            raise PostError("此页没有读到文字", "no text on this page")
        post = Post(
            id=f"page-{name}-{number}",
            source=setting.source,
            kind=setting.kind or "print",
            text=clean_text(text),
            published_at=check_moment(setting.at, setting.latest),
        )
        return check_post(post)
    except PostError as error:
        return Reject(line=number, why=error.words)

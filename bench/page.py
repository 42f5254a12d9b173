"""版面 (page): the official grid as LibreOffice sets it: characters a line, lines a page. Left out without LibreOffice."""

import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2

from bench.figure import Figure
from shudao.engine.papers.model import Paper, Para
from shudao.engine.papers.word import write_word

LETTER = "国"


def run() -> Iterator[Figure]:
    """Set two full pages of one letter and count them on the second."""
    soffice = shutil.which("soffice")
    if soffice is None:
        print("  LibreOffice is not installed: left out")
        return
    paper = Paper(title="版式", blocks=(Para(text=LETTER * 28 * 60, indent=False),))
    with tempfile.TemporaryDirectory() as folder:
        word = Path(folder) / "page.docx"
        word.write_bytes(write_word(paper, datetime(2026, 3, 8, tzinfo=UTC)))
        home = f"-env:UserInstallation=file://{folder}/home"
        command = [soffice, home, "--headless", "--convert-to", "pdf", "--outdir", folder, str(word)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        document = pypdfium2.PdfDocument(Path(folder) / "page.pdf")
        text = document[1].get_textpage().get_text_range()
        document.close()
    lengths = Counter(line.count(LETTER) for line in text.splitlines() if LETTER in line)
    data = "one letter, 60 lines, rendered by LibreOffice"
    yield Figure(name="characters a line", value=lengths.most_common(1)[0][0], unit="", data=data, note="GB/T: 28")
    yield Figure(name="lines a page", value=lengths.total(), unit="", data=data, note="GB/T: 22")

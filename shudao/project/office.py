"""办公程序 (office program): what only LibreOffice opens (.doc, .wps, .odt) turned into .docx, where it is present."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from shudao.engine.plan.read.files import MOST_BYTES, SAVE_AS
from shudao.engine.words import BadInput, Words

PATIENCE = 120
"""Seconds; a program that hangs on a hostile file is stopped."""


def to_docx(path: Path) -> bytes:
    """The file as .docx. BadInput when no office program is present or it cannot open the file."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise BadInput(
            Words(f"读 {path.suffix} 需要 LibreOffice", f"{path.suffix} needs LibreOffice"),
            where=path.name,
            mend=SAVE_AS,
        )
    with tempfile.TemporaryDirectory(prefix="shudao-office-") as name:
        work = Path(name)
        source = work / f"plan{path.suffix.lower()}"
        shutil.copyfile(path, source)
        try:
            _convert(program, source, work)
        except (subprocess.SubprocessError, OSError) as fault:
            raise _unreadable(path) from fault
        made = work / "out" / "plan.docx"
        if not made.is_file() or made.stat().st_size > MOST_BYTES:
            raise _unreadable(path)
        return made.read_bytes()


def _convert(program: str, source: Path, work: Path) -> None:
    """Run the program with a profile of its own, so that it neither meets nor leaves anything of the user's."""
    subprocess.run(  # noqa: S603 - a fixed program, our own copy of the file
        [program, "--headless", "--norestore", f"-env:UserInstallation={(work / 'profile').as_uri()}",
         "--convert-to", "docx", "--outdir", str(work / "out"), str(source)],
        check=True, timeout=PATIENCE, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _unreadable(path: Path) -> BadInput:
    return BadInput(
        Words("LibreOffice 打不开这个文件", "LibreOffice cannot open this file"), where=path.name, mend=SAVE_AS
    )

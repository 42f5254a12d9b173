"""成文 (printing the sample plans): each plan folder's sections as the written plan `plan.docx` beside them.

Run `python -m shudao.library.build_docx` after a section was changed; the same sections give the same bytes.
"""

from datetime import datetime
from pathlib import Path

from shudao.engine.papers.model import Block, Heading, Paper, Para
from shudao.engine.papers.phrases import say_date, zone_of
from shudao.engine.papers.word import write_word
from shudao.engine.plan.load import load_plan
from shudao.engine.plan.model import Plan, Section
from shudao.library import folders, path_of, read_folder

LANGUAGES = ("zh", "en")


def is_chapter(section: Section) -> bool:
    """Whether a section is a whole chapter: 1, 2 … or 一, 二 …; deeper ones carry a dot or a bracket."""
    return not any(mark in section.number for mark in ".（")


def plan_paper(plan: Plan) -> Paper:
    """The written plan as a paper; chapters numbered 一、（一） when the sections are, and 1, 1.1 otherwise."""
    blocks: list[Block] = []
    for section in plan.sections:
        blocks.append(Heading(text=section.title, level=1 if is_chapter(section) else 2))
        blocks += [Para(text=line) for line in section.text.splitlines() if line.strip()]
    official = any("（" in section.number for section in plan.sections)
    return Paper(
        title=plan.title,
        blocks=tuple(blocks),
        lang=plan.language,
        layout="gbt9704" if official else "plain",
        issuer=plan.organisation,
        doc_no=plan.doc_no,
        signed_by=plan.organisation,
        date=say_date(moment_of(plan), plan.language, zone_of(plan.utc_offset)),
    )


def moment_of(plan: Plan) -> datetime:
    """Midnight of the day the plan is in force from, in its own zone."""
    return datetime.fromisoformat(plan.effective_from).replace(tzinfo=zone_of(plan.utc_offset))


def print_plan(folder: Path) -> bytes:
    """The written plan of a folder as .docx."""
    plan = load_plan(read_folder(folder))
    return write_word(plan_paper(plan), moment_of(plan))


def main() -> None:
    """Write `plan.docx` into every sample plan folder."""
    for language in LANGUAGES:
        for name in folders("plans", language):
            folder = path_of("plans", language, name)
            (folder / "plan.docx").write_bytes(print_plan(folder))


if __name__ == "__main__":
    main()

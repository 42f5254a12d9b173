"""`shudao plan read | lint | diff`: a written plan as data, the holes of a plan, two editions compared. Needs no site."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shudao.engine.words import BadInput, Words

if TYPE_CHECKING:
    from datetime import datetime

    from shudao.engine.plan.lint.finding import Finding
    from shudao.engine.plan.read.reading import Reading

COUNTED = (
    ("单位", "units", "units"), ("岗位", "posts", "posts"), ("职责", "duties", "duties"), ("时限", "limits", "limits"),
    ("级别", "levels", "levels"), ("报告", "reports", "reports"), ("动作", "steps", "steps"),
    ("审签", "sign-offs", "sign_offs"),
    ("渠道", "channels", "channels"), ("缺时限的说法", "wishes without a limit", "vague"),
    ("不可执行", "not executable here", "not_executable"),
)  # fmt: skip


@click.group("plan")
def command() -> None:
    """预案 · read a written plan, find the holes of a plan."""


@command.command("read")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="new folder for the draft plan")
@click.option("--json", "as_json", is_flag=True, help="the reading as one JSON document")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="language of reasons; default from the environment")
def read(file: Path, out: Path, as_json: bool, lang: str | None) -> None:
    """读出文字预案 · .docx .md .txt .pdf (.doc .wps .odt with LibreOffice) -> a draft plan folder."""
    from shudao.engine.plan.read.draft import draft_folder, reading_json
    from shudao.engine.plan.read.reader import read_plan
    from shudao.project.cli import language

    lang = lang or language()
    _refuse_full(out)
    name, data = _written(file)
    reading = read_plan(data, name)
    files = draft_folder(reading, file.name) | {"reading.json": reading_json(reading, lang)}
    _write_folder(out, files)
    if as_json:
        click.echo(files["reading.json"].decode())
    else:
        _tell(reading, out, lang)


@command.command("lint")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--roster", type=click.Path(path_type=Path), help="holders and shifts (YAML or JSON)")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="the day that shifts and reviews are dated by")
@click.option("--json", "as_json", is_flag=True, help="findings as one JSON document")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="language of messages; default from the environment")
def lint_plan(folder: Path, roster: Path | None, on: "datetime | None", as_json: bool, lang: str | None) -> None:
    """检查预案 · the plan's holes by rule; exit 1 when there are errors."""
    from shudao.engine.plan.lint import lint
    from shudao.engine.plan.lint.roster import load_roster
    from shudao.project.cli import language
    from shudao.project.folders import plan_in

    lang = lang or language()
    plan = plan_in(folder)
    people = load_roster(_bytes(roster), roster.name) if roster else None
    findings = lint(plan, people, today=on.date() if on else None)
    if as_json:
        click.echo(json.dumps([finding.as_json(lang) for finding in findings], ensure_ascii=False, indent=1))
    else:
        _list(findings, lang)
    if any(finding.severity == "error" for finding in findings):
        raise click.exceptions.Exit(1)


@command.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="differences as one JSON document")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="language of the sentences; default from the environment")
def diff_plans(old: Path, new: Path, as_json: bool, lang: str | None) -> None:
    """比较两版预案 · what the second edition says otherwise, in words."""
    from shudao.engine.plan.compare import compare_plans
    from shudao.project.cli import language
    from shudao.project.folders import plan_in

    lang = lang or language()
    found = compare_plans(plan_in(old), plan_in(new))
    if as_json:
        rows = [{"part": row.part, "how": row.how, "code": row.code, "message": row.words.say(lang)} for row in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in found:
        click.echo(row.words.say(lang))
    if not found:
        click.echo(Words("没有差异", "no difference").say(lang))


def _written(file: Path) -> tuple[str, bytes]:
    """(name, bytes) of the written plan, turned into .docx where only an office program opens it."""
    from shudao.engine.plan.read.files import MOST_BYTES, OFFICE, SAVE_AS
    from shudao.project.office import to_docx

    if not file.is_file():
        raise BadInput(Words("没有这个文件", "there is no such file"), where=str(file))
    if file.stat().st_size > MOST_BYTES:
        raise BadInput(Words("文件过大", "the file is too large"), where=file.name, mend=SAVE_AS)
    if file.suffix.lower() in OFFICE:
        return f"{file.stem}.docx", to_docx(file)
    return file.name, file.read_bytes()


def _refuse_full(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadInput(
            Words("输出位置已有内容", "the output folder is not empty"), where=str(out),
            mend=Words("请给一个新的文件夹", "name a new folder"),
        )  # fmt: skip


def _write_folder(out: Path, files: dict[str, bytes]) -> None:
    """All files or none: written beside the target, then moved into place."""
    import tempfile

    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as name:
            made = Path(name) / "plan"
            made.mkdir()
            for relative, data in files.items():
                made.joinpath(relative).write_bytes(data)
            made.replace(out)
    except OSError as fault:
        raise BadInput(Words("写不进输出文件夹", "the output folder cannot be written"), where=str(out)) from fault


def _bytes(path: Path) -> bytes:
    if not path.is_file() or path.stat().st_size > 20_000_000:
        raise BadInput(Words("没有这个文件，或文件过大", "no such file, or too large"), where=str(path))
    return path.read_bytes()


def _tell(reading: "Reading", out: Path, lang: str) -> None:
    value: dict[str, Any] = reading.as_json(lang)
    for zh, en, key in COUNTED:
        click.echo(f"{zh if lang == 'zh' else en}: {len(value[key])}")
    for row in value["vague"]:
        click.echo(f"  [{row['src']}] {row['word']}: {row['text']}")
    for row in value["not_executable"]:
        click.echo(f"  [{row['src']}] {row['why']}: {row['text']}")
    click.echo(
        Words(f"未读出的段落 {reading.unread}；草稿写在 {out}", f"unread {reading.unread}; draft in {out}").say(lang)
    )


def _list(findings: "list[Finding]", lang: str) -> None:
    for finding in findings:
        clause = f" ({finding.clause})" if finding.clause else ""
        said = f"{finding.message.say(lang)} → {finding.mend.say(lang)}"
        click.echo(f"{finding.rule} {finding.severity} {finding.where}{clause}: {said}")
    if not findings:
        click.echo(Words("没有发现问题", "no findings").say(lang))

"""`shudao drill run`: a whole drill without people, on a fresh site in a temporary folder."""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from shudao.engine.drill.model import Scenario, TeamScript
from shudao.engine.drill.scenario import load_team, require_fit
from shudao.engine.drill.team import team_named
from shudao.engine.words import BadInput, Words
from shudao.project.folders import plan_folder, plan_in, read_plain, scenario_folder, scenario_in, topics_of


@click.group("drill")
def command() -> None:
    """演练 · drills."""


@command.command("run")
@click.argument("scenario")
@click.option(
    "--plan", "plan_dir", type=click.Path(path_type=Path), help="plan folder; the scenario's own when left out"
)
@click.option("--team", default="scripted", show_default=True, help="scripted, none, ideal or a team file")
@click.option("--seed", type=click.IntRange(0, 2**53), help="the scenario's own when left out")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="folder for ledger, plan, score, report")
@click.option("--json", "as_json", is_flag=True, help="one JSON document on standard output")
def run(scenario: str, plan_dir: Path | None, team: str, seed: int | None, out: Path, as_json: bool) -> None:
    """推演 · play SCENARIO (a folder, or a name of the library) from its first minute to its score."""
    folder = scenario_folder(scenario)
    story = scenario_in(folder)
    plan_dir = plan_dir or plan_folder(story)
    plan = plan_in(plan_dir)
    players, name = _team(team, story)
    require_fit(story, plan, players)
    topics = topics_of(folder, plan)
    seed = story.seed if seed is None else seed
    files = read_plain(plan_dir)
    with _ready(out, files):
        found = _on_fresh_site(
            out, scenario=story, plan_files=files, topics=topics, team=players, team_name=name, seed=seed
        )
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    from shudao.project.commands.score import score_lines

    click.echo(f"{story.title} · {name} · seed {seed} → {out}")
    for line in score_lines(found["score"]):
        click.echo(line)


def _team(name: str, scenario: Scenario) -> tuple[TeamScript | None, str]:
    """A named team, or the one of a file, with the name the ledger knows it by."""
    path = Path(name)
    if path.suffix not in (".yaml", ".yml") and not path.is_file():
        return team_named(name, scenario), name
    if not path.is_file():
        raise BadInput(Words("没有这个队伍文件", "there is no such team file"), where=name)
    return load_team(path.read_bytes(), path.name), "file"


def _on_fresh_site(out: Path, **drill: Any) -> dict[str, Any]:
    """Everything that the drill writes but its files goes with the temporary folder."""
    from shudao.project.site import prepare, use_folder

    with tempfile.TemporaryDirectory(prefix="shudao-drill-") as name:
        os.environ["DATABASE_URL"] = f"sqlite:///{Path(name) / 'drill.sqlite3'}"
        use_folder(Path(name))
        prepare(pages=False)
        from django.db import connections

        from shudao.project.drilling import Drill, play_drill

        try:
            return play_drill(Drill(**drill), out)
        finally:
            connections.close_all()


@contextmanager
def _ready(out: Path, plan_files: Mapping[str, bytes]) -> Iterator[None]:
    """The output folder, found writable before the drill; gone again when the drill is refused. BadInput otherwise."""
    is_new = not out.exists()
    if not is_new and not out.is_dir():
        raise BadInput(Words("已有同名文件，不是文件夹", "a file stands there, not a folder"), where=str(out))
    if (out / "plan").is_dir() and set(read_plain(out / "plan")) - set(plan_files):
        mend = Words("请给一个新的文件夹", "name a new folder")
        raise BadInput(Words("那里有另一份预案", "another plan lies there"), where=str(out / "plan"), mend=mend)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
        yield
    except OSError as fault:
        why = fault.strerror or str(fault)
        raise BadInput(Words(f"写不进去：{why}", f"cannot be written: {why}"), where=str(out)) from fault
    finally:
        if is_new and out.is_dir() and not any(out.iterdir()):
            out.rmdir()

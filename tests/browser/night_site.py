"""A site for one night, its clock moved by hand: `python -m tests.browser.night_site DIR PORT`, steered over standard input.

The sample organisation, under an edition of its plan in which the lawyer and the deputy leader sign the first statement
and only the spokesperson or a deputy publishes.
A line `N` on standard input lets N minutes pass, minute by minute, as the worker would live them; the answer is a line.
"""

import json
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from shudao.project.site import prepare, use_folder

EVENING = datetime(2026, 7, 13, 13, 5, tzinfo=UTC)  # a Monday, 21:05 in China: the night shift has begun
CHANGES = {
    "plan.yaml": [('version: "2026.1"', 'version: "2026.2"\nspokesperson: spokesperson')],
    "routes.yaml": [("- id: holding\n    stages:\n      - {post: office_head,", "- id: holding\n    stages:\n      - {post: legal,")],
    "posts.yaml": [("approve: [full_statement]}, not_same_as: [drafter]", "approve: [full_statement, holding_statement]}, not_same_as: [drafter]")],
}  # fmt: skip


def main(folder: Path, port: int) -> None:
    """Furnish, print who comes in by which token, and serve."""
    use_folder(folder)
    prepare()
    from shudao.base import clock
    from shudao.project.work import load_jobs

    manual = clock.ManualClock(EVENING)
    clock.install(manual)
    people = furnish()
    load_jobs()
    sys.stdout.write(json.dumps(people) + "\n")
    sys.stdout.flush()
    threading.Thread(target=live, args=(manual,), daemon=True).start()
    from shudao.project.serve import Server, config

    Server(config("127.0.0.1", port)).run()


def furnish() -> dict[str, str]:
    """The office, its night edition, an observer with a link; the addresses by which each comes in."""
    from shudao.base import clock
    from shudao.base.scene import LIVE
    from shudao.ledger.verbs import Actor
    from shudao.library import path_of, read_folder
    from shudao.listen.actions import invite_observer
    from shudao.org.actions import make_entry_link
    from shudao.org.models import Observer, Staff
    from shudao.org.queries import who_holds
    from shudao.plan.actions import adopt_plan
    from shudao.project.sample import sample_roster, set_up_sample

    system = Actor(LIVE, "system")
    set_up_sample(sample_roster("power"))
    adopt_plan(system, changed(read_folder(path_of("plans", "zh", "power"))), kind="power")
    people = {staff.user.username: f"/org/enter/{make_entry_link(system, staff)}/" for staff in Staff.objects.all()}
    officer = who_holds("duty_officer", clock.now(LIVE))[0]
    people["duty"] = people[officer.user.username]
    people["observer"] = f"/listen/observer/{invite_observer(system, Observer.objects.earliest('pk'))}/"
    return people


def changed(files: dict[str, bytes]) -> dict[str, bytes]:
    """The folder with the night's changes."""
    files = dict(files)
    for name, pairs in CHANGES.items():
        text = files[name].decode()
        for old, new in pairs:
            if old not in text:
                raise ValueError(f"{name} no longer says {old}")
            text = text.replace(old, new, 1)
        files[name] = text.encode()
    return files


def live(manual) -> None:
    """Let minutes pass as they are asked for."""
    from django.db import close_old_connections

    from shudao.base.jobs import run_due

    for line in sys.stdin:
        close_old_connections()
        for _ in range(int(line)):
            manual.advance(minutes=1)
            run_due()
        sys.stdout.write("passed\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

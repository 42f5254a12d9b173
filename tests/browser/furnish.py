"""Set up a sample site in a folder and print a one-time token for each person: `python -m tests.browser.furnish DIR`."""

import json
import sys
from pathlib import Path

from shudao.project.site import prepare, use_folder


def main(folder: Path) -> None:
    """Everything that `shudao start` does before it serves, with a token for each person and for whoever is on duty."""
    use_folder(folder)
    prepare()
    from shudao.base import clock
    from shudao.base.scene import LIVE
    from shudao.ledger.verbs import Actor
    from shudao.org.actions import make_entry_link
    from shudao.org.models import Staff
    from shudao.org.queries import who_holds
    from shudao.project.sample import furnish

    furnish()
    tokens = {staff.user.username: make_entry_link(Actor(LIVE, "system"), staff) for staff in Staff.objects.all()}
    on_duty = who_holds("duty_officer", clock.now(LIVE))[0]
    tokens["duty"] = make_entry_link(Actor(LIVE, "system"), on_duty)
    sys.stdout.write(json.dumps(tokens))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""The workers of the process tree: `python -m shudao.project.work [prompt|apart]`. Run every stage's jobs until told to stop.

`apart` runs the jobs of long work (imports, reading pictures), `prompt` all others; without a word one process does both.
"""

import os
import signal
import sys
import threading
from importlib import import_module
from importlib.util import find_spec

import django

from shudao.project.processes import die_with_parent


def load_jobs(*more: str) -> None:
    """Import each stage's jobs, and those of the packages named besides, so that they register."""
    from django.apps import apps  # noqa: PLC0415 - app ready

    stages = [config.name for config in apps.get_app_configs() if config.name.startswith("shudao.")]
    for name in (*stages, *more):
        if find_spec(f"{name}.jobs"):
            import_module(f"{name}.jobs")


def main(kind: str = "") -> None:
    """Work until SIGTERM or until the parent is gone."""
    die_with_parent()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shudao.project.settings")
    django.setup()
    from shudao.base.jobs import work  # noqa: PLC0415 - app ready

    load_jobs("shudao.project")
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    signal.signal(signal.SIGINT, lambda *_: stopping.set())
    work(stopping.is_set, apart={"apart": True, "prompt": False}.get(kind))


if __name__ == "__main__":
    main(*sys.argv[1:2])

"""Jobs of long work have a worker of their own, so that no deadline waits for them."""

import pytest

from shudao.base import jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def ran(standing, monkeypatch):
    """Two jobs alone in the register: what was run, in order."""
    found: list[str] = []
    monkeypatch.setattr(jobs, "_registry", {})
    for name, apart in (("quick", False), ("long", True)):
        run = lambda name=name: found.append(name)  # noqa: E731 - a job is a function without arguments
        run.__module__, run.__name__ = "shudao.x.jobs", name
        jobs.job(every=5, apart=apart)(run)
    return found


@pytest.mark.parametrize(("apart", "expected"), [(False, ["quick"]), (True, ["long"]), (None, ["long", "quick"])])
def test_each_worker_runs_its_own(ran, apart, expected):
    jobs.run_due(apart=apart)
    assert sorted(ran) == expected


def test_long_work_is_read_files_and_pictures():
    from shudao.project.work import load_jobs

    load_jobs()
    assert {name for name, entry in jobs.registered().items() if entry.apart} >= {
        "listen.run_imports",
        "listen.read_pictures",
    }

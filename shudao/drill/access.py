"""Who controls drills: whoever has that right; in a sample organisation everyone, so that one person may play it all.

Players meet a run on its board and in its incident room; the desk shows what is still to come and is not theirs.
"""

from django.http import Http404, HttpRequest

from shudao.base.scene import LIVE, Scene
from shudao.drill.actions import DRIVER
from shudao.drill.models import InjectRow, Run
from shudao.drill.queries import run_of
from shudao.ledger.verbs import Actor
from shudao.org.access import may, staff_of
from shudao.org.models import Right
from shudao.review.models import Report
from shudao.review.queries import reports_of


def controller(request: HttpRequest, scene: Scene = LIVE) -> Actor:
    """The signed-in person as the controller of a scene; 404 when he may not be."""
    staff = staff_of(request)
    if not may(request, Right.DRILL):
        raise Http404
    return Actor(scene, DRIVER, staff.name)


def run_for(request: HttpRequest, code: str) -> Run:
    """The run of that code, for its controller."""
    controller(request)
    run = run_of(code)
    if run is None:
        raise Http404
    return run


def inject_for(request: HttpRequest, run: Run, key: str) -> InjectRow:
    """An inject row of the run that is still to be sent by hand."""
    controller(request)
    row = InjectRow.objects.in_scene(run.scene).filter(wave=0, pk=key if key.isdecimal() else 0).first()
    if row is None:
        raise Http404
    return row


def report_for(request: HttpRequest, run: Run, number: str) -> Report:
    """An after-action report on the run."""
    controller(request)
    row = next((report for report in reports_of(run.stream) if report.number == number), None)
    if row is None:
        raise Http404
    return row

"""Reading reports, lessons, and the score of a stream as it stands."""

from shudao.base.scene import Scene
from shudao.engine.papers.after_action import AfterAction
from shudao.engine.papers.model import Lang, Stamp
from shudao.engine.papers.reviewing import read_after_action
from shudao.engine.review.score import Score, score
from shudao.ledger.queries import entries_of, head_of, texts_of
from shudao.review.models import Lesson, Report, Subject


def score_of(subject: Subject) -> Score:
    """The score of the subject's stream under its plan, computed now from the ledger alone."""
    return score(entries_of(subject.stream), subject.plan, subject.scenario)


def after_action_of(subject: Subject, found: Score, lang: Lang | None = None) -> AfterAction:
    """The data of the report on a subject, with the head of its stream at this moment."""
    head = head_of(subject.stream)
    return read_after_action(
        entries_of(subject.stream),
        subject.plan,
        found,
        stamp=Stamp(stream=subject.stream, length=head.length, head=head.hash),
        matter=subject.matter,
        scenario=subject.scenario,
        texts=texts_of(subject.stream),
        lang=lang,
        evaluators=subject.evaluators,
    )


def reports_of(stream: str) -> list[Report]:
    """Reports on a stream, newest first."""
    return list(Report.objects.filter(stream=stream))


def documents_of(stream: str) -> dict[str, bytes]:
    """The reports on a stream as files, for its bundle."""
    return {row.file_name: bytes(row.document) for row in Report.objects.filter(stream=stream)}


def lessons_of(stream: str) -> list[Lesson]:
    """Lessons drawn from a stream, in the order they were entered."""
    return list(Lesson.objects.filter(stream=stream))


def open_lessons(scene: Scene) -> list[Lesson]:
    """Lessons of a scene that nobody has proved done, the earliest limit first."""
    return list(Lesson.objects.in_scene(scene).filter(done_at=None).order_by("due_at", "pk"))

"""Verbs of review: writing the report, entering lessons and proving them done."""

import hashlib
from datetime import datetime

from shudao.base import clock
from shudao.base.refusal import refuse
from shudao.engine.papers.after_action import AfterAction, after_action_paper
from shudao.engine.papers.model import Lang
from shudao.engine.papers.word import write_word
from shudao.engine.review.score import Score, score_json
from shudao.ledger.verbs import Act, Actor, Erasable, verb
from shudao.review.models import Lesson, Report, Subject
from shudao.review.queries import after_action_of, score_of


def make_after_action(actor: Actor, subject: Subject, *, lang: Lang | None = None) -> Report:
    """Score the stream, write the Word file, and keep both. The slow part is done before the write lock is taken.

    BadInput when the stream has no entry.
    """
    found = score_of(subject)
    data = after_action_of(subject, found, lang)
    document = write_word(after_action_paper(data, clock.now(subject.scene)), clock.now(subject.scene))
    report: Report = write_after_action(actor, subject, found, data, document)
    return report


@verb(zh="写成复盘报告", en="write after-action report")
def write_after_action(act: Act, subject: Subject, found: Score, data: AfterAction, document: bytes) -> Report:
    """Keep a written report with the score that stands in it. Use `make_after_action`."""
    written = Report.objects.filter(stream=subject.stream).count()
    digest = hashlib.sha256(document).hexdigest()
    if data.stamp is None:
        raise refuse("报告上没有记录流的链头", "the report prints no head of its stream", code="stamp")
    report = Report.objects.create(
        scene=act.scene.key,
        stream=subject.stream,
        number=f"{subject.stream.replace('/', '-')}-{written + 1}",
        written_at=act.now,
        length=data.stamp.length,
        head=data.stamp.head,
        total=data.total,
        coverage=data.coverage,
        grade=found.grade,
        score=score_json(found),
        document=document,
        sha256=digest,
    )
    # A fraction is written as text: every language then hashes the same bytes.
    total = None if data.total is None else f"{data.total:g}"
    act.note(document=report.number, sha256=digest, total=total)
    return report


@verb(zh="登记改进项", en="add lesson")
def add_lesson(
    act: Act, subject: Subject, *, text: str, post: str, due_at: datetime, step: str = "", proof: str = ""
) -> Lesson:
    """Enter what is to change, with the post that owns it, its limit and how it will be proved."""
    if not text.strip():
        raise refuse("请写明改进内容", "say what is to change", code="empty")
    if post not in {row.id for row in subject.plan.posts}:
        raise refuse(f"预案里没有岗位 {post}", f"the plan has no post {post}", code="post")
    if due_at <= act.now:
        raise refuse("期限应在将来", "the limit must lie ahead", code="due")
    code = f"L{Lesson.objects.filter(stream=subject.stream).count() + 1}"
    lesson = Lesson.objects.create(
        scene=act.scene.key,
        stream=subject.stream,
        code=code,
        text=text,
        post=post,
        due_at=due_at,
        step=step,
        wanted_proof=proof,
        added_at=act.now,
    )
    beside = {"proof": Erasable(proof)} if proof else {}
    act.note(lesson=code, post=post, due_at=due_at, step=step, text=Erasable(text), **beside)
    return lesson


@verb(zh="完成改进项", en="finish lesson")
def finish_lesson(act: Act, lesson: Lesson, *, proof: str) -> Lesson:
    """Hand in the proof that a lesson is done. Refused a second time, or without proof."""
    if lesson.is_done:
        raise refuse("该改进项已完成", "this lesson is done already", code="done")
    if not proof.strip():
        raise refuse("请附完成证明", "hand in a proof", code="empty")
    lesson.done_at, lesson.done_by, lesson.proof = act.now, act.post, proof
    lesson.save()
    act.note(lesson=lesson.code, post=lesson.post, proof=Erasable(proof))
    return lesson

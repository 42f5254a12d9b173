"""移交 (carrying over): open work of a merged incident, made the other incident's own. Limits run on as they were."""

from shudao.engine.respond.closing import Promise
from shudao.engine.words import Words
from shudao.ledger.verbs import Act, Erasable
from shudao.respond.actions.numbering import next_code
from shudao.respond.actions.orders import cancel_deadline, set_deadline
from shudao.respond.models import Carried, Demand, Document, Incident, Merger, Statement, Task
from shudao.respond.queries import known_posts, may_lead, remains_of

LONGEST = 4000


def carry(act: Act, merger: Merger) -> list[Carried]:
    """Carry everything over; returns what became what."""
    remains = remains_of(merger.incident, act.now)
    found = [
        *(_demand(act, merger, row) for row in remains.demands),
        *(_task(act, merger, row) for row in remains.given),
        *(_statement(act, merger, row) for row in remains.statements),
        *(_report(act, merger, row) for row in remains.reports),
        *(_promise(act, merger, row) for row in remains.promises),
    ]
    return [_kept(merger, *row) for row in found]


Row = tuple[str, str, str, str]


def _kept(merger: Merger, kind: str, before: str, after: str, title: str) -> Carried:
    return Carried.objects.create(merger=merger, kind=kind, before=before, after=after, title=title[:200])


def _demand(act: Act, merger: Merger, demand: Demand) -> Row:
    """A demand keeps words, owner, limit and how whoever asked is reached."""
    source, target, before = merger.incident, merger.into, demand.code
    cancel_deadline(source, f"demand:{before}", act.now)
    demand.incident, demand.code, demand.linked_at = target, next_code(target, Demand, "D"), act.now
    demand.owner = _post(act, target, demand.owner)
    demand.save()
    set_deadline(target, f"demand:{demand.code}", demand.due_at)
    act.also_in(
        target.stream, "add_demand", demand=demand.code, owner=demand.owner, due_at=demand.due_at,
        text=Erasable(demand.text), from_incident=source.number,
    )  # fmt: skip
    return "demand", before, demand.code, demand.text


def _task(act: Act, merger: Merger, task: Task) -> Row:
    """A task that was given keeps its post, its limit and what it was given for."""
    source, target, before = merger.incident, merger.into, task.code
    cancel_deadline(source, f"task:{before}", act.now)
    task.incident, task.code, task.post = target, next_code(target, Task, "T"), _post(act, target, task.post)
    task.save()
    if task.due_at:
        set_deadline(target, f"task:{task.code}", task.due_at)
    _note_task(act, merger, task)
    return "task", before, task.code, task.title


def _statement(act: Act, merger: Merger, statement: Statement) -> Row:
    """Words not yet out stay where they were drafted; the other incident is given the task to bring them out, or not."""
    source, latest = merger.incident, statement.latest
    words = Words(
        f"接办声明 {statement.code}（原事件 {source.number}）",
        f"Take over statement {statement.code} of {source.number}",
    )
    task = _give(act, merger, words, latest.post, text=latest.text[:LONGEST])
    return "statement", statement.code, task.code, task.title


def _report(act: Act, merger: Merger, paper: Document) -> Row:
    """A report not yet signed stays as it was written: the other incident writes its own."""
    words = Words(
        f"接办报告 {paper.code}（原事件 {merger.incident.number}）",
        f"Take over report {paper.code} of {merger.incident.number}",
    )
    task = _give(act, merger, words, paper.post, text=paper.title)
    return "report", paper.code[:20], task.code, task.title


def _promise(act: Act, merger: Merger, promise: Promise) -> Row:
    """The public was told to expect a further word by then: whoever goes on with the matter gives it."""
    code = promise.statement.partition(" ")[0]
    words = Words(
        f"兑现 {code} 承诺的下次通报（原事件 {merger.incident.number}）",
        f"Give the update that {code} of {merger.incident.number} promised",
    )
    task = _give(act, merger, words, "", due_at=promise.at)
    return "promise", code, task.code, task.title


def _give(act: Act, merger: Merger, title: Words, post: str, **more: object) -> Task:
    target = merger.into
    task = Task.objects.create(
        scene=target.scene, incident=target, code=next_code(target, Task, "T"), origin=Task.Origin.OTHER,
        title=title.say(target.plan.language)[:200], post=_post(act, target, post), status=Task.Status.CALLED,
        is_must=True, opened_at=act.now, given_by=act.post, source=merger.incident.number, **more,
    )  # fmt: skip
    if task.due_at:
        set_deadline(target, f"task:{task.code}", task.due_at)
    _note_task(act, merger, task)
    return task


def _note_task(act: Act, merger: Merger, task: Task) -> None:
    act.also_in(
        merger.into.stream, "add_task", task=task.code, origin=task.origin, post=task.post, due_at=task.due_at,
        must=task.is_must, wants_reply=task.wants_reply, title=Erasable(task.title),
        from_incident=merger.incident.number,
    )  # fmt: skip


def _post(act: Act, target: Incident, post: str) -> str:
    """Who has it there: the same post where it is known, else the owner of demands, else who leads."""
    known = known_posts(act.scene, target)
    owner = target.plan.demands.owner if target.plan.demands else ""
    return next((code for code in (post, owner, *sorted(may_lead(target.plan))) if code in known), target.opened_by)

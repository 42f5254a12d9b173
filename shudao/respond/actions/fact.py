"""The fact sheet."""

from collections.abc import Mapping

from shudao.base.refusal import refuse
from shudao.engine.respond import events as ev
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.respond.actions.drive import drive, lock
from shudao.respond.actions.figures import plain_figures
from shudao.respond.actions.numbering import next_code
from shudao.respond.models import Fact, Incident


@verb(zh="登记事实", en="add fact")
def add_fact(
    act: Act,
    incident: Incident,
    *,
    status: str,
    text: str = "",
    figures: Mapping[str, int | float | str] | None = None,
    ref: str = "",
    replaces: Fact | None = None,
    step: str | None = None,
) -> Fact:
    """Put a fact on the sheet: known, not known, or found false. `replaces` corrects an older one, `ref` names the
    message it came in by, `step` the plan's step it completes. Refused for an unknown status and for nothing said."""
    row = lock(act, incident)
    if status not in Fact.Status.values:
        raise refuse(f"没有状态 {status}", f"there is no status {status}", code="status")
    if replaces and (replaces.incident_id != row.pk or replaces.replaced_by_id):
        raise refuse("只能更正本事件现行的事实", "only a standing fact of this incident is corrected", code="replaces")
    plain = plain_figures(figures or {})
    fact = Fact.objects.create(
        incident=row, code=next_code(row, Fact, "F"), status=status, text=text, figures=plain, ref=ref, post=act.post,
        at=act.moment,
    )  # fmt: skip
    if replaces:
        replaces.replaced_by = fact
        replaces.save(update_fields=["replaced_by"])
    extra = {**({"ref": ref} if ref else {}), **({"replaces": replaces.code} if replaces else {})}
    act.note(fact=fact.code, status=status, figures=plain, text=Erasable(text), **extra)
    if status == Fact.Status.KNOWN and plain:
        drive(act, incident, ev.FactsKnown, values=dict(figures or {}))
    drive(act, incident, ev.Acted, act="add_fact", post=act.post, step=step, happened_at=act.happened_at)
    return fact

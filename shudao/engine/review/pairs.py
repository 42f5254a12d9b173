"""对应 (pairs): which entry took up which fact or demand of the scenario.

An entry may say it itself (`ref`, the scenario's id, where a player took it from an inject's message). Otherwise
demands pair in order of time, and a fact pairs with the first entry after its inject of its status and figures.
"""

from collections.abc import Iterator

import msgspec

from shudao.engine.drill.model import FieldDemand, FieldFact, Inject
from shudao.engine.review.case import Case
from shudao.engine.review.release import figures_of
from shudao.engine.review.trace import Mark


class Raised(msgspec.Struct, frozen=True):
    """提出 (raised): a fact or demand that reached the players, with the entry of its inject."""

    sent: Mark
    id: str
    what: FieldFact | FieldDemand


def raised_facts(case: Case) -> list[Raised]:
    """Facts of the injects that were sent, in order."""
    return [Raised(sent, row.id, row) for sent, inject in _sent(case) for row in inject.facts]


def raised_demands(case: Case) -> list[Raised]:
    """Demands of the injects that were sent, in order."""
    return [Raised(sent, row.id, row) for sent, inject in _sent(case) for row in inject.demands]


def taken_facts(case: Case) -> dict[str, Mark]:
    """Scenario id of a fact -> the `add_fact` entry that wrote it down."""
    found, free = _by_ref(case, "add_fact")
    for row in raised_facts(case):
        if row.id in found or not isinstance(row.what, FieldFact):
            continue
        same = [mark for mark in free if mark.seq > row.sent.seq and _is_same(row.what, mark)]
        if same:
            found[row.id] = same[0]
            free.remove(same[0])
    return found


def taken_demands(case: Case) -> dict[str, Mark]:
    """Scenario id of a demand -> the `add_demand` entry that took it up."""
    found, free = _by_ref(case, "add_demand")
    for row in raised_demands(case):
        if row.id not in found and free:
            found[row.id] = free.pop(0)
    return found


def _by_ref(case: Case, verb: str) -> tuple[dict[str, Mark], list[Mark]]:
    found: dict[str, Mark] = {}
    free: list[Mark] = []
    for mark in case.trace.all(verb):
        ref = str(mark.data.get("ref") or "")
        if ref and ref not in found:
            found[ref] = mark
        elif not ref:
            free.append(mark)
    return found, free


def _is_same(fact: FieldFact, mark: Mark) -> bool:
    return mark.says(status=fact.status) and figures_of(mark) == {name: float(v) for name, v in fact.figures.items()}


def _sent(case: Case) -> Iterator[tuple[Mark, Inject]]:
    for inject in case.scenario.injects if case.scenario else ():
        sent = case.trace.first("send_inject", inject=inject.id)
        if sent:
            yield sent, inject

"""Earlier answers of this very site to what is said now: facts found false, statements made public, demands answered.

Found by `engine/sense/claims.py`, which says what is near and nothing of truth. A statement is looked through sentence by
sentence and part by part, since a few words of it answer one claim.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from shudao.base.scene import Scene
from shudao.engine.sense.claims import NEAR, Claim, ClaimIndex, nearest_claims
from shudao.respond.models import Demand, Fact, Incident, PublicationRecord

MOST_DEMANDS, MOST_FACTS, MOST_STATEMENTS = 800, 300, 100
SHORTEST, LONGEST = 8, 200
"""Characters of a sentence of a statement that may answer a claim."""
ASKED = 8
"""Texts that are looked for at once."""

_QUOTED = "“[^”\n]{1,200}”"
_SENTENCE = re.compile(rf"(?:{_QUOTED}|[^。！？!?；;\n])+")
_CLAUSE = re.compile(rf"(?:{_QUOTED}|[^，,：:])+")
_SAID = re.compile(r"“([^”\n]{6,200})”")


@dataclass(frozen=True)
class Earlier:
    """以前的答复 (earlier answer): what was claimed or asked, what was answered, when, and where that stands. `words` are
    those of it that are compared."""

    words: str
    claim: str
    answer: str
    at: datetime
    row: Fact | PublicationRecord | Demand

    @property
    def incident(self) -> Incident | None:
        """The incident in which it was answered; a demand of ordinary days has none."""
        return self.row.version.statement.incident if isinstance(self.row, PublicationRecord) else self.row.incident


def earlier_answers(
    scene: Scene, texts: Iterable[str], *, apart_from: Incident | Demand | None = None, most: int = 3
) -> list[Earlier]:
    """What this site answered before to what these texts say, the nearest first; each matter once."""
    asked = [text for text in dict.fromkeys(" ".join(text.split()) for text in texts) if text][:ASKED]
    held = {str(place): row for place, row in enumerate(_held(scene, apart_from))} if asked else {}
    index = ClaimIndex([Claim(key, row.words) for key, row in held.items()])
    best: dict[str, float] = {}
    for text in asked:
        for found in nearest_claims(text, index, most * 3, NEAR):
            best[found.id] = max(best.get(found.id, 0.0), found.likeness)
    chosen: dict[object, Earlier] = {}
    for key in sorted(best, key=lambda key: (-best[key], int(key))):
        row = held[key]
        chosen.setdefault(row.incident or row.row, row)
    return list(chosen.values())[:most]


def _held(scene: Scene, apart_from: Incident | Demand | None) -> Iterator[Earlier]:
    """Everything answered in a scene, the latest of each kind first."""
    own = apart_from.pk if isinstance(apart_from, Incident) else None
    said = PublicationRecord.objects.filter(version__statement__incident__scene=scene.key)
    for record in (
        said.exclude(version__statement__incident=own)
        .select_related("version__statement__incident")
        .order_by("-at", "-pk")[:MOST_STATEMENTS]
    ):
        for sentence in _sentences(record.version.text):
            for words in _parts(sentence):
                yield Earlier(words, sentence, sentence, record.at, record)
    facts = Fact.objects.filter(incident__scene=scene.key, status=Fact.Status.FALSE, replaced_by=None)
    for fact in facts.exclude(incident=own).select_related("incident").order_by("-at", "-pk")[:MOST_FACTS]:
        if fact.text.strip():
            yield Earlier(fact.text, fact.text, "", fact.at, fact)
    demands = Demand.objects.in_scene(scene).filter(state=Demand.State.ANSWERED).select_related("incident")
    if isinstance(apart_from, Demand):
        demands = demands.exclude(pk=apart_from.pk)
    demands = demands.exclude(incident=own) if own else demands
    for demand in demands.order_by("-answered_at", "-pk")[:MOST_DEMANDS]:
        if demand.text.strip() and demand.answer.strip():
            at = demand.answered_at or demand.raised_at
            yield Earlier(demand.text, demand.text, demand.answer, at, demand)


def _sentences(text: str) -> list[str]:
    found = [sentence.strip() for sentence in _SENTENCE.findall(text)]
    return list(dict.fromkeys(sentence[:LONGEST] for sentence in found if len(sentence) >= SHORTEST))


def _parts(sentence: str) -> list[str]:
    """A sentence, its longer parts between commas, and what it quotes."""
    parts = [part.strip() for part in _CLAUSE.findall(sentence)]
    longer = [part for part in parts if len(part) >= SHORTEST]
    return list(dict.fromkeys([sentence, *longer, *_SAID.findall(sentence)]))

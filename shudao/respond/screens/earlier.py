"""以前的答复 (earlier answers): what this site said before to what is said now, with where it stands."""

from collections.abc import Iterable

from shudao.engine.words import Words
from shudao.respond.models import Attachment, Demand, Fact, Incident
from shudao.respond.queries import Earlier, earlier_answers
from shudao.respond.screens.mine import own_address
from shudao.sense.beside import Answered

FALSE = Words("查明不实", "found false")
PUBLISHED = Words("公开说过", "said in public")
ANSWERED = Words("答复过", "answered")
MOST_POSTS = 5


def earlier_lines(found: Iterable[Earlier]) -> list[Answered]:
    """They with their addresses."""
    return [_line(row) for row in found]


def earlier_of(demand: Demand) -> list[Answered]:
    """What was answered before to what a demand asks."""
    return earlier_lines(earlier_answers(demand.scene_value, [demand.text], apart_from=demand))


def earlier_for(incident: Incident, typed: str = "") -> list[Answered]:
    """What was answered before to what this incident is about: what was typed, its title, the first posts attached to it."""
    posts = Attachment.objects.filter(incident=incident).order_by("pk").values_list("title", "text")[:MOST_POSTS]
    texts = [typed, incident.title, *(f"{title} {text}" for title, text in posts)]
    return earlier_lines(earlier_answers(incident.scene_value, texts, apart_from=incident))


def _line(found: Earlier) -> Answered:
    row, incident = found.row, found.incident
    how = FALSE if isinstance(row, Fact) else ANSWERED if isinstance(row, Demand) else PUBLISHED
    if isinstance(row, Demand):
        return Answered(found.claim, found.answer, how, found.at, row.code, own_address("demands", row))
    if incident is None:
        raise ValueError("a fact of no incident")
    run = incident.scene_value.run_code
    room = f"/respond/{f'runs/{run}/' if run else ''}incidents/{incident.number}/"
    place = "#facts" if isinstance(row, Fact) else f"#statement-{row.version.statement.code}"
    title = f"{incident.number} {incident.title}"
    said = "" if found.answer == found.claim else found.answer
    return Answered(found.claim, said, how, found.at, title, f"{room}{place}")

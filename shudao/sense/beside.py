"""旁证 (beside): what later stages know of an alert or a story. Sensing asks nobody above it; who knows something says so
here once, when the stages are ready, and the pages show it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from shudao.base.scene import Scene
from shudao.engine.words import Words
from shudao.sense.models import Alert, Story


class Place(NamedTuple):
    """去处 (place): an incident (or the like) that something belongs to, with its address."""

    number: str
    title: str
    address: str
    is_open: bool


class Answered(NamedTuple):
    """答复过 (answered): what this site said before to something like it: the claim, the answer, how, when, and where."""

    claim: str
    answer: str
    how: Words
    at: datetime
    title: str
    address: str


OfTexts = Callable[[Scene, Sequence[str]], Sequence[Answered]]
OfAlerts = Callable[[Scene, Sequence[Alert]], Mapping[str, Place]]
OfStory = Callable[[Scene, Story], list[Place]]
_of_alerts: list[OfAlerts] = []
_of_story: list[OfStory] = []
_taken: list[Callable[[Scene], set[str]]] = []
_answers: list[OfTexts] = []


def know(of_alerts: OfAlerts, of_story: OfStory, taken: Callable[[Scene], set[str]]) -> None:
    """Say who knows: the incident opened from an alert (by its code), those a story's posts are attached to, and the codes
    of all alerts of a scene from which an incident was opened.
    """
    _of_alerts[:], _of_story[:], _taken[:] = [of_alerts], [of_story], [taken]


def answer(of_texts: OfTexts) -> None:
    """Say who knows what was answered before to what some texts say."""
    _answers[:] = [of_texts]


def answers_to(scene: Scene, texts: Sequence[str]) -> Sequence[Answered]:
    """What this site answered before to what some texts say, the nearest first."""
    return _answers[0](scene, texts) if _answers and texts else []


def opened_from(scene: Scene, alerts: Sequence[Alert]) -> Mapping[str, Place]:
    """Alert code → the incident opened from it."""
    return _of_alerts[0](scene, alerts) if _of_alerts and alerts else {}


def places_of(story: Story) -> list[Place]:
    """The incidents a story's posts are attached to."""
    return _of_story[0](story.scene_value, story) if _of_story else []


def taken_up(scene: Scene) -> set[str]:
    """Codes of the alerts from which an incident was opened."""
    return _taken[0](scene) if _taken else set()

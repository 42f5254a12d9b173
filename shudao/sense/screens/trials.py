"""Trials as they are shown: how stories are told now, and what telling them otherwise would change."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext, ngettext

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.engine.sense.encoder import is_installed
from shudao.engine.words import Words
from shudao.listen.models import Item
from shudao.sense.models import TITLE, Alert, Trial
from shudao.sense.queries import trial_in_force, trial_under_way, trials, vectors_in_force

PAGE = 20


@dataclass(frozen=True)
class Move:
    """变动 (move) of one story: its first words, and into or from how many it goes, with the posts of each."""

    title: str
    parts: list[int]


@dataclass(frozen=True)
class Gain:
    """新增预警 (gain): an alert that would have been raised."""

    at: str
    topic: str
    level: str
    why: str
    title: str


class TrialsScreen:
    """All trials, the setup in force, and what can be tried."""

    def __init__(self, page: str) -> None:
        self.now = clock.now(LIVE)
        self.page = Paginator(trials(LIVE), PAGE).get_page(page)
        self.with_vectors = vectors_in_force()
        self.can_vectors = is_installed()
        self.under_way = trial_under_way(LIVE)
        self.in_force = trial_in_force(LIVE)

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        if self.with_vectors:
            return gettext("话题按字词和含义归并")
        return gettext("话题按字词归并")

    @cached_property
    def choices(self) -> list[tuple[str, str]]:
        """What can be tried: (value, words)."""
        found = [("", gettext("只看字词"))]
        return [*found, ("1", gettext("字词和含义"))] if self.can_vectors else found


class TrialScreen:
    """One trial: how far it is, or what it would change."""

    def __init__(self, trial: Trial) -> None:
        self.trial, self.found, self.now = trial, trial.found, clock.now(LIVE)
        self.is_in_force = vectors_in_force() == trial.with_vectors

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        if self.trial.done_at is None:
            return gettext("正在试算，完成 %(n)d%%") % {"n": self.percent}
        lost, gained = self.found["lost"]["count"], self.found["gained"]["count"]
        if not (lost or gained or self.found["parted"]["count"] or self.found["joined"]["count"]):
            return gettext("试算的结果与现在相同")
        return gettext("预警会少 %(lost)d 个，多 %(gained)d 个") % {"lost": lost, "gained": gained}

    @property
    def percent(self) -> int:
        """How far it has come, by keys."""
        whole = self.trial.upto - self.trial.since
        return 100 * (self.trial.place - self.trial.since) // whole if whole else 0

    @cached_property
    def _titles(self) -> dict[int, str]:
        """First words of the posts that the result names; read now, for their words may have gone since."""
        named = {row["story"] for kind in ("parted", "joined") for row in self.found[kind]["shown"]}
        named |= {row["item"] for row in self.found["gained"]["shown"]}
        rows = Item.objects.filter(scene=self.trial.scene, pk__in=named).values_list("pk", "title", "text")
        return {key: " ".join((title or text).split())[:TITLE] for key, title, text in rows}

    def _moves(self, kind: str) -> list[Move]:
        gone = gettext("（首条已清除）")
        return [
            Move(self._titles.get(row["story"]) or gone, [count for _story, count in row["parts"]])
            for row in self.found[kind]["shown"]
        ]

    @cached_property
    def parted(self) -> list[Move]:
        """Stories of now that the trial tells as several."""
        return self._moves("parted")

    @cached_property
    def joined(self) -> list[Move]:
        """Stories of the trial that are several now."""
        return self._moves("joined")

    @cached_property
    def lost(self) -> list[Alert]:
        """Alerts that would not have been raised."""
        rows = Alert.objects.in_scene(LIVE).filter(number__in=self.found["lost"]["shown"])
        return list(rows.select_related("topic").order_by("-number"))

    @cached_property
    def gained(self) -> list[Gain]:
        """Alerts that would have been raised beside."""
        spoken = get_language() or "zh"
        return [
            Gain(row["at"], row["topic"], row["level"], Words(row["zh"], row["en"]).say(spoken), self._titles.get(row["item"], ""))
            for row in self.found["gained"]["shown"]
        ]  # fmt: skip

    @property
    def told(self) -> str:
        """How much was compared."""
        count = self.found["compared"]
        return ngettext("比较了 %(n)d 条信息", "比较了 %(n)d 条信息", count) % {"n": count}

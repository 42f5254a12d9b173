"""案由 (case) on a page: the numbers an alert was made from, and whether it comes out the same when made again."""

from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from shudao.engine.sense.cases import Case, Counted, draft_of
from shudao.engine.sense.explain import Explanation, explain
from shudao.engine.sense.pulse import PRIOR_A, PRIOR_B
from shudao.sense.models import Alert
from shudao.sense.queries import case_of


@dataclass(frozen=True)
class Made:
    """案由 (case) of one alert."""

    alert: Alert
    case: Case

    @classmethod
    def of(cls, alert: Alert) -> "Made | None":
        """None for an alert that older algorithms raised."""
        case = case_of(alert)
        return None if case is None else cls(alert, case)

    @cached_property
    def told(self) -> Explanation:
        """How it was judged."""
        return explain(self.case)

    @cached_property
    def posts(self) -> dict[int, Counted]:
        """Item key -> how it was counted; the story's own first, then by time."""
        rows = sorted(self.case.counted, key=lambda row: (row.story != self.case.matter, row.at, row.post))
        return {int(row.post): row for row in rows}

    @property
    def is_same(self) -> bool:
        """Made again from what is kept it says the same, of the same level."""
        draft = draft_of(self.case)
        return (draft.why, draft.level_hint) == (self.alert.why, self.alert.level_hint)

    @property
    def figures(self) -> list[tuple[str, str]]:
        """The numbers of the sentence, one by one."""
        told, window = self.told, self.case.window
        rows = [(gettext("计入的信息"), counted(told.told)), (gettext("独立来源"), f"{told.independent}")]
        if self.case.kind != "new_story":
            name = gettext("%(n)d 分钟内") % {"n": window.minutes}
            usual = counted(window.usual) if self.case.by == "posts" else f"{window.usual:.1f}"
            rows = [(name, counted(told.told)), (gettext("同一时段通常"), usual), rows[1]]
        return [*rows, (gettext("其中近似重复"), counted(told.copies))]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What the numbers rest on."""
        told = self.told
        rows = [
            (
                gettext("这个时段"),
                gettext("是全周平均的 %(x)s 倍，其中先验占 %(n)d%%")
                % {"x": f"{told.season:.2f}", "n": round(told.assumed * 100)},
            ),
            (gettext("各小时参差"), gettext("平常每小时上下相差 %(n)d%%，已算在内") % {"n": round(told.spread * 100)}),
            (gettext("依据的历史"), self._history()),
            (gettext("计入的信息"), self._counted()),
        ]
        return [*rows, (gettext("算法版本"), self.alert.version)]

    def _history(self) -> str:
        said = {"n": round(self.told.hours), "rate": f"{PRIOR_A / PRIOR_B:g}"}
        if self.told.is_short:
            return gettext("看了 %(n)d 小时，不足三天：“通常”多半是假定（每小时 %(rate)s 条）") % said
        return gettext("看了 %(n)d 小时，越早的越轻") % said

    def _counted(self) -> str:
        said = {"n": self.told.told, "copies": self.told.copies, "sources": self.told.independent}
        return (
            ngettext(
                "%(n)d 条，其中 %(copies)d 条近似重复，不算独立来源；原发的来源 %(sources)d 个",
                "%(n)d 条，其中 %(copies)d 条近似重复，不算独立来源；原发的来源 %(sources)d 个",
                self.told.told,
            )
            % said
        )


def counted(count: float) -> str:
    """A number of posts."""
    return ngettext("%(n)s 条", "%(n)s 条", int(count)) % {"n": f"{round(count, 1):g}"}

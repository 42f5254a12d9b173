"""Charts of sensing: what was counted as a chart with one message in its title, in the reader's language and clock."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from shudao.base.templatetags.words import lasting, plain
from shudao.engine.charts.model import Column, First, Lang, Rise, SpreadChart, VolumeChart
from shudao.sense.models import Story
from shudao.sense.screens.numbers import SourceTally, Tally
from shudao.sense.screens.words import MEDIA

LEAST = 3
"""Posts from which a chart tells more than a sentence."""
FIRSTS = 6


def lang() -> Lang:
    """The reader's, as charts know it."""
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


def offset(at: datetime) -> timedelta:
    """The reader's distance from UTC."""
    return timezone.localtime(at).utcoffset() or timedelta()


def volume(tallies: Sequence[Tally], *, title: str, measured: str, minutes: int = 60) -> VolumeChart:
    """How many came when, by kind of source."""
    kinds = [kind for kind in MEDIA if any(row.kind == kind for row in tallies)]
    columns = tuple(
        Column(timezone.localtime(row.at), str(MEDIA[row.kind]), row.count) for row in tallies if row.kind in MEDIA
    )
    series = tuple(str(MEDIA[kind]) for kind in kinds)
    return VolumeChart(title=title, measured=measured, lang=lang(), columns=columns, series=series, unit=gettext("条"), minutes=minutes)  # fmt: skip


def day_volume(tallies: Sequence[Tally], now: datetime) -> VolumeChart | None:
    """The last 24 hours of everything that was heard."""
    count = sum(row.count for row in tallies)
    if count < LEAST:
        return None
    at, most = _busiest(tallies)
    title = gettext("过去 24 小时 %(n)d 条，%(at)s 那一小时最多（%(most)d 条）") % {
        "n": count,
        "at": plain(at, now),
        "most": most,
    }
    return volume(tallies, title=title, measured=gettext("数自各信源读到的信息条，按发布时间计"))


def hours(counts: Sequence[tuple[datetime, int]], *, title: str) -> VolumeChart:
    """One topic hour by hour."""
    name = gettext("本专题")
    columns = tuple(Column(timezone.localtime(at), name, count) for at, count in counts)
    return VolumeChart(
        title=title,
        measured=gettext("数自专题命中的信息条"),
        lang=lang(),
        columns=columns,
        series=(name,),
        unit=gettext("条"),
    )


def story_volume(tallies: Sequence[Tally], span: timedelta, day: timedelta, now: datetime) -> VolumeChart | None:
    """How many posts of a story came a day; for stories that last."""
    count = sum(row.count for row in tallies)
    if span <= day or count < LEAST:
        return None
    at, most = _busiest(tallies)
    title = gettext("最多的一天是 %(at)s（%(most)d 条）") % {"at": plain(at, now).split(" ")[0], "most": most}
    return volume(tallies, title=title, measured=gettext("数自本话题的信息条"), minutes=24 * 60)


def spread(story: Story, tallies: Sequence[Tally], sources: Sequence[SourceTally]) -> SpreadChart | None:
    """How a story came from one kind of source to the next."""
    if sum(row.count for row in tallies) < LEAST:
        return None
    totals: dict[str, int] = defaultdict(int)
    rises: list[Rise] = []
    for row in tallies:
        totals[row.kind] += row.count
        rises.append(Rise(timezone.localtime(row.at), str(MEDIA.get(row.kind, row.kind)), totals[row.kind]))
    firsts = _firsts(tallies, sources)
    series = tuple(dict.fromkeys(row.series for row in rises))
    title = _journey(tallies, sources)
    measured = ngettext("数自本话题的 %(n)d 条信息", "数自本话题的 %(n)d 条信息", story.posts) % {"n": story.posts}
    return SpreadChart(title=title, measured=measured, lang=lang(), rises=tuple(rises), firsts=firsts, series=series, unit=gettext("条"))  # fmt: skip


def _firsts(tallies: Sequence[Tally], sources: Sequence[SourceTally]) -> tuple[First, ...]:
    """Where each kind began, with the outlet that was first."""
    begun: dict[str, Tally] = {}
    for row in tallies:
        begun.setdefault(row.kind, row)
    found = []
    for kind, row in list(begun.items())[:FIRSTS]:
        first = min((one for one in sources if one.kind == kind), key=lambda one: one.first_at, default=None)
        says = gettext("%(name)s 首现") % {"name": first.name if first else MEDIA.get(kind, kind)}
        found.append(First(timezone.localtime(row.at), str(MEDIA.get(kind, kind)), row.count, says))
    return tuple(found)


def _journey(tallies: Sequence[Tally], sources: Sequence[SourceTally]) -> str:
    """The message: where it came first, and how soon it was elsewhere."""
    begun: dict[str, datetime] = {}
    for row in sorted(sources, key=lambda one: one.first_at):
        begun.setdefault(row.kind, row.first_at)
    for tally in tallies:
        begun.setdefault(tally.kind, tally.at)
    first = min(sources, key=lambda one: one.first_at, default=None)
    kinds = sorted(begun, key=lambda kind: begun[kind])
    name = first.name if first else str(MEDIA.get(kinds[0], kinds[0]))
    if len(kinds) == 1:
        said = {"name": name, "kind": MEDIA.get(kinds[0], kinds[0])}
        return gettext("先见于%(name)s，至今只在%(kind)s") % said
    later = {"name": name, "kind": MEDIA.get(kinds[1], kinds[1]), "length": lasting(begun[kinds[1]] - begun[kinds[0]])}
    return gettext("先见于%(name)s，%(length)s后到了%(kind)s") % later


def _busiest(tallies: Sequence[Tally]) -> tuple[datetime, int]:
    sums: dict[datetime, int] = defaultdict(int)
    for row in tallies:
        sums[row.at] += row.count
    at = max(sums, key=lambda one: sums[one])
    return at, sums[at]

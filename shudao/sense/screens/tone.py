"""语气 (tone): how it is read, how often that is right, and the posts that chance puts before a person."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.engine.sense.tone_model import LEAST, LEAST_DRAWN
from shudao.engine.words import Words
from shudao.listen.models import Item
from shudao.sense.actions.tone import EVERY
from shudao.sense.models import Placement, TaughtTone
from shudao.sense.queries import corrections_since, drawn_lately, latest_taught, taught_from, taught_tones
from shudao.sense.screens.words import TONES, title_beside

PER_PAGE, SHOWN = 20, 10


@dataclass(frozen=True)
class Drawn:
    """抽看 (drawn): a post put before the reader by chance, and what it was read as."""

    placement: Placement

    @property
    def item(self) -> Item:
        """The post."""
        return self.placement.item

    @property
    def title(self) -> str:
        """Where the text does not say it again."""
        return title_beside(self.item)

    @property
    def choices(self) -> list[tuple[str, Words, bool]]:
        """Every tone, and whether it was read so."""
        return [(code, words, code == self.placement.tone) for code, words in TONES.items()]


class ToneScreen:
    """How tone is read in the real world."""

    def __init__(self, page: str = "1") -> None:
        self._page = page
        self.now = clock.now(LIVE)

    @cached_property
    def latest(self) -> TaughtTone | None:
        """What was learned last."""
        return latest_taught()

    @property
    def sentence(self) -> str:
        """On top: by what it is read, and how often that was right."""
        row = self.latest
        if row is None:
            return gettext("语气现在由词表估计，还没有从更正里学到东西")
        figures = {"n": row.number, "tested": row.tested, "right": row.right, "words": row.lexicon_right}
        if row.in_use:
            return (
                gettext("语气由第 %(n)d 版模型估计：抽看 %(tested)d 条读对 %(right)d 条，只用词表读对 %(words)d 条")
                % figures
            )
        return (
            gettext("语气仍由词表估计：抽看 %(tested)d 条，词表读对 %(words)d 条，模型读对 %(right)d 条，没有更好")
            % figures
        )

    @cached_property
    def drawn(self) -> list[Drawn]:
        """Posts that chance chose."""
        return [Drawn(row) for row in drawn_lately(SHOWN)]

    @cached_property
    def counts(self) -> list[tuple[str, int]]:
        """Corrections so far."""
        rows = taught_from(LIVE)
        fresh = corrections_since(self.latest)
        return [
            (gettext("更正过"), rows.count()),
            (gettext("其中抽看"), self._drawn),
            (gettext("学过以后新增"), fresh),
        ]

    @cached_property
    def _drawn(self) -> int:
        return taught_from(LIVE).filter(drawn=True).count()

    @property
    def wanting(self) -> str:
        """What is missing before it is learned (again)."""
        held, fresh = self.counts[0][1], self.counts[2][1]
        more = max(LEAST - held, EVERY - fresh, 0)
        drawn = max(LEAST_DRAWN - self._drawn, 0)
        if not more and not drawn:
            return gettext("够了，几分钟内会学一次。")
        said = []
        if more:
            said.append(ngettext("再更正 %(n)d 条", "再更正 %(n)d 条", more) % {"n": more})
        if drawn:
            said.append(ngettext("再抽看 %(n)d 条", "再抽看 %(n)d 条", drawn) % {"n": drawn})
        return gettext("%(what)s，就学一次。") % {"what": gettext("、").join(said)}

    @cached_property
    def versions(self) -> Page[TaughtTone]:
        """Everything that was learned, the latest first."""
        return Paginator(taught_tones(), PER_PAGE).get_page(self._page)

"""联通测试 (reachability tests): who answered, after how long, who did not, by unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.notify.models import ReachCall, ReachTest
from shudao.notify.proposals import Coming, proposed_test
from shudao.notify.queries.reach import calls_of, reach_tests
from shudao.org.models import Staff

PER_PAGE = 20


@dataclass(frozen=True)
class UnitPart:
    """A unit's people in a test."""

    name: str
    calls: list[ReachCall]

    @property
    def answered(self) -> int:
        """How many said that they are there."""
        return sum(call.answered_at is not None for call in self.calls)

    @property
    def is_whole(self) -> bool:
        """All of them."""
        return self.answered == len(self.calls)


class ReachTestsScreen:
    """All tests, the latest first."""

    def __init__(self, page: str) -> None:
        self._page = page
        self.now = clock.now(LIVE)

    @cached_property
    def proposed(self) -> Coming | None:
        """The holiday before which a test is wanted."""
        return proposed_test(self.now)

    @cached_property
    def tests(self) -> Page[ReachTest]:
        """A page of them."""
        return Paginator(reach_tests(), PER_PAGE).get_page(self._page)


class ReachScreen:
    """One test as somebody sees it."""

    def __init__(self, test: ReachTest, staff: Staff) -> None:
        self.test, self.staff = test, staff
        self.now = clock.now(LIVE)

    @cached_property
    def calls(self) -> list[ReachCall]:
        """Everybody called; who has not answered first."""
        return sorted(calls_of(self.test), key=lambda call: call.answered_at is not None)

    @cached_property
    def units(self) -> list[UnitPart]:
        """By unit, the ones with somebody missing first."""
        found: dict[str, list[ReachCall]] = {}
        for call in self.calls:
            found.setdefault(call.unit, []).append(call)
        return sorted((UnitPart(name, calls) for name, calls in found.items()), key=lambda part: part.is_whole)

    @property
    def answered(self) -> int:
        """How many said that they are there."""
        return sum(call.answered_at is not None for call in self.calls)

    @property
    def is_open(self) -> bool:
        """Still waits for answers."""
        return self.test.ended_at is None and self.test.ends_at > self.now

    @property
    def mine(self) -> ReachCall | None:
        """The reader's own call, while he may answer it."""
        own = (call for call in self.calls if call.staff_id == self.staff.pk and call.answered_at is None)
        return next(own, None) if self.is_open else None

    @property
    def half(self) -> timedelta | None:
        """The time within which half of all answered; None while fewer have."""
        return median_of(self.calls)

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        missing = len(self.calls) - self.answered
        if not missing:
            return gettext("所有人都联系得上")
        if self.is_open:
            said = ngettext("还有 %(n)d 人没有应答", "还有 %(n)d 人没有应答", missing)
        else:
            said = ngettext("%(n)d 人联系不上", "%(n)d 人联系不上", missing)
        return said % {"n": missing}


def median_of(calls: Sequence[ReachCall]) -> timedelta | None:
    """The time within which half of all that were called answered."""
    took = sorted(call.answered_at - call.test.started_at for call in calls if call.answered_at)
    half = (len(calls) + 1) // 2
    return took[half - 1] if half and len(took) >= half else None

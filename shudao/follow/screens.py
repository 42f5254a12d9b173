"""结束与跟踪 (ending and following): what stands against closing, the watch and what it found, the sealed bundles."""

from collections.abc import Mapping
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext, ngettext

from shudao.base import clock
from shudao.engine.respond.closing import Reason
from shudao.engine.words import Words
from shudao.follow import forms, queries
from shudao.follow.models import Archive, Closure, Recurrence, Watch
from shudao.respond.models import Incident
from shudao.respond.queries import why_not_close_now

PER_PAGE = 10
WHY = {
    "copy": Words("近似重复", "near-copies"),
    "claim": Words("同一说法", "the same claim"),
    "story": Words("同一话题", "the same story"),
}
FORMS = {
    form.verb: form
    for form in (
        forms.SettleIncidentForm,
        forms.CloseIncidentForm,
        forms.WatchIncidentForm,
        forms.SealIncidentForm,
        forms.EndWatchForm,
    )
}


class FollowScreen:
    """One incident after handling. `bound`: a form that was sent and comes back."""

    why = WHY

    def __init__(
        self, incident: Incident, posts: Mapping[str, str], *, page: str = "1", bound: forms.FollowForm | None = None
    ) -> None:
        self.incident, self.posts, self._page = incident, posts, page
        self.scene = incident.scene_value
        self.now = clock.now(self.scene)
        self.bound = bound

    @property
    def acting(self) -> dict[str, str]:
        """Posts of the reader, those that may end the response first."""
        plan = self.incident.plan
        ending = [*(plan.ending.by if plan.ending else ()), *(post.id for post in plan.posts if post.authority.close)]
        first = [code for code in dict.fromkeys(ending) if code in self.posts]
        return {code: self.posts[code] for code in [*first, *self.posts]}

    @cached_property
    def forms(self) -> dict[str, forms.FollowForm]:
        """Every form; the one that came back as it was sent."""
        fresh = {verb: form(posts=self.acting) for verb, form in FORMS.items()}
        return {**fresh, **({self.bound.verb: self.bound} if self.bound else {})}

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """What stands against closing."""
        return why_not_close_now(self.incident, self.now) if self.incident.is_open else ()

    @cached_property
    def closure(self) -> Closure | None:
        """How it was closed."""
        return queries.closure_of(self.incident)

    @cached_property
    def watch(self) -> Watch | None:
        """The watch over it."""
        return queries.watch_of(self.incident)

    @cached_property
    def recurrences(self) -> Page[Recurrence]:
        """A page of what came back, the newest first."""
        rows = queries.recurrences_of(self.incident).order_by("-found_at", "-pk")
        return Paginator(rows, PER_PAGE).get_page(self._page)

    @cached_property
    def archives(self) -> list[Archive]:
        """The sealed bundles."""
        return queries.archives_of(self.incident)

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        if self.incident.is_open:
            count = len(self.reasons)
            if not count:
                return gettext("都已了结，可以结束")
            return ngettext("还有一件事未了，暂不能结束", "还有 %(n)d 件事未了，暂不能结束", count) % {"n": count}
        if self.watch is None:
            return gettext("响应已结束，等转入跟踪")
        count = self.recurrences.paginator.count
        if not self.watch.is_open:
            return gettext("跟踪已结束，密钥已销毁")
        return (
            ngettext("跟踪中，发现一次再现", "跟踪中，发现 %(n)d 次再现", count) % {"n": count}
            if count
            else gettext("跟踪中，没有再现")
        )

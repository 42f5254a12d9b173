"""诉求 (demands): the list of all, the board by department, one demand with what was answered to its like before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from shudao.base import clock
from shudao.base.pages import Asked
from shudao.base.scene import LIVE, Scene
from shudao.base.sealing import unseal
from shudao.engine.words import Words
from shudao.org.models import Post
from shudao.respond import queries
from shudao.respond.actions.contact import PURPOSE
from shudao.respond.actions.limits import ASSUMED
from shudao.respond.models import Demand, DemandContact
from shudao.respond.screens import words as said
from shudao.respond.screens.earlier import earlier_of
from shudao.respond.screens.mine import own_address
from shudao.sense.beside import Answered

PER_PAGE = 20
STATES = {
    "open": Words("待答复", "open"),
    "late": Words("超时", "late"),
    "answered": Words("已答复", "answered"),
    "declined": Words("不予采纳", "declined"),
    "look": Words("待回访", "to look at again"),
}


@dataclass(frozen=True)
class DemandLine:
    """诉求 (demand) in the list."""

    demand: Demand
    state: Words
    channel: Words
    owner: str
    acting: str


@dataclass(frozen=True)
class UnitLine:
    """部门 (department) on the board: how many demands wait, are late, were ended in time."""

    code: str
    name: str
    open: int
    late: int
    ended: int
    in_time: int

    @property
    def rate(self) -> str:
        """Share of the ended ones that were ended in time."""
        return f"{round(100 * self.in_time / self.ended)}%" if self.ended else "—"


class DemandsScreen:
    """The demands of a scene. `only`: posts to which the reader's sight is limited; None when he sees all."""

    names = ("state", "channel", "unit", "incident", "q")

    def __init__(
        self, scene: Scene, posts: Mapping[str, str], given: Mapping[str, str], *, only: set[str] | None = None
    ) -> None:
        self.scene, self.posts, self.only = scene, posts, only
        self.asked = Asked(given, self.names)
        self.now: datetime = clock.now(scene)
        self._page = given.get("page", "1")

    @cached_property
    def found(self) -> QuerySet[Demand]:
        """Those asked for."""
        asked = self.asked
        return queries.find_demands(
            self.scene,
            state=asked["state"],
            channel=asked["channel"],
            owners=self.owners,
            words=asked["q"],
            incident=asked["incident"],
            now=self.now,
        )

    @cached_property
    def owners(self) -> set[str] | None:
        """Posts whose demands are asked for; None for all."""
        unit = self.asked["unit"]
        posts = {code for code, (owner, _) in self.units_of_posts.items() if owner == unit} if unit else None
        if self.only is None:
            return posts
        return self.only if posts is None else self.only & posts

    @cached_property
    def units_of_posts(self) -> dict[str, tuple[str, str]]:
        """Post -> code and name of its department."""
        rows = Post.objects.values_list("code", "unit__code", "unit__name")
        return {code: (unit, name) for code, unit, name in rows}

    @cached_property
    def post_names(self) -> Mapping[str, str]:
        """Posts by code."""
        return queries.known_posts(LIVE)

    @cached_property
    def page(self) -> Page[Demand]:
        """A page of them."""
        return Paginator(self.found, PER_PAGE).get_page(self._page)

    @cached_property
    def rows(self) -> list[DemandLine]:
        """They as lines."""
        return [
            DemandLine(
                demand=row, state=said.DEMAND[row.state], channel=said.CHANNEL[row.channel],
                owner=self.post_names.get(row.owner, row.owner),
                acting=row.owner if row.is_open and row.owner in self.posts else "",
            )
            for row in self.page
        ]  # fmt: skip

    @cached_property
    def counts(self) -> list[dict[str, object]]:
        """Counts by owner."""
        return queries.counts_of_demands(self.scene, self.now, self.only)

    def _sum(self, name: str) -> int:
        return sum(int(str(row[name])) for row in self.counts)

    @property
    def tabs(self) -> list[tuple[str, Words, int | None]]:
        """States as a row of links."""
        ended = self._sum("answered") + self._sum("declined")
        every = ("", Words("全部", "all"), self._sum("open") + ended)
        known = {name: self._sum(name) for name in ("open", "late", "answered", "declined")}
        return [every, *((code, words, known.get(code)) for code, words in STATES.items())]

    @property
    def channels(self) -> list[tuple[str, Words]]:
        """Ways by which demands come."""
        return list(said.CHANNEL.items())

    @cached_property
    def units(self) -> list[tuple[str, str]]:
        """Departments that have demands."""
        return [(row.code, row.name) for row in self.board if row.code]

    @cached_property
    def board(self) -> list[UnitLine]:
        """Department by department, those with late ones first."""
        sums: dict[tuple[str, str], list[int]] = {}
        for row in self.counts:
            unit = self.units_of_posts.get(str(row["owner"]), ("", gettext("不在册的岗位")))
            part = [int(str(row[name])) for name in ("open", "late", "answered", "declined", "in_time")]
            sums[unit] = [before + more for before, more in zip(sums.get(unit, [0] * 5), part, strict=True)]
        lines = [UnitLine(*unit, n[0], n[1], n[2] + n[3], n[4]) for unit, n in sums.items()]
        return sorted(lines, key=lambda line: (-line.late, -line.open, line.name))

    @property
    def may_export(self) -> bool:
        """There is something to export."""
        return bool(self.page.paginator.count)

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        waiting, late = self._sum("open"), self._sum("late")
        if not waiting:
            return gettext("没有诉求待答复")
        text = ngettext("%(n)d 条诉求待答复", "%(n)d 条诉求待答复", waiting) % {"n": waiting}
        return gettext("%(first)s，%(n)d 条超时") % {"first": text, "n": late} if late else text


class DemandScreen:
    """One demand for one reader. `posts`: the posts the reader acts in."""

    def __init__(self, demand: Demand, posts: Mapping[str, str], *, may_receive: bool) -> None:
        self.demand, self.posts, self.may_receive = demand, posts, may_receive
        self.now: datetime = clock.now(demand.scene_value)
        self.address = own_address("demands", demand)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Posts by code."""
        return queries.known_posts(LIVE, self.demand.incident)

    @property
    def state(self) -> Words:
        """In words."""
        return said.DEMAND[self.demand.state]

    @property
    def channel(self) -> Words:
        """By which way it came."""
        return said.CHANNEL[self.demand.channel]

    @property
    def limit(self) -> Words | str:
        """Where the limit comes from."""
        if self.demand.due_source == ASSUMED:
            return Words("推定：预案没有答复时限，按三天计", "assumed: no plan gives a limit, three days are taken")
        return self.demand.due_source or Words("登记时指定", "set when it was taken up")

    @cached_property
    def owning(self) -> str:
        """In which post the reader owns it, or stands in for its owner."""
        owners = queries.owners_of(self.demand)
        return self.demand.owner if self.demand.owner in self.posts else self._any(owners)

    @cached_property
    def acting(self) -> str:
        """In which post the reader may answer it."""
        if not self.demand.is_open or (self.demand.incident and not self.demand.incident.is_open):
            return ""
        return self.owning or self._any(queries.answerers_of(self.demand))

    @property
    def owns(self) -> bool:
        """Whether the reader may pass it on."""
        return bool(self.owning or self.demand.raised_by in self.posts)

    @property
    def may_look(self) -> str:
        """In which post the reader may write down what came of the answer."""
        answered = self.demand.state == Demand.State.ANSWERED and not self.demand.followed_up_at
        return (self.owning or self._any({self.demand.raised_by, self.demand.answered_by})) if answered else ""

    @property
    def may_link(self) -> bool:
        """It belongs to no incident yet."""
        return self.may_receive and self.demand.incident_id is None and self.demand.is_open

    @cached_property
    def contact(self) -> DemandContact | None:
        """How to reach whoever asked, kept or erased."""
        return DemandContact.objects.filter(demand=self.demand).first()

    @property
    def contact_text(self) -> str:
        """In clear, for the post that answers."""
        return unseal(self.contact.sealed, PURPOSE) if self.contact and self.owning else ""

    @cached_property
    def earlier(self) -> list[Answered]:
        """What was answered before to nearly the same."""
        return earlier_of(self.demand)

    @property
    def room(self) -> str:
        """The room it belongs to."""
        run = self.demand.scene_value.run_code
        number = self.demand.incident.number if self.demand.incident else ""
        return f"/respond/{f'runs/{run}/' if run else ''}incidents/{number}/"

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        owner = self.names.get(self.demand.owner, self.demand.owner)
        if self.demand.state == Demand.State.ANSWERED:
            return gettext("已由%(post)s答复") % {
                "post": self.names.get(self.demand.answered_by, self.demand.answered_by)
            }
        if self.demand.state == Demand.State.DECLINED:
            return gettext("不予采纳，理由在案")
        if self.demand.is_late(self.now):
            return gettext("等%(post)s答复，已超时") % {"post": owner}
        return gettext("等%(post)s答复") % {"post": owner}

    def _any(self, codes: set[str]) -> str:
        return next((code for code in self.posts if code in codes), "")

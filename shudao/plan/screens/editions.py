"""预案 (plans) of this site: which is in force, which are being written, which are past; and the shipped ones."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext, ngettext

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.engine.plan.load import load_plan
from shudao.engine.plan.model import Plan
from shudao.engine.words import Words
from shudao.library import HERE, folders, read_folder
from shudao.org.queries import organisation, post_names
from shudao.plan.forms import DraftPlanForm
from shudao.plan.models import Edition, Upload
from shudao.plan.queries import drafts, editions_in_force, findings_of, past_editions, uploads

PER_PAGE = 20
LANGUAGES = ("zh", "en")
KINDS = {
    "power": Words("供电", "power company"),
    "university": Words("高校", "university"),
    "hospital": Words("医院", "hospital"),
    "government": Words("政府部门", "government office"),
    "company": Words("企业", "company"),
}
UPLOADS = {
    "waiting": Words("正在排队读入", "waiting to be read"),
    "read": Words("已读入", "read"),
    "failed": Words("读不出", "cannot be read"),
}
UNNAMED = "（未命名单位）"


def today() -> date:
    """The day at this office."""
    return timezone.localtime(clock.now(LIVE)).date()


def own_name() -> str:
    """The organisation's name as far as somebody gave it one."""
    place = organisation()
    return place.name if place and place.name != UNNAMED else ""


@dataclass(frozen=True)
class Draft:
    """草稿 (draft) in the list: how many errors keep it from being signed."""

    edition: Edition
    errors: int


class EditionsScreen:
    """Every edition of this site, as far as the reader may see it."""

    upload_states = UPLOADS

    def __init__(self, *, may_write: bool, page: str = "1", past: str = "1") -> None:
        self.now, self.may_write = clock.now(LIVE), may_write
        self._page, self._past = page, past
        self.names = post_names()

    @cached_property
    def in_force(self) -> list[Edition]:
        """The newest signed edition of each plan."""
        return editions_in_force()

    @cached_property
    def drafts(self) -> Page[Edition]:
        """A page of the drafts."""
        return Paginator(drafts() if self.may_write else Edition.objects.none(), PER_PAGE).get_page(self._page)

    @cached_property
    def draft_rows(self) -> list[Draft]:
        """They with their errors."""
        day = today()
        return [Draft(row, sum(f.severity == "error" for f in findings_of(row, day))) for row in self.drafts]

    @cached_property
    def past(self) -> Page[Edition]:
        """A page of those no longer in force."""
        return Paginator(past_editions(self.in_force), PER_PAGE).get_page(self._past)

    @cached_property
    def uploads(self) -> list[Upload]:
        """The latest written plans that were handed over."""
        return list(uploads()[:PER_PAGE]) if self.may_write else []

    @cached_property
    def sentence(self) -> str:
        """The one sentence on top."""
        if not self.in_force:
            return gettext("还没有现行预案：事件来了无据可依")
        count = len(self.in_force)
        told = ngettext("一份预案现行有效", "%(n)d 份预案现行有效", count) % {"n": count}
        waiting = self.drafts.paginator.count
        if waiting:
            told += gettext("，") + ngettext("一份草稿待签发", "%(n)d 份草稿待签发", waiting) % {"n": waiting}
        return told


@dataclass(frozen=True)
class Shipped:
    """样例预案 (shipped plan): what it is for and how large it is, with the form that takes it."""

    name: str
    kind: Words
    plan: Plan
    scenarios: int
    form: DraftPlanForm

    @property
    def musts(self) -> int:
        """Steps that must be done."""
        return sum(step.must for step in self.plan.steps)


class LibraryScreen:
    """The shipped plans, those in the reader's language first. `upload`: the written plan that is to be framed."""

    def __init__(self, *, upload: Upload | None = None, bound: DraftPlanForm | None = None) -> None:
        self.now, self.upload, self._bound = clock.now(LIVE), upload, bound
        self.own_name = own_name()

    @cached_property
    def cards(self) -> list[Shipped]:
        """One card a plan."""
        first = "zh" if (get_language() or "zh").startswith("zh") else "en"
        names = sorted(shipped_plans(), key=lambda name: (not name.startswith(first), name))
        return [self._card(name) for name in names]

    def _card(self, name: str) -> Shipped:
        plan = shipped_plan(name)
        kind = name.rpartition("/")[2]
        start: dict[str, Any] = {"plan": name, "organisation": self.own_name}
        start |= {"upload": self.upload.pk} if self.upload else {}
        form = DraftPlanForm(initial=start, auto_id=f"draft_plan-{name.replace('/', '-')}-%s")
        bound = self._bound if self._bound is not None and self._bound.data.get("plan") == name else None
        return Shipped(name, KINDS.get(kind, Words(kind, kind)), plan, scenarios_for(plan.id), bound or form)


def shipped_plans() -> list[str]:
    """Every shipped plan as `zh/power`."""
    return [f"{tongue}/{kind}" for tongue in LANGUAGES for kind in folders("plans", tongue)]


@lru_cache(maxsize=32)
def shipped_plan(name: str) -> Plan:
    """One shipped plan."""
    return load_plan(read_folder(HERE / "plans" / name))


@lru_cache(maxsize=32)
def scenarios_for(plan: str) -> int:
    """How many shipped scenarios were written for a plan."""
    wanted = f"plan: {plan}\n"
    texts = (read_folder(HERE / "scenarios" / lang / name) for lang in LANGUAGES for name in folders("scenarios", lang))
    return sum(wanted in files.get("scenario.yaml", b"").decode() for files in texts)

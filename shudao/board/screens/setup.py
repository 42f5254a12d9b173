"""开始使用 (setting up): how far the site has come until somebody can be on duty. Every state is read from the data."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from shudao.base import clock
from shudao.base.navigation import address_of
from shudao.base.scene import LIVE
from shudao.board.screens.board import in_words
from shudao.drill.models import Run
from shudao.listen.models import Source
from shudao.notify.models import Attempt, Channel
from shudao.org.models import Post, PostRight, Right, Staff, Unit
from shudao.org.queries import organisation
from shudao.org.queries.answering import answering
from shudao.plan.models import Edition
from shudao.plan.queries import edition_in_force
from shudao.sense.models import Topic

DONE, OPEN, UNSURE = "done", "open", "unsure"


@dataclass(frozen=True)
class Step:
    """一步 (step) of the first hour: what it is for, how far it is, where it is done; `also` is another way."""

    key: str
    title: str
    why: str
    state: str
    said: str
    link: str
    button: str
    also: tuple[str, str] = ("", "")
    path: str = ""
    also_path: str = ""
    is_next: bool = False


def first_hour_is_open() -> bool:
    """Whether the site lacks what nobody can be on duty without: a plan in force, a topic, a source."""
    watched = Topic.objects.in_scene(LIVE).filter(retired_at=None).exists()
    heard = Source.objects.in_scene(LIVE).exclude(state=Source.State.RETIRED).exists()
    return not (watched and heard and Edition.objects.filter(state="signed").exists())


class GuideScreen:
    """The guided first hour for one reader."""

    def __init__(self, rights: frozenset[str], *, is_secure: bool) -> None:
        self.rights, self.is_secure = rights, is_secure
        self.now = clock.now(LIVE)

    @cached_property
    def steps(self) -> list[Step]:
        """The steps in order, the first that is not done marked as the next."""
        rows = [
            self._organisation(), self._posts(), self._staff(), self._plan(), self._topics(), self._sources(),
            self._channels(), self._secure(), self._drill(),
        ]  # fmt: skip
        first = next((row.key for row in rows if row.state == OPEN), "")
        return [self._placed(row, first) for row in rows]

    def _placed(self, row: Step, first: str) -> Step:
        told = {**row.__dict__, "path": self._path(row.link), "also_path": self._path(row.also[0])}
        return Step(**{**told, "is_next": row.key == first})

    def _path(self, name: str) -> str:
        path, needed = address_of(name)
        return path if path and (not needed or needed & self.rights) else ""

    @cached_property
    def left(self) -> int:
        """How many steps are still open."""
        return sum(row.state == OPEN for row in self.steps)

    @property
    def is_ready(self) -> bool:
        """Nothing is open."""
        return not self.left

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        if self.is_ready:
            return gettext("都办好了，可以值班")
        told = ngettext("还差%(n)s步就能值班", "还差%(n)s步就能值班", self.left) % {"n": in_words(self.left)}
        return told[:1].upper() + told[1:]

    # the steps

    def _organisation(self) -> Step:
        place = organisation()
        named = place is not None and place.is_named
        return Step(
            "organisation",
            gettext("给单位定名"),
            gettext("文书、声明和登录页上都写它。"),
            DONE if named else OPEN,
            place.name if place and named else gettext("还没有名称"),
            "org:change_organisation",
            gettext("填写名称"),
        )

    @cached_property
    def _standing(self) -> list[Post]:
        return list(Post.objects.filter(retired_at=None).select_related("unit").order_by("pk"))

    def _posts(self) -> Step:
        posts, units = len(self._standing), Unit.objects.filter(retired_at=None).count()
        told = {"posts": posts, "units": units}
        return Step(
            "posts",
            gettext("设单位和岗位"),
            gettext("预案只认岗位不认人。可以从样例预案一次带入，也可以用表格导入或逐个设。"),
            DONE if posts > 1 else OPEN,
            gettext("%(units)d 个单位，%(posts)d 个岗位") % told,
            "org:people",
            gettext("设单位和岗位"),
            also=("plan:library", gettext("从样例预案带入")),
        )

    def _staff(self) -> Step:
        people = Staff.objects.filter(user__is_active=True).count()
        receiving = set(PostRight.objects.filter(right=Right.RECEIVE).values_list("post", flat=True))
        posts = [post for post in self._standing if post.pk in receiving]
        answers = answering(posts, self.now)
        on_duty = list(dict.fromkeys(person.name for row in answers.values() for person in row.people))
        said = ngettext("一位人员", "%(n)d 位人员", people) % {"n": people}
        now = gettext("现在能受理的：%(names)s") % {"names": gettext("、").join(on_duty[:3])}
        return Step(
            "staff",
            gettext("安排人员和班次"),
            gettext("要有人能随时受理预警：至少一个有受理权限的岗位现在有人。"),
            DONE if on_duty else OPEN,
            said + gettext("，") + (now if on_duty else gettext("现在没有人能受理")),
            "org:people",
            gettext("安排人员和班次"),
            also=("org:sheet", gettext("用表格导入")),
        )

    def _plan(self) -> Step:
        edition = edition_in_force()
        drafts = 0 if edition else Edition.objects.filter(state__in=("draft", "review")).count()
        waiting = ngettext("一份草稿待签发", "%(n)d 份草稿待签发", drafts) % {"n": drafts}
        return Step(
            "plan",
            gettext("选定预案并签发"),
            gettext("没有签发的预案，启动不了处置，也演练不了。"),
            DONE if edition else OPEN,
            f"{edition.title} {edition.version}" if edition else waiting if drafts else gettext("还没有预案"),
            "plan:editions",
            gettext("选或交来预案"),
        )

    def _topics(self) -> Step:
        count = Topic.objects.in_scene(LIVE).filter(retired_at=None).count()
        return Step(
            "topics",
            gettext("写专题"),
            gettext("要留意什么，一句检索式；写之前就能看到过去 7 天它会抓到什么。"),
            DONE if count else OPEN,
            ngettext("一个专题", "%(n)d 个专题", count) % {"n": count} if count else gettext("还没有专题"),
            "sense:topics",
            gettext("写专题"),
            also=("sense:import_topics", gettext("用样例专题")),
        )

    def _sources(self) -> Step:
        read = Q(state=Source.State.OK) & (Q(last_read_at__isnull=False) | Q(last_item_at__isnull=False))
        rows = Source.objects.in_scene(LIVE).exclude(state=Source.State.RETIRED)
        told = rows.aggregate(all=Count("pk"), read=Count("pk", filter=read))
        return Step(
            "sources",
            gettext("接上信源"),
            gettext("至少有一个已经读到过。"),
            DONE if told["read"] else OPEN,
            gettext("%(all)d 个信源，%(read)d 个读到过") % told,
            "listen:sources",
            gettext("接信源"),
        )

    def _channels(self) -> Step:
        tried = Attempt.objects.filter(channel=OuterRef("pk"), parcel=None, ok=True)
        rows = Channel.objects.filter(removed_at=None, paused_at=None).annotate(tested=Exists(tried))
        channels = list(rows)
        tested = sum(row.tested for row in channels)  # type: ignore[attr-defined]
        told = {"all": len(channels), "tested": tested}
        return Step(
            "channels",
            gettext("试通通知渠道"),
            gettext("半夜叫得到人：邮件、钉钉、企业微信或飞书，发一条测试消息，看到对方的应答。"),
            DONE if tested else OPEN,
            gettext("%(all)d 个渠道，%(tested)d 个试通") % told if channels else gettext("还没有渠道"),
            "notify:channels",
            gettext("设渠道"),
        )

    def _secure(self) -> Step:
        missing = gettext("现在的地址不是 https：通行密钥、装到手机桌面、离线上报用不了，其余照常")
        return Step(
            "secure",
            gettext("换成安全的地址"),
            gettext("启动时加 --self-signed 主机名，或用 --certificate 和 --key 给出证书。不办也能值班。"),
            DONE if self.is_secure else UNSURE,
            gettext("地址是安全的") if self.is_secure else missing,
            "",
            "",
        )

    def _drill(self) -> Step:
        runs = Run.objects.filter(state=Run.State.FINISHED).count()
        started = runs or Run.objects.exists()
        return Step(
            "drill",
            gettext("演练一场"),
            gettext("按签发的预案走一遍，不发任何真实消息；看得出哪里没有人、哪里会迟。"),
            DONE if runs else OPEN,
            ngettext("演练过一场", "演练过 %(n)d 场", runs) % {"n": runs}
            if runs
            else gettext("有一场还没有结束")
            if started
            else gettext("还没有演练过"),
            "drill:desk",
            gettext("去演练台"),
        )

"""设置 (settings): everything that can be set on this site, grouped, each with its state in words."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from shudao.base import clock
from shudao.base.navigation import address_of
from shudao.base.scene import LIVE
from shudao.listen.models import Source
from shudao.notify.models import Channel
from shudao.org.models import Observer, Post, Staff, Unit
from shudao.plan.models import Edition
from shudao.plan.queries import editions_in_force
from shudao.sense.models import Topic
from shudao.sense.queries import vectors_in_force

Words = Promise | str


@dataclass(frozen=True)
class Entry:
    """一项 (entry) of the settings: what it is, what it says now, where it is set."""

    title: Words
    path: str
    said: str


@dataclass(frozen=True)
class Group:
    """一组 (group) of entries that belong together."""

    title: Words
    entries: list[Entry]


def _people() -> str:
    told = {
        "units": Unit.objects.filter(retired_at=None).count(),
        "posts": Post.objects.filter(retired_at=None).count(),
        "staff": Staff.objects.filter(user__is_active=True).count(),
    }
    return gettext("%(units)d 个单位，%(posts)d 个岗位，%(staff)d 位人员") % told


def _registers() -> str:
    count = Observer.objects.count()
    return ngettext("一位信息员", "%(n)d 位信息员", count) % {"n": count} if count else gettext("还没有信息员")


def _sources() -> str:
    rows = Source.objects.in_scene(LIVE).exclude(state=Source.State.RETIRED)
    told = rows.aggregate(all=Count("pk"), bad=Count("pk", filter=Q(state=Source.State.FAILING)))
    if not told["all"]:
        return gettext("还没有信源")
    return gettext("%(all)d 个，%(bad)d 个读不到") % told if told["bad"] else gettext("%(all)d 个，都读得到") % told


def _topics() -> str:
    count = Topic.objects.in_scene(LIVE).filter(retired_at=None).count()
    return ngettext("一个专题", "%(n)d 个专题", count) % {"n": count} if count else gettext("还没有专题")


def _telling() -> str:
    return gettext("按字词和含义归并") if vectors_in_force() else gettext("按字词归并")


def _plans() -> str:
    rows = editions_in_force()
    drafts = Edition.objects.filter(state__in=("draft", "review")).count()
    told = gettext("、").join(f"{row.title} {row.version}" for row in rows[:2]) if rows else gettext("还没有现行预案")
    waiting = ngettext("一份草稿", "%(n)d 份草稿", drafts) % {"n": drafts}
    return told + gettext("，") + waiting if drafts else told


def _channels() -> str:
    rows = Channel.objects.filter(removed_at=None)
    told = rows.aggregate(all=Count("pk"), bad=Count("pk", filter=Q(fault_told_at__isnull=False)))
    if not told["all"]:
        return gettext("还没有渠道，消息只在站内")
    return gettext("%(all)d 个，%(bad)d 个发不出") % told if told["bad"] else gettext("%(all)d 个") % told


Asked = tuple[str, Words, Callable[[], str] | Words]
GROUPS: tuple[tuple[Words, tuple[Asked, ...]], ...] = (
    (_("单位与人员"), (
        ("org:people", _("组织、岗位、人员、班次"), _people),
        ("org:rights", _("权限表"), _("哪个岗位能做什么")),
        ("org:registers", _("登记册"), _registers),
        ("org:holidays", _("节假日"), _("工作日时限和排班按它算")),
        ("org:sign_in_rules", _("登录规则"), _("密码、二次验证、单点登录")),
    )),
    (_("监测"), (
        ("listen:sources", _("信源"), _sources),
        ("sense:topics", _("专题"), _topics),
        ("sense:trials", _("话题怎样归并"), _telling),
        ("listen:imports", _("导入文件"), _("服务商表格、聊天记录、扫描件")),
        ("listen:hooks", _("接入接口"), _("别的系统签名送来的信息")),
        ("listen:inner_hosts", _("内网许可"), _("站点可以访问的本单位服务器")),
        ("listen:observers", _("信息员链接"), _("信息员上报用的链接")),
    )),
    (_("预案与演练"), (
        ("plan:editions", _("预案"), _plans),
        ("drill:desk", _("演练台"), _("选脚本、开演练、看评分")),
    )),
    (_("通知"), (
        ("notify:channels", _("通知渠道"), _channels),
        ("notify:reach_tests", _("联通测试"), _("半夜叫不叫得到人")),
        ("notify:mine", _("我的通知"), _("我从哪里收、什么时候不打扰")),
    )),
    (_("数据"), (
        ("listen:evidence", _("原始证据"), _("加密保存，看一次记一次")),
        ("board:retention", _("保存期限与清除"), _("到期先试算，再清除，留下签名的记录")),
        ("ledger:ledger", _("留痕"), _("谁在何时做了什么，可逐条核验")),
    )),
    (_("运行"), (
        ("board:operations", _("运行情况"), _("数据库、后台、备份、时钟")),
        ("board:setup", _("开始使用的步骤"), _("还差什么就能值班")),
        ("org:account", _("我的账号"), _("密码、通行密钥、登录过的设备")),
    )),
)  # fmt: skip


class SettingsScreen:
    """The hub of all settings for one reader: only what he may open."""

    def __init__(self, rights: frozenset[str]) -> None:
        self.rights = rights
        self.now = clock.now(LIVE)

    @cached_property
    def groups(self) -> list[Group]:
        """The groups with anything in them."""
        found = [Group(title, [row for one in rows if (row := self._entry(*one))]) for title, rows in GROUPS]
        return [group for group in found if group.entries]

    def _entry(self, name: str, title: Words, said: Callable[[], str] | Words) -> Entry | None:
        path, needed = address_of(name)
        if not path or (needed and not needed & self.rights):
            return None
        return Entry(title, path, said() if callable(said) else str(said))

    @property
    def sentence(self) -> str:
        """The one sentence on top."""
        count = sum(len(group.entries) for group in self.groups)
        return ngettext("您能设置一项", "您能设置 %(n)d 项", count) % {"n": count}

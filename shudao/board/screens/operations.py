"""What the page 运行 shows."""

from dataclasses import dataclass

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from shudao.board.health import Finding, State

PARTS = {
    "database": _("数据库"),
    "disk": _("磁盘"),
    "secrets": _("密钥文件"),
    "worker": _("后台"),
    "jobs": _("后台作业"),
    "clock": _("时钟"),
    "people": _("人员"),
    "plan": _("预案"),
    "sources": _("信源"),
    "channels": _("通知渠道"),
    "ledger": _("留痕"),
    "archives": _("封存"),
}
STATES = {State.OK: _("正常"), State.WARN: _("留意"), State.FAULT: _("有故障")}
LOOKS = {State.OK: "tag-good", State.WARN: "tag-warn", State.FAULT: "tag-bad"}


@dataclass(frozen=True)
class Row:
    """One part of the site, in the reader's words."""

    part: str
    state: str
    look: str
    says: str
    where: str
    mend: str


@dataclass(frozen=True)
class OperationsScreen:
    """Part by part, the worst first."""

    findings: list[Finding]
    has_token: bool

    @property
    def sentence(self) -> str:
        """How the site is, in one sentence."""
        faults = sum(row.state == State.FAULT for row in self.findings)
        if faults:
            return ngettext("%(n)d 处有故障", "%(n)d 处有故障", faults) % {"n": faults}
        warnings = sum(row.state == State.WARN for row in self.findings)
        if warnings:
            return ngettext("站点在运行，%(n)d 处要留意", "站点在运行，%(n)d 处要留意", warnings) % {"n": warnings}
        return gettext("站点一切正常")

    @property
    def rows(self) -> list[Row]:
        """The findings in words."""
        tongue, order = get_language() or "zh", list(reversed(State))
        said = sorted(self.findings, key=lambda row: order.index(row.state))
        return [
            Row(
                str(PARTS.get(row.part, row.part)), str(STATES[row.state]), LOOKS[row.state],
                row.says.say(tongue), row.where, row.mend.say(tongue) if row.mend else "",
            )
            for row in said
        ]  # fmt: skip

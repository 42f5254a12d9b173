"""Warnings to departments: passed on by a person or by a department's own rule, acknowledged and answered there."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings as site
from django.utils.translation import gettext, ngettext, override

from shudao.base.refusal import refuse
from shudao.base.scene import LIVE
from shudao.ledger.verbs import Act, Actor, Erasable, verb
from shudao.notify.actions import put_message
from shudao.org.models import Post
from shudao.org.queries.units import post_answering, unit_names
from shudao.sense.departments import late_warnings, posts_within, reached, rules_for
from shudao.sense.models import Alert, Topic, UnitWarning, WarningRule

COLOURS = {"I": "red", "II": "orange", "III": "yellow", "IV": "blue"}
"""Colour of a hinted level, by which people choose what reaches them at night."""
LONGEST = 168
"""Hours of a rule, at most a week."""


@verb(zh="转办预警", en="pass alert")
def pass_alert(act: Act, alert: Alert, *, unit: str, note: str = "", due_at: datetime | None = None) -> UnitWarning:
    """Pass an alert on to a department; the post that answers for it is told and answers.

    Refused for an unknown department or one without a post, when it has it already, for a limit that is past, and once
    the alert was dismissed.
    """
    if alert.dismissed_at:
        raise refuse("预警已排除", "the alert is dismissed already", code="state")
    if due_at and due_at <= act.now:
        raise refuse("期限应在将来", "the limit must lie ahead", code="due")
    if UnitWarning.objects.filter(alert=alert, unit=unit).exists():
        raise refuse("已经转给这个部门", "that department has it already", code="twice")
    row = _pass(act, alert, unit, note=note.strip(), due_at=due_at)
    act.note(
        warning=row.pk, alert=alert.code, unit=unit, post=row.post, due_at=due_at, note=Erasable(note) if note else ""
    )
    return row


def pass_by_rules(act: Act, alerts: Iterable[Alert]) -> None:
    """Pass alerts to the departments whose rules ask for them; part of `raise_alert`, in the real world alone."""
    if not act.scene.is_live:
        return
    for alert in alerts:
        for rule in rules_for(alert):
            if rule.unit in unit_names():
                row = _pass(act, alert, rule.unit, rule=rule)
                act.also("pass_alert", warning=row.pk, alert=alert.code, unit=rule.unit, post=row.post, rule=rule.pk)


def _pass(
    act: Act,
    alert: Alert,
    unit: str,
    *,
    note: str = "",
    due_at: datetime | None = None,
    rule: WarningRule | None = None,
) -> UnitWarning:
    row = _warn(act, unit, alert.why_zh, alert=alert, note=note, due_at=due_at, rule=rule)
    _tell(act, row, row.post, alert.why_zh, COLOURS.get(alert.level_hint, ""))
    return row


def _warn(act: Act, unit: str, why: str, **more: object) -> UnitWarning:
    post = post_answering(unit, act.now)
    if not post:
        raise refuse("没有这个部门，或部门没有岗位", "there is no such department, or it has no post", code="unit")
    return UnitWarning.objects.create(
        scene=act.scene.key, unit=unit, post=post, why=why, passed_by=act.post, passed_at=act.now, **more
    )


@verb(zh="按规则预警部门", en="warn department")
def warn_department(act: Act, rule: WarningRule) -> UnitWarning:
    """The number of a department's rule is reached: it is told, once in the rule's hours. Refused when it is not."""
    fresh = WarningRule.objects.select_for_update().get(pk=rule.pk)
    if fresh.pk not in {row.pk for row in reached(act.now)}:
        raise refuse("没有达到规则的条数", "the rule's number is not reached", code="state")
    posts = posts_within(fresh, act.now)
    topic = Topic.objects.in_scene(LIVE).filter(code=fresh.topic_code, retired_at=None).first()
    with override(site.LANGUAGE_CODE):
        name = topic.name if topic else fresh.topic_code or gettext("各专题")
        why = ngettext(
            "“%(topic)s”%(hours)d 小时内 %(n)d 条，达到本部门的预警条数 %(least)d",
            "“%(topic)s”%(hours)d 小时内 %(n)d 条，达到本部门的预警条数 %(least)d", posts,
        ) % {"topic": name, "hours": fresh.hours, "n": posts, "least": fresh.at_least}  # fmt: skip
    row = _warn(act, fresh.unit, why, rule=fresh)
    fresh.told_at = act.now
    fresh.save(update_fields=["told_at"])
    act.note(warning=row.pk, rule=fresh.pk, unit=fresh.unit, post=row.post, topic=fresh.topic_code, posts=posts)
    _tell(act, row, row.post, why)
    return row


@verb(zh="签收部门预警", en="acknowledge warning")
def acknowledge_warning(act: Act, warning: UnitWarning) -> UnitWarning:
    """The department has it. Refused for another department's post, and when it was acknowledged."""
    row = _own(act, warning)
    if row.acknowledged_at:
        raise refuse("已经签收", "it was acknowledged already", code="state")
    row.acknowledged_at, row.acknowledged_by = act.moment, act.post
    row.save(update_fields=["acknowledged_at", "acknowledged_by"])
    act.note(warning=row.pk, unit=row.unit, post=act.post)
    return row


@verb(zh="答复部门预警", en="answer warning")
def answer_warning(act: Act, warning: UnitWarning, *, text: str) -> UnitWarning:
    """Say what the department found and does; whoever passed it on hears of it.

    Refused without words, for another department's post, and when it was answered.
    """
    row = _own(act, warning)
    if not text.strip():
        raise refuse("请写明答复", "write the answer", code="text")
    row.acknowledged_at, row.acknowledged_by = row.acknowledged_at or act.moment, row.acknowledged_by or act.post
    row.answer, row.answered_at, row.answered_by = text.strip(), act.moment, act.post
    row.save()
    act.note(warning=row.pk, unit=row.unit, post=act.post, text=Erasable(text))
    if row.passed_by not in ("system", act.post):
        with override(site.LANGUAGE_CODE):
            said = gettext("%(unit)s已答复：%(why)s") % {"unit": unit_names().get(row.unit, row.unit), "why": row.why}
        _tell(act, row, row.passed_by, said)
    return row


@verb(zh="催办部门预警", en="tell warning late")
def tell_warning_late(act: Act, warning: UnitWarning) -> UnitWarning:
    """The limit for an answer has passed: the department and whoever passed it on are told, once."""
    row = UnitWarning.objects.select_for_update(of=("self",)).get(pk=warning.pk)
    if row.late_told_at or not row.is_late(act.now):
        raise refuse("不需要提醒", "there is nothing to tell", code="told")
    row.late_told_at = act.now
    row.save(update_fields=["late_told_at"])
    act.note(warning=row.pk, unit=row.unit, post=row.post)
    with override(site.LANGUAGE_CODE):
        said = gettext("部门预警逾期未答复：%(why)s") % {"why": row.why}
    for post in dict.fromkeys([row.post, row.passed_by]):
        if post != "system":
            _tell(act, row, post, said)
    return row


@verb(zh="设定部门预警规则", en="add warning rule")
def add_warning_rule(act: Act, *, unit: str, topic: str = "", at_least: int = 0, hours: int = 1) -> WarningRule:
    """What a department wants to hear of: every alert (`at_least` 0), or so many posts within some hours.

    Refused for an unknown department or topic, for hours outside a week, and when the same rule stands.
    """
    if unit not in unit_names():
        raise refuse("没有这个部门，或部门没有岗位", "there is no such department, or it has no post", code="unit")
    if topic and not Topic.objects.in_scene(LIVE).filter(code=topic, retired_at=None).exists():
        raise refuse("没有这个专题", "there is no such topic", code="topic")
    if not 1 <= hours <= LONGEST or at_least < 0:
        raise refuse("小时数应在 1 到 168 之间", "the hours lie between 1 and 168", code="hours")
    same = {"unit": unit, "topic_code": topic, "at_least": at_least, "hours": hours if at_least else 1}
    if WarningRule.objects.filter(ended_at=None, **same).exists():
        raise refuse("已经有这条规则", "that rule stands already", code="twice")
    row = WarningRule.objects.create(**same, set_by=act.post, set_at=act.now)
    act.note(rule=row.pk, unit=unit, topic=topic, at_least=at_least, hours=row.hours)
    return row


@verb(zh="停用部门预警规则", en="end warning rule")
def end_warning_rule(act: Act, rule: WarningRule) -> WarningRule:
    """The department wants it no longer. Refused when it was ended."""
    if rule.ended_at:
        raise refuse("规则已停用", "the rule was ended already", code="state")
    rule.ended_at = act.now
    rule.save(update_fields=["ended_at"])
    act.note(rule=rule.pk, unit=rule.unit, topic=rule.topic_code)
    return rule


def warn_due(now: datetime) -> int:
    """Tell departments what their rules ask for and whose answer is late; returns how many were told."""
    system = Actor(LIVE, "system")
    rules, late = reached(now), list(late_warnings(now))
    for rule in rules:
        if rule.unit in unit_names():
            warn_department(system, rule)
    for row in late:
        tell_warning_late(system, row)
    return len(rules) + len(late)


def _own(act: Act, warning: UnitWarning) -> UnitWarning:
    row = UnitWarning.objects.select_for_update(of=("self",)).get(pk=warning.pk)
    if row.answered_at:
        raise refuse("已经答复", "it was answered already", code="state")
    if act.post != row.post and not Post.objects.filter(code=act.post, unit__code=row.unit).exists():
        raise refuse("这不是你部门的预警", "it is another department's", code="not_yours")
    return row


def _tell(act: Act, row: UnitWarning, post: str, text: str, colour: str = "") -> None:
    put_message(act, post, text, kind="alert", matter=f"warning/{row.pk}", thread=f"warning/{row.pk}", colour=colour)

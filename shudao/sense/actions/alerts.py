"""Alerts: raised with their reasons and items, taken up or dismissed by a post."""

from collections.abc import Callable, Sequence

from msgspec import to_builtins

from shudao.base.refusal import refuse
from shudao.engine.sense.alerts import AlertDraft
from shudao.engine.sense.senser import VERSION
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.notify.actions import put_message
from shudao.sense.actions.departments import COLOURS, pass_by_rules
from shudao.sense.models import Alert, AlertCase, AlertItem, Story, Topic
from shudao.sense.queries import final_story, last_number

WATCH = "duty_officer"
"""The post that hears of alerts whose topic names no post."""


@verb(zh="发出预警", en="raise alert")
def raise_alert(
    act: Act, drafts: Sequence[AlertDraft], topics: dict[str, Topic], keep: Callable[[], None]
) -> list[Alert]:
    """Raise what the engine found in a batch, in the transaction in which `keep` writes the batch itself.

    The post that answers for the topic finds it in its inbox: one message a matter.
    """
    keep()
    raised = [_raise(act, draft, topics[draft.topic]) for draft in drafts]
    for place, (draft, alert) in enumerate(zip(drafts, raised, strict=True)):
        said = {
            "alert": alert.code,
            "kind": alert.kind,
            "topic": draft.topic,
            "level_hint": alert.level_hint,
            "items": [int(item) for item in draft.items],
        }
        if place == 0:
            act.note(**said)
        else:
            act.also("raise_alert", **said)
    pass_by_rules(act, raised)
    return raised


def _raise(act: Act, draft: AlertDraft, topic: Topic) -> Alert:
    alert = Alert.objects.create(
        scene=act.scene.key,
        number=last_number(act.scene) + 1,
        kind=draft.kind,
        topic=topic,
        story=_story(act, draft),
        level_hint=draft.level_hint,
        why_zh=draft.why.zh,
        why_en=draft.why.en,
        version=VERSION,
        at=draft.at,
        raised_at=act.now,
    )
    AlertItem.objects.bulk_create(
        [AlertItem(alert=alert, item_id=int(item), place=place) for place, item in enumerate(draft.items)]
    )
    if draft.case is not None:
        AlertCase.objects.create(alert=alert, case=to_builtins(draft.case))
    put_message(
        act, topic.owner_post or WATCH, draft.why.zh, kind="alert", matter=f"alert/{alert.number}",
        thread=f"topic/{topic.code}", colour=COLOURS.get(draft.level_hint, ""),
    )  # fmt: skip
    return alert


def _story(act: Act, draft: AlertDraft) -> Story | None:
    if draft.story is None:
        return None
    story = Story.objects.in_scene(act.scene).filter(first_item_id=int(draft.story)).first()
    return final_story(story) if story else None


@verb(zh="签收预警", en="acknowledge alert")
def acknowledge_alert(act: Act, alert: Alert) -> Alert:
    """A post has seen the alert and takes it up."""
    _check_open(alert)
    alert.acknowledged_at, alert.acknowledged_by = act.moment, act.post
    alert.save(update_fields=["acknowledged_at", "acknowledged_by"])
    act.note(alert=alert.code)
    return alert


@verb(zh="排除预警", en="dismiss alert")
def dismiss_alert(act: Act, alert: Alert, *, reason: str) -> Alert:
    """A post says, with the reason, that the alert is no matter for the organisation."""
    if alert.dismissed_at:
        raise refuse("预警已排除", "the alert is dismissed already", code="state")
    if not reason.strip():
        raise refuse("请写明排除理由", "say why it is dismissed", code="reason")
    alert.dismissed_at, alert.dismissed_by, alert.reason = act.moment, act.post, reason.strip()
    alert.save(update_fields=["dismissed_at", "dismissed_by", "reason"])
    act.note(alert=alert.code, reason=Erasable(reason.strip()))
    return alert


def _check_open(alert: Alert) -> None:
    if alert.dismissed_at:
        raise refuse("预警已排除", "the alert is dismissed already", code="state")
    if alert.acknowledged_at:
        raise refuse("预警已签收", "the alert is acknowledged already", code="state")

"""测得 (measured): what the attached posts and their stories say of the plan's measures; what needs judging is left to people."""

from datetime import datetime, timedelta

from django.db.models import Min

from shudao.engine.plan.expr import Value
from shudao.listen.models import Item
from shudao.respond.models import Attachment, Incident
from shudao.sense.models import Hit, Placement, Reading

COUNTED = ("posts_total", "posts_1h", "sources", "duration_h", "growth")


def measured(incident: Incident, now: datetime) -> dict[str, Value]:
    """Measure of the plan -> its value now, for those that can be counted; nothing while no post is attached."""
    severity = incident.plan.severity
    wanted = set(severity.measures if severity else ()) & set(COUNTED)
    attached = Attachment.objects.filter(incident=incident).values("item")
    if not wanted or not attached.exists():
        return {}
    scene = incident.scene_value
    stories = Placement.objects.in_scene(scene).filter(item__in=attached).values("story")
    told = Placement.objects.in_scene(scene).filter(story__in=stories).values("item")
    items = Item.objects.filter(pk__in=attached) | Item.objects.filter(pk__in=told)
    found = items.aggregate(first=Min("published_at"))
    names = set(items.values_list("source", "outlet").distinct())
    hour = now - timedelta(hours=1)
    values: dict[str, Value] = {
        "posts_total": items.count(), "posts_1h": items.filter(published_at__gt=hour, published_at__lte=now).count(),
        "sources": len(names), "duration_h": max(int((now - found["first"]).total_seconds() // 3600), 0),
    }  # fmt: skip
    topics = Hit.objects.filter(placement__item__in=attached).values("topic__code")
    readings = Reading.objects.filter(scene=incident.scene, topic_code__in=topics, hour_at__gt=now - timedelta(hours=2))
    busiest = max((row.posts / max(row.usual, 1.0) for row in readings), default=None)
    if busiest is not None:
        values["growth"] = round(busiest, 1)
    return {name: value for name, value in values.items() if name in wanted}

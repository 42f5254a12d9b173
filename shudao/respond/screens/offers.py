"""What may be attached to an incident: what topics caught lately in its scene, and the rest of its stories."""

from shudao.listen.models import Item
from shudao.respond.models import Attachment, Incident
from shudao.sense.models import Hit, Placement

MOST = 40


def attachable(incident: Incident) -> list[Item]:
    """Items not attached yet: those of the incident's stories first, then what a topic caught, newest first."""
    scene = incident.scene_value
    attached = set(Attachment.objects.filter(incident=incident).values_list("item_id", flat=True))
    placed = Placement.objects.in_scene(scene)
    stories = placed.filter(item__in=attached).values("story")
    kin = (
        placed.filter(story__in=stories)
        .exclude(item__in=attached)
        .order_by("-item_id")
        .values_list("item_id", flat=True)
    )
    caught = Hit.objects.filter(placement__scene=scene.key).exclude(placement__item__in=attached)
    keys = [*kin[:MOST], *caught.order_by("-placement__item_id").values_list("placement__item_id", flat=True)[:MOST]]
    wanted = list(dict.fromkeys(keys))[:MOST]
    rows = Item.objects.filter(pk__in=wanted).select_related("source").in_bulk()
    return [rows[key] for key in wanted if key in rows]

"""What may be attached to an incident: what our own people reported, the rest of its stories, what topics caught lately."""

from dataclasses import dataclass

from django.db.models import Count
from django.urls import NoReverseMatch, reverse

from shudao.base.scene import Scene
from shudao.listen.models import Item
from shudao.respond.models import Attachment, Incident
from shudao.sense.models import Hit, Placement, Story

MOST = 40
OWN = 10
"""Reports of our own people among them, at most."""


def attachable(incident: Incident) -> list[Item]:
    """Items not attached yet, newest first: our own people's reports since it was first seen, whatever words they used;
    those of the incident's stories; what a topic caught."""
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
    began = min(incident.opened_at, *incident.state.milestones.values())
    told = Item.objects.in_scene(scene).filter(kind="report", read_at__gte=began).exclude(pk__in=attached)
    caught = Hit.objects.filter(placement__scene=scene.key).exclude(placement__item__in=attached)
    reported = told.order_by("-read_at", "-pk").values_list("pk", flat=True)
    keys = [
        *reported[:OWN],
        *kin[:MOST],
        *caught.order_by("-placement_id").values_list("placement__item_id", flat=True)[:MOST],
    ]
    wanted = list(dict.fromkeys(keys))[:MOST]
    rows = Item.objects.filter(pk__in=wanted).select_related("source").in_bulk()
    return [rows[key] for key in wanted if key in rows]


@dataclass(frozen=True)
class StoryLink:
    """话题 (story) of the matter: its title, and its page where there is one."""

    title: str
    address: str


def stories_of(incident: Incident, scene: Scene, most: int = 3) -> list[StoryLink]:
    """The stories that most of the attached items belong to."""
    attached = Attachment.objects.filter(incident=incident).values("item")
    placed = Placement.objects.in_scene(scene).filter(item__in=attached).order_by()
    counted = placed.values_list("story").annotate(n=Count("pk")).order_by("-n", "story")[:most]
    rows = Story.objects.select_related("first_item").in_bulk([key for key, _ in counted])
    return [StoryLink(row.title, story_address(key, scene)) for key, row in rows.items()]


def story_address(key: int, scene: Scene) -> str:
    """The page of a story; the matter's own list of items where the site has none."""
    run = scene.run_code
    try:
        return reverse("sense:run_story", args=[run, key]) if run else reverse("sense:story", args=[key])
    except NoReverseMatch:
        return "#posts"

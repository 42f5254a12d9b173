"""What the views of the response share: scenes, addresses, the reader's posts, what stands around a room."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from shudao.base import clock
from shudao.base.scene import LIVE, Scene
from shudao.org.access import my_posts
from shudao.respond.models import Incident
from shudao.respond.screens import RoomScreen

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def scene_of(code: str | None) -> Scene:
    """The scene that an address names."""
    return Scene.run(code) if code else LIVE


def room_address(incident: Incident) -> str:
    """Address of an incident's room."""
    run = incident.scene_value.run_code
    parts = {"number": incident.number} | ({"code": run} if run else {})
    return reverse("respond:run_incident" if run else "respond:incident", kwargs=parts)


def screen_of(request: HttpRequest, row: Incident) -> RoomScreen:
    """The room as its reader sees it."""
    asked = request.GET
    return RoomScreen(
        row, posts_of(request, row), page=asked.get("page", "1"), everything="all" in asked, see=asked.get("see", "")
    )


def posts_of(request: HttpRequest, row: Incident) -> dict[str, str]:
    """The reader's posts, those of the plan first of all; all of them when the plan knows none."""
    known = {post.id for post in row.plan.posts}
    held = my_posts(request)
    return {post.code: post.name for post in held if post.code in known} or {post.code: post.name for post in held}


def around(row: Incident) -> dict[str, Any]:
    """Context of every page of a room."""
    scene, room = row.scene_value, room_address(row)
    return {
        "now": clock.now(scene),
        "drill": scene.run_code,
        "place": "incidents",
        "incident": row,
        "rooms": f"/respond/runs/{scene.run_code}/" if scene.run_code else "/respond/",
        "ledger": f"/ledger/streams/{row.stream}/",
        "room": room,
        "entry_base": f"{room}entries/",
        "ending": room.replace("/respond/", "/follow/", 1),
        "board": f"/runs/{scene.run_code}/" if scene.run_code else "/",
    }


def places_of(scene: Scene, place: str) -> dict[str, Any]:
    """Context of every page of a scene that is no room: its clock, its run, where rooms and lists stand."""
    run = scene.run_code
    return {
        "now": clock.now(scene),
        "drill": run,
        "place": place,
        "rooms": f"/respond/runs/{run}/" if run else "/respond/",
        "board": f"/runs/{run}/" if run else "/",
    }

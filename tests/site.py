"""A site with the invented power company, for the tests of pages: whoever holds a post, signed in."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shudao.base import clock
from shudao.base.models import InnerHost
from shudao.base.scene import LIVE
from shudao.ledger.verbs import Actor
from shudao.org.queries import who_holds
from shudao.project.sample import sample_roster, set_up_sample
from shudao.respond.actions import open_incident
from shudao.respond.models import Incident


def furnished(standing) -> None:
    """The organisation, its plan, topics and sources; nothing heard yet."""
    set_up_sample(sample_roster("power"))


def let_in(*hosts: str) -> None:
    """Servers on this machine that the site may visit in a test, as an office lists its own."""
    now = clock.now(LIVE)
    for host in hosts:
        InnerHost.objects.get_or_create(
            host=host, defaults={"reason": "test peer", "allowed_at": now, "allowed_by": "test"}
        )


def signed_in(post: str, language: str = "zh-hans") -> Client:
    """A browser of the person on duty in a post."""
    client = Client(headers={"Accept-Language": language})
    client.force_login(who_holds(post, clock.now(LIVE))[0].user)
    return client


def acting(post: str, scene=LIVE) -> Actor:
    """That person, acting."""
    return Actor(scene, post, who_holds(post, clock.now(LIVE))[0].name)


def opened(title: str = "城南片区停电", scene=LIVE) -> Incident:
    """An incident opened after a call."""
    from shudao.plan.queries import edition_in_force

    plan = edition_in_force("power_county").plan
    return open_incident(acting("duty_officer", scene), plan, title=title, origin="hotline")


def queries_of(client: Client, address: str) -> int:
    """How many questions to the database a page asks."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = client.get(address)
    assert page.status_code == 200, address
    return len(asked)


def text_of(page: Any) -> str:
    """What a page says."""
    return page.content.decode()

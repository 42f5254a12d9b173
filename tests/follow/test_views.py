"""Closing and what follows, seen from the page."""

import re

import pytest

from shudao.follow.models import Archive, Watch
from shudao.respond.models import Incident
from tests.site import furnished, opened, queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(standing, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    furnished(standing)
    return f"/follow/incidents/{opened().number}/"


def test_closing_is_refused_with_every_reason_and_allowed_with_a_reason_of_ones_own(place):
    client = signed_in("leader")
    answer = client.post(f"{place}close_incident/", {"post": "leader", "override_reason": ""})
    assert answer.status_code == 409 and "级别尚未确认" in text_of(answer)
    assert Incident.objects.get().is_open
    client.post(f"{place}close_incident/", {"post": "leader", "override_reason": "并入上级处置"})
    assert not Incident.objects.get().is_open and "并入上级处置" in text_of(client.get(place))


def test_a_post_without_the_authority_is_refused(place):
    answer = signed_in("drafter").post(f"{place}settle_incident/", {"post": "drafter"})
    assert answer.status_code == 409 and "无权" in text_of(answer)


def test_the_watch_begins_and_ends_and_the_archive_is_sealed(place):
    client = signed_in("leader")
    client.post(f"{place}close_incident/", {"post": "leader", "override_reason": "并入上级处置"})
    client.post(f"{place}watch_incident/", {"post": "leader"})
    assert Watch.objects.get().is_open and "跟踪中" in text_of(client.get(place))
    client.post(f"{place}seal_incident/", {"post": "leader"})
    link = re.search(rf'href="({place}bundles/[^"]+)"', text_of(client.get(place))).group(1)
    bundle = b"".join(client.get(link).streaming_content)
    assert bundle[:2] == b"PK" and Archive.objects.get().length
    assert client.get(f"{place}bundles/..%2Fsecret.key").status_code == 404
    client.post(f"{place}end_watch/", {"post": "leader"})
    assert not Watch.objects.get().is_open


def test_the_number_of_questions_does_not_grow(place):
    client = signed_in("leader")
    client.post(f"{place}close_incident/", {"post": "leader", "override_reason": "并入上级处置"})
    client.post(f"{place}seal_incident/", {"post": "leader"})
    first = queries_of(client, place)
    for _ in range(2):
        client.post(f"{place}seal_incident/", {"post": "leader"})
    assert queries_of(client, place) == first

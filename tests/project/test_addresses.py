"""Every address of the site, walked: none answers a stranger, and what changes something names its verb."""

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

OPEN_TO_ALL = {"board:metrics", "org:sign_in", "org:use_entry_link", "org:alive", "set_language", "manifest", "service_worker", "away"}
FRONT_DOOR = {"home", "board:board"}  # shows the sign-in page itself, so that `GET /` answers 200
STAND_INS = {"int": "1", "str": "x", "slug": "x", "uuid": "00000000-0000-0000-0000-000000000000", "path": "x"}


def every_address(patterns=None, namespace="", before=""):
    """(name, address) of every pattern, with stand-ins for its parts."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", "/" + fill(route)
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from every_address(pattern.url_patterns, inner, route)


def fill(route):
    for kind, value in STAND_INS.items():
        while f"<{kind}:" in route:
            start = route.index(f"<{kind}:")
            route = route[:start] + value + route[route.index(">", start) + 1 :]
    return route


ADDRESSES = sorted(every_address())


def test_the_walk_finds_the_pages():
    assert {"org:sign_in", "org:sign_out", "set_language"} <= {name for name, _ in ADDRESSES}


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "address"), ADDRESSES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_sent_to_sign_in(name, address, method):
    if name in OPEN_TO_ALL | FRONT_DOOR:
        return
    answer = getattr(Client(), method)(address)
    assert answer.status_code == 302 and answer["Location"].startswith(reverse("org:sign_in")), address


@pytest.mark.django_db
def test_the_front_door_shows_a_stranger_the_sign_in_page_alone():
    answer = Client().get("/")
    assert answer.status_code == 200 and 'name="password"' in answer.content.decode()
    assert "org/sign_in.html" in {template.name for template in answer.templates}


@pytest.mark.django_db
def test_a_live_part_of_an_ended_session_moves_the_whole_page():
    name, address = next(pair for pair in ADDRESSES if pair[0] not in OPEN_TO_ALL | FRONT_DOOR)
    answer = Client().get(address, headers={"HX-Request": "true"})
    assert answer.status_code == 204 and answer["HX-Redirect"].startswith(reverse("org:sign_in")), name


def test_every_address_that_acts_is_named_after_a_verb():
    """Laws: one verb has one name everywhere. What is no verb is a page, read with GET alone."""
    from shudao.ledger.verbs import verbs

    for name, address in ADDRESSES:
        last = address.rstrip("/").rsplit("/", 1)[-1]
        if last in verbs():
            assert name.split(":")[-1].removeprefix("run_") == last, address

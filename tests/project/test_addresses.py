"""Every address of the site × every role × every method.

A view says what it needs (`@needs`); here each role walks every address there is, filled with real objects, and must be
answered accordingly. New addresses are found by themselves, and objects for them by following the site's own links; what
no page leads to wants a line in `samples.py`, a new address without sign-in one in `OPEN_TO_ALL`.
"""

import logging
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, URLPattern, get_resolver, resolve, reverse

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.ledger.models import Entry
from shudao.org.models import SETTING_UP, Holding, Organisation, Post, PostRight, Right, Staff, Unit
from tests.project.samples import Samples

pytestmark = pytest.mark.django_db
OPEN_TO_ALL = {
    "home", "set_language", "manifest", "service_worker", "away",
    "org:sign_in", "org:sign_out", "org:use_entry_link", "org:alive", "account_login", "account_logout",
    "account_inactive", "mfa_authenticate", "mfa_login_webauthn", "openid_connect_login", "openid_connect_callback",
    "socialaccount_login_cancelled",
    "board:metrics",
    "notify:answer_by_link",
    "listen:hook", "listen:report", "listen:send_report", "listen:thanks", "listen:report_offline", "listen:report_door", "listen:open_observer_link",
}  # fmt: skip
"""Addresses that ask no sign-in; each has its own test of what it lets a stranger do."""
READING, ACTING = ("GET", "HEAD"), ("POST", "PUT", "PATCH", "DELETE", "OPTIONS")
NO_RIGHT, NOT_SO, TO_SIGN_IN = 404, 405, 302
FINE = {200, 204, 302, 304, 400, 403, 404, 405, 409, 422, 429, 503}


def every_address(patterns=None, namespace="", before=""):
    """(name, route, view) of every address."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", route, pattern.callback
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from every_address(pattern.url_patterns, inner, route)


ADDRESSES = sorted(every_address(), key=lambda row: row[:2])
GUARDED = [row for row in ADDRESSES if getattr(row[2], "login_required", True)]


@contextmanager
def undone():
    """What is done inside leaves nothing. Verbs may open their own transaction in it."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def samples(django_db_setup, django_db_blocker, tmp_path_factory):
    """The furnished site, made once."""
    before, media = clock.install(clock.WallClock()), settings.MEDIA_ROOT
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), undone():
        found = Samples()
        found.crawl(Walker(person("crawler", *Right, administrator=True, everything=True).user).client)
        yield found
    settings.MEDIA_ROOT = media
    clock.install(before)


@pytest.fixture
def paths(samples):
    """(name, address, view), with real objects in the address."""
    logging.getLogger("django.request").setLevel(logging.CRITICAL)  # the walk says itself what went wrong
    filled = [(name, samples.fill(name, route), view) for name, route, view in GUARDED]
    yield [(name, address, _view_at(address, view)) for name, address, view in filled]
    logging.getLogger("django.request").setLevel(logging.NOTSET)


def _view_at(address, view):
    """What answers there: two addresses may share a name. The front door opens to the board behind it."""
    try:
        found = resolve(address.split("?")[0]).func
    except Resolver404:
        return view
    return found if hasattr(found, "needs") else view


def person(name, *rights, administrator=False, everything=False):
    """Somebody with a post that has just these rights; without any, with no post at all."""
    staff = Staff.objects.create(
        user=get_user_model().objects.create_user(name), name=name, is_administrator=administrator
    )
    held = list(Post.objects.all()) if everything else []
    if rights or name == "plain":
        held.append(Post.objects.create(code=f"walk_{name}", name=name, unit=Unit.objects.first()))
        PostRight.objects.bulk_create(PostRight(post=held[-1], right=right) for right in rights)
    Holding.objects.bulk_create(Holding(post=post, staff=staff, from_at=clock.now(LIVE)) for post in held)
    return staff


class Walker:
    """A browser that stays signed in whatever the pages do to it."""

    def __init__(self, user=None):
        self.client = Client(raise_request_exception=False)
        if user:
            self.client.force_login(user)
        self.cookies = {name: morsel.value for name, morsel in self.client.cookies.items()}

    def ask(self, method, address, **more):
        self.client.cookies.clear()
        for name, value in self.cookies.items():
            self.client.cookies[name] = value
        return self.client.generic(method, address, **more)


def rows():
    """How many rows every table has, but for what a request itself leaves: sessions and limits."""
    own = {"session", "device"}
    return {model.__name__: model.objects.count() for model in apps.get_models() if model._meta.model_name not in own}


def walk(walker, paths, methods, expected):
    """Ask everything; gives what was answered otherwise than expected, one line each."""
    wrong = []
    for name, address, view in paths:
        for method in methods:
            if method in READING:
                status = walker.ask(method, address).status_code
            else:
                with undone():
                    status = walker.ask(method, address).status_code
            if status not in expected(name, view, method):
                wrong.append(f"{method} {address} ({name}): {status}")
    return wrong


def test_the_walk_finds_the_pages():
    names = {name for name, _, _ in ADDRESSES}
    assert {"org:sign_in", "org:rights", "respond:incident", "board:board", "home"} <= names and len(names) > 100


def test_every_part_of_an_address_is_filled_with_a_real_object(samples, paths):
    assert not samples.unknown, f"no page of the sample site leads there; add it to Samples: {sorted(samples.unknown)}"


def test_whatever_asks_no_sign_in_is_named_here():
    found = {name for name, _, view in ADDRESSES if not getattr(view, "login_required", True)}
    assert found == OPEN_TO_ALL, f"new: {found - OPEN_TO_ALL}; gone: {OPEN_TO_ALL - found}"


def test_whatever_asks_sign_in_says_what_it_needs():
    assert [name for name, _, view in GUARDED if not hasattr(view, "needs")] == []


@pytest.mark.parametrize("method", READING + ACTING)
def test_a_stranger_is_sent_to_sign_in(paths, method):
    stranger, before, wrong = Walker(), rows(), []
    for name, address, _ in paths:
        if address == "/":
            continue
        answer = stranger.ask(method, address)
        where = answer.headers.get("Location", "")
        if not (answer.status_code == TO_SIGN_IN and where.startswith(reverse("org:sign_in"))):
            wrong.append(f"{method} {address} ({name}): {answer.status_code} {where}")
    assert wrong == [] and rows() == before


def test_an_account_without_staff_behind_it_finds_nothing(paths):
    nobody = Walker(get_user_model().objects.create_user("nobody"))
    wrong = walk(nobody, [row for row in paths if row[1] != "/"], (*READING, "POST"), lambda *_: {NO_RIGHT, NOT_SO})
    assert wrong == []


ROLES = ["nothing", "plain", *Right.values, "administrator", "everything"]


def made(role):
    """That role's person and the rights he has."""
    if role == "administrator":
        return person(role, administrator=True), SETTING_UP
    if role == "everything":
        return person(role, *Right, administrator=True, everything=True), frozenset(Right)
    rights = (Right(role),) if role in Right.values else ()
    return person(role, *rights), frozenset(rights)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_finds_what_it_may_and_nothing_else(samples, paths, role):
    Organisation.objects.update(is_sample=False)
    staff, rights = made(role)
    walker = Walker(staff.user)

    def expected(name, view, method):
        if not (allowed(view)):
            return {NO_RIGHT, NOT_SO}
        if method in ACTING[1:]:
            return {NOT_SO, NO_RIGHT}
        there = role == "everything" and method in READING and name in samples.found
        return FINE - {NO_RIGHT, 403, 400} if there else FINE

    def allowed(view):
        return not view.needs or rights & set(view.needs)

    thorough = role in {"nothing", "everything"}
    length, before = Entry.objects.count(), rows()
    wrong = walk(walker, paths, READING if thorough else ("GET",), expected)
    assert (Entry.objects.count(), rows()) == (length, before), "reading changed something"
    wrong += walk(walker, paths, ACTING if thorough else ("POST",), expected)
    assert wrong == []


@pytest.mark.parametrize("role", ["nothing", "plain"])
def test_without_a_right_acting_changes_nothing(samples, paths, role):
    """The same, without undoing what each request did."""
    Organisation.objects.update(is_sample=False)
    staff, _ = made(role)
    walker = Walker(staff.user)
    closed = [row for row in paths if row[2].needs]
    length, before = Entry.objects.count(), rows()
    for _, address, _ in closed:
        walker.ask("POST", address)
    assert (Entry.objects.count(), rows()) == (length, before)


def test_acting_without_the_form_s_token_is_refused(samples, paths):
    staff = made("everything")[0]
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(staff.user)
    assert [address for _, address, _ in paths if client.post(address).status_code != 403] == []


def test_the_front_door_shows_a_stranger_the_sign_in_page_alone():
    answer = Client().get("/")
    assert answer.status_code == 200 and 'name="password"' in answer.content.decode()
    assert [Client().generic(method, "/").status_code for method in ("HEAD", "POST", "PUT", "DELETE")] == [
        200,
        200,
        405,
        405,
    ]
    assert "org/sign_in.html" in {template.name for template in answer.templates}


def test_a_live_part_of_an_ended_session_moves_the_whole_page(paths):
    for name, address, _ in paths[:20]:
        answer = Client().get(address, headers={"HX-Request": "true"})
        if name != "board:board":
            assert answer.status_code == 204 and answer["HX-Redirect"].startswith(reverse("org:sign_in")), name


def test_every_address_that_acts_is_named_after_a_verb():
    """Laws: one verb has one name everywhere. What is no verb is a page, read with GET alone."""
    from shudao.ledger.verbs import verbs

    for name, route, _ in ADDRESSES:
        last = route.rstrip("/").rsplit("/", 1)[-1]
        if last in verbs() and not name.startswith("account_"):  # the sign-in library's own names for ours
            assert name.split(":")[-1].removeprefix("run_") == last, route

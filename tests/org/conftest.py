"""People who sign in: an administrator and an officer of a small real organisation, and a telephone with codes."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from shudao.org.models import Organisation, Staff

PASSWORD = "a long enough one"


@pytest.fixture
def office(db, standing):
    """A real organisation, nobody in it yet."""
    cache.clear()
    yield Organisation.objects.create(name="清江")
    cache.clear()


def someone(name, said, **more):
    user = get_user_model().objects.create_user(name, password=PASSWORD)
    return Staff.objects.create(user=user, name=said, **more)


@pytest.fixture
def chen(office):
    """An officer with a password."""
    return someone("chen", "陈立")


@pytest.fixture
def lin(office):
    """An administrator with a password."""
    return someone("lin", "林晓芸", is_administrator=True)


def sign_in(name="chen", password=PASSWORD, client=None, **more):
    """A browser that has sent the sign-in form, and the answer."""
    client = client or Client()
    return client, client.post(reverse("org:sign_in"), {"login": name, "password": password}, **more)


def inside(client):
    """Whether pages answer."""
    return client.get(reverse("org:account")).status_code == 200


class Phone:
    """A telephone with a generator of codes, on the library's own clock."""

    def __init__(self, monkeypatch):
        self.secret, self.at = "", time.time()
        monkeypatch.setattr(totp.time, "time", lambda: self.at)

    def code(self, steps=0):
        """The code of now, or of so many steps later."""
        return totp.format_hotp_value(totp.hotp_value(self.secret, int(self.at) // 30 + steps))

    def later(self, seconds):
        self.at += seconds

    def enrol(self, client):
        """Set it up on the page, as a person would."""
        page = client.get(reverse("mfa_activate_totp")).content.decode()
        self.secret = re.search(r'id="totp-secret">(\w+)<', page).group(1)
        return client.post(reverse("mfa_activate_totp"), {"code": self.code()})


@pytest.fixture
def phone(monkeypatch):
    return Phone(monkeypatch)


@pytest.fixture
def codes():
    """A person's recovery codes."""
    return lambda staff: (
        Authenticator.objects.get(user=staff.user, type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()
    )

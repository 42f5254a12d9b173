"""留存 (kept): what happens inside the sign-in library, written down by our verbs. Imported once the apps stand."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.signals import social_account_added, social_account_removed
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.ledger.verbs import Actor
from shudao.org import actions
from shudao.org.models import Staff
from shudao.org.queries import posts_of

MANNERS = {"password": "password", "link": "link", "socialaccount": "single_sign_on", "mfa": "passkey"}


def oneself(user: AbstractBaseUser) -> Actor:
    """A person acting for himself: in his first post, or in none."""
    staff = Staff.objects.filter(user_id=user.pk).first()
    if staff is None:
        return Actor(LIVE, "system")
    posts = posts_of(staff, clock.now(LIVE))
    return Actor(LIVE, posts[0].code if posts else "staff", staff.name)


def came_in(request: HttpRequest, user: AbstractBaseUser, **_: Any) -> None:
    """A sign-in, by what and with what besides."""
    records = get_authentication_records(request, user)
    manner = next((MANNERS[row["method"]] for row in records if row["method"] in MANNERS), "other")
    second = next((row.get("type", "") for row in records if row["method"] == "mfa"), "")
    actions.sign_in(oneself(user), manner, second="" if manner == "passkey" else second)


def factor_added(request: HttpRequest, user: AbstractBaseUser, authenticator: Authenticator, **_: Any) -> None:
    """A second factor was set up."""
    actions.add_second_factor(oneself(user), authenticator.type)


def factor_removed(request: HttpRequest, user: AbstractBaseUser, authenticator: Authenticator, **_: Any) -> None:
    """One was given up."""
    actions.remove_second_factor(oneself(user), authenticator.type)


def codes_renewed(request: HttpRequest, user: AbstractBaseUser, **_: Any) -> None:
    """New recovery codes."""
    actions.renew_recovery_codes(oneself(user))


def joined(request: HttpRequest, sociallogin: SocialLogin, **_: Any) -> None:
    """Single sign-on opens the account from now on."""
    actions.connect_account(oneself(sociallogin.user), sociallogin.account.provider)


def parted(request: HttpRequest, socialaccount: SocialAccount, **_: Any) -> None:
    """It no longer does."""
    actions.disconnect_account(oneself(socialaccount.user), socialaccount.provider)


user_logged_in.connect(came_in, dispatch_uid="shudao.came_in")
authenticator_added.connect(factor_added, dispatch_uid="shudao.factor_added")
authenticator_removed.connect(factor_removed, dispatch_uid="shudao.factor_removed")
authenticator_reset.connect(codes_renewed, dispatch_uid="shudao.codes_renewed")
social_account_added.connect(joined, dispatch_uid="shudao.joined")
social_account_removed.connect(parted, dispatch_uid="shudao.parted")

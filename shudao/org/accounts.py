"""账号 (accounts): how django-allauth behaves here. Nobody registers himself; whoever enters is a member of staff."""

import base64
import logging
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from requests import Session

from shudao.base import clock
from shudao.base.outgoing import session
from shudao.base.scene import LIVE
from shudao.ledger.verbs import Actor
from shudao.org.actions import admit_staff
from shudao.org.models import Organisation, Staff
from shudao.org.queries.sign_in import must_have_second_factor, sign_in_rules

log = logging.getLogger("shudao.org.sign_in")
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
WORDS = {
    "username_password_mismatch": _("账号或密码不对，请再试；大小写有区别。"),
    "too_many_login_attempts": _("试错的次数太多。请过五分钟再试，或用通行密钥、一次性链接登录。"),
    "incorrect_code": _("验证码不对，或已经用过。请等下一个验证码再试。"),
    "incorrect_password": _("密码不对，请再试。"),
    "rate_limited": _("试得太快了，请过一会儿再试。"),
    "cannot_delete_authenticator": _("按本单位的规定，您须保留一种二次验证；请先添上另一种，再停用这一种。"),
}


class Accounts(DefaultAccountAdapter):
    """Signing in by password, and what is asked again before something delicate."""

    error_messages: ClassVar[dict] = {**DefaultAccountAdapter.error_messages, **WORDS}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers himself."""
        return False

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse | None:
        """An account without a member of staff behind it is as good as switched off."""
        if user.is_active and not Staff.objects.filter(user_id=user.pk).exists():
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A line for whoever watches the log; the account is not named there."""
        log.warning("sign-in refused from %s", self.get_client_ip(request))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not again for a while after whatever proved who he is."""
        records = get_authentication_records(context.request, context.request.user)
        fresh = settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        now = clock.WallClock().now().timestamp()
        return not any(now - record["at"] < fresh for record in records)

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict]:
        """The same ways, in our words."""
        said = {
            "reauthenticate": _("用密码"),
            "mfa_reauthenticate": _("用验证码"),
            "mfa_reauthenticate:webauthn": _("用通行密钥"),
        }
        found = super().get_reauthentication_methods(user)
        return [{**way, "description": said.get(way["id"], way["description"])} for way in found]

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By account alone: whoever varies the host name gets no further tries."""
        return f"account:{str(credentials.get('username', '')).casefold()}"


class SecondFactors(DefaultMFAAdapter):
    """二次验证 (second factor): one-time codes, recovery codes, passkeys. Their secrets are sealed in the database."""

    error_messages: ClassVar[dict] = {**DefaultMFAAdapter.error_messages, **WORDS}

    def encrypt(self, text: str) -> str:
        """Sealed with a key that comes from the site's secret."""
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Opened again. A secret of another site opens nothing: no code fits it."""
        try:
            return _seal().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.error("a second factor was sealed with another site's secret")
            return base64.b32encode(Fernet.generate_key()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody who must have one."""
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
        if authenticator.type not in FACTORS or others.exclude(pk=authenticator.pk).exists():
            return True
        staff = Staff.objects.filter(user_id=authenticator.user_id).first()
        return staff is None or not must_have_second_factor(staff)

    def get_totp_issuer(self) -> str:
        """What the person's phone lists the code under."""
        row = Organisation.objects.first()
        return f"疏导 {row.short_name or row.name}" if row else "疏导"

    def _get_site_name(self) -> str:
        return self.get_totp_issuer()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002
        """A name for a new passkey."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return str(_("通行密钥 %(n)d")) % {"n": count + 1}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict:
        """The person's name is shown by his own device when he signs in."""
        name = Staff.objects.filter(user_id=user.pk).values_list("name", flat=True).first()
        return {**super().get_public_key_credential_user_entity(user), "display_name": name or user.get_username()}


class SingleSignOn(DefaultSocialAccountAdapter):
    """统一身份认证 (single sign-on): opens an account that exists. Joined while signed in, or by a claim that is the
    account's name; never makes staff unless the office has turned that on.
    """

    def get_requests_session(self) -> Session:
        """Only through the guard; the provider that whoever runs the site has named may stand in the inner network."""
        named = (app.settings.get("server_url", "") for app in self.list_apps(None, provider="openid_connect"))
        return session([url for url in named if url])

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Join it to the account that the named claim names."""
        if sociallogin.is_existing or sociallogin.state.get("process") == "connect":
            return
        user = _claimed(sociallogin)
        if user is not None:
            sociallogin.connect(request, user)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Whether somebody unknown becomes a member of staff, without any post."""
        return sign_in_rules().makes_staff

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> AbstractBaseUser:
        """Keep the new account with its member of staff."""
        user = super().save_user(request, sociallogin, form)
        name = str(claims_of(sociallogin).get("name") or user.get_username())
        admit_staff(Actor(LIVE, "system"), user, name[:60])
        return user

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        """What the provider answered, for the log: its kind, nothing of the person."""
        fault = kwargs.get("exception") or kwargs.get("error")
        log.warning("single sign-on failed: %s", type(fault).__name__ if isinstance(fault, Exception) else fault)


def claims_of(sociallogin: SocialLogin) -> dict[str, Any]:
    """What the provider says of the person."""
    said = sociallogin.account.extra_data
    return said.get("userinfo") or said.get("id_token") or said


def _claimed(sociallogin: SocialLogin) -> AbstractBaseUser | None:
    """The active account whose name is the claim the office has chosen; an unconfirmed mail address names nobody."""
    claim = sociallogin.provider.app.settings.get("claim", "")
    said = claims_of(sociallogin)
    value = str(said.get(claim) or "") if claim else ""
    if not value or (claim == "email" and said.get("email_verified") is not True):
        return None
    return get_user_model().objects.filter(username__iexact=value, is_active=True, staff__isnull=False).first()


def _seal() -> Fernet:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"shudao second factor")
    return Fernet(base64.urlsafe_b64encode(derive.derive(settings.SECRET_KEY.encode())))

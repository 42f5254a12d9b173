"""What the pages of sign-in show."""

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from django.http import HttpRequest
from django.utils.functional import cached_property

from shudao.base import clock
from shudao.base.pages import makes_passkeys
from shudao.base.scene import LIVE
from shudao.org.access import staff_of
from shudao.org.models import Staff
from shudao.org.queries.sign_in import (
    SignedIn,
    devices_of,
    has_second_factor,
    must_have_second_factor,
    sign_in_rules,
    stays_until,
)


class AccountScreen:
    """登录与安全 (sign-in and security): one's own."""

    def __init__(self, request: HttpRequest, owes: bool) -> None:
        self.request, self.owes = request, owes
        self.staff = staff_of(request)
        rows = list(Authenticator.objects.filter(user_id=self.staff.user_id).order_by("pk"))
        self.code = next((row for row in rows if row.type == Authenticator.Type.TOTP), None)
        self.recovery = next((row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES), None)
        self.passkeys = [row for row in rows if row.type == Authenticator.Type.WEBAUTHN]
        self.joined = list(SocialAccount.objects.filter(user_id=self.staff.user_id).order_by("pk"))

    @property
    def has_password(self) -> bool:
        """Whether one was ever set."""
        return self.staff.user.has_usable_password()

    @property
    def asked(self) -> bool:
        """Whether the office's rules ask a second factor of this person."""
        return must_have_second_factor(self.staff)

    @property
    def has_second(self) -> bool:
        """Whether there is one."""
        return self.code is not None or bool(self.passkeys)

    @cached_property
    def codes_left(self) -> int:
        """Recovery codes not yet used."""
        return len(self.recovery.wrap().get_unused_codes()) if self.recovery else 0

    @property
    def may_add_passkey(self) -> bool:
        """Whether browsers make passkeys at this address."""
        return makes_passkeys(self.request)

    @cached_property
    def providers(self) -> list[object]:
        """Single sign-on that is set up and not yet joined."""
        known = {row.provider for row in self.joined}
        return [row for row in get_adapter().list_providers(self.request) if row.sub_id not in known]

    @cached_property
    def devices(self) -> list[SignedIn]:
        """Where the person is signed in."""
        return devices_of(self.staff.user_id, self.request.session.session_key or "")

    @property
    def until(self) -> object:
        """Until when he stays signed in here if he does nothing more."""
        now = clock.now(LIVE)
        return stays_until(self.staff, now, now)

    @property
    def came_by(self) -> str:
        """By what he came in here."""
        records = get_authentication_records(self.request, self.request.user)  # type: ignore[arg-type]
        return records[0]["method"] if records else ""


class HelpScreen:
    """帮人登录 (help somebody in): what another person's account has, none of its secrets."""

    def __init__(self, staff: Staff) -> None:
        self.staff = staff

    @property
    def has_password(self) -> bool:
        """Whether one was set."""
        return self.staff.user.has_usable_password()

    @cached_property
    def has_second(self) -> bool:
        """Whether a second factor is set up."""
        return has_second_factor(self.staff.user_id)

    @cached_property
    def asked(self) -> bool:
        """Whether the rules ask for one."""
        return must_have_second_factor(self.staff, sign_in_rules())

    @cached_property
    def device_count(self) -> int:
        """On how many devices the person is signed in."""
        return len(devices_of(self.staff.user_id, ""))

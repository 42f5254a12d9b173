"""Questions about signing in: the office's rules, devices, who holds what right."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from shudao.org.models import Device, Shift, SignInRules, Staff

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)


def sign_in_rules() -> SignInRules:
    """The office's rules; those of a fresh site ask nothing of anybody."""
    return SignInRules.objects.first() or SignInRules()


def must_have_second_factor(staff: Staff, rules: SignInRules | None = None) -> bool:
    """Whether the rules ask a second factor of that person."""
    asked = (rules or sign_in_rules()).second_factor
    everybody = asked == SignInRules.Asked.EVERYBODY
    return everybody or (asked == SignInRules.Asked.ADMINISTRATORS and staff.is_administrator)


def has_second_factor(user_id: int) -> bool:
    """Whether a code or a passkey is set up; recovery codes alone are none."""
    return Authenticator.objects.filter(user_id=user_id).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def has_another_way_in(user_id: int) -> bool:
    """Whether a passkey or single sign-on opens the account without any password."""
    passkey = Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.WEBAUTHN).exists()
    return passkey or SocialAccount.objects.filter(user_id=user_id).exists()


def can_sign_in(people: QuerySet[Staff]) -> bool:
    """Whether any of these has a way in of his own: a password, a passkey or single sign-on."""
    rows = list(people.filter(user__is_active=True).select_related("user"))
    return any(row.user.has_usable_password() or has_another_way_in(row.user_id) for row in rows)


def stays_until(staff: Staff, now: datetime, since: datetime) -> datetime:
    """Until when a person who does nothing more stays signed in: twelve hours, a week in all, but never less than the
    end of the shift he is on or about to begin. A duty officer's phone must not ask for a password at 2 a.m.
    """
    until = min(now + IDLE, since + LONGEST)
    ends = Shift.objects.filter(staff=staff, start_at__lte=now + IDLE, end_at__gt=now).values_list("end_at", flat=True)
    return max([until, *ends])


@dataclass(frozen=True)
class SignedIn:
    """One row of the page of devices."""

    device: Device
    browser: str
    system: str
    is_this: bool


def devices_of(user_id: int, this: str) -> list[SignedIn]:
    """Where a person is signed in, this device first."""
    rows = list(Device.objects.filter(user_id=user_id))
    alive = set(Session.objects.filter(session_key__in=[row.key for row in rows]).values_list("session_key", flat=True))
    found = [SignedIn(row, *_said_of(row.agent), row.key == this) for row in rows if row.key in alive]
    return sorted(found, key=lambda row: not row.is_this)


BROWSERS = (
    ("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("Feishu", "飞书"), ("Lark", "飞书"), ("Edg", "Edge"),
    ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"), ("curl", "curl"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def _said_of(agent: str) -> tuple[str, str]:
    """Browser and system as a person would call them; empty when neither is known."""
    return tuple(next((said for mark, said in known if mark in agent), "") for known in (BROWSERS, SYSTEMS))  # type: ignore[return-value]

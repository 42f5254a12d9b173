"""Letting people in: one-time links, and changing person in a sample organisation."""

import hashlib
import secrets
from datetime import timedelta

from shudao.base.refusal import refuse
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.org.models import EntryLink, Organisation, Staff

LINK_LIVES = timedelta(hours=12)


@verb(zh="发放一次性登录链接", en="make entry link")
def make_entry_link(act: Act, staff: Staff) -> str:
    """A token that lets one person in once within 12 hours; only its digest is kept. Refused for who may not sign in."""
    if not staff.user.is_active:
        raise refuse("此人已停用，不能登录", "this person is switched off and cannot sign in", code="inactive")
    token = secrets.token_urlsafe(24)
    EntryLink.objects.create(digest=_digest(token), staff=staff, expires_at=act.now + LINK_LIVES)
    act.note(staff=Erasable(staff.name))
    return token


@verb(zh="使用一次性登录链接", en="use entry link")
def use_entry_link(act: Act, token: str) -> Staff:
    """The person the token is for. Refused when unknown, used or expired."""
    link = EntryLink.objects.select_for_update().select_related("staff__user").filter(digest=_digest(token)).first()
    if link is None or link.used_at or link.expires_at < act.now:
        raise refuse("链接无效、已用过或已过期", "the link is unknown, used or expired", code="link")
    if not link.staff.user.is_active:
        raise refuse("此人已停用，不能登录", "this person is switched off and cannot sign in", code="inactive")
    link.used_at = act.now
    link.save()
    act.note(staff=Erasable(link.staff.name))
    return link.staff


@verb(zh="示例单位换人", en="switch person")
def switch_person(act: Act, staff: Staff) -> Staff:
    """Go on as another person of the sample organisation, to play all posts alone. Refused on a real site."""
    if not Organisation.objects.filter(is_sample=True).exists():
        raise refuse("只有示例单位可以换人", "only a sample organisation lets you switch", code="not_sample")
    act.note(staff=Erasable(staff.name))
    return staff


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

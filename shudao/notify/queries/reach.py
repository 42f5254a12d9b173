"""Reading tests of who can be reached, and the one-use links that answer them."""

from collections.abc import Iterable
from datetime import datetime

from django.core.signing import BadSignature, Signer
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from shudao.notify.models import Message, ReachCall, ReachTest

SIGNER = Signer(salt="shudao.notify.reach")


def reach_tests() -> QuerySet[ReachTest]:
    """Every test with how many were called and how many answered, the latest first."""
    answered = Count("calls", filter=~Q(calls__answered_at=None))
    return ReachTest.objects.annotate(called=Count("calls"), answered=answered).order_by("-started_at", "-pk")


def open_tests() -> QuerySet[ReachTest]:
    """Tests that still wait for answers."""
    return ReachTest.objects.filter(ended_at=None)


def overdue_tests(now: datetime) -> QuerySet[ReachTest]:
    """Open tests whose limit has passed."""
    return open_tests().filter(ends_at__lte=now)


def calls_of(test: ReachTest) -> QuerySet[ReachCall]:
    """Everybody called, by unit and post."""
    return test.calls.select_related("staff")


def token_of(call: ReachCall) -> str:
    """What a personal link carries: good for saying "I am here" in this test, and for nothing else."""
    return SIGNER.sign(str(call.pk))


def call_of_token(token: str) -> ReachCall | None:
    """Whose link it is; None when it was not made here."""
    try:
        key = SIGNER.unsign(token)
    except BadSignature:
        return None
    return ReachCall.objects.select_related("test", "staff").filter(pk=key).first()


def personal_lines(messages: Iterable[Message]) -> list[str]:
    """The personal links of reachability tests among these messages to one person."""
    found = []
    for row in messages:
        if row.kind != "reach" or row.staff_id is None:
            continue
        number = row.matter.split("/")[1]
        call = ReachCall.objects.select_related("test").filter(test=number, staff=row.staff_id).first()
        if call and call.test.address:
            address = f"{call.test.address.rstrip('/')}{reverse('notify:answer_by_link', args=[token_of(call)])}"
            found.append(gettext("点开后按一下即可：%(address)s") % {"address": address})
    return found

"""Fetching by permission: everybody on the staff reads what is or was in force; drafts are for those who make plans."""

from django.http import Http404, HttpRequest

from shudao.org.access import may
from shudao.org.models import Right
from shudao.plan.models import Edition, Upload


def edition_for(request: HttpRequest, key: int) -> Edition:
    """An edition; a draft only for those who make plans. 404 otherwise."""
    row = Edition.objects.filter(pk=key).first()
    if row is None or (row.is_draft and not may(request, Right.PLAN)):
        raise Http404
    return row


def upload_for(request: HttpRequest, key: int) -> Upload:
    """A written plan that was handed over, without its bytes."""
    row = Upload.objects.defer("data").filter(pk=key).first() if may(request, Right.PLAN) else None
    if row is None:
        raise Http404
    return row

"""Fetching by permission: everybody on the staff reads what is or was in force; drafts are for those who make plans."""

from django.http import Http404, HttpRequest

from shudao.org.access import may, my_posts
from shudao.org.models import Right
from shudao.plan.models import Edition, Upload
from shudao.plan.queries import signers_of, waiting_for


def edition_for(request: HttpRequest, key: int) -> Edition:
    """An edition; a draft only for those who make plans, and one under approval for those who sign it. 404 otherwise."""
    row = Edition.objects.filter(pk=key).first()
    if row is None or (row.is_draft and not may(request, Right.PLAN) and not signing_post(request, row)):
        raise Http404
    return row


def signing_post(request: HttpRequest, edition: Edition) -> str:
    """In which of his posts the signed-in person may sign the edition now; "" when in none."""
    mine = {post.code for post in my_posts(request)}
    drafted = edition.submitted_by if edition.state == "review" else ""
    asked = (code for row in waiting_for(edition) for code in signers_of(row))
    return next((code for code in asked if code in mine and code != drafted), "")


def upload_for(request: HttpRequest, key: int) -> Upload:
    """A written plan that was handed over, without its bytes."""
    row = Upload.objects.defer("data").filter(pk=key).first() if may(request, Right.PLAN) else None
    if row is None:
        raise Http404
    return row

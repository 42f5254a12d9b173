"""Questions about departments."""

from datetime import datetime

from shudao.org.models import Post, Unit
from shudao.org.queries.answering import answering


def post_answering(unit: str, at: datetime) -> str:
    """The post that answers for a department: the first of its posts that somebody holds at that moment, else the
    first; "" when it has none in service."""
    rows = list(Post.objects.filter(unit__code=unit, retired_at=None).order_by("pk"))
    answers = answering(rows, at)
    held = [row for row in rows if row.pk in answers and answers[row.pk].people]
    return next((row.code for row in (*held, *rows)), "")


def unit_names() -> dict[str, str]:
    """Department code -> name, of those in service that have a post."""
    rows = Unit.objects.filter(retired_at=None, posts__retired_at=None, posts__isnull=False)
    return dict(rows.distinct().order_by("name").values_list("code", "name"))


def posts_of_unit(unit: str) -> list[str]:
    """Codes of a department's posts in service."""
    return list(Post.objects.filter(unit__code=unit, retired_at=None).values_list("code", flat=True))

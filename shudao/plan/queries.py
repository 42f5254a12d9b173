"""Reading editions."""

from shudao.plan.models import Edition


def edition_in_force(code: str = "") -> Edition | None:
    """The newest signed edition, of one plan or of any; None when there is none."""
    signed = Edition.objects.filter(state="signed")
    return (signed.filter(code=code) if code else signed).order_by("-signed_at", "-pk").first()


def editions() -> list[Edition]:
    """All editions, the newest of each plan first."""
    return list(Edition.objects.all())

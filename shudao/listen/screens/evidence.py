"""Evidence on its pages."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.listen.models import Evidence
from shudao.listen.queries.evidence import all_evidence

PER_PAGE = 20


class EvidenceScreen:
    """The register of evidence: what is kept, of what; nothing of it is shown here."""

    def __init__(self, page: str = "1") -> None:
        self.now = clock.now(LIVE)
        self.pages: Page[Evidence] = Paginator(all_evidence(LIVE), PER_PAGE).get_page(page)


@dataclass(frozen=True)
class Looked:
    """看到的 (looked at): a picture as a data address, or the words that were read from it."""

    picture: str = ""
    words: str | None = None

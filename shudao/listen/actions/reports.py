"""Reports of our own people: sent (once, however often the phone tries), joined when they say the same, dealt with."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from shudao.base.refusal import refuse
from shudao.base.write import short_write
from shudao.engine.address import clean_address, is_site_only, plain_address
from shudao.engine.pictures import Picture
from shudao.engine.post import Post
from shudao.ledger.verbs import Act, Erasable, verb
from shudao.listen.actions.batches import Batch, take_in
from shudao.listen.actions.evidence import keep_evidence
from shudao.listen.actions.sources import source_for
from shudao.listen.models import Evidence, Item, ObserverLink, Report
from shudao.listen.queries.evidence import same_pictures
from shudao.listen.queries.reports import JOIN_WITHIN, link_digest, report_by_token, same_link
from shudao.listen.store import Stored
from shudao.org.models import Observer, Staff

SOURCE, SOURCE_NAME = "observers", "信息员上报"
AN_HOUR = 60  # reports one person may send an hour; a phone that goes wild is stopped, a person is not
MOST_PICTURES = 6


class Sight(NamedTuple):
    """所见 (sight): what was seen, as the form gives it, and the pictures already sealed in the store."""

    token: uuid.UUID
    seen_at: datetime
    link: str = ""
    words: str = ""
    place: str = ""
    pictures: Sequence[tuple[Stored, Picture]] = ()


@dataclass(frozen=True)
class Reporter:
    """上报人 (reporter): a member of staff, or an observer of the register without an account."""

    staff: Staff | None = None
    observer: Observer | None = None

    @property
    def name(self) -> str:
        """What he is called."""
        return self.staff.name if self.staff else self.observer.name if self.observer else ""


class Sent(NamedTuple):
    """已收到 (sent): the report, and whether it came now or had come before."""

    report: Report
    is_new: bool


@verb(zh="上报所见", en="send report")
def send_report(act: Act, reporter: Reporter, sight: Sight) -> Sent:
    """Take a sighting in. The same link or picture as lately reported is joined to that report and still counted.

    A report that came before under the same token changes nothing; refused when somebody sends more than a person can.
    """
    before = report_by_token(sight.token)
    if before is not None:
        raise refuse("已经收到过", "it was received before", code="known")
    _check_pace(act, reporter)
    link = _link(sight.link)
    first = _first(act, link, sight)
    row = Report.objects.create(
        scene=act.scene.key,
        token=sight.token,
        staff=reporter.staff,
        observer=reporter.observer,
        link=link,
        seen_at=min(sight.seen_at, act.now),
        sent_at=act.now,
        joined_to=first,
        **_as_first(first),
    )
    told = _keep_item(act, row, sight)
    for stored, picture in sight.pictures:
        keep_evidence(
            act,
            stored,
            kind=Evidence.Kind.PICTURE,
            media_type=picture.media_type,
            look=picture.look,
            item=row.item,
            report=row,
        )
    act.note(report=row.pk, pictures=len(sight.pictures), joined_to=first.pk if first else None, **told)
    return Sent(row, is_new=True)


@verb(zh="受理上报", en="take in report")
def take_in_report(act: Act, report: Report, *, words: str = "") -> Report:
    """The duty officer takes a report up; words for a picture that came without any become the item's."""
    _check_waiting(report)
    told = {}
    if words.strip() and report.item is None:
        told = _keep_item(act, report, Sight(report.token, report.seen_at, report.link, words))
        Evidence.objects.filter(report=report).update(item=report.item)
    _settle(act, report, Report.State.TAKEN)
    act.note(report=report.pk, **told)
    return report


@verb(zh="标为已阅", en="mark report seen")
def mark_report_seen(act: Act, report: Report) -> Report:
    """The duty officer has read it, and it asks for nothing."""
    _check_waiting(report)
    _settle(act, report, Report.State.SEEN)
    act.note(report=report.pk)
    return report


@verb(zh="发放信息员链接", en="invite observer")
def invite_observer(act: Act, observer: Observer) -> str:
    """A secret link for one observer of the register; the one before ends. Shown once, only its digest is kept."""
    if observer.ended_on is not None:
        raise refuse("这位信息员已离任", "this observer serves no longer", code="ended")
    ObserverLink.objects.filter(observer=observer, withdrawn_at=None).update(withdrawn_at=act.now)
    token = secrets.token_urlsafe(24)
    ObserverLink.objects.create(observer=observer, digest=link_digest(token), made_at=act.now)
    act.note(observer=Erasable(observer.name))
    return token


@verb(zh="收回信息员链接", en="withdraw observer link")
def withdraw_observer_link(act: Act, observer: Observer) -> None:
    """The link lets nobody in any more, on whatever phone it was opened."""
    if not ObserverLink.objects.filter(observer=observer, withdrawn_at=None).update(withdrawn_at=act.now):
        raise refuse("没有有效的链接", "there is no link in force", code="none")
    act.note(observer=Erasable(observer.name))


def note_use(link: ObserverLink, now: datetime) -> None:
    """When a link was last used, to the hour: enough to see that it lives."""
    if link.used_at is None or now - link.used_at > timedelta(hours=1):
        with short_write():
            ObserverLink.objects.filter(pk=link.pk).update(used_at=now)


def _check_pace(act: Act, reporter: Reporter) -> None:
    lately = Report.objects.filter(sent_at__gt=act.now - timedelta(hours=1))
    mine = lately.filter(staff=reporter.staff) if reporter.staff else lately.filter(observer=reporter.observer)
    if mine.count() >= AN_HOUR:
        raise refuse(
            f"一小时内已上报 {AN_HOUR} 条，请稍后再报，紧急情况请打电话给值班员",
            f"{AN_HOUR} reports within the hour; please wait, or telephone the duty officer when it is urgent",
            code="pace",
        )


def _link(link: str) -> str:
    """The address that reports are joined by; a mere site joins nothing."""
    cleaned = plain_address(clean_address(link.strip()))
    return "" if is_site_only(cleaned) else cleaned


def _first(act: Act, link: str, sight: Sight) -> Report | None:
    """The report of the same thing that this one is joined to."""
    since = act.now - JOIN_WITHIN
    if found := same_link(act.scene, link, since):
        return found
    for stored, picture in sight.pictures:
        for evidence in same_pictures(act.scene, stored.digest, picture.look, since):
            if evidence.report:
                return evidence.report.joined_to or evidence.report
    return None


def _as_first(first: Report | None) -> dict[str, Any]:
    """What was decided of the first holds for what is joined to it."""
    if first is None or first.is_waiting:
        return {}
    return {"state": first.state, "settled_at": first.settled_at, "settled_by": first.settled_by}


def _keep_item(act: Act, row: Report, sight: Sight) -> dict[str, Any]:
    """The sighting as an item like any other, so that sensing hears it. A picture alone says nothing yet."""
    words, place = sight.words.strip(), sight.place.strip()
    if not words and not place and (row.joined_to or not sight.link.strip()):
        return {"count": 0}
    source = source_for(act, SOURCE, name=SOURCE_NAME, kind="report")
    post = Post(
        id=f"report-{row.token}",
        source=SOURCE_NAME,
        kind="report",
        url=sight.link.strip() or None,
        title=place or None,
        text=words or row.link or clean_address(sight.link.strip()) or None,
        published_at=row.seen_at,
    )
    batch, told = take_in(act, source, [post])
    row.item = _kept(act, batch, source.pk, post.id)
    row.save(update_fields=["item"])
    return told


def _kept(act: Act, batch: Batch, source: int, ident: str) -> Item | None:
    return (
        batch.items[0] if batch.items else Item.objects.in_scene(act.scene).filter(source=source, ext_id=ident).first()
    )


def _check_waiting(report: Report) -> None:
    if not report.is_waiting:
        raise refuse("这条上报已处理", "this report has been dealt with", code="state")


def _settle(act: Act, report: Report, state: str) -> None:
    """The report and all that were joined to it."""
    report.state, report.settled_at, report.settled_by = state, act.now, act.post
    report.save(update_fields=["state", "settled_at", "settled_by"])
    joined = Report.objects.filter(joined_to=report, state=Report.State.WAITING)
    joined.update(state=state, settled_at=act.now, settled_by=act.post)

"""Fetching by permission: whoever is signed in as staff and answers for a post sees how an incident is followed."""

import hashlib
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest

from shudao.base.scene import LIVE, Scene
from shudao.engine.words import Words
from shudao.follow.models import CareReferral
from shudao.follow.queries import archives_of
from shudao.ledger.standalone.verify import verify_bundle
from shudao.org.access import my_posts
from shudao.respond.models import Incident
from shudao.respond.queries import incident_by_number


def incident_of(request: HttpRequest, scene: Scene, number: str) -> Incident:
    """The incident of that number in that scene; 404 when there is none or the person answers for no post."""
    incident = incident_by_number(scene, number) if my_posts(request) else None
    if incident is None:
        raise Http404
    return incident


def closed_incident_of(request: HttpRequest, number: str) -> Incident:
    """A closed incident of the real world; 404 otherwise."""
    incident = incident_of(request, LIVE, number)
    if incident.is_open:
        raise Http404
    return incident


def check_bundle(incident: Incident, name: str) -> dict[str, Any]:
    """Whether a sealed bundle still is what was sealed: the file's own hash, and everything inside it; 404 for another
    incident's."""
    row = next((row for row in archives_of(incident) if row.name == name), None)
    path = archive_folder() / name
    if row is None:
        raise Http404
    if not path.is_file():
        return {"name": name, "ok": False, "why": Words("文件不在了", "the file is gone")}
    if hashlib.sha256(path.read_bytes()).hexdigest() != row.sha256:
        return {"name": name, "ok": False, "why": Words("文件与封存时不同", "the file is not the one that was sealed")}
    report = verify_bundle(path)
    faults = [Words(fault["zh"], fault["en"]) for fault in report["faults"][:5]]
    return {"name": name, "ok": bool(report["ok"]), "why": faults[0] if faults else None, "length": row.length}


def my_referrals(request: HttpRequest) -> QuerySet[CareReferral]:
    """Care referrals handed to a post that the reader answers for now: newest first, what is settled last.

    The right of care alone is not enough: a post that was given it later does not see what was handed over before.
    """
    held = [post.code for post in my_posts(request)]
    keys = [row.pk for row in CareReferral.objects.only("pk", "posts") if set(row.posts) & set(held)]
    return CareReferral.objects.filter(pk__in=keys).order_by(F("settled_at").asc(nulls_first=True), "-handed_at", "-pk")


def my_referral(request: HttpRequest, token: uuid.UUID) -> CareReferral:
    """One of them; 404 otherwise."""
    row = my_referrals(request).filter(token=token).first()
    if row is None:
        raise Http404
    return row


def archive_folder() -> Path:
    """Where sealed bundles are kept."""
    return Path(settings.MEDIA_ROOT) / "archives"


def bundle_of(request: HttpRequest, number: str, name: str) -> Path:
    """The file of a sealed bundle of a real incident."""
    incident = incident_of(request, Scene("live"), number)
    path = archive_folder() / name
    if name not in {row.name for row in archives_of(incident)} or not path.is_file():
        raise Http404
    return path

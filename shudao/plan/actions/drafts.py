"""Verbs of drafts: made from a shipped plan, a folder or a reading; given their names; thrown away."""

from collections.abc import Mapping

import msgspec
from django.db.models import ProtectedError

from shudao.base.refusal import refuse
from shudao.engine.plan.lint.upkeep import set_apart
from shudao.engine.plan.load import plan_digest, plan_json
from shudao.engine.plan.model import Plan
from shudao.engine.plan.own import rename_part, rename_text
from shudao.ledger.verbs import Act, verb
from shudao.plan.actions.editions import keep_plan, refuse_frozen
from shudao.plan.models import Edition, Upload

PLAIN = 5
"""A name shorter than this stands inside other words, so the text keeps it."""


@verb(zh="起草预案", en="draft plan")
def draft_plan(act: Act, plan: Plan, *, origin: str, kind: str = "", upload: Upload | None = None) -> Edition:
    """A draft edition of this site. It is not in force and binds nobody until it is signed; whatever its text asks for
    outside the boundary stands in it as a line to be acknowledged."""
    if Edition.objects.filter(code=plan.id, version=plan.version).exists():
        raise refuse(
            f"预案 {plan.id} 已有版次 {plan.version}，请换一个版次号",
            f"the plan {plan.id} has an edition {plan.version} already; give it another version",
            code="version",
        )
    draft = msgspec.structs.replace(set_apart(plan), status="draft")
    edition = Edition.objects.create(
        code=draft.id[:60],
        version=draft.version[:40],
        title=draft.title[:200],
        kind=kind,
        language=draft.language,
        state="draft",
        data=plan_json(draft).decode(),
        digest=plan_digest(draft),
        adopted_at=act.now,
        origin=origin,
        upload=upload,
    )
    act.note(plan=edition.code, edition=edition.version, digest=edition.digest, origin=origin)
    return edition


@verb(zh="改定名称", en="name parts")
def name_parts(
    act: Act,
    edition: Edition,
    *,
    title: str,
    doc_no: str = "",
    effective_from: str = "",
    parent: str = "",
    units: Mapping[str, str],
    posts: Mapping[str, str],
) -> Edition:
    """Give a draft its own title and number, and its units and posts the names they have in this organisation.

    A unit's new name also takes the place of the old one in the plan's text.
    """
    refuse_frozen(edition)
    plan = edition.plan
    for unit in plan.units:
        if (name := units.get(unit.id, "").strip()) and name != unit.name:
            whole = len(unit.name) >= PLAIN
            plan = rename_text(plan, unit.name, name) if whole else rename_part(plan, "units", unit.id, name)
    for post in edition.plan.posts:
        if (name := posts.get(post.id, "").strip()) and name != post.name:
            plan = rename_part(plan, "posts", post.id, name)
    plan = msgspec.structs.replace(
        plan, title=title, doc_no=doc_no, effective_from=effective_from, parent=parent or None
    )
    keep_plan(edition, plan)
    act.note(plan=edition.code, edition=edition.version, digest=edition.digest)
    return edition


@verb(zh="删去草稿", en="discard plan")
def discard_plan(act: Act, edition: Edition) -> None:
    """Throw a draft away. Refused once it was signed, and when a drill was run with it."""
    refuse_frozen(edition)
    act.note(plan=edition.code, edition=edition.version, digest=edition.digest)
    try:
        edition.delete()
    except ProtectedError:
        raise refuse(
            "演练用过这份草稿，删去它演练就无从复核",
            "a drill was run with this draft, and could not be checked without it",
            code="used",
        ) from None

"""Verbs of editions: taken in, signed, out of force."""

from collections.abc import Mapping

import msgspec

from shudao.base.refusal import Refused, refuse
from shudao.engine.plan.lint import lint
from shudao.engine.plan.load import load_plan, plan_digest, plan_json
from shudao.engine.plan.model import Plan
from shudao.ledger.verbs import Act, verb
from shudao.plan.models import Edition
from shudao.plan.queries import sign_route_of, waiting_for

SHOWN = 3
"""Errors named in a refusal; `plan lint` lists them all."""


@verb(zh="导入预案", en="adopt plan")
def adopt_plan(act: Act, files: Mapping[str, bytes], *, kind: str = "", only_to_drill: bool = False) -> Edition:
    """An edition from the files of a plan folder, in the state its file says. BadInput when the folder is faulty.

    Refused when that version stands already with other data, and when a signed edition has errors (lint), unless it
    is adopted only to be drilled: then it stands as a draft.
    """
    plan = load_plan(files)
    faulty = _errors(act, plan) if plan.status == "signed" else None
    if faulty and not only_to_drill:
        raise faulty
    if faulty:
        plan = msgspec.structs.replace(plan, status="draft")
    digest = plan_digest(plan)
    known = Edition.objects.filter(code=plan.id, version=plan.version).first()
    if known and known.digest != digest:
        raise refuse("这一版次已存在，内容不同", "this version exists with other content", code="version")
    signed = plan.status == "signed"
    edition = known or Edition.objects.create(
        code=plan.id,
        version=plan.version,
        title=plan.title,
        kind=kind,
        language=plan.language,
        state=plan.status,
        data=plan_json(plan).decode(),
        digest=digest,
        adopted_at=act.now,
        signed_at=act.now if signed else None,
        signed_by=(plan.approved_by or "") if signed else "",
    )
    act.note(plan=plan.id, edition=plan.version, digest=digest, state=edition.state)
    return edition


@verb(zh="签认不执行条文", en="acknowledge not executable")
def acknowledge_not_executable(act: Act, edition: Edition, *, text: str) -> Edition:
    """The acting post takes note that a line of the written plan lies outside the boundary and is not carried out."""
    refuse_frozen(edition)
    rows = edition.plan.not_executable
    if not any(row.text == text for row in rows):
        raise refuse("预案里没有这条不执行条文", "the plan has no such line", code="line")
    taken = tuple(msgspec.structs.replace(row, acknowledged_by=act.post) if row.text == text else row for row in rows)
    keep_plan(edition, msgspec.structs.replace(edition.plan, not_executable=taken))
    act.note(plan=edition.code, edition=edition.version, digest=edition.digest, line=[r.text for r in rows].index(text))
    return edition


@verb(zh="签发预案", en="sign plan")
def sign_plan(act: Act, edition: Edition) -> Edition:
    """Put a draft or reviewed edition in force. Refused while it has errors (lint), and where the plan names a route for
    itself (then `submit_plan`); its content is frozen from then on."""
    refuse_frozen(edition)
    if sign_route_of(edition.plan):
        raise refuse("预案写明了自身的审签路线，请送审", "the plan names a route for itself: submit it", code="route")
    put_in_force(act, edition)
    act.note(plan=edition.code, edition=edition.version, digest=edition.digest)
    return edition


def put_in_force(act: Act, edition: Edition) -> None:
    """Freeze its content under the last signature. Part of `sign_plan` and `approve_plan`."""
    signed = check_signable(act, edition)
    edition.state, edition.signed_at, edition.signed_by = "signed", act.now, act.post
    keep_plan(edition, signed)


def check_signable(act: Act, edition: Edition) -> Plan:
    """The plan as it would stand signed. Refused while it has errors (lint)."""
    plan = edition.plan
    signer = act.post if any(post.id == act.post for post in plan.posts) else plan.approved_by
    since = plan.effective_from or act.now.date().isoformat()
    signed = msgspec.structs.replace(plan, status="signed", approved_by=signer, effective_from=since)
    faulty = _errors(act, signed)
    if faulty:
        raise faulty
    return signed


@verb(zh="停用预案", en="retire plan")
def retire_plan(act: Act, edition: Edition, *, reason: str) -> Edition:
    """Take an edition out of force; incidents that began with it keep it."""
    if not edition.is_signed:
        raise refuse("只有已签发的版次可以停用", "only a signed edition can be retired", code="state")
    edition.state, edition.retired_at, edition.retired_for = "retired", act.now, reason[:300]
    edition.save()
    act.note(plan=edition.code, edition=edition.version, digest=edition.digest, reason=reason)
    return edition


def _errors(act: Act, plan: Plan) -> Refused | None:
    """The refusal that names the first errors of a plan, None when it has none."""
    errors = [row for row in lint(plan, today=act.now.date()) if row.severity == "error"]
    if not errors:
        return None
    told = errors[:SHOWN]
    zh = "；".join(f"{row.rule} {row.message.zh}" for row in told)
    en = "; ".join(f"{row.rule} {row.message.en}" for row in told)
    count = len(errors)
    return refuse(
        f"预案有 {count} 处错误，不能签发：{zh}", f"the plan has {count} errors and cannot be signed: {en}", code="lint"
    )


def refuse_frozen(edition: Edition) -> None:
    """Refuse to change what is signed."""
    if edition.state not in ("draft", "review"):
        raise refuse("这一版次已签发，内容不再改动", "this edition is signed and frozen", code="state")
    if edition.state == "review" and waiting_for(edition):
        raise refuse("正在审签，退回后才能改动", "it is under approval; it can be changed once returned", code="review")


def keep_plan(edition: Edition, plan: Plan) -> None:
    """Put a plan into its edition."""
    edition.title = plan.title[:200]
    edition.data, edition.digest = plan_json(plan).decode(), plan_digest(plan)
    edition.save()

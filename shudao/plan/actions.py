"""Verbs of editions."""

from collections.abc import Mapping

from shudao.base.refusal import refuse
from shudao.engine.plan.load import load_plan, plan_digest, plan_json
from shudao.ledger.verbs import Act, verb
from shudao.plan.models import Edition


@verb(zh="导入预案", en="adopt plan")
def adopt_plan(act: Act, files: Mapping[str, bytes], *, kind: str = "") -> Edition:
    """An edition from the files of a plan folder, in the state its file says. BadInput when the folder is faulty.

    Refused when that version stands already with other data.
    """
    plan = load_plan(files)
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


@verb(zh="停用预案", en="retire plan")
def retire_plan(act: Act, edition: Edition, *, reason: str) -> Edition:
    """Take an edition out of force; incidents that began with it keep it."""
    if not edition.is_signed:
        raise refuse("只有已签发的版次可以停用", "only a signed edition can be retired", code="state")
    edition.state = "retired"
    edition.save()
    act.note(plan=edition.code, edition=edition.version, digest=edition.digest, reason=reason)
    return edition

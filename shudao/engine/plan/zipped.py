"""压缩的预案文件夹 (a plan folder in a zip): what an office uploads and downloads, so that it can edit the plan as text."""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

import yaml

from shudao.engine.guard import MEBIBYTE, check_zip, read_member
from shudao.engine.plan.load import MAX_FILES, plan_content
from shudao.engine.plan.model import Plan
from shudao.engine.words import BadInput, Words

MOST_UNFOLDED = 16 * MEBIBYTE
PARTS = {
    "sections.yaml": ("sections",),
    "units.yaml": ("units", "posts"),
    "severity.yaml": ("levels", "severity", "milestones"),
    "steps.yaml": ("steps", "ladders"),
    "papers.yaml": ("documents", "routes", "channels"),
    "after.yaml": ("superiors", "demands", "ending", "drills", "not_executable"),
}
"""How a plan is divided into files when it is written out; everything else stands in plan.yaml."""


def folder_of(data: bytes, where: str = "") -> dict[str, bytes]:
    """The plan files of a zip, by their path below the folder that holds plan.yaml. Raises BadInput."""
    archive = check_zip(data, max_total=MOST_UNFOLDED, max_members=MAX_FILES * 4, where=where)
    names = [name for name in archive.namelist() if _is_plan_file(name)]
    heads = sorted((PurePosixPath(name) for name in names), key=lambda path: (len(path.parts), str(path)))
    root = next((path.parent for path in heads if path.name in ("plan.yaml", "plan.yml")), None)
    if root is None:
        raise BadInput(
            Words("压缩包里没有 plan.yaml", "the zip holds no plan.yaml"),
            where=where,
            mend=Words("把预案文件夹整个压缩后再传", "zip the whole plan folder and try again"),
        )
    inside = [name for name in names if PurePosixPath(name).is_relative_to(root)]
    held = {str(PurePosixPath(name).relative_to(root)): read_member(archive, name, where=where) for name in inside}
    return {name: raw for name, raw in held.items() if raw is not None}


def zip_of(plan: Plan) -> bytes:
    """A plan as a zipped folder of YAML that `folder_of` and `load_plan` read back."""
    value: dict[str, Any] = json.loads(plan_content(plan))
    files = {name: {key: value.pop(key) for key in keys if key in value} for name, keys in PARTS.items()}
    files = {"plan.yaml": value, **files}
    texts = {
        name: yaml.safe_dump(part, allow_unicode=True, sort_keys=False, width=1000)
        for name, part in files.items()
        if part
    }
    return pack({f"{plan.id}/{name}": text.encode() for name, text in texts.items()})


def pack(files: Mapping[str, bytes]) -> bytes:
    """Files as a zip; the same files give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), data)
    return packed.getvalue()


def _is_plan_file(name: str) -> bool:
    path = PurePosixPath(name)
    odd = path.is_absolute() or ".." in path.parts or any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return not odd and path.suffix.lower() in (".yaml", ".yml")

"""打包 (pack): the same parts give the same bytes: fixed order, fixed times, fixed compression."""

import io
import zipfile
from datetime import UTC, datetime


def repack(raw: bytes, at: datetime) -> bytes:
    """The Word package again with every member dated `at` (UTC) and in order, the content types first."""
    moment = at.astimezone(UTC)
    stamp = (max(moment.year, 1980), moment.month, moment.day, moment.hour, moment.minute, moment.second)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as before, zipfile.ZipFile(out, "w") as after:
        for name in sorted(before.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            member = zipfile.ZipInfo(name, date_time=stamp)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3
            member.external_attr = 0o644 << 16
            after.writestr(member, before.read(name), compresslevel=6)
    return out.getvalue()

"""No handle in clear: not in the database file or its log, the ledger, rejects, nor the program's own log."""

import logging
import re
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection

from shudao.base.scene import LIVE
from shudao.engine.intake.files import read_file
from shudao.engine.intake.setting import CHINA, Setting
from shudao.ledger.queries import as_lines
from shudao.listen.actions import add_source, read_batch, rotate_door_key, scrub_traces, unlink_voices, wipe_seals
from shudao.listen.models import DoorKey, Item

pytestmark = pytest.mark.django_db(transaction=True)
WHEN = datetime(2026, 7, 13, 10, tzinfo=CHINA)
SETTING = Setting(source="青岚监测", at=WHEN, now=WHEN)
HANDLES = ["laowang_88", "阿李电工很忙", "Chen.Mei-77", "1987654321", "mei@mail.example", "清江渔夫009"]

JSONL = """
{"id": "laowang_88-1", "kind": "social", "title": "laowang_88：停电", "author": "laowang_88", "text": "//@阿李电工很忙:真的 ＠Chen.Mei-77 说 laowang_88", "url": "https://weibo.com/1987654321/Mabc12DEf", "published_at": "2026-07-13T08:00:00+08:00"}
{"id": "https://weibo.com/n/阿李电工很忙", "kind": "social", "title": "停", "author": "阿李电工很忙", "url": "https://weibo.com/u/1987654321", "published_at": "2026-07-13T08:00:00+08:00"}
{"id": "3", "kind": "social", "title": "来信 mei@mail.example", "text": "weibo.com/u/1987654321 https://forum.example/people/laowang_88/posts", "source": "清江渔夫009", "author": "清江渔夫009", "published_at": "2026-07-13T08:00:00+08:00"}
{"id": "4", "kind": "laowang_88", "title": "x", "author": "阿李电工很忙", "published_at": "laowang_88"}
laowang_88 不是 JSON
"""
CSV = "标题,正文,时间,作者,链接\nlaowang_88说,@阿李电工很忙 @Chen.Mei-77,2026-07-13 08:00,laowang_88,https://f.example/@Chen.Mei-77\n坏行,x,昨天,laowang_88,\n"
EML = "From: Chen.Mei-77 <mei@mail.example>\nSubject: 停电\nMessage-ID: <mei@mail.example>\nDate: Mon, 13 Jul 2026 08:00:00 +0800\n\n我是Chen.Mei-77，回信到 mei@mail.example\n"
RSS = (
    "<rss version='2.0'><channel><title>t</title><item><title>laowang_88: 停电</title><guid>https://x.com/laowang_88/status/55</guid>"
    "<link>https://x.com/laowang_88/status/55</link><author>laowang_88</author></item></channel></rss>"
)


def read_everything(duty):
    """All ways in, each with handles in every place that has one."""
    from shudao.engine.intake.feed import read_feed

    source = add_source(duty, "mixed", name="混合", kind="social", connector="file")
    for name, text in (("a.jsonl", JSONL), ("a.csv", CSV), ("a.eml", EML)):
        read_batch(duty, source, read_file(name, text.encode(), SETTING))
    read_batch(duty, source, read_feed(RSS.encode(), SETTING).results)
    return source


def dump() -> bytes:
    """Every value of every table, as text; on SQLite also the raw bytes of the file and its log."""
    parts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            parts += [
                bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()
                for row in cursor
                for cell in row
            ]
        if connection.vendor == "sqlite":
            parts += [path.read_bytes() for path in database_files(cursor)]
            cursor.execute("PRAGMA database_list")
    return b"\n".join(parts)


def database_files(cursor) -> list[Path]:
    """The file behind the connection and its companions; none for a database in memory."""
    cursor.execute("PRAGMA database_list")
    main = next(path for _, name, path in cursor.fetchall() if name == "main")
    return list(Path(main).parent.glob(Path(main).name + "*")) if main else []


def found(data: bytes) -> list[str]:
    """Which handles stand in the bytes, in any case and in the usual escapes."""
    text = data.decode("utf-8", "replace").casefold()
    escaped = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text)
    return [handle for handle in HANDLES if handle.casefold() in text or handle.casefold() in escaped]


def test_the_scan_itself_would_find_a_handle(duty):
    assert found(b"x LAOWANG_88 \\u963f\\u674e\\u7535\\u5de5\\u5f88\\u5fd9") == ["laowang_88", "阿李电工很忙"]
    source = add_source(duty, "leak", name="清江渔夫009", kind="social", connector="file")
    assert source.name in "清江渔夫009" and found(dump()) == ["清江渔夫009"]


def test_no_handle_stands_anywhere(duty, caplog):
    caplog.set_level(logging.DEBUG)
    read_everything(duty)
    assert Item.objects.count() == 6
    assert found(dump()) == []
    assert found(b"\n".join(as_lines("site"))) == []
    assert found(caplog.text.encode()) == []
    unlink_voices(Item.objects.select_related("door"))
    assert found(dump()) == []


def test_a_destroyed_key_is_nowhere_any_more(duty):
    read_everything(duty)
    key = bytes(DoorKey.objects.get().key)
    sealed = bytes(Item.objects.exclude(sealed=b"").first().sealed)
    assert key in dump() and sealed in dump()
    rotate_door_key(duty)
    wipe_seals()
    scrub_traces()
    assert key not in dump() and sealed not in dump()
    assert LIVE.key in dump().decode("utf-8", "replace")


def test_a_destroyed_incident_key_is_nowhere_any_more(duty, settings, tmp_path):
    from shudao.base.refusal import Refused
    from shudao.follow.actions import end_watch, watch_incident
    from shudao.respond.actions import attach_items, open_incident
    from shudao.respond.models import Attachment, IncidentKey
    from tests.follow.test_follow import PLAN

    settings.DATA = tmp_path
    source = read_everything(duty)
    items = list(Item.objects.select_related("door")[:2])
    incident = open_incident(duty, PLAN, title="停电", origin="hotline", items=items[:1])
    key = bytes(IncidentKey.objects.get().key)
    assert key in dump()
    voice = Attachment.objects.get().voice
    end_watch(duty, watch_incident(duty, incident))
    assert key not in dump()
    with pytest.raises(Refused):
        attach_items(duty, incident, items[1:])
    later = open_incident(
        duty,
        PLAN,
        title="又停电",
        origin="hotline",
        items=list(Item.objects.select_related("door").filter(source=source)),
    )
    assert voice not in set(Attachment.objects.filter(incident=later).values_list("voice", flat=True))

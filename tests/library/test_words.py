"""Nothing real is named in the samples, and no plan names a person."""

import re

import pytest

from shudao.library import HERE
from tests.library.samples import ORGANISATIONS, PLANS, plan, roster

TEXT = sorted(row for row in HERE.rglob("*") if row.suffix in (".yaml", ".md", ".jsonl", ".py") and row.is_file())
REAL = re.compile(
    r"国家电网|国网|南方电网|南网|华能|大唐|腾讯|阿里|百度|字节|抖音|微博|快手|小红书|知乎|豆瓣|贴吧|微信|新浪|搜狐|网易|"
    r"人民日报|新华社|央视|澎湃|北京大学|清华|复旦|China Southern|State Grid|Weibo|TikTok|Twitter|Facebook|Reuters|BBC",
    re.I,
)
ADDRESS = re.compile(r"https?://([^/\s\"]+)")
PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)0\d{2,3}-\d{7,8}(?!\d)")


@pytest.mark.parametrize("path", TEXT, ids=lambda path: path.relative_to(HERE).as_posix())
def test_names_no_real_company_paper_platform_or_number(path) -> None:
    text = path.read_text(encoding="utf-8")
    assert REAL.findall(text) == []
    assert PHONE.findall(text) == []
    assert [host for host in ADDRESS.findall(text) if not host.endswith((".example", ".invalid"))] == []


@pytest.mark.parametrize("sample", PLANS, ids="/".join)
def test_a_plan_names_posts_only(sample: tuple[str, str]) -> None:
    people = {person.name for name in ORGANISATIONS for person in roster(name).staff}
    said = "\n".join(section.text for section in plan(*sample).sections)
    assert [name for name in people if name in said] == []

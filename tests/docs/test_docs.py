"""What the docs name exists: commands and their options, addresses, environment variables, figures, pictures, files."""

import re
from pathlib import Path

import pytest
from click import Group
from django.urls import Resolver404, resolve

from shudao.project.cli import shudao

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([*ROOT.glob("docs/zh/*.md"), *ROOT.glob("docs/en/*.md"), *ROOT.glob("README*.md")])
by_page = pytest.mark.parametrize("doc", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
COMMAND = re.compile(r"\bshudao ((?:[a-z]+)(?: [a-z]+)?)((?:[^`\n#]*))")


def code_of(doc):
    text = doc.read_text()
    return re.findall(r"`([^`\n]+)`", text) + re.findall(r"```\w*\n(.*?)```", text, re.S)


def options_of(command):
    return {name for parameter in command.params for name in parameter.opts}


@by_page
def test_every_command_and_option_exists(doc):
    for words, rest in COMMAND.findall("\n".join(code_of(doc))):
        first, _, second = words.partition(" ")
        command = shudao.get_command(None, first)
        assert command is not None, words
        if isinstance(command, Group) and second:
            command = command.get_command(None, second)
            assert command is not None, words
        for option in re.findall(r"(?<![\w-])(--[a-z-]+)", rest):
            assert option in options_of(command), f"{words} {option}"


@by_page
def test_every_make_target_exists(doc):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    said = set(re.findall(r"(?m)(?:^|`)make ([a-z-]+)", "\n".join(code_of(doc)) + doc.read_text()))
    assert said <= targets, said - targets


@by_page
def test_every_address_is_a_page(doc):
    for address in re.findall(r"`(/[a-z_/-]*/)`", doc.read_text()):
        try:
            resolve(address)
        except Resolver404:
            pytest.fail(f"{address} is no page")


@by_page
def test_every_variable_is_read_somewhere(doc):
    sources = "\n".join(path.read_text() for path in (ROOT / "shudao" / "project").rglob("*.py"))
    for name in set(re.findall(r"\b(SHUDAO_[A-Z_]+)\b", doc.read_text())):
        assert f'"{name}"' in sources, name


@by_page
def test_every_link_and_picture_is_there(doc):
    for target in re.findall(r"\]\(([^)#]+)", doc.read_text()):
        if "://" not in target:
            assert (doc.parent / target).exists(), target


@pytest.mark.parametrize("name", sorted(path.name for path in ROOT.glob("docs/zh/*.md")))
def test_every_chinese_page_has_its_english_twin_of_the_same_build(name):
    shape = [re.findall(r"(?m)^(#+) ", (ROOT / "docs" / tongue / name).read_text()) for tongue in ("zh", "en")]
    assert shape[0] == shape[1]


def test_nothing_stands_in_english_alone():
    names = [{path.name for path in ROOT.glob(f"docs/{tongue}/*.md")} for tongue in ("zh", "en")]
    assert names[0] == names[1]


@by_page
def test_every_figure_of_prometheus_is_given(doc):
    sources = (ROOT / "shudao/board/metrics.py").read_text() + (ROOT / "shudao/base/requests.py").read_text()
    for name in set(re.findall(r"`(shudao_[a-z_]+)`", doc.read_text())):
        assert f'"{name}"' in sources, name

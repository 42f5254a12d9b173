"""`shudao` itself: a wrong call is one clear line in the user's language, a bare call shows the help."""

from pathlib import Path

import pytest

from shudao.project.cli import main


def run(capsys, *words: str) -> tuple[int, str, str]:
    """(exit code, standard output, standard error) of one call."""
    with pytest.raises(SystemExit) as stop:
        main([*words])
    said = capsys.readouterr()
    return int(stop.value.code or 0), said.out, said.err


@pytest.mark.parametrize("words", [(), ("plan",), ("topic",), ("drill",)])
def test_a_bare_call_shows_the_help_line_by_line(capsys, words):
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert err.startswith("Usage:") and len(err.splitlines()) > 5


@pytest.mark.parametrize(
    ("words", "zh", "named"),
    [
        (("sense",), "缺少", "POSTS"),
        (("sense", "a.jsonl", "--colour"), "没有选项", "--colour"),
        (("score", "a.jsonl"), "缺少", "--plan"),
        (("drill", "run", "outage", "--seed", "x", "--out", "o"), "的值不能用", "--seed"),
        (("nonsense",), "用法不对", "nonsense"),
        (("verify", "a", "b"), "用法不对", "b"),
    ],
)
def test_a_wrong_call_is_one_line_in_the_users_language(capsys, monkeypatch, words, zh, named):
    for lang in ("zh", "en"):
        monkeypatch.setenv("SHUDAO_LANG", lang)
        code, out, err = run(capsys, *words)
        assert (code, out, len(err.strip().splitlines())) == (2, "", 1)
        assert named in err and "--help" in err
        assert (zh in err) == (lang == "zh")


def test_a_folder_that_may_not_be_read_is_one_line(capsys, monkeypatch, tmp_path):
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    (tmp_path / "plan.yaml").write_text("id: x")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    code, out, err = run(capsys, "plan", "lint", str(tmp_path))
    assert (code, out, len(err.strip().splitlines())) == (2, "", 1)
    assert "plan.yaml" in err and "Permission denied" in err

"""The command that tells the site what to listen to."""

import os
import subprocess
import sys

import pytest


@pytest.fixture
def shudao(tmp_path):
    """Run a command on a site folder of its own."""
    env = {**os.environ, "SHUDAO_LANG": "zh", "DJANGO_SETTINGS_MODULE": "shudao.project.settings"}
    for name in ("SHUDAO_DATA", "DATABASE_URL"):
        env.pop(name, None)

    def run(*words):
        command = [sys.executable, "-m", "shudao.project.cli", *words, "--data", str(tmp_path)]
        return subprocess.run(command, capture_output=True, text=True, env=env)

    return run


def test_a_feed_is_added_once_and_listed(shudao):
    address = "https://evening.example/rss"
    assert shudao("source", "add", "evening", address, "--name", "晚报", "--kind", "news").returncode == 0
    again = shudao("source", "add", "evening", address)
    assert again.returncode == 2 and "已经登记" in again.stderr
    listed = shudao("source", "list")
    assert listed.stdout.split("\t")[:3] == ["evening", "news", "feed"] and address in listed.stdout


@pytest.mark.parametrize("address", ["evening.example/rss", "file:///etc/passwd", "javascript:1"])
def test_what_is_no_web_address_is_refused(shudao, address):
    refused = shudao("source", "add", "x", address)
    assert refused.returncode == 2 and "http" in refused.stderr and "Traceback" not in refused.stderr

"""What is logged: kinds and places, never words; pages by name, never by address."""

import json
import logging
import sqlite3
from contextlib import closing

import pytest
from django.test import Client
from prometheus_client.registry import REGISTRY

from shudao.base.logs import Lines, Objects, configuration, places

SAID = "张三的手机号是13800000000"


def failure():
    try:
        try:
            raise ValueError(SAID)
        except ValueError as cause:
            raise RuntimeError(SAID) from cause
    except RuntimeError as error:
        return type(error), error, error.__traceback__


def record(message, *args, failed=None):
    return logging.LogRecord("shudao.x", logging.ERROR, "x.py", 1, message, args, failed)


def test_a_failure_of_the_database_has_its_code():
    with closing(sqlite3.connect(":memory:")) as base:
        try:
            base.execute("SELECT 张三 FROM nowhere")
        except sqlite3.OperationalError as error:
            said = places((type(error), error, error.__traceback__))
    assert said.startswith("OperationalError SQLITE_ERROR at ") and "张三" not in said and "nowhere" not in said


def test_a_failure_is_its_kinds_and_places_without_its_words():
    said = places(failure())
    assert "RuntimeError at test_logs.py:" in said and "caused by ValueError" in said and "failure" in said
    assert SAID not in said


@pytest.mark.parametrize("form", [Lines("%(asctime)s %(levelname)s %(name)s %(message)s"), Objects()])
def test_no_form_lets_an_error_speak(form):
    line = form.format(record("job %s failed", "listen.poll", failed=failure()))
    assert "job listen.poll failed" in line and "RuntimeError" in line and SAID not in line


def test_the_json_form_is_one_object_a_line():
    line = Objects().format(record("甲 %d", 3, failed=failure()))
    row = json.loads(line)
    assert "\n" not in line and row["message"] == "甲 3" and row["level"] == "ERROR" and row["at"].endswith("+00:00")


def test_the_configuration_can_be_used():
    logging.config.dictConfig(configuration("WARNING", "json"))
    logging.config.dictConfig(configuration("WARNING", "lines"))


@pytest.mark.django_db
def test_a_request_is_noted_by_the_name_of_its_page_never_by_its_address(caplog):
    caplog.set_level(logging.INFO, "shudao.requests")
    Client().get("/org/enter/a-secret-token/?q=城南")
    Client().get("/nowhere/a-secret-token/")
    said = caplog.text
    assert "GET org:use_entry_link 200" in said and "unknown" in said
    assert "a-secret-token" not in said and "城南" not in said


@pytest.mark.django_db
def test_requests_are_counted_by_page():
    labels = {"page": "org:alive", "method": "GET", "status": "200"}
    before = REGISTRY.get_sample_value("shudao_request_seconds_count", labels) or 0
    Client().get("/org/alive/")
    assert REGISTRY.get_sample_value("shudao_request_seconds_count", labels) == before + 1

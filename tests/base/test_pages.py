"""What all pages share: whole or part, refusals in words, nothing in a shared cache."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from shudao.base.pages import Pages, frame
from shudao.base.refusal import refuse
from shudao.engine.words import BadInput, Words


class Htmx:
    def __init__(self, *, boosted=False, history=False):
        self.boosted, self.history_restore_request = boosted, history

    def __bool__(self):
        return True


@pytest.mark.parametrize(
    ("htmx", "template"),
    [
        (None, "base/page.html"),
        (Htmx(), "base/part.html"),
        (Htmx(boosted=True), "base/page.html"),
        (Htmx(history=True), "base/page.html"),
    ],
)
def test_a_live_part_gets_the_body_alone(htmx, template):
    request = RequestFactory().get("/")
    request.htmx = htmx
    assert frame(request)["frame"] == template


def test_a_page_is_kept_by_no_shared_cache():
    answer = Pages(lambda request: HttpResponse("x"))(RequestFactory().get("/"))
    assert "private" in answer["Cache-Control"] and "HX-Request" in answer["Vary"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (refuse("还有诉求未答复", "a demand is open"), 409, "还有诉求未答复"),
        (
            BadInput(Words("行读不懂", "unreadable"), where="第 3 行", mend=Words("改正", "mend")),
            422,
            "第 3 行：行读不懂",
        ),
    ],
)
def test_what_no_form_caught_is_said_in_words(error, status, said):
    from django.contrib.auth.models import AnonymousUser
    from django.utils.translation import override

    request = RequestFactory().get("/")
    request.user, request.htmx, request._messages = AnonymousUser(), None, ()
    with override("zh-hans"):
        answer = Pages(HttpResponse).process_exception(request, error)
    assert answer.status_code == status and said in answer.content.decode()
    assert Pages(HttpResponse).process_exception(request, ValueError()) is None

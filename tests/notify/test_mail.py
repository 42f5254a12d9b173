"""Mail against an SMTP server: encryption, sign-in, refusals, and one thread for one matter."""

import pytest

from shudao.base.refusal import Refused
from shudao.notify.actions import send_test
from shudao.notify.channels.hints import mend_of
from shudao.notify.models import Parcel
from shudao.org.models import Staff
from tests.notify.conftest import ADMIN, pass_time, shout, sweep
from tests.notify.peers import Mailbox

pytestmark = pytest.mark.django_db(transaction=True)
TO = "leader@example.cn"


def try_it(channel, address=TO):
    return send_test(ADMIN, channel, text="测试 😀 消息\n第二行", subject="疏导测试消息", address=address, mention="")


def test_starttls_with_sign_in(mail_of, authority):
    with Mailbox(authority[1], user="shudao", password="a-long-password") as box:
        attempt = try_it(mail_of(box, user="shudao", password="a-long-password"))
        assert attempt.ok and attempt.code == "250" and "queued as" in attempt.said
        mail = box.took[0]
        assert mail["Subject"] == "疏导测试消息" and mail["To"] == TO and mail["Auto-Submitted"] == "auto-generated"
        assert mail.get_content_type() == "text/plain" and "测试 😀 消息\n第二行" in mail.get_content().replace(
            "\r", ""
        )


def test_tls_from_the_first_byte(mail_of, authority):
    with Mailbox(authority[1], starttls=False, tls=True) as box:
        assert try_it(mail_of(box, safety="tls")).ok and len(box.took) == 1


def test_a_wrong_password_is_told_with_a_way_to_mend(mail_of, authority):
    with Mailbox(authority[1], user="shudao", password="a-long-password") as box:
        attempt = try_it(mail_of(box, user="shudao", password="wrong-password"))
        assert not attempt.ok and attempt.code == "535" and "授权码" in mend_of("mail", "535", attempt.said).zh
        assert "wrong-password" not in attempt.said and box.took == []


def test_a_certificate_of_nobody_we_trust_is_not_accepted(mail_of, authority):
    with Mailbox(authority[1]) as box:
        attempt = try_it(mail_of(box, trusts=False))
        assert not attempt.ok and attempt.code == "certificate" and mend_of("mail", "certificate", "")
        assert box.took == []


def test_what_the_server_cannot_do_is_said(mail_of, authority):
    with Mailbox(authority[1], starttls=False) as box:
        assert try_it(mail_of(box)).code == "unsupported"
        assert try_it(mail_of(box, safety="tls")).code in ("tls", "network", "timeout")
        assert try_it(mail_of(box, safety="none")).ok


@pytest.mark.parametrize(("said", "code"), [("550 5.1.1 no such user", "550"), ("450 4.2.1 busy", "450")])
def test_a_refused_recipient_does_not_hold_up_the_others(office, mail_of, authority, standing, said, code):
    with Mailbox(authority[1]) as box:
        channel = mail_of(box)
        box.refuse[TO] = said
        shout(ADMIN, "leader", "一")
        shout(ADMIN, "duty_officer", "一")
        sweep()
        assert [mail["To"] for mail in box.took] == ["duty_officer@example.cn"]
        assert channel.attempts.get(ok=False).code == code
        box.refuse.clear()
        pass_time(standing, 2)
        assert [mail["To"] for mail in box.took] == ["duty_officer@example.cn", TO]


def test_one_matter_is_one_thread(office, mail_of, authority, standing):
    with Mailbox(authority[1]) as box:
        mail_of(box)
        for place, text in enumerate(
            ("【2026-001】城南停电：请办理“核实”", "【2026-001】请办理“拟稿”", "【2026-001】请签字")
        ):
            shout(ADMIN, "leader", text, matter=f"2026-001/T{place}")
            pass_time(standing, 3)
        shout(ADMIN, "leader", "另一件", matter="2026-002/T1")
        pass_time(standing, 1)
    first, second, third, other = box.took
    assert first["In-Reply-To"] is None and second["In-Reply-To"] == first["Message-ID"]
    assert third["In-Reply-To"] == second["Message-ID"]
    assert third["References"].split() == [first["Message-ID"], second["Message-ID"]]
    assert second["Subject"] == third["Subject"] == f"Re: {first['Subject']}"
    assert other["References"] is None and len({mail["Message-ID"] for mail in box.took}) == 4


def test_a_part_that_is_tried_again_has_the_same_name(office, mail_of, authority, standing):
    with Mailbox(authority[1]) as box:
        mail_of(box)
        shout(ADMIN, "leader", "一")
        sweep()
        Parcel.objects.update(done_at=None, sent=0)  # as if the crash came before the answer was kept
        pass_time(standing, 2)
    assert len(box.took) == 2 and len({mail["Message-ID"] for mail in box.took}) == 1


def test_a_busy_server_is_left_alone_for_a_while(office, mail_of, authority, standing):
    with Mailbox(authority[1]) as box:
        channel = mail_of(box)
        box.busy = "421 4.3.2 too many connections"
        shout(ADMIN, "leader", "一")
        sweep()
        before = channel.attempts.count()
        pass_time(standing, 1)
        assert channel.attempts.count() == before
        box.busy = ""
        pass_time(standing, 3)
        assert len(box.took) == 1


def test_a_corrected_address_is_used_at_the_next_try(office, mail_of, authority, standing):
    with Mailbox(authority[1]) as box:
        mail_of(box)
        box.refuse[TO] = "550 5.1.1 no such user"
        shout(ADMIN, "leader", "一")
        sweep()
        Staff.objects.filter(pk=office["leader"].pk).update(mail="right@example.cn")
        pass_time(standing, 2)
        assert [mail["To"] for mail in box.took] == ["right@example.cn"]


@pytest.mark.parametrize(
    "given",
    [
        {"safety": "none", "password": "a-long-password"}, {"port": "0"}, {"port": "x"}, {"sender": "nobody"},
        {"authority": "no certificate"}, {"host": ""},
    ],
)  # fmt: skip
def test_settings_that_cannot_work_are_refused(office, mail_of, authority, given):
    class Nobody:
        port = 25

    with pytest.raises(Refused):
        mail_of(Nobody, **given)

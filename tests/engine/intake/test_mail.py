"""Mail: the sender is the author, the words are found in any encoding, broken mail is a numbered reject."""

from datetime import datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.intake.mail import read_mail, read_mailbox
from shudao.engine.intake.setting import CHINA
from shudao.engine.post import Post, Reject
from shudao.engine.words import BadInput
from tests.engine.intake.setting import MADE, SETTING, posts_of, rejects_of


def mail(text="半小时了", *, html="", **headers) -> bytes:
    """A mail with these headers; None leaves one out."""
    message = EmailMessage()
    stated = {
        "From": "王小明 <wang@mail.example>",
        "To": "office@org.example",
        "Subject": "城东停电",
        "Date": "Sun, 01 Mar 2026 08:05:00 +0800",
        "Message-ID": "<1@mail.example>",
    }
    stated |= {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in stated.items():
        if value is not None:
            message[name] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


def one(data: bytes):
    [result] = read_mail(data, SETTING)
    return result


def test_a_mail_becomes_a_report_by_its_sender():
    post = one(mail())
    assert (post.kind, post.title, post.text, post.source) == ("report", "城东停电", "半小时了", "青岚监测")
    assert post.author == "王小明 <wang@mail.example>"
    assert post.published_at == datetime(2026, 3, 1, 8, 5, tzinfo=CHINA)


def test_its_id_is_that_of_the_message_and_tells_no_address():
    assert one(mail("甲")).id == one(mail("乙")).id != one(mail(Message_ID="<2@mail.example>")).id
    assert "mail.example" not in one(mail()).id
    unnamed = [one(mail(text, Message_ID=None)).id for text in ("甲", "甲", "乙")]
    assert unnamed[0] == unnamed[1] != unnamed[2]


def test_html_is_read_where_there_is_nothing_else_and_attachments_are_not():
    assert one(mail("", html="<p>停电</p><script>x</script>")).text == "停电"
    assert one(mail("正文", html="<p>另一</p>")).text == "正文"
    message = EmailMessage()
    message["From"], message["Subject"] = "a@b.example", "附件"
    message.add_attachment("附件里的字".encode(), maintype="text", subtype="plain", filename="a.txt")
    assert one(message.as_bytes()).text is None


@pytest.mark.parametrize("charset", ["gb2312", "gbk", "gb18030", "utf-8", "no-such-charset", ""])
def test_raw_chinese_is_read_whatever_it_calls_itself(charset):
    stated = f"; charset={charset}" if charset else ""
    encoding = "utf-8" if charset == "utf-8" else "gb18030"
    data = f"From: a@b.example\nSubject: 城东停电了\nContent-Type: text/plain{stated}\n\n半小时没有电了".encode(
        encoding
    )
    assert (one(data).title, one(data).text) == ("城东停电了", "半小时没有电了")


def test_a_mail_without_a_date_has_the_files_and_an_absurd_date_is_a_reject():
    assert one(mail(Date=None)).published_at == MADE
    for date in ("Thu, 01 Jan 1970 00:00:00 +0000", "Thu, 01 Jan 2099 00:00:00 +0000", "soon"):
        data = mail(Date=None).replace(b"Subject:", f"Date: {date}\nSubject:".encode(), 1)
        assert isinstance(one(data), Reject)


def test_what_is_no_mail_is_bad_input():
    for data in (b"", b"\x00\x01", "停电".encode(), b"PK\x03\x04"):
        with pytest.raises(BadInput):
            one(data)


def test_a_mailbox_gives_its_mails_in_order_and_counts_the_broken():
    box = b"".join(
        b"From x@y Sun Mar  1 08:05:00 2026\n" + data + b"\n\n"
        for data in (mail("甲"), mail("丙", Date=None), mail("乙"))
    )
    box = box.replace(mail("丙", Date=None), b"Date: soon\n" + mail("丙", Date=None))
    results = list(read_mailbox(box, SETTING))
    assert [post.text for post in posts_of(results)] == ["甲", "乙"]
    assert [reject.line for reject in rejects_of(results)] == [2]
    with pytest.raises(BadInput):
        list(read_mailbox(mail(), SETTING))


def test_a_mail_of_a_thousand_nested_parts_is_read_or_rejected():
    nested = b"From: a@b.example\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (depth, depth) for depth in range(1500)
    )
    assert isinstance(one(nested), Post | Reject)


@given(st.binary(max_size=300))
def test_any_bytes_behind_a_header_are_a_post_or_a_reject(junk):
    for data in (b"Subject: " + junk, b"From: a@b.example\n" + junk + b"\n\nx", mail()[:200] + junk):
        try:
            assert isinstance(one(data), Post | Reject)
        except BadInput:
            continue


@given(st.binary(max_size=300))
def test_any_bytes_as_a_mailbox(junk):
    for result in read_mailbox(b"From x\n" + junk + b"\n\nFrom y\n" + junk, SETTING):
        assert isinstance(result, Post | Reject)

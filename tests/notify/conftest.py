"""Peers on the loopback, the people of a small office, and messages to them."""

import datetime as dt
import ipaddress
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.contrib.auth import get_user_model
from django.test import Client

from shudao.base import clock
from shudao.base.scene import LIVE
from shudao.ledger.verbs import Actor, verb
from shudao.notify.actions import add_channel, deliver_due, pack_due, put_message, send_due
from shudao.notify.queries.outbox import due_channels
from shudao.org.models import Holding, Post, PostRight, Right, Staff, Unit
from tests.notify.peers import SECRET, TOKEN, DingTalkRobot, FeishuRobot, WeComRobot
from tests.site import furnished

ADMIN = Actor(LIVE, "office", "何静")


@verb(zh="喊人", en="shout")
def shout(act, post, text, **more):
    """Any verb that causes a message."""
    act.note(post=post)
    return put_message(act, post, text, **{"kind": "call", "matter": "2026-001/T1", **more})


@pytest.fixture
def office(standing, transactional_db):
    """Two units, three posts, three people."""
    units = [Unit.objects.create(code=c, name=n) for c, n in (("office", "宣传部"), ("grid", "调度室"))]
    people = {}
    for code, name, unit, phone in (
        ("duty_officer", "陈立", 0, "13800001111"), ("leader", "周敏", 0, ""), ("dispatch", "吴强", 1, "+86 139 0000 2222"),
    ):  # fmt: skip
        post = Post.objects.create(code=code, name=f"{code}岗", unit=units[unit])
        user = get_user_model().objects.create_user(username=code)
        people[code] = Staff.objects.create(user=user, name=name, phone=phone, mail=f"{code}@example.cn")
        Holding.objects.create(post=post, staff=people[code], from_at=standing.now() - timedelta(days=9))
    PostRight.objects.create(post=Post.objects.get(code="leader"), right=Right.CHANNELS)
    return people


@pytest.fixture
def site(standing, transactional_db):
    """The sample power company."""
    furnished(standing)
    return standing


@pytest.fixture
def keeper(site):
    """A browser of whoever looks after channels."""
    return administrator()


def administrator() -> Client:
    """A browser of an administrator."""
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(Staff.objects.filter(is_administrator=True).first().user)
    return client


def say(post="duty_officer", text="请办理“核实情况”", **more):
    """A call to a post of the sample company."""
    return shout(Actor(LIVE, "office_head"), post, text, **more)


def sweep() -> int:
    """One turn of the worker: hand on, put together, send; returns parts taken."""
    now = clock.now(LIVE)
    deliver_due(LIVE, now, holder="w")
    pack_due(now)
    return sum(send_due(channel, holder="w") for channel in due_channels(now))


def pass_time(standing, minutes: float, step: float = 0.5) -> None:
    """Let time pass, the worker turning all the while."""
    until = standing.now() + timedelta(minutes=minutes)
    while standing.now() < until:
        standing.advance(minutes=min(step, (until - standing.now()) / timedelta(minutes=1)))
        sweep()


ROBOTS = {
    "dingtalk": (DingTalkRobot, {"url": "{}?access_token=" + TOKEN, "secret": SECRET}),
    "wecom": (WeComRobot, {"url": "{}?key=" + TOKEN}),
    "feishu": (FeishuRobot, {"url": "{}", "secret": SECRET}),
}


@pytest.fixture
def robot_of(office, standing, httpserver):
    """`robot_of("dingtalk")`: a peer and the channel that speaks to it."""

    def make(kind, *, keyword="", peer_keyword=None, secret=SECRET, is_inside=True, **more):
        made, given = ROBOTS[kind]
        wanted = keyword if peer_keyword is None else peer_keyword
        peer = made(standing.now, secret=SECRET if "secret" in given else "", keyword=wanted)
        httpserver.expect_request(peer.path).respond_with_handler(peer)
        given = {**given, "url": given["url"].format(httpserver.url_for(peer.path))}
        given |= {"keyword": keyword} if keyword else {}
        given |= {"secret": secret} if "secret" in given else {}
        return peer, add_channel(ADMIN, kind, name="值班群", given=given, is_inside=is_inside, **more)

    return make


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """(PEM of an authority, (certificate file, key file) of `localhost` that it signed)."""
    folder = tmp_path_factory.mktemp("certificates")
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Example Authority")])
    root = _certificate(root_name, root_name, root_key, root_key.public_key()).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    own = _certificate(name, root_name, root_key, key.public_key()).add_extension(
        x509.SubjectAlternativeName(names), critical=False
    )
    (folder / "own.pem").write_bytes(own.sign(root_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(*plain))
    pem = root.sign(root_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
    return pem, (str(folder / "own.pem"), str(folder / "key.pem"))


def _certificate(subject, issuer, _signer, public):
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    return (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
        .serial_number(x509.random_serial_number()).not_valid_before(start)
        .not_valid_after(start + timedelta(days=36500))
    )  # fmt: skip


@pytest.fixture
def mail_of(office, authority):
    """`mail_of(mailbox)`: the channel that sends to that server."""

    def make(box, *, is_inside=True, trusts=True, **given):
        settings = {
            "host": "localhost", "port": str(box.port), "safety": "starttls", "sender": "shudao@example.cn",
            "authority": authority[0] if trusts else "", **given,
        }  # fmt: skip
        return add_channel(ADMIN, "mail", name="邮件", given=settings, is_inside=is_inside)

    return make

"""The first morning of an office: from an empty site to a signed plan, five staff, a source that was read, a test message
and a drill played, by pages alone. Nothing is prepared, no file of the site is touched.
"""

import re
import signal
import socket
import subprocess
import sys
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import expect

from tests.browser.axe import assert_accessible
from tests.browser.conftest import ROOT, surroundings

FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>青川论坛</title>
<item><guid>1</guid><title>食堂今天的菜不新鲜</title><link>https://forum.example/1</link>
<description>二食堂的午饭味道不对</description><pubDate>Mon, 13 Jul 2026 04:00:00 GMT</pubDate></item></channel></rss>"""
STAFF = {
    "王一": ("值班员", "备班值班员", "档案记录员"),
    "李二": ("宣传部部长", "宣传部副部长", "新闻发言人", "备任发言人"),
    "赵三": ("领导小组组长", "领导小组副组长", "第二副组长"),
    "周四": ("学生工作处处长", "后勤保障处处长", "保卫处处长", "校医院院长"),
    "吴五": ("新闻干事", "法律事务岗", "网络信息中心主任"),
}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def empty_site(tmp_path):
    """`shudao start --empty` as its administrator starts it; gives the one-time link it prints."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "shudao.project.cli",
        "start",
        "--empty",
        "--port",
        str(port),
        "--data",
        str(tmp_path / "data"),
    ]
    told = {**surroundings(tmp_path / "data"), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        command, cwd=ROOT, env=told, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    yield next(found.group(0) for line in process.stdout if (found := re.search(r"http://\S+/org/enter/\S+", line)))
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)


@pytest.fixture
def letters():
    """A mail server on loopback and what it received."""
    received = []

    class Box:
        async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the library's name
            received.append(message_from_bytes(envelope.content))
            return "250 2.0.0 queued as A1B2C3"

    port = free_port()
    controller = Controller(Box(), hostname="127.0.0.1", port=port)
    controller.start()
    yield port, received
    controller.stop()


@pytest.fixture
def forum(httpserver):
    """A feed on loopback, which allows itself to be read."""
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nAllow: /\n")
    httpserver.expect_request("/feed.xml").respond_with_data(FEED, content_type="application/rss+xml")
    return f"127.0.0.1:{httpserver.port}"


class Morning:
    """One person and one browser, going from page to page."""

    def __init__(self, page, link):
        self.page, self.root = page, link.split("/org/")[0]
        page.set_default_timeout(30_000)
        page.goto(link)
        page.locator("main button").click()

    def go(self, address):
        self.page.goto(self.root + address)

    def fill(self, **fields):
        for name, value in fields.items():
            self.page.locator(f"main [name={name}]").first.fill(value)

    def press(self, name):
        self.page.locator("main").get_by_role("button", name=name, exact=True).click()

    def sees(self, text):
        expect(self.page.locator("#frame")).to_contain_text(text)

    def step(self, name):
        """The guide's own link of a step, by its words."""
        self.go("/setup/")
        assert_accessible(self.page)
        self.page.locator("main").get_by_role("link", name=name, exact=True).first.click()


@pytest.mark.browser
def test_a_morning_from_an_empty_site_to_a_drill_played(quiet, browser_context_args, empty_site, letters, forum):
    morning = Morning(quiet, empty_site)
    name_the_office(morning)
    choose_and_sign_a_plan(morning)
    take_in_five_people(morning)
    watch_for_a_topic(morning)
    listen_to_a_source(morning, forum)
    send_a_test_message(morning, *letters)
    play_a_drill(morning)
    morning.go("/setup/")
    morning.sees("都办好了，可以值班")


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "zh-CN"}


def name_the_office(morning):
    morning.fill(new="马与电池和订书钉不同", again="马与电池和订书钉不同")
    morning.press("保存密码")
    morning.sees("密码已设好")
    morning.go("/")
    morning.page.get_by_role("link", name="开始使用").first.click()
    morning.step("填写名称")
    morning.fill(name="青川师范学院")
    morning.press("组织信息")
    morning.sees("组织信息已修改")


def choose_and_sign_a_plan(morning):
    morning.step("从样例预案带入")
    morning.page.get_by_text("用这一份").nth(1).click()
    morning.page.locator("form[action*=draft_plan]").nth(1).get_by_role("button").click()
    morning.sees("草稿已建立")
    morning.page.get_by_role("button", name=re.compile("全部知悉")).click()
    morning.sees("可以签发")
    morning.page.get_by_role("link", name="岗位与本单位对照").click()
    morning.press("按此设岗")
    morning.page.get_by_role("link", name="下一步：签发").click()
    morning.page.locator("[name=confirm]").check()
    morning.press("签发")
    morning.sees("已签发")


def take_in_five_people(morning):
    for name, posts in STAFF.items():
        morning.go("/org/staff/add_staff/")
        morning.fill(name=name)
        morning.press("登记人员")
        for post in posts:
            morning.go("/org/staff/start_holding/")
            morning.page.locator("main [name=post]").select_option(label=post)
            morning.fill(staff=name)
            morning.press("安排任职")
    morning.go("/org/people/")
    morning.sees("位在册人员")


def watch_for_a_topic(morning):
    morning.step("用样例专题")
    morning.page.locator("[name=shipped]").select_option("college")
    morning.press("先看会改变什么")
    morning.press("照此启用")
    morning.sees("食堂与食品")


def listen_to_a_source(morning, forum):
    look(morning, forum)
    morning.sees("不允许访问")  # an address inside the network is nobody's by default
    morning.page.get_by_role("link", name=re.compile("去放行")).click()
    morning.fill(reason="本院论坛")
    morning.press("放行")
    look(morning, forum)
    morning.sees("食堂今天的菜不新鲜")
    morning.page.locator("[name=agreed]").check()
    morning.press("登记并开始读")
    morning.sees("信源已登记")
    read = morning.page.get_by_role("link", name="食堂今天的菜不新鲜").or_(
        morning.page.get_by_text("食堂今天的菜不新鲜")
    )
    for _ in range(60):  # the worker reads it at its next turn
        if read.count():
            return
        morning.page.reload()
        morning.page.wait_for_timeout(500)
    raise AssertionError("the source was not read")


def look(morning, forum):
    morning.go("/listen/sources/add_source/")
    morning.fill(address=f"http://{forum}/feed.xml")
    morning.press("先看看有什么")


def send_a_test_message(morning, port, received):
    morning.step("设渠道")
    morning.go("/notify/channels/add_channel/?kind=mail")
    morning.fill(name="值班邮箱", host="127.0.0.1", port=str(port), sender="duty@college.example")
    morning.page.locator("[name=safety]").select_option(label="不加密（仅限内网，不能带密码）")
    morning.page.locator("[name=is_inside]").check()
    morning.press("保存")
    morning.sees("没有试过")
    morning.fill(address="head@college.example")
    morning.press("发一条测试消息")
    morning.sees("queued as A1B2C3")  # what the other side answered, to the letter
    assert len(received) == 1


def play_a_drill(morning):
    morning.step("去演练台")
    morning.page.get_by_text("用这个脚本演练").first.click()
    form = morning.page.locator("form[action*=start_run]").first
    form.locator("[name=team]").nth(1).check()
    form.get_by_role("button", name="开始演练").click()
    morning.sees("演练已开始")
    morning.press("走六小时")
    expect(morning.page.locator(".inject-sent").nth(5)).to_be_visible(timeout=240_000)
    morning.page.get_by_text("结束演练", exact=True).click()
    morning.press("结束并评分")
    expect(morning.page.locator("#score-title")).to_be_visible(timeout=60_000)
    morning.press("写成复盘报告（Word）")
    expect(morning.page.locator("section a[download]")).to_have_count(1)
    with morning.page.expect_download() as paper:
        morning.page.locator("section a[download]").first.click()
    assert paper.value.suggested_filename.endswith(".docx")

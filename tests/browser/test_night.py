"""One night: six people in six browsers and the rest of their office, from a call to the closing; one of the six never
answers. Time passes only when the test lets it; what one does is seen in the others' browsers without a tap of theirs."""

import json
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, free_port, surroundings, wait_for
from tests.listen.pictures import picture

pytestmark = pytest.mark.browser
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
SIX = {"duty": DESK, "s04": DESK, "s14": DESK, "s10": DESK, "s02": PHONE, "observer": PHONE}
SHOT = {"name": "a.png", "mimeType": "image/png", "buffer": picture(b"dark street")}
SEEN = "整条青石街都黑了，变压器那边有响声"
PATIENCE = 45_000


class Site:
    """The night's site: where it is, who comes in by which address, and its time."""

    def __init__(self, folder):
        port = free_port()
        command = [sys.executable, "-m", "tests.browser.night_site", str(folder), str(port)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, cwd=ROOT, env=surroundings(folder), stdin=pipe, stdout=pipe, text=True)
        self.address = f"http://127.0.0.1:{port}"
        try:
            self.doors = json.loads(self.process.stdout.readline())
            wait_for(f"{self.address}/org/alive/")
        except BaseException:
            self.stop()
            raise

    def pass_minutes(self, count):
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "passed\n"

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


class Person:
    """Somebody at a browser of his own. `room` once there is one."""

    def __init__(self, site, context, door):
        self.site, self.page, self.faults = site, context.new_page(), []
        self.page.set_default_timeout(PATIENCE)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.go(door)
        self.page.locator("main button").click()
        self.page.wait_for_url(lambda url: door not in url)

    def go(self, place):
        self.page.goto(self.site.address + place)

    def become(self, name):
        self.page.locator("details.me summary").click()
        person = self.page.locator("#switch-person option").filter(has_text=name)
        self.page.locator("#switch-person").select_option(person.get_attribute("value"))
        self.page.get_by_role("button", name="换人", exact=True).click()
        self.sees(".me-name", name)

    def sees(self, where, what):
        expect(self.page.locator(where).first).to_contain_text(what, timeout=PATIENCE)

    def no_more(self, where):
        expect(self.page.locator(where)).to_have_count(0, timeout=PATIENCE)

    def task(self, title):
        return self.page.locator("#tasks li.is-mine").filter(has_text=title)

    def take(self, title):
        self.task(title).get_by_role("button", name="签收", exact=True).click()
        expect(self.task(title).get_by_role("button", name="签收", exact=True)).to_have_count(0, timeout=PATIENCE)

    def do(self, title):
        """Take a task, and where nothing else ends it say that it is done."""
        self.take(title)
        self.task(title).get_by_role("button", name="办结", exact=True).click()
        expect(self.task(title)).to_have_count(0, timeout=PATIENCE)

    def begin(self, title):
        """Take a task and go where it is done."""
        self.take(title)
        self.task(title).get_by_role("link", name="去办理", exact=True).click()

    def fill(self, **fields):
        for name, value in fields.items():
            self.page.locator(f"main form.stack [name={name}]:not([type=radio])").fill(value)

    def send(self):
        before = self.page.url.split("?")[0]
        self.page.locator("main form.stack button.primary").click()
        self.page.wait_for_url(lambda url: not url.startswith(before))


@pytest.fixture
def site(tmp_path, browser_type_launch_args):
    night = Site(tmp_path / "data")
    yield night
    night.stop()


@pytest.fixture
def people(site, browser):
    """The six, and the rest of the office at one more browser, where one after the other sits down."""
    contexts = [browser.new_context(locale="zh-CN", viewport=size) for size in (*SIX.values(), DESK)]
    found = [Person(site, context, site.doors[who]) for context, who in zip(contexts, (*SIX, "s22"), strict=True)]
    yield found
    for context in contexts:
        context.close()
    assert [fault for person in found for fault in person.faults] == []


def test_the_night_from_the_call_to_the_closing(site, people):
    duty, head, lawyer, speaker, leader, observer, office = people

    # 21:05 — the hotline rings; the head, with the board before him, sees it without a tap.
    head.go("/")
    duty.go("/respond/open_incident/")
    duty.fill(title="城南片区停电")
    duty.send()
    head.sees("#matters", "城南片区停电")
    room = duty.page.url.split("#")[0].removeprefix(site.address)
    for person in (head, lawyer, speaker, leader, office):
        person.go(room)
    duty.do("向办公室主任报告")
    expect(head.task("口头报告市公司新闻中心")).to_be_visible(timeout=PATIENCE)

    # An observer in the street: a link and a picture; the duty officer takes it in and attaches it.
    observer.fill(words=SEEN, link="https://m.weibo.cn/status/Mabc12DEf")
    observer.page.locator("input[name=pictures]").set_input_files(SHOT)
    observer.page.locator("form[data-report] button.primary").click()
    observer.sees("h1", "谢谢您")
    site.pass_minutes(1)
    duty.go("/listen/reports/")
    duty.sees("main", SEEN)
    duty.page.get_by_role("button", name="受理").first.click()
    duty.go(f"{room}attach_items/")
    duty.page.locator("label").filter(has_text=SEEN[:8]).first.click()
    duty.send()
    head.sees("#posts", SEEN)

    # Told upwards, verified, assessed; the level is proposed by the clause and confirmed on the phone.
    head.begin("口头报告市公司新闻中心")
    head.send()
    duty.no_more("#tasks li:has-text('口头报告市公司新闻中心') .title:visible")
    office.begin("核对停电与设备情况")
    office.fill(text="10千伏青石线跳闸", figures="停电户数 2140")
    office.send()
    duty.sees(".brief", "2140")
    head.do("会同有关部门初步研判")
    duty.go(f"{room}propose_level/")
    duty.page.locator("select[name=superior_attention]").select_option("yes")
    duty.send()
    leader.sees(".state", "Ⅲ级")
    leader.begin("确认响应级别")
    leader.send()
    for person in (duty, head, lawyer):
        person.sees("#level", "预案第 3.4 条")
    leader.do("副组长启动响应")

    # A meeting: called from the phone, joined by two, held.
    leader.go(f"{room}call_meeting/")
    for post in ("legal", "office_head", "spokesperson"):
        leader.page.locator(f"input[name=called][value={post}]").check()
    leader.send()
    for person in (lawyer, head):
        person.page.get_by_role("button", name="我已到会").click()
    leader.sees("#meetings", "人数已够")
    leader.page.get_by_role("link", name="记录结果").click()
    leader.fill(decision="先发临时口径，每两小时通报一次")
    leader.send()
    duty.sees("#meetings", "每两小时通报一次")

    # The first word: returned by the lawyer, redrafted, signed by her, said yes to by telephone, recorded by the head.
    duty.go(f"{room}draft_statement/?kind=holding")
    duty.fill(text="今晚城南停电系线路被雷击所致，正在抢修。", figures="停电户数 2140")
    duty.send()
    lawyer.page.locator("#statements").get_by_role("link", name="退回…").click()
    lawyer.fill(reason="原因还没有查明，不要写雷击")
    lawyer.send()
    duty.sees("#statements", "原因还没有查明")
    duty.page.locator("#statements").get_by_role("link", name="改写", exact=True).click()
    duty.fill(text="今晚城南停电，原因正在查，正在抢修。", figures="停电户数 2140")
    duty.send()
    lawyer.page.locator("#statements").get_by_role("button", name="同意", exact=True).click()
    head.sees("#statements .tag-warn", "领导小组副组长")
    head.page.locator("#statements").get_by_role("link", name="电话里同意了？代录…").click()
    head.send()
    leader.sees(".alarm.phoned", "口头同意待补签")

    # The spokesperson never answers: three minutes later the ladder has climbed to the deputy, who publishes.
    expect(speaker.task("发布临时口径")).to_be_visible(timeout=PATIENCE)
    site.pass_minutes(3)
    duty.sees("#tasks", "备任发言人")
    office.become("韩松")
    office.go(room)
    office.take("发布临时口径")
    office.page.locator("#statements").get_by_role("link", name="登记发布").click()
    office.page.locator("select[name=channel]").select_option("account")
    office.send()
    for person in (speaker, lawyer, leader):
        person.sees("#statements .tag-good", "已发布")

    # The ladder's time also called deputies elsewhere; the departments answer, one by telephone through the duty officer.
    ask = duty.page.locator("#tasks li").filter(has_text="查明原因、范围和影响")
    ask.get_by_role("link", name="电话里签收了？代录…").click()
    duty.fill(told="运维检修部主任来电，告知值班员")
    duty.send()
    office.become("梁海生")
    office.go(room)
    office.page.get_by_role("button", name="属实，补认").click()
    office.no_more(".alarm.phoned:has-text('运维检修部主任')")
    office.task("查明原因、范围和影响").get_by_role("button", name="办结", exact=True).click()
    expect(office.task("查明原因、范围和影响")).to_have_count(0, timeout=PATIENCE)
    office.do("组织抢修、恢复供电")
    duty.go(f"{room}add_demand/")
    duty.fill(text="青石街什么时候来电")
    duty.page.locator("select[name=owner]").select_option("service_head")
    duty.send()
    office.become("石磊")
    office.go(room)
    office.do("按统一口径首次答复来电和留言")
    office.do("汇集诉求并明确责任岗位")
    office.page.locator("#demands").get_by_role("link", name="答复", exact=True).click()
    office.fill(text="23时已全部恢复，原因查明后公布")
    office.send()
    duty.sees("#demands", "23时已全部恢复")
    office.become("苏文静")
    office.go(room)
    office.do("收齐二十四小时文字、录音和影像记录")

    # Reports to the superior; closing is refused with what is open, each a link to it, and then done.
    for title in ("书面首报市公司新闻中心", "续报处置进展"):
        head.begin(title)
        head.send()
    leader.go(room)
    leader.page.locator("#closing .after a.button").click()
    leader.page.locator("form[action$='close_incident/'] button").click()
    leader.sees(".refusal", "没有办成")
    for code in ("not_settled", "urgent_unwritten", "task_open"):
        expect(leader.page.locator(f".reasons [data-code={code}] a").first).to_be_visible()
    leader.page.locator(".reasons [data-code=urgent_unwritten] a").first.click()
    leader.page.get_by_role("button", name="补签", exact=True).first.click()
    leader.no_more(".alarm.phoned")
    head.go(room.replace("/respond/", "/follow/"))
    head.page.locator("form[action$='settle_incident/'] button").click()
    head.go(room)
    head.begin("向市公司新闻中心终报")
    head.send()
    leader.go(room)
    leader.sees("h1", "等您审签报告")
    leader.page.locator("#superior").get_by_role("button", name="同意", exact=True).click()
    leader.no_more("#superior li.is-mine")
    leader.go(room.replace("/respond/", "/follow/"))
    leader.page.locator("form[action$='close_incident/'] button").click()
    leader.sees("h1", "响应已结束")
    leader.page.locator("form[action$='watch_incident/'] button").click()
    leader.sees("h1", "跟踪中")
    for person in (duty, lawyer, speaker):
        person.sees("h1", "响应已结束")
    duty.sees("#times", "→")

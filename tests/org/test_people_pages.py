"""Pages of people: each verb from its page, lists that stand ten thousand rows, and who was in charge at a moment."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from shudao.base.scene import LIVE
from shudao.ledger.verbs import Actor
from shudao.org import actions
from shudao.org.models import HandOver, Holding, Post, Shift, ShiftRule, ShiftSwap, Staff, Unit
from shudao.org.queries import deputies_of, who_holds
from shudao.project.sample import sample_roster
from tests.site import queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db
PAGES = ("people", "units", "posts", "staff", "shifts", "month", "my_shifts", "hand_overs", "gaps", "shift_rules", "charge",
         "holidays", "contacts", "sheet", "registers", "activity_year")  # fmt: skip


@pytest.fixture
def site(standing):
    actions.set_up_organisation(Actor(LIVE, "system"), sample_roster("power"), is_sample=True)
    return standing


@pytest.fixture
def head(site):
    return signed_in("office_head")


def do(client, verb, /, *args, **given):
    """GET shows the form, POST does it; what comes back says so."""
    address = reverse(f"org:{verb}", args=args)
    assert client.get(address).status_code == 200, verb
    answer = client.post(address, given)
    assert answer.status_code == 302, text_of(answer)
    assert client.get(answer["Location"]).status_code == 200
    return answer


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_in_both_languages(site, name, language):
    page = signed_in("office_head", language).get(reverse(f"org:{name}"))
    text = text_of(page)
    assert page.status_code == 200 and "style=" not in text and text.count("<h1") == 1


def test_an_office_is_built_page_by_page(head):
    do(head, "change_organisation", name="清江供电公司", short_name="清江", parent="市公司")
    do(head, "add_unit", name="联络科", kind="department", parent="lead_office", code="liaison_unit")
    do(head, "add_post", name="联络员", unit="liaison_unit", code="liaison", is_all_hours="on")
    do(head, "set_deputies", "liaison", deputy_1="recorder", deputy_2="", deputy_3="duty_backup")
    assert deputies_of("liaison") == ["recorder", "duty_backup"]
    do(head, "add_staff", name="吴桐", account="wu", phone="139")
    do(head, "start_holding", post="liaison", staff="吴桐", from_at="2026-07-01T08:00")
    assert [row.name for row in who_holds("liaison", timezone.make_aware(datetime(2026, 7, 2)))] == ["吴桐"]
    do(head, "change_post", "liaison", name="新闻联络员", unit="liaison_unit")
    do(head, "change_staff", "wu", name="吴桐桐", phone="138", mail="wu@example.cn")
    do(head, "change_unit", "liaison_unit", name="联络部", kind="office", parent="")
    holding = Holding.objects.get(post__code="liaison")
    do(head, "change_holding", holding.pk, from_at="2026-06-01T08:00", to_at="", reason="写错")
    do(head, "end_holding", holding.pk, to_at="")
    do(head, "retire_staff", "wu")
    do(head, "restore_staff", "wu")
    do(head, "retire_post", "liaison", replaced_by="recorder")
    do(head, "restore_post", "liaison")
    do(head, "retire_post", "liaison", replaced_by="")
    do(head, "retire_unit", "liaison_unit")
    do(head, "restore_unit", "liaison_unit")
    assert Unit.objects.get(code="liaison_unit").name == "联络部"


def test_shifts_from_their_pages(head, site):
    do(head, "add_shift_rule", post="recorder", staff="苏文静", days="weekdays", weekdays=["1", "3"], from_time="08:00", to_time="20:00",
       every_weeks="1", from_on="2026-07-13")  # fmt: skip
    rule = ShiftRule.objects.get(post__code="recorder")
    do(head, "end_shift_rule", rule.pk, to_on="2026-07-20")
    do(head, "add_shift", post="legal", staff="曾丽", start_at="2026-07-20T08:00", end_at="2026-07-20T20:00")
    shift = Shift.objects.get(post__code="legal")
    do(head, "change_shift", shift.pk, staff="范一鸣", start_at="2026-07-20T09:00", end_at="2026-07-20T20:00")
    do(head, "drop_shift", shift.pk)
    assert Shift.objects.get(pk=shift.pk).dropped_at


def test_a_swap_between_two_people_and_by_the_head(head, site):
    mine = signed_in("duty_officer")
    me = who_holds("duty_officer", site.now())[0]
    coming = list(Shift.objects.standing().filter(staff=me, start_at__gt=site.now())[:3])
    other = Staff.objects.get(name="邓宏")
    for shift in coming:
        do(mine, "ask_swap", shift.pk, asked="邓宏", reason="值不了")
    first, second, third = ShiftSwap.objects.order_by("pk")
    site.advance(hours=12)
    his = signed_in("duty_officer")
    do(his, "accept_swap", first.pk)
    do(head, "approve_swap", second.pk)
    do(his, "decline_swap", third.pk, reason="")
    assert Shift.objects.filter(pk__in=[coming[0].pk, coming[1].pk], staff=other).count() == 2
    stranger = signed_in("legal")
    assert stranger.get(reverse("org:accept_swap", args=[third.pk])).status_code == 404
    assert stranger.get(reverse("org:ask_swap", args=[coming[2].pk])).status_code == 404


def test_a_note_goes_from_shift_to_shift(site):
    leaving = signed_in("duty_officer")
    do(leaving, "write_hand_over", post="duty_officer", text="等调度回电\n七点前催抢修")
    assert "请接班" not in text_of(leaving.get(reverse("org:my_shifts")))
    site.advance(hours=11)
    site.advance(hours=2)
    comes = signed_in("duty_officer")
    for name in ("my_shifts", "shifts", "hand_overs"):
        assert "请接班" in text_of(comes.get(reverse(f"org:{name}"))) and "七点前" in text_of(
            comes.get(reverse(f"org:{name}"))
        )
    note = HandOver.objects.get()
    assert comes.post(reverse("org:acknowledge_hand_over", args=[note.pk])).status_code == 302
    assert "请接班" not in text_of(comes.get(reverse("org:my_shifts")))
    assert signed_in("legal").get(reverse("org:acknowledge_hand_over", args=[note.pk])).status_code == 404


def test_who_was_in_charge_at_a_moment(head, site):
    page = text_of(head.get(reverse("org:charge"), {"at": "2026-07-13T14:10", "q": "舆情值班员"}))
    assert "唐婉秋" in page and "在班" in page and "邓宏" not in page.split("<main")[1]
    night = text_of(head.get(reverse("org:charge"), {"at": "2026-07-13T23:10", "q": "舆情值班员"}))
    assert "邓宏" in night.split("<main")[1]
    Holding.objects.filter(post__code="leader").update(to_at=site.now() - timedelta(days=1))
    vacant = text_of(head.get(reverse("org:charge"), {"q": "领导小组组长"}))
    assert "由副岗领导小组副组长顶上" in vacant and "周敏" in vacant
    wrong = head.get(reverse("org:charge"), {"at": "昨天"})
    assert wrong.status_code == 200 and 'role="alert"' in text_of(wrong)


def test_what_cannot_be_understood_comes_back_at_its_field(head):
    address = reverse("org:start_holding")
    page = head.post(address, {"post": "leader", "staff": "没有此人"})
    assert page.status_code == 422 and "没有叫" in text_of(page) and "没有此人" in text_of(page)
    actions.add_staff(Actor(LIVE, "office_head"), name="陈立", account="chen2")
    page = head.post(address, {"post": "leader", "staff": "陈立"})
    assert page.status_code == 422 and "chen2" in text_of(page)
    page = head.post(address, {"post": "leader", "staff": "陈立（chen2）", "from_at": "2026-07-01T00:00"})
    assert page.status_code == 302
    page = head.post(address, {"post": "leader", "staff": "chen2"})
    assert page.status_code == 409 and "已任此职" in text_of(page)


def test_only_an_administrator_names_another(site):
    head = signed_in("office_deputy")
    assert not Staff.objects.get(name="郑凯").is_administrator
    head.post(reverse("org:add_staff"), {"name": "某", "account": "mou", "is_administrator": "on"})
    assert not Staff.objects.get(user__username="mou").is_administrator
    administrator = signed_in("office_head")
    administrator.post(reverse("org:add_staff"), {"name": "某二", "account": "mou2", "is_administrator": "on"})
    assert Staff.objects.get(user__username="mou2").is_administrator


def test_without_the_right_the_pages_are_not_there(site):
    client = signed_in("legal")
    for name in (
        "people",
        "units",
        "posts",
        "staff",
        "gaps",
        "shift_rules",
        "holidays",
        "sheet",
        "contacts",
        "add_staff",
        "add_post",
    ):
        assert client.get(reverse(f"org:{name}")).status_code == 404, name
    for name in ("shifts", "my_shifts", "month"):
        assert client.get(reverse(f"org:{name}")).status_code == 200, name


def test_the_contact_sheet_is_printed_and_a_paper(head, site):
    actions.change_staff(Actor(LIVE, "office_head"), Staff.objects.get(name="陈立"), name="陈立", phone="010-5555")
    page = text_of(head.get(reverse("org:contacts")))
    assert "010-5555" in page and page.count("<tr>") > 21
    paper = head.get(reverse("org:contact_paper"))
    assert paper.content[:2] == b"PK" and "attachment" in paper["Content-Disposition"]


def many(posts=120, people=400, shifts=2000):
    """Many more of everything."""
    unit = Unit.objects.get(code="lead_office")
    Unit.objects.bulk_create(Unit(code=f"u{n}", name=f"科{n}", parent=unit) for n in range(60))
    made = Post.objects.bulk_create(
        Post(code=f"p{n}", name=f"岗{n}", unit=unit, is_all_hours=n % 2 == 0) for n in range(posts)
    )
    users = get_user_model().objects.bulk_create(
        get_user_model()(username=f"m{n}", password="!") for n in range(people)
    )
    staff = Staff.objects.bulk_create(Staff(user=user, name=f"人{n}") for n, user in enumerate(users))
    now = timezone.now().replace(year=2026, month=7, day=13, hour=2)
    Holding.objects.bulk_create(
        Holding(post=made[n % posts], staff=row, from_at=now - timedelta(days=9)) for n, row in enumerate(staff)
    )
    Shift.objects.bulk_create(
        Shift(post=made[n % posts], staff=staff[n % people], start_at=now + timedelta(hours=12 * (n // posts)),
              end_at=now + timedelta(hours=12 * (n // posts) + 12))
        for n in range(shifts)
    )  # fmt: skip


def test_every_page_asks_the_same_number_of_questions_however_many_there_are(head, site):
    before = {name: queries_of(head, reverse(f"org:{name}")) for name in PAGES}
    many()
    for name, count in before.items():
        assert queries_of(head, reverse(f"org:{name}")) <= count + 2, name
    assert queries_of(head, reverse("org:post", args=["p1"])) < 45
    for name in ("posts", "staff", "units", "shifts", "gaps", "charge"):
        assert "第 1 页" in text_of(head.get(reverse(f"org:{name}"))), name

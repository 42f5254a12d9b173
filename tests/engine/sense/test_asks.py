"""问求 (asks): what people ask, demand and complain of, cut as it stands; what is none of these stays out. All invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.engine.sense.asks import LONGEST, Asked, asks_in, group_asks, kind_of

QUESTIONS = [
    "望山小区什么时候恢复供电？", "请问今晚还停不停电", "为什么没有提前通知？", "食堂的检测结果是否公布？", "冰箱里的菜坏了找谁赔？",
    "啥时候才来电呀", "有没有人知道三号楼的情况？", "停电要停多久？", "When will the power come back?", "Why was nobody told?",
    "损失到底赔不赔？", "是线上交还是现场交？", "通知呢？", "有没有人知道几号楼先来电", "求推荐靠谱的修表师傅", "谁家有发电机能借一下",
    "大家都这样，正常吗", "听说要换站长，真的假的", "哪里能借到轮椅",
]  # fmt: skip
DEMANDS = [
    "请供电公司尽快恢复供电。", "强烈要求公布检测结果", "必须给业主一个说法！", "希望学校说明原因并道歉。", "呼吁有关部门彻查此事。",
    "还我们血汗钱！", "快点来人修吧，赶紧抢修", "要个交代！", "We demand an explanation.", "The utility must compensate us for the food.",
    "请求赔偿冰箱里坏掉的食材", "请公司给个答复：商户损失赔不赔？", "电梯里有老人，求扩散求消防快来",
]  # fmt: skip
COMPLAINTS = [
    "热线打了八遍都打不通", "投诉电话没人接。", "停电已经六个小时，一句解释没有", "报修三次无果", "物业和电力互相推。", "到现在还没来电",
    "反映了好几次，没人管", "凭什么只停我们这一片", "Nobody answers the hotline.", "Still no water in block three.",
    "报修四次了，次次说登记", "排了两个小时动都不动", "等了四十分钟，车也不来", "问物业说找供电，问供电说找物业", "从早上等到现在，没人通知一声",
    "通知里一个字没提", "这规矩谁拍脑袋定的", "柜台头都不抬",
]  # fmt: skip
NEITHER = [
    "请广大用户耐心等待，敬请谅解。", "公司将尽快恢复供电。", "供电公司要求各班组立即抢修。", "记者获悉，居民要求公布原因。", "今天天气不错",
    "晚上八点来电了，谢谢师傅们", "我请同学吃饭，路上没停车位", "你知道吗？", "请勿靠近断线。", "会议要求做好值班", "停电两小时，我家猫一动不动",
    "营业厅登记了诉求，说二十四小时内答复", "请停止传播未经证实的数字", "The company said it will restore power soon.",
    "Residents are asked to stay calm.", "我们正在全力抢修，请放心。", "申请退款已经到账", "这菜怎么做都好吃", "", "宿舍楼长挨个问有没有不舒服", "等了三天终于修好，谢谢师傅", "排了十分钟就轮到我", "那边还是老样子",
]  # fmt: skip


@pytest.mark.parametrize("said", QUESTIONS)
def test_a_question_is_a_question(said):
    assert kind_of(said) == "question"


@pytest.mark.parametrize("said", DEMANDS)
def test_a_demand_is_a_demand(said):
    assert kind_of(said) == "demand"


@pytest.mark.parametrize("said", COMPLAINTS)
def test_a_complaint_is_a_complaint(said):
    assert kind_of(said) == "complaint"


@pytest.mark.parametrize("said", NEITHER)
def test_what_asks_nothing_of_the_organisation_is_left_out(said):
    assert kind_of(said) is None


def test_asks_are_cut_from_the_text_where_they_stand():
    text = "昨晚又停了。  什么时候能修好？\n物业说等通知。请电力公司给个说法！"
    assert [(row.kind, text[row.start : row.end]) for row in asks_in(text)] == [
        ("question", "什么时候能修好？"),
        ("demand", "请电力公司给个说法！"),
    ]


def test_a_long_sentence_is_cut_at_its_commas():
    text = "昨天下午风很大，树都倒了一棵，" * 12 + "请供电公司尽快恢复供电，孩子要写作业"
    [found] = asks_in(text)
    assert "请供电公司尽快恢复供电" in text[found.start : found.end] and found.end - found.start <= 2 * LONGEST


@pytest.mark.parametrize("text", [row.translate({0x8BF7: 0x8ACB}) for row in ("请供电公司尽快恢复供电。",)])
def test_traditional_characters_read_the_same(text):
    assert [row.kind for row in asks_in(text)] == ["demand"]


def asked(*texts, kind="question"):
    return [Asked(f"p{place}", kind, text) for place, text in enumerate(texts)]


def test_near_equal_asks_are_one_line_with_their_number():
    rows = asked("望山小区什么时候来电？", "望山小区啥时候能来电啊？", "望山小区什么时候来电呢", "食材坏了谁来赔？")
    groups = group_asks(rows)
    assert [len(group.members) for group in groups] == [3, 1] and groups[0].first.post == "p0"


def test_copies_weigh_and_kinds_stay_apart():
    rows = [Asked("a", "demand", "请赔偿损失", weight=40), Asked("b", "question", "请赔偿损失")]
    assert [(group.kind, group.weight) for group in group_asks(rows)] == [("demand", 40), ("question", 1)]


def test_numbers_do_not_part_what_is_asked():
    assert len(group_asks(asked("三号楼停了3小时什么时候来电", "三号楼停了5小时什么时候来电"))) == 1


@given(st.text(alphabet="请什么时候来电？！。，\n 停没人管谁说法求要abc?", max_size=300))
def test_every_ask_is_a_true_cut_in_order(text):
    last = 0
    for row in asks_in(text):
        assert last <= row.start < row.end <= len(text) and kind_of(text[row.start : row.end]) == row.kind
        last = row.end


@given(st.lists(st.text(alphabet="停电什么时候来赔谁", min_size=1, max_size=12), max_size=25))
def test_grouping_loses_and_doubles_nobody(texts):
    groups = group_asks(asked(*texts))
    assert sorted(row.post for group in groups for row in group.members) == sorted(f"p{n}" for n in range(len(texts)))

"""What comes back is found by its words: copies, claims in other words, stories; and nothing else."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from shudao.engine.follow.recur import Claim, Lookout
from shudao.engine.sense.post import SensePost

T0 = datetime(2026, 3, 8, tzinfo=UTC)
OLD = "城东三个小区停电三天没人管，打电话一直占线，老人孩子怎么办"
CLAIMS = (Claim(id="f3", text="城东停电三天是因为偷工减料"),)


def post(name, text, hours=0, title=""):
    return SensePost(id=name, at=T0 + timedelta(hours=hours), title=title, text=text)


def lookout(**more):
    return Lookout([post("p1", OLD)], CLAIMS, **more)


def test_a_near_copy_weeks_later_comes_back():
    later = post("n1", "【转】城东三个小区停电三天没人管，打电话一直占线，老人孩子怎么办！！", hours=24 * 40)
    assert [(s.item, s.why, s.of) for s in lookout().look([later])] == [("n1", "copy", "p1")]


def test_a_copy_that_turns_the_meaning_says_so():
    first = Lookout([post("p1", "网传城东停电三天属实，请大家互相转告")])
    seen = first.look([post("n1", "网传城东停电三天不属实，请大家互相转告")])
    assert [(s.why, "negation" in s.variant) for s in seen] == [("copy", True)]


def test_a_claim_in_other_words_comes_back():
    seen = lookout().look([post("n1", "听人说了，城东那次停电三天，就是因为施工偷工减料，真的假的？")])
    assert [(s.why, s.of) for s in seen] == [("claim", "f3")] and 0.6 <= seen[0].share <= 1


def test_a_post_in_the_same_story_comes_back():
    seen = lookout(stories=["p1"]).look(
        [post("n1", "供电公司今天又说话了"), post("n2", "天气真好")], {"n1": "p1", "n2": "n2"}
    )
    assert [(s.item, s.why) for s in seen] == [("n1", "story")]


def test_other_matters_and_the_incidents_own_items_do_not():
    others = [post("n1", "市中心医院今天开放新门诊楼"), post("n2", "停电"), post("p1", OLD), post("n3", "")]
    assert lookout().look(others) == []


def test_a_short_claim_is_not_looked_for():
    assert Lookout([], [Claim(id="f1", text="停电")]).look([post("n1", "昨晚停电了一会儿")]) == []


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=60), max_size=8), st.lists(st.text(max_size=40), max_size=3))
def test_any_text_is_looked_at_once_and_the_same_way_each_time(texts, claims):
    posts = [post(f"n{place}", text) for place, text in enumerate(texts)]
    made = [Claim(id=str(place), text=text) for place, text in enumerate(claims)]
    seen = Lookout([post("p1", OLD)], made).look(posts)
    assert seen == Lookout([post("p1", OLD)], made).look(posts)
    assert len({s.item for s in seen}) == len(seen) <= len(posts)

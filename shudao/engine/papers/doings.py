"""措辞 (doings): one line of plain words for a ledger entry, for measures taken and for timelines."""

from collections.abc import Mapping
from typing import Any

from shudao.engine.papers.model import Lang
from shudao.engine.papers.phrases import say_milestone
from shudao.engine.plan.model import Plan
from shudao.engine.respond.orders import ALARM_WORDS
from shudao.engine.words import Words

_W = Words

DOINGS: dict[str, Words] = {
    "raise_alert": _W("发出预警 {alert}", "alert {alert} raised"),
    "acknowledge_alert": _W("签收预警 {alert}", "alert {alert} acknowledged"),
    "open_incident": _W("启动处置 {incident}", "incident {incident} opened"),
    "attach_items": _W("关联信息{count}条", "{count} items linked"),
    "propose_level": _W("建议响应级别 {level}", "level {level} proposed"),
    "confirm_level": _W("确认响应级别 {level}（第{clause}条）", "level {level} confirmed (clause {clause})"),
    "reach_milestone": _W("达到里程碑：{milestone}", "milestone reached: {milestone}"),
    "start_task": _W("下达任务：{step}", "task given: {step}"),
    "call_post": _W("呼叫{post}（第{rung}梯级）", "{post} called (rung {rung})"),
    "acknowledge_task": _W("签收任务：{step}", "task acknowledged: {step}"),
    "submit_task": _W("提交任务：{step}", "task handed in: {step}"),
    "return_task": _W("退回任务：{step}", "task returned: {step}"),
    "finish_task": _W("完成任务：{step}", "task done: {step}"),
    "skip_task": _W("跳过任务：{step}", "task skipped: {step}"),
    "cancel_task": _W("取消任务：{step}", "task cancelled: {step}"),
    "raise_alarm": _W("告警：{reason}（{step}）", "alarm: {reason} ({step})"),
    "add_fact": _W("登记事实 {fact}", "fact {fact} written down"),
    "add_demand": _W("登记诉求 {demand}", "demand {demand} written down"),
    "answer_demand": _W("答复诉求 {demand}", "demand {demand} answered"),
    "decline_demand": _W("不予采纳诉求 {demand}", "demand {demand} declined"),
    "draft_statement": _W("起草口径 {statement}", "statement {statement} drafted"),
    "approve_statement": _W("审签口径 {statement}（{stage}）", "statement {statement} approved ({stage})"),
    "return_statement": _W("退回口径 {statement}（{stage}）", "statement {statement} returned ({stage})"),
    "publish_statement": _W("发布口径 {statement}（{channel}）", "statement {statement} published ({channel})"),
    "tell_superior": _W("向{unit}报告（{manner}）", "{unit} told ({manner})"),
    "hold_meeting": _W("召开会商", "meeting held"),
    "send_briefing": _W("报送专报（{kind}）至{to}", "briefing ({kind}) sent to {to}"),
    "watch_incident": _W("转入跟踪，至 {until}", "watch begun, until {until}"),
    "raise_recurrence": _W("发现再现：{why}", "recurrence found: {why}"),
    "end_watch": _W("跟踪结束，事件密钥已销毁", "watch ended, the incident's key destroyed"),
    "settle_incident": _W("认定事态平息", "matter settled"),
    "close_incident": _W("结束响应", "response closed"),
    "seal_incident": _W("封存档案", "archive sealed"),
    "write_after_action": _W("写成复盘报告", "after-action report written"),
    "add_lesson": _W("登记改进项 {lesson}", "lesson {lesson} entered"),
    "finish_lesson": _W("完成改进项 {lesson}", "lesson {lesson} done"),
    "score_run": _W("评分 {total}", "scored {total}"),
    "send_inject": _W("下发情景 {inject}", "inject {inject} sent"),
    "start_run": _W("演练开始", "drill begun"),
    "finish_run": _W("演练结束", "drill ended"),
    "jump_clock": _W("演练时钟跳进", "exercise clock jumped"),
    "pause_run": _W("演练暂停", "drill paused"),
    "resume_run": _W("演练继续", "drill resumed"),
}

_VALUES: dict[str, Words] = {
    "first": _W("首报", "first"),
    "follow_up": _W("续报", "follow-up"),
    "final": _W("终报", "final"),
    "oral": _W("口头", "orally"),
    "written": _W("书面", "in writing"),
    "phone": _W("电话", "by telephone"),
    "approval_late": _W("审签超时", "an approval is late"),
    "demand_late": _W("诉求答复超时", "the answer to a demand is late"),
}

_PLAIN_NAMES = {
    "step": "steps",
    "post": "posts",
    "unit": "units",
    "to": "units",
    "channel": "channels",
    "stage": "posts",
}


def say_doing(verb: str, data: Mapping[str, Any], lang: Lang, plan: Plan | None = None) -> str:
    """What an entry says in one line; a verb without words of its own prints its name.

    Ids of steps, posts, units and channels become their names in the plan; other values stand as they are.
    """
    words = DOINGS.get(verb)
    if words is None:
        return verb
    return words.say(lang).format_map(_Filled({key: _say(key, value, lang, plan) for key, value in data.items()}))


NOT_IN_PLANS: dict[str, Words] = {
    "controller": _W("导调", "controller"),
    "evaluator": _W("评估员", "evaluator"),
    "system": _W("系统", "the system"),
}
"""Who acts in a ledger without being a post of any plan."""


def say_post(post: str, plan: Plan | None, lang: Lang = "zh") -> str:
    """The name of a post in the plan, else its id."""
    named = _name_in(plan.posts, post) if plan else post
    return NOT_IN_PLANS[post].say(lang) if named == post and post in NOT_IN_PLANS else named


class _Filled(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "—"


def _say(key: str, value: object, lang: Lang, plan: Plan | None) -> str:
    if key == "milestone":
        return say_milestone(str(value), lang, plan)
    if isinstance(value, Mapping):
        return "—"
    if key == "reason" and value in ALARM_WORDS:
        return ALARM_WORDS[str(value)].say(lang)
    text = str(value)
    if plan and key in _PLAIN_NAMES:
        rows = plan.steps if key == "step" else getattr(plan, _PLAIN_NAMES[key])
        named = _name_in(rows, text)
        if named != text:
            return named
    return _VALUES[text].say(lang) if text in _VALUES else text


def _name_in(rows: Any, wanted: str) -> str:
    for row in rows:
        if row.id == wanted:
            return str(getattr(row, "title", "") or row.name)
    return wanted

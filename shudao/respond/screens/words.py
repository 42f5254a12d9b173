"""Words for the codes of an incident: states, kinds, origins, measures."""

from shudao.engine.words import Words

TASK = {
    "pending": Words("待启动", "not started"),
    "called": Words("等签收", "waiting for an answer"),
    "acknowledged": Words("已签收", "taken"),
    "working": Words("办理中", "under way"),
    "submitted": Words("已提交", "handed in"),
    "returned": Words("被退回", "returned"),
    "done": Words("已完成", "done"),
    "skipped": Words("已跳过", "skipped"),
    "cancelled": Words("不再需要", "not needed"),
}
CARRIED = {
    "demand": Words("诉求", "Demand"),
    "task": Words("任务", "Task"),
    "statement": Words("声明", "Statement"),
    "promise": Words("承诺", "Promise"),
    "report": Words("报告", "Report"),
}
TASK_REASON = {
    "level": Words("", ""),
    "plan": Words("新版预案不再有这一项", "the new edition does not have it"),
    "merged": Words("已并入另一事件", "merged into another incident"),
}
FACT = {
    "known": Words("已核实", "Known"),
    "not_known": Words("尚待核实", "Not known yet"),
    "false": Words("查明不实", "Found false"),
}
DEMAND = {
    "open": Words("待答复", "open"),
    "answered": Words("已答复", "answered"),
    "declined": Words("不予采纳", "declined"),
}
CHANNEL = {
    "net": Words("网上信息", "online"),
    "hotline": Words("热线", "hotline"),
    "mailbox": Words("信箱", "mailbox"),
    "petition": Words("信访", "petition"),
    "window": Words("窗口", "counter"),
    "media": Words("媒体", "media"),
    "other": Words("其他", "other"),
}
TASK_ORIGIN = {
    "plan": Words("预案", "the plan"),
    "meeting": Words("会商", "a meeting"),
    "instruction": Words("上级指示", "the superior's instruction"),
    "leader": Words("领导交办", "a leader"),
    "other": Words("其他", "other"),
}
ROLE = {
    "lead": Words("牵头", "Lead"),
    "spokesperson": Words("新闻发言人", "Spokesperson"),
    "liaison": Words("上级联络", "Liaison with the superior"),
    "recorder": Words("记录", "Recorder"),
}
STATEMENT = {
    "waiting": Words("待审签", "waiting for approval"),
    "returned": Words("已退回", "returned"),
    "approved": Words("已签批，待发布", "approved, not yet published"),
    "published": Words("已发布", "published"),
    "sent": Words("已报送", "sent"),
}
ORIGIN = {
    "alert": Words("监测预警", "an alert"),
    "hotline": Words("热线来电", "a hotline call"),
    "security": Words("安保部门报告", "the security office"),
    "leader": Words("领导交办", "a leader"),
    "other": Words("其他", "other"),
}
CHECKLIST = {
    "known": Words("已经查明的", "what is known"),
    "not_known": Words("尚待查明的", "what is not known"),
    "doing": Words("正在做的", "what is being done"),
    "next_update_at": Words("下次何时通报", "when the next word comes"),
    "contact": Words("联系方式", "whom to ask"),
    "empathy": Words("对受影响的人的关心", "care for those affected"),
}
MEASURES = {
    "posts_1h": Words("一小时内的信息条数", "posts within an hour"),
    "posts_total": Words("累计信息条数", "posts in all"),
    "sources": Words("独立信源数", "independent sources"),
    "media_tier": Words(
        "报道媒体的层级（0 无，1 本地，2 省级，3 全国）", "tier of media (0 none, 1 local, 2 province, 3 national)"
    ),
    "growth": Words("是平日的几倍", "times the usual"),
    "duration_h": Words("已持续小时数", "hours it has lasted"),
    "harm": Words("有人员受伤或健康受损的说法", "people are said to be hurt or ill"),
    "credible": Words("该说法可信", "that is credible"),
    "offline": Words("引发线下聚集", "people gather in the street"),
    "superior_attention": Words("上级单位已过问", "the superior unit has asked"),
    "first_handling_failed": Words("首次处置失当", "the first handling went wrong"),
}
YES_OR_NO = frozenset({"harm", "credible", "offline", "superior_attention", "first_handling_failed"})

"""The five tables of the organisation's sheet: their names, columns, headings as people write them, how a cell is read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shudao.engine.words import Words
from shudao.org.sheet import cells

NONE = Words("", "")
DAY_MEND = Words("写成 2026-07-01", "write it as 2026-07-01")
HOUR_MEND = Words("写成 08:00", "write it as 08:00")
YES_MEND = Words("写 是 或 否", "write yes or no")
KINDS = {
    "department": Words("部门", "department"),
    "lead": Words("领导小组", "leading group"),
    "office": Words("办公室", "office"),
    "group": Words("工作组", "working group"),
    "external": Words("外部单位", "outside body"),
    "superior": Words("上级单位", "superior"),
}
IN_SERVICE, OUT = Words("在用", "in use"), Words("停用", "out of use")
HERE, LEFT = Words("在职", "active"), Words("离职", "left")


@dataclass(frozen=True)
class Field:
    """栏 (field): its heading, other headings people use, how its cell is read, and how to mend what cannot be read."""

    name: str
    head: Words
    read: Callable[[object], Any]
    others: tuple[str, ...] = ()
    must: bool = False
    longest: int = 120
    mend: Words = NONE
    note: Words = NONE
    kind: str = "text"
    width: int = 16
    choices: tuple[Words, ...] = ()
    choices_from: tuple[str, str] | None = None


@dataclass(frozen=True)
class Table:
    """表 (table) of the sheet: what it is called and its fields."""

    key: str
    name: Words
    others: tuple[str, ...]
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        """The field of that name."""
        return next(field for field in self.fields if field.name == name)


def _kind(value: object) -> str:
    text = cells.key_of(cells.text_of(value))
    if not text:
        return "department"
    for kind, words in KINDS.items():
        if text in (kind, cells.key_of(words.zh), cells.key_of(words.en)):
            return kind
    raise ValueError(text)


def _out_of_use(value: object) -> bool:
    text = cells.key_of(cells.text_of(value))
    if text in ("在用", "启用", "inuse", "active", ""):
        return False
    if text in ("停用", "撤销", "已停用", "已撤销", "outofuse", "retired"):
        return True
    return cells.yes_of(value)


def _left(value: object) -> bool:
    text = cells.key_of(cells.text_of(value))
    if text in ("在职", "在岗", "在册", "active", "here", ""):
        return False
    if text in ("离职", "离开", "已离职", "已离开", "调离", "退休", "left", "gone"):
        return True
    raise ValueError(text)


def _code(value: object) -> str:
    text = cells.text_of(value)
    if text and not cells.CODE.fullmatch(text):
        raise ValueError(text)
    return text


def _account(value: object) -> str:
    text = cells.text_of(value)
    if text and not cells.ACCOUNT.fullmatch(text):
        raise ValueError(text)
    return text


def _mail(value: object) -> str:
    text = cells.text_of(value).replace(" ", "")
    if text and not cells.MAIL.fullmatch(text):
        raise ValueError(text)
    return text


CODE = Field(
    "code", Words("代码", "Code"), _code, ("编号", "编码", "岗位代码", "单位代码", "id"), longest=60,
    mend=Words("代码只用字母、数字、下划线和连字符", "a code has letters, digits, _ and - only"),
    note=Words("用来认出同一项，不要改；新增的留空即可。预案里写了代码的，照抄。",
               "Tells which row it is: leave it as it is. Empty for a new row, or the code of your plan."),
)  # fmt: skip
STATE_CHOICES = (IN_SERVICE, OUT)
TABLES: tuple[Table, ...] = (
    Table("units", Words("单位", "Units"), ("部门", "机构", "组织机构", "departments"), (
        CODE,
        Field("name", Words("名称", "Name"), cells.text_of, ("单位", "单位名称", "部门", "部门名称", "unit", "department"),
              must=True, width=28),
        Field("parent", Words("上级", "Under"), cells.text_of, ("上级单位", "上级部门", "隶属", "所属", "parent"), width=28,
              choices_from=("units", "name"), note=Words("最高一级留空。", "Empty at the top.")),
        Field("kind", Words("类别", "Kind"), _kind, ("类型", "性质", "type"), choices=tuple(KINDS.values()),
              mend=Words("从下拉项里选", "choose from the list")),
        Field("retired", Words("状态", "State"), _out_of_use, ("停用", "是否停用", "retired"), choices=STATE_CHOICES,
              mend=Words("写 在用 或 停用", "write in use or out of use")),
    )),
    Table("posts", Words("岗位", "Posts"), ("职务", "岗位表", "岗位设置", "positions"), (
        CODE,
        Field("name", Words("名称", "Name"), cells.text_of, ("岗位", "岗位名称", "职务", "职务名称", "post", "position"),
              must=True, width=24),
        Field("unit", Words("单位", "Unit"), cells.text_of, ("所在单位", "所属单位", "部门", "所属部门", "department"),
              must=True, width=28, choices_from=("units", "name")),
        Field("deputies", Words("副岗", "Deputies"), cells.names_of, ("副岗位", "替补", "备岗", "ab岗", "b岗", "deputy"), width=32,
              note=Words("按呼叫次序写岗位名称，用顿号分开。", "Names of posts in the order they are called, with commas.")),
        Field("is_all_hours", Words("昼夜值守", "Day and night"), cells.yes_of, ("24小时", "值守", "全天值守", "allhours"),
              choices=(Words("是", "yes"), Words("否", "no")), mend=YES_MEND),
        Field("retired", Words("状态", "State"), _out_of_use, ("停用", "是否停用", "retired"), choices=STATE_CHOICES,
              mend=Words("写 在用 或 停用", "write in use or out of use")),
    )),
    Table("staff", Words("人员", "Staff"), ("员工", "人员名单", "花名册", "people"), (
        Field("account", Words("账号", "Account"), _account, ("帐号", "用户名", "登录名", "工号", "username", "login"),
              longest=150, mend=Words("账号只用字母、数字和 . @ + - _", "an account has letters, digits and . @ + - _"),
              note=Words("登录用；已有的不要改，新增的可写姓名拼音或工号，留空自动编。",
                         "For signing in. Leave existing ones as they are; empty for a number of its own.")),
        Field("name", Words("姓名", "Name"), cells.text_of, ("名字", "人员", "员工", "员工姓名", "staff"), must=True, longest=60),
        Field("phone", Words("电话", "Telephone"), cells.text_of, ("手机", "手机号", "手机号码", "联系电话", "联系方式", "phone", "mobile"),
              longest=40, width=20, note=Words("本人愿意提供的才写。", "Only what the person is willing to give.")),
        Field("mail", Words("邮箱", "Mail"), _mail, ("邮件", "电子邮箱", "电子邮件", "email", "e-mail"), width=28,
              mend=Words("写成 name@example.cn", "write it as name@example.com")),
        Field("is_administrator", Words("管理员", "Administrator"), cells.yes_of, ("是否管理员", "系统管理员", "admin"),
              choices=(Words("是", "yes"), Words("否", "no")), mend=YES_MEND),
        Field("left", Words("状态", "State"), _left, ("在职状态", "是否在职", "人员状态", "status"), choices=(HERE, LEFT),
              mend=Words("写 在职 或 离职", "write active or left")),
    )),
    Table("holdings", Words("任职", "Holdings"), ("任职表", "岗位任职", "人岗对应", "appointments"), (
        Field("post", Words("岗位", "Post"), cells.text_of, ("岗位名称", "职务", "职务名称", "position"), must=True, width=24,
              choices_from=("posts", "name")),
        Field("unit", Words("单位", "Unit"), cells.text_of, ("部门", "所在单位", "所属单位", "所属部门", "department"), width=24,
              note=Words("岗位重名时用来区分，可不填。", "Only to tell posts of one name apart.")),
        Field("staff", Words("姓名", "Name"), cells.text_of, ("名字", "人员", "任职人", "账号", "staff"), must=True,
              note=Words("写姓名；重名的写成 张伟（账号）。", "The name; where two have it, with the account in brackets.")),
        Field("from_at", Words("起", "From"), cells.moment_of, ("任职日期", "起始", "开始", "开始日期", "起始日期", "任职时间", "start"),
              kind="day", mend=DAY_MEND, note=Words("不填即从写入时起。", "Empty: from now on.")),
        Field("to_at", Words("止", "To"), cells.end_of, ("结束", "结束日期", "截止", "截止日期", "离任日期", "end", "until"),
              kind="day", mend=DAY_MEND, note=Words("到哪一天为止，含当天；一直任职留空。", "The last day; empty while it goes on.")),
    )),
    Table("shifts", Words("班次", "Shifts"), ("排班", "排班表", "值班", "值班表", "班次规则", "rota"), (
        Field("post", Words("岗位", "Post"), cells.text_of, ("岗位名称", "值班岗位", "职务", "position"), must=True, width=24,
              choices_from=("posts", "name")),
        Field("unit", Words("单位", "Unit"), cells.text_of, ("部门", "所在单位", "department"), width=24,
              note=Words("岗位重名时用来区分，可不填。", "Only to tell posts of one name apart.")),
        Field("staff", Words("姓名", "Name"), cells.text_of, ("名字", "人员", "值班人", "值班员", "staff"), must=True),
        Field("days", Words("哪些天", "Days"), cells.days_of_week, ("星期", "周几", "日子", "weekdays"), must=True, width=20,
              mend=Words("写成 周一至周五、每天、工作日 或 休息日", "write Mon-Fri, every day, workdays or days off"),
              note=Words("例如 周一至周五；每天；周一、周三；工作日（含调休上班）；休息日。",
                         "For example Mon-Fri; every day; Mon, Wed; workdays; days off.")),
        Field("from_time", Words("上班", "Begins"), cells.hour_of, ("上班时间", "开始时间", "开始", "接班", "start"), must=True,
              mend=HOUR_MEND),
        Field("to_time", Words("下班", "Ends"), cells.hour_of, ("下班时间", "结束时间", "结束", "交班", "end"), must=True,
              mend=HOUR_MEND, note=Words("不晚于上班时间的，表示到次日。", "The next day when it is not after the beginning.")),
        Field("every_weeks", Words("每几周", "Every weeks"), cells.number_of, ("周期", "几周一轮", "间隔周数", "every"),
              mend=Words("写 1 到 26 的整数", "write a whole number from 1 to 26"), kind="number"),
        Field("from_on", Words("起", "From"), cells.day_of, ("起始", "开始日期", "起始日期"), kind="day", mend=DAY_MEND,
              note=Words("不填即从写入当天起。", "Empty: from today on.")),
        Field("to_on", Words("止", "To"), cells.end_of, ("结束日期", "截止", "截止日期", "until"), kind="day", mend=DAY_MEND),
    )),
)  # fmt: skip


def table(key: str) -> Table:
    """The table of that key."""
    return next(table for table in TABLES if table.key == key)

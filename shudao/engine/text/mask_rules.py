"""遮盖规则 (rules of masking): what has the form of a number that leads to a person, and what around it says otherwise.

A rule is a pattern over the folded text (see `mask`), tried only when one of the characters it needs is there, and a
question about the words before and behind. An earlier rule goes before a later one.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from stdnum import luhn
from stdnum.iso7064 import mod_11_2

HAN_DIGITS = "零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"


class Rule(NamedTuple):
    """One pattern on the folded text; group `it` (else the whole) is masked when `holds` agrees."""

    kind: str
    needs: str  # a character class without which the rule need not be tried; "" for none
    pattern: re.Pattern[str]
    holds: Callable[["Found"], bool]


class Found(NamedTuple):
    shape: str
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.shape[self.start : self.end]

    @property
    def digits(self) -> str:
        return re.sub(r"[^0-9Xx]", "", self.text)

    def before(self, length: int = 14) -> str:
        return self.shape[max(0, self.start - length) : self.start]

    def after(self, length: int = 6) -> str:
        return self.shape[self.end : self.end + length]


# What stands before or behind a number and tells what it is.
_ORDERED = re.compile(
    r"(?:订单|单据|运单|快递|物流|流水|交易|发票|合同|工单|受理|案件|案|序列|批次|批|条形|条|商品|产品|户|表|病案|门诊|取件|包裹|货|票|编|文|型)"
    r"(?:编?号码?|码)(?:是|为)?[\s:#]{0,3}[A-Za-z]{0,4}$|(?:编码|条码|\buid|\bsn|\bimei|验证码)[\s:#]{0,3}$",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\s?(?:[多余]?[万亿]|元|块钱|美元|人次|次|人|户|条|个|件|千瓦|度|立方|吨|平米|平方|公里|米|字节|粉丝|票|%|kwh|mb|gb|kb|\.\d)",
    re.IGNORECASE,
)
_AS_CONTACT = re.compile(
    r"(?:^|[^a-z])(?:tel|phone|mob|mobile|call|wechat|weixin|vx|wx|qq|v|p|t|m|hp|sms)[\s.:=]{0,3}$", re.IGNORECASE
)
_AS_ID = re.compile(
    r"(?:身份证|公民身份|证件|身份)(?:号码?|号)?(?:是|为)?[\s:(]{0,3}$|\bid(?:\s?card)?(?:\s?no\.?)?[\s:#]{0,3}$",
    re.IGNORECASE,
)
_AS_CARD = re.compile(r"(?:卡|账户|帐户|账号|帐号|card)(?:号码?|号)?(?:是|为)?[\s:(]{0,3}(?:no\.?)?\s?$", re.IGNORECASE)
_PUBLIC_HOUSE = re.compile(
    r"(?:教学|行政|实验|办公|综合|写字|住院|门诊|急诊|图书|科技|信息|商务)(?:大?楼|馆|部|大厦|中心)?$|大厦$|广场$|中心$"
)
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")


def _is_contact(found: Found) -> bool:
    """A number that has the form of a telephone number and is not said to be something else."""
    before = found.before()
    if before[-1:].isascii() and before[-1:].isalpha() and not _AS_CONTACT.search(before):
        return False
    return not _ORDERED.search(before) and not _COUNTED.match(found.after())


def _is_said(found: Found) -> bool:
    """Nothing more to check: the words before the number say what it is."""
    return not _COUNTED.match(found.after())


def _is_spoken(found: Found) -> bool:
    """Eleven digits, some of them in Chinese, that would be a mobile number."""
    plain = found.text.translate(_SPOKEN)
    digits = re.sub(r"\D", "", plain).removeprefix("86")
    return plain != found.text and re.fullmatch(r"1[3-9]\d{9}", digits) is not None


def _is_id(found: Found) -> bool:
    digits = found.digits.upper()
    if not _PROVINCE.match(digits):
        return False
    if len(digits) == 15:
        return not _ORDERED.search(found.before())
    return mod_11_2.is_valid(digits) or bool(_AS_ID.search(found.before()))


def _is_card(found: Found) -> bool:
    digits, before = found.digits, found.before()
    if _AS_CARD.search(before):
        return True
    known = digits.startswith(("62", "4", "51", "52", "53", "54", "55", "35", "60"))
    return known and luhn.is_valid(digits) and not _ORDERED.search(before)


def _is_for_mail(found: Found) -> bool:
    """Whether the words before speak of mail; "look at example.com" does not."""
    return re.search(r"邮|发|寄|e-?mail|write|contact", found.before(), re.IGNORECASE) is not None


def _is_plate(found: Found) -> bool:
    return sum(char.isdigit() for char in found.text) >= 3 and not _COUNTED.match(found.after())


def _is_home(found: Found) -> bool:
    return not _PUBLIC_HOUSE.search(found.before(6))


def _yes(_: Found) -> bool:
    return True


_SPOKEN = str.maketrans("零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789")
_GAP = r"[ .·-]{0,2}"
_LOOSE = r"[ .·_*/,-]{0,2}"
_MAIL_HOST = (
    r"(?:qq|163|126|139|foxmail|gmail|outlook|hotmail|sina|sohu|yahoo|aliyun)(?:\.|点)(?:com|cn|net)(?![a-z0-9])"
)
_SAID = r"(?:号码?)?(?:是|为)?[\s:/(#]{0,3}"
_WECHAT = r"(?:微[信❤♥]|薇信|(?<![a-z])(?:wei信|v信|v[❤♥]|vx|wx|wechat|weixin))"
_DOMAIN = r"(?:[a-z0-9-]{1,40}(?:\.|点|\s?\[dot\]\s?|\s?\(dot\)\s?|\sdot\s)){1,5}[a-z]{2,24}(?![a-z0-9])"
_LOCAL = r"(?<![a-z0-9._@+%-])[a-z0-9][a-z0-9._+%-]{0,63}"
_PLACES = "津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLACE = rf"(?:(?<![北南东])京|[{_PLACES}])"
_N = r"(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3}|[A-Za-z])"
_NO_HOME = r"(?!\s?(?:教室|会议|实验|办公|病房|诊室|包厢|阅览|机房|自习|多媒体|考场|班|户|人|元|米|路|年|号线|万|亿|平|㎡|分|%|多|余|岁|[A-Za-z0-9]))"


def _rule(kind: str, needs: str, pattern: str, holds: Callable[[Found], bool] = _yes) -> Rule:
    return Rule(kind, needs, re.compile(pattern, re.IGNORECASE), holds)


_DIGITS = "0123456789"
RULES = (
    _rule("mail", "@", rf"{_LOCAL} ?@ ?{_DOMAIN}"),
    _rule("mail", "", rf"{_LOCAL}\s?(?:艾特|圈a|[(\[{{<#]\s?(?:at|a|@)\s?[)\]}}>#])\s?{_DOMAIN}"),
    _rule("mail", "#", rf"{_LOCAL} ?# ?{_MAIL_HOST}"),
    _rule("mail", "", rf"{_LOCAL} at (?:[a-z0-9-]{{1,40}} dot ){{1,4}}[a-z]{{2,24}}(?![a-z0-9])"),
    _rule("mail", ".", rf"{_LOCAL} at {_DOMAIN}", _is_for_mail),
    _rule(
        "id",
        _DIGITS,
        rf"(?<![0-9a-z])[1-8]\d\d{_GAP}\d{{3}}{_GAP}(?:18|19|20)\d\d{_GAP}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]){_GAP}\d{{3}}"
        rf"{_GAP}[\dx](?![0-9a-z])",
        _is_id,
    ),
    _rule("id", _DIGITS, r"(?<![0-9a-z])[1-8]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?![0-9a-z])", _is_id),
    _rule(
        "permit",
        _DIGITS,
        r"(?:护照|passport|通行证|回乡证|台胞证|军官证|居留证|居住证|签证)(?:号码?|证号|\s?number|\s?no\.?|\s?is|为|是|[\s:(#]){0,4}"
        r"(?P<it>[a-z]{1,3}\d{6,10}|\d{8,10})(?![0-9a-z])",
        _is_said,
    ),
    _rule("permit", "护", r"(?<![0-9a-z])[a-z]{1,2}\d{7,8}(?=号?护照)"),
    _rule(
        "card",
        _DIGITS,
        r"(?<![0-9a-z])(?:\d{16,19}|\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?|\d{6}[ -]\d{10,13})(?![0-9a-z])",
        _is_card,
    ),
    _rule(
        "student",
        _DIGITS,
        rf"(?:学号|学籍号|考生号|准考证|考号|学生证|工号|职工号|student\s?(?:id|no\.?|number)){_SAID}(?P<it>[a-z]{{0,3}}\d{{5,19}})(?![0-9a-z])",
        _is_said,
    ),
    _rule("account", "号", rf"(?:抖音|快手|小红书|微博|b站|陌陌|支付宝)(?:账|帐)?号{_SAID}(?P<it>[a-z0-9][a-z0-9_.-]{{4,29}})(?![a-z0-9])"),
    _rule("account", "_", r"(?<![a-z0-9])wxid_[a-z0-9]{6,24}(?![a-z0-9])"),
    _rule("account", _DIGITS, rf"(?:(?<![a-z])q ?q(?:邮箱)?|扣扣?(?=号|:| |[0-9])|球球|企鹅){_SAID}(?P<it>[1-9]\d{{4,11}})(?!\d)", _is_said),
    _rule(
        "account",
        _DIGITS + "_-",
        rf"{_WECHAT}(?:号码?|\s?id)?(?:是|为)?[\s:/(]{{0,3}}"
        r"(?P<it>(?=[a-z_-]{0,19}[0-9_-])[a-z][a-z0-9_-]{5,19})(?![a-z0-9_-])",
    ),
    _rule(
        "account",
        "",
        rf"(?:{_WECHAT}号码?(?:是|为)?[\s:/(]{{0,3}}|(?:{_WECHAT}|威信|维信|卫星|加[➕+]?v|[➕+]v)(?:号码?|\s?id)?(?:是|为)?:\s?)"
        r"(?P<it>[a-z][a-z0-9_-]{5,19}|[1-9]\d{5,9}(?!\d))(?![a-z0-9_-])",
    ),
    _rule(
        "phone",
        _DIGITS,
        rf"(?<![0-9])(?:\(?(?:\+|00)?86\)?{_GAP}|0)?(?:\(?1[3-9]\d(?:\)?{_LOOSE}\d{{4}}{_LOOSE}\d{{4}}|{_GAP}\d{{8}}"
        rf"|\d\d{_GAP}\d{{3}}{_GAP}\d{{3}}|\d\d{_GAP}\d{{6}}|\d{_GAP}\d{{3}}{_GAP}\d{{4}}|\d{_GAP}\d{{4}}{_GAP}\d{{3}})"
        r"|1[ -][3-9](?:[ -]\d){9})(?![0-9])",
        _is_contact,
    ),
    _rule("phone", "", rf"(?<![{HAN_DIGITS}0-9])(?:[{HAN_DIGITS}0-9][ 、,.·-]?){{10,12}}[{HAN_DIGITS}0-9](?![{HAN_DIGITS}0-9十百千万])", _is_spoken),
    _rule(
        "phone",
        _DIGITS,
        r"(?<![0-9])(?:\(?(?:\+|00)86\)?[ -]{0,2}0?|\(?0)(?:10|2[0-9]|[3-9]\d\d)\)?[ -]{0,2}[2-8]\d{2,3}[ -]?\d{4}"
        r"(?:\s?(?:转|-|ext\.?)\s?(?:分机)?\s?\d{1,6}|[、/][2-8]\d{6,7})?(?![0-9])",
        _is_contact,
    ),
    _rule(
        "phone",
        _DIGITS,
        r"(?:电话|座机|宅电|固话|联系方式|传真|tel|phone)(?:号码?)?(?:是|为)?[\s:.]{0,3}(?P<it>[2-8]\d{2,3}[ -]?\d{4})(?![0-9-])",
        _is_said,
    ),
    _rule("phone", _DIGITS, r"(?<![0-9])00(?:852|853|886)[ -]?\d{8,9}(?![0-9])", _is_contact),
    _rule("plate", _DIGITS, rf"(?:粤 ?z[ ·-]?[a-hj-np-z0-9]{{4}}[港澳]|{_PLACE} ?[a-hj-z][ ·-]?[a-hj-np-z0-9]{{4}}[学挂警领试超])", _is_plate),
    _rule("plate", _DIGITS, rf"(?:{_PLACE}牌? ?[a-hj-z][ ·.-]?[a-hj-np-z0-9]{{5,6}}|wj ?{_PLACE}? ?\d{{4,5}}[a-z0-9]?)(?![a-z0-9])", _is_plate),
    _rule("plate", _DIGITS, r"(?<=[车牌])(?:号|是|为|照|[\s:]){0,3}(?P<it>使\d{6})(?!\d)", _is_plate),
    _rule(
        "address",
        "室房寝栋幢座舍斋#单楼",
        rf"(?<![0-9a-z])(?:(?:{_N}(?:号楼|栋|幢|座|舍|斋)|\d{{1,3}}#)(?:{_N}(?:单元|门))?|{_N}单元)(?:{_N}[楼层])?(?:\d{{3,4}}(?:室|房间?|寝室?|号房?)?|[零〇一二三四五六七八九]{{3,4}}[室房寝]){_NO_HOME}",
        _is_home,
    ),
    _rule("address", _DIGITS, rf"(?<=[路街巷里村苑弄]){_N}号(?P<it>\d{{3,4}}室)", _is_home),
    _rule("address", _DIGITS, r"(?<![0-9-])\d{1,3}-\d{1,2}-\d{3,4}室", _is_home),
)  # fmt: skip

"""报告、审签与渠道 (reports, sign-offs, channels) as the text names them."""

import re
from itertools import islice

import msgspec

from shudao.engine.plan.read.lexicon import NOT_UNITS
from shudao.engine.plan.read.names import mentions
from shudao.engine.plan.read.parts import parts

_REPORT = re.compile(
    r"(?:上报|报告|汇报|报送|呈报|续报|速报|直报|报至|报给|抄报|抄送|通报|反馈(?!意见|信息|情况)|报(?!告|送|道|纸|刊|社|警|名|酬|修|料|表|经|请)|取得联系|请示|"
    r"通知(?![书单，、])|告知|告诉|转告|转报|转交|移交|递交|呈送|送交|送[达至到]|交给|交由|交(?=[\u4e00-\u9fff]{2,8}(?:组|办公室|科|处|局|主任))|"
    r"提交(?:给|至)?|(?:汇总|发)(?:给|至)|"
    r"\b(?:report(?:s|ed|ing)? (?:[^.;,]{1,40}? )?to|notif(?:y|ies)|inform(?:s|ing)?|alert(?:s|ing)?|telephon(?:es?|ing)|"
    r"phon(?:es?|ing)|calls?|tells?|brief(?:s|ing)?|(?:submit|send|sent|hand|forward|escalat|present|deliver)\w* (?:[^.;,]{1,50}? )?to) )",
    re.I,
)
_TO_BEFORE = re.compile(
    r"(?:向|给|与|同)(?P<to>[^，。；、,;：:]{2,24}?)(?:进行|作|做|及时|书面|口头|电话|立即|提交|如实|逐级|首次|初次|汇报|报告|上报|报送|通报|取得)"
)
_FORM = re.compile(
    r"书面(?:形式|材料)?|口头|电话|短信|专报|快报|初报|续报|终报|终结报告|日报|周报|简报|传真|邮件|电子邮件|正式文件|首报|总结报告"
    r"|by (?:tele)?phone|in writing|written(?: report| review| brief\w*)?|oral(?:ly)?|by e-?mail|telephone|phone|e-?mail",
    re.I,
)
_SIGNING = "审定|审核|审批|审签|签发|签字|签署|批准|核准|审阅|同意|签批|把关|核定|会签|审查"
_NO_SIGNING = "(?!岗|人|员|组|会|稿|并|和|、)"
_SIGN = (
    re.compile(
        r"(?:报请|报经|报|经|由|提请|须经|需经|应经)(?P<by>[^，。；,;：:]{2,30}?)(?:统一)?(?:研究)?"
        rf"(?:{_SIGNING}){_NO_SIGNING}(?:同意|后|并)?(?P<what>[^，。；,;：:]{{0,24}})"
    ),
    re.compile(
        r"(?P<what>)(?:approved|signed(?: off)?|cleared|authori[sz]ed|agreed) by (?:the )?(?P<by>[^,.;]{3,50}?)(?= and |[,.;]|$)",
        re.I,
    ),
)
_VERB = re.compile(
    rf"(?:审定|审核|审批|签发|批准|审签|核定|把关|签字){_NO_SIGNING}(?:同意)?(?P<what>[^，。；,;：:后]{{0,30}})"
)
_ENGLISH_VERB = re.compile(
    r"(?:\b(?:has|have|shall|must|will|also) )?\b(?:approv(?:es?|ed)|authori[sz](?:es?|ed)|sign(?:s|ed)? off(?: on)?|clear(?:s|ed)|countersigns?)\b"
    r"(?! by\b)\s*(?P<what>[^.;,:]{0,60})",
    re.I,
)
_MODAL = re.compile(r"(?:应|须|必须|均|需|统一)+$| (?:is|are|must be|shall be) $")
_WHAT_NEXT = re.compile(r"统一|对外|发布|公布|执行|实施|上报|报送")
"""What is done after the signature, not what is signed."""

_CHANNEL = re.compile(
    r"官方(?:微博|微信公众号|微信|抖音号?|视频号|网站|账号|客户端)|微信公众号|公众号|政务微博|门户网站|官网|校园网主页|新闻发布会|新闻通气会|媒体见面会|记者招待会|"
    r"(?<!\d)(?:95598|12345|12329|12320)(?:热线|平台)?|服务热线|咨询热线|值班电话|举报电话|热线电话|校长信箱|院长信箱|意见箱|电子邮箱|微信工作群|微信群|钉钉群|企业微信|钉钉|"
    r"QQ群|短信平台|短信|电子显示屏|公告栏|校园广播|应急广播|广播|电视|报纸|抖音号?|快手号?|小红书号?|今日头条|贴吧|论坛|政务新媒体|融媒体平台|新媒体平台|电话|传真|对讲机|"
    r"微博|微信视频号|视频号|头条号|百家号|客户端|电子屏|宣传栏|"
    r"\b(?i:press conference|press release|news conference|newsletter|intranet|notice ?boards?|text messages?|(?:press |customer |support )?hotline|"
    r"WeChat|Weibo|SMS|e-?mail|telephone)\b"
    r"|(?:(?:[A-Z][A-Za-z]+|company|corporate|official|local|regional|council|hospital|school|university|utility|community)(?:['’]s)? )"
    r"(?:website|web ?site|web page|homepage|app|radio|television|TV|newspaper)\b"
    r"|(?<=its )(?:website|app)\b|\b(?:website)(?= (?:and|or) its\b)"
    r"|\b(?:Facebook|Instagram|LinkedIn|Twitter|YouTube|TikTok|X)(?: (?:page|account|channel|feed))\b|\b(?:Facebook|Instagram|Twitter)\b"
)
NEAR = 60
"""Characters around a verb of reporting within which its recipient stands."""

_NO_REPORT_TO = re.compile(r"^(?:社会|公众|外界|媒体|新闻媒体|事件|情况|信息|其|有关方面)$")


class Report(msgspec.Struct, frozen=True):
    to: str
    form: str | None


class SignOff(msgspec.Struct, frozen=True):
    by: str
    what: str | None


def reports(text: str) -> list[Report]:
    """To whom a line wants reports sent, with the form where the same part names one."""
    found: dict[str, Report] = {}
    for part in parts(text):
        form = _FORM.search(part.text)
        for verb in _REPORT.finditer(part.text):
            for name in _recipients(part.text, verb):
                if name not in found and not _NO_REPORT_TO.match(name):
                    found[name] = Report(name, form.group() if form else None)
    return list(found.values())


def sign_offs(text: str, owner: str | None) -> list[SignOff]:
    """Who signs what; a bare 审定… belongs to the owner of the line, where there is one."""
    found: list[SignOff] = []
    for part in parts(text):
        found += (
            _asked_to_sign(part.text)
            or _names_before(part.text)
            or _owner_signs(part.text, owner)
            or _english_signs(part.text, owner)
        )
    return list(dict.fromkeys(found))


def _asked_to_sign(part: str) -> list[SignOff]:
    """经校长审定, 报分管副县长批准, approved by the director."""
    for pattern in _SIGN:
        hit = pattern.search(part)
        if hit is None:
            continue
        by = [one.name for one in mentions(hit["by"])] or ([hit["by"].strip()] if pattern is _SIGN[1] else [])
        what = re.sub(r"^(?:后|并|同意|的)+", "", hit["what"]).strip() or _MODAL.sub("", part[: hit.start()]).strip()
        what = "" if _WHAT_NEXT.match(what) else what
        if by:
            return [SignOff(name, what or None) for name in by]
    return []


def _names_before(part: str) -> list[SignOff]:
    """医务科、法务科审核: the names that end where the verb begins."""
    for verb in islice(_VERB.finditer(part), 8):
        chain: list[str] = []
        end = verb.start()
        for one in reversed([row for row in mentions(part) if row.end <= verb.start()]):
            if one.end != end and not re.fullmatch(r"[、和与及]|依次|共同|统一|逐级", part[one.end : end]):
                break
            chain.insert(0, one.name)
            end = one.start
        if chain:
            return [SignOff(name, verb["what"] or None) for name in chain]
    return []


def _owner_signs(part: str, owner: str | None) -> list[SignOff]:
    hit = _VERB.search(part)
    return [SignOff(owner, hit["what"])] if owner and hit and len(hit["what"]) >= 2 else []


def _english_signs(part: str, owner: str | None) -> list[SignOff]:
    """The Director has approved it; an approval without a name before it is the owner's of the line."""
    hit = _ENGLISH_VERB.search(part)
    if hit is None:
        return []
    named = [one for one in mentions(part) if one.end <= hit.start()]
    near = named and len(part[named[-1].end : hit.start()].strip()) <= 40
    by = named[-1].name if near else owner
    return [SignOff(by, hit["what"].strip() or None)] if by else []


def channels(text: str) -> list[str]:
    """The channels a line names, each once."""
    return list(dict.fromkeys(hit.group() for hit in _CHANNEL.finditer(text)))


def _recipients(part: str, verb: re.Match[str]) -> list[str]:
    """Names after the verb (上报市公司新闻中心) or between 向 and the verb."""
    after = part[verb.end() : verb.end() + NEAR]
    named = [one for one in mentions(after) if one.start <= (4 if verb.group() != "报" else 0)]
    if named and not re.match(r"^(?:[^，。；]{0,4}(?:后|时|的(?!同时)))", after[: named[0].start] or ""):
        chain = [named[0]]
        for one in mentions(after)[1:]:
            if re.fullmatch(r"[、和与及]|以及|并", after[chain[-1].end : one.start]):
                chain.append(one)
        return [one.name for one in chain if one.name not in NOT_UNITS]
    begin = max(0, verb.start() - NEAR)
    before = part[begin : verb.end()]
    marker = max(before.rfind("向"), before.rfind("给"), before.rfind("与") if verb.group() == "取得联系" else -1)
    if marker < 0:
        return []
    return [one.name for one in mentions(before[marker + 1 : verb.start() - begin]) if one.name not in NOT_UNITS]

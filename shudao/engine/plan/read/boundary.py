"""边界 (the boundary): parts of a written plan that ask for what Shudao does not do (PRODUCT, lint rule PL25).

A part is what stands between commas or stops. It is out when it *asks* for the thing; a part that forbids it
(切忌…删贴) is in. Wording only: nobody's intention is guessed, and a person sees and acknowledges every such part.
"""

import re
from itertools import islice

import msgspec

from shudao.engine.plan.read.parts import Span, items, parts, span
from shudao.engine.words import Words


class Outside(msgspec.Struct, frozen=True):
    """界外 (outside): the span that asks for it and why it is not executable here."""

    span: Span
    why: Words


class _Rule(msgspec.Struct, frozen=True):
    why: Words
    asks: re.Pattern[str]
    unless: re.Pattern[str] | None = None
    nominal: bool = False  # True: names a list, so one item of an enumeration may stand alone


WATCH = Words("要求列名或盯控个人", "asks to list or watch persons")
UNMASK = Words("要求查找发布者是谁", "asks to find out who posted")
REGISTER = Words("要求登记、审查或过滤个人上网", "asks to register, vet or filter people's network use")
DELETE = Words("要求删除、屏蔽或压下内容", "asks to delete, block or press down content")
BLACKLIST = Words("要求给媒体列黑名单", "asks to blacklist the press")
COVERT = Words("要求隐蔽发帖或组织好评", "asks for covert posting or organised praise")
PRIVATE = Words("要求掌握个人健康、处分等数据", "asks for health, discipline or other private data")

_WHO = (
    r"(?:人员|人群|对象|学生|师生|同学|教职工|教师|职工|员工|党员|用户|客户|患者|病人|家属|网民|网友|群众|居民|村民|业主|"
    r"当事人|上访人|信访人|投诉人|发[帖贴布言]者|发[帖贴布言]人|账号|帐号|重点人)"
)
_PERSON_DATA = r"(?:名单|台账|档案|信息库|数据库|花名册)"
_POST = r"(?:发[帖贴文]|跟[帖贴评]|回[帖贴]|顶[帖贴]|灌水|点赞|好评|刷屏|留言|评论|转发|转评赞)"
_WEB = r"(?:上网|联网|入网|网络接入|网络使用|局域网|校园网|宽带|网络账号|网络帐号|IP地址|IP)"
_HARM = (
    r"(?:帖文|帖子|贴子|[帖贴]|信息|言论|评论|文章|稿件|视频|图片|报道|热搜|话题|账号|帐号|内容|链接|谣言|舆情|词条|"
    r"负面|留言|新闻|关键词)"
)
_STATE = (
    r"(?:心理|精神|抑郁|疾病|患病|病史|病历|健康状况|受处分|受过处分|处分|违纪|挂科|学业|表现(?:较|不)?[差好]|家庭情况|"
    r"贫困|单亲)"
)


_THING = (
    r"(?:posts?|comments?|content|articles?|videos?|stor(?:y|ies)|reports?|threads?|pages?|accounts?|information|topics?|"
    r"hashtags?|criticism|coverage|clips?|reviews?)"
)


def _rule(why: Words, asks: str, unless: str = "", nominal: bool = False) -> _Rule:
    return _Rule(why, re.compile(asks, re.I), re.compile(unless, re.I) if unless else None, nominal)


_RULES: tuple[_Rule, ...] = (
    _rule(
        BLACKLIST,
        r"(?:媒体|记者|网站|自媒体|博主|大V)[^，。；]{0,8}黑名单|黑名单[^，。；]{0,6}(?:媒体|记者|网站)|(?:媒体|记者|接待)[^，。；]{0,8}负面清单|列入黑名单|封杀|限制(?:其|该|相关|负面)[^，。；]{0,6}采访|不再接待[^，。；]{0,6}(?:采访|记者|媒体)"
        r"|拒绝[^，。；]{0,6}(?:该|上述|负面)[^，。；]{0,4}(?:媒体|记者)|press blacklist|blacklist[^.;,]{0,40}"
        r"(?:press|media|journalist|reporter|outlet)",
        nominal=True,
    ),
    _rule(
        WATCH,
        rf"(?:重点|监控|关注|敏感|特殊|不稳定|监视|稳控|管控|布控|盯防|可疑)[^，。；、]{{0,6}}{_WHO}[^，。；、]{{0,4}}{_PERSON_DATA}"
        rf"|(?:重点监控|重点关注|重点监管|重点管控|重点稳控)[^，。；、]{{0,4}}(?:人员|对象)?[^，。；、]{{0,4}}{_PERSON_DATA}"
        r"|watch ?list|(?:list|register|file|record)s? (?:of|on) [^.;,]{0,30}\b(?:students?|employees|staff|patients?|activists?|"
        r"residents?|customers?|posters?|complainants?|petitioners?|troublemakers?|parents?) (?:who|with|that|suspected|at risk)",
        nominal=True,
    ),
    _rule(
        WATCH,
        rf"(?:列出|建立|编制|汇总|上报|报送|整理|形成|掌握|拟定)[^，。；、]{{0,14}}(?:{_WHO}|人|者)的?(?:名单|台账|花名册|档案)"
        r"|(?:发[帖贴]|发声|活跃|负面|上访|信访|投诉)[^，。；、]{0,8}(?:名单|台账|花名册)",
        r"值班|联络|联系|监督员|观察员|信息员|通讯员|发言人|成员|专家|志愿者|参[加演会训]|受[灾困伤]|伤|病亡|失联|培训|责任|"
        r"接待|处理台账|办理台账",
        nominal=True,
    ),
    _rule(
        WATCH,
        r"(?:对)[^，。；]{0,14}(?:账号|帐号|博主|大V)[^，。；]{0,8}(?:建档|建立档案|建立台账|长期跟踪|登记造册|重点盯)"
        r"|(?:账号|帐号|博主)[^，。；]{0,4}(?:建档|建立档案|建立台账|登记造册)"
        r"|(?:登记|记录|排查|摸清)[^，。；]{0,10}(?:可疑|敏感|不满|有情绪)[^，。；]{0,2}(?:人员|学生|职工|员工)"
        r"|(?:可疑|敏感|不放心)(?:人员|人|对象)|一人一(?:档|策|案)|[对把][^，。；]{0,8}重点[^，。；]{0,6}摸底"
        r"|(?:关注|掌握|摸清|摸排|摸底|盯[紧住]?|看住|稳住)[^，。；]{0,6}重点(?:人(?!群)|学生|人员|对象|师生|职工|患者)",
        "官方|自有|本单位|本院|本校|政务",
    ),
    _rule(
        PRIVATE,
        rf"{_STATE}[^，。；、]{{0,10}}{_WHO}?[^，。；、]{{0,6}}{_PERSON_DATA}",
        "心理(?:咨询|援助|服务)",
        nominal=True,
    ),
    _rule(
        PRIVATE,
        rf"(?:重点|监控|把握|掌握|排查|摸排|摸底|登记|建立|收集|采集|上报|统计|关注|跟踪|盯)[^，。；]{{0,12}}{_STATE}[^，。；]{{0,8}}"
        rf"(?:{_WHO}|情况|名单|档案|信息|数据)"
        rf"|{_STATE}[^，。；]{{0,4}}{_WHO}[^，。；]{{0,6}}(?:重点|监控|把握|掌握|排查|摸排|登记|建档|上报|关注|跟踪|管控|盯)"
        rf"|(?:完善|采集|收集|建立|摸清|登记|掌握)[^，。；]{{0,4}}{_WHO}的?(?:有效|基本|详细|个人|家庭|全部|身份)?"
        r"(?:信息|档案|资料|数据|台账)"
        r"|(?:health|medical|disciplin|psychiatric)[^.;,]{0,20} (?:records?|lists?|data|files?) (?:of|on|about)",
        "诉求|意见|建议|反映|需求|工作台账|不良反应|心理(?:援助|疏导|咨询|服务|干预)",
    ),
    _rule(
        WATCH,
        rf"(?:重点监控|重点关注|重点盯|重点掌握|重点把握|重点排查|重点监管|重点管控|监视|盯防|盯控|稳控|布控|管控|跟踪|监控|监看|摸排|排查|"
        rf"密切掌握|包保)[^，。；]{{0,10}}{_WHO}"
        rf"|对[^，。；]{{0,12}}{_WHO}[^，。；]{{0,6}}(?:登记造册|造册|列管|监控|监视|盯防|盯控|稳控|布控|管控|摸排|排查|跟踪|日常检查|重点关注|重点检查|"
        r"监看|包保|一对一|建档|建立档案|建立台账)|重点人(?:员|头)?(?:的)?(?:动态|动向|管控|稳控|监控|言行)|敏感人员|盯人|人盯人|专人盯[守控防]"
        r"|(?:monitor|watch|track|surveil|profile)[^.;,]{0,25}\b(?:students?|employees?|staff|patients?|activists?|persons?|"
        r"individuals?|users?|posters?|petitioners?)\b",
        "监控录像|监控视频|视频监控|诉求|情绪|意见|关切|反映的|投诉内容|健康安全|受困|受伤|被困|伤亡|失联|就餐|饮用|"
        "安全隐患|舆情监督|监控人员|监控值班",
    ),
    _rule(
        UNMASK,
        r"(?:查找|查明|查清|查实|追查|锁定|核查|核实|调查|摸清|找到|找出|溯源|追溯|定位|查处|确认|排查|落查|落地|掌握|查询|获取|"
        r"锁死|比对|倒查|配合[^，。；]{0,8}查)[^，。；]{0,14}(?:发[帖贴布言文]者|发[帖贴布言文]人|发布[^，。；]{0,10}(?:的人|人员|者)|"
        r"爆料人|爆料者|造谣者|造谣人|传谣|散布[^，。；]{0,8}(?:者|人)|传播者|真实身份|网民身份|身份信息|IP地址|IP归属|"
        r"是谁(?:发|写|传|拍|爆|泄)|(?:发|写|传|拍)的(?:人|是谁)|是哪(?:个|一|些)[^，。；]{0,6}(?:的|人|班|科|部门|单位)(?:发|写|传)?|"
        r"(?:学生|员工|职工|网民|博主|账号|帐号|作者)(?:的)?(?:身份|真名|姓名|姓甚名谁)|始作俑者|幕后|首发人|原发人|上传者|拍摄者|举报人|泄露信息的人|信息泄露者)"
        r"|约谈[^，。；]{0,4}(?:发[帖贴布文]|爆料|拍摄)|追究[^，。；]{0,6}(?:发[帖贴布文]|爆料|拍摄)[^，。；]{0,2}(?:人|者)"
        r"|(?:追查|查找|锁定|倒查)[^，。；]{0,8}(?:源头|出处)|落地查人|人肉|实名(?:信息)?(?:核查|追查|比对)"
        r"|(?:对|找|约谈)[^，。；]{0,6}(?:发[帖贴布文]|爆料)[^，。；]{0,6}(?:人|者|学生|员工|职工|教师)"
        r"[^，。；]{0,8}(?:谈话|教育|训诫|处分|处理|批评|约谈)"
        r"|对[^，。；]{0,6}(?:造谣|传谣|散布|发[帖贴布])[^，。；]{0,8}(?:者|人|人员)[^，。；]{0,14}"
        r"(?:查处|打击|追究|惩处|处罚|移交|拘留|约谈)"
        r"|依法(?:打击|严惩|查处|追究)[^，。；]{0,10}(?:造谣|传谣|散布|发布|发[帖贴])"
        r"|(?:identify|unmask|trace|find out|locate|track down)[^.;,]{0,30}"
        r"\b(?:poster|author|uploader|source of the (?:post|leak)|who (?:\w+ )?(?:posted|wrote|filmed|leaked|shared|is behind|runs)|"
        r"account holder|whistle-?blower|(?:people|persons?|individuals?|anyone|those|user|users) (?:behind|who (?:post|wrote|film|leak|shar)))"
        r"|(?:real names?|identit(?:y|ies)) of [^.;,]{0,20}(?:post|account|author|user|critic|blogger|upload)",
        "(?:发[帖贴布言文]者|发[帖贴布言文]人|举报人|网民|爆料人)[^，。；]{0,4}(?:所?反映|诉求|所述|所说|所称|提出|投诉的)|责任人|告知|反馈|答复|保护|奖励",
    ),
    _rule(
        REGISTER,
        rf"(?:登记|备案|审查|审核|审批|实名|绑定|普查|限制|禁止|切断|监管|管控|停用|记录)[^，。；]{{0,12}}{_WEB}"
        rf"|{_WEB}[^，。；]{{0,14}}(?:登记|备案|审查|审批|实名|绑定|普查|限制|禁止|管控|过滤|监控|审计)"
        r"|一人一\s*IP|一人一[机号]|过滤软件|过滤系统|上网行为|上网日志|断网|封网|限制[^，。；]{0,6}(?:访问|流量)"
        r"|实名(?:制)?(?:注册|登记|上网|认证)|安装[^，。；]{0,8}(?:过滤|监控)软件"
        rf"|(?:登记|备案|收集|采集|上报|报备)[^，。；]{{0,10}}{_WHO}[^，。；]{{0,6}}(?:账号|帐号|微博号|微信号|社交媒体|网名|手机号)"
        rf"|{_WHO}[^，。；]{{0,6}}(?:个人)?(?:账号|帐号|微博|微信|社交媒体)[^，。；]{{0,8}}(?:登记|备案|报备|审查|检查|监控)"
        r"|(?:register|log|record|vet|check|inspect|audit|monitor)\w*[^.;,]{0,30}\b(?:personal|private|employees?['’]?|staff|students?['’]?|"
        r"patients?['’]?)(?: (?:and|or) \w+)? (?:social media |online |personal )*(?:accounts?|browsing|profiles?|devices?)"
        r"|\b(?:personal|private|employees?['’]?|staff|students?['’]?) (?:social media |online |personal )*(?:accounts?|browsing|"
        r"profiles?)[^.;,]{0,25}(?:registered|recorded|checked|vetted|monitored|inspected|declared)"
        r"|(?:register|filter|block|restrict)\w*[^.;,]{0,25}"
        r"(?:access (?:to )?(?:social|the internet|websites)|network users?|internet (?:use|access)|web access|IP address)",
        r"官方|自有账号|本单位|政务新媒体|网站备案|来电|工单|热线|上网电价|并网|官网|停电|恢复|联网核查设备",
    ),
    _rule(
        DELETE,
        rf"(?:删除|删掉|删去|删|撤下|撤除|下架|屏蔽|封堵|封锁|封禁|封停|封|清除|清理|清查|过滤|压制|压降|降温|拦截|关停|关闭|查删)"
        rf"[^，。；]{{0,14}}{_HARM}"
        r"|(?:负面|不实|有害)[^，。；]{0,6}(?:信息|帖文|帖子|报道|评论|言论)的?(?:封堵|屏蔽|压制|压下|清除)"
        r"|(?:压低|压下|压住|降低|下压)[^，。；]{0,6}(?:话题热度|热搜|搜索排名|搜索排位)|(?:负面|不利)[^，。；]{0,8}(?:压下去|压下来|盖住|盖过)"
        r"|删除|删[帖贴稿文评]|撤[稿帖贴]|封号|禁言|关评|压热搜|降热搜|撤热搜|降热度|压热度|沉[帖贴]|控评|关键词屏蔽|网络封堵|封口"
        rf"|(?:对|将|把)[^，。；]{{0,14}}{_HARM}[^，。；]{{0,8}}(?:删除|屏蔽|封堵|下架|撤下|清除|清理|过滤|拦截|处理掉)"
        r"|(?:帖文|帖子|贴子|信息|言论|评论|视频)[^，。；]{0,6}(?:予以|及时|立即|尽快)(?:删除|屏蔽|下架|清除|清理)"
        r"|(?:联系|协调|请求|要求|商请|通过|找)[^，。；]{0,12}(?:平台|网站|媒体|论坛|版主|群主)[^，。；]{0,10}(?:撤|删|下架|屏蔽|降热|压)"
        rf"|(?:delet\w*|remov\w+|tak\w+ ?down|suppress\w*|block\w*|scrub\w*|censor\w*|withdraw\w*|eras\w+|hid(?:e|ing))[^.;,]{{0,30}}\b{_THING}\b"
        rf"|\b{_THING}\b[^.;,]{{0,25}}\b(?:deleted|removed|taken down|pulled|withdrawn|suppressed|blocked|censored|hidden|erased)\b"
        rf"|\btak\w+ [^.;,]{{0,25}}{_THING} down\b|\bget rid of [^.;,]{{0,20}}{_THING}",
        r"本单位(?:账号|误发)|\bown\b|误发|自行发布的|官方账号误|个人信息|工单|现场|道路|封存|封闭|保存|垃圾|清理整顿办|档案|涉密|存档",
    ),
    _rule(
        COVERT,
        rf"水军|顶[帖贴]|网评员|网络评论员|网络评论队伍|网评队伍|马甲|小号|[刷控]评|刷好评|正面(?:发[帖贴]|跟[帖贴]|评论|留言|声音)"
        r"|制造[^，。；]{0,4}(?:正面)?(?:舆论|声势|热点|话题)|(?:正面)?舆论(?:的)?制造"
        r"|以[^，。；]{0,8}(?:网民|网友|普通|群众|学生|家长|患者|匿名|个人|第三方)[^，。；]{0,4}(?:身份|名义|口吻)|匿名[^，。；]{0,4}(?:发|跟|回|评)"
        rf"|(?:组织|发动|动员|鼓励|安排|号召|引导|指派|要求|雇用|雇佣)[^，。；]{{0,16}}(?:{_WHO}|干部|党员|力量|骨干|志愿者|积极分子)"
        rf"[^，。；]{{0,10}}{_POST}|(?:积极|主动|及时|集中|统一|批量)(?:跟[帖贴评]|顶[帖贴]|点赞|灌水)"
        r"|(?:用|以|通过|注册)[^，。；]{0,6}(?:个人|私人|自己的?|匿名|多个|虚假)(?:账号|帐号|微博|微信号?|号)[^，。；]{0,10}(?:跟|评|发|顶|转|赞|留言)"
        r"|(?:冲淡|稀释|淹没|冲刷)[^，。；]{0,6}(?:负面|评论|信息|舆情|热度)|带节奏|刷[帖赞]|(?:购买|花钱买|付费)[^，。；]{0,8}(?:好评|点赞|热搜|流量|评论)"
        r"|(?:personal|private|own|anonymous|false|several) (?:social media )?accounts? [^.;,]{0,10}(?:to )?(?:post|comment|praise|like|defend)"
        r"|\b(?:post|comment|praise|repl)\w*\b[^.;,]{0,40}(?:from|under|with|using|through) (?:\w+ )?(?:personal|private|own|anonymous|false|different) "
        r"(?:social media )?(?:accounts?|names?)"
        r"|(?:post|writ|leav|publish)\w* [^.;,]{0,12}positive (?:comments?|posts?|reviews?)|\b(?:supportive|favou?rable|flattering|approving|glowing) (?:comments?|posts?|reviews?)|flood\w* [^.;,]{0,30}(?:comment|praise|post|thread)"
        r"|pos(?:e|es|ing) as (?:an? )?(?:ordinary |members? of the public|customers?|patients?|parents?|students?|residents?|citizens?)"
        r"|\bpa(?:y|id|ying) [^.;,]{0,20}(?:bloggers?|influencers?|commenters?|reviews?|likes)"
        r"|(?:covert|anonymous|sock ?puppet|astroturf|paid posters?|organi[sz]ed praise|fake accounts?|"
        r"positive comments)",
        r"官方(?:账号|微博|微信|名义)[^，。；]{0,12}(?:发布|回应|回复)|实名|公开身份|文明(?:上网|发[帖贴]|留言)|理性|举报",
    ),
)

_FRONTED = re.compile(r"(?:并|同时|要|应)*(?:对|将|把|为|给)")
"""A part that puts its objects first (对甲、乙建立台账) cannot be cut at its enumeration commas."""

_FORBIDS = re.compile(
    r"切忌|严禁|不得(?!不)|禁止|不以|不应|不能|不可|不要|不搞|不许|不准|杜绝|避免|防止|反对|而不是|不是|不提倡|不采取|不采用|不宜|决不|绝不|"
    r"拒绝|慎用|谨防|严防|勿|切勿|请勿|不(?=[删封撤屏压水找查追]|建立|设立|列入|组织|联系|要求|登记|限制|收集|掌握|跟踪|安排|雇)|\bnever |\bdo not |\bdoes not |\bmust not |\bmay not |\bshall not |\bwill not |\bshould not |\bnot to |\bcannot |"
    r"\b[Nn]o |\b[Nn]obody |\b[Nn]one |\b[Ww]ithout |\bprohibited |\bforbidden |\brefrain |\b[Nn]either |\b[Nn]ot ",
)
_UNDER_BAN = re.compile(
    r"^(?:[^，。；]{0,4}(?:以)?任何(?:理由|方式|形式|借口|名义)|擅自|私自|直接|随意)?(?:向[^，。；]{0,10})?(?:要求|联系|协调|请求|由)"
)
"""What stands right after a ban is banned too (不得要求媒体撤稿): it gives no order."""

_HARD_BANS = frozenset(
    ("不得", "严禁", "禁止", "不应", "不能", "不可", "不要", "不许", "不准", "决不", "绝不", "切勿", "请勿", "切忌")
)
_RESETS = re.compile(
    r"及时|应当|应该|立即|必须|迅速|尽快|第一时间|并要|而应|应予|一律|坚决予以|要求(?!删)|需要|联系|协调|请求|(?<!理)由"
)
_DENIED = re.compile(
    r"^[^，。；]{0,8}(?:不是目的|并非|不能解决|无济于事|不可取|不得|绝非|的做法不|等行为(?:均)?(?:属|予|应)[^，。；]{0,4}(?:违|禁)|是不)"
)
_LEAD = re.compile(
    r"(?:不得|严禁|禁止|切忌|不准|杜绝)[^。；]{0,14}(?:下列|以下|如下|行为|做法|情形)?[^。；，]{0,8}[：:]\s*$"
)


def outside(text: str, *, forbidden: bool = False) -> list[Outside]:
    """The smallest parts of one line that ask for something outside the boundary, in order.

    `forbidden`: the line stands in a list whose lead-in forbids what follows (不得有下列行为：).
    """
    found: list[Outside] = []
    denied = forbidden
    for part in parts(text):
        stop = text[part.end : part.end + 2].lstrip("”\"' ")[:1]
        hit = None if denied else _hit(text, part)
        if hit:
            found += hit
        if not forbidden and stop in ("：", ":"):
            denied = denied or leads_ban(text[: part.end] + stop)
        elif not forbidden and stop in ("。", "；", ";", ""):
            denied = denied and stop in ("；", ";")
    return found


def leads_ban(text: str) -> bool:
    """Whether a line announces a list of things that are forbidden."""
    return bool(_LEAD.search(text[-60:]))


def _hit(text: str, part: Span) -> list[Outside]:
    for rule in _RULES:
        if rule.nominal:
            pieces = [part] if _FRONTED.match(part.text) else list(items(text, part.start, part.end))
            pieces = [_bare(text, item) for item in pieces]
            listed = [Outside(item, rule.why) for item in pieces if _asks(rule, item.text)]
            if listed and not _forbidden_in(part.text, part.text.find(listed[0].span.text)):
                whole = listed[0].span == part
                more = [] if whole else _others(text, part, rule, listed)
                return sorted(listed + more, key=lambda one: one.span.start)
        elif _asks(rule, part.text):
            return [Outside(part, rule.why)]
    return []


def _others(text: str, part: Span, done: _Rule, listed: list[Outside]) -> list[Outside]:
    """Further items of the same enumeration that other list rules catch."""
    taken = {one.span.start for one in listed}
    return [
        Outside(_bare(text, item), rule.why)
        for rule in _RULES
        if rule.nominal and rule is not done
        for item in items(text, part.start, part.end)
        if item.start not in taken and _asks(rule, item.text)
    ]


def _bare(text: str, item: Span) -> Span:
    """An item of an enumeration without the 等 that closes it."""
    return span(text, item.start, item.end - 1) if item.text.endswith("等") else item


def _asks(rule: _Rule, part: str) -> bool:
    return any(
        not _forbidden_in(part, found.start())
        and not _DENIED.match(part[found.end() :])
        and not (rule.unless and rule.unless.search(part[max(0, found.start() - NEAR) : found.end() + NEAR]))
        for found in islice(rule.asks.finditer(part), MOST_PLACES)
    )


MOST_PLACES = 20
BAN_REACH = 120
"""Characters before what is asked for within which a ban governs it."""

NEAR = 8
"""Characters around what is asked for within which a word can show that it is something else."""


def _forbidden_in(part: str, at: int) -> bool:
    """Whether a ban stands before `at` and nothing between turns it back into an order."""
    ahead = part[max(0, at - BAN_REACH) : at + 1]
    bans = list(_FORBIDS.finditer(ahead))
    if not bans:
        return False
    between = ahead[bans[-1].end() : -1]
    if bans[-1].group() in _HARD_BANS:
        between = _UNDER_BAN.sub("", between)
    return not _RESETS.search(between)

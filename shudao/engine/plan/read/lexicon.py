"""词表 (word lists): how units and posts end, what separates names, what only looks like a name."""

import re


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _pairs(text: str) -> dict[str, str]:
    """`部:门长` -> {"部": "门长"}"""
    return dict(row.split(":") for row in text.split())


UNIT_ENDS = _words(
    """
    领导小组办公室 工作领导小组 领导小组 工作小组 工作专班 专项组 专家组 工作组 小组 专班 指挥部 指挥中心 委员会
    办公厅 办公室 新闻中心 融媒体中心 服务中心 信息中心 网络中心 调度中心 控制中心 中心 党委会 党委 党组 党总支 支部
    团委 工会 学生会 妇联 纪委 政法委 网信办 信访办 文明办 教委 卫健委 发改委 国资委 应急办 党政办 党办 校办 院办
    政府办 综合办 学工办 督查办 市办 县办 宣传部 人民政府 政府 管委会 居委会 村委会 学院 院系 研究院 派出所 司法所
    卫生所 营业所 供电所 事务所 卫生院 分公司 子公司 供电公司 电力公司 总公司 公司 集团 总局 分局 管理局 支队 大队
    中队 队伍 班组 小分队 抢修队 部门 科室 处室 部室 单位 厅 局 部 处 科 室 院 系 组 站 队 委 班 街道 社区 乡镇
    营业厅 供电局 学校 医院 电视台 台 报社
    """
)

POST_ENDS = _words(
    """
    副总指挥 总指挥 指挥长 副指挥 指挥 副组长 组长 副校长 校长 副院长 院长 副书记 党委书记 总支书记 书记 副主任委员
    主任委员 副主任 主任 副部长 部长 副处长 处长 副科长 科长 副局长 局长 副厅长 厅长 副县长 县长 副市长 市长 副区长
    区长 镇长 副镇长 乡长 副所长 所长 副站长 站长 副队长 队长 副经理 总经理 副总经理 经理 副董事长 董事长 总监
    总工程师 总会计师 总法律顾问 秘书长 秘书 新闻发言人 发言人 联络员 联络人 联系人 值班员 值班长 值班主任 值班领导
    值班经理 值班组长 值班老师 值班科长 值班院长 值班校长 值班调度员 总值班 值班干部 值班人员 值班教师 值班护士 值班医师 值班医生 客服代表 客服人员 带班领导 信息员 监督员 观察员 引导员 通讯员 监测员 专员 专责 专工 主管 主责 辅导员
    班主任 教导主任 护士长 医务人员 法律顾问 律师 受理员 档案员 接线员 安全员 宣传员 网格员 保密员 信访员 话务员 巡查员 审读员 校对员 分析员 研判员 预警员 评估员
    采编员 接待员 报送员 舆情员 核实员 调度员 调度长 班长 工会主席 主席 副主席 审核员 审核人 编辑员
    管理员 记录员 协调员 分管领导 主管领导 主要领导 主要负责人 分管负责人 负责同志 负责人 第一责任人 召集人 牵头人
    经办人 承办人 值守人员 舆情监测岗 监测岗 值班岗 岗 干事 编辑 副值 正值
    """
)

COLLECTIVE = re.compile(
    r".*(?:有关|相关)|.*[内下属]各|.*单位$|^(?:各|所有|全体|任何|地方各|有关|相关|涉事|事发|责任|牵头|主管|业务|属地|当事|所在|涉及|承办|主办)"
)
"""Words before a unit that name no particular one; such a unit counts only where it is given duties."""

VAGUE_OWNER = re.compile(
    r"^(?:有关|相关|其他|其它|上述|该|本|以上)(?:职能|业务|责任|成员|主管)?(?:部门|单位|科室|处室|人员|方面|负责人)$"
)

NOT_UNITS = frozenset(
    _words(
        """
    备班 一处 一系 一部 上班 上级公司 上级单位 上级部门 下班 专科 中央 中心 主办 主管部门 举办 之处 乡镇 事业单位
    事发单位 交办 交班 代办 企业单位 企事业单位 会办 会所 会议室 体系 值班 催办 僵局 儿科 兄弟单位 党中央 党政部门
    全公司 全办 全局 全校 全站 全组 全部 全院 公司 关系 兴办 内科 内部 军队 出台 出处 分组 创办 到处 前台 办 加班
    区委 医院 协办 单位 厅 厕所 原委 县委 参办 变电站 台 各组 各部 后台 四处 团队 国务院 在所 场所 培训班 处 处室
    外单位 外科 外部 多处 夜班 大局 大部 好处 妇科 委 媒体单位 学校 学科 学院 实验室 室 害处 寝室 小组 小组组 局
    局部 居室 居所 工作组 市委 布局 帮办 常委 干部 平台 底部 开局 当局 当班 总部 成员单位 我公司 我单位 我局 我校
    我院 所 所在单位 承办 拟办 排队 接班 改组 政委 政局 政府 政府部门 教室 整队 文科 新闻单位 新闻媒体 早班 时局
    晚班 有关方面 本公司 本单位 本局 本校 本科 本站 本组 本部门 本院 柜台 查办 格局 检察院 此处 法院 派系 班 班组
    理科 用人单位 用处 电台 电站 百科 益处 直系 省委 督办 研究所 破局 社区 科 科室 站 管理办 系 组 经办 结局 网点
    网站 职能部门 联系 舞台 街道 该单位 该组 责任单位 责任部门 跟班 车站 转办 轮班 部 部室 部门 部队 重组 长处 阅办
    阅览室 队 队伍 院 院系 难处 集团 领办 领导班
    """
    )
)
"""Whole words that end like a unit and are none (or none in particular)."""

NOT_POSTS = frozenset(
    _words(
        """
    谁主管 谁负责 副岗 正岗 备岗 上岗 下岗 主席 主管 人员 到岗 各岗 在岗 审核人 岗 律师 承办人 指挥 现场指挥 离岗 秘书 组长单位 经办人 经理部
    统一指挥 脱岗 负责同志 顶岗
    """
    )
)

_FOLLOWS = _pairs(
    """
    部:门长分署队级位 处:理置长分罚于在境室事 科:室长学技研 室:内外 院:长校内外系级区士 系:统列 局:长面势部域限
    组:长织成建员合 队:长员伍 站:长点内在 中心:主城工任思 班:组长子级车次 委:员托派书宣办屈 学院:长 学校:长
    指挥:部中机 指挥部:长 公司:化 厅:长 台:账风阶 组长:单 政府:信 主任:医 岗:位前 支部:书 党委:书 经理:部层
    主管:部单机 秘书:处 书记:员处 负责人:身员力事 总值班:室电
    """
)
"""Characters that make an ending part of another word (部 + 门)."""


_PRECEDED = _pairs(
    """
    部:干内外全局大各总底本一军 处:查惩判多一此好之到用长益害四出难何别 科:学百文理本专内外儿妇 室:教寝居议览验
    系:体关联派直谱维 局:大格布结全时僵破当战政 组:改重分全各本该小 队:军部排团整车 站:网车全本
    班:值加接交上下早晚夜跟当轮领训 委:常政原 台:平后前出舞柜电 院:法本全我住入出转 厅:客餐大 岗:在上下到离顶脱各
    """
)
"""Characters that make an ending part of another word (干 + 部)."""


def _ending(words: tuple[str, ...]) -> str:
    rows = []
    for word in sorted(set(words), key=lambda one: (-len(one), one)):
        after = _FOLLOWS.get(word, "")
        before = _PRECEDED.get(word, "") if len(word) == 1 else ""
        head = f"(?<![{before}])" if before else ""
        rows.append(head + re.escape(word) + (f"(?![{after}])" if after else ""))
    return "|".join(rows)


_OFFICE = (
    r"(?:舆情|宣传|新闻|综治|信访|应急|安全|安监|维稳|党建|人事|外事|学生|研究生|教务|指挥部|督查|审计|法制|法务|医务|质管|质控|"
    r"后勤|保卫|招生|国际|科研|财务|纪检|监察|联络|行政|总经理|信息|大数据|媒体|融媒体|公关|品牌|客服|运营|值班)办"
    r"(?![理法公事案学好完结复文件成妥证展校报班])"
)
"""An office by its short name (舆情办); 办 after other words is a verb."""

UNIT_END = re.compile(_OFFICE + "|" + _ending(UNIT_ENDS))
POST_END = re.compile(_ending(POST_ENDS))

_FUNCTION = (
    r"由(?!来|于|此)|经(?!营|理|济|贸|费|信|开|验|办)|向|(?<![应针])对(?!外|口|接|策|方|台|象|应)|与(?!会)|(?<!工业)和(?!谐|平|解|睦)|及其|以及|"
    r"及(?!时|格)|并(?!网|列|发|购)|或者|或|同(?!学|志|济|事|时|步|意|级|类|仁)|将(?!军|要)|把(?!握|关)|为(?!主|止|难|期)|"
    r"是(?!否)|应(?!急|对|变|用|答|聘)|应当|应该|须|必须|需要|需(?!求)|要(?!素|情|闻|点|求|害|件|领|负)|可以|可(?!靠|持|疑|能)|"
    r"根据|按照|依据|接到|收到|在(?!线|校|职|编|岗|建|场)|到(?!位|达|岗)|至(?!少|上)|从(?!业|事|严)|通过|"
    r"后(?!勤|台|期|续|方|备|果)|时(?!政|代|尚|间|限)|的(?!士|话)|等(?!级|待)|以(?!及|上|下|内|外)|于|也|都|均|且|但|若|如|则|让|"
    r"使(?!用)|被|受(?!理|众|伤|损)|随|其(?!他|它|中)|此|按|进行|予以|加以|以便|交(?!通|警|流|易|接|办)|"
    r"报(?!社|刊|业|纸|道|警|修|告厅|送|告)|有(?!关|线|限)|无(?!线)|不|未|已|仍|再|又|就|才|还|只|更|很|这|那|每|某|凡"
)

_PROPER = r"(?!(?:The|Any|Each|Every|All|An|If|When|Once|For|In|On|At|By|No)\b)[A-Z][A-Za-z&'’-]+"
_ENGLISH_UNIT_END = (
    r"(?:Office|Team|Group|Department|Committee|Centre|Center|Unit|Division|Board|Bureau|Agency|Authority|Council|Ministry|"
    r"Desk|Room|Panel|Cell|Section|Directorate|Branch|Commission|Inspectorate|Regulator|Task Force|Taskforce|Service)\b"
    r"(?! (?:[A-Z][a-z]+ )?(?:Officer|Director|Manager|Coordinator|Leader|Chair|Supervisor|Lead|Secretary)\b)"
)
_ENGLISH_POST_END = (
    r"(?:officer|director|manager|spokesperson|spokesman|spokeswoman|coordinator|co-ordinator|leader|chair|counsel|president|"
    r"principal|supervisor|controller|dispatcher|engineer|secretary|superintendent|dean|registrar|headteacher|commissioner|"
    r"chancellor|provost|nurse|matron|operator|editor)"
)
_DETERMINED = r"(?:(?<=\bthe )|(?<=\bany )|(?<=\beach )|(?<=\bevery )|(?<=\ba )|(?<=\ban ))"
ENGLISH_UNIT = re.compile(
    rf"\b(?:{_PROPER}\s+(?:(?:and|of|&|for)\s+)?){{1,4}}{_ENGLISH_UNIT_END}"
    rf"|(?i:{_DETERMINED})(?:Committee|Board|Group|Team|Office|Unit|Council|Desk|Department)\b"
    rf"|(?i:{_DETERMINED})(?:[a-z]+(?:-[a-z]+)? ){{1,2}}(?:team|office|desk|unit|group|committee|room|department|centre)\b"
)
ENGLISH_POST = re.compile(
    rf"\b(?:(?:Deputy|Vice|Assistant|Acting) )?(?:Head|Director|Manager|Secretary|Dean|Chief) of (?:the )?{_PROPER}"
    rf"(?: (?:(?:and|of|&) )?{_PROPER}){{0,3}}"
    rf"|\b(?:(?:Deputy|Vice|Assistant|Acting) )?Chief (?:{_PROPER} ){{0,2}}(?:Executive|Officer|Engineer|Nurse)(?: Officer)?\b"
    rf"|\b(?:(?:{_PROPER}|duty|shift|press|legal|deputy|managing|on-call)\s+){{1,3}}(?i:{_ENGLISH_POST_END}|lead)\b"
    rf"|(?i:{_DETERMINED})(?:(?!(?:of|and|or|to|in|on|for|by|next|same|first|last)\b)[a-z]+(?:-[a-z]+)? ){{1,2}}"
    rf"{_ENGLISH_POST_END}\b"
)
ENGLISH_BARE = frozenset(_words("Committee Board Group Team Office Unit Council Desk Department"))
"""Short forms of one unit; alone they name none."""

_ALWAYS = (
    r"组成|包括|包含|设立|成立|下设|设在|设于|分设|设(?!备|施|计)|挂靠在|挂靠|隶属于|隶属|组建|建立|担任|兼任|出任|(?<![主备责信])任(?!务|职|期|何)|"
    r"负责(?!人(?!身|员|力|事)|同志)|牵头(?!人|单位|部门)|主持|召集(?!人)|会同|协同|协助|商请|报告|汇报|报请|报经|提请|请示|移交|转交|交由|提交|抄送|"
    r"发送|告诉|转告|打电话|看到|核对|送(?!电|变)|当(?=副?(?:组长|主任|总指挥|指挥长))|给(?!予|养|水|排)|派出(?!所)|派(?!出)|指派|指定|授权|委托|任命|要求|告知|听取|征求|接受|属于|称为|简称|明确|确定|决定|抽调|分别|共同|一并|直接|首先|"
    r"统一|全面|具体|主要(?!领导|负责)|切实|认真|积极|立即|立刻|及时|迅速|尽快|马上|第一时间|随时|定期|主动|严格|密切|高度|充分|必要|集体|"
    r"口头|书面|电话|当面|正式|紧急|逐级|同时|做好|开展|加强|落实|完善|宣布|召开|参加|参与|出席|提出|提供|了解|掌握|完成|履行|承担|制定|"
    r"维护|保证|确保|进入|找|各自|我(?!校|院|局|公司)|你|他(?!人)|她|它|并由|均为|作为|增加|遇|涉及|造成|影响|举行|举办|鼓励|关注|发现|注意|"
    r"密切注意|重视|收集|汇总|呼叫|反馈|规范|接收|对接|培训(?!部|处|中心|科)|整理|起草|拟定|拟写|撰写|归口|请(?!示|假)"
)
_UNLESS = (
    r"配合|联系|联络|联合|通知|通报|上报|报送|督促|敦促|协商|组织|协调|指导|审定|审批|审签|签发|批准|审阅|同意|启动|终止|安排|布置|部署|回复|答复|"
    r"接待|承办|实施|执行|研究"
)
_INSIDE = (
    r"监测|监控|监督|研判|分析|处置|处理|发布|核实|核查|调查|管理|指挥|统筹|保障|支持|回应|引导|疏导|沟通|接听|受理|登记|记录|归档|评估|"
    r"总结|培训|演练|宣传|教育|服务|应急|审核|检查"
)
VERBS = f"{_INSIDE}|{_UNLESS}"
BARE_END = (
    r"(?:组|小组|工作组|工作小组|专班|部|办|办公室|处|科|室|局|中心|队|队伍|指挥部|委员会|员|专员|岗|组长|处长|科长|"
    r"部长)"
)
SEPARATOR = re.compile(
    r"[，,。；;：:、！!？?（）()《》〈〉“”\"'\[\]【】|/＋+\s_×*—–-]+|[xX]{2,}|\d+(?:\.\d+)?\s*(?:个?(?:工作日|小时)|分钟|日|天)?(?:之内|以内|内)?"
    rf"|{_ALWAYS}|(?:{_UNLESS})(?!{BARE_END})|{_FUNCTION}"
)
"""What ends one name and lets another begin. Verbs of work together separate unless they name a unit (协调组)."""

INSIDE = re.compile(_INSIDE)
"""Verbs that also stand inside names (应急处置工作组): they separate only when what stands before is a unit already."""

EXPECTS = (
    "由",
    "向",
    "报",
    "会同",
    "与",
    "和",
    "交",
    "交由",
    "请",
    "经",
    "抄送",
    "报告",
    "上报",
    "报送",
    "通知",
    "送",
    "配合",
    "协助",
    "对",
)
"""After these words a name is expected, so what follows it need not be known."""

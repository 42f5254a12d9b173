"""人名 (names): hides those names of persons that something marks: a label before, a form of address behind.

A bare name cannot be told from other words; whoever writes is reminded not to name anybody. Bounded patterns only.
"""

import re

MARK = "〔姓名〕"
_SURNAME = (
    r"(?:欧阳|司马|上官|诸葛|东方|皇甫|尉迟|令狐|慕容|司徒|夏侯|[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋"
    r"蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟申耿]"
    r")"
)
_GIVEN = r"[\u4e00-\u9fff](?<![的了是在和与们])[\u4e00-\u9fff]?(?<![的了是在和与们])"
_NO_NAME = r"(?!任何|高[兴中年级一二三]|安[全静]|方[便面]|何[时人处]|石头|金[属融]|白天|万一|于是|马上|黄[昏色]|温[暖和]|文[学科]|施工|安保|康复|严[重格]|常|夏天|雷[雨电]|江[边南]|龙头)"
_LABEL = re.compile(
    rf"((?:姓名|名字|名叫|叫做|本名|真名|联系人|本人|我叫|她叫|他叫)\s?(?:是|为)?[:：]?\s?){_SURNAME}{_GIVEN}"
)
_TITLE = r"(?:同学|老师|先生|女士|小姐|阿姨|叔叔|师傅|医生|护士|学姐|学长|学妹|学弟|某某|某)"
_TITLED = re.compile(
    rf"(?<![\u4e00-\u9fff]){_NO_NAME}{_SURNAME}(?:{_GIVEN})?(?={_TITLE})"
    rf"|(?<=[是找给和跟向对让叫见的到]){_NO_NAME}{_SURNAME}(?:{_GIVEN})?(?={_TITLE})"
)
_ENGLISH = re.compile(
    r"\b((?:[Mm]y name is|[Hh]er name is|[Hh]is name is|[Nn]ame:|Mr\.?|Mrs\.?|Ms\.?|Miss|Dr\.?)\s)[A-Z][\w'-]{1,30}(?:\s[A-Z][\w'-]{1,30}){0,2}"
)


def hide_names(text: str) -> str:
    """The text with names that are marked as such replaced by a mark."""
    text = _LABEL.sub(lambda found: found[1] + MARK, text)
    text = _TITLED.sub(MARK, text)
    return _ENGLISH.sub(lambda found: found[1] + MARK, text)

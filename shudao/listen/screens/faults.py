"""What went wrong with a source, in words: what it means and what to do about it."""

from typing import NamedTuple

from shudao.engine.words import Words


class Fault(NamedTuple):
    """错误 (fault): what happened, and how to mend it."""

    what: Words
    mend: Words


CHECK = Words("核对地址，在浏览器里打开试试", "check the address; open it in a browser")
LATER = Words(
    "过一会儿再试；站点会自己重试，间隔逐次拉长", "try again later; the site retries by itself, ever more slowly"
)
ASK = Words(
    "不要绕过：换一个公开的订阅地址，或向对方要书面许可和专用地址",
    "do not go round it: use another public feed, or ask them for permission and an address of your own",
)
FAULTS = {
    "address": Fault(
        Words("这个地址不允许访问（内网、保留地址或写法不寻常）", "the address may not be visited (inner, reserved or oddly written)"),
        Words("只能读公网上的 http(s) 地址；本单位自己的服务器要先由管理员列入内网许可", "only public http(s) addresses; a server of your own must first be allowed by the administrator"),
    ),
    "name": Fault(Words("查不到这个主机名", "there is no host of that name"), CHECK),
    "network": Fault(Words("连接失败，或对方中断", "the connection failed or was cut off"), LATER),
    "timeout": Fault(Words("对方没有按时应答", "the other side did not answer in time"), LATER),
    "certificate": Fault(
        Words("对方的证书没有通过检查", "the other side's certificate did not pass the check"),
        Words("请对方更新证书；不要改用 http", "ask them to renew it; do not fall back to http"),
    ),
    "redirects": Fault(Words("跳转次数过多", "too many redirects"), Words("打开它最后跳到的地址，用那个地址登记", "open it and register the address where it ends")),
    "size": Fault(Words("内容超过 10 MB", "the content is over 10 MB"), Words("找一个只含最近条目的订阅地址", "look for a feed with recent entries only")),
    "robots": Fault(Words("网站的 robots.txt 不允许机器读取", "the site's robots.txt says no to machines"), ASK),
    "robots:": Fault(Words("读不到网站的 robots.txt，按规矩暂不读取", "the site's robots.txt cannot be read, so it is left alone"), LATER),
    "status:401": Fault(Words("要登录才能看（401）", "it asks for a sign-in (401)"), ASK),
    "status:403": Fault(Words("对方拒绝访问（403），可能有反爬验证", "the other side refuses (403), perhaps a wall against machines"), ASK),
    "status:404": Fault(Words("地址上没有内容（404）", "there is nothing at the address (404)"), CHECK),
    "status:410": Fault(Words("内容已撤下（410）", "it was taken down (410)"), Words("换新地址，或停用这个信源", "find the new address, or retire the source")),
    "status:429": Fault(Words("对方嫌问得太勤（429）", "the other side says: too often (429)"), Words("把读取间隔调长", "read it less often")),
    "status:5": Fault(Words("对方服务器出错", "the other side's server failed"), LATER),
    "status:": Fault(Words("对方没有给出内容", "the other side gave no content"), CHECK),
    "gate": Fault(Words("对方要求人机验证", "the other side asks for proof of being human"), ASK),
    "page": Fault(
        Words("这是网页，不是订阅源", "this is a web page, not a feed"),
        Words("在网页上找 RSS 或 订阅 链接，用那个地址登记", "look for an RSS or feed link on the page and use that address"),
    ),
    "format": Fault(
        Words("不是能读的订阅源（RSS、Atom、RDF、JSON Feed）", "no readable feed (RSS, Atom, RDF, JSON Feed)"), CHECK
    ),
    "unknown": Fault(Words("读取时出了意外，已记入日志", "something unexpected happened; it stands in the log"), LATER),
}  # fmt: skip


def fault_of(code: str) -> Fault:
    """The words for a kind of fault: the exact one, else that of its family."""
    if code in FAULTS:
        return FAULTS[code]
    family, _, rest = code.partition(":")
    for name in (f"{family}:{rest[:1]}", f"{family}:", family):
        if name in FAULTS:
            return FAULTS[name]
    return FAULTS["unknown"]

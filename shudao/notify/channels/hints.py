"""对症 (hints): what to do about an answer, by its code and, where one code means several things, by its words."""

from typing import NamedTuple

from shudao.engine.words import Words


class Hint(NamedTuple):
    """One known answer. `kinds`: of which channels ("" = all); `words`: what must stand in it, any case."""

    kinds: str
    code: str
    words: str
    mend: Words


_TABLE = (
    Hint("dingtalk", "310000", "keyword", Words(
        "机器人设了“自定义关键词”，消息里没有它：把关键词填进本渠道的“关键词”。",
        "The robot asks for a keyword that the message lacks: enter it as this channel's keyword.")),
    Hint("dingtalk", "310000", "sign", Words(
        "签名对不上：重新复制以 SEC 开头的加签密钥；也请核对服务器时间，误差超过一小时会被拒绝。",
        "The signature does not match: copy the SEC secret again; also check the server's clock, an hour off is refused.")),
    Hint("dingtalk", "310000", "timestamp", Words(
        "时间戳被拒绝：本机时间与标准时间相差超过一小时，请校时。",
        "The time was refused: this machine's clock is more than an hour off, set it.")),
    Hint("dingtalk", "310000", "ip", Words(
        "机器人限定了来源 IP：在机器人的安全设置里加上本站的出口 IP。",
        "The robot admits certain IP addresses only: add this site's outgoing address in its settings.")),
    Hint("dingtalk", "310000", "", Words(
        "没有通过机器人的安全设置：核对关键词、加签密钥和 IP 限制。",
        "The robot's security settings refused it: check keyword, signing secret and IP limits.")),
    Hint("dingtalk", "300001", "", Words(
        "机器人地址里的 access_token 不对：重新复制完整地址。",
        "The access_token in the address is wrong: copy the whole address again.")),
    Hint("dingtalk", "400101", "", Words(
        "机器人地址不完整：缺少 access_token，请重新复制。", "The address lacks its access_token: copy it again.")),
    Hint("dingtalk", "400102", "", Words("机器人已被停用：在钉钉群里重新启用。", "The robot is disabled: enable it in the group.")),
    Hint("dingtalk", "130101", "", Words(
        "发得太快，被限流十分钟；疏导会等满时间再发，不必处理。",
        "Too fast: silenced for ten minutes. Shudao waits and sends by itself.")),
    Hint("dingtalk", "410100", "", Words(
        "发得太快，被限流；疏导会稍后再发，不必处理。", "Too fast; Shudao waits and sends by itself.")),
    Hint("dingtalk", "460101", "", Words("消息过长。请告知维护人员。", "The message is too long; tell whoever maintains the site.")),
    Hint("wecom", "93000", "", Words(
        "机器人地址无效，或机器人已被移出群：在群里重新添加机器人，粘贴新地址。",
        "The address is invalid or the robot was removed: add it to the group again and paste the new address.")),
    Hint("wecom", "45009", "", Words(
        "超过每分钟 20 条的限制；疏导会等一分钟再发，不必处理。",
        "Over 20 messages a minute; Shudao waits a minute and sends by itself.")),
    Hint("wecom", "40008", "", Words("消息类型不被接受。请告知维护人员。", "The kind of message is not accepted; tell the maintainers.")),
    Hint("wecom", "40058", "", Words("消息过长或内容为空。请告知维护人员。", "The message is too long or empty; tell the maintainers.")),
    Hint("feishu", "19021", "", Words(
        "签名不匹配或时间相差超过一小时：重新复制签名密钥，并核对服务器时间。",
        "The signature does not match or the time is over an hour off: copy the secret again and check the clock.")),
    Hint("feishu", "19022", "", Words(
        "来源 IP 不在白名单：在机器人的安全设置里加上本站的出口 IP。",
        "This site's IP address is not on the list: add it in the robot's security settings.")),
    Hint("feishu", "19024", "", Words(
        "消息里没有机器人要求的关键词：把关键词填进本渠道的“关键词”。",
        "The message lacks the robot's keyword: enter it as this channel's keyword.")),
    Hint("feishu", "19001", "", Words(
        "机器人地址无效：在群里查看机器人，重新复制 Webhook 地址。",
        "The address is invalid: copy the robot's webhook address again.")),
    Hint("feishu", "11232", "", Words(
        "超过频率限制（每分钟 100 条、每秒 5 条）；疏导会等一分钟再发，不必处理。",
        "Over the limit (100 a minute, 5 a second); Shudao waits and sends by itself.")),
    Hint("feishu", "9499", "", Words(
        "请求被拒绝：多为地址复制不全或短时过多；核对地址后再试。",
        "Bad request: usually an incomplete address or too many at once; check the address and try again.")),
    Hint("mail", "535", "", Words(
        "账号或密码不对：不少邮箱要在网页里开通 SMTP，并用“授权码”代替登录密码。",
        "User or password is wrong: many mailboxes want SMTP switched on and an app password instead of the usual one.")),
    Hint("mail", "530", "", Words("服务器要求先登录或先加密：填写账号密码，加密选 STARTTLS 或 TLS。",
        "The server wants a sign-in or encryption first: enter user and password, choose STARTTLS or TLS.")),
    Hint("mail", "550", "", Words(
        "收件地址不存在，或服务器不许这个发信地址：核对收件人邮箱和“发信地址”。",
        "No such address, or this sender is not allowed: check the recipient's address and the sender.")),
    Hint("mail", "553", "", Words("发信地址与账号不一致：把“发信地址”改成账号本身。",
        "The sender does not match the account: use the account's own address as sender.")),
    Hint("mail", "554", "", Words("被对方当作垃圾邮件或被策略拒绝：请邮箱管理员放行发信地址。",
        "Refused as spam or by policy: ask the mail administrator to let this sender through.")),
    Hint("mail", "552", "", Words("对方邮箱已满：请收件人清理。", "The mailbox is full.")),
    Hint("mail", "421", "", Words("服务器忙，请求稍后再发；疏导会自动再发。", "The server is busy; Shudao sends again by itself.")),
    Hint("mail", "450", "", Words("收件邮箱暂时不可用；疏导会自动再发。", "The mailbox is not available now; Shudao sends again by itself.")),
    Hint("mail", "tls", "", Words(
        "加密协商失败：多为端口与加密方式不配，465 配 TLS，587 配 STARTTLS。",
        "TLS failed: port and safety usually do not match; 465 goes with TLS, 587 with STARTTLS.")),
    Hint("mail", "unsupported", "", Words(
        "服务器不支持所选的加密或登录方式：换一种加密方式再试。",
        "The server does not know this way to encrypt or sign in: choose another.")),
    Hint("", "certificate", "", Words(
        "对方的证书没有通过检查：本单位自签的证书，邮件渠道可粘贴签发机构的 PEM，其余请装进本机的信任库。",
        "The certificate was not accepted: for the office's own authority paste its PEM (mail), else install it on this machine.")),
    Hint("", "address", "", Words(
        "地址在内网或保留网段，按规定不访问。确是本单位自己的服务器，请在渠道设置里勾选“服务器在本单位内网”。",
        "The address lies in an inner or reserved network and is not visited. If it is the office's own server, tick "
        "“server inside our own network” in the settings.")),
    Hint("", "timeout", "", Words(
        "对方没有按时应答：核对地址和端口，看防火墙是否放行。",
        "No answer in time: check address and port, and whether the firewall lets it through.")),
    Hint("", "name", "", Words(
        "查不到这个主机名：核对有没有写错；没写错就看本机的域名解析是否正常。",
        "No host of that name: check the spelling, then whether this machine resolves names.")),
    Hint("", "network", "", Words(
        "连不上对方：核对地址和端口，看本机能否上网。",
        "No connection: check address and port, and whether this machine reaches the network.")),
    Hint("", "HTTP 401", "", Words("对方不认可密钥：重新复制。", "The key was not accepted: copy it again.")),
    Hint("", "HTTP 403", "", Words("对方拒绝：核对密钥、签名和来源 IP。", "Refused: check key, signature and IP limits.")),
    Hint("", "HTTP 404", "", Words("地址不存在：重新复制完整地址。", "No such address: copy it again, whole.")),
    Hint("", "HTTP 429", "", Words("发得太快；疏导会按对方要求等候再发。", "Too fast; Shudao waits as asked and sends by itself.")),
)  # fmt: skip

_REDIRECT = Words("对方要求转到别的地址，消息不跟着走：把最终地址填进来。",
                  "The other side redirects; messages do not follow: enter the final address.")  # fmt: skip
_BUSY = Words(
    "对方服务暂时有故障；疏导会自动再发。", "The other side has trouble of its own; Shudao sends again by itself."
)


def mend_of(kind: str, code: str, said: str) -> Words | None:
    """What to do about an answer; None when it is not known."""
    for row in _TABLE:
        if row.code == code and row.kinds in ("", kind) and row.words in said.lower():
            return row.mend
    if code.startswith("HTTP 3"):
        return _REDIRECT
    return _BUSY if code.startswith("HTTP 5") else None

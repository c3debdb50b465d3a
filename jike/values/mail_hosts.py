"""Where everybody may have a mail address: that two people write from there says nothing of whom they work for."""

__all__ = ["PUBLIC_MAIL_HOSTS"]

_HOSTS = """
qq.com vip.qq.com foxmail.com 163.com vip.163.com 126.com yeah.net 188.com sina.com sina.cn vip.sina.com sohu.com
tom.com 21cn.com aliyun.com 139.com 189.cn 189.com wo.cn wo.com.cn 263.net eyou.com
outlook.com hotmail.com live.com live.cn msn.com
gmail.com googlemail.com yahoo.com yahoo.cn yahoo.com.cn ymail.com icloud.com me.com mac.com proton.me protonmail.com
gmx.com mail.com mail.ru yandex.com zoho.com aol.com naver.com 88.com petalmail.com
"""
PUBLIC_MAIL_HOSTS = frozenset(_HOSTS.split())

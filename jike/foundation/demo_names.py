"""Invented Chinese names of people for demo data: believable in their frequencies, never drawn from real lists.

Surnames are weighted as in the census; given names are made of characters that people actually use together.
"""

from random import Random

__all__ = ["invented_name"]

# Share in per mille of the population, rounded, and the surnames that have it.
_SURNAMES_BY_SHARE = {
    71: "王",
    70: "李",
    65: "张",
    51: "刘",
    44: "陈",
    31: "杨",
    22: "黄",
    21: "赵",
    19: "周",
    18: "吴",
    15: "徐",
    14: "孙",
    12: "胡 朱 高",
    11: "林 何 郭",
    10: "马",
    9: "罗 梁",
    8: "宋 郑",
    7: "谢 韩 唐 冯",
    6: "于 董 萧 程 曹 袁 邓 许",
    5: "傅 沈 曾 彭 吕 苏 卢 蒋 蔡",
    4: "贾 丁 魏 薛 叶 阎 余 潘 杜 戴 夏 钟 汪 田 任 姜 范 方 石",
    3: "姚 谭 廖 邹 熊 金 陆 郝 孔 白 崔 康 毛 邱 秦 江",
    2: "史 顾 侯 邵 孟 龙 万 段 欧阳",
    1: "单 解 区 上官 司徒",
}
_SURNAMES = {name: share for share, names in _SURNAMES_BY_SHARE.items() for name in names.split()}
_FIRST = "志建文晓俊海国永家思雨欣佳美丽春明立天子浩宇嘉梓诗若静玉秀少伟振泽锦书"
_SECOND = "强伟华敏军杰磊涛勇超峰平刚辉鹏飞斌波宁琳娟芳燕玲霞颖慧洁婷雪倩怡萱涵轩然豪晨阳东林清源"
_SINGLE = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红鹏飞彬莉斌宇浩凯健俊帆雯晨璐琪航博"


def invented_name(random: Random) -> str:
    """Return a name; three in four have a given name of two characters."""
    surname = random.choices(list(_SURNAMES), weights=list(_SURNAMES.values()))[0]
    if random.random() < 0.25:
        return surname + random.choice(_SINGLE)
    first, second = random.choice(_FIRST), random.choice(_SECOND)
    return surname + first + (second if second != first else "文")

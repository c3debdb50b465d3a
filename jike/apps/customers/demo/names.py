"""Names of customers that do not exist: a real city, an invented brand, a trade, a legal form.

Brands are pairs of characters that sound like brands; nobody's was copied. Offices are those of invented new areas,
schools and hospitals bear brands too. `Namer` counts through the combinations, so that a million names differ without
being compared, and puts their order keys together from parts, since reading a whole name takes 90 µs.
"""

from functools import cache
from typing import NamedTuple

from jike.values.pinyin import syllables

__all__ = ["TRADES", "Name", "Namer", "Trade"]

FIRST = "澜砚霁禾榆鹭岚岫枫汐棠屿栖颂阙翊昱珩玥芃荟蔚翎穗铎钧骁隽雍雁霖瀚湛岑蓼芷"
SECOND = "川屿禾棠鸣野舟宸序衍沐枢岳澄原驰畅诚途泽辰拓启朗润桥岸湾峰渡梧桐帆"
LATER = ("", "达", "信", "德", "联", "创", "美", "佳")
"""Endings of brands, once a city has a trade of every brand."""


class Trade(NamedTuple):
    """What a customer does: the words of its name, its industry, its kind in law, and how common it is."""

    words: str
    industry: str
    kind: str
    share: int


def _trades() -> tuple[Trade, ...]:
    trades = []
    for line in _TABLE.strip().splitlines():
        industry, kind, share, words = line.split()
        trades += [Trade(word, industry, _KINDS[kind], int(share)) for word in words.split("、")]
    return tuple(trades)


_KINDS = {"企": "enterprise", "事": "institution", "机": "government", "社": "association"}

# Industry, kind in law, share, and endings of names; all 20 sections of GB/T 4754 and most divisions.
_TABLE = """
A01 企 2 农业发展有限公司、种业有限公司、果蔬有限公司
A02 企 1 林业有限公司
A03 企 1 牧业有限公司
A04 企 1 水产养殖有限公司
B08 企 1 矿业有限公司
B10 企 1 石材开采有限公司
C13 企 2 粮油加工有限公司
C14 企 3 食品有限公司、调味品股份有限公司
C15 企 2 茶业有限公司、饮品有限公司
C17 企 2 纺织有限公司
C18 企 2 服饰有限公司
C19 企 1 鞋业有限公司
C20 企 1 木业有限公司
C21 企 2 家具有限公司
C22 企 1 纸业有限公司
C23 企 1 印刷有限公司
C24 企 1 文体用品有限公司
C26 企 2 化工有限公司、涂料有限公司
C27 企 2 药业股份有限公司、生物制药有限公司
C29 企 2 塑胶制品有限公司
C30 企 2 陶瓷有限公司、建材有限公司
C31 企 1 钢铁有限公司
C33 企 2 五金制品有限公司
C34 企 2 机械有限公司
C35 企 2 专用装备有限公司
C36 企 2 汽车零部件有限公司
C37 企 1 船舶工程有限公司
C38 企 3 电器有限公司、新能源电池有限公司
C39 企 4 电子科技有限公司、半导体有限公司、光通信器件股份有限公司
C40 企 1 仪器仪表有限公司
C42 企 1 再生资源有限公司
C43 企 1 设备维修有限公司
D44 企 1 电力有限公司
D45 企 1 燃气有限公司
D46 企 1 水务有限公司
E47 企 2 建筑工程有限公司
E48 企 2 路桥工程有限公司
E49 企 1 机电安装有限公司
E50 企 2 装饰工程有限公司
F51 企 4 贸易有限公司、供应链有限公司、医药批发有限公司
F52 企 4 商贸连锁有限公司、超市有限公司、汽车销售有限公司
G54 企 2 公路货运有限公司、公交客运有限公司
G55 企 1 航运有限公司、港务有限公司
G56 企 1 通用航空有限公司
G58 企 2 国际货运代理有限公司
G59 企 2 仓储有限公司
G60 企 1 速递有限公司
H61 企 2 酒店有限公司、度假村有限公司
H62 企 2 餐饮管理有限公司
I63 企 1 广电网络有限公司
I64 企 2 互联网科技有限公司、数据服务有限公司
I65 企 4 软件有限公司、信息技术股份有限公司、智能科技有限公司
J66 企 1 村镇银行股份有限公司、小额贷款有限公司
J67 企 1 证券投资咨询有限公司、基金销售有限公司
J68 企 1 保险经纪有限公司
J69 企 1 融资租赁有限公司
K70 企 3 置业有限公司、物业管理有限公司
L71 企 1 设备租赁有限公司
L72 企 3 人力资源有限公司、会展服务有限公司、广告传媒有限公司
M73 企 1 生物医药研究院有限公司
M74 企 2 工程设计有限公司、检测技术有限公司
M75 企 1 科技成果转化中心有限公司
N76 企 1 水利工程管理有限公司
N77 企 1 环保科技有限公司
N78 企 1 园林景区管理有限公司
O80 企 1 家政服务有限公司
O81 企 1 汽车维修服务有限公司
P83 事 2 实验学校、职业技术学院、幼儿园
Q84 事 2 康复医院、妇儿医院、社区卫生服务中心
Q85 社 1 养老服务中心
R86 企 1 出版传媒有限公司
R87 企 1 影视制作有限公司
R88 企 1 文化艺术有限公司
R89 企 1 体育发展有限公司
R90 企 1 主题乐园有限公司
S92 机 2 新区管理委员会、高新园区管理局、新区行政服务中心
S94 事 1 新区社会保障服务中心
S95 社 1 行业商会、青年企业家协会
S96 社 1 社区居民委员会
T97 社 1 国际经贸交流联络处
"""

TRADES = _trades()


class Name(NamedTuple):
    """A customer's name with its order key and its brand."""

    name: str
    key: str
    brand: str


class Namer:
    """Gives new names: each trade in each city goes through all brands, beginning somewhere else."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, str], int] = {}
        self._brands = [first + second for first in FIRST for second in SECOND if first != second]

    def next_name(self, city: str, trade: Trade) -> Name:
        """Return a name that was not given before; ``city`` as people shorten it."""
        given = self._given.get((city, trade.words), 0)
        self._given[city, trade.words] = given + 1
        begin = _begin(city + trade.words)
        turn, place = divmod(given, len(self._brands))
        brand = self._brands[(begin + place * STEP) % len(self._brands)] + LATER[turn]
        return self.composed(city, brand, trade.words)

    def composed(self, *parts: str) -> Name:
        """Return the name made of ``parts``, whose second is the brand, with its order key put together from theirs."""
        text = "".join(parts)
        return Name(text, " ".join(map(_key, parts)) + "\t" + text, parts[1])


STEP = 701
"""A prime that shares no divisor with the number of brands, so that every brand has its turn."""


@cache
def _begin(words: str) -> int:
    return sum(map(ord, words))


@cache
def _key(part: str) -> str:
    return " ".join(syllables(part))

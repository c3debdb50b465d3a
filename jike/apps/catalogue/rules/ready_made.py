"""A catalogue to begin with: 16 specifications and 40 offerings over all families, in both languages.

Prices are invented but of the right size; a real site keeps, changes or retires them.
"""

from decimal import Decimal
from typing import NamedTuple

from jike.apps.catalogue.rules.families import Family, Reach

__all__ = ["OFFERINGS", "SPECIFICATIONS", "ReadyOffering", "ReadySpecification"]


class ReadySpecification(NamedTuple):
    """A specification as installed; ``lines`` as `characteristics_of` reads them."""

    code: str
    name: str
    name_en: str
    family: Family
    lines: tuple[str, ...] = ()


class ReadyOffering(NamedTuple):
    """An offering as installed: yuan a month, once and per use; floor and cost in percent of the monthly price."""

    code: str
    name: str
    name_en: str
    specification: str
    monthly: Decimal
    one_off: Decimal
    floor_percent: int
    cost_percent: int
    counted: tuple[str, ...]
    """What one counts, in both languages."""
    per_use: Decimal
    tax: Decimal
    values: dict[str, str]
    """Of the characteristics that the offering fixes, code and value."""
    reach: Reach

    @property
    def floor(self) -> Decimal:
        """The floor price."""
        return (self.monthly * self.floor_percent / 100).quantize(Decimal("0.01"))

    @property
    def cost(self) -> Decimal:
        """The monthly cost."""
        return (self.monthly * self.cost_percent / 100).quantize(Decimal("0.01"))


_BANDWIDTH = "mbps | 带宽 | Bandwidth | Mbps | 20, 50, 100, 200, 500, 1000"
_LEVEL = "level | 保障等级 | Assurance | | AAA, AA, A"

SPECIFICATIONS = (
    ReadySpecification("internet-line", "互联网专线", "Internet line", Family.CIRCUIT, (_BANDWIDTH, _LEVEL)),
    ReadySpecification("data-line", "数据专线", "Data circuit", Family.CIRCUIT, (_BANDWIDTH, _LEVEL)),
    ReadySpecification("voice-line", "语音专线", "Voice circuit", Family.CIRCUIT, (_LEVEL,)),
    ReadySpecification("vpn", "VPN 组网", "VPN", Family.CIRCUIT, (_BANDWIDTH, "sites | 站点数 | Sites | 个")),
    ReadySpecification(
        "business-broadband",
        "商务宽带",
        "Business broadband",
        Family.BROADBAND,
        ("mbps | 带宽 | Bandwidth | Mbps | 300, 500, 1000, 2000",),
    ),
    ReadySpecification(
        "group-voice", "集团语音", "Group voice", Family.VOICE, ("seats | 用户数 | Seats | 户",)
    ),
    ReadySpecification("hotline", "400 与总机", "400 and switchboard", Family.VOICE),
    ReadySpecification("messaging", "企业信息", "Enterprise messaging", Family.MESSAGING),
    ReadySpecification(
        "iot-card", "物联网卡", "IoT card", Family.IOT, ("data_gb | 流量 | Data | GB | 0.1, 1, 5, 30",)
    ),
    ReadySpecification("iot-platform", "物联网平台", "IoT platform", Family.IOT),
    ReadySpecification(
        "rack", "机柜托管", "Rack hosting", Family.IDC, ("power_kw | 电力 | Power | kW | 3, 5, 8",)
    ),
    ReadySpecification(
        "cloud-host",
        "云主机",
        "Cloud host",
        Family.CLOUD,
        ("cores | 核数 | Cores | 核 | 4, 8, 16, 32", "memory_gb | 内存 | Memory | GB | 8, 16, 64, 128"),
    ),
    ReadySpecification("cloud-service", "云服务", "Cloud service", Family.CLOUD),
    ReadySpecification("private-5g", "5G 专网", "Private 5G network", Family.ICT),
    ReadySpecification("integration", "集成与驻场", "Integration and on-site service", Family.ICT),
    ReadySpecification("group-payment", "集团统付", "Group payment", Family.GROUP_PAYMENT),
)

_TABLE = """
IL-0100|互联网专线 100M|Internet line 100M|internet-line|2400 2000 70 38 9|条/line|mbps=100 level=A
IL-0200|互联网专线 200M|Internet line 200M|internet-line|3900 2000 70 38 9|条/line|mbps=200 level=A
IL-0500|互联网专线 500M|Internet line 500M|internet-line|6200 3000 68 40 9|条/line|mbps=500 level=AA
IL-1000|互联网专线 1000M 双路由|Internet line 1000M dual|internet-line|9600 6000 68 42 9|条/line|mbps=1000 level=AAA
DL-0050|本地数据专线 50M|Local data circuit 50M|data-line|1800 3000 70 40 9|条/line|mbps=50 level=A
DL-0200|跨省数据专线 200M|Cross-province data circuit 200M|data-line|12800 8000 72 55 9|条/line|mbps=200 level=AA
DL-1000|跨省数据专线 1000M|Cross-province data circuit 1000M|data-line|36000 12000 72 58 9|条/line|mbps=1000 level=AAA
VL-0030|语音专线 30 路|Voice circuit, 30 channels|voice-line|1500 1000 70 35 9|条/line|level=AA
VP-0010|VPN 组网 10 站点|VPN, 10 sites|vpn|8800 10000 70 45 9|套/set|mbps=50 sites=10
AP-0001|APN 专网接入|Private APN|vpn|3000 5000 65 30 9|个/access|
BB-0300|商务宽带 300M|Business broadband 300M|business-broadband|199 100 75 40 9|条/line|mbps=300
BB-0500|商务宽带 500M|Business broadband 500M|business-broadband|299 100 75 40 9|条/line|mbps=500
BB-1000|商务宽带 1000M|Business broadband 1000M|business-broadband|499 100 72 42 9|条/line|mbps=1000
BB-2000|商务宽带 2000M|Business broadband 2000M|business-broadband|899 200 72 45 9|条/line|mbps=2000
VN-0001|集团 V 网|Group V-network|group-voice|5 0 60 20 9|户/seat|
IM-0001|IMS 融合通信|IMS unified communication|group-voice|20 0 65 30 9|户/seat|
WO-0001|无线座机|Wireless office telephone|group-voice|18 150 65 35 9|部/set|
RB-0001|集团彩铃|Group ring-back tone|group-voice|3 0 50 15 6|户/seat|
HL-0400|400 电话|400 hotline|hotline|600 500 70 30 9|个/number|use=0.15
SB-0001|云总机|Cloud switchboard|hotline|300 0 65 25 9|个/number|
MA-0001|MAS 短信服务|MAS text messages|messaging|1000 3000 65 35 6|套/set|use=0.045
AD-0001|ADC 移动办公|ADC mobile office|messaging|15 0 60 30 6|户/seat|
QX-0001|企信通|Enterprise message channel|messaging|500 0 65 30 6|个/channel|use=0.05
SM-0010|5G 消息|5G messages|messaging|2000 2000 65 35 6|套/set|use=0.09
IC-0001|物联网卡 1G 月包|IoT card 1 GB a month|iot-card|9 5 55 35 6|张/card|data_gb=1
IC-0005|物联网卡 5G 月包|IoT card 5 GB a month|iot-card|19 5 55 35 6|张/card|data_gb=5
IC-0030|物联网卡 车载 30G 月包|IoT card for vehicles 30 GB a month|iot-card|45 5 60 40 6|张/card|data_gb=30
IP-0001|物联网连接管理平台|IoT connection platform|iot-platform|3200 5000 65 40 6|套/set|
IP-0002|车辆管理平台|Vehicle platform|iot-platform|25 0 60 40 6|车/vehicle|reach=province
RK-0003|标准机柜 3kW|Standard rack 3 kW|rack|4500 2000 78 60 6|架/rack|power_kw=3
RK-0008|高电机柜 8kW|High-power rack 8 kW|rack|9200 3000 78 62 6|架/rack|power_kw=8
CH-0008|云主机 8 核 16G|Cloud host 8 cores 16 GB|cloud-host|860 0 65 45 6|台/host|cores=8 memory_gb=16
CH-0016|边缘云节点 16 核 64G|Edge cloud node 16 cores 64 GB|cloud-host|6800 0 65 48 6|台/node|cores=16 memory_gb=64
CS-0001|云桌面|Cloud desktop|cloud-service|120 0 65 45 6|户/seat|
CS-0002|云备份 10T|Cloud backup 10 TB|cloud-service|1600 0 65 42 6|套/set|
PG-0001|5G 专网切片|Private 5G slice|private-5g|52000 180000 68 50 6|套/set|
PV-0001|园区视频汇聚平台|Campus video platform|private-5g|8900 60000 68 50 6|套/set|reach=province
IG-0001|系统集成与施工|Integration and construction|integration|0 40000 0 0 9|项/project|
OS-0001|金牌驻场服务|Gold on-site service|integration|16000 0 85 70 6|人/person|
GP-0001|集团统付套餐|Group payment plan|group-payment|88 0 70 40 9|户/seat|
"""
# Code, both names, specification, yuan a month and once, floor, cost and tax in percent, counted in, and what differs.


def _offering(line: str) -> ReadyOffering:
    code, name, name_en, specification, prices, counted, more = (part.strip() for part in line.split("|"))
    monthly, one_off, floor, cost, tax = prices.split()
    given = dict(pair.split("=", 1) for pair in more.split())
    per_use = given.pop("use", "0")
    reach = Reach(given.pop("reach", Reach.NATIONAL.value))
    return ReadyOffering(
        code=code,
        name=name,
        name_en=name_en,
        specification=specification,
        monthly=Decimal(monthly),
        one_off=Decimal(one_off),
        floor_percent=int(floor),
        cost_percent=int(cost),
        counted=tuple(counted.split("/")),
        per_use=Decimal(per_use),
        tax=Decimal(tax) / 100,
        values=given,
        reach=reach,
    )


OFFERINGS = tuple(_offering(line) for line in _TABLE.strip().splitlines())
"""In the order of their families."""

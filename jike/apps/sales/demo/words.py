"""What demo opportunities, visits and leads are called and say."""

from collections.abc import Mapping, Sequence
from random import Random

from jike.apps.catalogue.rules import Family

__all__ = [
    "CANCELLED",
    "DEALS",
    "DROPPED",
    "LOST",
    "MINUTES",
    "NEEDS",
    "PURPOSES",
    "RIVALS",
    "STEPS",
    "TITLES",
    "company",
]

DEALS: Mapping[str, Sequence[str]] = {
    Family.CIRCUIT: ("总部至分支数据专线", "互联网专线扩容", "双路由专线改造", "跨省组网专线"),
    Family.BROADBAND: ("园区商务宽带", "连锁门店宽带", "办公楼宽带升级"),
    Family.VOICE: ("集团 V 网与短号升级", "企业总机迁移", "400 热线", "云电话替换交换机"),
    Family.MESSAGING: ("企信通群发平台", "短信网关接入", "ADC 移动办公"),
    Family.IOT: ("物联水表二期", "车辆定位", "冷库温控物联网", "物联网卡续期", "厂区传感采集"),
    Family.IDC: ("机柜托管", "IDC 机房扩容", "异地灾备机房"),
    Family.CLOUD: ("混合云与灾备", "视频监控上云", "业务系统上云", "云桌面"),
    Family.ICT: ("智慧园区集成", "会议系统改造", "机房搬迁集成", "5G 专网一期"),
    Family.GROUP_PAYMENT: ("员工统付套餐", "管理层话费统付", "外勤流量统付"),
}
NEEDS = (
    "两处办公点互联，时延 20 毫秒以内，年内开通。",
    "现有线路经常中断，要求双路由与 4 小时修复承诺。",
    "分支机构统一号码，员工之间免费通话。",
    "监控录像留存 90 天，自建存储不够。",
    "希望一点受理、一点支付，全省统一账单。",
    "设备联网后按月统计用量，按部门出账。",
    "等级保护三级要求异地备份。",
    "旺季前完成扩容，淡季可降速。",
)
RIVALS = ("", "", "", "另一运营商，报价约低 6%", "本地集成商", "友商合约年底到期")
STEPS = (
    "提交双路由方案",
    "约信息部汇报报价",
    "现场勘察",
    "确认预算与立项时间",
    "补充先例与资质",
    "送审合同文本",
    "拜访决策人",
    "安排试用",
)
LOST = ("对方价格低两成", "预算转到明年", "已与友商签三年", "资源不到位，工期赶不上", "信息部换人，项目搁置")
DROPPED = ("联系不上", "暂无预算", "已是他网客户且未到期", "重复线索")
PURPOSES = (
    "季度回访",
    "方案沟通",
    "报价汇报",
    "需求调研",
    "续约商谈",
    "故障整改说明",
    "新产品推介",
    "账单核对",
    "中秋慰问",
    "年度规划交流",
)
MINUTES = (
    "对方认可整改方案，要求年内完成第二路由；对专网有预算意向。",
    "核对了三个月账单，无异议；提出希望按部门拆分。",
    "介绍了云与灾备方案，信息部要求补充等保材料。",
    "友商已上门报价，对方关注价格与修复时限。",
    "负责人肯定近期服务，愿意介绍同园区企业。",
    "现场看了机房，电力与空间足够，下周可勘察。",
    "合约明年一季度到期，对方愿意提前谈续约。",
    "讨论了旺季扩容，需要一份按月弹性的报价。",
)
CANCELLED = ("客户临时出差", "改为电话沟通", "对方会议冲突")
TITLES = ("信息部经理", "行政主管", "采购经理", "办公室主任", "运维主管")
PLACES = ("广州", "深圳", "佛山", "东莞", "珠海", "惠州", "中山")
BRANDS = ("晨屿", "澜拓", "禾嘉", "云杉", "锦程", "启岳", "沐泽", "恒峤", "远汀", "星榕", "谷雨", "海纳川")
TRADES = (
    "供应链有限公司",
    "精密制造有限公司",
    "商贸有限公司",
    "物业管理有限公司",
    "医疗器械有限公司",
    "食品有限公司",
)


def company(random: Random, number: int) -> str:
    """Return the name of a company that does not exist; each number has its own."""
    brand = BRANDS[number % len(BRANDS)]
    return f"{random.choice(PLACES)}{brand}{TRADES[number // len(BRANDS) % len(TRADES)]}"

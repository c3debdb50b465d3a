"""The roles that come with the product, and which of this capability's rights each holds.

Later capabilities add theirs by a mapping of the same shape, ``GRANTS``, on their Django app; the action
`install_ready_made_roles` collects them. What was edited by hand stays as edited.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from jike.values.rights import Breadth, Domain

__all__ = ["GRANTS", "READY_MADE", "ReadyMadeRole"]


@dataclass(frozen=True)
class ReadyMadeRole:
    """A role as installed: code, both names, what it is for, and its side."""

    code: str
    name: str
    name_en: str
    purpose: str
    domain: Domain = Domain.BUSINESS


READY_MADE = (
    ReadyMadeRole("account_manager", "客户经理", "Account manager", "负责自己名下的集团客户"),
    ReadyMadeRole("county_head", "区县主管", "County head", "管理区县及以下的客户经理与客户"),
    ReadyMadeRole("city_head", "地市主管", "City head", "管理地市及以下的团队、客户与审批"),
    ReadyMadeRole("province_head", "省公司主管", "Province head", "管理全省的团队、客户与审批"),
    ReadyMadeRole("product_manager", "产品经理", "Product manager", "管理产品与资费"),
    ReadyMadeRole("service_agent", "客服坐席", "Service agent", "受理咨询、投诉与故障"),
    ReadyMadeRole("delivery_manager", "交付经理", "Delivery manager", "管理交付项目与施工"),
    ReadyMadeRole("analyst", "分析员", "Analyst", "查看并分析数据"),
    ReadyMadeRole("finance", "财务", "Finance", "核对账单、回款与成本"),
    ReadyMadeRole("headquarters_staff", "集团总部人员", "Headquarters staff", "全国政策、目录与跨省协调"),
    ReadyMadeRole("system_admin", "系统管理员", "System administrator", "管理机构与人员账号", Domain.SYSTEM),
    ReadyMadeRole(
        "security_admin", "安全管理员", "Security administrator", "管理角色、权限与任职", Domain.SECURITY
    ),
    ReadyMadeRole("audit_admin", "审计管理员", "Audit administrator", "查看并核验操作记录", Domain.AUDIT),
)

OWN, TEAM, BELOW, ALL = Breadth.OWN, Breadth.TEAM, Breadth.BELOW, Breadth.ALL

_COLLEAGUES = {"organisation.unit:view": BELOW, "organisation.person:view": TEAM}
_HEAD = {
    "organisation.unit:view": BELOW,
    "organisation.person:view": BELOW,
    "organisation.person:see_phone": BELOW,
    "organisation.post:view": BELOW,
    "organisation.deputy:view": BELOW,
    "organisation.deputy:add": BELOW,
    "organisation.deputy:change": BELOW,
}
_SURVEYOR = {
    "organisation.unit:view": ALL,
    "organisation.person:view": ALL,
    "organisation.post:view": ALL,
    "organisation.role:view": ALL,
}

GRANTS: Mapping[str, Mapping[str, Breadth]] = {
    "account_manager": {**_COLLEAGUES, "organisation.person:see_phone": TEAM},
    "county_head": _HEAD,
    "city_head": _HEAD,
    "province_head": {**_HEAD, "organisation.token:view": BELOW, "organisation.token:add": OWN},
    "product_manager": {"organisation.unit:view": ALL, "organisation.person:view": TEAM},
    "service_agent": {"organisation.unit:view": ALL, "organisation.person:view": BELOW},
    "delivery_manager": {"organisation.unit:view": BELOW, "organisation.person:view": BELOW},
    "analyst": {
        "organisation.unit:view": BELOW,
        "organisation.person:view": BELOW,
        "organisation.token:add": OWN,
    },
    "finance": {"organisation.unit:view": BELOW, "organisation.person:view": TEAM},
    "headquarters_staff": {
        "organisation.unit:view": ALL,
        "organisation.person:view": ALL,
        "organisation.post:view": ALL,
        "organisation.token:add": OWN,
    },
    "system_admin": {
        **_SURVEYOR,
        "organisation.unit:add": ALL,
        "organisation.unit:change": ALL,
        "organisation.unit:move": ALL,
        "organisation.unit:remove": ALL,
        "organisation.person:add": ALL,
        "organisation.person:change": ALL,
        "organisation.person:remove": ALL,
        "organisation.person:see_phone": ALL,
        "organisation.person:see_address": ALL,
        "organisation.person:reset_password": ALL,
        "organisation.person:sign_out": ALL,
        "organisation.deputy:view": ALL,
        "organisation.token:add": OWN,
    },
    "security_admin": {
        **_SURVEYOR,
        "organisation.person:see_as": ALL,
        "organisation.person:see_address": ALL,
        "organisation.role:add": ALL,
        "organisation.role:change": ALL,
        "organisation.role:remove": ALL,
        "organisation.role:grant": ALL,
        "organisation.post:add": ALL,
        "organisation.post:change": ALL,
        "organisation.deputy:view": ALL,
        "organisation.token:view": ALL,
        "organisation.token:revoke": ALL,
    },
    "audit_admin": {
        **_SURVEYOR,
        "organisation.person:see_address": ALL,
        "organisation.deputy:view": ALL,
        "organisation.token:view": ALL,
    },
}

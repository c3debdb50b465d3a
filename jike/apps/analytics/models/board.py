"""The rights upon boards: they belong to no row; what a board shows lies within their reach."""

from django.utils.translation import gettext_lazy as _

from jike.foundation.scope.permissions import Permission, declare_permission
from jike.values.rights import Domain

__all__ = ["LEAD", "REFRESH", "VIEW"]

BOARD = _("Board")
VIEW = "analytics.board:view"
LEAD = "analytics.board:lead"
REFRESH = "analytics.board:refresh"

declare_permission(Permission(VIEW, BOARD, _("See one's own board"), Domain.BUSINESS))
declare_permission(Permission(LEAD, BOARD, _("See the boards of units"), Domain.BUSINESS))
declare_permission(Permission(REFRESH, BOARD, _("Refresh warnings and figures"), Domain.BUSINESS))

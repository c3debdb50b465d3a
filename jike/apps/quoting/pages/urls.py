"""Addresses of quoting's own pages, beside those that the Resource machinery gives it."""

from django.urls import path

from jike.apps.quoting.pages import approvals, authority, beginning, papers, printing, sheet, verbs

app_name = "quoting"
urlpatterns = [
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<uuid:uid>/", approvals.approval, name="approval"),
    path("approvals/authority/", authority.authority, name="authority"),
    path("opportunities/<uuid:uid>/quote/", beginning.begin, name="begin"),
    path("quotes/<uuid:uid>/figures/", sheet.totals_shown, name="figures"),
    path("quotes/<uuid:uid>/beside/", sheet.aside, name="aside"),
    path("quotes/<uuid:uid>/alternatives/", sheet.alternatives, name="alternatives"),
    path("quotes/<uuid:uid>/alternatives/<slug:name>/", sheet.alternative, name="alternative"),
    path("quotes/<uuid:uid>/print/", printing.print_quote, name="print"),
    path("quotes/<uuid:uid>/submit/", verbs.submit, name="submit"),
    path("quotes/<uuid:uid>/withdraw/", verbs.withdraw, name="withdraw"),
    path("quotes/<uuid:uid>/send/", verbs.send, name="send"),
    path("quotes/<uuid:uid>/accept/", verbs.accept, name="accept"),
    path("quotes/<uuid:uid>/reject/", verbs.reject, name="reject"),
    path("quotes/<uuid:uid>/agree/", verbs.agree, name="agree"),
    path("quotes/<uuid:uid>/revise/", verbs.revise, name="revise"),
    path("agreements/<uuid:uid>/print/", printing.print_agreement, name="print_agreement"),
    path("agreements/<uuid:uid>/sign/", verbs.sign, name="sign"),
    path("agreements/<uuid:uid>/renew/", verbs.renew, name="renew"),
    path("agreements/<uuid:uid>/terminate/", verbs.terminate, name="terminate"),
    path("agreements/<uuid:uid>/documents/<slug:document>/", papers.mark, name="mark"),
    path("agreements/<uuid:uid>/documents/<slug:document>/file/", papers.file, name="file"),
]

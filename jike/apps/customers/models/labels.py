"""What the values of the rules' enumerations are called, in the order in which people choose among them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jike.apps.customers.rules import (
    Ability,
    Asked,
    Aspect,
    Attitude,
    CertificateType,
    Credit,
    DecisionRole,
    FileDecision,
    FileFound,
    Gap,
    Grade,
    HandOverState,
    Importance,
    Influence,
    Kept,
    Loyalty,
    Means,
    OrganisationKind,
    ProposalState,
    Reach,
    Reason,
    Refusal,
    Relation,
    RelationshipNature,
    RelationshipProblem,
    RequestState,
    ServiceLevel,
    State,
    Topic,
    ValueBehaviour,
)
from jike.foundation.models.shapes import Labels
from jike.values.company_size import Measure, Size, SizeIndustry

STATES: Labels = {
    State.POTENTIAL: _("Potential"),
    State.ACTIVE: _("Active"),
    State.SILENT: _("Silent"),
    State.LOST: _("Lost"),
    State.ARCHIVED: _("Archived"),
}
ORGANISATION_KINDS: Labels = {
    OrganisationKind.ENTERPRISE: _("Enterprise"),
    OrganisationKind.INSTITUTION: _("Public institution"),
    OrganisationKind.GOVERNMENT: _("Government body"),
    OrganisationKind.ASSOCIATION: _("Social organisation"),
    OrganisationKind.OTHER: _("Other body"),
}
CERTIFICATE_TYPES: Labels = {
    CertificateType.LICENCE: _("Business licence"),
    CertificateType.INSTITUTION: _("Certificate of a public institution"),
    CertificateType.AUTHORITY: _("Credit code certificate of a government body"),
    CertificateType.ASSOCIATION: _("Certificate of a social organisation"),
    CertificateType.MILITARY: _("Military certificate"),
    CertificateType.FOREIGN: _("Foreign certificate"),
    CertificateType.OTHER: _("Other certificate"),
}
REACHES: Labels = {
    Reach.LOCAL: _("Within one city"),
    Reach.CROSS_CITY: _("Across cities"),
    Reach.CROSS_PROVINCE: _("Across provinces"),
    Reach.CROSS_BORDER: _("Across borders"),
}
GRADES: Labels = {
    Grade.A1: _("A1 strategic"),
    Grade.A2: _("A2 strategic"),
    Grade.B1: _("B1 contributing"),
    Grade.B2: _("B2 promising"),
    Grade.C: _("C small"),
    Grade.D: _("D occasional"),
}
SERVICE_LEVELS: Labels = {
    ServiceLevel.GOLD: _("Gold"),
    ServiceLevel.SILVER: _("Silver"),
    ServiceLevel.BRONZE: _("Bronze"),
    ServiceLevel.STANDARD: _("Standard"),
}
CREDITS: Labels = {
    Credit.AAA: _("AAA excellent"),
    Credit.AA: _("AA good"),
    Credit.A: _("A sound"),
    Credit.B: _("B with care"),
    Credit.C: _("C in advance only"),
}
LOYALTIES: Labels = {
    Loyalty.LOYAL: _("Loyal customer"),
    Loyalty.OLD: _("Old customer"),
    Loyalty.NEW: _("New customer"),
    Loyalty.POTENTIAL: _("Potential customer"),
}
RELATIONS: Labels = {
    Relation.BUSINESS: _("Business customer"),
    Relation.CONSUMER: _("Consumer"),
    Relation.CHANNEL: _("Channel"),
    Relation.INTERNAL: _("Internal customer"),
}
IMPORTANCES: Labels = {
    Importance.VIP: _("VIP"),
    Importance.IMPORTANT: _("Important"),
    Importance.ORDINARY: _("Ordinary"),
}
VALUE_BEHAVIOURS: Labels = {
    ValueBehaviour.LIGHTHOUSE: _("Lighthouse: first to try the new"),
    ValueBehaviour.FOLLOWER: _("Follower: brand and feeling"),
    ValueBehaviour.RATIONAL: _("Rational: weighs price and value"),
    ValueBehaviour.BARGAIN: _("Bargain-seeking: price first"),
}
ABILITIES: Labels = {
    Ability.UNKNOWN: _("Not known yet"),
    Ability.ABLE: _("Able to buy"),
    Ability.UNABLE: _("Not able to buy"),
}
SIZES: Labels = {
    Size.LARGE: _("Large enterprise"),
    Size.MEDIUM: _("Medium-sized enterprise"),
    Size.SMALL: _("Small enterprise"),
    Size.MICRO: _("Micro enterprise"),
}
MEASURES: Labels = {
    Measure.STAFF: _("Staff"),
    Measure.TURNOVER: _("Yearly turnover"),
    Measure.ASSETS: _("Total assets"),
}
SIZE_INDUSTRIES: Labels = {
    SizeIndustry.AGRICULTURE: _("Agriculture, forestry, animal husbandry, fishery"),
    SizeIndustry.INDUSTRY: _("Industry"),
    SizeIndustry.CONSTRUCTION: _("Construction"),
    SizeIndustry.WHOLESALE: _("Wholesale trade"),
    SizeIndustry.RETAIL: _("Retail trade"),
    SizeIndustry.TRANSPORT: _("Transport"),
    SizeIndustry.STORAGE: _("Storage"),
    SizeIndustry.POST: _("Post"),
    SizeIndustry.ACCOMMODATION: _("Accommodation"),
    SizeIndustry.CATERING: _("Catering"),
    SizeIndustry.INFORMATION_TRANSMISSION: _("Information transmission"),
    SizeIndustry.SOFTWARE: _("Software and information technology services"),
    SizeIndustry.REAL_ESTATE_DEVELOPMENT: _("Real estate development"),
    SizeIndustry.PROPERTY_MANAGEMENT: _("Property management"),
    SizeIndustry.LEASING_AND_BUSINESS: _("Leasing and business services"),
    SizeIndustry.OTHER: _("Other industries"),
}
REASONS: Labels = {
    Reason.NO_REVENUE: _("Nothing billed last month"),
    Reason.ARREARS_HEAVY: _("More than two months in arrears"),
    Reason.ARREARS: _("In arrears"),
    Reason.REVENUE_COLLAPSED: _("Revenue down by more than 40 % on the quarter before"),
    Reason.REVENUE_FELL: _("Revenue down by more than 10 % on the quarter before"),
    Reason.LINES_FELL: _("Lines down by more than 10 % in three months"),
}
DECISION_ROLES: Labels = {
    DecisionRole.DECIDER: _("Decides"),
    DecisionRole.INFLUENCER: _("Influences"),
    DecisionRole.USER: _("Uses"),
    DecisionRole.HANDLER: _("Handles"),
}
ATTITUDES: Labels = {
    Attitude.SUPPORTER: _("Supports us"),
    Attitude.FRIENDLY: _("Friendly"),
    Attitude.NEUTRAL: _("Neutral"),
    Attitude.RESERVED: _("Reserved"),
    Attitude.OPPOSED: _("Against us"),
    Attitude.UNKNOWN: _("Attitude unknown"),
}
INFLUENCES: Labels = {
    Influence.HIGH: _("High influence"),
    Influence.MEDIUM: _("Medium influence"),
    Influence.LOW: _("Low influence"),
}

REFUSALS: Labels = {
    Refusal.NUMBER: _("This is no telephone number."),
    Refusal.PREFIX: _("No operator was given numbers that begin so."),
    Refusal.LONG: _("A text is too long: short number 10, department and bundle 60 characters."),
    Refusal.DAY: _("A day of the bundle cannot be read, or it ends before it begins."),
    Refusal.SHORT: _("The short number is held already within the customer's group."),
    Refusal.CUSTOMER: _("There is no such customer that you may change."),
    Refusal.TWICE: _("The number stands in an earlier line of the file."),
    Refusal.HERE: _("The number is a member of this customer already."),
    Refusal.ELSEWHERE: _("The number is a member of another customer."),
    Refusal.ABSENT: _("The number is no member."),
}
HAND_OVER_STATES: Labels = {
    HandOverState.WAITING: _("Waiting"),
    HandOverState.ACCEPTED: _("Accepted"),
    HandOverState.REFUSED: _("Refused"),
    HandOverState.WITHDRAWN: _("Withdrawn"),
    HandOverState.LAPSED: _("Lapsed"),
}
KEPT: Labels = {
    Kept.GONE: _("It lies in the recycle bin."),
    Kept.ELSEWHERE: _("Somebody else was given it meanwhile."),
    Kept.REFUSED: _("The database refused it."),
}
ASKED: Labels = {
    Asked.COPY: _("A copy"),
    Asked.CORRECTION: _("Correction"),
    Asked.DELETION: _("Deletion"),
}
REQUEST_STATES: Labels = {
    RequestState.OPEN: _("Open"),
    RequestState.DONE: _("Done"),
    RequestState.REFUSED: _("Refused"),
}
FILES_FOUND: Labels = {
    FileFound.NAMES: _("names the person"),
    FileFound.UNREAD: _("cannot be read by us"),
}
FILE_DECISIONS: Labels = {
    FileDecision.KEPT: pgettext_lazy("file", "kept"),
    FileDecision.ERASED: pgettext_lazy("file", "erased"),
}
GAPS: Labels = {
    Gap.NOBODY: _("Nobody known"),
    Gap.NO_DECIDER: _("No decider known"),
    Gap.DECIDER_OPPOSED: _("A decider is against us"),
    Gap.NOT_SPOKEN_TO: _("Not spoken to for 90 days"),
    Gap.SOLE_CONTACT: _("Sole contact"),
    Gap.NO_SUPPORTER: _("Nobody supports us"),
}
RELATIONSHIP_NATURES: Labels = {
    RelationshipNature.OWNS: _("owns"),
    RelationshipNature.CONTROLS: _("controls"),
    RelationshipNature.SUPPLIES: _("supplies"),
    RelationshipNature.PARTNERS: _("is a partner of"),
}
REVERSED_NATURES: Labels = {
    RelationshipNature.OWNS: _("is owned by"),
    RelationshipNature.CONTROLS: _("is controlled by"),
    RelationshipNature.SUPPLIES: _("is supplied by"),
    RelationshipNature.PARTNERS: _("is a partner of"),
}
RELATIONSHIP_PROBLEMS: Labels = {
    RelationshipProblem.ITSELF: _("A customer has no relationship to itself."),
    RelationshipProblem.SHARE_MISSING: _("Say which share is owned."),
    RelationshipProblem.SHARE_UNFIT: _(
        "A share is more than 0 and at most 100 percent, and only of what is owned."
    ),
    RelationshipProblem.BACKWARDS: _("A relationship cannot end before it begins."),
}
TOPICS: Labels = {
    Topic.SPOUSE: _("Spouse"),
    Topic.FAMILY: _("Family"),
    Topic.CIRCLE: _("Social circle"),
    Topic.HOBBIES: _("Hobbies"),
}
MEANS: Labels = {
    Means.SIGNED: _("Signed on paper"),
    Means.MAIL: _("By e-mail"),
    Means.MESSAGE: _("By message"),
    Means.SPOKEN: _("Spoken, with a witness"),
}

ASPECTS: Labels = {
    Aspect.GRADE: _("grade"),
    Aspect.SERVICE_LEVEL: _("service level"),
    Aspect.CREDIT: _("credit"),
}
PROPOSAL_STATES: Labels = {
    ProposalState.WAITING: _("Waiting"),
    ProposalState.APPROVED: _("Approved"),
    ProposalState.REFUSED: _("Refused"),
    ProposalState.WITHDRAWN: _("Withdrawn"),
    ProposalState.OVERTAKEN: _("Overtaken"),
}

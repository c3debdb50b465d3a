"""Masks: what those without the right to a field see of it, enough to recognise, too little to use.

A mask never fails and never shows the whole: short or odd values are covered further rather than shown.
"""

_COVER = "*"
# The compound surnames still common; the rest of the name is covered behind them.
_COMPOUND_SURNAMES = frozenset({
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "司徒", "夏侯", "长孙", "宇文",
    "端木", "百里", "南宫", "西门", "独孤", "轩辕",
})  # fmt: skip


def mask_phone(number: str) -> str:
    """``138****1234``; a number with +86 likewise; of shorter numbers the last four digits are covered."""
    digits = number.removeprefix("+86")
    if len(digits) >= 11:
        return _between(digits, 3, 4)
    return digits[:-4] + _COVER * min(4, len(digits))


def mask_identity_number(number: str) -> str:
    """The first three and the last four characters: ``110***********1234``; short ones are covered whole."""
    return _between(number, 3, 4) if len(number) >= 12 else _COVER * len(number)


def mask_name(name: str) -> str:
    """The surname: ``王*``, ``欧阳**``; of other names the first letter of each part: ``J*** S****``."""
    name = name.strip()
    if " " in name or name.isascii():
        return " ".join(part[:1] + _COVER * max(len(part) - 1, 1) for part in name.split())
    shown = 2 if len(name) > 2 and name[:2] in _COMPOUND_SURNAMES else 1
    return name[:shown] + _COVER * max(len(name) - shown, 1)


def mask_mail(address: str) -> str:
    """The first letter and the domain: ``w***@example.com``."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}{_COVER * 3}@{domain}" if at else _COVER * len(address)


def _between(text: str, head: int, tail: int) -> str:
    """Cover all but the ends."""
    return text[:head] + _COVER * (len(text) - head - tail) + text[-tail:]

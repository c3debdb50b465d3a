"""The next number of an account, a product or a receipt; each is given out once, even if it is then not used."""

from jike.foundation.numbering import next_numbers

__all__ = ["next_number", "numbers"]

FORMS = {
    "account": ("inventory_account_code", "ZH{:08}"),
    "product": ("inventory_product_code", "CP{:09}"),
    "payment": ("inventory_payment_code", "SK{:09}"),
}
"""Kind → its sequence and what its numbers look like."""


def next_number(kind: str) -> str:
    """Return the next number of ``kind``: account, product or payment."""
    return numbers(kind, 1)[0]


def numbers(kind: str, count: int) -> list[str]:
    """Return the next ``count`` numbers of ``kind``."""
    sequence, form = FORMS[kind]
    return [form.format(number) for number in next_numbers(sequence, count)]

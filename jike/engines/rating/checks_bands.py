"""One check that fees, usage prices and discounts share: do the bands of a ladder meet without gap or overlap?"""

from collections.abc import Iterator, Sequence

from jike.engines.rating.tariff import Band, CountBand

__all__ = ["TOP_PRICE", "bands"]

TOP_PRICE = 10**13


def bands(ladder: Sequence[Band] | Sequence[CountBand]) -> Iterator[str]:
    """Name gaps, overlaps and prices below zero of a ladder of bands."""
    if not ladder:
        yield "tiers without a band"
        return
    reached = 0
    steps: list[Band | CountBand] = [*ladder]
    for number, band in enumerate(steps, 1):
        if not 0 <= band.price <= TOP_PRICE:
            yield f"band {number}: the price is below zero or above ten million yuan"
        if band.up_to is None:
            if number < len(steps):
                yield f"bands {number} and {number + 1} overlap: only the last band may be without an end"
            continue
        if band.up_to <= reached:
            yield f"band {number} up to {band.up_to} overlaps the band up to {reached}"
        reached = max(band.up_to, reached)
    if steps[-1].up_to is not None:
        yield f"the bands leave a gap above {steps[-1].up_to}: the last band must be without an end"

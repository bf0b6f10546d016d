"""Every refusal the product knows: importing this declares them all."""

from views import (
    refusals_catalogue_area,
    refusals_closing,
    refusals_general,
    refusals_ordering,
    refusals_people,
    refusals_publishing,
    refusals_series,
)

DECLARED = (
    refusals_catalogue_area,
    refusals_closing,
    refusals_general,
    refusals_ordering,
    refusals_people,
    refusals_publishing,
    refusals_series,
)

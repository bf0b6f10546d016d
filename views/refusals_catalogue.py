"""Every refusal the product knows: importing this declares them all."""

from views import refusals_general

DECLARED = (refusals_general,)

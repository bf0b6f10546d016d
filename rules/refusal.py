"""An expected "no": a code and facts, never a sentence.

Codes that the rules raise, with their facts (the sentences are in `views/refusals_*.py`):

| code | facts | meaning |
|---|---|---|
| round_not_open | at | the round is a draft; it opens then, if a time is set |
| round_closed | at | the round's closing time has come, or its phase says so |
| over_stock | left | others have taken the rest; this many can still be had |
| over_member_cap | cap | more than one member may have |
| over_value_limit | limit | the order's value would pass the member's limit, in minor units |
| offer_withdrawn | | the coordinator has taken the offer out of the round |
| answer_first | | the offer has changed, and the member has not agreed to that yet |
| completing_fixed | fixed | in a completion phase, units wished before it can no longer be lowered |
| completing_only | missing | in a completion phase, no more than the missing units can be added |
| tolerance_without_wish | | units one would also take, but no firm wish they come on top of |
| tolerance_below_wish | firm, most | "up to" fewer than are wished firmly |
| tolerance_useless | | it is sold singly and has no minimum: nothing to fill up |
| tiers_not_understood | | not pairs of units and price |
| too_many_tiers | limit | more tiers than anybody reads |
| price_zero | | a price must be more than nothing |
| case_zero | | a case holds at least one unit |
| unit_differs | unit | a weight of something that is not sold by it |
| hours_not_understood | | no number of hours there |
| hours_out_of_range | least, most | fewer or more hours than make sense |
| tier_not_cheaper | from_units | a tier that costs as much as the one before, or more |
| price_below_tier | from_units | a base price that is not above the tier from so many units on |
| tier_twice | from_units | a tier that begins where another does, or at one unit |
| quantity_negative | | below zero |
| quantity_too_large | limit | above what anybody orders |
| quantity_not_whole | | a part of a unit |
| quantity_not_understood | text | no number there |
| money_not_understood | text | no amount of this currency there, or finer than its smallest coin |
| money_too_large | limit | above what anything costs, in minor units |
| moment_not_understood | text | no day or time there |
| moment_in_past | at | that was before now (or before the moment it must follow) |
| moment_too_far | | more than a year ahead |
| moment_in_clock_change | | a time of day that the clocks skip that day |
| day_in_past | | before today |
| closes_in_past | at | a round that would never be open |
| closes_before_opening | at | a round that would never be open |
| recurrence_not_understood | text | no recurrence there, or a day that does not exist |
| weeks_out_of_range | limit | every 0 weeks, or more than the limit |
| month_day_out_of_range | | a month has no such day |
| no_days | | a series without any day |
| too_many_days | limit | more days than a series takes |
| telephone_not_understood | | no number that can be dialled |
| hour_not_understood | text | no time of day there |
| closing_not_understood | text | not both a number of days and a time of day |
| wrong_phase | phase, wanted | that step is not possible from this phase |
| series_ended | | nothing more comes of a series that has ended |
| button_stale | | what was pressed is no longer possible |
| text_empty | | nothing readable in it |
| text_too_long | limit, length | in characters |
"""


class Refusal(Exception):
    """Something that a person asked for and that is not to be: `code` says why, `facts` carry the details."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

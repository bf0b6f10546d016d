"""What people do, step by step: each step is a few taps or a text, and then they look at what the bot says."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.soak.stage import Button, Stage
from tests.soak.town import PRODUCTS, Town

Script = Iterator[None]
"""Goes on once the bot has dealt with the last step."""
LINK = re.compile(r"start=(i\S+?)(?=[\s\"<]|$)")
STEPS = 60
"""More than any script has."""


@dataclass(frozen=True, slots=True)
class Life:
    """One town on the stage, and the dice that decide what its people do."""

    stage: Stage
    town: Town
    dice: random.Random

    def chance(self, of: float) -> bool:
        """Whether it happens this time."""
        return self.dice.random() < of

    def tap_some(self, person: int, start: str) -> bool:
        """Tap one of the newest buttons that begin so, whichever; False where there is none."""
        found = self.stage.buttons(person, start)
        return bool(found) and self.stage.tap(person, self.dice.choice(found))

    def orders(self, person: int, round_id: int) -> Script:
        """A member orders by tapping or typing, perhaps thinks better of it, perhaps wants it every time."""
        for _ in range(self.dice.choice((1, 1, 2, 3))):
            if self.chance(0.25):
                _, chinese, english, _ = self.dice.choice(PRODUCTS)
                name = english if self.stage.world.people[person]["language_code"] == "en" else chinese
                self.stage.say(person, f"{name} {self.dice.randint(1, 4)}")
            elif not self.tap_some(person, "o:"):
                return
            yield
            if self.chance(0.3) and self.tap_some(person, "op:"):  # the next product on the card
                yield
        if self.chance(0.15) and self.tap_some(person, f"oy:{round_id}"):
            yield
            self.tap_some(person, f"ke:{round_id}")
            yield

    def leaves(self, person: int) -> Script:
        """A member leaves for good."""
        self.stage.say(person, "/leave")
        yield
        sure = [one for one in self.stage.buttons(person, "px:") if one[1].endswith(":1")]
        if sure and self.stage.tap(person, sure[0]):
            self.town.members.remove(person)
        yield

    def joins(self, person: int) -> Script:
        """A coordinator invites somebody, who answers what is asked."""
        host = self.town.coordinators[0]
        self.stage.say(host, "/invite")
        yield
        self.tap_some(host, "pn:employee")
        yield
        link = next((found for text in self.stage.texts(host) if (found := LINK.search(text))), None)
        assert link is not None, list(self.stage.texts(host))[:3]
        self.stage.say(person, f"/start {link[1]}")
        yield
        for answer in (f"新人{person}", "车间"):
            self.stage.say(person, answer)
            yield
        self.tap_some(person, "pa:")
        yield
        self.town.members.append(person)

    def answers(self, contact: int) -> Script:
        """A supplier answers the purchase orders that wait, or does not yet; and ships what was accepted."""
        for button in self.stage.all_buttons(contact, "sa:"):
            choice = self.dice.choices(("accept", "less", "decline", "wait"), (70, 12, 6, 12))[0]
            if choice == "accept":
                self.stage.tap(contact, button)
                yield
            elif choice == "less":
                yield from self._less(contact, button)
            elif choice == "decline":
                yield from self._declines(contact, button)
        for button in self.stage.all_buttons(contact, "sg:"):
            if self.chance(0.2):
                self.stage.tap(contact, button)
                yield

    def _less(self, contact: int, button: Button) -> Script:
        which = button[1].removeprefix("sa:")
        for start in (f"sl:{which}:0", f"su:{which}:", f"su:{which}:", f"sl:{which}:1"):
            if not self.tap_some(contact, start):
                return
            yield

    def _declines(self, contact: int, button: Button) -> Script:
        which = button[1].removeprefix("sa:")
        if not self.tap_some(contact, f"sd:{which}:"):
            return
        yield
        reasons = [one for one in self.stage.buttons(contact, f"sd:{which}:") if not one[1].endswith(":")]
        if reasons:
            self.stage.tap(contact, self.dice.choice(reasons))
            yield

    def coordinates(self, person: int) -> Script:
        """A coordinator answers what waits: a missed minimum, the order of somebody who left, a supplier's no."""
        for button in self.stage.all_buttons(person, "xh:"):
            if self.chance(0.5):
                answer = f"xh:{button[1].split(':')[1]}:{self.dice.choice(('order', 'cancel', 'extend'))}:"
                while self.tap_some(person, answer):
                    yield
                    if not [one for one in self.stage.buttons(person, answer) if one[1].endswith(":1")]:
                        break
                    answer = f"{answer}1"
        for start in ("xk:", "xj:"):
            if self.chance(0.7) and self.tap_some(person, start):
                yield

    def corrects(self, person: int, round_id: int) -> Script:
        """A coordinator corrects one line of a closed round, where that is still possible."""
        for start in (f"rs:{round_id}", f"xm:{round_id}:", f"xn:{round_id}:", "xl:"):
            if start.startswith("rs"):
                self.stage.say(person, "/round")
                yield
            if not self.tap_some(person, start):
                return
            yield
        self.stage.say(person, str(self.dice.randint(0, 5)))
        yield
        if sure := [one for one in self.stage.buttons(person, "xl:") if one[1].endswith(":1")]:
            self.stage.tap(person, sure[0])
            yield

    def settles(self, person: int, round_id: int) -> Script:
        """A coordinator settles a round, where everything has arrived."""
        self.stage.say(person, "/round")
        yield
        for start in (f"rs:{round_id}", f"xt:{round_id}:0", f"xz:{round_id}:0", f"xz:{round_id}:1"):
            if not self.tap_some(person, start):
                return
            yield


async def play(stage: Stage, scripts: list[Script]) -> None:
    """Everybody at the same time, a step each, then all look."""
    for _ in range(STEPS):
        scripts = [script for script in scripts if next(script, DONE) is not DONE]
        await stage.settle()
        if not scripts:
            return
    raise AssertionError("somebody does not come to an end")


DONE = object()

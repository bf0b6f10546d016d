"""An expected "no": a code and facts, never a sentence."""


class Refusal(Exception):
    """Something that a person asked for and that is not to be: `code` says why, `facts` carry the details."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

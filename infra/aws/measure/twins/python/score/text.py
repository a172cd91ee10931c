"""What is wrong with a piece of text, in the words of the contract."""

import re

_REORDERS = "\u202a-\u202e\u2066-\u2069"
_CONTROL = re.compile(f"[\x00-\x1f\x7f-\x9f{_REORDERS}]")
_CONTROL_BUT_BREAKS = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{_REORDERS}]")


class Flaw(Exception):
    """What is wrong with a value, and what would be right."""

    def __init__(self, problem, expected):
        super().__init__(f"{problem}; expected {expected}")
        self.problem, self.expected = problem, expected


def size(text):
    return len(text.encode())


def printable(text, expected):
    _refuse(_CONTROL, text, expected)


def prose(text, expected):
    _refuse(_CONTROL_BUT_BREAKS, text, expected)


def visible(text):
    return _CONTROL.sub("", text)


def _refuse(pattern, text, expected):
    if found := pattern.search(text):
        code = f"{ord(found[0]):04X}"
        raise Flaw(f"contains the invisible character U+{code}", expected)


def kind(value):
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case _:
            return "an object"


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)

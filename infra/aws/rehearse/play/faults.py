"""Faults planted in what a play left: each must be caught by the comparison it is for."""

from copy import deepcopy
from dataclasses import replace

from runtime import Line
from template.faults import Fault
from template.slips import grant, revoke
from template.transform import source, transformed

from . import printed, rights
from .compare import Ends, differences
from .printed import Row
from .prospects import KIM
from .rights import Right
from .stack import WAY, resources_of

DECIDE = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]

# Slips in the template that its own checks can't see: the rights are well-formed, and wrong.
IN_THE_TEMPLATE = [
    Fault("a right more", "rights",
          grant("RouteRole", "Decide", Action=[*DECIDE, "dynamodb:DeleteItem"]), WAY),
    Fault("a right less", "rights", revoke("SlaRole", "FindWhatIsDue"), WAY),
    Fault("the right to query the table, where it is an index", "rights",
          grant("SlaRole", "FindWhatIsDue", Resource={"Fn::GetAtt": ["Table", "Arn"]}), WAY),
    Fault("somebody else's topics", "rights",
          grant("RouteRole", "TellPeople", Resource={"Fn::Sub": "${OperatorsTopic}"}), WAY),
]


def missed(used: set[Right], ends: Ends, lines: list[Line], metrics: set[Row], table: str,
           private: set[str]) -> list[str]:
    """The faults that nobody caught, by name."""
    left = []
    for fault in IN_THE_TEMPLATE:
        changed = rights.granted(resources_of(transformed(fault.planted_in(source()), WAY)))
        if not list(rights.complaints(used, changed)):
            left.append(fault.name)
    others = {
        "another answer": list(differences(ends, _with_another_answer(ends))),
        "a letter less": list(differences(ends, replace(ends, letters={}))),
        "a metric misspelt": list(printed.metric_complaints(_misspelt(metrics), table)),
        "an address in a log line": list(
            printed.leaks([*lines, Line("stdout", f"lead {KIM.email}")], private)),
    }
    return left + [name for name, found in others.items() if not found]


COUNT = len(IN_THE_TEMPLATE) + 4


def _with_another_answer(ends: Ends) -> Ends:
    answers = deepcopy(ends.answers)
    answers[-1]["answer"]["status"] = 500
    return replace(ends, answers=answers)


def _misspelt(metrics: set[Row]) -> set[Row]:
    return {(name.replace("Heartbeat", "Heartbeet"), *under) for name, *under in metrics}

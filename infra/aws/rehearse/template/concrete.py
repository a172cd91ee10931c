"""A template as it is for one set of parameters: conditions decided, intrinsics written out.

What only AWS knows stays as CloudFormation would write it: `${Table}` for a resource,
`${Table.Arn}` for what it is asked for. So a check compares plain texts.
"""

import re
from typing import Any

PSEUDO = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "eu-central-1",
    "AWS::StackName": "baton",
    "AWS::URLSuffix": "amazonaws.com",
}

_NOTHING = object()


def decided(template: dict) -> dict:
    """The template without conditions: each decided by the parameters' defaults."""
    decide = _Decider(template)
    sections = {}
    for name, section in template.items():
        if name in ("Resources", "Outputs"):
            kept = {key: value for key, value in section.items() if decide.keeps(value)}
            sections[name] = decide.walk(kept)
        elif name not in ("Conditions", "Rules"):
            sections[name] = section
    used = str(sections["Resources"]) + str(sections["Outputs"])
    sections["Parameters"] = {
        name: parameter
        for name, parameter in template["Parameters"].items()
        if f"'{name}'" in used or f"${{{name}}}" in used
    }
    return sections


def written_out(template: dict) -> dict:
    """A decided template with every reference written out as text."""
    parameters = {name: p.get("Default") for name, p in template["Parameters"].items()}
    known = {**PSEUDO, **parameters}
    sections = {name: template[name] for name in ("Resources", "Outputs")}
    return _written(sections, known)


class _Decider:
    def __init__(self, template: dict):
        self.conditions = template.get("Conditions", {})
        self.parameters = {name: p.get("Default") for name, p in template["Parameters"].items()}

    def keeps(self, item: dict) -> bool:
        return "Condition" not in item or self.holds({"Condition": item["Condition"]})

    def holds(self, condition: dict) -> bool:
        ((operator, operands),) = condition.items()
        match operator:
            case "Condition":
                return self.holds(self.conditions[operands])
            case "Fn::Equals":
                one, other = (_written(operand, self.parameters) for operand in operands)
                return str(one) == str(other)
            case "Fn::Not":
                return not self.holds(operands[0])
            case "Fn::And":
                return all(map(self.holds, operands))
            case "Fn::Or":
                return any(map(self.holds, operands))
        raise ValueError(f"no condition is called {operator}")

    def walk(self, node: Any) -> Any:
        if isinstance(node, list):
            walked = [self.walk(item) for item in node]
            return [item for item in walked if item is not _NOTHING]
        if not isinstance(node, dict):
            return node
        if set(node) == {"Fn::If"}:
            name, then, otherwise = node["Fn::If"]
            return self.walk(then if self.holds({"Condition": name}) else otherwise)
        if node == {"Ref": "AWS::NoValue"}:
            return _NOTHING
        # A resource's own `Condition` is decided; a policy's is a mapping, and stays.
        walked = {
            key: self.walk(value)
            for key, value in node.items()
            if not (key == "Condition" and isinstance(value, str))
        }
        return {key: value for key, value in walked.items() if value is not _NOTHING}


def _written(node: Any, known: dict) -> Any:
    if isinstance(node, list):
        return [_written(item, known) for item in node]
    if not isinstance(node, dict):
        return node
    match node:
        case {"Ref": str(name), **rest} if not rest:
            return known.get(name, f"${{{name}}}")
        case {"Fn::GetAtt": [name, attribute], **rest} if not rest:
            return f"${{{name}.{attribute}}}"
        case {"Fn::Sub": str(text), **rest} if not rest:
            return re.sub(r"\$\{([\w:]+)\}", lambda m: str(known.get(m[1], m[0])), text)
    unknown = [key for key in node if key.startswith("Fn::")]
    if unknown:
        raise ValueError(f"{unknown[0]} is used as this rehearsal can't read it: {node}")
    return {key: _written(value, known) for key, value in node.items()}

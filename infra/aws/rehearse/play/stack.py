"""The template, stood up in moto by its CloudFormation, as far as that goes.

What moto's CloudFormation can't make is left out, and what has to be there all the same is
substituted: see `SUBSTITUTES`, and `left_out` for what a rehearsal prints.
"""

import json
import re
import warnings
from dataclasses import dataclass
from typing import Any

from moto.cloudformation.parsing import get_model_map

from template.concrete import PSEUDO, decided, written_out
from template.transform import REQUIRED, Way, source, transformed

from .cloud import Cloud

WAY = Way("x86_64", with_options=False)
NAME = PSEUDO["AWS::StackName"]
UPLOADS = "uploads"

# What is done here instead of by CloudFormation, and why. `Ref` and `GetAtt` of the resource give
# what is said here wherever the template has them.
SUBSTITUTES = {
    "Bus": "moto's `Ref` of a bus is a Python object, no name; AWS gives the name",
    "Secret": "moto's CloudFormation makes no secrets; made by Secrets Manager's own API",
    "RouteMapping": "moto would run route in Docker; the rehearsal empties the inbox instead",
    "Sweep, ChannelCheck": "moto's Scheduler never fires; the rehearsal hands sla their Input",
}


@dataclass(frozen=True)
class Stack:
    """What was made."""

    resources: dict[str, dict]
    physical: dict[str, str]
    outputs: dict[str, str]
    left_out: dict[str, list[str]]
    functions: dict[str, dict]

    def logical(self, kind: str, physical: str) -> str:
        """The name in the template of something that was made, of a kind."""
        (name,) = (name for name in self.of(kind) if self.physical.get(name) == physical)
        return name

    def of(self, kind: str) -> dict[str, dict]:
        """The properties of every resource of a kind in the template, by its name there."""
        return {
            name: resource["Properties"]
            for name, resource in self.resources.items()
            if resource["Type"] == f"AWS::{kind}"
        }


def stand_up(cloud: Cloud, uploads: dict[str, bytes], secret: str) -> Stack:
    """Does what `sam deploy` does, and step 4 of deploy.md: uploads, stack, secret."""
    template = decided(transformed(source(), WAY))
    _upload(cloud, template, uploads)
    made = cloud.client("secretsmanager").create_secret(Name=f"{NAME}-keys", SecretString=secret)
    stand_ins = {"Bus": NAME, "Secret": made["ARN"]}
    possible, left_out = _possible(template, stand_ins)
    formation = cloud.client("cloudformation")
    with warnings.catch_warnings(action="ignore"):
        formation.create_stack(
            StackName=NAME,
            TemplateBody=json.dumps(possible),
            Capabilities=["CAPABILITY_IAM"],
            Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in REQUIRED.items()],
        )
    (stack,) = formation.describe_stacks(StackName=NAME)["Stacks"]
    resources = formation.describe_stack_resources(StackName=NAME)["StackResources"]
    # moto says nothing of a bus's id, which on AWS is its name.
    physical = {r["LogicalResourceId"]: r.get("PhysicalResourceId") for r in resources}
    missing = possible["Resources"].keys() - physical.keys()
    if stack["StackStatus"] != "CREATE_COMPLETE" or missing:
        raise RuntimeError(f"moto says {stack['StackStatus']}; missing: {sorted(missing)}")
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    functions = {
        name: cloud.client("lambda").get_function_configuration(FunctionName=physical[name])
        for name, resource in possible["Resources"].items()
        if resource["Type"] == "AWS::Lambda::Function"
    }
    return Stack(resources_of(template), {**physical, **stand_ins}, outputs, left_out, functions)


def resources_of(transformed: dict) -> dict[str, dict]:
    """The resources of a transformed template, conditions decided, references written out."""
    return written_out(decided(transformed))["Resources"]


def _upload(cloud: Cloud, template: dict, uploads: dict[str, bytes]) -> None:
    """Puts each function's zip where its resource then says it is."""
    store = cloud.client("s3")
    region = {"LocationConstraint": PSEUDO["AWS::Region"]}
    store.create_bucket(Bucket=UPLOADS, CreateBucketConfiguration=region)
    for name, function in source()["Resources"].items():
        if function["Type"] != "AWS::Serverless::Function":
            continue
        binary = function["Properties"]["CodeUri"].rstrip("/").rpartition("/")[2]
        store.put_object(Bucket=UPLOADS, Key=f"{binary}.zip", Body=uploads[binary])
        code = {"S3Bucket": UPLOADS, "S3Key": f"{binary}.zip"}
        template["Resources"][name]["Properties"]["Code"] = code


def _possible(template: dict, stand_ins: dict[str, str]) -> tuple[dict, dict[str, list[str]]]:
    """The template without what moto can't make, and what that is, by kind."""
    known = get_model_map()
    kept, left_out = {}, {}
    for name, resource in template["Resources"].items():
        if resource["Type"] in known and name != "RouteMapping":
            kept[name] = dict(resource)
        else:
            left_out.setdefault(resource["Type"].removeprefix("AWS::"), []).append(name)
    known_as = {name: f"left-out-{name}" for names in left_out.values() for name in names}
    known_as |= stand_ins
    possible = _instead({**template, "Resources": kept}, known_as)
    for resource in possible["Resources"].values():
        waits = [name for name in resource.get("DependsOn", []) if name in kept]
        # What a substituted `Ref` no longer says: the bus is there before its rules are.
        is_rule = resource["Type"] == "AWS::Events::Rule"
        resource["DependsOn"] = [*waits, *(["Bus"] if is_rule else [])]
    return possible, left_out


def _instead(node: Any, known_as: dict[str, str]) -> Any:
    """The node with texts for references to what is not there."""
    if isinstance(node, list):
        return [_instead(item, known_as) for item in node]
    if not isinstance(node, dict):
        return node
    match node:
        case {"Ref": str(name)} if name in known_as:
            return known_as[name]
        case {"Fn::GetAtt": [name, _]} if known_as.get(name, "").startswith("left-out-"):
            return known_as[name]
        case {"Fn::Sub": str(text)}:
            return {"Fn::Sub": re.sub(r"\$\{(\w+)\}", lambda m: known_as.get(m[1], m[0]), text)}
    return {key: _instead(value, known_as) for key, value in node.items()}

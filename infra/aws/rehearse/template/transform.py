"""From template.yaml to what CloudFormation gets, for each way to deploy it."""

import logging
import os
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

# The translator asks boto3 for the region's partition; nothing else here looks at AWS.
os.environ.update(AWS_DEFAULT_REGION="eu-central-1", AWS_EC2_METADATA_DISABLED="true")

from samtranslator.parser.parser import Parser  # noqa: E402
from samtranslator.translator.translator import Translator  # noqa: E402
from samtranslator.yaml_helper import yaml_parse  # noqa: E402

# It measures itself and complains that nobody looks.
logging.getLogger("samtranslator.metrics").setLevel(logging.ERROR)

TEMPLATE = Path(__file__).parents[2] / "template.yaml"

REQUIRED = {"OperatorEmail": "operators@baton.example"}
OPTIONAL = {
    "DomainName": "baton.example.com",
    "CertificateArn": "arn:aws:acm:eu-central-1:123456789012:certificate/"
    "11111111-2222-3333-4444-555555555555",
    "HostedZoneId": "Z0123456789ABCDEFGHIJ",
    "CrmEndpoint": "https://crm.example.com/baton",
    "CrmAuthorizationSecret": "crm-authorization",
}


@dataclass(frozen=True)
class Way:
    """One way to deploy: for an architecture, with the optional parts or without."""

    architecture: str
    with_options: bool

    def __str__(self) -> str:
        return f"{self.architecture}, optional parts {'on' if self.with_options else 'off'}"

    def parameters(self) -> dict[str, str]:
        """What is given on the command line."""
        chosen = {"Architecture": self.architecture, **REQUIRED}
        return {**chosen, **OPTIONAL} if self.with_options else chosen


WAYS = [Way(cpu, options) for cpu in ("arm64", "x86_64") for options in (True, False)]


def source() -> dict:
    """The template as it is written."""
    return yaml_parse(TEMPLATE.read_text())


def transformed(template: dict, way: Way) -> dict:
    """The template after AWS's own transform, run here, its parameters' defaults those of `way`."""
    template = deepcopy(template)
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            # `sam deploy` puts the upload's address here.
            resource["Properties"]["CodeUri"] = "s3://uploads/function.zip"
    given = way.parameters()
    for name, parameter in template["Parameters"].items():
        if name in given:
            parameter["Default"] = given[name]
    # No managed policies: none are named, and looking them up would take an account.
    return Translator({}, Parser()).translate(template, given)

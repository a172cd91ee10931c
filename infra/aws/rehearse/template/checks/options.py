"""Optional parts are there when they are asked for, whole, and not at all otherwise."""

from collections.abc import Iterator

from ..transform import OPTIONAL
from ..world import World

DOMAIN = ("ApiGatewayV2::DomainName", "ApiGatewayV2::ApiMapping", "Route53::RecordSet")
CRM = ("Events::Connection", "Events::ApiDestination")


def come_whole_or_not_at_all(world: World) -> Iterator[str]:
    """A custom domain, and the CRM's endpoint."""
    for kind in (*DOMAIN, *CRM):
        if bool(world.of(kind)) != world.way.with_options:
            yield f"{kind} is {'' if world.of(kind) else 'not '}there"


def links_begin_where_the_api_is(world: World) -> Iterator[str]:
    """The address in alerts is the custom domain, or else the API's own."""
    own = "https://${Api}.execute-api.eu-central-1.amazonaws.com"
    expected = f"https://{OPTIONAL['DomainName']}" if world.way.with_options else own
    for name, function in world.functions().items():
        url = function["Environment"]["Variables"].get("BATON_URL")
        if url != expected:
            yield f"{name} makes links to {url}, not {expected}"


def the_crm_hears_of_everything(world: World) -> Iterator[str]:
    """Where there is an endpoint, each event of ours is sent there, proven by a secret."""
    for name in world.of("Events::ApiDestination"):
        rules = world.of("Events::Rule").values()
        targets = [t["Arn"] for rule in rules for t in rule["Targets"]]
        if f"${{{name}.Arn}}" not in targets:
            yield f"{name} hears of nothing"
    for name, connection in world.of("Events::Connection").items():
        key = connection["AuthParameters"]["ApiKeyAuthParameters"]["ApiKeyValue"]
        if not key.startswith("{{resolve:secretsmanager:"):
            yield f"{name} has its key in the template"


CHECKS = [come_whole_or_not_at_all, links_begin_where_the_api_is, the_crm_hears_of_everything]

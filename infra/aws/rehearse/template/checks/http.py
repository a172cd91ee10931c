"""The HTTP API offers what openapi.yaml documents, no more, within limits and discreetly."""

import re
from collections.abc import Iterator

from ..world import World, differences

# What an access log may tell: nothing of these is a person's.
LOGGED = {
    "context.error.responseType",
    "context.integrationStatus",
    "context.requestId",
    "context.requestTimeEpoch",
    "context.responseLatency",
    "context.responseLength",
    "context.routeKey",
    "context.status",
}


def _stage(world: World) -> tuple[str, dict]:
    ((name, stage),) = world.of("ApiGatewayV2::Stage").items()
    return name, stage


def _routes(world: World) -> dict[str, dict]:
    """The routes, by their keys."""
    return {route["RouteKey"]: route for route in world.of("ApiGatewayV2::Route").values()}


def routes_are_the_documented_ones(world: World) -> Iterator[str]:
    """The operations of openapi.yaml are the routes, both ways."""
    routes = set(_routes(world))
    yield from differences("route", routes, world.house.operations, "is not in openapi.yaml")
    yield from differences("operation", world.house.operations, routes, "has no route")
    if len(routes) != len(world.of("ApiGatewayV2::Route")):
        yield "two routes have the same key"


def routes_lead_to_who_knows_them(world: World) -> Iterator[str]:
    """A route leads to a function that knows it."""
    integrations = world.of("ApiGatewayV2::Integration")
    for key, route in _routes(world).items():
        integration = route["Target"].removeprefix("integrations/${").removesuffix("}")
        uri = integrations.get(integration, {}).get("IntegrationUri", "nobody")
        function = uri.removeprefix("${").removesuffix("Function.Arn}").lower()
        if function not in world.house.routes.get(key, ()):
            yield f"{key} leads to {function}, which does not know it"


def integrations_speak_our_payload(world: World) -> Iterator[str]:
    """Functions get payload format 2.0, may be called, and are given up after they gave up."""
    functions = world.functions()
    api = "arn:aws:execute-api:eu-central-1:123456789012:${Api}/*"
    let_in = {
        (p["FunctionName"], p["Principal"], p.get("SourceArn"))
        for p in world.of("Lambda::Permission").values()
    }
    for name, integration in world.of("ApiGatewayV2::Integration").items():
        function = integration["IntegrationUri"].removeprefix("${").removesuffix(".Arn}")
        kind = (integration.get("IntegrationType"), integration.get("PayloadFormatVersion"))
        if kind != ("AWS_PROXY", "2.0"):
            yield f"{name} does not pass payloads of format 2.0"
        if (f"${{{function}}}", "apigateway.amazonaws.com", api) not in let_in:
            yield f"{name} may not call {function}"
        if functions[function]["Timeout"] * 1000 >= integration.get("TimeoutInMillis", 30000):
            yield f"{function} may take longer than the API waits"


def every_route_is_throttled(world: World) -> Iterator[str]:
    """Each route has a rate and burst of its own, and no setting is for a route that is not."""
    _, stage = _stage(world)
    settings, routes = stage.get("RouteSettings", {}), set(_routes(world))
    yield from differences("route", routes, set(settings), "is not throttled")
    yield from differences("setting", set(settings), routes, "is for no route")
    for key, setting in [("by default", stage.get("DefaultRouteSettings", {})), *settings.items()]:
        for limit in ("ThrottlingRateLimit", "ThrottlingBurstLimit"):
            # CloudFormation passes this map on as it is: a text would not do for a number.
            if type(setting.get(limit)) is not int or setting[limit] < 1:
                yield f"{key}: {limit} is {setting.get(limit)!r}"


def stage_waits_for_its_routes(world: World) -> Iterator[str]:
    """The stage is made after the routes that its settings are for."""
    name, _ = _stage(world)
    waits = set(world.resources[name].get("DependsOn", []))
    routes = set(world.of("ApiGatewayV2::Route"))
    yield from differences("the stage does not wait for", routes, waits, "")


def stage_is_at_the_root(world: World) -> Iterator[str]:
    """Paths have no stage before them, and what is deployed is served."""
    _, stage = _stage(world)
    if stage.get("StageName") != "$default" or stage.get("AutoDeploy") is not True:
        yield "the stage is not $default, deployed by itself"


def access_log_is_discreet(world: World) -> Iterator[str]:
    """Requests are logged, and nothing of a line can be a person's: no path, query or address."""
    _, stage = _stage(world)
    settings = stage.get("AccessLogSettings", {})
    groups = {f"${{{name}.Arn}}" for name in world.of("Logs::LogGroup")}
    if settings.get("DestinationArn") not in groups:
        yield "requests are not logged"
    told = set(re.findall(r"\$([\w.]+)", settings.get("Format", "")))
    yield from differences("the access log tells", told, LOGGED, "")
    if "context.routeKey" not in told:
        yield "the access log does not say which route"


CHECKS = [
    routes_are_the_documented_ones,
    routes_lead_to_who_knows_them,
    integrations_speak_our_payload,
    every_route_is_throttled,
    stage_waits_for_its_routes,
    stage_is_at_the_root,
    access_log_is_discreet,
]

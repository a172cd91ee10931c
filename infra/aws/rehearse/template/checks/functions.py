"""The functions are what `cargo lambda` builds and find the environment that the code reads."""

from collections.abc import Iterator

from ..world import World, differences


def _code(function: str) -> str:
    """The folder of a function's code."""
    return function.removesuffix("Function").lower()


def run_what_was_built(world: World) -> Iterator[str]:
    """Each function of the code is one here, from the folder that its binary is built into."""
    written = {
        name: function["Properties"]["CodeUri"]
        for name, function in world.source["Resources"].items()
        if function["Type"] == "AWS::Serverless::Function"
    }
    built = {f"../../target/lambda/{binary}/" for binary in world.house.binaries.values()}
    yield from differences("code", set(written.values()), built, "is built by nobody")
    yield from differences("binary", built, set(written.values()), "is deployed by nobody")


def run_as_expected(world: World) -> Iterator[str]:
    """Runtime and architecture are the chosen ones; memory and time are said."""
    for name, function in world.functions().items():
        if function.get("Runtime") != "provided.al2023" or function.get("Handler") != "bootstrap":
            yield f"{name} does not run `bootstrap` on provided.al2023"
        if function.get("Architectures") != [world.way.architecture]:
            yield f"{name} runs on {function.get('Architectures')}"
        if not {"Timeout", "MemorySize"} <= function.keys():
            yield f"{name} leaves its time or memory to a default"


def are_traced(world: World) -> Iterator[str]:
    """X-Ray sees every function."""
    for name, function in world.functions().items():
        if function.get("TracingConfig", {}).get("Mode") != "Active":
            yield f"{name} is not traced"


def find_their_environment(world: World) -> Iterator[str]:
    """The variables set are the variables read, by each function's own code or the shared one."""
    for name, function in world.functions().items():
        read = world.house.variables[_code(name)]
        given = set(function.get("Environment", {}).get("Variables", {}))
        yield from differences(f"{name}:", given, read, "is read by nobody")
        yield from differences(f"{name}:", read, given, "is not set")


def share_nothing_out(world: World) -> Iterator[str]:
    """No reservation: a new account has no runs to reserve."""
    for name, function in world.functions().items():
        if "ReservedConcurrentExecutions" in function:
            yield f"{name} reserves runs, which a new account refuses"


def name_their_resources(world: World) -> Iterator[str]:
    """What is deployed can be found: the outputs name it as the functions see it."""
    wanted = {
        "TableName": "BATON_TABLE",
        "BusName": "BATON_BUS",
        "TopicPrefix": "BATON_TOPIC_PREFIX",
        "Url": "BATON_URL",
        "SecretArn": "BATON_SECRET",
        "OperatorsTopicArn": "BATON_OPERATORS_TOPIC",
    }
    for name, function in world.functions().items():
        variables = function.get("Environment", {}).get("Variables", {})
        read = world.house.variables[_code(name)]
        for output, variable in wanted.items():
            if variable not in read:
                continue
            if world.outputs.get(output, {}).get("Value") != variables.get(variable):
                yield f"output {output} is not what {name} has as {variable}"


CHECKS = [
    run_what_was_built,
    run_as_expected,
    are_traced,
    find_their_environment,
    share_nothing_out,
    name_their_resources,
]

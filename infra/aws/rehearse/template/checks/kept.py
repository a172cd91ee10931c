"""What is written down: logs for as long as chosen, dead letters safely, secrets nowhere here."""

from collections.abc import Iterator

from ..world import World

FOURTEEN_DAYS = 14 * 24 * 60 * 60


def logs_are_bounded(world: World) -> Iterator[str]:
    """No log is kept for ever."""
    for name, group in world.of("Logs::LogGroup").items():
        if not isinstance(group.get("RetentionInDays"), int):
            yield f"{name} is kept for ever"


def functions_log_json(world: World) -> Iterator[str]:
    """Each function logs JSON into a group of its own, which only it may write to."""
    groups = world.of("Logs::LogGroup")
    for name, function in world.functions().items():
        log, expected = function.get("LoggingConfig", {}), name.removesuffix("Function") + "Log"
        if log.get("LogFormat") != "JSON":
            yield f"{name} does not log JSON"
        if log.get("LogGroup") != f"${{{expected}}}" or expected not in groups:
            yield f"{name} does not log into {expected}"
        for other, role in world.of("IAM::Role").items():
            may = f"'${{{expected}.Arn}}'" in str(role.get("Policies"))
            if may != (f"${{{other}.Arn}}" == function.get("Role")):
                yield f"{other} {'may' if may else 'may not'} write into {expected}"


def dead_letters_are_safe(world: World) -> Iterator[str]:
    """Every queue is encrypted and keeps its letters for as long as SQS can."""
    for name, queue in world.of("SQS::Queue").items():
        if queue.get("SqsManagedSseEnabled") is not True and "KmsMasterKeyId" not in queue:
            yield f"{name} is not encrypted"
        if queue.get("MessageRetentionPeriod") != FOURTEEN_DAYS:
            yield f"{name} does not keep letters for 14 days"


def secrets_are_elsewhere(world: World) -> Iterator[str]:
    """The secret outlives the stack, and neither the template nor a variable has a value of one."""
    for name, secret in world.of("SecretsManager::Secret").items():
        if {"SecretString", "GenerateSecretString"} & secret.keys():
            yield f"{name} has its value in the template"
        for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
            if world.resources[name].get(policy) != "Retain":
                yield f"{name}'s {policy} is not Retain"
    for name, function in world.functions().items():
        if "resolve:" in str(function.get("Environment")):
            yield f"{name} has a secret's value in its environment"


CHECKS = [logs_are_bounded, functions_log_json, dead_letters_are_safe, secrets_are_elsewhere]

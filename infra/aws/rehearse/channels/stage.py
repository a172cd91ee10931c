"""Where a story plays: an account with a table, `baton` to type, and the `sla` function to start."""

import json
import logging
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3
import requests
from moto.server import ThreadedMotoServer
from runtime import Function, Reply
from template.concrete import decided, written_out
from template.house import ROOT, TARGET
from template.transform import WAYS, source, transformed

from .sns import ACCOUNT, REGION, Mailboxes, as_aws_has_it, backend

SECRETS = 'link_key = "0123456789abcdef0123456789abcdef"\n[desk]\ncurrent = "desk-key-0123456789"\n'
SAMPLE = (ROOT / "shared/documents/src/roster/sample.toml").read_text()
# What has no place in a log: an address, or a number.
ADDRESS = re.compile(r"@|\+\d{7}")


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


class Stage:
    """One account; a story has it for itself."""

    def __init__(self, url: str, folder: Path, resources: dict[str, dict], mailboxes: Mailboxes):
        self.mailboxes = mailboxes
        self.logged: list[str] = []
        self._url, self._folder, self._resources = url, folder, resources
        self._client("dynamodb").create_table(**_table(resources))
        # Those that moto begins with are nobody's here.
        backend().opt_out_numbers.clear()
        self.operators = self._client("sns").create_topic(Name="baton-operators")["TopicArn"]
        self._client("secretsmanager").create_secret(Name="keys", SecretString=SECRETS)
        self.mailboxes.writes.clear()
        self._variables = resources["SlaFunction"]["Properties"]["Environment"]["Variables"]
        self.prefix = self._variables["BATON_TOPIC_PREFIX"]

    def _client(self, service: str) -> Any:
        keys = {"aws_access_key_id": "rehearsal", "aws_secret_access_key": "rehearsal"}
        return boto3.client(service, endpoint_url=self._url, region_name=REGION, **keys)

    def _environment(self) -> dict[str, str]:
        services = ("DYNAMODB", "SNS", "EVENTBRIDGE", "SECRETS_MANAGER")
        return {
            "AWS_ACCESS_KEY_ID": "rehearsal",
            "AWS_SECRET_ACCESS_KEY": "rehearsal",
            "AWS_REGION": REGION,
            **{f"AWS_ENDPOINT_URL_{service}": self._url for service in services},
        }

    def baton(self, *arguments: str) -> Said:
        """Types a command. It must not say an address, whatever it says."""
        environment = {
            **self._environment(),
            "BATON_TABLE": "baton",
            "BATON_TOPIC_PREFIX": self.prefix,
        }
        done = subprocess.run(
            [TARGET / "debug/baton", *arguments],
            env=environment,
            cwd=self._folder,
            capture_output=True,
            text=True,
            timeout=120,
        )
        said = Said(done.returncode, done.stdout, done.stderr)
        assert not ADDRESS.search(said.out + said.err), f"an address is printed: {said}"
        return said

    def publish(self, roster: str, *more: str) -> Said:
        """Publishes a roster."""
        (self._folder / "roster.toml").write_text(roster)
        return self.baton("roster", "publish", "roster.toml", *more)

    def archive(self, person: str, queues: int) -> None:
        """Subscribes queues to somebody's topic."""
        service = self._client("sns")
        for n in range(queues):
            queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:archive-{n}"
            service.subscribe(TopicArn=self.prefix + person, Protocol="sqs", Endpoint=queue)

    def everybody_confirms(self) -> None:
        """Has every link that was mailed copied and confirmed."""
        links = [links[-1] for links in self.mailboxes.questions.values()]
        for link in links:
            if link.partition("Token=")[2].partition("&")[0] in self.mailboxes.waiting:
                said = self.baton("roster", "confirm", link)
                assert said.code == 0, said

    def sla(self, payload: dict | None = None) -> Reply:
        """Runs `sla` once: with what the template's schedule sends, unless something else is said.
        No address may be in what it prints."""
        payload = self.daily() if payload is None else payload
        known = {
            "${Table}": "baton",
            "${OperatorsTopic}": self.operators,
            "${Secret}": "keys",
            "${Bus}": "baton",
        }
        environment = {name: known.get(value, value) for name, value in self._variables.items()}
        command = [TARGET / "debug/bootstrap-sla"]
        with Function("sla", command, {**self._environment(), **environment}) as running:
            reply = running.invoke(payload)
        self.logged = [line.text for line in running.lines]
        printed = "\n".join(self.logged) + reply.body.decode()
        assert not ADDRESS.search(printed), f"an address is printed: {printed}"
        return reply

    def daily(self) -> dict:
        """What the daily schedule sends."""
        text = self._resources["ChannelCheck"]["Properties"]["Target"]["Input"]
        return json.loads(text.replace("<aws.scheduler.scheduled-time>", "2026-03-02T05:00:00Z"))

    def counted(self) -> list[int]:
        """What the last run of `sla` counted for the alarm."""
        lines = [json.loads(line) for line in self.logged if line.startswith("{")]
        return [line["UnconfirmedSubscriptions"] for line in lines
                if "UnconfirmedSubscriptions" in line]


def _table(resources: dict[str, dict]) -> dict[str, Any]:
    """The template's table, as the API takes it."""
    properties = resources["Table"]["Properties"]
    taken = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    return {"TableName": "baton", **{name: properties[name] for name in taken}}


@contextmanager
def stages() -> Iterator[Any]:
    """Starts moto; gives what makes a fresh stage."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    deployed = written_out(decided(transformed(source(), WAYS[1])))["Resources"]
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url, now = f"http://{host}:{port}", Mailboxes()

    with TemporaryDirectory() as folder, as_aws_has_it(lambda: now):

        def fresh() -> Stage:
            nonlocal now
            requests.post(f"{url}/moto-api/reset", timeout=10).raise_for_status()
            now = Mailboxes()
            return Stage(url, Path(folder), deployed, now)

        yield fresh
    server.stop()


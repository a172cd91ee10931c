"""Fills a running Baton with what the document's examples speak of, and with leads to command."""

import json
import sys
from pathlib import Path

import requests
import yaml

from proofs import Proof, secret_of

HERE = Path(__file__).parent

# Of each kind: to be qualified, to be accepted, to be worked, to be erased.
LEADS = 120
# Activities in one request.
BATCH = 500


def main(url, folder):
    paths = yaml.safe_load((HERE.parent / "openapi.yaml").read_text())["paths"]

    def shown(path, name):
        content = paths[path]["post"]["requestBody"]["content"]
        return content["application/json"]["examples"][name]["value"]

    activities = [shown("/activities", "one"), *shown("/activities", "many")]
    goners = []
    names = ["email:kim@acme.example", "526dab18af648d3461ae0061", "website:badge-77"]
    for n in range(LEADS):
        for kind in ("fresh", "visited", "working", "gone"):
            email = f"{kind}-{n}@acme.example"
            deed = "form.submitted" if kind == "fresh" else "event.booth_visited"
            activities.append({"id": f"{kind}-{n}", "type": deed, "email": email})
            (goners if kind == "gone" else names).append(f"email:{email}")
    for first in range(0, len(activities), BATCH):
        batch = activities[first : first + BATCH]
        post(f"{url}/activities", batch, bearer=secret_of("website"))
    for n in range(LEADS):
        post(f"{url}/leads/email:working-{n}@acme.example/accept", {}, bearer=secret_of("desk"))
    post(f"{url}/webhooks/typeform", shown("/webhooks/{source}", "unreadable"), auth=Proof())
    write(folder / "leads.dict", names)
    write(folder / "goners.dict", goners)


def write(file, names):
    file.write_text("".join(f'"{name}"\n' for name in names))


def post(url, value, bearer=None, auth=None):
    headers = {"Content-Type": "application/json"}
    if bearer:
        headers["Authorization"] = f"Bearer {bearer}"
    # As compact as the document's example is replayed: the bytes make a delivery's id.
    body = json.dumps(value, separators=(",", ":"))
    requests.post(url, data=body, headers=headers, auth=auth).raise_for_status()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

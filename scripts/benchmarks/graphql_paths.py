"""How the gateway answers each query: by a plan or by the resolvers, and in how many statements."""

import http.client
from collections.abc import Sequence

from app.http import graphql
from scripts.benchmarks.crm_furniture import made_id
from scripts.benchmarks.graphql_cases import STATUSES, Case, Scene
from scripts.benchmarks.graphql_databases import cursors
from scripts.benchmarks.graphql_servers import Server, executions, gateway

WARM = 2


def paths(url: str, key: str, leads: int, cases: Sequence[Case]) -> dict[str, str]:
    """The way of each case, from a gateway that tells it; the measured ones do not."""
    with gateway(executions()[0], url, key, telling=True) as server:
        scene = Scene(leads, cursors(server, leads))
        return {case.name: _path(server, case, scene) for case in cases if not case.mixed}


def _path(server: Server, case: Case, scene: Scene) -> str:
    told = ""
    for number in range(WARM):  # the first one may still have to look something up
        instead = {"id": made_id("lead", scene.leads - 1), "status": STATUSES[number]} if case.writes else {}
        told = _asked(server, case.body(server.dialect, scene, number, **instead))
    return told


def _asked(server: Server, body: bytes) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        connection.request("POST", "/graphql", body, {"Content-Type": "application/json", **server.headers})
        headers = connection.getresponse().headers
    finally:
        connection.close()
    way, statements = headers[graphql.EXECUTION_HEADER], headers[graphql.STATEMENTS_HEADER]
    return f"{way}, {statements} statement{'' if statements == '1' else 's'}"

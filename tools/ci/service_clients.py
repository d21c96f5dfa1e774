"""Runs the calls of yente's official client for Python against a running service: service_clients.py ADDRESS.

The service serves its starter list. Every answer is checked; an answer that the client cannot read raises there.
"""

import sys

from yente_client import Client, NotFoundError
from yente_client.entities import Company, Person

client = Client(base_url=sys.argv[1])

assert client.healthz().status == "ok"
assert client.readyz().status == "ok"

algorithms = client.algorithms()
assert algorithms.best == "interdict" and algorithms.default == "best", algorithms

catalog = client.datasets()
assert "starter" in catalog.current, catalog.current
assert any(dataset.name == "default" and dataset.load for dataset in catalog.datasets)

answer = client.match(Company(name=["Integrety Technolgy Group"]), limit=3)
assert answer.top is not None and answer.top.match and answer.total.value == len(answer.matches), answer
assert "name_match" in answer.top.contributing_explanations, answer.top.explanations
print(f"match: {answer.top.id} {answer.top.caption} {answer.top.score}")

excluded = client.match(Company(name=["Integrety Technolgy Group"]), exclude_entities=[answer.top.id])
assert all(result.id != answer.top.id for result in excluded.results)
nobody = client.match(Person(name=["Jane Roe Bakery"]), threshold=0.9, datasets=["default"], algorithm="logic-v2")
assert not nobody.results and nobody.total.value == 0, nobody
many = dict(client.match_iter([(str(i), Person(name=["Lazarus Group"])) for i in range(20)], workers=4))
assert len(many) == 20

entity = client.fetch(answer.top.id)
assert entity.id == answer.top.id and entity.properties["sanctions"][0].schema_ == "Sanction", entity
assert "sanctions" not in client.fetch(answer.top.id, nested=False).properties
adjacent = client.adjacent(answer.top.id, limit=1)
assert adjacent.adjacent["sanctions"].total.value >= 1
assert client.adjacent(answer.top.id, prop="sanctions").results

found = client.search("lazarus", schema="LegalEntity", facets=["countries", "topics"], limit=5)
assert found.total.value >= 1 and set(found.facets) == {"countries", "topics"}, found
print(f"search: {found.total.value} for lazarus, first {found.results[0].caption}")

try:
    client.fetch("starter:no-such-id")
    raise SystemExit("an entity that does not exist was fetched")
except NotFoundError:
    pass
print("yente-client: every call was answered")

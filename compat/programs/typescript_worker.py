"""A task that Python delays, carried out by a worker written in TypeScript."""

import time

from prefect import task
from scenario import RESULTS, named, report, typescript


def order_total(order, discount, express=False):
    raise NotImplementedError("It is to be carried out in TypeScript")


# The name of the function is in the task's key.
order_total.__qualname__ = named("order_total")
order_total = task(order_total, name=named("order_total"), persist_result=True, result_serializer="json")

orders = [
    ({"id": "øre", "prices": [1.5, 2], "note": None}, 0.5, True),
    ({"id": "b", "prices": [7], "note": "two\nlines"}, 0),
    ({"id": "c", "prices": [], "note": None}, 0),
]
futures = [order_total.delay(*order) for order in orders]
# Begun only now, so that the first future waits for a run that is still to come.
with typescript("worker.ts", order_total.task_key, RESULTS) as worker:
    began = time.monotonic()
    for future in futures:
        future.wait(timeout=60)
    woken = time.monotonic() - began < 45
    worker.terminate()
failed = futures[2].state
report(
    woken=woken,
    returned=[future.result() for future in futures[:2]],
    failed={"type": failed.type.value, "message": failed.message},
)

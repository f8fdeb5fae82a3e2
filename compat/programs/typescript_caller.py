"""A task that TypeScript delays, carried out by this client's task worker."""

import asyncio
import json

from prefect import task
from prefect.task_worker import TaskWorker
from scenario import RESULTS, named, report, typescript


def order_total(order, discount, express=False):
    if not order["prices"]:
        raise ValueError(f"nothing was ordered by {order['id']}")
    return {"order": order, "sum": sum(order["prices"]) - discount, "express": express, "by": "Python"}


# The name of the function is in the task's key.
order_total.__qualname__ = named("order_total")
order_total = task(order_total, name=named("order_total"), persist_result=True, result_serializer="json")


async def main():
    serving = asyncio.create_task(TaskWorker(order_total).start())
    with typescript("caller.ts", order_total.task_key, RESULTS) as caller:
        printed, _ = await asyncio.to_thread(caller.communicate)
    # The worker's own stop() ends only a worker that waits in the same call.
    serving.cancel()
    await asyncio.wait([serving])
    return json.loads(printed)


report(**asyncio.run(main()))

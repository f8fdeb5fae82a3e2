import asyncio

from prefect import flow
from prefect.input import RunInput
from prefect.input.run_input import receive_input, send_input
from prefect.runtime import flow_run
from scenario import named, report


class Order(RunInput):
    item: str
    amount: int = 1


@flow(name=named("run-input"))
async def run_input():
    await send_input(7, flow_run_id=flow_run.id, key_prefix="numbers")
    await Order(item="tea", amount=2).send_to(flow_run.id)
    received = []
    async for value in receive_input(int, timeout=5, poll_interval=0.1, key_prefix="numbers"):
        received.append(value)
        break
    async for order in Order.receive(timeout=5, poll_interval=0.1):
        received.append([order.item, order.amount])
        break
    return received


report(returned=asyncio.run(run_input()))

import asyncio

from prefect import flow, get_client, task
from prefect.runtime import flow_run
from prefect.states import Cancelled, Cancelling, Scheduled
from scenario import named, report


@task
def step():
    return 1


async def propose(flow_run_id, state):
    async with get_client() as client:
        answer = await client.set_flow_run_state(flow_run_id, state)
        return f"{answer.status.value} {answer.state.name}"


@flow(name=named("never-started"))
def never_started():
    return step()


@flow(name=named("cancelled-inside"))
async def cancelled_inside():
    step()
    answers = [await propose(flow_run.id, Cancelling()), await propose(flow_run.id, Scheduled())]
    return Cancelled(message=", ".join(answers))


async def main():
    async with get_client() as client:
        waiting = await client.create_flow_run(never_started, state=Scheduled())
    answers = [await propose(waiting.id, Cancelling()), await propose(waiting.id, Cancelling())]
    state = await cancelled_inside(return_state=True)
    return [*answers, state.name, state.message]


report(seen=asyncio.run(main()))

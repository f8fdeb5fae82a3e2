import asyncio
import threading

from prefect import flow, get_client, pause_flow_run, task
from prefect.runtime import flow_run
from scenario import named, report


answers = []


async def resume_when_paused(flow_run_id):
    async with get_client() as client:
        # The schema of the input is stored after the run has paused.
        while not await client.filter_flow_run_input(
            flow_run_id=flow_run_id, key_prefix="paused-1-schema", limit=1, exclude_keys=set()
        ):
            await asyncio.sleep(0.1)
        for value in ["not a number", 41]:
            answer = await client.resume_flow_run(flow_run_id, run_input={"value": value})
            answers.append(f"{answer.status.value} {answer.state.name}")


@task
def before():
    return 1


@flow(name=named("paused"))
def paused():
    before()
    threading.Thread(target=asyncio.run, args=[resume_when_paused(flow_run.id)]).start()
    value = pause_flow_run(wait_for_input=int, timeout=60, poll_interval=1)
    return value + before()


report(returned=paused(), answers=answers)

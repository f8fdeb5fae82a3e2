"""A flow run of a deployment, executed the way a worker does: once until it suspends, once more after the resume."""

import asyncio
import os
import pathlib
import subprocess
import sys

from prefect import flow, get_client, task
from prefect.states import Pending
from scenario import GENERATION, named, report

if GENERATION >= 3:
    from prefect.flow_runs import suspend_flow_run
else:
    from prefect.engine import suspend_flow_run


@task
def step(x):
    return x


@flow(name=named("suspended"), persist_result=True)
def suspended():
    step(1)
    suspend_flow_run(timeout=60, key="once")
    return step(2)


def execute(flow_run_id):
    environment = {**os.environ, "PREFECT__FLOW_RUN_ID": str(flow_run_id)}
    subprocess.run([sys.executable, "-m", "prefect.engine"], env=environment, check=False)


async def main():
    async with get_client() as client:
        flow_id = await client.create_flow(suspended)
        deployment_id = await client.create_deployment(
            flow_id,
            named("held"),
            path=str(pathlib.Path(__file__).resolve().parent),
            entrypoint="suspend_and_resume.py:suspended",
        )
        run = await client.create_flow_run_from_deployment(deployment_id)
        seen = []
        for _ in range(2):
            await client.set_flow_run_state(run.id, Pending())
            execute(run.id)
            run = await client.read_flow_run(run.id)
            seen.append(f"{run.state.type.value} {run.state.name}")
            if run.state.is_paused():
                resumed = await client.resume_flow_run(run.id)
                seen.append(f"{resumed.status.value} {resumed.state.name}")
        return seen


if __name__ == "__main__":
    report(seen=asyncio.run(main()))

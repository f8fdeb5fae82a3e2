"""An automation that runs a deployment, with a parameter from the event that fired it."""

import asyncio
import pathlib

from prefect import flow, get_client
from prefect.automations import Automation
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterDeploymentId
from prefect.events import emit_event
from prefect.events.actions import RunDeployment
from prefect.events.schemas.automations import EventTrigger, Posture
from scenario import named, report


@flow(name=named("automated"))
def automated(number: int = 0):
    return number


async def runs_of(client, deployment_id):
    return await client.read_flow_runs(
        flow_run_filter=FlowRunFilter(deployment_id=FlowRunFilterDeploymentId(any_=[deployment_id]))
    )


async def main():
    async with get_client() as client:
        deployment_id = await client.create_deployment(
            await client.create_flow(automated),
            named("on-event"),
            path=str(pathlib.Path(__file__).resolve().parent),
            entrypoint="automation.py:automated",
        )
        automation = await Automation(
            name=named("on-event"),
            trigger=EventTrigger(
                posture=Posture.Reactive, expect={named("compat.fire")}, for_each={"prefect.resource.id"}, threshold=2
            ),
            actions=[
                RunDeployment(
                    source="selected", deployment_id=deployment_id, parameters={"number": "{{ event.payload.number }}"}
                )
            ],
        ).acreate()
        # The second event of the first thing is the one that fires; a thing seen once does not.
        for thing, number in [("first", 1), ("other", 2), ("first", 3)]:
            emit_event(named("compat.fire"), {"prefect.resource.id": named(thing)}, payload={"number": number})
        while not (runs := await runs_of(client, deployment_id)):
            await asyncio.sleep(0.2)
        await automation.adelete()
        return [[run.state.name, run.parameters, run.created_by.type] for run in runs]


if __name__ == "__main__":
    report(seen=asyncio.run(main()))

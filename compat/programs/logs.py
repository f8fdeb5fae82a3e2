from prefect import flow, get_run_logger, task
from scenario import named, report


@task
def speak():
    logger = get_run_logger()
    logger.info("from the task")
    logger.error("an error of the task")


@flow(name=named("logs"), log_prints=True)
def logs():
    logger = get_run_logger()
    logger.warning("from the flow")
    logger.debug("below the level")
    print("printed in the flow")
    speak()
    return "done"


report(returned=logs())

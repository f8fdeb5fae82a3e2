from prefect import flow
from prefect.blocks.system import Secret
from scenario import named, report


@flow(name=named("secret"))
def secret():
    Secret(value="first").save(named("secret"))
    Secret(value="hidden").save(named("secret"), overwrite=True)
    return len(Secret.load(named("secret")).get())


report(returned=secret())

from prefect import flow
from prefect.variables import Variable
from scenario import UNIQUE, named, report

NAME = f"variable_{UNIQUE}"


@flow(name=named("variables"))
def variables():
    missing = Variable.get(NAME, default="none yet")
    Variable.set(NAME, "first", tags=["a", "b"])
    kept = Variable.get(NAME)
    Variable.set(NAME, "second", overwrite=True)
    return [missing, kept, Variable.get(NAME)]


report(returned=variables())
